from odoo import models

from ...tools import calendar


class CadenceOutlook(models.AbstractModel):
    _inherit = 'cadence.outlook'

    def _get_leaving_text(self, tag, run, moment, now):
        """Sending times are tested: which one a company gets is dealt when the run takes it up."""
        test = self.env['cadence.test']._map_hours(run).get(run)
        if not test:
            return super()._get_leaving_text(tag, run, moment, now)
        hours = ', '.join(calendar.clock(arm.hour) for arm in test._get_moments(run))
        return self.env._(
            "Goes out today with %(batch)s, at one of the sending times that are being tested: %(hours)s.",
            batch=tag.name, hours=hours)
