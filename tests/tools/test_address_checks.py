from unittest import TestCase
from unittest.mock import patch

import dns.exception
import dns.name
import dns.resolver
from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address import address_checks
from ...tools.address.address_checks import has_mail_server, is_disposable, is_role

DESKS = """
    info INFO sales sales2 sales-01 info.de de.info no-reply no_reply noreply do-not-reply customer.service
    sales-europe export.sales export_dept webmaster postmaster ventas vertrieb kontakt contato compras achats
    vendite info+web xiaoshou kefu caigou waimao01 rechnung
"""
PERSONS = """
    bob bob.sales information.desk.bob sales.li inform infos.meier salesman adminov maria.post 12345 li.wei de .
    supporter mr.info.bond
"""
properties = settings(max_examples=300, deadline=None, database=None)


class TestIsDisposable(TestCase):
    def test_host_of_a_disposable_domain_is_disposable(self):
        for domain in ('mailinator.com', 'YOPMAIL.com', 'x.y.mailinator.com', 'yopmail.com.'):
            with self.subTest(domain=domain):
                self.assertTrue(is_disposable(domain))

    def test_company_or_lasting_mailbox_is_not_disposable(self):
        for domain in ('acme.com', 'gmail.com', 'qq.com', '163.com', '21cn.com', 'sify.com', 'com', '', 'mymailinator.com'):
            with self.subTest(domain=domain):
                self.assertFalse(is_disposable(domain))


class TestIsRole(TestCase):
    def test_desk_is_a_role(self):
        for local in DESKS.split():
            with self.subTest(local=local):
                self.assertTrue(is_role(f'{local}@acme.com'))

    def test_person_is_no_role(self):
        for local in PERSONS.split():
            with self.subTest(local=local):
                self.assertFalse(is_role(f'{local}@acme.com'))

    def test_what_is_no_address_is_no_role(self):
        self.assertFalse(is_role('info'))
        self.assertFalse(is_role(''))

    @properties
    @given(st.text(max_size=20))
    def test_nothing_raises(self, text):
        for address in (text, f'{text}@{text}'):
            is_role(address)
            is_disposable(address)


class Record:
    def __init__(self, exchange='mx.acme.example.'):
        self.exchange = dns.name.from_text(exchange)


class Resolver:
    """A stand-in for DNS: kind of record -> records, or the exception class that is raised."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    def resolve(self, name, kind, lifetime):
        self.asked.append((name.to_text(), kind))
        answer = self.answers.get(kind, NO_ANSWER)
        if isinstance(answer, Exception):
            raise answer
        return answer


class NoAnswer(dns.resolver.NoAnswer):
    def __init__(self):  # dnspython's own wants the whole response
        Exception.__init__(self)


NO_ANSWER = NoAnswer()


class TestHasMailServer(TestCase):
    def setUp(self):
        super().setUp()
        address_checks._has_mail_server.cache_clear()
        self.addCleanup(address_checks._has_mail_server.cache_clear)

    def _ask(self, resolver, domain='acme.example'):
        with patch.object(address_checks, '_resolver', lambda: resolver):
            return has_mail_server(domain)

    def test_exchange_takes_mail(self):
        self.assertIs(self._ask(Resolver(MX=[Record()])), True)

    def test_null_exchange_takes_none(self):
        self.assertIs(self._ask(Resolver(MX=[Record('.')], A=[Record()])), False)

    def test_address_stands_in_for_an_exchange(self):
        for kind in ('A', 'AAAA'):
            with self.subTest(kind=kind):
                self.assertIs(self._ask(Resolver(**{kind: [Record()]}), f'{kind}.example'), True)

    def test_domain_without_records_takes_none(self):
        self.assertIs(self._ask(Resolver()), False)

    def test_domain_that_is_not_there_takes_none(self):
        self.assertIs(self._ask(Resolver(MX=dns.resolver.NXDOMAIN())), False)

    def test_silence_is_not_known(self):
        for error in (dns.exception.Timeout(), dns.resolver.NoNameservers(), dns.resolver.NoResolverConfiguration(), OSError()):
            with self.subTest(error=error):
                self.assertIsNone(self._ask(Resolver(MX=error)))
                self.assertIsNone(self._ask(Resolver(A=error)))

    def test_answer_is_asked_for_once_and_silence_again(self):
        for answer, times in (([Record()], 1), (dns.resolver.NXDOMAIN(), 1), (dns.exception.Timeout(), 2)):
            with self.subTest(answer=answer):
                address_checks._has_mail_server.cache_clear()
                resolver = Resolver(MX=answer)
                self.assertIs(self._ask(resolver), self._ask(resolver, 'ACME.example.'))
                self.assertEqual(len(resolver.asked), times)

    def test_domain_in_its_own_script_is_asked_for_as_dns_has_it(self):
        resolver = Resolver(MX=[Record()])
        self.assertIs(self._ask(resolver, 'bücher.example'), True)
        self.assertEqual(resolver.asked, [('xn--bcher-kva.example.', 'MX')])

    @properties
    @given(st.text(max_size=30) | st.sampled_from(['', '.', 'a..b', 'x' * 300, 'é' * 300, '\ud800.com', '\\999.com']))
    def test_nothing_raises(self, domain):
        self.assertIs(self._ask(Resolver(), domain), False)
