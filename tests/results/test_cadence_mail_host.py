from types import SimpleNamespace

import dns.exception
from odoo import fields
from odoo.tests import tagged

from .common import ResultCase


@tagged('post_install', '-at_install')
class TestMailHost(ResultCase):

    def test_the_hosts_of_a_run_are_taken_up_once_and_known_ones_are_placed(self):
        self._create_partners(1, batch=9, email='anna@gmail.com')
        self._create_partners(2, batch=9, domain='acme.example')
        run, _traces = self._mail(self.env['res.partner'])
        Host = self.env['cadence.mail.host']
        hosts = Host._learn(run.ids)
        self.assertEqual({host.name: host.provider_id.name for host in hosts}, {'gmail.com': 'Google', 'acme.example': False})
        self.assertFalse(Host._learn(run.ids))

    def test_the_hosts_of_who_is_due_soon_are_taken_up_before_they_are_mailed(self):
        Host = self.env['cadence.mail.host']
        with self.at('2026-07-05', 1):
            for batch, name in [(5, 'today'), (6, 'tomorrow'), (7, 'overmorrow'), (8, 'later')]:
                self._create_partners(2, batch=batch, domain=f'{name}.example')
            self._create_partners(1, batch=6, domain='gone.example').active = False
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            self.assertEqual(Host._learn_coming().mapped('name'), ['overmorrow.example', 'today.example', 'tomorrow.example'])
            self.assertFalse(Host._learn_coming())

    def test_hosts_follow_the_rules_of_their_provider(self):
        host = self.env['cadence.mail.host'].create({'name': 'acme.example', 'mx': 'aspmx.l.acme-hosting.example'})
        provider = self.env['cadence.mail.provider'].create({'name': 'Acme Hosting', 'mx': 'acme-hosting.example'})
        self.assertEqual(host.provider_id, provider)
        provider.mx = 'other.example'
        self.assertFalse(host.provider_id)

    def test_the_mail_servers_of_unknown_hosts_are_looked_up_and_tell_the_provider(self):
        def resolve(name, _kind, lifetime):
            if name == 'down.example':
                raise dns.exception.Timeout
            return [SimpleNamespace(preference=10, exchange='aspmx.l.google.com.')]

        acme, down = self.env['cadence.mail.host'].create([{'name': 'acme.example'}, {'name': 'down.example'}])
        self.env['cadence.mail.host']._look_up(resolve)
        self.assertEqual((acme.provider_id.name, acme.mx), ('Google', 'aspmx.l.google.com'))
        self.assertFalse(down.mx or down.provider_id)
        self.assertTrue(acme.checked_date and down.checked_date)
