from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...tools.mail.bounce import Bounce
from .test_cadence_reply import DAY, ReplyCase


@tagged('post_install', '-at_install')
class TestCadenceJournal(ReplyCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env['res.company'].create({'name': 'Other company'})
        cls.stranger = cls._create_user(
            'cadence_other', 'sales_team.group_sale_salesman,mass_mailing_cadence.group_user', company_id=cls.other.id,
            company_ids=[(6, 0, cls.other.ids)])

    def test_the_journal_is_only_added_to(self):
        self.env['mail.blacklist']._add(self.anna.email)
        entry = self._entries(self.anna)
        with self.assertRaises(UserError):
            entry.reason = 'won'
        with self.assertRaises(UserError):
            entry.unlink()

    def test_nobody_writes_into_it_by_hand(self):
        values = {'partner_id': self.anna.id, 'reason': 'won'}
        with self.assertRaises(AccessError):
            self.env['cadence.journal'].with_user(self.manager).create(values)

    def test_what_another_decision_gave_as_well_stays(self):
        self._receive('gmail_person', self.anna)
        entry = self._entries(self.anna)
        self.env['cadence.journal']._note(self.anna, 'replied', tag_id=self.replied.id)
        entry.action_undo()
        self.assertIn(self.replied, self.anna.category_id)

    def test_taking_back_twice_is_refused(self):
        self.env['mail.blacklist']._add(self.anna.email)
        entry = self._entries(self.anna)
        entry.action_undo()
        with self.assertRaises(UserError):
            entry.action_undo()

    def test_a_decision_is_the_company_s_whose_mail_it_is_about(self):
        self.assertFalse(self.anna.company_id, "a contact that belongs to all companies")
        self._receive('gmail_person', self.anna)
        self.env['cadence.risk']._take_returned(
            self.env['mailing.trace']._cadence_find([self._trace(self.bob).message_id]), Bounce('dead', '5.1.1'))
        for entry in self._entries(self.anna) + self._entries(self.bob):
            self.assertEqual(entry.company_id, self.segment.company_id)
            self.assertFalse(self.env['cadence.journal'].with_user(self.stranger).search([('id', '=', entry.id)]))
            with self.assertRaises(AccessError):
                entry.with_user(self.stranger).action_undo()
            with self.assertRaises(AccessError):
                entry.with_user(self.stranger).action_open_source()
            entry.with_user(self.salesman).action_undo()
            self.assertEqual(entry.undone_by_id.company_id, self.segment.company_id)

    def test_the_statement_writes_what_it_is_given(self):
        self._queue(DAY)
        with self.at(DAY) as now:
            self.env.cr.execute(self.env['cadence.journal']._sql_insert(
                self._decision(self.anna, 'silent', '3'), now))
        entry = self._entries(self.anna)
        self.assertEqual((entry.reason, entry.detail, entry.date, entry.company_id), ('silent', '3', now, self.env.company))

    def _decision(self, partner, reason, detail):
        return SQL("SELECT %s::int, %s::int, %s, %s, NULL::int, NULL::int, NULL::int",
                   partner.id, self.env.company.id, reason, detail)
