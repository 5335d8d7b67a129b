from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query


class CadenceVerdict(models.AbstractModel):
    """Why a contact must not be mailed by the runs of a tag group: one question, asked in SQL of any set of contacts.

    archived → other company's → in a customer view that the group excludes → opted out → several addresses → no valid one: the
    first that holds is the verdict, two columns (reason, view_id), both NULL for a contact who may be mailed.

    Audience, readers, contact form, *Why Not Mailed?* and plan all ask here, so that they never disagree.
    """
    _name = 'cadence.verdict'
    _description = 'Verdict'

    @api.model
    def _judge(self, partners, group, company):
        """{partner id: (reason, view id)} of those contacts that no run of the group would mail."""
        self._flush()
        query = Query(self.env, 'res_partner')
        verdict = self._sql(group, company, query)
        rows = self.env.execute_query(SQL("""
            SELECT res_partner.id, verdict.reason, verdict.view_id
              FROM %(partners)s
        CROSS JOIN %(verdict)s
             WHERE res_partner.id = ANY(%(ids)s)
               AND verdict.reason IS NOT NULL
            """, verdict=verdict, partners=query.from_clause, ids=partners.ids))
        return {partner_id: (reason, view_id) for partner_id, reason, view_id in rows}

    @api.model
    def _find_opted_out(self, partners):
        """Those of the contacts whose address is on the blacklist or opted out of a mailing list."""
        self._flush()
        return partners.browse(id_ for id_, in self.env.execute_query(SQL(
            "SELECT id FROM res_partner WHERE id = ANY(%s) AND %s", partners.ids, self._sql_opted_out())))

    @api.model
    def _count_mailable(self, tags, group, company):
        """{tag id: contacts whom the group's runs may mail as things are}, in one pass over the tags' contacts."""
        self._flush()
        query = Query(self.env, 'res_partner')
        verdict = self._sql(group, company, query)
        return dict(self.env.execute_query(SQL("""
            SELECT rel.category_id, COUNT(*)
              FROM %(partners)s
              JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = res_partner.id
        CROSS JOIN %(verdict)s
             WHERE rel.category_id = ANY(%(tag_ids)s)
               AND verdict.reason IS NULL
          GROUP BY rel.category_id
            """, partners=query.from_clause, tag_ids=tags.ids, verdict=verdict)))

    def _flush(self):
        # Compiling such a statement takes longer than running it: 0.2 s a run.
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        # It reads these tables behind the ORM's back.
        for model in ('res.partner', 'res.partner.category', 'cadence.touch', 'cadence.run', 'cadence.letter', 'mail.blacklist',
                      'mailing.subscription', 'mailing.contact', 'mailing.trace', 'mailing.mailing'):
            self.env[model].flush_model()

    @api.model
    def _sql(self, group, company, query):
        """The verdict on `query`'s res_partner as an item of FROM: verdict(reason, view_id), one row a contact.

        The order of the cases is their weight. OFFSET 0 keeps the planner from asking them once for each column.
        """
        hindrances = self._get_hindrances(group, company, query)
        cases = [SQL("WHEN %s THEN %s", condition, position)
                 for position, (_reason, _view, condition) in enumerate(hindrances, start=1)]
        return SQL("""
            LATERAL (
                SELECT (%(reasons)s::text[])[position] AS reason,
                       (%(view_ids)s::int[])[position] AS view_id
                  FROM (SELECT CASE %(cases)s END AS position OFFSET 0) first
            ) verdict
            """, reasons=[reason for reason, *_rest in hindrances],
            view_ids=[view.id or None for _reason, view, _sql in hindrances], cases=SQL(" ").join(cases))

    def _get_hindrances(self, group, company, query):
        """[(reason, view, SQL condition)] in their order."""
        nothing = self.env['cadence.view']
        return [
            ('archived', nothing, SQL("NOT res_partner.active")),
            ('company', nothing, SQL("res_partner.company_id <> %s", company.id)),
            *(('view', view, self._sql_domain(view._get_domain(), query))
              for view in group.sudo().with_context(active_test=False).exclude_view_ids),
            ('opt_out', nothing, self._sql_opted_out()),
            # Odoo would mail every one of them, the ledger promises for one.
            ('several_addresses', nothing, SQL("res_partner.cadence_several_emails IS NOT NULL")),
            ('no_address', nothing, SQL("res_partner.cadence_email IS NULL")),
        ]

    def _sql_domain(self, domain, query):
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        return Domain(domain).optimize_full(Partner)._to_sql(Partner, 'res_partner', query)

    def _sql_opted_out(self):
        """In whatever spelling; of a subscriber with several addresses each one's."""
        return SQL("""
            (EXISTS (SELECT FROM mail_blacklist
                      WHERE mail_blacklist.active AND mail_blacklist.cadence_email = res_partner.cadence_email)
             OR res_partner.cadence_email IN (
                SELECT UNNEST(STRING_TO_ARRAY(mailing_contact.cadence_email, ' '))
                  FROM mailing_subscription
                  JOIN mailing_contact ON mailing_contact.id = mailing_subscription.contact_id
                 WHERE mailing_subscription.opt_out
                   AND mailing_contact.cadence_email IS NOT NULL))
            """)
