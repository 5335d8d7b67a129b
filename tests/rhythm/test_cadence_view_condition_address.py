import runpy
from pathlib import Path

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ...tools.address import address_pattern
from .common import ViewCase

MIGRATION = Path(__file__).parents[2] / 'migrations' / '19.0.1.3.0' / 'post-migrate.py'


@tagged('post_install', '-at_install')
class TestViewConditionAddress(ViewCase):

    def _create_condition(self, operator, value):
        return self._create_view({'field': 'email', 'operator': operator, 'value': value}).condition_ids

    def test_address_patterns_mean_what_the_design_says(self):
        addresses = ['a@qq.com', 'a@vip.qq.com', 'a@myqq.com', 'a@b.com.cn', 'a@b.edu.au', 'education@b.com', 'hr@b.com',
                     'chr@b.com', 'a@edu.b.com', 'x@my.education', '100%@b.com', 'a_b@b.com', 'aXb@b.com']
        partners = self.env['res.partner'].create([{'name': address, 'email': address} for address in addresses])
        for operator, value in (('ends', 'qq.com'), ('ends', '.cn; .au'), ('contains', '.edu'), ('starts', 'hr@;a_b'),
                                ('contains', 'edu；100%'), ('ends', 'b.com')):
            with self.subTest(operator=operator, value=value):
                view = self._create_view({'field': 'email', 'operator': operator, 'value': value})
                expected = partners.filtered(lambda partner, operator=operator, value=value: any(
                    address_pattern.matches(operator, pattern, partner.cadence_email)
                    for pattern in address_pattern.split(value)))
                self.assertTrue(expected)
                self.assertEqual(self._find(view, partners).sorted('id'), expected)

    def test_a_list_as_people_write_it_is_kept_as_what_it_means(self):
        for operator, value, kept in (
            ('ends', '*@rival.example | https://www.other.example/contact', '@rival.example;other.example'),
            ('ends', 'größe.example', 'xn--gre-6ka8i.example'),
            ('starts', 'hr*', 'hr'),
            ('contains', '“RIVAL”', 'rival'),
            ('ends', 'qq.com\n163.com', 'qq.com\n163.com'),
        ):
            with self.subTest(value=value):
                condition = self._create_condition(operator, value)
                self.assertEqual(condition.value, kept)
                condition.write({'operator': operator, 'value': value})
                self.assertEqual(condition.value, kept)

    def test_what_can_never_hold_is_refused_with_a_sentence_that_says_what_to_do(self):
        for operator, value, words in (
            ('starts', '@rival.example', '“@rival.example” cannot be the beginning.*“ends with”'),
            ('ends', 'qq.com; hr@', '“hr@” cannot be the end.*“starts with”'),
            ('ends', 'hr*', 'star'),
            ('contains', '*', 'every address'),
            ('ends', 'rival.example/contact', 'slash'),
            ('contains', 'müller', 'whole domain'),
            ('ends', '192.168.0.1', 'not a domain'),
            ('starts', 'a@b@c', 'more than one @'),
            ('contains', '^hr', 'plain text'),
            ('starts', 'x' * 99, 'longer'),
        ):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, f'View Test, condition “Address.*{words}'):
                self._create_condition(operator, value)

    def test_each_reason_of_the_reader_has_its_sentence(self):
        condition = self._create_condition('ends', 'qq.com')
        for reason in address_pattern.pattern_text.FAULTS:
            text = condition._get_fault_text(address_pattern.Fault('x', reason))
            self.assertTrue(text.startswith('“x” ') and text.endswith('.'), text)

    def test_a_list_of_before_is_read_as_it_was_meant_and_what_cannot_hold_makes_the_view_faulty(self):
        rival = self.env['res.partner'].create({'name': 'Rival', 'email': 'ann@mail.rival.example'})
        condition = self._create_condition('ends', 'x.example')
        self.env.cr.execute("UPDATE cadence_view_condition SET value = 'www.rival.example' WHERE id = %s", condition.ids)
        condition.invalidate_recordset()
        self.assertEqual(self._find(condition.view_id, rival), rival)
        self.env.cr.execute("UPDATE cadence_view_condition SET value = 'rival.*; x.example' WHERE id = %s", condition.ids)
        condition.invalidate_recordset()
        with self.assertRaisesRegex(UserError, 'View Test.*“rival.\\*” has a star'):
            condition.view_id._get_domain()

    def test_the_form_says_for_how_many_each_text_holds_and_warns_of_those_that_hold_for_nobody(self):
        self.partners[0].email = 'ann@rival.example'
        self.partners[1].email = 'hr@rival.example'
        self.partners[2].email = 'bob@firm.edu.au'
        with Form(self.env['cadence.view'].with_user(self.manager)) as form:
            form.name = 'Rivals'
            with form.condition_ids.new() as line:
                line.field = 'email'
                line.operator = 'ends'
                line.value = '@rival.example; rivale.example'
                self.assertEqual((line.partner_count, line.holding), (2, '@rival.example 2 · rivale.example 0'))
                self.assertIn('rivale.example', line.warning)
                line.value = '@rival.example'
                self.assertFalse(line.warning)
                line.operator = 'contains'
                line.value = '.edu; rival'
                self.assertEqual((line.partner_count, line.holding), (3, '.edu 1 · rival 2'))
                line.value = '*'
                self.assertIn('every address', line.problem)
                line.value = 'rival'

    def test_an_update_adds_to_the_list_that_a_user_changed_and_says_so(self):
        view = self.env.ref('mass_mailing_cadence.view_no_send')
        starts = view.condition_ids.filtered(lambda condition: (condition.field, condition.operator) == ('email', 'starts'))
        shipped = starts.value.split(';')
        starts.value = 'hr@;mine@;tick@'
        migration = runpy.run_path(str(MIGRATION))
        migration['_widen_no_send'](self.env)
        self.assertEqual(starts.value.split(';')[:3], ['hr@', 'mine@', 'tick@'])
        self.assertEqual(set(starts.value.split(';')), {'hr@', 'mine@', *migration['NO_SEND']}, "what was taken off stays off")
        self.assertLessEqual(set(migration['NO_SEND']), set(shipped))
        group = self.env.ref('mass_mailing_cadence.tag_group_marketing')
        self.assertIn('tickets@; helpdesk@', group.message_ids[0].body)
        self.assertNotIn('tick@;', group.message_ids[0].body)
        before = group.message_ids
        migration['_widen_no_send'](self.env)
        self.assertEqual(group.message_ids, before, "once")
        starts.unlink()
        migration['_widen_no_send'](self.env)
        self.assertFalse(view.condition_ids & starts)

    def test_an_update_gives_the_new_tag_its_group(self):
        tag = self.env.ref('mass_mailing_cadence.tag_not_target')
        self.assertEqual(tag.cadence_group_id.code, 'risk')
        tag.cadence_group_id = False
        runpy.run_path(str(MIGRATION))['_give_the_new_tag_its_group'](self.env)
        self.assertEqual(tag.cadence_group_id.code, 'risk')
