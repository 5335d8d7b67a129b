from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.cache import ormcache

from ...tools.address import company_domain
from ...tools.address.canonical import in_letters

PIECE = 2_000  # contacts a transaction: about a second


class CadenceMailboxDomain(models.Model):
    """Where the list of public mailbox providers that the module brings is wrong for this database.

    Its contacts' company domain is stored: it follows at once where they are few, else by the cron, `PIECE` of them a
    transaction. A row that is deleted before they have followed is inactive until then, and counts no more.
    """
    _name = 'cadence.mailbox.domain'
    _description = 'Mailbox Domain'
    _inherit = 'cadence.guarded.mixin'
    _order = 'name'

    name = fields.Char('Domain', required=True, help="What addresses end with, such as mail.example.")
    counts_as = fields.Selection([
        ('public', 'Public mailboxes'),
        ('company', 'One company'),
    ], required=True, default='public',
        help="Public mailboxes belong to anybody: no cap per company holds for them. The addresses of one company share its cap.")
    is_shipped = fields.Boolean(
        'On Our List', compute='_compute_is_shipped', help="Whether the list that comes with the module has it as public.")
    active = fields.Boolean(default=True, readonly=True, copy=False)
    is_pending = fields.Boolean(
        'Contacts Follow', readonly=True, copy=False, help="The contacts with such addresses are being brought up to date.")
    last_partner_id = fields.Integer(readonly=True, copy=False, export_string_translation=False)

    _guarded_fields = ('active', 'is_pending', 'last_partner_id')

    _name_unique = models.UniqueIndex('(name) WHERE active', "The domain is there already.")

    @api.depends('name')
    def _compute_is_shipped(self):
        for row in self:
            row.is_shipped = row._read_name(row.name) in company_domain.PUBLIC_PROVIDERS

    # The list

    @api.model
    @ormcache()
    def _get_public(self):
        """The domains of public mailboxes: those that the module brings, without and with those that managers say."""
        rows = self.sudo().search_fetch([], ['name', 'counts_as'])
        companies = {row.name for row in rows if row.counts_as == 'company'}
        below = tuple(f'.{name}' for name in companies)
        return frozenset(
            host for host in company_domain.PUBLIC_PROVIDERS if host not in companies and not host.endswith(below)
        ).union(row.name for row in rows if row.counts_as == 'public')

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([vals | {'name': self._check_name(vals.get('name'))} for vals in vals_list])
        rows._has_changed()
        return rows

    def write(self, vals):
        if 'name' in vals and any(row.name != self._read_name(vals['name']) for row in self):
            raise UserError(self.env._(
                "The contacts at %(domain)s go by this row: delete it, and add another.", domain=self[0].name))
        result = super().write({name: value for name, value in vals.items() if name != 'name'})
        if 'counts_as' in vals:
            self._has_changed()
        return result

    def unlink(self):  # pylint: disable=method-required-super; `_drop` does, when the contacts have followed
        self.check_access('unlink')
        rows = self.sudo()
        rows.write({'active': False})
        rows._has_changed()
        return rows.filtered(lambda row: not row.is_pending)._drop()

    def _drop(self):
        return super().unlink()  # pylint: disable=super-method-mismatch; see there

    @api.model
    def _read_name(self, text):
        """The registrable domain in a text, as DNS has it: also of an address or a web address; None where there is none."""
        host = str(text or '').strip().lower().rpartition('//')[2].partition('/')[0].rpartition('@')[2].strip('.*')
        host, domain = company_domain.look_up(host.removeprefix('www.'), frozenset())
        return domain if host == domain else None

    @api.model
    def _check_name(self, text):
        if name := self._read_name(text):
            return name
        raise ValidationError(self.env._(
            "“%(text)s” is no domain as somebody registers it, such as mail.example.", text=str(text or '')[:80]))

    # The contacts

    def _has_changed(self):
        self.env.flush_all()
        self.env.registry.clear_cache()
        for row in self.sudo():
            row.last_partner_id = 0
            row._follow()
        if any(row.is_pending for row in self.sudo()):
            self.env.ref('mass_mailing_cadence.ir_cron_follow_mailboxes').sudo()._trigger()

    def _follow(self):
        """Bring the next contacts up to date; returns how many."""
        ids = [id_ for id_, in self.env.execute_query(self._query_contacts())]
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        self.env.add_to_compute(Partner._fields['cadence_company_domain'], Partner.browse(ids))
        Partner.browse(ids).flush_recordset(['cadence_company_domain'])
        self.write({'last_partner_id': ids[-1] if ids else 0, 'is_pending': len(ids) == PIECE})
        return len(ids)

    def _query_contacts(self):
        """(id) of those whose company domain is not what it should be, the next `PIECE`."""
        Partner = self.env['res.partner']
        Partner.flush_model(['cadence_email', 'cadence_several_emails', 'cadence_company_domain', 'website', 'is_company'])
        if self.name in self._get_public():
            wrong = SQL("cadence_company_domain = %s", self.name)
        else:
            names = list(dict.fromkeys((self.name, in_letters(self.name))))
            reverse = self.name[::-1]
            wrong = SQL("""
                cadence_company_domain IS DISTINCT FROM %(name)s
                AND (REVERSE(cadence_email) LIKE %(at)s
                     OR REVERSE(cadence_email) LIKE %(below)s
                     OR REVERSE(SPLIT_PART(cadence_several_emails, ' ', 1)) LIKE ANY(%(either)s)
                     OR is_company AND cadence_company_domain IS NULL AND website ILIKE ANY(%(websites)s))
                """, name=self.name, at=f'{reverse}@%', below=f'{reverse}.%', either=[f'{reverse}@%', f'{reverse}.%'],
                websites=[f'%{name}%' for name in names])
        return SQL(
            "SELECT id FROM res_partner WHERE %s AND id > %s ORDER BY id LIMIT %s", wrong, self.last_partner_id or 0, PIECE)

    @api.model
    def _cron_follow(self):
        """Go on where the contacts of a domain are many."""
        def claim():
            return self.with_context(active_test=False).search([('is_pending', '=', True)], order='id', limit=1) \
                .try_lock_for_update()

        def work(row):
            count = row._follow()
            if not row.is_pending and not row.active:
                row._drop()
            return count

        def stop(row, _error):
            row.is_pending = False

        self.env['cadence.work']._work_off(claim, work, stop)
