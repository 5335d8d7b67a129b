from odoo.tests import tagged

from .test_cadence_cost import CostCase


@tagged('post_install', '-at_install')
class TestPrice(CostCase):

    def _create_servers(self, *prices):
        return self.env['ir.mail_server'].create([
            {'name': f'Server {price}', 'smtp_host': 'smtp.me.example', 'cadence_price': price} for price in prices])

    def _allocate(self, day):
        with self.at(day):
            self.env['cadence.cost']._allocate_due()
        self.env.invalidate_all()

    def test_a_price_per_thousand_mails_becomes_a_cost_of_the_month_and_follows_its_mails(self):
        server, other = self._create_servers(2000.0, 5.0)
        self.segment.mail_server_id = server
        runs = self._mail_days()
        self._allocate('2026-07-13')
        cost = self.env['cadence.cost'].search([])
        self.assertEqual((cost.mail_server_id, cost.amount, cost.rest), (server, 30.0, 0.0))
        self.assertEqual((str(cost.date_from), str(cost.date_to), cost.kind), ('2026-07-01', '2026-07-31', 'mail_server'))
        self.assertEqual(self._get_costs(runs), [14.0, 6.0, 10.0])
        late = self._mail(self._create_partners(2, batch=12), '2026-07-12')[0]
        self.env['cadence.result']._recount(late)
        self._allocate('2026-07-14')
        self.assertEqual(cost.amount, 34.0)
        self.assertEqual(self._get_costs(runs + late), [14.0, 6.0, 10.0, 4.0])
        self.assertEqual(len(self.env['cadence.cost'].search([])), 1, other.name)

    def test_mails_by_another_server_pay_nothing_of_it(self):
        server, other = self._create_servers(1000.0, 0.0)
        self.segment.mail_server_id = server
        first = self._mail(self._create_partners(3, batch=9), '2026-07-09')[0]
        self.segment.mail_server_id = other
        second = self._mail(self._create_partners(5, batch=10), '2026-07-10')[0]
        self.env['cadence.result']._recount(first + second)
        self._allocate('2026-07-13')
        self.assertEqual(self._get_costs(first + second), [3.0, 0.0])

    def test_bought_addresses_cost_the_mails_of_their_round_and_nothing_when_they_are_taken_back(self):
        with self.at('2026-07-09'):
            intake = self.env['cadence.intake'].create({
                'segment_id': self.segment.id, 'pasted_text': 'a@one.example; b@two.example; broken', 'address_price': 0.5,
                'start_date': '2026-07-09'})
            intake.action_preview()
            intake.action_save()
        run = self._mail(self.env['res.partner'], '2026-07-09')[0]
        self.env['cadence.result']._recount(run)
        self._allocate('2026-07-10')
        cost = self.env['cadence.cost'].search([('intake_id', '=', intake.id)])
        self.assertEqual((cost.amount, cost.kind, cost.segment_ids), (1.0, 'addresses', self.segment))
        self.assertEqual((str(cost.date_from), str(cost.date_to)), ('2026-07-09', '2026-08-07'))
        self.assertEqual(self._get_costs(run), [1.0])
        intake.address_price = 2.0
        self._allocate('2026-07-11')
        self.assertEqual(cost.amount, 4.0)
        intake.action_undo()
        self._allocate('2026-07-12')
        self.assertFalse(cost.exists())
        self.assertEqual(self._get_costs(run), [0.0])
