from odoo import fields, models

from ...tools.mail import scanners


class ResCompany(models.Model):
    _inherit = 'res.company'

    cadence_domain_daily_cap = fields.Integer(
        'Mails a Day to One Company', default=20,
        help="At most this many mails a day to the addresses of one company domain; the others are deferred. 0: no cap.")
    cadence_batch_domain_cap = fields.Integer(
        'Addresses of One Company in a Batch', default=10,
        help="Saving puts at most this many addresses of one company domain into the same batch. 0: no cap.")
    cadence_short_month = fields.Selection(
        [('last_day', 'Mail on the last day'), ('skip', 'Skip until next month')],
        'In a Month Too Short for a Batch', default='last_day', required=True)
    cadence_excluded_days = fields.Integer(
        'Keep Excluded Touches (days)', default=60,
        help="Older excluded touches are summed up in their run and removed.")
    cadence_mailed_months = fields.Integer(
        'Keep Mailed Touches (months)', default=13, help="Older mailed touches are summed up in their run and removed.")

    cadence_follow_readers = fields.Boolean(
        'Tag Readers', default=True, help="Whoever opens a mail joins the faster rhythm of the segment.")
    cadence_reader_wait = fields.Selection(
        [('week', 'In the calendar week after the mailing'), ('days', 'A number of days after the mailing')],
        'When Readers Are Tagged', default='week', required=True)
    cadence_reader_days = fields.Integer('Days After the Mailing', default=7)
    cadence_machine_open_seconds = fields.Integer(
        'A Machine Opens Within (seconds)', default=10,
        help="Security gateways look into a mail as it is delivered. An open this soon makes no reader.")
    cadence_machine_click_seconds = fields.Integer(
        'A Machine Clicks Within (seconds)', default=1,
        help="All links of a mail clicked within this time are a machine's clicks, and make no reader.")
    cadence_privacy_reads = fields.Boolean(
        'Opens by Privacy Programs Make Readers', default=False,
        help="Apple's mail program and others open every mail by themselves. Off: such an open counts once a click or an answer "
             "shows a person.")
    cadence_scanner_agents = fields.Text(
        'Known Scanners',
        default=scanners.KNOWN,
        help="Whole words in what the opening program calls itself, one per line.")
    cadence_cool_rounds = fields.Integer(
        'Cooled Down After (rounds)', default=0,
        help="Mark readers who opened none of this many mails; 0: never. Views can ask for the mark; no tag is taken off.")
    cadence_follow_replies = fields.Boolean(
        'Tag Replies', default=True, help="Whoever replies leaves the cadence, and the salesperson gets an activity.")
    cadence_follow_risks = fields.Boolean(
        'Tag Opt-outs and Bounces', default=True,
        help="Opt-outs and complaints become Unsubscribed, addresses that do not exist Bounced; the tag Unsubscribed given by "
             "hand puts the address on the blacklist.")
    cadence_soft_bounces = fields.Integer(
        'Bounces in a Row', default=4,
        help="After this many bounces in a row, none of which says that the address does not exist, it is Bounced; 0: never.")
    cadence_soft_bounce_weeks = fields.Integer('Over This Many Weeks', default=3)
    cadence_follow_deals = fields.Boolean(
        'Tag Opportunities', default=True,
        help="A new opportunity gives the tag Inquiry, a won one Deal, a lost one the tag of its reason.")
    cadence_deal_company = fields.Boolean(
        "Deals Count for the Whole Company", default=True,
        help="When an opportunity is won, all contacts of the customer's company get the tag Deal.")

    _cadence_follow_positive = models.Constraint(
        'CHECK (cadence_reader_days >= 0 AND cadence_machine_open_seconds >= 0 AND cadence_machine_click_seconds >= 0'
        ' AND cadence_cool_rounds >= 0 AND cadence_soft_bounces >= 0 AND cadence_soft_bounce_weeks >= 0)',
        "Days, seconds, rounds, bounces and weeks cannot be negative.")
    _cadence_settings_positive = models.Constraint(
        'CHECK (cadence_domain_daily_cap >= 0 AND cadence_batch_domain_cap >= 0'
        ' AND cadence_excluded_days >= 31 AND cadence_mailed_months >= 1)',
        "Caps cannot be negative; excluded touches are kept for at least 31 days, mailed ones for at least a month.")

    def write(self, vals):
        result = super().write(vals)
        if vals.get('active') is False:
            # Whoever closes a company expects that it mails nobody. Opened again, each segment is a decision.
            self.env['cadence.segment'].sudo().search([('company_id', 'in', self.ids)]).action_archive()
        return result
