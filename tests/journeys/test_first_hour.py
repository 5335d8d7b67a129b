import tempfile
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.tests import HttpCase, tagged

from ...dev.catcher import Catcher
from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestFirstHour(HttpCase):
    """From a database without a segment to a mail in the catcher, in a browser, with each click counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sent = cls.enterClassContext(Catcher(Path(cls.enterClassContext(tempfile.TemporaryDirectory()))))
        cls.env['ir.mail_server'].search([]).active = False
        cls.env['ir.mail_server'].create({
            'name': 'Catcher', 'smtp_host': '127.0.0.1', 'smtp_port': cls.sent.port, 'smtp_encryption': 'none'})

    def _read_mails(self):
        mails = [message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in sorted(self.sent.folder.glob('*.eml'))]
        return {mail['X-RcptTo']: mail for mail in mails}

    def test_the_first_mail_leaves_within_twenty_clicks(self):
        self.assertFalse(self.env['cadence.segment'].with_context(active_test=False).search([]), "a fresh database")
        admin = self.env.ref('base.user_admin')
        admin.email = 'owner@first-hour-shop.example'  # as who creates a database gives it
        # On a 31st nothing is due, but it is never the 31st at both ends of the world.
        for tz in ('Pacific/Kiritimati', 'Pacific/Pago_Pago'):
            admin.tz = tz
            if self.env['cadence.segment'].new({'tz': tz})._get_local_day().day < 31:
                break
        Checklist = type(self.env['cadence.checklist'])
        has_mailed = Checklist._has_mailed

        def work_and_ask(checklist):
            """The mailing queue, which works as soon as it is called."""
            checklist.env['mailing.mailing'].sudo()._process_mass_mailing_queue()
            return has_mailed(checklist)

        self.patch(Checklist, '_has_mailed', work_and_ask)
        with patch.object(IrMail_Server, '_disable_send', lambda _self: False):
            self.start_tour('/odoo', 'cadence_first_hour', login='admin', timeout=180)
        mails = self._read_mails()
        self.assertEqual(mails.keys(), {'ana@first-hour.example', 'bob@first-hour.example', admin.email_normalized})
        self.assertTrue(mails[admin.email_normalized]['Subject'].startswith('[TEST]'))
        mail = mails['ana@first-hour.example']
        self.assertEqual(mail['Subject'], 'Could we be a supplier for you?')
        self.assertIn(admin.email_normalized, mail['From'])
        self.assertIn('/mailing/', mail['List-Unsubscribe'])
        self.assertIn('/confirm_unsubscribe?', mail.get_body(('html',)).get_content())


@tagged('post_install', '-at_install')
class TestDesignJourney(HttpCase, CadenceCase):

    def test_a_letter_is_designed_and_previewed_from_its_card(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        self.manager.password = self.manager.login
        self.start_tour(
            f'/odoo/cadence-segments/{self.segment.id}', 'cadence_design', login=self.manager.login, timeout=120)
