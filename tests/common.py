from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import Command
from odoo.addons.mail.tests.common import MailCase
from odoo.tests import new_test_user

# Without it no letter leaves.
UNSUBSCRIBE = '<p><a href="/unsubscribe_from_list">Unsubscribe</a></p>'


class MailServer:
    """Odoo's end of a connection to a mail server; `answers` are the errors with which it refuses an address."""
    from_filter = smtp_from = user = None

    def __init__(self, answers=None):
        self.answers, self.left, self.is_down = answers or {}, [], False

    def send_message(self, _message, _sender, recipients, **_options):
        for address in recipients:
            if answer := self.answers.get(address):
                raise answer
            self.left.append(address)

    def quit(self):
        pass


class CadenceCase(MailCase):
    """Factories and one user per role. Days are frozen with `at`; nothing is left to demo data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Time goes on, but for `at`: to freeze what is frozen already costs nothing, to begin with it a look at every module.
        cls.startClassPatcher(freeze_time(datetime.now(), tick=True))
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, lang='en_US'))
        cls.marketing = cls.env.ref('mass_mailing_cadence.tag_group_marketing')
        cls.reading = cls.env.ref('mass_mailing_cadence.tag_group_reading')
        cls.no_send = cls.env.ref('mass_mailing_cadence.view_no_send')
        cls.risk = cls.env.ref('mass_mailing_cadence.view_risk')
        cls.dealers = cls.env['cadence.customer.group'].create({'name': 'Equipment dealers'})
        cls.dealers.with_context(lang='zh_CN').name = '工程设备经销商'
        cls.user, cls.manager, cls.salesman, cls.marketer, cls.nobody = cls._create_users(
            cadence_user='mass_mailing_cadence.group_user',
            cadence_manager='mass_mailing_cadence.group_manager',
            cadence_salesman='sales_team.group_sale_salesman',
            cadence_marketer='mass_mailing.group_mass_mailing_user',
            cadence_nobody='base.group_user')
        cls.segment = cls._create_segment()
        cls.segment.sender_id.profile = 'steady'  # it has been mailing for years

    @classmethod
    def _create_users(cls, **groups):
        """A user for each login, all at once: one by one they take three times as long, with a welcome ten."""
        return cls.env['res.users'].with_context(no_reset_password=True).create([{
            'name': f'{login} ({group})', 'login': login, 'password': login, 'email': f'{login}@me.example', 'tz': 'UTC',
            'lang': 'en_US', 'group_ids': [Command.set(cls.env.ref(group).ids)]} for login, group in groups.items()
        ]).with_env(cls.env)

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login=login, groups=groups, email=f'{login}@me.example', tz='UTC', lang='en_US',
            context={'no_reset_password': True}, **values).with_env(cls.env)

    @classmethod
    def _create_segment(cls, lang='base.lang_en', **values):
        return cls.env['cadence.segment'].create({
            'lang_id': cls.env.ref(lang).id,
            'customer_group_id': cls.dealers.id,
            'email_from': 'Wang Li <li@me.example>',
            'user_id': cls.manager.id,
            'tz': 'UTC',
            'send_time': 9.0,
        } | values)

    @classmethod
    def _create_letter(cls, step=1, segment=None, group=None, subject=None, **values):
        letter = cls.env['cadence.letter'].create({
            'segment_id': (segment or cls.segment).id,
            'tag_group_id': (group or cls.marketing).id,
            'step': step,
            'subject': subject or f'Letter {step}',
            'accepted_findings': ['no_unsubscribe', 'only_images'],  # its text is what a test is about
        } | values)
        letter.mailing_id.body_html = (
            '<p>Dear <t t-out="object.name"/>, we would like to show you our new cranes.</p>' + UNSUBSCRIBE)
        return letter

    @classmethod
    def _create_partners(cls, count, batch=None, group=None, segment=None, domain='acme{}.example', **values):
        """`count` contacts, each of a company of its own unless `domain` has no place for a number."""
        tags = cls.env['res.partner.category']
        if batch:
            tags = (segment or cls.segment)._get_batch_tags(group or cls.marketing, [batch])
        start = cls.env['res.partner'].search([], order='id DESC', limit=1).id
        return cls.env['res.partner'].create([{
            'name': f'Contact {number}',
            'email': f'contact{number}@{domain.format(number)}',
            'category_id': [Command.set(tags.ids)],
        } | values for number in range(start, start + count)])

    def _tag(self, partners, xmlid):
        partners.category_id += self.env.ref(f'mass_mailing_cadence.{xmlid}')

    @contextmanager
    def at(self, day, hour=1):
        """Everything at `hour` UTC of a day; the cursor's own clock included, which freezegun does not reach."""
        moment = datetime.combine(date.fromisoformat(str(day)), datetime.min.time()) + timedelta(hours=hour)
        with freeze_time(moment), patch.object(self.env.cr, 'now', lambda: moment):
            yield moment

    def _queue(self, day, hour=1):
        """Run the cron on a day; returns the runs of that day by tag group code."""
        with self.at(day, hour), self.enter_registry_test_mode():
            self.env.ref('mass_mailing_cadence.ir_cron_queue_today').method_direct_trigger()
        self.env.invalidate_all()
        return self._runs(day)

    def _runs(self, day):
        return {run.tag_group_id.code: run for run in self.env['cadence.run'].search(
            [('segment_id', '=', self.segment.id), ('date', '=', str(day))])}

    def _compose(self, day, hour=12):
        """Compose and send the mailings that are due at `hour` of a day; the mails are in `self._mails`."""
        with self.at(day, hour), self.enter_registry_test_mode(), self.mock_mail_gateway():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            mailed = self._get_mailed()
        self.env.invalidate_all()
        return mailed

    @contextmanager
    def _mail_server(self, answers=None):
        """What the mail queue talks to: a server that takes mails, refuses some, or cannot be reached."""
        server = MailServer(answers)

        def connect(*_args, **_options):
            if server.is_down:
                raise ConnectionRefusedError(111, 'Connection refused')
            return server

        model = type(self.env['ir.mail_server'])
        with patch.object(model, '_connect__', connect), patch.object(model, '_disable_send', lambda self: False):
            yield server

    def _send_queue(self, day, hour=12, server=None):
        """Compose what is due and work the mail queue, as the crons do; returns the customers' addresses that left."""
        before = len(server.left)
        with self.at(day, hour), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.env['mail.mail'].process_email_queue()
        self.env.invalidate_all()
        return sorted(address for address in server.left[before:] if not address.endswith('@me.example'))

    def _count_queries(self, function):
        """How many queries the function takes with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _get_mailed(self):
        return sorted(address for mail in self._mails for address in mail['email_to'])

    def _touch(self, partner, day):
        return self.env['cadence.touch'].search([('partner_id', '=', partner.id), ('date', '=', str(day))])

    def _get_reason(self, partner, day):
        touch = self._touch(partner, day)
        return touch.reason or touch.state
