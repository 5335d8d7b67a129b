from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import datetime

from ..common import UNSUBSCRIBE
from .common import DAY, SenderCase

TEXT = '<p>Dear customer, we would like to show you our new cranes, which lift eighty tons and are delivered in eight weeks.</p>'


@tagged('post_install', '-at_install')
class TestLetter(SenderCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.write({'street': 'Hafenstrasse 12', 'zip': '20457', 'city': 'Hamburg'})

    def _write(self, body=TEXT + UNSUBSCRIBE, subject='Wheel cranes for your fleet'):
        self.letter.mailing_id.write({'body_html': body, 'body_arch': body, 'subject': subject})
        return self.letter

    def _get_codes(self, letter=None):
        return [finding['code'] for finding in (letter or self.letter).findings]

    def test_a_letter_without_an_unsubscribe_link_stops_its_run_and_somebody_is_told(self):
        self._create_partners(1, batch=5)
        self._write(TEXT)
        self.assertEqual((self.letter.light, self._get_codes()[0]), ('red', 'no_unsubscribe'))
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.state, 'blocked')
        self.assertIn('It has no unsubscribe link: add one', run.blocked_reason)
        self.assertTrue(run.activity_ids)
        self.assertFalse(run.touch_ids)

    def test_mend_adds_what_is_missing_and_the_run_goes_on(self):
        self._create_partners(1, batch=5)
        self._write(TEXT)
        self._queue(DAY)
        self.letter.with_user(self.user).action_mend('no_unsubscribe')
        self.assertNotIn('no_unsubscribe', self._get_codes())
        self.assertNotIn('no_address', self._get_codes())
        for name in ('body_html', 'body_arch'):
            self.assertIn('Hafenstrasse 12', self.letter.mailing_id[name])
        run, left = self._mail_day()
        self.assertEqual((run.state, len(left)), ('done', 1))

    def test_mend_of_an_address_adds_no_second_link(self):
        self._write()
        self.assertIn('no_address', self._get_codes())
        self.letter.action_mend('no_address')
        self.assertEqual(self.letter.mailing_id.body_html.count('/unsubscribe_from_list'), 1)
        self.assertNotIn('no_address', self._get_codes())

    def test_a_subject_that_lies_is_cut(self):
        self._write(subject='Re: AW: Wheel cranes')
        self.assertIn('begins with “Re:”', self.letter.problem)
        self.letter.action_mend('reply_prefix')
        self.assertEqual((self.letter.subject, self.letter.problem), ('Wheel cranes', False))

    def test_a_manager_lets_it_pass_and_it_is_written_down(self):
        self._write(TEXT)
        for user in (self.user, self.salesman):
            with self.assertRaises(AccessError):
                self.letter.with_user(user).action_accept_findings()
        with self.assertRaises(AccessError):
            self.letter.with_user(self.manager).accepted_findings = ['no_unsubscribe']
        self.letter.with_user(self.manager).action_accept_findings()
        self.assertFalse(self.letter.problem)
        self.assertEqual((self.letter.light, self.letter.findings[0]['is_accepted']), ('amber', True))
        self.assertRegex(self.segment.message_ids[:1].body, 'cadence_manager.* go out: It has no unsubscribe link')
        self._write(TEXT, subject='Re: Wheel cranes')
        self.assertIn('Re:', self.letter.problem, "another fault is another question")

    def test_somebody_without_rights_mends_nothing(self):
        self._write(TEXT)
        with self.assertRaises(AccessError):
            self.letter.with_user(self.salesman).action_mend('no_unsubscribe')

    def test_what_is_no_finding_mends_nothing(self):
        self._write()
        before = self.letter.mailing_id.body_html
        self.letter.action_mend('no_such_code')
        self.assertEqual(self.letter.mailing_id.body_html, before)

    def test_a_gap_in_the_real_batch_is_told(self):
        self._write('<p>Dear <t t-out="object.function"/>,</p>' + TEXT + UNSUBSCRIBE)
        self._create_partners(3, batch=5, function='buyer')
        self._create_partners(1, batch=5, domain='other{}.example')
        [finding] = [finding for finding in self.letter.findings if finding['code'] == 'empty_field']
        self.assertIn('25 % of the contacts have no Job Position', finding['text'])

    def test_a_faulty_placeholder_is_the_runs_to_say(self):
        self._write('<p><t t-out="object.no_such_field"/></p>')
        self.assertFalse(self.letter.findings)

    def test_every_template_of_ours_passes(self):
        """The shipped letters, as the segment of their language gets them."""
        langs = {lang.code.split('_')[0]: lang for lang in self.env['res.lang'].with_context(active_test=False).search([])}
        templates = self.env['cadence.letter.template'].search([])
        self.assertGreaterEqual(len(templates), 18)
        for template in templates:
            segment = self.env['cadence.segment'].search([('lang_id', '=', langs[template.lang].id)], limit=1) \
                or self._create_segment(lang_id=langs[template.lang].id)
            letter = self._create_letter(segment=segment)
            letter._begin_with(template)
            letter.subject = template._fill(segment)[0]
            with self.subTest(template=template.name, lang=template.lang):
                self.assertLessEqual(set(self._get_codes(letter)), {'no_preview'})

    def test_every_theme_of_email_marketing_is_blocked_for_nothing_but_what_it_lacks(self):
        themes = self.env['ir.ui.view'].search([('key', '=like', 'mass_mailing%.theme\\_%\\_template')])
        self.assertTrue(themes)
        company = self.env.company
        for theme in themes:
            values = {'company_id': company, 'user_id': self.env.user, 'datetime': datetime}
            html = str(self.env['ir.qweb']._render(theme.id, values, minimal_qcontext=True))
            codes = {finding.code for finding in self._write(html)._check() if finding.severity == 'block'}
            has_link = 'unsubscribe_from_list' in html
            with self.subTest(theme=theme.key):
                self.assertLessEqual(codes, {'empty'} if not html.strip() else set() if has_link else {'no_unsubscribe'})
