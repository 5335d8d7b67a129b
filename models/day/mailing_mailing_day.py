from odoo import api, fields, models
from odoo.tools import SQL


class MailingMailing(models.Model):
    """Mailings by hand respect the cadence's day: who has or will have its mail today is left out, unless told otherwise."""
    _inherit = 'mailing.mailing'

    cadence_ignore_day = fields.Boolean(
        'Also Mail Those Already Mailed Today', copy=False,
        help="Left out otherwise: who is mailed by the cadence today, or whose company has all its mails of the day.")
    cadence_left_out_count = fields.Integer(compute='_compute_cadence_left_out_count', compute_sudo=True)

    @api.depends('mailing_domain', 'mailing_model_id', 'contact_list_ids', 'cadence_ignore_day', 'state')
    def _compute_cadence_left_out_count(self):
        for mailing in self:
            mailing.cadence_left_out_count = 0
            if mailing._cadence_respects_day() and mailing.state in ('draft', 'in_queue'):
                mailing.cadence_left_out_count = len(mailing._cadence_get_left_out(mailing._get_recipients()))

    def _cadence_respects_day(self):
        return not self.cadence_run_id and not self.cadence_ignore_day and self.mailing_type == 'mail'

    def _get_remaining_recipients(self):
        recipients = super()._get_remaining_recipients()
        if not self._cadence_respects_day():
            return recipients
        left_out = self._cadence_get_left_out(recipients)
        return [id_ for id_ in recipients if id_ not in left_out]

    def _action_send_mail(self, res_ids=None):
        """Say on the mailing how many were left out, and how to mail them all the same."""
        for mailing in self.filtered(lambda mailing: mailing._cadence_respects_day()):
            if left_out := mailing._cadence_get_left_out(mailing._get_recipients()):
                mailing._message_log(body=self.env._(
                    "%(count)s recipients are left out: the cadence mails them today, or their company has reached its limit "
                    "for the day. Tick “Also Mail Those Already Mailed Today” and send again to reach them.",
                    count=len(left_out)))
        return super()._action_send_mail(res_ids)

    def _cadence_get_left_out(self, recipients):
        """The ids of those recipients whose address or company has its mails of the cadence's day.

        Of any company: a mailing belongs to none, and whom it mails the runs of all of them leave in peace.
        """
        Model = self.env[self.mailing_model_real].sudo()
        addresses = recipients and self._cadence_query_addresses(Model, recipients)
        if not addresses:
            return set()
        self.env['cadence.touch'].flush_model()
        return set().union(*(
            self._cadence_get_left_out_by(company, day, addresses) for company, day in self._cadence_get_mailed_days()))

    def _cadence_get_mailed_days(self):
        """[(company, its local day of now)] of those that mail somebody on it."""
        now = fields.Datetime.now()
        days = {company.id: company._cadence_get_day(now) for company in self.env['res.company'].sudo().search([])}
        mailed = self.env['cadence.touch'].sudo()._read_group(
            [('company_id', 'in', list(days)), ('day', 'in', list(set(days.values()))), ('state', '=', 'reserved')],
            ['company_id', 'day:day'])
        return [(company, day) for company, day in mailed if days[company.id] == day]

    def _cadence_get_left_out_by(self, company, day, addresses):
        rows = self.env.execute_query(SQL("""
            WITH day AS (
                SELECT email, company_domain
                  FROM cadence_touch
                 WHERE company_id = %(company_id)s AND day = %(day)s AND state = 'reserved' AND outcome <> 'refused'
            ),
            company AS (  -- that the cadence mails today
                SELECT company_domain AS domain, COUNT(*) AS count FROM day GROUP BY company_domain
            ),
            address AS (
                SELECT id, email FROM (%(addresses)s) recipient
             UNION ALL
                SELECT NULL, email FROM (%(elsewhere)s) elsewhere
            ),
            mail AS (  -- those of these companies: what other mailings sent them comes before what this one would
                SELECT address.id, address.email, company.count + ROW_NUMBER() OVER (
                           PARTITION BY company.domain ORDER BY address.id NULLS FIRST) AS number
                  FROM address
            CROSS JOIN LATERAL (SELECT STRING_TO_ARRAY(SPLIT_PART(address.email, '@', 2), '.') AS labels) host
            CROSS JOIN LATERAL GENERATE_SERIES(1, CARDINALITY(host.labels)) first
                  JOIN company ON company.domain = ARRAY_TO_STRING(host.labels[first:], '.')
                 WHERE address.email NOT IN (SELECT email FROM day)
            )
            SELECT id FROM address WHERE id IS NOT NULL AND email IN (SELECT email FROM day)
             UNION
            SELECT id FROM mail WHERE id IS NOT NULL AND %(cap)s > 0 AND number > %(cap)s
            """, addresses=addresses, company_id=company.id, day=day, cap=company.cadence_domain_daily_cap,
            elsewhere=self.env['cadence.audience']._query_mailed_elsewhere(*company._cadence_get_day_bounds(day))))
        return {id_ for id_, in rows}

    def _cadence_query_addresses(self, Model, ids):
        """(id, canonical address) of records, one row for each address that Odoo would mail; None where they have none."""
        names = [name for name in ('cadence_email', 'cadence_several_emails') if name in Model._fields]
        if names:
            Model.flush_model(names)
            return SQL(
                "SELECT id, UNNEST(STRING_TO_ARRAY(COALESCE(%s), ' ')) AS email FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(SQL.identifier(name) for name in names), SQL.identifier(Model._table), list(ids))
        if 'email_normalized' not in Model._fields or not Model._fields['email_normalized'].store:
            return None
        Model.flush_model(['email_normalized'])
        typed = SQL("SELECT id, email_normalized AS email FROM %s WHERE id = ANY(%s)", SQL.identifier(Model._table), list(ids))
        return self.env['cadence.audience']._query_canonical(typed)
