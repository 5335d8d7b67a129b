from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools import rates


def _rate(code):
    """A rate of the table of definitions: of one row here, of many the ratio of their sums."""
    return {'compute': '_compute_rates', 'aggregator': 'avg', 'digits': (5, 4), 'help': rates.RATES[code].definition}


class CadenceResult(models.Model):
    """What the mails of a run brought, by letter, batch and mailbox provider: whole mails, never events.

    One home of every figure: run, Today, Results, pivot and mail digest read it. It is counted anew from the ledger and
    never added to (`cadence_result_count`); what the ledger has forgotten stays counted here.
    """
    _name = 'cadence.result'
    _description = 'Result'
    _order = 'date DESC, run_id DESC, step, batch, id'
    _log_access = False

    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade', index=True, readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', required=True, ondelete='restrict', readonly=True)
    date = fields.Date(required=True, readonly=True, help="The segment's local day.")
    letter_id = fields.Many2one('cadence.letter', ondelete='set null', index='btree_not_null', readonly=True)
    step = fields.Integer(readonly=True, aggregator=False)
    batch = fields.Integer(readonly=True, aggregator=False)
    provider_id = fields.Many2one('cadence.mail.provider', 'Mailbox Provider', ondelete='set null', readonly=True)
    grain = fields.Char(required=True, readonly=True, help="Letter, batch and provider as they were counted.")
    counted_date = fields.Datetime('Counted On', required=True, readonly=True, aggregator='min')

    tried = fields.Integer('Handed Over', readonly=True, help="Mails that the mail server took or refused.")
    mailed = fields.Integer(readonly=True, help="Mails that left.")
    returned = fields.Integer('Came Back', readonly=True, help="Mails that were refused or came back.")
    hard = fields.Integer('Dead Addresses', readonly=True, help="Mails whose address does not exist.")
    delivered = fields.Integer(readonly=True, help="Mails that left and did not come back.")
    opened = fields.Integer(readonly=True, help="Mails that a person opened.")
    privacy_opened = fields.Integer(
        'Opened by Privacy', readonly=True,
        help="Mails that a mail program opened by itself, such as Apple's: a person may have read them or not.")
    machine_opened = fields.Integer('Opened by Machines', readonly=True, help="Mails that a scanner opened, and no person.")
    unjudged = fields.Integer('Not Judged Yet', readonly=True, help="Mails of whose open nothing else is known yet.")
    clicked = fields.Integer(readonly=True, help="Mails in which a person clicked a link.")
    converted = fields.Integer(readonly=True, help="Mails with a click after which an opportunity was made.")
    replied = fields.Integer(readonly=True, help="Mails that a person answered.")
    positive = fields.Integer('Positive Replies', readonly=True, help="Mails whose answer is an inquiry, a sample or a deal.")
    opted_out = fields.Integer('Unsubscribed', readonly=True, help="Mails after which the recipient unsubscribed.")
    watched = fields.Integer(
        'Delivered Where Complaints Are Reported', readonly=True, help="Mails delivered to providers that report complaints.")
    complained = fields.Integer('Complaints', readonly=True, help="Mails that were reported as spam.")
    opportunities = fields.Integer(readonly=True, help="Opportunities that came of the mails.")
    won = fields.Integer(readonly=True, help="Won opportunities among them.")
    revenue = fields.Monetary(
        'Won Revenue', readonly=True, currency_field='currency_id', help="Revenue of the won opportunities.")
    revenue_first = fields.Monetary(
        'Won Revenue, by First Mail', readonly=True, currency_field='currency_id',
        help="Revenue of the won opportunities, credited to the first mail to the contact instead of the last.")
    cost = fields.Monetary(readonly=True, currency_field='currency_id', help="The mails' share of the costs that were entered.")
    roi = fields.Float(
        'Return', compute='_compute_rates', aggregator='avg', digits=(5, 4),
        help="(Won revenue - cost) / cost; empty where no cost was entered. Deals come months after their mails.")
    currency_id = fields.Many2one(related='company_id.currency_id')

    delivery_rate = fields.Float(**_rate('delivery_rate'))
    bounce_rate = fields.Float(**_rate('bounce_rate'))
    open_rate = fields.Float(**_rate('open_rate'))
    click_rate = fields.Float('Click Rate (of openers)', **_rate('click_rate'))
    click_delivered_rate = fields.Float('Click Rate (of delivered)', **_rate('click_delivered_rate'))
    conversion_rate = fields.Float(**_rate('conversion_rate'))
    opportunity_rate = fields.Float(**_rate('opportunity_rate'))
    reply_rate = fields.Float(**_rate('reply_rate'))
    positive_rate = fields.Float('Positive Reply Rate', **_rate('positive_rate'))
    opt_out_rate = fields.Float('Unsubscribe Rate', **_rate('opt_out_rate'))
    complaint_rate = fields.Float(**_rate('complaint_rate'))

    # Two workers that count the same run at once: the second one begins anew.
    _run_grain = models.UniqueIndex('(run_id, grain)')
    _company_date = models.Index('(company_id, date)')

    @api.depends('run_id', 'letter_id')
    def _compute_display_name(self):
        for result in self:
            result.display_name = ' · '.join(filter(None, (result.run_id.display_name, result.letter_id.display_name)))

    @api.depends('counted_date')
    def _compute_rates(self):
        for result in self:
            for code, rate in rates.RATES.items():
                result[code] = rates.divide(result[rate.numerator], result[rate.denominator]) or 0.0
            result.roi = rates.divide(result.revenue - result.cost, result.cost) or 0.0

    def _read_group_select(self, aggregate_spec, query):
        """A rate of many rows is the ratio of their sums; the mean of their rates would be a figure of nothing."""
        name, _colon, function = aggregate_spec.partition(':')
        if name == 'roi' and function in ('avg', 'sum'):
            revenue, cost = (self._field_to_sql(self._table, of, query) for of in ('revenue', 'cost'))
            return SQL("(SUM(%s) - SUM(%s))::float / NULLIF(SUM(%s), 0)::float", revenue, cost, cost)
        if name not in rates.RATES or function not in ('avg', 'sum'):
            return super()._read_group_select(aggregate_spec, query)
        rate = rates.RATES[name]
        return SQL(
            "SUM(%s)::float / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, rate.numerator, query), self._field_to_sql(self._table, rate.denominator, query))

    def action_recount(self):
        """Count the runs of these figures again, now."""
        if not self.env.user.has_group('mass_mailing_cadence.group_user'):
            raise AccessError(self.env._("Only cadence users may count again."))
        self.check_access('read')
        self.env['cadence.result'].sudo()._recount(self.run_id)

    def action_open_contacts(self):
        """The contacts whose mails are counted here."""
        self.ensure_one()
        self.check_access('read')
        domain = [('run_id', '=', self.run_id.id), ('batch', '=', self.batch), ('letter_id', '=', self.letter_id.id),
                  ('outcome', 'in', ('left', 'refused'))]
        action = self.env['res.partner']._cadence_get_action(self.display_name, [('cadence_touch_ids', 'any', domain)])
        return dict(action, context={'active_test': False})
