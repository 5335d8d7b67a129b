import csv
import io

from odoo.tests import HttpCase, tagged

from .common import IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeDownload(IntakeCase, HttpCase):

    def test_rows_set_aside_are_downloaded_corrected_and_loaded_again(self):
        text = 'Name,E-mail,Phone\n张三,zhang@one.example,1\nAna,ana(at)two.example,+49 2\n=cmd(),broken@,3\n'
        intake = self._create_file_intake('list.csv', text.encode())
        intake.action_preview()
        intake.action_save()
        self.authenticate('cadence_user', 'cadence_user')
        response = self.url_open(intake.action_download()['url'])
        self.assertEqual(response.status_code, 200)
        self.assertIn('list%20-%20set%20aside.csv', response.headers['Content-Disposition'])
        rows = list(csv.reader(io.StringIO(response.content.decode('utf-8-sig'))))
        self.assertEqual(rows[0], ['Name', 'E-mail', 'Phone', 'Reason'])
        self.assertEqual([row[:3] for row in rows[1:]], [['Ana', 'ana(at)two.example', '+49 2'], ["'=cmd()", 'broken@', '3']])
        self.assertTrue(all(row[3] for row in rows[1:]))
        corrected = response.content.replace(b'(at)', b'@')
        again = self._create_file_intake('again.csv', corrected)
        again.action_preview()
        again.action_save()
        self.assertEqual(self._get_states(again), {'saved': 1, 'invalid': 1})
        self.assertEqual(self._get_lines(again, 'saved').partner_id.name, 'Ana')

    def test_headers_are_no_formulas_either(self):
        intake = self._create_file_intake('list.csv', b'E-mail,=cmd()\nbroken@,x\n')
        intake.action_preview()
        self.authenticate('cadence_user', 'cadence_user')
        rows = list(csv.reader(io.StringIO(self.url_open(intake.action_download()['url']).content.decode('utf-8-sig'))))
        self.assertEqual(rows[0], ['E-mail', "'=cmd()", 'Reason'])

    def test_somebody_without_a_role_downloads_nothing(self):
        intake = self._preview('broken@')
        self.authenticate('cadence_nobody', 'cadence_nobody')
        self.assertNotEqual(self.url_open(intake.action_download()['url']).status_code, 200)
