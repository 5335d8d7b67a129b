import re
import smtplib
import tempfile
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.tests import HttpCase, tagged

from ...dev.catcher import Catcher
from ..common import CadenceCase
from ..follow.test_cadence_reply import MESSAGES

FIRST = date(2027, 2, 1)
DAYS = 89  # sixty until the answer, then silence
CRONS = (
    (1, 'mass_mailing_cadence.ir_cron_follow_up'),
    (2, 'mass_mailing_cadence.ir_cron_queue_today'),
    (9, 'mass_mailing.ir_cron_mass_mailing_queue'),
    (10, 'mail.ir_cron_mail_scheduler_action'),
)


@tagged('post_install', '-at_install')
class TestLife(HttpCase, CadenceCase):
    """The life of customers, day by day: mails leave and answers come by SMTP, an open asks for the mail's own picture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ('sent', 'inbox'):
            catcher = Catcher(Path(cls.enterClassContext(tempfile.TemporaryDirectory())))
            setattr(cls, name, cls.enterClassContext(catcher))
        cls.env['ir.mail_server'].search([]).active = False
        server = cls.env['ir.mail_server'].create({
            'name': 'Catcher', 'smtp_host': '127.0.0.1', 'smtp_port': cls.sent.port, 'smtp_encryption': 'none'})
        cls.segment.write({'mail_server_id': server.id, 'send_time': 8})
        cls._create_letter(1, subject='First')
        cls._create_letter(2, subject='Second')
        cls._create_letter(1, group=cls.reading, subject='Reading')
        cls.anna, cls.bob = cls._create_partners(2, batch=1)

    def _live(self, day):
        """A day of Odoo's crons; returns the mails that left, as {address: message}."""
        before = set(self.sent.folder.glob('*.eml'))
        for hour, xmlid in CRONS:
            with (self.at(day, hour), self.enter_registry_test_mode(),
                  patch.object(IrMail_Server, '_disable_send', lambda _self: False)):
                self.env.ref(xmlid).method_direct_trigger()
            self.env.invalidate_all()
        mails = [message_from_bytes(path.read_bytes(), policy=policy.SMTP)
                 for path in sorted(set(self.sent.folder.glob('*.eml')) - before)]
        return {mail['X-RcptTo']: mail for mail in mails}

    def _open(self, mail, day):
        html = mail.get_body(('html',)).get_content()
        picture = re.search(r'/mail/track/\d+/\w+/blank\.gif', html)[0]
        with self.at(day, 15):
            response = self.url_open(picture, headers={'User-Agent': 'Mozilla/5.0 (Windows NT 10.0) Thunderbird/140.0'})
            self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()

    def _answer(self, mail, day, name):
        """An answer as a mail program writes it, delivered by SMTP and handed to Odoo's gateway as the mail server does."""
        answer = message_from_bytes((MESSAGES / f'{name}.eml').read_bytes(), policy=policy.SMTP)
        for header, value in {
            'From': mail['X-RcptTo'], 'To': 'li@me.example', 'Message-ID': f'<{name}.{day}@mail.example>',
            'In-Reply-To': mail['Message-ID'], 'References': mail['Message-ID'],
        }.items():
            del answer[header]
            answer[header] = value
        with smtplib.SMTP('127.0.0.1', self.inbox.port, local_hostname='localhost', timeout=30) as smtp:
            smtp.send_message(answer)
        [path] = self.inbox.folder.glob('*.eml')
        with self.at(day, 16):
            self.env['mail.thread'].message_process(None, path.read_bytes())
            self.env.flush_all()
        path.unlink()

    def test_the_lives_of_two_customers(self):
        """Anna opens the second mail, is away at the first reading mail and answers the third; Bob never does anything."""
        calendar, customers = {}, (self.anna + self.bob).mapped('email')
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            mails = self._live(day)
            for address in mails.keys() & set(customers):  # Odoo writes to the salesperson as well
                mail = mails[address]
                calendar.setdefault(address, []).append((f'{day:%m-%d}', mail['Subject']))
            mine = mails.get(self.anna.email)
            if day == date(2027, 3, 1):
                self._open(mine, day)
            elif day == date(2027, 3, 11):
                self._answer(mine, day, 'zimbra_out_of_office')
            elif day == date(2027, 4, 1):
                self._answer(mine, day, 'outlook_person_with_suppress')
        self.assertEqual(calendar, {
            self.anna.email: [
                ('02-01', 'First'), ('03-01', 'Second'), ('03-11', 'Reading'), ('03-21', 'Reading'), ('04-01', 'Reading')],
            self.bob.email: [('02-01', 'First'), ('03-01', 'Second'), ('04-01', 'First')],
        })
        self.assertEqual(
            self.env['cadence.journal'].search([('partner_id', '=', self.anna.id)]).mapped('reason'),
            ['replied', 'out_of_office', 'opened'])
        self.assertEqual((self.anna.cadence_stage, self.bob.cadence_stage), ('intention', 'silent'))
        events = self.anna.get_cadence_timeline(limit=100)['entries']
        self.assertEqual(
            [event['kind'] for event in events if event['kind'] != 'excluded'],
            # Odoo takes an answer for an open as well.
            ['tag', 'open', 'reply', 'touch', 'touch', 'auto_reply', 'touch', 'tag', 'open', 'touch', 'touch'])
