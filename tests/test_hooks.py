import runpy
from pathlib import Path

from odoo.tests import tagged

from ..hooks import post_init_hook, pre_init_hook
from ..prepare import ADDRESS_COLUMNS
from .common import CadenceCase
from .tools.test_canonical import NONE, SEVERAL, SPELLINGS

MIGRATION = Path(__file__).parents[1] / 'migrations' / '19.0.1.3.0' / 'pre-migrate.py'


@tagged('post_install', '-at_install')
class TestHooks(CadenceCase):

    def test_what_is_there_before_the_module_is_filled_as_the_computed_fields_fill_it(self):
        texts = [*SEVERAL, *NONE, *(text for spellings in SPELLINGS.values() for text in spellings), 'a' * 64 + '@acme.example']
        self.env['res.partner'].create([{'name': 'x', 'email': text} for text in texts])
        self.env['res.partner'].create({'name': 'x', 'is_company': True, 'website': 'https://www.acme.co.uk'})
        self.env['mailing.contact'].create([{'name': 'x', 'email': text} for text in texts])
        self.env['mail.blacklist'].create([{'email': email} for email in SPELLINGS])
        self.env.flush_all()
        tables = {table: list(columns) for table, columns in ADDRESS_COLUMNS.items()}
        tables['res_partner'].append('cadence_company_domain')
        computed = {table: self._read(table, columns) for table, columns in tables.items()}
        for table, columns in tables.items():
            for column in columns:
                self.cr.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
        pre_init_hook(self.env)
        for table, columns in tables.items():
            self.assertEqual(self._read(table, columns), computed[table])
        self.assertGreater(sum(bool(row[1]) for row in computed['res_partner']), 60)

    def test_tags_that_have_our_names_already_become_ours(self):
        self.env['res.lang']._activate_lang('zh_CN')
        shipped = self.env.ref('mass_mailing_cadence.tag_competitor')
        chinese = self.env.ref('mass_mailing_cadence.tag_inquiry').with_context(lang='zh_CN').name
        kept, again, inquiry, plain = self.env['res.partner.category'].create([
            {'name': 'Competitor', 'active': False}, {'name': 'COMPETITOR'}, {'name': chinese}, {'name': 'Competitors'}])
        partners = self._create_partners(4, batch=5)
        for partner, tag in zip(partners, kept + again + inquiry + plain, strict=True):
            partner.category_id += tag
        tagged = self._create_partners(1)
        self._tag(tagged, 'tag_competitor')
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.env.ref('mass_mailing_cadence.tag_competitor'), kept)
        self.assertEqual(self.env.ref('mass_mailing_cadence.tag_inquiry'), inquiry)
        self.assertFalse(shipped.exists())
        self.assertEqual((kept + again).cadence_group_id.code, 'risk')
        self.assertTrue(kept.active)
        self.assertFalse(plain.cadence_group_id)
        self.assertEqual(partners.mapped('cadence_stage'), ['risk', 'risk', 'intention', 'silent'])
        self.assertEqual(tagged.category_id, kept)
        self.assertEqual(self.env.ref('mass_mailing_cadence.lost_reason_competitor').cadence_tag_id, kept)

    def test_an_update_brings_the_new_chinese_words_where_nobody_chose_others(self):
        self.env['res.lang']._activate_lang('zh_CN')
        names = {'tag_competitor': '竞争对手', 'view_silent': '沉默', 'tag_unsubscribed': '不再联系'}
        chinese = {name: self.env.ref(f'mass_mailing_cadence.{name}').with_context(lang='zh_CN') for name in names}
        for name, before in names.items():
            chinese[name].name = before
        menu = self.env.ref('mass_mailing_cadence.cadence_segment_menu').with_context(lang='zh_CN')
        menu.name = '细分'
        view = self.env.ref('mass_mailing_cadence.cadence_segment_view_form').with_context(lang='zh_CN')
        self.env.flush_all()
        runpy.run_path(str(MIGRATION))['_forget_old_words'](self.env.cr)
        self.env.invalidate_all()
        self.env['ir.module.module']._load_module_terms(['mass_mailing_cadence'], ['zh_CN'])
        self.env.invalidate_all()
        self.assertEqual([chinese[name].name for name in names], ['同行', '静默', '不再联系'])
        self.assertEqual(menu.name, '细分客群')
        self.assertIn('发件人', view.arch)

    def test_lost_reasons_that_have_our_names_already_become_ours(self):
        shipped = self.env.ref('mass_mailing_cadence.lost_reason_competitor')
        kept = self.env['crm.lost.reason'].create({'name': shipped.name})
        post_init_hook(self.env)
        self.assertEqual(self.env.ref('mass_mailing_cadence.lost_reason_competitor'), kept)
        self.assertEqual(kept.cadence_tag_id, self.env.ref('mass_mailing_cadence.tag_competitor'))

    def test_where_nothing_has_our_names_nothing_changes(self):
        before = self.env.ref('mass_mailing_cadence.tag_competitor')
        post_init_hook(self.env)
        self.assertEqual(self.env.ref('mass_mailing_cadence.tag_competitor'), before)

    def _read(self, table, columns):
        self.cr.execute(f"SELECT id, {', '.join(columns)} FROM {table} ORDER BY id")
        return self.cr.fetchall()

    def test_an_update_gives_the_ledger_its_canonical_addresses_and_nobody_a_second_place(self):
        self._create_partners(5, batch=5)
        self._create_letter()
        run = self._queue('2026-07-05')['marketing']
        touches = run.touch_ids.sorted('id')
        typed = ('ann@bücher.example', 'ann@bücher.example.', 'ann@xn--bcher-kva.example', 'bob@grün.example', 'carl@one.example')
        for touch, email in zip(touches, typed, strict=True):
            self.cr.execute("UPDATE cadence_touch SET email = %s WHERE id = %s", [email, touch.id])
        runpy.run_path(str(MIGRATION))['_add_canonical_addresses'](self.cr)
        touches.invalidate_recordset()
        self.assertEqual(touches.mapped('email'), [*typed[:3], 'bob@xn--grn-ioa.example', 'carl@one.example'])
        touches[2].unlink()
        runpy.run_path(str(MIGRATION))['_add_canonical_addresses'](self.cr)
        touches[:2].invalidate_recordset()
        self.assertEqual(touches[:2].mapped('email'), ['ann@xn--bcher-kva.example', 'ann@bücher.example.'])
