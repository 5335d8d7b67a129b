from ast import literal_eval
from inspect import signature

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CadenceCase

# What each role may do: r(ead), w(rite), c(reate), u(nlink).
RIGHTS = {
    'cadence.tag.group': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.customer.group': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.segment': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.view': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.view.condition': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.letter': {'salesman': 'r', 'marketer': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.letter.preview': {'salesman': 'rwcu', 'marketer': 'rwcu', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.letter.template': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.run': {'salesman': 'r', 'marketer': 'r', 'user': 'rw', 'manager': 'rw'},
    'cadence.departure': {},
    'cadence.touch': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.journal': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.release': {'salesman': 'rwcu', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.reply': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.why': {'salesman': 'rwcu', 'marketer': 'rwcu', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.why.line': {'salesman': 'rwcu', 'marketer': 'rwcu', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.result': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.result.hour': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.test': {'salesman': 'r', 'marketer': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.test.arm': {'salesman': 'r', 'marketer': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.test.unit': {},
    'cadence.attribution': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.cost': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.cost.share': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.mail.provider': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.mailbox.domain': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.mail.host': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rw'},
    'cadence.sender': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.segment.sender': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'rwcu'},
    'cadence.sender.provider': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.sender.refusal': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.sender.source': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.probe': {'manager': 'rwcu'},
    'cadence.sender.day': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.intake': {'salesman': 'r', 'marketer': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.intake.chunk': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
    'cadence.intake.claim': {},
    'cadence.intake.column': {'salesman': 'r', 'marketer': 'r', 'user': 'rwcu', 'manager': 'rwcu'},
    'cadence.settings': {'manager': 'rwcu'},
    'cadence.intake.line': {'salesman': 'r', 'marketer': 'r', 'user': 'r', 'manager': 'r'},
}
# The same for all companies: facts about the mail servers of the world.
SHARED = {'cadence.mail.provider', 'cadence.mail.host', 'cadence.mailbox.domain'}
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

    def test_somebody_without_a_role_works_with_contacts_and_filters_as_before(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        Partner = self.env['res.partner'].with_user(self.nobody)
        self.assertEqual(Partner.search([('cadence_view_ids', 'in', self.risk.ids), ('id', '=', partner.id)]), partner)
        values = Partner.browse(partner.id).read()[0]
        self.assertEqual((values['cadence_stage'], values['cadence_view_ids']), ('risk', self.risk.ids))
        self.assertNotIn('cadence_touch_ids', values)

    def test_a_customer_who_logs_in_learns_nothing_of_what_is_thought_of_them(self):
        portal = self._create_user('cadence_portal', 'base.group_portal')
        self._tag(portal.partner_id, 'tag_competitor')
        Partner = self.env['res.partner'].with_user(portal)
        fields_ = [name for name in self.env['res.partner']._fields if name.startswith('cadence_')]
        self.assertTrue(fields_)
        self.assertFalse(set(fields_) & set(Partner.fields_get()))
        self.assertTrue(Partner.browse(portal.partner_id.id).read(['name']))
        for name in fields_:
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    Partner.browse(portal.partner_id.id).read([name])
                if self.env['res.partner']._fields[name]._description_searchable:
                    with self.assertRaises(AccessError):
                        Partner.search([(name, '!=', False)])

    def test_buttons_are_only_for_those_who_see_the_record(self):
        portal = self._create_user('cadence_portal', 'base.group_portal')
        records = self._make_one_of_each(self.env.company) | {'res.partner': portal.partner_id}
        for model, record in records.items():
            ours = [cls for cls in type(record).__mro__ if cls.__module__.startswith('odoo.addons.mass_mailing_cadence.')]
            methods = sorted({name for cls in ours for name in cls.__dict__ if name.startswith(('action_', 'get_'))})
            for name in methods:
                method = getattr(record.with_user(portal), name)
                arguments = [record] * sum(
                    parameter.default is parameter.empty for parameter in signature(method).parameters.values())
                with self.subTest(model=model, method=name), self.assertRaises(AccessError):
                    method(*arguments)

    def test_a_contact_manager_may_create_a_batch_tag_by_name(self):
        secretary = self._create_user('secretary', 'base.group_partner_manager')
        tag = self.env['res.partner.category'].with_user(secretary).create({'name': 'English-Equipment dealers-Marketing11'})
        self.assertEqual(tag.sudo().cadence_batch, 11)

    def test_an_email_marketing_user_sees_and_sends_the_mailings_of_runs(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        mailing = self._queue('2026-07-05')['marketing'].mailing_ids.with_user(self.marketer)
        self.assertEqual(self.env['res.partner'].with_user(self.marketer).search(
            literal_eval(mailing.mailing_domain)), partner)
        self.assertEqual(mailing.total, 1)
        with self.at('2026-07-05', 10), self.mock_mail_gateway():
            mailing.action_send_mail()
            self.assertEqual(self._get_mailed(), [partner.email_formatted])

    def test_a_salesperson_reads_every_screen(self):
        letter = self._create_letter()
        partner = self._create_partners(2, batch=5)[0]
        with self.at('2026-07-05'):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            planned = self._runs('2026-07-05')['marketing'].with_user(self.salesman)
            self.assertEqual(planned.story[-1]['count'], 2)
        run = self._queue('2026-07-05')['marketing']
        for record in (run, letter, self.segment, self.risk, partner):
            view = record.with_user(self.salesman).get_views([(False, 'form')])['models'][record._name]['fields']
            self.env.invalidate_all()
            shown = [name for name in view if name in record._fields]
            self.assertTrue(record.with_user(self.salesman).read(shown), record)

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
        self.assertEqual(set(mine), {
            model for model, roles in RIGHTS.items() if roles and model not in SHARED and not self.env[model]._transient})
        for model, record in theirs.items():
            for role in ('salesman', 'marketer', 'user', 'manager'):
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
        partner = self.env['res.partner'].create({'name': 'x', 'company_id': company.id})
        reply = self.env['cadence.reply'].create({
            'partner_id': partner.id, 'company_id': company.id, 'date': '2026-07-05', 'kind': 'person', 'state': 'waiting'})
        entry = self.env['cadence.journal']._note(partner, 'freed')
        result = self.env['cadence.result'].create({
            'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': self.marketing.id, 'company_id': company.id,
            'date': '2026-07-05', 'grain': 'x', 'counted_date': '2026-07-05'})
        hour = self.env['cadence.result.hour'].create({
            'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': self.marketing.id, 'company_id': company.id,
            'date': '2026-07-05', 'weekday': 1, 'hour': 9})
        template = self.env['cadence.letter.template'].create({
            'name': 'x', 'lang': 'fr', 'subject': 'x', 'body_html': '<p>x</p>', 'unsubscribe': 'x', 'company_id': company.id})
        letter = self._create_letter(segment=segment)
        test = self.env['cadence.test'].create({
            'segment_id': segment.id, 'tag_group_id': self.marketing.id, 'step': 1,
            'arm_ids': [(0, 0, {'letter_id': letter.id})]})
        cost = self.env['cadence.cost'].create({'name': 'x', 'amount': 1, 'company_id': company.id})
        share = self.env['cadence.cost.share'].create({'cost_id': cost.id, 'run_id': run.id, 'grain': 'x', 'amount': 1})
        part = self.env['cadence.attribution'].create({
            'lead_id': self.env['crm.lead'].create({'name': 'x', 'company_id': company.id}).id, 'company_id': company.id,
            'model': 'last', 'run_id': run.id, 'date': '2026-07-05'})
        sender = segment.sender_id
        further = self.env['cadence.segment.sender'].create({'segment_id': segment.id, 'email_from': 'further@me.example'})
        source = self.env['cadence.sender.source'].create({
            'sender_id': sender.id, 'date': '2026-07-05', 'source': '192.0.2.1', 'standing': 'ours'})
        sender_day = self.env['cadence.sender.day']._note(sender, '2026-07-05', cap=1)
        google = self.env.ref('mass_mailing_cadence.mail_provider_google')
        part_of_sender = self.env['cadence.sender.provider'].create({'sender_id': sender.id, 'provider_id': google.id})
        refusal = self.env['cadence.sender.refusal'].create({
            'sender_id': sender.id, 'touch_id': touch.id, 'moment': '2026-07-05 09:00:00'})
        return {record._name: record for record in (
            sender, sender_day, part_of_sender, refusal, further, source, customers, segment, group, view, view.condition_ids,
            run, touch, letter, intake,
            test, test.arm_ids, template, reply, entry, result, hour, part, cost, share, intake.column_ids[:1],
            intake.chunk_ids[:1], intake.line_ids[:1])}
