from itertools import count
from unittest.mock import patch

from odoo.tools import config

from .simulation.smtp import PostOffice, make_smtp


class OfficeMixin:
    """Sends a day through smtplib to the mail servers of a `PostOffice`."""

    def _send(self, office, day='2026-07-05', hour=12):
        model = type(self.env['ir.mail_server'])
        options = {'smtp_server': 'sim', 'smtp_port': 25, 'smtp_user': False, 'smtp_password': False}
        with self.at(day, hour), self.enter_registry_test_mode(), patch('smtplib.SMTP', make_smtp(office)), \
                patch.object(model, '_disable_send', lambda self: False), patch.dict(config.options, options):
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.env['mail.mail'].process_email_queue()
        self.env.invalidate_all()

    def _make_office(self):
        """Its clock tells the order of what happens."""
        ticks = count()
        return PostOffice(lambda _seconds=0: next(ticks))

    def _get_left(self, office):
        """The customers' addresses; users get their activities by mail as well."""
        return sorted(
            address for mail in office.left for address in mail.recipients if not address.endswith('@me.example'))
