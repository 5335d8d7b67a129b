from odoo.addons.mass_mailing_cadence.hooks import fill_addresses, sql_is_plain
from odoo.addons.mass_mailing_cadence.tools.address.canonical import canonical
from odoo.tools import SQL


def migrate(cr, version):
    _add_canonical_addresses(cr)


def _add_canonical_addresses(cr):
    """Contacts, the blacklist and lists get the column here, before the ORM would compute it; intakes and ledger follow."""
    fill_addresses(cr)
    if known := _get_odd_addresses(cr, 'cadence_intake_line'):
        cr.execute(SQL("""
            UPDATE cadence_intake_line line
               SET email = known.email
              FROM UNNEST(%s::text[], %s::text[]) known(typed, email)
             WHERE line.email = known.typed
            """, list(known), list(known.values())))
    if known := _get_odd_addresses(cr, 'cadence_touch'):
        # Two spellings of an address that were mailed on one day stay two: the unique index has one of a day.
        cr.execute(SQL("""
            UPDATE cadence_touch
               SET email = same.email
              FROM (SELECT touch.id, touch.company_id, touch.date, touch.state, known.email,
                           ROW_NUMBER() OVER (
                               PARTITION BY touch.company_id, touch.date, touch.state = 'reserved', known.email
                               ORDER BY touch.id) AS copy
                      FROM cadence_touch touch
                      JOIN UNNEST(%s::text[], %s::text[]) known(typed, email) ON known.typed = touch.email) same
             WHERE cadence_touch.id = same.id
               AND (same.state <> 'reserved'
                    OR same.copy = 1 AND NOT EXISTS (
                       SELECT FROM cadence_touch other
                        WHERE other.company_id = same.company_id AND other.date = same.date AND other.email = same.email
                          AND other.state = 'reserved'))
            """, list(known), list(known.values())))


def _get_odd_addresses(cr, table):
    """{what the table has: its canonical form} of the addresses that are not canonical."""
    cr.execute(SQL(
        "SELECT DISTINCT email FROM %s WHERE email IS NOT NULL AND NOT %s", SQL.identifier(table), sql_is_plain('email')))
    return {typed: email for typed, in cr.fetchall() if (email := canonical(typed)) and email != typed}
