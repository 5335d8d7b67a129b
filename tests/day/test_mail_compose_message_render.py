import re
from email import policy
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'
LANGUAGES = ('en_US', 'de_DE', 'fr_FR', 'es_ES', 'ru_RU', 'zh_CN')
NAMES = ['Ann', 'O’Neil & Söhne', '<b>Bob</b>', '"Quoted"', '李四', 'Tom {{ 1 }}', "It's", 'Zoë\u00a0Ltd', 'a' * 60, 'Über']
THEME = """
    <div class="o_layout oe_unremovable o_default_theme" data-name="Mailing" style="background-color:#f4f4f4">
    <style id="design-element">@media screen {{ p {{ margin: 0 }} }}</style>
    <div class="container o_mail_wrapper"><!--[if mso]><table><tr><td><![endif]-->
    <table style="width:100%"><tr><td class="o_mail_no_options" style="background:url('/web/image/1')">{}</td></tr></table>
    <!--[if mso]></td></tr></table><![endif]--></div></div>"""
LETTERS = [
    '<p>Dear <t t-out="object.name"/>,</p>',
    '<p>Dear <t t-out="object.name">friend</t>, you are in <t t-out="object.city">\n your town </t>.</p>',
    '<p>Dear <b t-out="object.name"></b>, <t t-out="object.email"></t><t t-out="object.phone"></t></p>',
    '<p>Dear customer & friend, 10 < 20.</p>',
    '<p>Dear <t t-out="object.name or \'friend\'"/>, <t t-if="object.country_id">in <t t-out="object.country_id.name"/></t></p>',
    '<p t-if="object.lang == \'de_DE\'">Hallo</p><p t-else="">Hello</p>',
    '<t t-foreach="range(3)" t-as="n"><i t-out="n"/><t t-out="object.name.upper()"/></t>',
    '<t t-set="name" t-value="object.name"/><p>Dear <span t-att-title="name" t-out="name"/></p>',
    '<p><a href="https://a.example/list">The list</a> <a href="https://a.example/list">Prices</a></p>',
    '<p><a href="https://a.example/list"><img src="/web/image/1" alt="A crane"/></a> <a href="/view">view</a></p>',
    '<p><a t-attf-href="https://a.example/?id={{ object.id }}">Yours</a> <a href="/unsubscribe_from_list">Unsubscribe</a></p>',
    '<p><a href="mailto:li@me.example">mail</a> <a href="/shop">Shop</a> <a href="#top">Top</a></p>',
    '<p>Dear <t t-out="object.name"/></p><p><a href="https://a.example/a?b=1&amp;c=2">A</a><a href="https://a.example/z">A</a></p>',
    '<p>{{ object.name }} stays as it is</p>',
    '<p><t t-out="object.parent_id.name">nobody</t> · <t t-out="object.user_id.name"/></p>',
    '<p style="color:red">Plain<br>with a break<hr>and no end',
]


@tagged('post_install', '-at_install')
class TestComposedMails(CadenceCase):
    """What a run composes against Odoo's own composing of the same mailing: the same mails, header by header, part by part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in LANGUAGES:
            cls.env['res.lang']._activate_lang(lang)
        germany = cls.env.ref('base.de')
        cls.partners = cls._create_partners(10, batch=5)
        for number, (partner, name) in enumerate(zip(cls.partners, NAMES, strict=True)):
            partner.write({
                'name': name, 'lang': LANGUAGES[number % 6], 'country_id': number % 3 and germany.id,
                'city': number % 2 and 'Bonn'})

    def _compose_run(self, mailing, as_odoo=False):
        """The mails of a mailing as they would leave: [(headers, [(content type, content)])], and what is kept of them."""
        Composer = type(self.env['mail.compose.message'])
        with self.at(DAY, 12), patch.object(Composer, '_cadence_is_run', lambda _composer: not as_odoo):
            mailing._action_send_mail()
        mails = self.env['mail.mail'].search([('mailing_id', '=', mailing.id)], order='id')
        return [(self._take_apart(mail), self._get_kept(mail)) for mail in mails]

    def _take_apart(self, mail):
        found = []
        for values in mail._prepare_outgoing_list():
            message = self.env['ir.mail_server']._build_email__(
                mail.email_from, values['email_to'], values['subject'], values['body'], values['email_cc'],
                reply_to=values['reply_to'], attachments=values['attachments'], message_id=values['message_id'],
                references=values['references'], object_id=values['object_id'], subtype='html', headers=values['headers'],
                body_alternative=values['body_alternative'], subtype_alternative='plain')
            headers = [(name, self._forget_numbers(str(value))) for name, value in message.items() if name != 'Date']
            found.append((headers, [
                (part.get_content_type(), part.get_filename(), self._forget_numbers(part.as_string(policy=policy.SMTP)))
                for part in message.walk() if not part.is_multipart()]))
        return found

    def _forget_numbers(self, text):
        """Without what is another one in each mail, its number and token; a link by where it leads and what it is called."""
        text = re.sub(r'=\r?\n', '', text)
        text = re.sub(r'/m/\d+|/mail/track/\d+/\w+', '', text)
        text = re.sub(r'<\d+\.\d+\.\d+-openerp-', '<openerp-', text)
        return re.sub(r'/r/(\w+)', lambda match: self._name_link(match[1]), text)

    def _name_link(self, code):
        link = self.env['link.tracker.code'].search([('code', '=', code)]).link_id
        return f'/r/{link.url} {link.label} {link.campaign_id.id} {link.source_id.id} {link.mass_mailing_id.id}'

    def _get_kept(self, mail):
        trace = mail.mailing_trace_ids
        return (mail.recipient_ids, mail.auto_delete, mail.is_notification, mail.model, mail.res_id, mail.author_id, mail.state,
                mail.mail_server_id, mail.record_company_id, mail.scheduled_date, trace.email, trace.res_id, trace.trace_status,
                trace.cadence_touch_id.partner_id, trace.message_id == mail.message_id)

    def _compare(self, letter, mailing):
        self.env.flush_all()
        both = []
        for as_odoo in (True, False):
            with self.subTest(letter=letter, as_odoo=as_odoo), self.env.cr.savepoint() as savepoint:
                both.append(self._compose_run(mailing, as_odoo))
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
        stock, ours = both
        self.assertEqual(len(stock), 10)
        for expected, mail in zip(stock, ours, strict=True):
            self.assertEqual(mail, expected)
        return len(ours)

    def test_two_hundred_mails_of_twenty_letters_are_those_of_odoo(self):
        letter = self._create_letter()
        attachment = self.env['ir.attachment'].create({'name': 'Prices.txt', 'raw': b'1, 2, 3', 'mimetype': 'text/plain'})
        bodies = LETTERS + [THEME.replace('{{', '{').replace('}}', '}').replace('{}', body) for body in LETTERS[1:9:2]]
        mailing = self._queue(DAY)['marketing'].mailing_ids
        count = 0
        for number, body in enumerate(bodies):
            mailing.write({
                'body_html': body, 'subject': f'{number} for {{{{ object.name }}}}',
                'preview': number % 4 == 0 and 'For {{ object.name }}',
                'attachment_ids': [Command.set(attachment.ids if number % 5 == 0 else [])]})
            count += self._compare(letter, mailing)
        self.assertEqual(count, 200)

    def test_a_mailing_whose_mails_are_kept_keeps_the_letter_in_the_contacts_thread(self):
        self._create_letter().mailing_id.keep_archives = True
        mailing = self._queue(DAY)['marketing'].mailing_ids
        with self.at(DAY, 12):
            mailing._action_send_mail()
        mails = self.env['mail.mail'].search([('mailing_id', '=', mailing.id)])
        self.assertEqual(len(mails), 10)
        self.assertTrue(all('cranes' in mail.body for mail in mails))

    def test_the_letter_is_looked_up_once_for_five_hundred(self):
        self._create_letter().mailing_id.body_html = LETTERS[8]
        mailing = self._queue(DAY)['marketing'].mailing_ids
        asked = []
        search_or_create = type(self.env['link.tracker']).search

        def search(model, *args, **options):
            asked.append(args)
            return search_or_create(model, *args, **options)

        with self.at(DAY, 12), patch.object(type(self.env['link.tracker']), 'search', search):
            mailing._action_send_mail()
        # Each of the six languages has a letter of its own, two of these links were made, which looks for doubles.
        self.assertLessEqual(len(asked), 8)

    def test_other_mailings_are_composed_as_they_were(self):
        composer = self.env['mail.compose.message'].create({'composition_mode': 'mass_mail', 'model': 'res.partner'})
        self.assertEqual(composer._batch_size, 50)
