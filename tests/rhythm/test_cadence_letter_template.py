from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ...tools.mail import language
from ..common import CadenceCase

LANGUAGES = {'en': 'base.lang_en', 'zh': 'base.lang_zh_CN', 'de': 'base.lang_de', 'fr': 'base.lang_fr', 'es': 'base.lang_es',
             'ru': 'base.lang_ru'}


@tagged('post_install', '-at_install')
class TestLetterTemplate(CadenceCase):

    def _write_in(self, lang, group=None):
        """A new letter of a segment in the language, as the form makes it without anything typed."""
        segment = self.segment if lang == 'en' else self._create_segment(LANGUAGES[lang])
        form = Form(self.env['cadence.letter'].with_user(self.user).with_context(
            default_segment_id=segment.id, default_tag_group_id=(group or self.marketing).id))
        return form.save()

    def test_in_six_languages_a_letter_is_written_by_saving_it(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                letter = self._write_in(lang)
                text = html2plaintext(letter.body_html)
                self.assertFalse(letter.problem or letter.language_warning)
                self.assertEqual(language.detect(f'{letter.subject}\n{text}'), lang)
                self.assertIn('href="/unsubscribe_from_list"', letter.body_html)
                self.assertIn('Wang Li', text)
                self.assertIn(self.env.company.name, text)
                self.assertNotRegex(f'{letter.subject}{text}', r'\$|\{\{')
                self.assertEqual(html2plaintext(letter.mailing_id.body_arch), text, "the editor shows it too")

    def test_every_template_is_in_its_language_and_there_are_three_of_each(self):
        templates = self.env['cadence.letter.template'].search([])
        self.assertEqual({lang: len(found) for lang, found in templates.grouped('lang').items()}, dict.fromkeys(LANGUAGES, 3))
        for template in templates:
            with self.subTest(template=template.subject):
                subject, body = template._fill(self.segment)
                self.assertEqual(language.detect(f'{subject}\n{html2plaintext(str(body))}'), template.lang)

    def test_the_second_step_and_the_readers_are_offered_their_own(self):
        first, second, third = (self._write_in('en') for _number in range(3))
        self.assertEqual((first.step, second.step, third.step), (1, 2, 3))
        self.assertNotEqual(first.subject, second.subject)
        self.assertEqual(second.subject, third.subject)
        self.assertNotIn(self._write_in('en', self.reading).subject, (first.subject, second.subject))

    def test_a_company_s_name_is_text_and_no_markup(self):
        self.env.company.name = 'Smith & <b>Sons</b> $company'
        letter = self._write_in('en')
        self.assertIn('Smith &amp; &lt;b&gt;Sons&lt;/b&gt; $company', letter.body_html)

    def test_no_template_is_proposed_in_another_language(self):
        segment = self._create_segment('base.lang_fi')
        form = Form(self.env['cadence.letter'].with_context(default_segment_id=segment.id))
        self.assertFalse(form.template_id)
        self.assertFalse(form.template_lang)

    def test_a_manager_writes_templates_in_a_menu_of_their_own(self):
        menu = self.env.ref('mass_mailing_cadence.cadence_letter_template_menu')
        self.assertIn(menu.id, self.env['ir.ui.menu'].with_user(self.manager)._visible_menu_ids())
        self.assertNotIn(menu.id, self.env['ir.ui.menu'].with_user(self.user)._visible_menu_ids())
        form = Form(
            self.env['cadence.letter.template'].with_user(self.manager),
            'mass_mailing_cadence.cadence_letter_template_view_form')
        form.name, form.lang, form.tag_group_id, form.subject = 'Spares', 'en', self.marketing, 'Spares of $company'
        form.step, form.unsubscribe, form.body_html = 3, 'Unsubscribe', '<p>Do you need spare parts for your machines?</p>'
        template = form.save()
        letters = [self._write_in('en') for _number in range(3)]
        self.assertEqual(letters[2].subject, f'Spares of {self.env.company.name}')
        self.assertIn('spare parts', letters[2].body_html)
        self.assertEqual(self.env['cadence.letter.template']._find(self.segment, self.marketing, 3), template)
