from types import SimpleNamespace
from unittest import TestCase

import dns.exception
import dns.resolver
from odoo.addons.mass_mailing_cadence.tools.mail.mx import find_servers


class TestMx(TestCase):

    def _ask(self, answer):
        def resolve(host, kind, lifetime):
            self.assertEqual((host, kind), ('acme.example', 'MX'))
            self.assertGreater(lifetime, 0)
            if isinstance(answer, Exception):
                raise answer
            return [SimpleNamespace(preference=preference, exchange=name) for preference, name in answer]

        return find_servers('acme.example', resolve)

    def test_the_preferred_server_comes_first(self):
        self.assertEqual(self._ask([(20, 'B.Example.'), (10, 'a.example.')]), ['a.example', 'b.example'])

    def test_a_host_without_mail_has_none(self):
        self.assertEqual(self._ask([(0, '.')]), [])
        self.assertEqual(self._ask(dns.resolver.NXDOMAIN()), [])

    def test_what_nobody_could_tell_is_not_known(self):
        for error in (dns.exception.Timeout(), OSError(), UnicodeError()):
            self.assertIs(self._ask(error), None)
