from odoo.tests import tagged

from ...models.day.cadence_touch_words import OUTCOME_WORDS
from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestWhyLine(CadenceCase):

    def test_its_buttons_open_the_contact_and_the_run_on_their_own_form(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        why = self.env['cadence.why'].with_user(self.salesman).create({'addresses': partner.email})
        with self.at('2026-07-05', 2):
            why.action_explain()
        line = why.line_ids
        for action, record in ((line.action_open_contact(), partner), (line.action_open_run(), run)):
            self.assertEqual(action['type'], 'ir.actions.act_window')
            self.assertEqual(
                (action['res_model'], action['res_id'], action['views']), (record._name, record.id, [(False, 'form')]))

    def test_every_word_of_a_day_is_an_answer(self):
        answers = self.env['cadence.why.line']._fields['answer'].get_values(self.env)
        outcomes = self.env['cadence.touch']._fields['outcome'].get_values(self.env)
        self.assertLessEqual({OUTCOME_WORDS[outcome] for outcome in outcomes}, set(answers))
