from odoo.tests import HttpCase, tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestDesignJourney(HttpCase, CadenceCase):

    def test_a_letter_is_designed_and_previewed_from_its_card(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        self.manager.password = self.manager.login
        self.start_tour(
            f'/odoo/cadence-segments/{self.segment.id}', 'cadence_design', login=self.manager.login, timeout=120)
