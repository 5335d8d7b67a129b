from odoo import fields, models
from odoo.addons.base.models.res_partner import _tz_get

from ...tools import calendar


class ResCompany(models.Model):
    """The company's day, in which an address is mailed at most once."""
    _inherit = 'res.company'

    cadence_tz = fields.Selection(
        _tz_get, 'Time Zone of the Day',
        help="An address is mailed at most once on a day of this time zone, whatever the segments' own. "
             "Empty: the time zone of the company's own contact or of its working hours.")
    cadence_catch_up = fields.Boolean(
        'Catch Up', default=True,
        help="Contacts whose day went by while the server was off or the run was blocked go first on the next days, within the "
             "caps. Off: they wait for their next round.")

    def _cadence_get_tz(self):
        self.ensure_one()
        return self.cadence_tz or self.partner_id.tz or self.resource_calendar_id.tz or 'UTC'

    def _cadence_get_day(self, now):
        """The company's local day at a UTC moment."""
        return calendar.local_day(now, self.sudo()._cadence_get_tz())

    def _cadence_get_day_bounds(self, day):
        """The UTC moments between which the company's local day lies."""
        tz = self.sudo()._cadence_get_tz()
        return calendar.utc_moment(day, tz, 0.0), calendar.utc_moment(fields.Date.add(day, days=1), tz, 0.0)
