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

# {model of what we ship and people make as well: what links it to the cadence}
ADOPTED = {'res.partner.category': 'cadence_group_id', 'crm.lost.reason': 'cadence_tag_id'}


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


def post_init_hook(env):
    """Take up tags and lost reasons that have our names already: kept when the module was uninstalled, or made by hand.

    Left beside ours they would look alike in every list, and their contacts would be mailed.
    """
    for data in env['ir.model.data'].search([('module', '=', 'mass_mailing_cadence'), ('model', 'in', list(ADOPTED))]):
        _adopt(env[data.model].browse(data.res_id), data)


def _adopt(ours, data):
    link = ADOPTED[ours._name]
    namesakes = _find_namesakes(ours)
    if not namesakes:
        return
    # All of them mean what ours means; the oldest is the one that our XML id names from now on.
    namesakes.write({link: ours[link].id, 'active': True})
    data.res_id = namesakes[0].id
    ours.env['base.partner.merge.automatic.wizard']._update_foreign_keys_generic(ours._name, ours, namesakes[0])
    ours.invalidate_recordset()
    ours[link] = False
    ours.unlink()


def _find_namesakes(ours):
    """The other records that have our record's name in one of the installed languages, the oldest first."""
    found = ours.browse()
    for lang, _name in ours.env['res.lang'].get_installed():
        record = ours.with_context(lang=lang, active_test=False)
        found |= record.search([('name', '=ilike', record.name), ('id', '!=', ours.id)])
    return found.with_env(ours.env).sorted('id')
