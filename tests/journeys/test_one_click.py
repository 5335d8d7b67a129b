import re
from email.utils import parseaddr
from urllib.parse import urlsplit

import requests
from odoo.tests import HttpCase, tagged
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from ..senders.common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestOneClick(HttpCase, SenderCase):
    """RFC 8058: the mailbox's own button, which posts to the mail's address, with neither cookie nor page."""

    def _deliver(self, day, before_sending=None):
        """{address: the mail as the mail server got it} of a day."""
        self._queue(day)
        delivered = {}
        with self._mail_server() as server:
            take = server.send_message

            def send_message(message, *args, **options):
                take(message, *args, **options)
                delivered[parseaddr(message['To'])[1]] = message

            server.send_message = send_message
            with self.at(day, 12), self.enter_registry_test_mode():
                self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
                if before_sending:
                    before_sending()
                self.env['mail.mail'].process_email_queue()
            self.env.invalidate_all()
        return {address: message for address, message in delivered.items() if not address.endswith('@me.example')}

    def _post(self, message):
        url = urlsplit(re.fullmatch(r'<(https?://\S+)>', message['List-Unsubscribe'].replace('\n', '').replace(' ', ''))[1])
        with self.allow_requests():
            # No session's cookie: only the one by which a test knows its own requests.
            return requests.post(
                f'{self.base_url()}{url.path}?{url.query}', data={'List-Unsubscribe': 'One-Click'}, timeout=30,
                allow_redirects=False, cookies={TEST_CURSOR_COOKIE_NAME: self.http_request_key})

    def test_a_click_beside_a_delivered_mail_keeps_the_next_one_from_leaving(self):
        anna, bob = partners = self._create_partners(2, batch=5)
        # More than leave while a mailing is composed: the second day's mails wait for the mail queue.
        self._create_partners(120, batch=6, domain='other{}.example')
        delivered = self._deliver(DAY)
        self.assertEqual(set(delivered), set(partners.mapped('email')))
        for message in delivered.values():
            self.assertEqual(message['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
            self.assertRegex(message['List-Unsubscribe'], r'<https?://[^>]+/unsubscribe_oneclick\?[^>]*>')
        partners.category_id = self.segment._get_batch_tags(self.marketing, [6])
        answers = []
        again = self._deliver(NEXT, before_sending=lambda: answers.append(self._post(delivered[anna.email])))
        self.assertEqual([(answer.status_code, answer.is_redirect) for answer in answers], [(200, False)])
        self.assertNotIn(anna.email, again, "its mail was composed and waited")
        self.assertIn(bob.email, again)
        self.assertIn(self.env.ref('mass_mailing_cadence.tag_unsubscribed'), anna.category_id)
        self.assertEqual((anna.cadence_stage, self._touch(anna, NEXT).state), ('risk', 'excluded'))

    def test_a_forged_click_unsubscribes_nobody(self):
        anna, bob = self._create_partners(2, batch=5)
        message = self._deliver(DAY)[anna.email]
        link = message['List-Unsubscribe'].replace('\n', '').replace(' ', '')
        forged = {'List-Unsubscribe': link.replace(f'document_id={anna.id}', f'document_id={bob.id}')}
        self.assertNotEqual(forged['List-Unsubscribe'], link)
        self.assertIn(self._post(forged).status_code, (401, 403, 404))
        self.env.invalidate_all()
        self.assertNotEqual(bob.cadence_stage, 'risk')
