from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeValues(IntakeCase):

    def test_a_cell_that_does_not_fit_its_field_sets_the_row_aside(self):
        text = 'E-mail,State\na@one.example,California (US)\nb@two.example,Nowhereland\n'
        intake = self._create_file_intake('list.csv', text.encode())
        intake.action_preview()
        intake.action_save()
        self.assertEqual(self._get_states(intake), {'saved': 1, 'invalid': 1})
        self.assertRegex(self._get_lines(intake, 'invalid').reason, 'State.*Nowhereland')

    def _read(self, **row):
        """What the cells of a row mean for a contact."""
        intake = self._create_intake('a@one.example')
        with self.cr.savepoint() as savepoint:
            readers = intake._get_value_readers([row], savepoint)
            return {name: readers[name](text) for name, text in row.items()}

    def test_countries_are_known_by_code_and_name_in_every_installed_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        germany = self.env.ref('base.de')
        for text in ('de', 'DE', ' Germany ', 'GERMANY', germany.with_context(lang='zh_CN').name):
            self.assertEqual(self._read(country=text), {'country': germany.id}, text)
        self.assertEqual(self._read(country='Atlantis'), {'country': None})

    def test_languages_are_known_by_code_and_name_and_any_other_is_the_segments(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.env['res.lang']._activate_lang('de_DE')
        self.segment.lang_id = self.env.ref('base.lang_de')
        for text, code in (
            ('zh_CN', 'zh_CN'), ('English', 'en_US'), ('english (us)', 'en_US'), ('en-GB', 'en_US'), ('zh', 'zh_CN'),
            ('Klingon', 'de_DE'), ('', 'de_DE'), (None, 'de_DE'),
        ):
            self.assertEqual(self._read(lang=text), {'lang': code}, text)

    def test_tags_are_parted_in_any_script_and_created_once(self):
        Tag = self.env['res.partner.category']
        fair = Tag.create({'name': 'Fair'})
        ids = self._read(tags='Fair, VIP；老客户，VIP;')['tags']
        self.assertEqual(Tag.browse(ids).mapped('name'), ['Fair', 'VIP', '老客户', 'VIP'])
        self.assertEqual((ids[0], ids[1]), (fair.id, ids[3]))
        self.assertEqual(self._read(tags='VIP')['tags'], [ids[1]])

    def test_other_fields_are_what_odoos_import_makes_of_them(self):
        self.assertEqual(self._read(street='Main Road 1', state_id='California (US)', color='7'), {
            'street': 'Main Road 1', 'state_id': self.env.ref('base.state_us_5').id, 'color': 7})
        with self.assertRaisesRegex(UserError, '^Color Index: '):
            self._read(color='red')
