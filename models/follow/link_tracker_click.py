import re

from odoo import api, fields, models
from odoo.http import request

from ...tools.mail import scanners
from ..constants import AUTOMATIC

_SCANNER = re.compile(scanners.get_pattern(scanners.KNOWN), re.IGNORECASE)


class LinkTrackerClick(models.Model):
    """A click keeps what clicked; one of a machine opens and clicks no mail."""
    _inherit = 'link.tracker.click'

    cadence_agent = fields.Char('Clicked With', readonly=True, help="What the program that asked for the page calls itself.")
    cadence_is_machine = fields.Boolean('By a Machine', readonly=True)

    @api.model
    def add_click(self, code, **route_values):
        if request and request.httprequest.method == 'HEAD':
            return self.browse()  # whether the page is there: link checkers ask so
        if not self._cadence_is_scanner(self._cadence_get_agent()):
            return super().add_click(code, **route_values)
        return super(LinkTrackerClick, self.with_context(**{AUTOMATIC: True})).add_click(code, **route_values)

    def _prepare_click_values_from_route(self, **route_values):
        agent = self._cadence_get_agent()
        return super()._prepare_click_values_from_route(**route_values) | {
            'cadence_agent': agent, 'cadence_is_machine': self._cadence_is_scanner(agent)}

    @staticmethod
    def _cadence_get_agent():
        return bool(request) and (request.httprequest.user_agent.string[:120].strip() or scanners.NAMELESS)

    @staticmethod
    def _cadence_is_scanner(agent):
        return bool(agent and _SCANNER.search(agent))
