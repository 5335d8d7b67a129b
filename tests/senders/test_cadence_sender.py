from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestSender(SenderCase):

    def test_a_domain_is_one_sender_for_all_addresses_at_it(self):
        other = self._create_segment('base.lang_fr', email_from='Zhou <zhou@mail.me.example>')
        self.assertEqual(other.sender_id, self.sender)
        self.assertEqual((self.sender.name, self.sender.kind, self.sender.profile, self.sender.state),
                         ('me.example', 'bulk', 'normal', 'new'))

    def test_a_mailbox_at_a_public_provider_is_its_own(self):
        one = self._create_segment('base.lang_fr', email_from='a@gmail.com').sender_id
        other = self._create_segment('base.lang_de', email_from='b@gmail.com').sender_id
        self.assertEqual((one.name, other.name), ('a@gmail.com', 'b@gmail.com'))
        self.assertEqual((one.kind, one.profile, one._get_limit(one._get_today())), ('mailbox', 'mailbox', 20))

    def test_an_address_that_a_manager_sets_up_alone_is_found_before_its_domain(self):
        own = self.env['cadence.sender'].with_user(self.manager).create({'name': ' Li@ME.example '})
        self.assertEqual(own.name, 'li@me.example')
        self.segment.email_from = 'Li <LI@me.example>'
        self.assertEqual(self.segment.sender_id, own)

    def test_another_server_or_company_is_another_sender(self):
        server = self.env['ir.mail_server'].create({'name': 'x', 'smtp_host': 'x.example', 'smtp_port': 25})
        other = self._create_segment('base.lang_fr', mail_server_id=server.id)
        self.assertNotEqual(other.sender_id, self.sender)
        company = self.env['res.company'].create({'name': 'Other'})
        theirs = self._create_segment('base.lang_de', company_id=company.id)
        self.assertEqual(theirs.sender_id.company_id, company)

    def test_a_name_that_nobody_can_mail_from_is_refused(self):
        for name in ('not a domain', 'a@', '@b'):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.env['cadence.sender'].create({'name': name})

    def test_only_managers_decide_and_nobody_writes_the_state(self):
        for method in ('action_pause', 'action_try_again', 'action_set_warm'):
            with self.assertRaises(AccessError):
                getattr(self.sender.with_user(self.user), method)()
        with self.assertRaises(AccessError):
            self.sender.with_user(self.manager).state = 'warm'

    def test_a_sender_that_mailed_stays(self):
        self._create_partners(1, batch=5)
        self._mail_day()
        with self.assertRaises(UserError):
            self.sender.unlink()

    def test_paused_by_hand_nothing_leaves_and_nobody_is_lost(self):
        partners = self._create_partners(3, batch=5)
        run = self._queue(DAY)['marketing']
        self.sender.with_user(self.manager).action_pause()
        with self._mail_server() as server:
            self.assertEqual(self._send_queue(DAY, 12, server), [])
        self.assertEqual(self._count_reasons(run), {'sender_paused': 3})
        self.assertIn("Paused by hand", self.sender.status)
        run = self._queue(NEXT)['marketing']
        self.assertEqual(self._count_reasons(run), {'sender_paused': 3})
        self.assertIn(['deferred', 'sender_paused', None], [step['key'] for step in run.story])
        with self.at(NEXT, 10):
            self.sender.with_user(self.manager).action_try_again()
        self.assertEqual(self.sender.state, 'new')
        self._queue(NEXT, 11)
        with self._mail_server() as server:
            left = self._send_queue(NEXT, 12, server)
        self.assertEqual(left, sorted(partners.mapped('email')))

    def test_one_that_is_set_up_without_a_warm_up_is_warm_from_the_beginning(self):
        steady = self.env['cadence.sender'].with_user(self.manager).create({'name': 'old.example', 'profile': 'steady'})
        self.assertEqual(steady.state, 'warm')

    def test_that_it_is_warm_already_is_a_managers_word(self):
        self._create_partners(230, batch=5)
        self.sender.with_user(self.manager).action_set_warm()
        self.assertEqual(self.sender.state, 'warm')
        self.assertEqual(self._count_reasons(self._queue(DAY)['marketing']), {'reserved': 230})
