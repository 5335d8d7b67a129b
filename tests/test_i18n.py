import io
import re
from pathlib import Path

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parent.parent / 'i18n'
DEMO = ('model:cadence.segment,name:', 'model:cadence.customer.group,name:')
APP = 'model:ir.module.module,'  # the module's own record, which is base's and not exported
PLACEHOLDER = re.compile(r'%\(\w+\)s|%s')


@tagged('post_install', '-at_install')
class TestI18n(TransactionCase):

    def test_the_template_is_in_step_with_the_code(self):
        buffer = io.BytesIO()
        trans_export(False, ['mass_mailing_cadence'], buffer, 'po', self.env)
        exported = {
            entry.msgid for entry in polib.pofile(buffer.getvalue().decode())
            # Of these the module itself ships none: they are a database's demo data.
            if not all(place.startswith(DEMO) for place, _line in entry.occurrences)}
        kept = {
            entry.msgid for entry in polib.pofile(str(I18N / 'mass_mailing_cadence.pot'))
            if any(not place.startswith(APP) for place, _line in entry.occurrences)}
        self.assertEqual(exported ^ kept, set(), "run `make pot`")

    def test_every_term_is_translated_into_chinese(self):
        template = {entry.msgid for entry in polib.pofile(str(I18N / 'mass_mailing_cadence.pot'))}
        chinese = polib.pofile(str(I18N / 'zh_CN.po'))
        translated = {entry.msgid: entry.msgstr for entry in chinese if entry.translated() and not entry.fuzzy}
        self.assertEqual(template - translated.keys(), set())
        for source, target in translated.items():
            with self.subTest(term=source):
                self.assertEqual(sorted(PLACEHOLDER.findall(source)), sorted(PLACEHOLDER.findall(target)))

    def test_the_terms_reach_the_users(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env['ir.module.module']._load_module_terms(['mass_mailing_cadence'], ['zh_CN'])
        chinese = self.env(context={'lang': 'zh_CN'})
        self.assertEqual(chinese.ref('mass_mailing_cadence.tag_group_marketing').marker, '营销')
        self.assertEqual(chinese.ref('mass_mailing_cadence.view_no_send').name, '不发')
        self.assertEqual(chinese.ref('base.module_mass_mailing_cadence').shortdesc, '营销节奏')
        self.assertRegex(chinese.ref('base.module_mass_mailing_cadence').summary, r'^[^A-Za-z]+$')
        self.assertEqual(chinese['cadence.letter']._fields['step'].get_description(chinese, ['string'])['string'], '步骤')

    def test_batches_are_named_in_the_language_of_their_users(self):
        """Screens are English and Chinese; tags are everybody's."""
        segment = self.env['cadence.segment'].create({
            'lang_id': self.env.ref('base.lang_en').id,
            'customer_group_id': self.env['cadence.customer.group'].create({'name': 'X'}).id})
        tags = self.env['res.partner.category'].search([('cadence_group_id', '!=', False), ('cadence_batch', '=', 0)])
        names = {
            'fr_FR': 'anglais-X-Lecture07', 'es_ES': 'inglés-X-Lectura07', 'de_DE': 'Englisch-X-Gelesen07',
            'ru_RU': 'английский-X-Чтение07', 'pt_BR': 'inglês-X-Leitura07', 'ar_001': 'الإنجليزية-X-قراءة07'}
        for code, name in names.items():
            with self.subTest(lang=code):
                self.env['res.lang']._activate_lang(code)
                self.env['ir.module.module']._load_module_terms(['mass_mailing_cadence'], [code])
                self.env.invalidate_all()
                tag = segment._get_batch_tags(self.env.ref('mass_mailing_cadence.tag_group_reading'), [7])
                self.assertEqual(tag.with_context(lang=code).name, name)
                shipped = [tag for tag in tags.with_context(lang=code) if tag.get_external_id()[tag.id]]
                self.assertFalse([tag.name for tag in shipped if tag.name == tag.with_context(lang='en_US').name])
