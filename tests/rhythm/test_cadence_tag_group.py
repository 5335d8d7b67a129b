from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CadenceCase

DAY = '2026-07-05'
LOGGERS = tuple(f'odoo.addons.mass_mailing_cadence.models.{name}' for name in (
    'rhythm.cadence_view', 'day.cadence_run_queue', 'day.mailing_mailing'))


@tagged('post_install', '-at_install')
class TestTagGroup(CadenceCase):

    def _create_group(self, **values):
        return self.env['cadence.tag.group'].with_user(self.manager).create({
            'name': 'Winning back', 'code': 'back', 'marker': 'Back', 'batch_count': 5, 'cycle_days': 30} | values)

    def test_a_new_group_leaves_risk_intention_and_no_send_in_peace(self):
        group = self._create_group()
        self.assertEqual(set(group.exclude_view_ids.mapped('stage')), {'risk', 'intention', 'no_send'})
        self.assertFalse(group.exclude_warning)

    def test_the_form_tells_who_is_mailed_as_well_when_a_view_was_taken_out(self):
        group = self._create_group()
        group.exclude_view_ids -= self.risk
        self.assertEqual(group.exclude_warning, "Mailed as well: whoever is in Risk.")
        self.assertFalse(self._create_group(code='tags', marker=False, batch_count=0, exclude_view_ids=False).exclude_warning)

    def test_the_history_tells_who_took_a_view_out(self):
        group = self._create_group().with_context(tracking_disable=False)
        self.flush_tracking()
        group.exclude_view_ids -= self.risk
        self.flush_tracking()
        values = group.sudo().message_ids[0].tracking_value_ids
        self.assertEqual(values.field_id.name, 'exclude_view_ids')
        self.assertIn('Risk', values.old_value_char)
        self.assertNotIn('Risk', values.new_value_char)

    def test_a_group_whose_tags_keep_contacts_out_is_neither_archived_nor_deleted(self):
        risk = self.env.ref('mass_mailing_cadence.tag_group_risk').with_user(self.manager)
        for take_away in (risk.action_archive, risk.unlink):
            with self.assertRaisesRegex(UserError, 'Risk is what view Risk asks for.*out of the mails of'):
                take_away()

    def test_the_group_that_openers_go_to_is_not_archived(self):
        with self.assertRaisesRegex(UserError, 'Openers of Marketing go to Reading'):
            self.reading.with_user(self.manager).action_archive()

    def test_a_group_on_which_nothing_relies_is_archived(self):
        self.marketing.with_user(self.manager).action_archive()
        self.assertFalse(self.marketing.active)

    def test_risk_holds_although_view_group_and_tag_were_archived_behind_our_back(self):
        self._create_letter()
        partners = self._create_partners(2, batch=5)
        self._tag(partners[0], 'tag_competitor')
        group = self.env.ref('mass_mailing_cadence.tag_group_risk')
        for record in (self.risk, group, self.env.ref('mass_mailing_cadence.tag_competitor')):
            self.env.cr.execute(f'UPDATE {record._table} SET active = FALSE WHERE id = %s', record.ids)
        self.env.invalidate_all()
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.touch_ids.filtered(lambda touch: touch.state == 'reserved').partner_id, partners[1])
        self.assertEqual(self._compose(DAY), [partners[1].email_formatted])

    def test_a_shared_group_does_not_rely_on_the_view_of_one_company(self):
        view = self.env['cadence.view'].create({'name': 'Ours', 'company_id': self.env.company.id, 'condition_ids': [
            Command.create({'field': 'email', 'operator': 'ends', 'value': '.cn'})]})
        with self.assertRaisesRegex(ValidationError, 'mailed for more companies'):
            self.marketing.exclude_view_ids += view
        group = self._create_group(company_id=self.env.company.id, exclude_view_ids=view.ids)
        with self.assertRaisesRegex(ValidationError, 'mailed for more companies'):
            group.company_id = False

    def test_a_tag_that_keeps_contacts_out_is_not_clicked_out_of_its_group(self):
        competitor, risk = (self.env.ref(f'mass_mailing_cadence.{name}') for name in ('tag_competitor', 'tag_group_risk'))
        self._tag(self._create_partners(1), 'tag_competitor')
        with self.assertRaisesRegex(UserError, 'Competitor belongs to Risk'):
            risk.with_user(self.manager).tag_ids = [Command.unlink(competitor.id)]
        with self.assertRaisesRegex(UserError, 'Competitor belongs to Risk'):
            competitor.with_user(self.manager).cadence_group_id = self._create_group(code='other', batch_count=0)
        competitor.with_user(self.manager).cadence_group_id = self.env.ref('mass_mailing_cadence.tag_group_intention')
        self.env['res.partner'].search([('category_id', 'in', competitor.ids)]).category_id -= competitor
        competitor.with_user(self.manager).cadence_group_id = False

    def test_a_tag_that_a_view_in_use_asks_for_is_not_deleted(self):
        tag, child = self.env['res.partner.category'].create([{'name': 'Rival'}, {'name': 'Sworn rival'}])
        child.parent_id = tag
        view = self.env['cadence.view'].create({'name': 'Rivals', 'condition_ids': [
            Command.create({'field': 'tag', 'tag_ids': child.ids})]})
        self.marketing.exclude_view_ids += view
        for doomed in (child, tag):
            with self.assertRaisesRegex(UserError, 'View Rivals keeps its contacts out'):
                doomed.unlink()

    def test_a_cycle_is_not_made_shorter_than_the_batches_that_have_contacts(self):
        batch = self._create_partners(1, batch=9).category_id
        with self.assertRaisesRegex(ValidationError, batch.name):
            self.marketing.batch_count = 8
        batch.partner_ids.active = False
        with self.assertRaises(ValidationError):
            self.marketing.batch_count = 8
        batch.with_context(active_test=False).partner_ids = False
        self.marketing.batch_count = 8

    def test_a_duplicate_has_a_code_and_a_marker_of_its_own(self):
        first, second = self.marketing.copy(), self.marketing.copy()
        self.assertEqual(len({group.code for group in (self.marketing, first, second)}), 3)
        self.assertNotEqual(first.marker, self.marketing.marker)
        self.assertEqual(first.exclude_view_ids, self.marketing.exclude_view_ids)

    # A view that cannot be asked

    def _break(self, view):
        """What an upgrade or a deleted field leaves behind."""
        self.env.cr.execute(
            "UPDATE cadence_view_condition SET domain = '[(''x_vip'', ''='', True)]' WHERE view_id = %s", view.ids)
        self.env.invalidate_all()

    def test_a_faulty_view_blocks_the_groups_that_leave_it_out_and_nothing_else(self):
        view = self.env['cadence.view'].with_user(self.manager).create({'name': 'VIP', 'condition_ids': [
            Command.create({'field': 'domain', 'domain': "[('ref', '=', 'VIP')]"})]})
        self.reading.exclude_view_ids += view
        self._create_letter()
        self._create_letter(group=self.reading)
        reader, other = self._create_partners(1, batch=5, group=self.reading), self._create_partners(1, batch=5)
        self._break(view)
        with mute_logger(*LOGGERS):
            runs = self._queue(DAY)
            self.assertEqual(runs['reading'].state, 'blocked')
            self.assertRegex(runs['reading'].blocked_reason, 'View VIP, condition .*x_vip')
            self.assertIn('View VIP', runs['reading'].activity_ids.note)
            self.assertEqual(self._compose(DAY), [other.email_formatted])
            self.assertEqual(reader.with_user(self.salesman).read(['cadence_stage'])[0]['cadence_stage'], 'reading')
        view.condition_ids.domain = "[('ref', '=', 'VIP')]"
        self._queue(DAY, 13)
        self.assertEqual(self._compose(DAY, 14), [reader.email_formatted])

    def test_a_view_that_turns_faulty_after_queueing_holds_the_mails(self):
        view = self.env['cadence.view'].with_user(self.manager).create({'name': 'VIP', 'condition_ids': [
            Command.create({'field': 'domain', 'domain': "[('ref', '=', 'VIP')]"})]})
        self.marketing.exclude_view_ids += view
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._break(view)
        with mute_logger(*LOGGERS):
            self.assertFalse(self._compose(DAY))
            self.assertEqual(self._touch(partner, DAY).outcome, 'waiting')
        view.condition_ids.domain = "[('ref', '=', 'VIP')]"
        self.assertEqual(self._compose(DAY, 14), [partner.email_formatted])
