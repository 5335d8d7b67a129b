from odoo import fields

from ..common import CadenceCase

DAY = '2026-07-05'


class OutlookCase(CadenceCase):
    """What the outlook says of a contact on a day with a letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _foresee(self, partner, day=DAY, hour=2):
        self.env.invalidate_all()
        with self.at(day, hour):
            return self.env['cadence.outlook']._foresee(partner, fields.Datetime.now())[partner]

    def _codes(self, partner, **moment):
        return [(answer.code, str(answer.day or '')) for answer in self._foresee(partner, **moment)]
