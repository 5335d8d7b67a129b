from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CadenceCase

NOW = '2026-07-20'


@tagged('post_install', '-at_install')
class TestBehaviorCondition(CadenceCase):
    """Views that ask what contacts did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailing = cls.env['mailing.mailing'].create({
            'subject': 'Cranes', 'mailing_model_id': cls.env['ir.model']._get_id('res.partner'), 'body_html': '<p>Cranes</p>'})
        cls.partners = cls._create_partners(5)
        cls.recent, cls.old, cls.machine, cls.mailed, cls.never = cls.partners
        cls._trace(cls.recent, 3, open_datetime=2, links_click_datetime=2, reply_datetime=1)
        cls._trace(cls.old, 100, open_datetime=90)
        cls._trace(cls.machine, 3, open_datetime=3, links_click_datetime=3, cadence_follow_up='machine')
        cls._trace(cls.mailed, 10)

    @classmethod
    def _trace(cls, partner, sent, cadence_follow_up=False, **days):
        now = datetime.fromisoformat(f'{NOW} 12:00:00')
        moments = {name: now - timedelta(days=number) for name, number in days.items()}
        cls.env['mailing.trace'].create({
            'mass_mailing_id': cls.mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'trace_status': 'sent',
            'sent_datetime': now - timedelta(days=sent), 'cadence_follow_up': cadence_follow_up, **moments})

    def _find(self, field, operator, days=30):
        view = self.env['cadence.view'].create({'name': 'Test', 'condition_ids': [
            Command.create({'field': field, 'operator': operator, 'days': days})]})
        self.partners.invalidate_recordset()
        with self.at(NOW, 12):
            found = self.env['res.partner'].search([('id', 'in', self.partners.ids), ('cadence_view_ids', 'in', view.ids)])
            self.assertEqual(self.partners.filtered(lambda partner: view in partner.cadence_view_ids), found)
            self.assertEqual(self.env['res.partner'].search([
                ('id', 'in', self.partners.ids), ('cadence_view_ids', 'not in', view.ids)]), self.partners - found)
        return found

    def test_a_view_asks_who_was_mailed_in_the_last_days_and_who_never_was(self):
        self.assertEqual(self._find('mailed', 'within'), self.recent + self.machine + self.mailed)
        self.assertEqual(self._find('mailed', 'not_within'), self.old + self.never)
        self.assertEqual(self._find('mailed', 'within', days=5), self.recent + self.machine)
        self.assertEqual(self._find('mailed', 'ever'), self.partners - self.never)
        self.assertEqual(self._find('mailed', 'never'), self.never)

    def test_a_view_asks_who_opened_and_no_machine_counts(self):
        self.assertEqual(self._find('opened', 'within'), self.recent)
        self.assertEqual(self._find('opened', 'ever'), self.recent + self.old)
        self.assertEqual(self._find('opened', 'never'), self.machine + self.mailed + self.never)

    def test_a_view_asks_who_clicked_and_who_replied(self):
        for field in ('clicked', 'replied'):
            self.assertEqual(self._find(field, 'within'), self.recent)
            self.assertEqual(self._find(field, 'not_within'), self.partners - self.recent)

    def test_conditions_combine_with_the_others_and_say_what_they_ask(self):
        view = self.env['cadence.view'].create({'name': 'Asleep', 'condition_ids': [
            Command.create({'field': 'mailed', 'operator': 'within', 'days': 120}),
            Command.create({'field': 'opened', 'operator': 'not_within', 'days': 60})]})
        with self.at(NOW, 12):
            found = self.env['res.partner'].search([('cadence_view_ids', 'in', view.ids), ('id', 'in', self.partners.ids)])
            self.assertEqual(found, self.old + self.machine + self.mailed)
            self.assertEqual(view._get_reason(self.old), 'Mailed in the last 120 days')
        self.assertEqual(view.condition_ids[1].display_name, 'Opened not in the last 60 days')

    def test_a_view_that_asks_for_behavior_keeps_contacts_out_of_a_run(self):
        self._create_letter()
        self.partners.category_id = self.segment._get_batch_tags(self.marketing, [20])
        view = self.env['cadence.view'].create({'name': 'Asked lately', 'condition_ids': [
            Command.create({'field': 'replied', 'operator': 'within', 'days': 30})]})
        self.marketing.exclude_view_ids += view
        self._queue(NOW, 12)
        self.assertEqual(self._touch(self.recent, NOW).view_id, view)
        self.assertEqual(self._touch(self.never, NOW).state, 'reserved')

    def test_days_are_a_number_that_makes_sense(self):
        for days in (0, -1, 100_000):
            with self.subTest(days=days), self.assertRaisesRegex(ValidationError, 'number of days'):
                self._find('opened', 'within', days=days)

    def test_a_field_offers_what_it_can_be_asked_for_and_nothing_else(self):
        condition = self.env['cadence.view.condition'].new({'field': 'opened'})
        self.assertEqual(condition.operators, ['within', 'not_within', 'ever', 'never'])
        self.assertEqual(condition.operator, 'within')
        condition.field = 'email'
        self.assertEqual(condition.operators, ['starts', 'ends', 'contains'])
        self.assertEqual(condition.operator, 'starts')
        with self.assertRaises(ValidationError):
            self._find('opened', 'any')

    def test_a_contact_is_asked_by_an_index_however_many_traces_there_are(self):
        condition = self.env['cadence.view.condition'].create({
            'view_id': self.env['cadence.view'].create({'name': 'Test'}).id, 'field': 'opened', 'operator': 'within'})
        query = self.env['res.partner']._search(condition._get_domain())
        self.env.flush_all()
        self.env.cr.execute('SET LOCAL enable_seqscan = off')
        plan = ' '.join(line for line, in self.env.execute_query(query.select().__class__("EXPLAIN %s", query.select())))
        self.assertIn('mailing_trace_cadence_opened', plan)
