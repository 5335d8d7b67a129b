from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestOutlook(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.get_domain = staticmethod(type(cls.env['cadence.view'])._get_domain)
        cls._create_letter()

    def _foresee(self, partner, day=DAY, hour=2):
        self.env.invalidate_all()
        with self.at(day, hour):
            return self.env['cadence.outlook']._foresee(partner, fields.Datetime.now())[partner]

    def _codes(self, partner, **moment):
        return [(answer.code, str(answer.day or '')) for answer in self._foresee(partner, **moment)]

    def test_a_contact_goes_from_planned_to_queued_to_mailed(self):
        partner = self._create_partners(1, batch=5)
        self.assertEqual(self._codes(partner, day='2026-07-03'), [('not_due', DAY)])
        self.assertEqual(self._codes(partner), [('due', DAY)])
        self._queue(DAY)
        self.assertEqual(self._codes(partner), [('queued', DAY)])
        self._compose(DAY)
        self.assertEqual(self._codes(partner, hour=13), [('mailed', '2026-08-05')])

    def test_what_is_decided_before_the_mail_leaves_counts(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._tag(partner, 'tag_competitor')
        [answer] = self._foresee(partner)
        self.assertEqual((answer.code, answer.text), ('excluded', 'Not mailed: in view Risk, because of tag Competitor.'))

    def test_what_is_decided_after_the_mail_left_is_told_with_it(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        self.env['mail.blacklist'].create({'email': partner.email})
        [answer] = self._foresee(partner, hour=13)
        self.assertEqual((answer.code, answer.day), ('mailed', None))
        self.assertTrue(answer.text.startswith('Mailed today: 1. Letter 1. Never again: '), answer.text)

    def test_a_contact_over_the_cap_is_next_in_line(self):
        self.env.company.cadence_domain_daily_cap = 1
        partners = self._create_partners(2, batch=5, domain='acme.example')
        self._queue(DAY)
        self.assertEqual(self._codes(partners[1]), [('deferred', '2026-07-06')])
        self.assertEqual(self._codes(partners[1], day='2026-07-31'), [('deferred', '2026-08-01')])

    def test_somebody_with_the_same_address_takes_the_mail_of_the_day(self):
        partner, copy = self._create_partners(2, batch=5)
        self._queue(DAY)
        copy.email = partner.email
        copy.cadence_touch_ids.sudo().unlink()
        [answer] = self._foresee(copy)
        self.assertEqual((answer.code, answer.text), ('excluded', 'Not mailed today: Already mailed today'))
        self.assertEqual(str(answer.day), '2026-08-05')

    def test_a_newsletter_of_the_day_takes_the_mail_of_the_day(self):
        partner = self._create_partners(1, batch=5)
        with self.at(DAY):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            mailing = self.env['mailing.mailing'].create({
                'subject': 'News', 'body_html': '<p>x</p>', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
                'mailing_domain': f"[('id', '=', {partner.id})]"})
            self.env['mailing.trace'].create({
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': partner.email,
                'trace_status': 'sent', 'sent_datetime': f'{DAY} 01:00:00'})
        self.assertEqual(self._codes(partner), [('excluded', '2026-08-05')])

    def test_a_stopped_day_is_told_so(self):
        partner = self._create_partners(1, batch=5)
        self.segment.is_stopped = True
        self.assertIn('stopped', self._foresee(partner)[0].text)

    def test_a_view_that_cannot_be_asked_is_the_reason_and_stops_nobody_else(self):
        partner = self._create_partners(1, batch=5)
        other = self._create_partners(1, batch=7, group=self.reading)
        self.marketing.exclude_view_ids += self.env['cadence.view'].create({'name': 'Odd', 'condition_ids': [
            (0, 0, {'field': 'country', 'operator': 'any', 'country_ids': [(6, 0, self.env.ref('base.fr').ids)]})]})
        with patch.object(type(self.env['cadence.view']), '_get_domain', autospec=True, side_effect=self._fail_for_odd):
            self.assertIn('no such field', self._foresee(partner)[0].text)
            self.assertEqual(self._codes(other), [('not_due', '2026-07-07')])

    def _fail_for_odd(self, view):
        if view.name == 'Odd':
            raise UserError(self.env._('no such field'))
        return self.get_domain(view)

    def test_who_got_the_last_letter_of_a_rhythm_that_stops_is_told_so(self):
        self.segment.stop_group_ids = self.marketing
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self.assertEqual(self._codes(partner), [('queued', DAY)], "the last letter itself is on its way")
        self._compose(DAY)
        [answer] = self._foresee(partner, day='2026-07-20')
        self.assertEqual((answer.code, answer.text), ('excluded', 'Not mailed: Got all letters.'))
        self._create_letter(step=2)
        self.assertEqual(self._codes(partner, day='2026-07-20'), [('not_due', '2026-08-05')])

    def test_a_rhythm_that_does_not_stop_begins_anew(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        self.assertEqual(self._codes(partner, day='2026-07-20'), [('not_due', '2026-08-05')])

    def test_without_automatic_sending_the_day_waits_for_a_person(self):
        self.segment.auto_send = False
        partner = self._create_partners(1, batch=5)
        self.assertIn('drafts', self._foresee(partner)[0].text)

    def test_a_contact_mailed_today_and_taken_off_its_batch_has_an_answer(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self._compose(DAY)
        partner.category_id = False
        [answer] = self._foresee(partner, hour=13)
        self.assertEqual((answer.code, answer.run, bool(answer.tag)), ('mailed', run, False))

    def test_the_form_shows_what_happens_today_before_what_comes(self):
        partner = self._create_partners(1, batch=9)
        partner.category_id += self._create_segment('base.lang_fr')._get_batch_tags(self.marketing, [5])
        Outlook = self.env['cadence.outlook']
        answers = self._foresee(partner)
        self.assertEqual([answer.code for answer in answers], ['due', 'not_due'])
        day, note = Outlook._sum_up(answers[::-1])
        self.assertEqual((str(day), note), (DAY, answers[0].text))

    def test_the_form_says_each_reason_once(self):
        partner = self._create_partners(1, batch=9)
        partner.category_id += self._create_segment('base.lang_fr')._get_batch_tags(self.marketing, [5])
        self._tag(partner, 'tag_competitor')
        self.assertEqual(self.env['cadence.outlook']._sum_up(self._foresee(partner)), (
            False, 'Not mailed: in view Risk, because of tag Competitor.'))
