from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import CadenceCase
from ..follow.test_cadence_reply import DAY, ReplyCase

APP = 'mass_mailing_cadence.cadence_menu'
CLICK = f"odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere('{APP}')"


class ClickCase(HttpCase, CadenceCase):
    """Odoo's own click-everywhere: each menu of ours, each view of it, each filter."""

    def _click_everywhere(self, user):
        user.write({'password': user.login, 'tour_enabled': False})
        self.browser_js(
            '/odoo', CLICK, 'odoo.isReady === true', login=user.login, timeout=600, success_signal='clickbot test succeeded')


@tagged('post_install', '-at_install')
class TestClickFresh(ClickCase):
    """Nothing is there yet."""

    def test_the_administrator_clicks_everywhere(self):
        self._click_everywhere(self.env.ref('base.user_admin'))

    def test_a_salesperson_clicks_everywhere(self):
        self._click_everywhere(self.salesman)


@tagged('post_install', '-at_install')
class TestClickUsed(ClickCase, ReplyCase):
    """Runs, mails, replies, decisions and intakes are there."""

    def setUp(self):
        super().setUp()
        self._receive('gmail_person', self.anna)
        self._receive('zendesk_received', self.bob)
        intake = self.env['cadence.intake'].create({'segment_id': self.segment.id, 'pasted_text': 'ana@fair.example; wrong'})
        intake.action_preview()
        intake.action_save()
        self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        self.assertTrue(self._runs(DAY))

    def test_the_administrator_clicks_everywhere(self):
        self._click_everywhere(self.env.ref('base.user_admin'))

    def test_a_manager_clicks_everywhere(self):
        self._click_everywhere(self.manager)

    def test_a_user_clicks_everywhere(self):
        self._click_everywhere(self.user)

    def test_a_salesperson_clicks_everywhere(self):
        self._click_everywhere(self.salesman)
