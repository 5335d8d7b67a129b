from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.results.cadence_result_count import FIGURES
from ...models.results.cadence_touch import DEALS
from .test_cadence_test import LetterTestCase

DAY = '2026-07-09'


@tagged('post_install', '-at_install')
class TestTouch(LetterTestCase):

    def test_each_figure_opens_exactly_the_mails_that_it_counts_and_for_everybody(self):
        partners = self._create_partners(12, batch=9)
        run, traces = self._mail(partners, DAY)
        traces = [traces[partner] for partner in partners]
        link = self.env['link.tracker'].create({'url': 'https://a.example', 'title': 'a'})
        for trace in traces[:2]:
            self._open(trace)
        self._open(traces[2], after=1)
        self._open(traces[3], agent='Mozilla/5.0')
        traces[4].write({'trace_status': 'open', 'open_datetime': traces[4].sent_datetime})
        self._click(traces[5], link)
        self._click(traces[6], link, after=1)
        traces[7].trace_status = 'bounce'
        traces[8].write({'trace_status': 'reply', 'reply_datetime': traces[8].sent_datetime})
        self.env['cadence.journal']._note(partners[9], 'opt_out', trace_id=traces[9].id)
        with self.at('2026-07-20'):
            lead = self.env['crm.lead'].create({
                'name': 'x', 'type': 'opportunity', 'partner_id': partners[5].id, 'expected_revenue': 5.0})
            self.env.flush_all()
            lead.action_set_won()
        self.env['cadence.result']._recount(run)
        Touch = self.env['cadence.touch'].with_user(self.salesman)
        told = {}
        for figure in (*FIGURES, *DEALS):
            told[figure] = Touch.search_count([('run_id', '=', run.id), ('figure', '=', figure)])
            self.assertEqual(told[figure], sum(run.result_ids.mapped(figure)), figure)
        self.assertEqual(
            [told[figure] for figure in ('mailed', 'delivered', 'opened', 'clicked', 'converted', 'replied', 'opted_out', 'won')],
            [12, 11, 4, 1, 1, 1, 1, 1])
        with self.assertRaises(UserError):
            Touch.search([('figure', '=', 'cost')])

    def test_what_a_run_decides_is_kept_and_nothing_without_a_test(self):
        Unit = self.env['cadence.test.unit']
        partners = self._create_partners(3, batch=8)
        self._mail(partners, '2026-07-08')
        self.assertFalse(Unit.search([]))
        self._start()
        partners = self._create_partners(3, batch=9)
        self._mail(partners, DAY)
        units = Unit.search([('test_id', '=', self.test.id)])
        self.assertEqual(
            {unit.name: unit.arm_id.letter_id for unit in units},
            {partner.cadence_company_domain: self._touch(partner, DAY).letter_id for partner in partners})
