from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .tools.address import company_domain


def pre_init_hook(env):
    """Fill the company domains of the contacts that are there already, with one look-up a host.

    Left to the computed field, a million contacts are a million writes through the ORM.
    """
    if column_exists(env.cr, 'res_partner', 'cadence_company_domain'):
        return
    create_column(env.cr, 'res_partner', 'cadence_company_domain', 'varchar')
    hosts = [host for host, in env.execute_query(SQL("""
        SELECT DISTINCT SPLIT_PART(email_normalized, '@', 2)
          FROM res_partner
         WHERE email_normalized IS NOT NULL
        """))]
    known = [(host, domain) for host in hosts if (domain := company_domain.company_domain(f'x@{host}'))]
    websites = env.execute_query(SQL("""
        SELECT id, website
          FROM res_partner
         WHERE is_company AND email_normalized IS NULL AND website IS NOT NULL
        """))
    companies = [(id_, domain) for id_, website in websites if (domain := company_domain.website_domain(website))]
    env.execute_query(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(ids)s::int[], %(domains)s::text[]) company(id, domain)
         WHERE res_partner.id = company.id
     RETURNING NULL
        """, ids=[id_ for id_, _domain in companies], domains=[domain for _id, domain in companies]))
    env.execute_query(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(hosts)s::text[], %(domains)s::text[]) company(host, domain)
         WHERE SPLIT_PART(res_partner.email_normalized, '@', 2) = company.host
     RETURNING NULL
        """, hosts=[host for host, _domain in known], domains=[domain for _host, domain in known]))


def uninstall_hook(env):
    """Leave the users' data behind: contacts keep their tags, mailings their statistics; only what cannot work without us goes.

    Tags and lost reasons that the module brought lose their XML ids, else Odoo would delete them and with them what links to
    them.
    """
    env['ir.model.data'].search([
        ('module', '=', 'mass_mailing_cadence'), ('model', 'in', ('res.partner.category', 'crm.lost.reason')),
    ]).unlink()
    env['cadence.view'].with_context(active_test=False).search([]).filter_id.unlink()
    env['mailing.mailing'].search([
        ('cadence_run_id', '!=', False), ('state', 'in', ('in_queue', 'sending'))]).action_cancel()
    env.flush_all()
    # Odoo deletes our data rows before it drops our tables, and fails loudly on those that are still referred to.
    env.cr.execute("""
        UPDATE res_partner_category SET cadence_group_id = NULL, cadence_segment_id = NULL, cadence_batch = 0;
        DELETE FROM cadence_journal;
        DELETE FROM cadence_reply;
        DELETE FROM cadence_touch;
        DELETE FROM cadence_run;
        DELETE FROM cadence_intake;
        DELETE FROM cadence_letter;
        DELETE FROM cadence_segment;
        """)
    env.invalidate_all()
