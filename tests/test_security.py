from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CadenceCase

# What each role may do: r(ead), w(rite), c(reate), u(nlink).
RIGHTS = {
    'cadence.tag.group': {'salesman': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.customer.group': {'salesman': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.segment': {'salesman': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.view': {'salesman': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.view.condition': {'salesman': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.letter': {'salesman': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.run': {'salesman': 'r', 'user': 'rw', 'manager': 'rw'},
    'cadence.touch': {'salesman': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.intake': {'salesman': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.intake.column': {'salesman': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.intake.line': {'salesman': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
}
OPERATIONS = {'r': 'read', 'w': 'write', 'c': 'create', 'u': 'unlink'}


@tagged('post_install', '-at_install')
class TestSecurity(CadenceCase):

    def test_each_role_may_do_what_the_table_says_and_nothing_else(self):
        for model, roles in RIGHTS.items():
            for role, allowed in {'nobody': '', **roles}.items():
                Model = self.env[model].with_user(getattr(self, role))
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(Model.has_access(operation), letter in allowed)

    def test_every_model_of_ours_is_in_the_table(self):
        ours = {model for model in self.env if model.startswith('cadence.') and not self.env[model]._abstract}
        self.assertEqual(ours, set(RIGHTS))

    def test_somebody_without_a_role_is_not_let_in(self):
        with self.assertRaises(AccessError):
            self.segment.with_user(self.nobody).read(['name'])

    def test_records_of_another_company_are_out_of_reach(self):
        mine = self._make_one_of_each(self.env.company)
        other_company = self.env['res.company'].create({'name': 'Other company'})
        theirs = self._make_one_of_each(other_company)
        self.assertEqual(set(mine), set(RIGHTS))
        for model, record in theirs.items():
            for role in ('salesman', 'user', 'manager'):
                user = getattr(self, role)
                with self.subTest(model=model, role=role):
                    self.assertTrue(mine[model].with_user(user).read(['display_name']))
                    self.assertFalse(self.env[model].with_user(user).search([('id', '=', record.id)]))
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(['display_name'])

    def _make_one_of_each(self, company):
        customers = self.env['cadence.customer.group'].create({'name': 'Rental', 'company_id': company.id})
        segment = self._create_segment('base.lang_fr', company_id=company.id, customer_group_id=customers.id, user_id=False)
        group = self.env['cadence.tag.group'].create({'name': 'x', 'code': f'x{company.id}', 'company_id': company.id})
        view = self.env['cadence.view'].create({'name': 'x', 'company_id': company.id, 'condition_ids': [(0, 0, {
            'field': 'email', 'operator': 'starts', 'value': 'x@'})]})
        run = self.env['cadence.run'].create({
            'segment_id': segment.id, 'tag_group_id': self.marketing.id, 'date': '2026-07-05'})
        touch = self.env['cadence.touch'].create({
            'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': self.marketing.id, 'company_id': company.id,
            'date': '2026-07-05', 'state': 'reserved', 'email': 'x@x.example'})
        intake = self.env['cadence.intake'].create({
            'segment_id': segment.id, 'file_name': 'a.csv', 'file': 'RS1tYWlsCmFAYi5leGFtcGxlCg=='})
        intake.action_preview()
        return {record._name: record for record in (
            customers, segment, group, view, view.condition_ids, run, touch, self._create_letter(segment=segment), intake,
            intake.column_ids[:1], intake.line_ids[:1])}
