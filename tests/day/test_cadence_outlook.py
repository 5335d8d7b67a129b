
from odoo.tests import tagged

from .common import DAY, OutlookCase


@tagged('post_install', '-at_install')
class TestOutlook(OutlookCase):

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

    def test_a_stopped_day_is_told_so(self):
        partner = self._create_partners(1, batch=5)
        self.segment.is_stopped = True
        self.assertIn('stopped', self._foresee(partner)[0].text)

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
