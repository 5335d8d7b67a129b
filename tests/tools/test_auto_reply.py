from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from time import monotonic
from unittest import TestCase

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ...tools.mail.auto_reply import classify, feedback_address

MESSAGES = Path(__file__).parents[1] / 'messages'
# File, kind, reason. Everything in the files is invented.
VERDICTS = """
    exchange_out_of_office             out_of_office  auto_submitted
    exchange_german_without_headers    out_of_office  subject
    gmail_vacation                     out_of_office  auto_submitted
    zimbra_out_of_office               out_of_office  auto_submitted
    qq_vacation                        out_of_office  subject
    qq_vacation_with_own_subject       out_of_office  body
    netease_vacation                   out_of_office  subject
    aliyun_vacation                    out_of_office  x_autoreply
    coremail_auto_reply                out_of_office  auto_submitted
    foxmail_filter_reply               out_of_office  subject
    raw_gbk_subject                    out_of_office  subject
    lotus_notes_agent                  out_of_office  subject
    lotus_notes_german                 out_of_office  subject
    roundcube_vacation                 out_of_office  subject
    sieve_null_sender                  out_of_office  return_path
    outlook_arabic                     out_of_office  subject
    outlook_chinese                    out_of_office  subject
    outlook_french                     out_of_office  subject
    outlook_italian                    out_of_office  subject
    outlook_japanese                   out_of_office  subject
    outlook_portuguese                 out_of_office  subject
    outlook_russian                    out_of_office  subject
    outlook_spanish                    out_of_office  subject

    zendesk_received                   ticket_robot   ticket_headers
    freshdesk_received                 ticket_robot   ticket_headers
    otrs_received                      ticket_robot   ticket_headers
    jira_service_management            ticket_robot   ticket_headers
    servicenow_received                ticket_robot   ticket_headers
    odoo_helpdesk_received             ticket_robot   ticket_headers
    unknown_desk_case_number           ticket_robot   subject
    no_reply_generated                 ticket_robot   auto_submitted
    mailing_list                       ticket_robot   list
    newsletter_bulk                    ticket_robot   precedence
    read_receipt                       ticket_robot   read_receipt
    postfix_delivered                  ticket_robot   report
    arf_dkim_failure                   ticket_robot   report

    postfix_bounce                     bounce         report
    exchange_bounce                    bounce         report
    postfix_delayed                    bounce         report
    exim_bounce                        bounce         failed_recipients
    qq_bounce                          bounce         sender
    arf_yahoo                          complaint      report
    arf_without_recipient              complaint      report
    microsoft_junk_report              complaint      report

    thunderbird_person                 person         -
    iphone_person                      person         -
    gmail_person                       person         -
    outlook_person_with_suppress       person         -
    qq_person                          person         -
    person_quotes_ticket               person         -
    person_in_shared_mailbox           person         -
    person_forwards_a_bounce           person         -
    freshdesk_agent_answers            person         -
    odoo_salesperson_answers           person         -
"""
PERSONS_SUBJECTS = (
    'Re: Automatic reply machines price', 'Automatic reply machines price', 'Automatic replying system offer',
    'Out of office furniture', 'Re: Out of office', 'Auto parts price list', 'Automobile: offer', 'Absence de stock',
    '自动回复系统报价单', 'Re: 自动回复：绿茶', 'Abwesenheitsnotizen für Outlook', 'OOOPS', 'Respuesta automáticamente generada',
    'RE: [#1234] Received', 'Case of tea, 120 pieces', 'Request for quotation 2026', 'Order 4821 received?',
    'Are you out of office?', 'Undeliverable: Green tea', 'Sick leave policy',
    'Parental leave insurance offer', 'On vacation homes', 'Out of office reading lamps',
)  # fmt: skip
MACHINES_SUBJECTS = (
    'Afwezigheidsassistent', 'Fraværsbesked: Ringe', 'Nieobecność w biurze', '부재중 자동 회신: 견적', 'Jawapan automatik',
    'Parental leave: Offer',
    'Out of Office Re: Offer', 'On vacation Re: Offer', 'Respuesta automática de vacaciones', 'Awtomatikong tugon',
    'Automatic reply: Green tea', 'Automatic reply', 'AUTOMATIC REPLY: x', '[Auto-Reply] Green tea', 'Autoreply: x',
    'Out of Office', 'Out of office until 5 January', 'I am out of the office until Monday', 'Out of Office AutoReply: x',
    'Abwesenheitsnotiz: Tee', 'Absence : thé', 'Message d’absence: thé', '自动回复：绿茶', '自动回复', '自動回覆: 綠茶',
    '自動返信：緑茶', 'Автоответ: чай', 'Автоматический ответ: чай', 'رد تلقائي: شاي', 'OOO: back on Monday', 'Auto: Re: tea',
    'Jane Doe is out of the office (returning 12/01/2026)',
)  # fmt: skip
NAMES = """
    Subject From To Content-Type Content-Transfer-Encoding Auto-Submitted Precedence Return-Path X-Mailer References Message-ID
    List-Id X-Autoreply X-OTRS-Loop X-Failed-Recipients X-Auto-Response-Suppress Content-Disposition Original-Rcpt-To
"""
VALUES = st.one_of(
    st.binary(max_size=60),
    st.text(alphabet='=?utf-8gbkBQ_<>@"();:\\,[]\n\t é自', max_size=60).map(str.encode),
    st.sampled_from([
        b'multipart/report; report-type=feedback-report', b'multipart/report; boundary=b', b'message/delivery-status',
        b'text/plain; charset=hex', b'text/plain; charset="\0"', b'base64', b'=?hex?B?AAAA?=', b'=?utf-8?B?A?=', b'<>',
        b'message/rfc822', b'text/rfc822-headers', b'multipart/mixed; boundary=b', b'=?idna?Q?=FF?=', b'x-uuencode',
        b'staff@hotmail.com',
    ]),
)  # fmt: skip
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES.split()), VALUES), max_size=8)
properties = settings(max_examples=300, deadline=None, database=None)


def read(name, rules=policy.SMTP):
    return message_from_bytes((MESSAGES / f'{name}.eml').read_bytes(), policy=rules)


def with_headers(**headers):
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace('_', '-')] = value
    return message


class TestClassify(TestCase):
    def _answer(self, changes):
        message = EmailMessage()
        headers = {'From': 'Bob <bob@acme.example>', 'Subject': 'Re: Tea', 'In-Reply-To': '<a@b>'} | changes
        message.set_content(headers.pop('Body', 'Yes'))
        for name, value in headers.items():
            message[name] = value
        return message

    def test_people_are_people_however_they_write(self):
        """Through lists and services, from firms with a robot's name, about deliveries, links and absence."""
        for changes in (
            {'Return-Path': '<bounces+12-bob=acme@em.acme.example>'}, {'From': 'Parcel Delivery Systems <bob@pds.example>'},
            {'Precedence': 'bulk', 'List-Id': 'sales <sales.acme.example>'}, {'Precedence': 'list'}, {'Auto-Submitted': 'no'},
            {'Subject': 'Delivery status of our order'}, {'Subject': 'Re: Undeliverable: Tea'},
            {'Subject': 'Out of office hours?'},
            {'Subject': 'Failed delivery of ring 12', 'Body': 'Your message was not clear to me.'},
            {'Subject': 'Bounce house rental'},
            {'Body': 'Please click on the link below to confirm the order.'}, {'From': 'postmaster@acme.example'},
            {'Body': 'This is an automatic machine, right? How much?'}, {'Subject': 'Absence of prices'},
            {'From': 'smtp solutions <bob@smtp.example>', 'Subject': 'Delivery problem with ring 5'},
            {'From': '"Mailer GmbH" <info@mailer.example>'}, {'Subject': 'Message delayed, sorry', 'Body': 'I was away.'},
        ):
            with self.subTest(changes=changes):
                self.assertEqual(classify(self._answer(changes)).kind, 'person')

    def test_challenges_and_addresses_that_take_no_answer_are_machines(self):
        for changes in (
            {'Body': 'Click the link below to verify that you are a person'}, {'From': 'no-reply@acme.example'},
            {'Body': 'My inbox is protected by Guard: click here to be let in'}, {'From': 'do_not_reply.2@acme.example'},
            {'Body': 'Please follow this link to have your address added to the allowed list.'},
        ):
            with self.subTest(changes=changes):
                self.assertEqual(classify(self._answer(changes)).kind, 'ticket_robot')

    def test_every_message_is_told_by_its_reason(self):
        for line in VERDICTS.strip().splitlines():
            if not line.strip():
                continue
            name, kind, reason = line.split()
            for rules in (policy.SMTP, policy.compat32):
                with self.subTest(name=name, rules=type(rules).__name__):
                    found = classify(read(name, rules))
                    self.assertEqual((found.kind, found.reason or '-'), (kind, reason))
                    self.assertEqual(bool(found.sign), kind != 'person')

    def test_every_file_is_in_the_table(self):
        self.assertEqual({path.stem for path in MESSAGES.glob('*.eml')}, set(VERDICTS.split()[::3]))

    def test_subject_of_a_person_is_no_sign(self):
        for subject in PERSONS_SUBJECTS:
            with self.subTest(subject=subject):
                self.assertEqual(classify(with_headers(From='bob@acme.example', Subject=subject)).kind, 'person')

    def test_subject_of_a_machine_is_a_sign(self):
        for subject in MACHINES_SUBJECTS:
            with self.subTest(subject=subject):
                found = classify(with_headers(From='bob@acme.example', Subject=subject))
                self.assertEqual((found.kind, found.reason), ('out_of_office', 'subject'))

    def test_headers_that_say_no_are_no_sign(self):
        for headers in (
            {'Auto_Submitted': 'no'}, {'Auto_Submitted': 'No (by hand)'}, {'X_Autoreply': 'no'}, {'Precedence': 'first-class'},
            {'X_Auto_Response_Suppress': 'All'}, {'Return_Path': '<bob@acme.example>'},
        ):  # fmt: skip
            with self.subTest(headers=headers):
                self.assertEqual(classify(with_headers(Subject='Re: tea', **headers)).kind, 'person')

    def test_number_in_the_subject_is_no_sign_from_a_mail_program(self):
        ticket = {'From': 'support@acme.example', 'Subject': 'Case 00123456: tea'}
        self.assertEqual(classify(with_headers(**ticket)).kind, 'ticket_robot')
        self.assertEqual(classify(with_headers(**ticket, X_Mailer='Foxmail 7.2')).kind, 'person')
        self.assertEqual(classify(with_headers(From='bob@acme.example', Subject='Case 00123456: tea')).kind, 'person')

    def test_machine_line_that_a_person_quotes_is_no_sign(self):
        message = with_headers(Subject='Re: tea')
        message.set_content('Thanks.\nI am back.\n\n> This is an automatic reply\nThis is an automatic reply\n')
        self.assertEqual(classify(message).kind, 'person')

    def test_sign_says_what_returned_the_mail(self):
        self.assertEqual(classify(read('postfix_bounce')).sign, 'failed 5.1.1')
        self.assertEqual(classify(read('postfix_delayed')).sign, 'delayed 4.4.1')

    def test_long_subject_takes_no_long_time(self):
        for subject in ('case ' + ' ' * 50_000 + 'x', '[' * 50_000, 'a is ' * 10_000, 'case #' + '-' * 50_000):
            with self.subTest(subject=subject[:10]):
                message, start = message_from_bytes(b'Subject: ' + subject.encode()), monotonic()
                classify(message)
                self.assertLess(monotonic() - start, 5)

    def test_message_without_anything_is_by_a_person(self):
        self.assertEqual(classify(EmailMessage()).kind, 'person')

    @properties
    @example([('Content-Type', b'charset=\x00')], b'\x80', policy.SMTP)
    @given(HEADERS, st.binary(max_size=60), st.sampled_from([policy.SMTP, policy.compat32]))
    def test_no_headers_raise(self, headers, body, rules):
        raw = b''.join(name.encode() + b': ' + value + b'\r\n' for name, value in headers) + b'\r\n' + body
        message = message_from_bytes(raw, policy=rules)
        self.assertLessEqual(len(classify(message).sign), 120)
        feedback_address(message)

    @properties
    @given(st.sampled_from(sorted(MESSAGES.glob('*.eml'))), st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=10))
    def test_no_damaged_message_raises(self, path, start, length, put):
        raw = path.read_bytes()
        message = message_from_bytes(raw[:start] + put + raw[start + length :], policy=policy.SMTP)
        classify(message)
        feedback_address(message)


class TestFeedbackAddress(TestCase):
    def test_recipient_of_our_mail_complained(self):
        self.assertEqual(feedback_address(read('arf_yahoo')), 'bob@yahoo.example')
        self.assertEqual(feedback_address(read('arf_without_recipient')), 'bob@mail.example')
        self.assertEqual(feedback_address(read('microsoft_junk_report')), 'bob@outlook.example')

    def test_what_is_no_complaint_has_none(self):
        for name in ('postfix_bounce', 'thunderbird_person', 'arf_dkim_failure'):
            with self.subTest(name=name):
                self.assertIsNone(feedback_address(read(name)))

    def test_hidden_recipient_is_none(self):
        raw = (MESSAGES / 'arf_without_recipient.eml').read_bytes().replace(b'Bob@mail.example', b'redacted@mail.example')
        self.assertIsNone(feedback_address(message_from_bytes(raw, policy=policy.SMTP)))
