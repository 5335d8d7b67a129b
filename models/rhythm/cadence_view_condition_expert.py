from ast import literal_eval
from contextlib import closing, suppress

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, Query
from psycopg2.errors import QueryCanceled

from ..constants import INTERNAL, READERS

MAX_TRIAL = 3000  # milliseconds that asking a new domain once may take
# Who sees in which views a contact is: what a field shows to others only, a view must not tell.
AUDIENCE = {INTERNAL, *READERS.split(',')}
OWN_FIELDS = ('cadence_view_ids', 'cadence_stage')


class CadenceViewCondition(models.Model):
    """Conditions by a domain: asked with the eyes of whoever wrote it, and of nobody who sees more.

    A view answers everybody, in every list and for every contact. So its author learns by it what a search of theirs in Contacts
    would tell, record rules of what it looks through included, and nothing of fields that are only shown to some.
    """
    _name = 'cadence.view.condition'
    _inherit = ['cadence.view.condition', 'cadence.guarded.mixin']
    _guarded_fields = ('author_id',)

    author_id = fields.Many2one(
        'res.users', 'Written By', readonly=True, copy=False, default=lambda self: self.env.uid,
        help="The domain is asked with this user's rights.")

    def write(self, vals):
        if {'field', 'domain'} & vals.keys():
            self.sudo().write({'author_id': self.env.uid})
        return super().write(vals)

    def _as_author(self):
        """Contacts as the author sees them, whoever asks and whatever companies and language they work in."""
        author = self.author_id
        context = {'active_test': False, 'lang': author.lang, 'tz': author.tz}
        return self.env(user=author.id, su=False, context=context)['res.partner']

    def _get_domain_domain(self):
        """The domain itself: it becomes SQL with the author's rights, in whatever query it stands."""
        Partner, domain = self._as_author(), Domain(literal_eval(self.domain))
        return Domain.custom(to_sql=lambda _model, alias, query: domain.optimize_full(Partner)._to_sql(Partner, alias, query))

    # What is wrong with it

    def _get_domain_problem(self, is_trial=False):
        """Why the domain cannot be asked, or None.

        :param is_trial: ask it once, instead of only having the database plan it
        """
        if not self.author_id:
            return self.env._("its author is gone; enter the domain again.")
        try:
            domain = Domain(literal_eval(self.domain or '[]'))
            self._check_paths(domain, self._as_author())
            self._ask(domain, is_trial)
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, QueryCanceled):
            raise
        except UserError as error:
            return error.args[0]
        except Exception as error:  # noqa: BLE001 a domain can fail in any field's search, and its fault must stay its own
            words = (str(error) or type(error).__name__).strip().partition('\n')[0]
            return self.env._("this is not a domain on contacts: %(error)s", error=words)
        return None

    def _check_paths(self, domain, model):
        """Refuse what looks at a field or model that the author, or some of those who see views, may not read."""
        for leaf in domain.iter_conditions():
            field, comodel = self._check_path(leaf.field_expr, model)
            if field.type == 'binary' and leaf.value:
                raise ValueError(self.env._("files cannot be looked into."))  # Odoo would leave the rule out
            if leaf.operator in ('any', 'not any'):
                self._check_paths(Domain(leaf.value), comodel)

    def _check_path(self, path, model):
        for name in path.split('.'):
            field = model._fields.get(name)
            if not field:
                raise ValueError(self.env._("%(model)s has no field %(field)s.", model=model._description, field=name))
            if name in OWN_FIELDS:
                raise UserError(self.env._("a view cannot ask for views or stages."))
            is_open = not field.groups or AUDIENCE & set(field.groups.split(','))
            if not is_open or not model._has_field_access(field, 'read'):
                raise AccessError(self.env._("%(field)s is not shown to everybody who sees views.", field=path))
            if name != 'id' and not field.relational:
                break
            model = model.env[field.comodel_name] if field.relational else model
            if not model.has_access('read'):
                raise AccessError(self.env._(
                    "%(author)s may not read %(model)s.", author=self.author_id.name, model=model._description))
        return field, model

    def _ask(self, domain, is_trial):
        """Have the database plan the domain, which finds whatever is wrong with its types, and on trial look for one contact."""
        self.env.flush_all()  # before the savepoint, or what others had written would be rolled back with it
        cr, Partner = self.env.cr, self._as_author()
        with closing(cr.savepoint(flush=False)):
            query = Query(Partner.env, 'res_partner')
            domain = domain.optimize_full(Partner)
            if domain.is_true():
                raise UserError(self.env._("the domain holds for every contact; add a rule."))
            query.add_where(domain._to_sql(Partner, 'res_partner', query))
            query.limit = 1
            cr.execute(SQL("EXPLAIN %s", query.select()), log_exceptions=False)
            if is_trial:
                # In the savepoint, which takes the limit back
                cr.execute(SQL("SET LOCAL statement_timeout = %s", MAX_TRIAL))
                with suppress(QueryCanceled):  # slow is not wrong
                    cr.execute(query.select(), log_exceptions=False)
