from odoo.tests import tagged

from .common import DAY, ResultCase

LATER = '2026-07-10'


@tagged('post_install', '-at_install')
class TestFlags(ResultCase):

    def _mail_and_count(self, day, batch):
        self._create_partners(2, batch=batch)
        run, _traces = self._mail(self.env['res.partner'], day)
        self.env['cadence.result']._recount(run)
        return run

    def _get_page(self, day='2026-07-20', **filters):
        with self.at(day):
            return self.env['cadence.result'].with_user(self.salesman).get_page({'days': 30, 'date_to': '2026-07-20'} | filters)

    def _get_flags(self, **filters):
        return [(flag['date'], flag['text']) for flag in self._get_page(**filters)['flags']]

    def test_a_new_a_changed_letter_and_another_sender_are_flagged_on_their_days(self):
        self._mail_and_count(DAY, 9)
        self._mail_and_count(LATER, 10)
        new = (DAY, "New letter: 1. Letter 1")
        self.assertEqual(self._get_flags(), [new])
        self.letter.mailing_id.body_html = '<p>Something else</p>'
        self.segment.email_from = 'Li Na <na@me.example>'
        self._mail_and_count('2026-07-11', 11)
        self._mail_and_count('2026-07-12', 12)
        self.assertEqual(self._get_flags(), [
            new, ('2026-07-11', "Changed letter: 1. Letter 1"), ('2026-07-11', "New sender: Li Na <na@me.example>")])
        self.assertEqual(self._get_flags(date_to=LATER, days=7), [new])
        self.assertEqual(self._get_flags(tag_group_id=self.reading.id), [])

    def test_flags_of_another_company_are_not_shown(self):
        company = self.env['res.company'].create({'name': 'Other'})
        other = self._create_segment('base.lang_fr', company_id=company.id)
        self._create_letter(segment=other)
        self._create_partners(2, batch=9, segment=other)
        self._queue(DAY)
        run = self.env['cadence.run'].search([('segment_id', '=', other.id), ('tag_group_id', '=', self.marketing.id)])
        self._compose(DAY)
        self.env['cadence.result']._recount(run)
        self.assertTrue(run.result_ids)
        self.assertEqual(self._get_flags(), [])

    def test_a_month_whose_deals_have_not_come_yet_says_so(self):
        self.assertIn('often come months after', self._get_page()['unripe'])
        self.assertFalse(self._get_page(day='2026-11-20')['unripe'])

    def test_how_long_deals_take_is_learned_from_those_that_came(self):
        partners = self._create_partners(12, batch=9)
        self._mail(partners, DAY)
        for partner in partners:
            with self.at('2026-07-12'):
                lead = self.env['crm.lead'].create({'name': 'x', 'type': 'opportunity', 'partner_id': partner.id})
                self.env.flush_all()
            with self.at('2026-07-15'):
                lead.action_set_won()
                lead.date_closed = '2026-07-15'
        self.env.flush_all()
        self.assertIn('within 6 days', self._get_page('2026-07-21')['unripe'])
        self.assertFalse(self._get_page('2026-07-27')['unripe'])
