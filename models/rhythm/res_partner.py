from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.address import canonical, company_domain
from ..constants import INTERNAL
from .cadence_view import STAGES


class ResPartner(models.Model):
    """Where a contact stands: company domain, customer views, stage and batches."""
    _inherit = 'res.partner'

    cadence_email = fields.Char(
        'Canonical Address', compute='_compute_cadence_email', store=True, groups=INTERNAL,
        help="The same for all spellings of the address: lower case, the host as DNS has it. Empty where there is no valid "
             "address or more than one.")
    cadence_several_emails = fields.Char(
        'Several Addresses', compute='_compute_cadence_email', store=True, groups=INTERNAL,
        help="The addresses of a field that holds more than one, with spaces between them. Such a contact is not mailed.")
    cadence_company_domain = fields.Char(
        'Company Domain', compute='_compute_cadence_company_domain', store=True, index='btree_not_null', groups=INTERNAL,
        help="The registrable domain of the address (Public Suffix List), of a company without one that of its website; empty "
             "for public mailbox providers, which are not one company.")
    cadence_view_ids = fields.Many2many(
        'cadence.view', string='Customer Views', compute='_compute_cadence_view_ids', compute_sudo=True,
        search='_search_cadence_view_ids', groups=INTERNAL)
    cadence_stage = fields.Selection(
        STAGES, compute='_compute_cadence_stage', compute_sudo=True, search='_search_cadence_stage', groups=INTERNAL)
    cadence_batch_ids = fields.Many2many(
        'res.partner.category', string='Batch Tags', compute='_compute_cadence_batch_ids', compute_sudo=True,
        search='_search_cadence_batch_ids', groups=INTERNAL)
    cadence_batches = fields.Char('Batches', compute='_compute_cadence_batch_ids', compute_sudo=True, groups=INTERNAL)

    # The address and its reverse with text_pattern_ops serve every LIKE of the views ('hr@%', 'moc.qq@%') and the exact
    # match of the intake.
    _cadence_email = models.Index('(cadence_email text_pattern_ops) WHERE cadence_email IS NOT NULL')
    _cadence_email_reverse = models.Index('(REVERSE(cadence_email) text_pattern_ops) WHERE cadence_email IS NOT NULL')
    # The labels of the address's domain, for a view's '.edu'. Without it one such pattern makes the whole view a sequential scan.
    _cadence_email_labels = models.Index("USING gin (STRING_TO_ARRAY(SPLIT_PART(cadence_email, '@', 2), '.'))")
    # Few contacts: who has one of several addresses.
    _cadence_several_emails = models.Index(
        "USING gin (STRING_TO_ARRAY(cadence_several_emails, ' ')) WHERE cadence_several_emails IS NOT NULL")
    # Odoo itself has none, and looks there for the author of every mail that comes in and for each address that bounces.
    _cadence_email_normalized = models.Index('(email_normalized) WHERE email_normalized IS NOT NULL')

    @api.depends('email')
    def _compute_cadence_email(self):
        for partner in self:
            reading = canonical.read(partner.email)
            partner.cadence_email = reading.email
            partner.cadence_several_emails = reading.several

    @api.depends('cadence_email', 'cadence_several_emails', 'website', 'is_company')
    def _compute_cadence_company_domain(self):
        public = self.env['cadence.mailbox.domain']._get_public()
        for partner in self:
            domain = company_domain.company_domain(next(iter(partner._cadence_get_emails()), None), public)
            if not domain and partner.is_company:
                domain = company_domain.website_domain(partner.website or '', public)
            partner.cadence_company_domain = domain

    def _cadence_get_emails(self):
        """The canonical addresses of the contacts: one each, or the several of a field that are valid."""
        emails = [email for partner in self for email in (partner.cadence_email or partner.cadence_several_emails or '').split()]
        return [email for email in emails if canonical.canonical(email) == email]

    @api.model
    def _cadence_get_email_domain(self, texts):
        """The contacts with one of these addresses, however either is written; also where it is one of several in the field."""
        emails = sorted({email for text in texts for email in canonical.read(text).emails})

        def to_sql(model, alias, query):
            several = model._field_to_sql(alias, 'cadence_several_emails', query)
            return SQL("(%s IS NOT NULL AND STRING_TO_ARRAY(%s, ' ') && %s)", several, several, emails)

        def predicate(partner):
            return not set(emails).isdisjoint(partner._cadence_get_emails())

        return Domain('cadence_email', 'in', emails) | Domain.custom(to_sql=to_sql, predicate=predicate)

    @api.depends('email', 'category_id.cadence_group_id', 'country_id', 'lang', 'user_id')
    @api.depends_context('allowed_company_ids')
    def _compute_cadence_view_ids(self):
        views = self._cadence_get_views()._filter_sound()
        members = {view: set(view._get_members(self)._ids) for view in views}
        for partner in self:
            partner.cadence_view_ids = views.filtered(lambda view, partner=partner: partner.id in members[view])

    @api.model
    def _cadence_get_views(self):
        # The shared favourite filters are everybody's, so are the questions behind them; their answers follow the record rules.
        return self.env['cadence.view'].sudo().search([('company_id', 'in', [False, *self.env.companies.ids])])

    def _search_cadence_view_ids(self, operator, value):
        self._check_field_access(self._fields['cadence_view_ids'], 'read')
        if operator in ('any', 'not any'):
            # Views are few: look them up first, their own domains do the rest.
            views = self._cadence_get_views()
            views = views.filtered_domain(value) if isinstance(value, Domain) else views & views.browse(value)
            return self._cadence_get_members_domain(views.ids, operator == 'any')
        if operator not in ('in', 'not in'):
            return NotImplemented
        ids = [id_ for id_ in value if id_]
        if False not in value:
            return self._cadence_get_members_domain(ids, operator == 'in')
        # In no view, or in one of these
        nowhere = self._cadence_get_members_domain(self._cadence_get_views()._filter_sound().ids, False)
        if operator == 'in':
            return nowhere | self._cadence_get_members_domain(ids, True)
        return ~nowhere & self._cadence_get_members_domain(ids, False)

    @api.model
    def _cadence_get_members_domain(self, view_ids, is_member):
        """The contacts in at least one of the views, or in none of them.

        Who is in a view that is deleted, faulty or another company's nobody knows: for sure no contact is in it, and for sure
        none is in none of several with such a one. So a mailing that leaves its contacts out reaches nobody, not everybody.
        """
        known = self.env['cadence.view'].sudo().browse(view_ids).exists()
        if not self.env.su:
            known = known.filtered(lambda view: not view.company_id or view.company_id in self.env.companies)
        sound = known._filter_sound()
        if is_member:
            return sound._get_any_domain()
        return ~sound._get_any_domain() if len(sound) == len(set(view_ids)) else Domain.FALSE

    @api.depends('cadence_view_ids')
    def _compute_cadence_stage(self):
        for partner in self:
            stages = set(partner.cadence_view_ids.mapped('stage'))
            partner.cadence_stage = next((stage for stage, _label in STAGES if stage in stages), False)

    def _search_cadence_stage(self, operator, value):
        self._check_field_access(self._fields['cadence_stage'], 'read')
        if operator != 'in':
            return NotImplemented
        return Domain.OR(self._cadence_get_stage_domain(stage) for stage in value)

    @api.model
    def _cadence_get_stage_domain(self, stage):
        """The contacts whose stage is `stage`: in its view and in no view of a stage that counts more."""
        views = {view.stage: view for view in self._cadence_get_views() if view.stage}
        order = [code for code, _label in STAGES if code in views]
        if stage and stage not in order:
            return Domain.FALSE
        stronger = [views[code].id for code in (order[:order.index(stage)] if stage else order)]
        domain = self._cadence_get_members_domain(views[stage].ids, True) if stage else Domain.TRUE
        return domain & self._cadence_get_members_domain(stronger, False)

    @api.depends('category_id.cadence_batch')
    def _compute_cadence_batch_ids(self):
        for partner in self:
            tags = partner.category_id.filtered('cadence_batch')
            partner.cadence_batch_ids = tags
            partner.cadence_batches = ', '.join(
                f'{tag.cadence_group_id.name} {tag.cadence_batch:02} · {tag.cadence_segment_id.name}' for tag in tags)

    # Actions

    @api.model
    @api.model
    def _cadence_count_by_tag(self, tags):
        """{tag id: contacts whom the user may see}: all of the tag but those few whom they may not.

        To look up each of a million contacts takes seven times as long.
        """
        query = self._search([])
        return dict(self.env.execute_query(SQL("""
            WITH counted AS (
                SELECT category_id, COUNT(*) AS number
                  FROM res_partner_res_partner_category_rel
                 WHERE category_id = ANY(%(ids)s)
              GROUP BY category_id
             UNION ALL
                SELECT rel.category_id, -COUNT(*)
                  FROM %(contacts)s
                  JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = res_partner.id
                 WHERE (%(visible)s) IS NOT TRUE AND rel.category_id = ANY(%(ids)s)
              GROUP BY rel.category_id
            )
            SELECT category_id, SUM(number)::int
              FROM counted
          GROUP BY category_id
            """, contacts=query.from_clause, visible=query.where_clause or SQL("TRUE"),
            ids=SQL("%s", tags.ids, to_flush=self._fields['category_id']))))

    def _cadence_get_action(self, name, domain):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': 'res.partner',
            'views': [
                (self.env.ref('mass_mailing_cadence.res_partner_view_list').id, 'list'), (False, 'kanban'), (False, 'form')],
            'search_view_id': (self.env.ref('mass_mailing_cadence.res_partner_view_search_contacts').id, 'search'),
            'domain': domain,
        }
