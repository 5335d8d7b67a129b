from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_cadence_reply import ReplyCase


@tagged('post_install', '-at_install')
class TestResPartnerTimeline(ReplyCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': 'Other company'})
        cls.stranger = cls._create_user(
            'cadence_other', 'sales_team.group_sale_salesman', company_id=cls.other.id, company_ids=[(6, 0, cls.other.ids)])

    def _titles(self, user):
        self.env.invalidate_all()
        return [entry['title'] for entry in self.anna.with_user(user).get_cadence_timeline()['entries']]

    def test_mails_answers_and_decisions_stand_in_one_line_of_time(self):
        self._receive('gmail_person', self.anna)
        titles = self._titles(self.salesman)
        self.assertEqual(titles[-1], 'Mailed: Letter 1')
        self.assertIn('Replied', titles)
        self.assertTrue([title for title in titles if title.startswith('Replied: ')])
        counts = self.anna.with_user(self.salesman).cadence_timeline['counts']
        self.assertEqual(counts, {'mailed': 1, 'opened': 1, 'clicked': 0, 'replied': 1})

    def test_another_company_s_mails_answers_and_decisions_are_not_told(self):
        self._receive('gmail_person', self.anna)
        self.env['crm.lead'].create({
            'name': 'Secret cranes', 'type': 'opportunity', 'partner_id': self.anna.id, 'company_id': self.env.company.id})
        self.assertEqual(self._titles(self.stranger), [])
        self.assertFalse(any(self.anna.with_user(self.stranger).cadence_timeline['counts'].values()))

    def test_an_opportunity_s_name_is_for_those_who_may_read_it(self):
        lead = self.env['crm.lead'].create({
            'name': 'Secret cranes', 'type': 'opportunity', 'partner_id': self.anna.id, 'user_id': self.manager.id})
        chief = self._create_user('cadence_chief', 'sales_team.group_sale_salesman_all_leads')
        for user, name in ((self.salesman, ''), (chief, lead.name)):
            entries = self.anna.with_user(user).get_cadence_timeline()['entries']
            self.assertEqual([entry['text'] for entry in entries if entry['title'] == 'New opportunity'], [name])

    def test_who_may_not_read_the_ledger_gets_no_timeline(self):
        for user in (self.nobody, self._create_user('cadence_portal', 'base.group_portal')):
            with self.assertRaises(AccessError):
                self.anna.with_user(user).get_cadence_timeline()
