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
