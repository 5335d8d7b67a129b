import random

from odoo.tests import tagged

from .common import ResultCase

DAY = '2026-07-09'
LATER = '2026-08-09'


@tagged('post_install', '-at_install')
class TestAttribution(ResultCase):

    def _mail_twice(self, count=3, **values):
        partners = self._create_partners(count, batch=9, **values)
        runs = self.env['cadence.run']
        for day in (DAY, LATER):
            runs += self._mail(partners, day)[0]
        return runs, partners

    def _win(self, partner, revenue=100.0, day='2026-08-20', **values):
        with self.at(day):
            lead = self.env['crm.lead'].create({
                'name': 'Crane', 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': revenue} | values)
            self.env.flush_all()
        return lead

    def _get_shares(self, lead, model):
        return {str(part.date): (round(part.weight, 6), part.amount)
                for part in lead.cadence_attribution_ids.filtered(lambda part: part.model == model)}

    def test_an_opportunity_says_which_mails_brought_it_in_four_ways(self):
        _runs, partners = self._mail_twice()
        lead = self._win(partners[0])
        lead.action_set_won()
        self.assertEqual(self._get_shares(lead, 'last'), {LATER: (1.0, 100.0)})
        self.assertEqual(self._get_shares(lead, 'first'), {DAY: (1.0, 100.0)})
        self.assertEqual(self._get_shares(lead, 'linear'), {DAY: (0.5, 50.0), LATER: (0.5, 50.0)})
        self.assertEqual(self._get_shares(lead, 'u_shaped'), {DAY: (0.5, 50.0), LATER: (0.5, 50.0)})

    def test_what_is_frozen_stays_when_later_mails_leave(self):
        runs, partners = self._mail_twice()
        lead = self._win(partners[0], day='2026-07-20')
        self.assertEqual(set(self._get_shares(lead, 'linear')), {DAY})
        self.assertEqual(lead.cadence_attribution_ids.run_id, runs[0])

    def test_a_mail_after_it_or_half_a_year_before_brought_nothing(self):
        _runs, partners = self._mail_twice()
        self.assertFalse(self._win(partners[0], day='2026-07-01').cadence_attribution_ids)
        self.assertFalse(self._win(partners[0], day='2027-03-01').cadence_attribution_ids)
        self.assertFalse(self._win(self._create_partners(1)).cadence_attribution_ids)

    def test_a_colleague_s_mail_counts_where_the_contact_had_none(self):
        self._mail_twice(domain='acme.example')
        boss = self._create_partners(1, domain='acme.example')
        self.assertEqual(set(self._get_shares(self._win(boss), 'last')), {LATER})

    def test_the_run_that_was_answered_is_the_last_one(self):
        runs, partners = self._mail_twice()
        lead = self._win(partners[0])
        lead.cadence_run_id = runs[0]
        self.assertEqual(set(self._get_shares(lead, 'last')), {DAY})

    def test_money_follows_the_opportunity_won_changed_and_lost_again(self):
        _runs, partners = self._mail_twice()
        lead = self._win(partners[0], 99.99)
        self.assertEqual(self._get_shares(lead, 'last'), {LATER: (1.0, 0.0)})
        lead.action_set_won()
        self.assertAlmostEqual(sum(amount for _weight, amount in self._get_shares(lead, 'linear').values()), 99.99)
        lead.expected_revenue = 10.01
        self.assertAlmostEqual(sum(amount for _weight, amount in self._get_shares(lead, 'u_shaped').values()), 10.01)
        lead.stage_id = self.env['crm.stage'].search([('is_won', '=', False)], limit=1)
        lead.action_set_lost()
        self.assertEqual(self._get_shares(lead, 'last'), {LATER: (1.0, 0.0)})
        self.assertFalse(any(lead.cadence_attribution_ids.mapped('is_won')))

    def test_what_was_changed_past_the_orm_is_read_again_by_the_cron(self):
        runs, partners = self._mail_twice()
        lead = self._win(partners[0])
        lead.action_set_won()
        self.env['cadence.result']._recount(runs)
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET expected_revenue = 7 WHERE id = %s", lead.ids)
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref('mass_mailing_cadence.ir_cron_count_results').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(sum(runs.result_ids.mapped('revenue')), 7.0)

    def test_merged_opportunities_keep_what_brought_them_once(self):
        runs, partners = self._mail_twice()
        lead, other = self._win(partners[0], 50.0), self._win(partners[1], 60.0)
        (lead + other).merge_opportunity(auto_unlink=True)
        survivor = (lead + other).exists()
        self.assertEqual(len(survivor), 1)
        survivor.action_set_won()
        self.env['cadence.result']._recount(runs)
        self.assertEqual(sum(runs.result_ids.mapped('opportunities')), 1)
        self.assertEqual(sum(runs.result_ids.mapped('revenue')), survivor.expected_revenue)

    def test_not_a_cent_is_lost_in_any_way_of_telling_and_any_grouping(self):
        chance = random.Random(3)
        runs, partners = self._mail_twice(5)
        leads = self.env['crm.lead']
        for _number in range(25):
            day = chance.choice(('2026-07-20', '2026-08-20'))
            leads += self._win(chance.choice(partners), chance.randint(1, 10**6) / 100, day)
        leads.filtered(lambda _lead: chance.random() < 0.6).action_set_won()
        total = round(sum(leads.filtered(lambda lead: lead.won_status == 'won').mapped('expected_revenue')), 2)
        Part = self.env['cadence.attribution']
        for by in ('run_id', 'letter_id', 'batch', 'segment_id'):
            for model in ('last', 'first', 'linear', 'u_shaped'):
                groups = Part._read_group([('lead_id', 'in', leads.ids), ('model', '=', model)], [by], ['amount:sum'])
                self.assertEqual(round(sum(amount for _key, amount in groups), 2), total, (by, model))
        self.env['cadence.result']._recount(runs)
        self.assertEqual(round(sum(runs.result_ids.mapped('revenue')), 2), total)
        self.assertEqual(round(sum(runs.result_ids.mapped('revenue_first')), 2), total)
        self.assertEqual(sum(runs.result_ids.mapped('opportunities')), 25)

    def test_a_deal_won_after_the_ledger_has_forgotten_the_mail_is_counted(self):
        runs, partners = self._mail_twice()
        lead = self._win(partners[0])
        self.env['cadence.result']._recount(runs)
        before = sum(runs.result_ids.mapped('mailed'))
        with self.at('2027-10-01'):
            self.env['cadence.touch']._gc_touches()
        lead.action_set_won()
        self.env['cadence.result']._recount(runs)
        self.assertEqual(sum(runs.result_ids.mapped('revenue')), 100.0)
        self.assertEqual(sum(runs.result_ids.mapped('mailed')), before)
