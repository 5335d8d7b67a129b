from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestResLang(CadenceCase):

    def test_a_language_has_its_name_in_the_users_language(self):
        Lang = self.env['res.lang']
        self.assertEqual(Lang.with_context(lang='en_US')._cadence_get_language_name('ru'), 'Russian')
        self.assertEqual(Lang.with_context(lang='zh_CN')._cadence_get_language_name('ru'), '俄语')
        self.assertEqual(Lang.with_context(lang='en_US')._cadence_get_language_name('xx'), 'xx', "better than nothing")

    def test_on_a_screen_of_the_cadence_languages_are_named_and_found_in_the_users_language(self):
        spanish = self.env.ref('base.lang_es')
        chinese = self.env['res.lang'].with_context(lang='zh_CN', active_test=False, cadence_language_names=True)
        self.assertEqual(chinese.browse(spanish.id).display_name, '西班牙语 (西班牙)')
        self.assertIn(spanish.id, [id_ for id_, _name in chinese.name_search('西班牙语')])
        self.assertIn(spanish.id, [id_ for id_, _name in chinese.name_search('Español')])
        self.assertEqual(spanish.with_context(lang='zh_CN').display_name, spanish.name, "elsewhere Odoo's own")

    def test_a_language_that_is_activated_names_the_segments_that_are_there(self):
        lang = self.env.ref('base.lang_it')
        self.assertFalse(lang.active)
        english = self.segment.with_context(lang='en_US').name
        lang.active = True
        self.env.invalidate_all()
        self.assertTrue(self.segment.with_context(lang='it_IT').name.startswith('inglese'))
        self.assertEqual(self.segment.with_context(lang='en_US').name, english)
