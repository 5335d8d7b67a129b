from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestCadenceVerdictReason(CadenceCase):

    def test_a_new_reason_of_exclusion_is_one_entry_beside_its_words(self):
        """As CONTRIBUTING says: its words in `REASONS`, its condition in `_get_hindrances`; all that ask then know it."""
        self._create_letter()
        silent, asked, risky = self._create_partners(3, batch=5)
        (asked + risky).comment = 'Never in July'
        self._tag(risky, 'tag_competitor')
        Verdict = type(self.env['cadence.verdict'])
        hindrances = Verdict._get_hindrances
        view = self.env['cadence.view']

        def get_hindrances(model, *args):
            condition = SQL("res_partner.comment LIKE %s", '%Never in July%')
            return [*hindrances(model, *args), ('asked', view, condition)]

        self.patch(Verdict, '_get_hindrances', get_hindrances)
        field = self.env['cadence.touch']._fields['reason']
        with patch.object(field, 'selection', [*field.selection, ('asked', 'Asked for no mail')]):
            with self.at(DAY):
                self.assertTrue(silent.cadence_next_date)
                self.assertFalse(asked.cadence_next_date)
            run = self._queue(DAY)['marketing']
            touches = {touch.partner_id: (touch.state, touch.reason) for touch in run.touch_ids}
            self.assertEqual(touches, {
                silent: ('reserved', False), asked: ('excluded', 'asked'), risky: ('excluded', 'view')})
            self.assertIn((['excluded', 'asked', None], 1), [(step['key'], step['count']) for step in run.story])
