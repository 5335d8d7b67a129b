from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CadenceCase

DAY, NEXT = '2026-07-05', '2026-07-06'


@tagged('post_install', '-at_install')
class TestAudience(CadenceCase):

    def test_a_second_cap_is_one_entry_and_one_step(self):
        """As CONTRIBUTING says: a reason among the deferrals, an entry of `_get_caps`, and its step of the statement."""
        self._create_letter()
        partners = self._create_partners(3, batch=5)
        Audience, Touch = type(self.env['cadence.audience']), type(self.env['cadence.touch'])
        caps, deferrals = Audience._get_caps, Touch._get_deferrals

        def query_closed(run, source):
            return SQL("""
                SELECT source.partner_id, source.email, source.company_domain, source.batch, source.deferred_since, source.step,
                       COALESCE(source.reason, CASE WHEN source.partner_id = %(closed)s THEN 'closed' END) AS reason,
                       source.view_id
                  FROM %(source)s source
                """, source=source, closed=partners[0].id)

        self.patch(Audience, '_get_caps', lambda model: [*caps(model), ('closed', query_closed)])
        self.patch(Touch, '_get_deferrals', lambda model: [*deferrals(model), 'closed'])
        field = Touch._fields['reason']
        with patch.object(field, 'selection', [*field.selection, ('closed', 'Closed day')]):
            run = self._queue(DAY)['marketing']
            self.assertEqual([(touch.state, touch.reason) for touch in run.touch_ids.sorted('partner_id')],
                             [('deferred', 'closed'), ('reserved', False), ('reserved', False)])
            self.assertIn(['deferred', 'closed', None], [step['key'] for step in run.story])
        self.patch(Audience, '_get_caps', caps)
        run = self._queue(NEXT)['marketing']
        self.assertIn(partners[0], run.touch_ids.partner_id, "next in line")

    def test_who_is_deferred_and_gets_another_mail_on_the_next_day_keeps_the_place_in_line(self):
        self._create_letter()
        self.env.company.cadence_domain_daily_cap = 1
        partners = self._create_partners(2, batch=5, domain='one.example')
        self._queue(DAY)
        deferred = partners.filtered(lambda partner: self._touch(partner, DAY).state == 'deferred')
        other = self._create_segment('base.lang_fr')
        self._create_letter(segment=other)
        deferred.category_id += other._get_batch_tags(self.marketing, [6])
        self.env['cadence.segment'].search([('id', '=', other.id)]).send_time = 8
        self._queue(NEXT)
        self.assertEqual(len(self._touch(deferred, NEXT)), 2)
        own = self._touch(deferred, NEXT).filtered(lambda touch: touch.segment_id == self.segment)
        self.assertIn(own.state, ('reserved', 'deferred'))

    def test_whose_batch_was_taken_off_is_taken_up_no_more(self):
        self._create_letter()
        self.env.company.cadence_domain_daily_cap = 1
        partners = self._create_partners(2, batch=5, domain='one.example')
        self._queue(DAY)
        deferred = partners.filtered(lambda partner: self._touch(partner, DAY).state == 'deferred')
        deferred.category_id = False
        self.assertNotIn(deferred, self._queue(NEXT)['marketing'].touch_ids.partner_id)
