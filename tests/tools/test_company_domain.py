from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address.company_domain import PUBLIC_PROVIDERS, company_domain, is_suffix, is_top_level

# Nobody's on the list of suffixes
LABELS = st.from_regex(r'acme(?:[a-z0-9-]{0,8}[a-z0-9])?', fullmatch=True).filter(lambda label: label[2:4] != '--')
SUFFIXES = st.sampled_from(['com', 'co.uk', 'com.cn', 'de', 'com.br', 'co.jp', 'test', '公司.cn'])
PROVIDERS = """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.co.jp icloud.com
    aol.com qq.com vip.qq.com mail.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net 188.com 139.com 189.cn
    sina.com sina.cn sina.com.cn sohu.com aliyun.com 263.net 263.com 88.com 21cn.com mail.ru bk.ru yandex.ru
    yandex.com gmx.de gmx.net web.de t-online.de naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr
    laposte.net libero.it uol.com.br rediffmail.com hinet.net proton.me protonmail.com zoho.com comcast.net
    GMail.COM
"""
properties = settings(max_examples=150, deadline=None, database=None)


class TestCompanyDomain(TestCase):
    def test_hosts_of_one_company_have_one_domain(self):
        for host in ('acme.co.uk', 'mail.acme.co.uk', 'a.b.acme.co.uk', 'ACME.Co.UK', 'acme.co.uk.'):
            with self.subTest(host=host):
                self.assertEqual(company_domain(f'info@{host}'), 'acme.co.uk')

    def test_domain_in_its_own_script_or_in_punycode_is_the_same(self):
        for host in ('münchen.de', 'MÜNCHEN.de', 'mail.xn--mnchen-3ya.de', 'XN--MNCHEN-3YA.DE', 'mu\u0308nchen.de'):
            with self.subTest(host=host):
                self.assertEqual(company_domain(f'info@{host}'), 'xn--mnchen-3ya.de')
        self.assertEqual(company_domain('a@例子.中国'), 'xn--fsqu00a.xn--fiqs8s')
        self.assertEqual(company_domain('a@ＡＣＭＥ。com'), 'acme.com')

    def test_suffix_in_another_script_is_a_suffix(self):
        self.assertEqual(company_domain('a@mail.acme.公司.cn'), 'acme.xn--55qx5d.cn')
        self.assertIsNone(company_domain('a@公司.cn'))

    def test_shops_of_one_hoster_are_not_one_company(self):
        self.assertEqual(company_domain('a@tea.myshopify.com'), 'tea.myshopify.com')

    def test_exception_of_the_list_is_a_company(self):
        self.assertEqual(company_domain('a@www.city.kobe.jp'), 'city.kobe.jp')

    def test_unknown_top_level_domain_is_a_suffix(self):
        self.assertEqual(company_domain('a@mail.acme.test'), 'acme.test')

    def test_address_without_a_company_has_none(self):
        for address in (
            None, '', 'a', 'a@', '@acme.com', 'a@localhost', 'a@co.uk', 'a@com', 'a@1.2.3.4', 'a@[1.2.3.4]',
            'a@[IPv6:::1]',
            'a@acme..com', 'a@-acme.com', 'a@acme.com>', 'a@ac me.com', 'a@' + 'a.' * 130 + 'com',
            'a@' + 'é' * 64 + '.com',
            'a@' + 'é' * 300 + '.com', 'a@\ud800.com', 'a@.', 'a@。',
        ):  # fmt: skip
            with self.subTest(address=address):
                self.assertIsNone(company_domain(address))

    def test_mailbox_providers_are_not_companies(self):
        for host in PROVIDERS.split():
            with self.subTest(host=host):
                self.assertIsNone(company_domain(f'someone@{host}'))

    def test_big_companies_are_companies(self):
        for host in ('siemens.com', 'toyota.co.jp', 'caterpillar.com', 'huawei.com', 'jcb.com', 'basf.com'):
            with self.subTest(host=host):
                self.assertEqual(company_domain(f'a@mail.{host}'), host)

    def test_list_of_providers_can_be_given(self):
        self.assertEqual(company_domain('a@gmail.com', frozenset()), 'gmail.com')
        self.assertIsNone(company_domain('a@mail.acme.com', frozenset({'acme.com'})))
        self.assertIsNone(company_domain('a@mail.acme.com', frozenset({'mail.acme.com'})))
        self.assertEqual(company_domain('a@sales.acme.com', frozenset({'mail.acme.com'})), 'acme.com')

    def test_certified_mail_is_no_company_and_a_mistyped_provider_is_none(self):
        self.assertIsNone(company_domain('ditta@pec.aruba.it'))
        self.assertEqual(company_domain('ditta@aruba.it'), 'aruba.it')
        self.assertTrue(PUBLIC_PROVIDERS.isdisjoint(('hotmail.co', 'yaho.com', 'hitmail.com')))
        self.assertGreater(len(PUBLIC_PROVIDERS), 4_000)

    def test_suffixes_are_those_of_the_public_list(self):
        for host, expected in (
            ('com', (True, True)), ('co.uk', (False, True)), ('xn--p1ai', (True, True)), ('example', (True, True)),
            ('con', (False, False)), ('co.au', (False, False)), ('', (False, False)), ('com.zzz', (False, False)),
        ):  # fmt: skip
            with self.subTest(host=host):
                self.assertEqual(('.' not in host and is_top_level(host), is_suffix(host)), expected)

    def test_list_of_providers_holds_only_plain_domains(self):
        self.assertFalse({host for host in PUBLIC_PROVIDERS if host != host.strip().lower() or '.' not in host})

    @properties
    @given(st.lists(LABELS, max_size=3), LABELS, SUFFIXES)
    def test_subdomains_never_change_the_company(self, subdomains, label, suffix):
        domain = company_domain(f'a@{label}.{suffix}', frozenset())
        self.assertEqual(company_domain(f'a@{".".join([*subdomains, label])}.{suffix}', frozenset()), domain)
        self.assertEqual(company_domain(f'A@{label}.{suffix}'.upper(), frozenset()), domain)

    @properties
    @given(LABELS, SUFFIXES)
    def test_company_domain_of_a_company_domain_is_itself(self, label, suffix):
        domain = company_domain(f'a@{label}.{suffix}', frozenset())
        self.assertTrue(domain.isascii() and domain == domain.lower())
        self.assertEqual(company_domain(f'a@{domain}', frozenset()), domain)

    @properties
    @given(st.text(max_size=80) | st.text('a@.-_é。', max_size=80))
    def test_any_text_has_a_domain_or_none(self, text):
        domain = company_domain(text)
        self.assertTrue(domain is None or (domain.isascii() and '.' in domain))
