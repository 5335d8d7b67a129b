from operator import attrgetter

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from .models.rhythm.address_sql import sql_is_plain
from .tools.address import canonical, company_domain

BLOCK = 50_000  # addresses that come to Python at once
# {table: {stored column: what it holds of the Reading of the field `email`}}, as the models' own computed fields have it
ADDRESS_COLUMNS = {
    'res_partner': {'cadence_email': attrgetter('email'), 'cadence_several_emails': attrgetter('several')},
    'mail_blacklist': {'cadence_email': attrgetter('email')},
    'mailing_contact': {'cadence_email': lambda reading: reading.email or reading.several},
}


def pre_init_hook(env):
    """Fill the addresses and company domains of the contacts that are there already.

    Left to the computed fields, a million contacts are a million writes through the ORM.
    """
    fill_addresses(env.cr)
    _fill_company_domains(env)


def fill_addresses(cr):
    """Add the canonical addresses of contacts, the blacklist and mailing lists where their columns are missing."""
    for table, columns in ADDRESS_COLUMNS.items():
        if column_exists(cr, table, 'cadence_email'):
            continue
        for column in columns:
            create_column(cr, table, column, 'varchar')
        cr.execute(SQL(
            'UPDATE %s SET cadence_email = LOWER(email COLLATE "C") WHERE %s', SQL.identifier(table), sql_is_plain(SQL('email'))))
        _fill_odd_addresses(cr, table, columns)


def _fill_odd_addresses(cr, table, columns):
    last_id = 0
    while True:
        cr.execute(SQL("""
            SELECT id, email
              FROM %(table)s
             WHERE id > %(last_id)s AND email <> '' AND cadence_email IS NULL
          ORDER BY id
             LIMIT %(limit)s
            """, table=SQL.identifier(table), last_id=last_id, limit=BLOCK))
        rows = cr.fetchall()
        if not rows:
            return
        last_id = rows[-1][0]
        readings = [(id_, canonical.read(email)) for id_, email in rows]
        for column, get_text in columns.items():
            texts = {id_: text for id_, reading in readings if (text := get_text(reading))}
            cr.execute(SQL("""
                UPDATE %(table)s
                   SET %(column)s = odd.text
                  FROM UNNEST(%(ids)s::int[], %(texts)s::text[]) odd(id, text)
                 WHERE %(table)s.id = odd.id
                """, table=SQL.identifier(table), column=SQL.identifier(column), ids=list(texts), texts=list(texts.values())))


def _fill_company_domains(env):
    if column_exists(env.cr, 'res_partner', 'cadence_company_domain'):
        return
    create_column(env.cr, 'res_partner', 'cadence_company_domain', 'varchar')
    # Of several addresses the first one's.
    host = SQL("SPLIT_PART(SPLIT_PART(COALESCE(cadence_email, cadence_several_emails), ' ', 1), '@', 2)")
    hosts = [host for host, in env.execute_query(SQL("""
        SELECT DISTINCT %s
          FROM res_partner
         WHERE cadence_email IS NOT NULL OR cadence_several_emails IS NOT NULL
        """, host))]
    known = [(host, domain) for host in hosts if (domain := company_domain.company_domain(f'x@{host}'))]
    websites = env.execute_query(SQL("""
        SELECT id, website
          FROM res_partner
         WHERE is_company AND cadence_email IS NULL AND cadence_several_emails IS NULL AND website IS NOT NULL
        """))
    companies = [(id_, domain) for id_, website in websites if (domain := company_domain.website_domain(website))]
    env.cr.execute(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(ids)s::int[], %(domains)s::text[]) company(id, domain)
         WHERE res_partner.id = company.id
        """, ids=[id_ for id_, _domain in companies], domains=[domain for _id, domain in companies]))
    env.cr.execute(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(hosts)s::text[], %(domains)s::text[]) company(host, domain)
         WHERE %(host)s = company.host
        """, host=host, hosts=[host for host, _domain in known], domains=[domain for _host, domain in known]))


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
