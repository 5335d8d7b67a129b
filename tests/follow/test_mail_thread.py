import base64
from functools import partial
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.made_bounces import make_bounces
from .test_cadence_reply import ReplyCase

REPORT = """From: {sender}
To: bounce@me.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example>
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

Returned.
--b
Content-Type: message/{part}

Reporting-MTA: dns; mx.example

{fields}
--b
Content-Type: {original_type}

{original}
--b--
"""
DEAD = 'Final-Recipient: rfc822; {email}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown'
SPAM = 'Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\nOriginal-Rcpt-To: {email}'
GATEWAY = tuple(f'odoo.addons.mass_mailing_cadence.models.follow.{name}' for name in ('mail_thread', 'cadence_reply'))

# Head and body of answers as nobody should write them; {id} is the mail that they answer.
ANSWER = 'Message-ID: {own}\nFrom: Anna <anna@acme.example>\nTo: li@me.example\nSubject: Re\nIn-Reply-To: {id}\n'
MALFORMED = {
    'no subject': 'Message-ID: {own}\nFrom: anna@acme.example\nTo: li@me.example\nIn-Reply-To: {id}\n\nYes',
    'no from': 'Message-ID: {own}\nTo: li@me.example\nIn-Reply-To: {id}\n\nYes',
    'no to': 'Message-ID: {own}\nFrom: anna@acme.example\nIn-Reply-To: {id}\n\nYes',
    'only the reference': 'Message-ID: {own}\nIn-Reply-To: {id}\n\nYes',
    'only references': 'Message-ID: {own}\nReferences: <a@b> {id}\n\nYes',
    'folded reference': 'Message-ID: {own}\nReferences: <a@b>\n {id}\n\tx\n\nYes',
    'reference without body': 'Message-ID: {own}\nIn-Reply-To: {id}\n',
    'reference with a comment': 'Message-ID: {own}\nIn-Reply-To: your mail of Monday {id} (Li)\n\nYes',
    'empty subject': ANSWER + 'Subject:\n\nYes',
    'broken date': ANSWER + 'Date: yesterday\n\nYes',
    'date of another age': ANSWER + 'Date: Mon, 1 Jan 99999 00:00:00 +9999\n\nYes',
    'unknown charset': ANSWER + 'Content-Type: text/plain; charset=klingon\n\nYes',
    'empty charset': ANSWER + 'Content-Type: text/plain; charset=""\n\nYes',
    'charset with rubbish': ANSWER + 'Content-Type: text/plain; charset="x\'y;=?"\n\nYes',
    'charset of a codec that is no text': ANSWER + 'Content-Type: text/plain; charset=base64\n\nYes',
    'charset hex': ANSWER + 'Content-Type: text/plain; charset=hex\n\nYes',
    'charset idna': ANSWER + 'Content-Type: text/plain; charset=idna\n\n' + 'a' * 100,
    'charset utf-7': ANSWER + 'Content-Type: text/plain; charset=utf-7\n\n+AD-Yes+',
    'charset undefined': ANSWER + 'Content-Type: text/plain; charset=undefined\n\nYes',
    'unknown encoding': ANSWER + 'Content-Transfer-Encoding: rot13\n\nYes',
    'broken base64': ANSWER + 'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nYe$s=====!',
    'base64 of one letter': ANSWER + 'Content-Transfer-Encoding: base64\n\nY',
    'broken quoted-printable': ANSWER + 'Content-Transfer-Encoding: quoted-printable\n\nYes=ZZ=\n=',
    'uuencode': ANSWER + 'Content-Transfer-Encoding: uuencode\n\nbegin 644 x\n!!!',
    'no content type': ANSWER + 'Content-Type:\n\nYes',
    'content type of nothing': ANSWER + 'Content-Type: /;;=\n\nYes',
    'content type text': ANSWER + 'Content-Type: text\n\nYes',
    'content type of any kind': ANSWER + 'Content-Type: */*\n\nYes',
    'multipart without boundary': ANSWER + 'Content-Type: multipart/mixed\n\nYes',
    'multipart never opened': ANSWER + 'Content-Type: multipart/mixed; boundary=b\n\nYes',
    'multipart never closed': ANSWER + 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes',
    'multipart without parts': ANSWER + 'Content-Type: multipart/alternative; boundary=b\n\n--b--\n',
    'multipart with one boundary': ANSWER + 'Content-Type: multipart/mixed; boundary=b\n\n--b\n'
                                            'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b--',
    'boundary of blanks': ANSWER + 'Content-Type: multipart/mixed; boundary="  "\n\n--  \n\nYes\n--  --',
    'report without report': ANSWER + 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n\n--b--',
    'rfc822 of nothing': ANSWER + 'Content-Type: message/rfc822\n\n',
    'partial': ANSWER + 'Content-Type: message/partial; number=1; total=9; id=x\n\nYes',
    'external body': ANSWER + 'Content-Type: message/external-body; access-type=x\n\nYes',
    'nul in the body': ANSWER + '\nYe\0s',
    'nul in the subject': ANSWER.replace('Subject: Re', 'Subject: R\0e') + '\nYes',
    'nul encoded in the subject': ANSWER.replace('Subject: Re', 'Subject: =?utf-8?b?AAA=?=') + '\nYes',
    'unknown charset in the subject': ANSWER.replace('Subject: Re', 'Subject: =?klingon?q?x?=') + '\nYes',
    'half an encoded word': ANSWER.replace('Subject: Re', 'Subject: =?utf-8?b?') + '\nYes',
    'broken encoded word': ANSWER.replace('Subject: Re', 'Subject: =?utf-8?b?%%%?=') + '\nYes',
    'surrogates in the subject': ANSWER.replace('Subject: Re', 'Subject: =?utf-16?b?2AA=?= =?utf-8?b?7aCA?=') + '\nYes',
    'huge subject': ANSWER.replace('Subject: Re', 'Subject: ' + 'a ' * 4_000) + '\nYes',
    'subject of encoded words': ANSWER.replace('Subject: Re', 'Subject: ' + '=?utf-8?q?a?= ' * 200) + '\nYes',
    'huge sender': ANSWER.replace('Anna <', 'Anna ' * 400 + '<') + '\nYes',
    'sender without address': ANSWER.replace('Anna <anna@acme.example>', '<>') + '\nYes',
    'sender of brackets': ANSWER.replace('Anna <anna@acme.example>', '<<<>>>"@"') + '\nYes',
    'many senders': ANSWER.replace('Anna <anna@acme.example>', ', '.join(['a@b.example'] * 500)) + '\nYes',
    'a thousand headers': ANSWER + 'X-A: b\n' * 1_000 + '\nYes',
    'header without a name': ANSWER + ': x\n\nYes',
    'no line between head and body': ANSWER + 'Yes, we take it',
    'raw gbk': ANSWER + '\n报价',
    'html of nothing': ANSWER + 'Content-Type: text/html\n\n',
    'html of rubbish': ANSWER + 'Content-Type: text/html\n\n<<html><p></div><!--',
    'deep html': ANSWER + 'Content-Type: text/html\n\n' + '<div>' * 3_000 + 'Yes',
    'html with a declaration': ANSWER + 'Content-Type: text/html\n\n<?xml version="1.0" encoding="utf-8"?><html>Yes</html>',
    'zip as text': ANSWER + 'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n'
                   + base64.b64encode(b'PK\3\4' + bytes(1_000)).decode(),
    'attachment without a name': ANSWER + 'Content-Disposition: attachment\n\nYes',
    'attachment with a broken name': ANSWER + "Content-Disposition: attachment; filename*=klingon''%ff%00\n\nYes",
    'message id of blanks': ANSWER.replace('{own}', '  ') + '\nYes',
    'message id of nul': ANSWER.replace('{own}', '<a\0b@c>') + '\nYes',
    'a million dashes': ANSWER + '\n' + '-' * 1_000_000,
}


@tagged('post_install', '-at_install')
class TestMailThread(ReplyCase):
    """What comes in through Odoo's gateway, and what other modules' callers hand over."""

    def _process(self, raw):
        raw = raw if isinstance(raw, bytes) else raw.encode('utf-8', 'surrogateescape')
        with self.at('2026-07-09', 15):
            self.env['mail.thread'].message_process(None, raw)
            self.env.flush_all()

    def _mail(self, count):
        partners = self._create_partners(count, batch=9)
        self._queue('2026-07-09')
        self._compose('2026-07-09')
        return partners

    def _report(self, kind, part, fields, original, sender='mailer-daemon@mx.example', original_type='message/rfc822'):
        self._process(REPORT.format(
            kind=kind, part=part, fields=fields, original=original, sender=sender, original_type=original_type))

    def test_a_bounce_may_come_without_its_mail(self):
        """Odoo's own tests and other modules give False or a record, and not all the keys."""
        values = {
            'bounced_email': self.anna.email, 'bounced_partner': self.anna, 'bounced_message': self.env['mail.message'],
            'bounced_msg_ids': [self._trace(self.anna).message_id], 'email_from': 'x@mx.example',
            'to': 'bounce@me.example', 'message_id': '<x@mx.example>', 'body': 'Returned'}
        for message in (False, None, self.env['mail.message'], self.anna, 'text'):
            with self.subTest(message=message):
                self.env['mail.thread']._routing_handle_bounce(message, dict(values))
        self.assertEqual(self._trace(self.anna).trace_status, 'bounce', "Odoo itself does with it what it does without us")
        self.assertNotIn(self.bounced, self.anna.category_id)
        self.env['mail.thread']._routing_handle_bounce(False, values | {'bounced_msg_ids': False, 'bounced_email': False})

    # What decides

    def test_a_report_that_names_none_of_our_mails_decides_nothing(self):
        for fields, kind, part in ((DEAD, 'delivery-status', 'delivery-status'), (SPAM, 'feedback-report', 'feedback-report')):
            for original in ('Message-ID: <forged@x.example>\n\nTea?', 'Subject: x\n\nTea?', ''):
                with self.subTest(kind=kind, original=original), self.cr.savepoint():
                    self._report(kind, part, fields.format(email=self.anna.email), original)
                    self.assertFalse(self.anna.category_id & (self.bounced + self.unsubscribed))
                    self.assertFalse(self.anna.is_blacklisted)
                    self.assertFalse(self._entries(self.anna))

    def test_a_report_decides_about_the_contact_of_the_mail_that_it_names_and_nobody_else(self):
        self._report('delivery-status', 'delivery-status', DEAD.format(email=self.bob.email),
                     f'Message-ID: {self._trace(self.anna).message_id}\n\nTea?')
        self.assertIn(self.bounced, self.anna.category_id)
        self.assertNotIn(self.bounced, self.bob.category_id)
        self._report('feedback-report', 'feedback-report', SPAM.format(email=self.carl.email),
                     f'Message-ID: {self._trace(self.bob).message_id}\n\nTea?', sender='complaints@isp.example')
        self.assertTrue(self.bob.is_blacklisted)
        self.assertFalse(self.carl.is_blacklisted)

    def test_our_message_id_is_found_wherever_a_machine_writes_it(self):
        report = partial(
            REPORT.format, kind='delivery-status', part='delivery-status', sender='mailer-daemon@mx.example')
        mails = {
            'headers inside': report(fields=DEAD, original='Message-ID: {id}\nTo: x', original_type='text/rfc822-headers'),
            'field of the report': report(
                fields=DEAD + '\nX-Original-Message-ID: {id}', original='Tea', original_type='text/plain'),
            'text': 'From: mailer-daemon@mx.example\nTo: bounce@me.example\nMessage-ID: <t@x>\nSubject: Undelivered\n\n'
                    '550 5.1.1 user unknown\n\nMessage-Id: {id}\nSubject: Tea',
            'header of its own': 'From: postmaster@mx.example\nTo: li@me.example\nMessage-ID: <h@x>\nReturn-Path: <>\n'
                                 'Subject: Undeliverable\nX-Failed-Message: {id}\n\n550 5.1.1 user unknown',
        }
        for partner, (name, raw) in zip(self._mail(len(mails)), mails.items(), strict=True):
            with self.subTest(name=name):
                self._process(raw.replace('{id}', self._trace(partner).message_id).replace('<report@', f'<{partner.id}@'))
                self.assertIn(self.bounced, partner.category_id)

    def test_a_third_person_s_answer_is_the_contact_s_to_whom_we_wrote(self):
        self._receive('gmail_person', self.anna, From=self.bob.email_formatted)
        self.assertIn(self.replied, self.anna.category_id)
        self.assertNotIn(self.replied, self.bob.category_id)

    # Whatever became of what they answer

    def test_who_answers_after_their_contact_was_deleted_is_a_contact_again(self):
        address, message_id = self.anna.email, self._trace(self.anna).message_id
        self.anna.unlink()
        for number, recipient in enumerate(('li@me.example', 'nobody.knows@me.example')):
            self._process(ANSWER.replace('{own}', f'<{number}@acme.example>').replace('{id}', message_id).replace(
                'li@me.example', recipient) + '\nYes')
        anna = self.env['res.partner'].search([('email', '=', address)])
        self.assertEqual((len(anna), anna.name), (1, 'Anna'))
        self.assertEqual(self._reply(anna).mapped('state'), ['waiting', 'waiting'])
        self.assertIn(self.replied, anna.category_id)

    def test_a_machine_that_answers_for_nobody_is_no_reason_to_make_a_contact(self):
        address, message_id = self.anna.email, self._trace(self.anna).message_id
        self.anna.unlink()
        for recipient in ('li@me.example', 'nobody.knows@me.example'):
            self._process(ANSWER.replace('{own}', f'<of.{recipient}>').replace('{id}', message_id).replace(
                'li@me.example', recipient) + 'Auto-Submitted: auto-replied\n\nI am away')
        self.assertFalse(self.env['res.partner'].search([('email', '=', address)]))

    def test_an_answer_counts_whatever_became_of_the_mailing_the_letter_and_the_contact(self):
        kept = self._mail(1)
        merged, trace = self._mail(1), self._trace
        message_ids = [trace(partner).message_id for partner in (self.anna, merged)]
        trace(self.anna).mass_mailing_id.active = False
        self.env['cadence.letter'].search([]).unlink()
        self.env['base.partner.merge.automatic.wizard']._merge((merged + kept).ids, kept)
        for number, (partner, message_id) in enumerate(zip((self.anna, kept), message_ids, strict=True)):
            self._process(ANSWER.replace('{own}', f'<{number}@b.example>').replace('{id}', message_id) + '\nYes')
            self.assertEqual(self._reply(partner).mapped('state'), ['waiting'])
            self.assertIn(self.replied, partner.category_id)

    def test_a_complaint_about_a_mail_to_a_merged_contact_is_the_survivor_s(self):
        kept, merged = self._mail(2)
        message_id, address = self._trace(merged).message_id, merged.email
        self.env['base.partner.merge.automatic.wizard']._merge((merged + kept).ids, kept)
        self._process(REPORT.format(
            sender='fbl@host.example', kind='feedback-report', part='feedback-report', fields=SPAM.format(email=address),
            original_type='message/rfc822', original=f'Message-ID: {message_id}\nSubject: x\n\nx'))
        self.assertIn(self.env.ref('mass_mailing_cadence.tag_unsubscribed'), kept.category_id)

    # Bounces of every form

    def _read_bounces(self, kinds):
        """What became of the contacts whose mails came back, one of every so many forms."""
        mades = [made for number, made in enumerate(make_bounces('{id}')) if made.kind in kinds and number % 9 == 0]
        for partner, made in zip(self._mail(len(mades)), mades, strict=True):
            with self.subTest(report=made.name), mute_logger(*GATEWAY, 'odoo.addons.mail.models.mail_thread'):
                raw = made.raw.decode().replace('{id}', self._trace(partner).message_id)
                self._process(raw.replace('@mx.example>', f'.{partner.id}@x>'))
                yield partner, made

    def test_dead_addresses_are_dead_through_the_gateway_in_every_form(self):
        for partner, _made in self._read_bounces(('dead',)):
            self.assertIn(self.bounced, partner.category_id)
            self.assertEqual(self._trace(partner).trace_status, 'bounce')
            self.assertFalse(self._reply(partner), "no report is a person's")

    def test_what_is_not_the_address_s_end_tags_nobody(self):
        for partner, made in self._read_bounces(('mailbox_full', 'policy', 'temporary', 'unknown')):
            self.assertNotIn(self.bounced, partner.category_id)
            self.assertFalse(partner.is_blacklisted)
            self.assertEqual(self._trace(partner).trace_status, 'bounce')
            self.assertFalse(self._reply(partner))
            noted = [] if made.kind == 'policy' else ['soft_bounce']
            self.assertEqual(self._entries(partner).mapped('reason'), noted)

    def test_a_delayed_mail_is_on_its_way(self):
        self._report('delivery-status', 'delivery-status', 'Final-Recipient: rfc822; x@y.example\nAction: delayed\nStatus: 4.4.1',
                     f'Message-ID: {self._trace(self.anna).message_id}\n\nTea?')
        self.assertNotEqual(self._trace(self.anna).trace_status, 'bounce')
        self.assertFalse(self._entries(self.anna))

    def test_a_report_that_odoo_cannot_read_decides_all_the_same(self):
        id_ = self._trace(self.anna).message_id
        raw = REPORT.format(kind='delivery-status', part='delivery-status', fields=DEAD.format(email='x@y.example'),
                            original=f'Message-ID: {id_}', sender='mailer-daemon@mx.example', original_type='message/rfc822')
        with mute_logger(*GATEWAY), patch.object(
                self.registry['mail.thread'], '_message_parse_extract_bounce', side_effect=AttributeError('get_all')):
            self._process(raw)
        self.assertIn(self.bounced, self.anna.category_id)

    def test_people_and_machines_who_answer_to_the_bounce_address_are_answers(self):
        """Programs that answer the Return-Path, as some absence notes do, are no bounces."""
        domain = self.env['mail.alias.domain'].create({'name': 'me.example', 'bounce_alias': 'bounce'})
        self._receive('gmail_person', self.anna, To=domain.bounce_email)
        self.assertEqual(self._reply(self.anna).kind, 'person')
        self.assertIn(self.replied, self.anna.category_id)
        self._receive('exchange_out_of_office', self.bob, To=domain.bounce_email)
        self.assertEqual(self._reply(self.bob).kind, 'out_of_office')
        self.assertNotEqual(self._trace(self.bob).trace_status, 'bounce')
        self.assertFalse((self.anna + self.bob).category_id & self.bounced)

    def test_an_answer_to_the_catchall_address_is_not_lost(self):
        domain = self.env['mail.alias.domain'].create({'name': 'all.example', 'catchall_alias': 'catchall'})
        with mute_logger(*GATEWAY, 'odoo.addons.mail.models.mail_thread'):
            self._receive('gmail_person', self.anna, To=domain.catchall_email, **{'References': '', 'X-Nothing': 'x'})
        self.assertEqual(self._reply(self.anna).kind, 'person')

    # What it costs

    def test_what_is_ours_is_found_with_one_statement(self):
        """The mail, its touch, contact, company and segment."""
        find, id_ = self.env['mailing.trace']._cadence_find, self._trace(self.anna).message_id
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            mail = find([id_])
            self.assertEqual((mail.partner_id, mail.company_id, mail.follows_risks), (self.anna.id, self.env.company.id, True))

    # What is broken

    def test_no_answer_is_lost_however_broken_it_is(self):
        partners = self._mail(len(MALFORMED))
        for number, (name, raw) in enumerate(MALFORMED.items()):
            with self.subTest(name=name), mute_logger(*GATEWAY, 'odoo.addons.mail.models.mail_thread'):
                partner = partners[number]
                self._process(raw.replace('{id}', self._trace(partner).message_id).replace('{own}', f'<{number}@acme.example>'))
                self.assertEqual(self._reply(partner).mapped('state'), ['waiting'])
                self.assertIn(self.replied, partner.category_id)

    def test_mails_within_mails_are_no_way_to_hide(self):
        raw = ANSWER + 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b\n'
        raw += 'Content-Type: message/rfc822\n\n' * 50 + 'x'
        with mute_logger(*GATEWAY):
            self._process(raw.replace('{id}', self._trace(self.anna).message_id))
        self.assertEqual(self._reply(self.anna).state, 'waiting')

    def test_an_answer_without_a_subject_is_one(self):
        self._receive('gmail_person', self.anna, Subject='')
        self.assertEqual((self._reply(self.anna).state, self._reply(self.anna).text), ('waiting', 'What do they cost?'))
        self._follow()
        self.assertTrue(self.anna.activity_ids)

    def test_an_error_of_ours_leaves_a_reply_that_waits_for_a_person(self):
        for method in ('_prepare_values', '_find_lead'):
            with self.subTest(method=method), mute_logger(*GATEWAY), \
                    patch.object(self.registry['cadence.reply'], method, side_effect=KeyError('x')):
                partner = self._mail(1)
                self._receive('gmail_person', partner)
                self.assertEqual(self._reply(partner).state, 'waiting')
                self.assertIn(self.replied, partner.category_id)

    def test_an_error_of_odoo_s_leaves_a_reply_that_waits_for_a_person(self):
        with mute_logger(*GATEWAY), patch.object(self.registry['res.partner'], 'message_update', side_effect=KeyError('x')):
            self._receive('gmail_person', self.anna)
        self.assertEqual((self._reply(self.anna).state, self._reply(self.anna).text), ('waiting', 'What do they cost?'))
        self.assertIn(self.replied, self.anna.category_id)

    def test_a_mail_that_answers_nothing_of_ours_fails_as_it_does_without_us(self):
        with self.assertRaises(ValueError):
            self._process(ANSWER.replace('{id}', '<x@y.example>') + '\nYes')
        with self.assertRaises(LookupError):
            self._process('From: a@b.example\nTo: li@me.example\nContent-Type: text/plain; charset=klingon\n\nYes')

    def test_an_answer_is_looked_up_and_judged_once(self):
        Reply = self.registry['cadence.reply']
        with patch.object(Reply, '_find_answered', autospec=True, side_effect=Reply._find_answered) as find:
            self._receive('gmail_person', self.anna, To='nobody.knows@me.example')
        self.assertEqual(find.call_count, 1)
