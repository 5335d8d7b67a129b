"""What the tables of a database in use get before the module is installed: in short transactions, beside who works in it.

An installation is one transaction. Columns and indexes that it adds to contacts and traces would keep everybody from reading
them until its end, and filling a million rows in it fails at the first contact that somebody else changes meanwhile. So they
are there already when it begins.
"""
import logging
import time
from operator import attrgetter

import psycopg2
from odoo import modules
from odoo.orm.models import MetaModel
from odoo.orm.table_objects import Index
from odoo.tools import SQL
from odoo.tools.sql import make_identifier, make_index_name

from .models.rhythm.address_sql import sql_is_plain
from .tools.address import canonical, company_domain

_logger = logging.getLogger(__name__)

PIECE = 10_000  # rows that are written in a transaction: a fraction of a second
ATTEMPTS = 60
# A second at most: as long as a lock is waited for, all who come after it wait as well.
PATIENCE = SQL("SET LOCAL lock_timeout = '1s'")
BUSY = (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected, psycopg2.errors.SerializationFailure)
INDEX_MINUTES = 10

# The columns of tables that hold a lot: {table: {column: type}}.
COLUMNS = {
    'res_partner': {
        'cadence_email': 'varchar', 'cadence_several_emails': 'varchar', 'cadence_company_domain': 'varchar',
        'cadence_cooled_date': 'date'},
    'mail_blacklist': {'cadence_email': 'varchar'},
    'mailing_contact': {'cadence_email': 'varchar'},
    'mailing_trace': {
        'cadence_touch_id': 'int4', 'cadence_follow_up': 'varchar', 'cadence_last_open': 'timestamp',
        'cadence_open_agent': 'varchar'},
    'mailing_mailing': {
        'cadence_run_id': 'int4', 'cadence_letter_id': 'int4', 'cadence_link_count': 'int4', 'cadence_ignore_day': 'bool',
        'cadence_fingerprint': 'varchar'},
    'crm_lead': {'cadence_run_id': 'int4'},
}
# {table: {stored column: what it holds of the Reading of the field `email`}}, as the models' own computed fields have it
ADDRESS_COLUMNS = {
    'res_partner': {'cadence_email': attrgetter('email'), 'cadence_several_emails': attrgetter('several')},
    'mail_blacklist': {'cadence_email': attrgetter('email')},
    'mailing_contact': {'cadence_email': lambda reading: reading.email or reading.several},
}


def prepare(env):
    """Add the columns, fill them, and build the indexes, each in transactions of its own."""
    env.flush_all()
    pieces = Pieces(env.cr)
    for table, columns in COLUMNS.items():
        pieces.work(lambda table=table, columns=columns: add_columns(env.cr, table, columns))
    fill_addresses(env.cr, pieces.work)
    fill_company_domains(env.cr, pieces.work)
    create_indexes(env.cr)


class Pieces:
    """Short transactions on the installation's own cursor; in a test, which has but one, none."""

    def __init__(self, cr):
        self._cr, self._is_test = cr, bool(modules.module.current_test)
        if not self._is_test:
            cr.commit()  # pylint: disable=invalid-commit; what the installation has done so far is no piece's to undo

    def work(self, function):
        """Do `function` in a transaction, and once more where somebody else holds or changed what it needs."""
        if self._is_test:
            return function()
        for attempt in range(ATTEMPTS):
            try:
                # A row that changed meanwhile is read anew: nothing to fail at.
                self._cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                self._cr.execute(PATIENCE)
                result = function()
                self._cr.commit()  # pylint: disable=invalid-commit; see above
                return result
            except BUSY as error:
                self._cr.rollback()
                if attempt == ATTEMPTS - 1:
                    raise
                _logger.info("Somebody else is at it, trying again: %s", error)
                time.sleep(1)
        return None


def _at_once(function):
    return function()


def add_columns(cr, table, columns):
    """One statement a table, as each waits for everybody who reads it."""
    cr.execute(SQL("ALTER TABLE %s %s", SQL.identifier(table), SQL(", ").join(
        SQL("ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(name), SQL(type_)) for name, type_ in columns.items())))


# Addresses

def fill_addresses(cr, work=_at_once):
    """Fill the canonical addresses of contacts, the blacklist and mailing lists where they are missing."""
    for table, columns in ADDRESS_COLUMNS.items():
        work(lambda table=table, columns=columns: add_columns(cr, table, dict.fromkeys(columns, 'varchar')))
        for first, last in _iterate_pieces(cr, table, work):
            work(lambda table=table, columns=columns, first=first, last=last: _fill_piece(cr, table, columns, first, last))


def _iterate_pieces(cr, table, work):
    """The ranges of ids of the table, PIECE ids each."""
    def count():
        cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))
        return cr.fetchone()[0]

    total = work(count)
    for first in range(1, total + 1, PIECE):
        if first > 1 and first % (10 * PIECE) == 1:
            _logger.info("%s: addresses up to id %s of %s are read", table, first - 1, total)
        yield first, first + PIECE - 1


def _fill_piece(cr, table, columns, first, last):
    missing = SQL(
        "id BETWEEN %s AND %s AND email <> '' AND %s", first, last,
        SQL(" AND ").join(SQL("%s IS NULL", SQL.identifier(column)) for column in columns))
    cr.execute(SQL("""
        UPDATE %s SET cadence_email = LOWER(email COLLATE "C") WHERE %s AND %s
        """, SQL.identifier(table), missing, sql_is_plain(SQL('email'))))
    cr.execute(SQL("SELECT id, email FROM %s WHERE %s", SQL.identifier(table), missing))
    readings = [(id_, canonical.read(email)) for id_, email in cr.fetchall()]
    for column, get_text in columns.items():
        texts = {id_: text for id_, reading in readings if (text := get_text(reading))}
        if texts:
            cr.execute(SQL("""
                UPDATE %(table)s
                   SET %(column)s = odd.text
                  FROM UNNEST(%(ids)s::int[], %(texts)s::text[]) odd(id, text)
                 WHERE %(table)s.id = odd.id
                """, table=SQL.identifier(table), column=SQL.identifier(column), ids=list(texts), texts=list(texts.values())))


# Company domains

def fill_company_domains(cr, work=_at_once):
    """Fill the company domains of contacts where they are missing: of the address, of companies without one of the website."""
    known = {}
    for first, last in _iterate_pieces(cr, 'res_partner', work):
        work(lambda first=first, last=last: _fill_domains_piece(cr, first, last, known))


def _fill_domains_piece(cr, first, last, known):
    # Of several addresses the first one's.
    host = SQL("SPLIT_PART(SPLIT_PART(COALESCE(cadence_email, cadence_several_emails), ' ', 1), '@', 2)")
    missing = SQL("res_partner.id BETWEEN %s AND %s AND cadence_company_domain IS NULL", first, last)
    addressed = SQL("COALESCE(cadence_email, cadence_several_emails) IS NOT NULL")
    cr.execute(SQL("SELECT DISTINCT %s FROM res_partner WHERE %s AND %s", host, missing, addressed))
    hosts = [host for host, in cr.fetchall()]
    known.update((host, company_domain.company_domain(f'x@{host}')) for host in hosts if host not in known)
    domains = {host: known[host] for host in hosts if known[host]}
    cr.execute(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(hosts)s::text[], %(domains)s::text[]) company(host, domain)
         WHERE %(missing)s AND %(addressed)s AND %(host)s = company.host
        """, missing=missing, addressed=addressed, host=host, hosts=list(domains), domains=list(domains.values())))
    cr.execute(SQL(
        "SELECT id, website FROM res_partner WHERE %s AND NOT %s AND is_company AND website IS NOT NULL", missing, addressed))
    companies = {id_: domain for id_, website in cr.fetchall() if (domain := company_domain.website_domain(website))}
    cr.execute(SQL("""
        UPDATE res_partner
           SET cadence_company_domain = company.domain
          FROM UNNEST(%(ids)s::int[], %(domains)s::text[]) company(id, domain)
         WHERE res_partner.id = company.id
        """, ids=list(companies), domains=list(companies.values())))


# Indexes

def create_indexes(cr):
    """Build what our models declare for these tables without stopping anybody; what fails is left to the installation."""
    if modules.module.current_test:
        return
    cr.commit()  # pylint: disable=invalid-commit; an index is built concurrently outside of any transaction
    connection = cr._cnx
    connection.autocommit = True
    try:
        with connection.cursor() as plain:
            plain.execute(f"SET statement_timeout = '{INDEX_MINUTES}min'")
            for name, table, definition, comment in find_indexes():
                _create_index(plain, name, table, definition, comment)
            plain.execute("RESET statement_timeout")
    except psycopg2.errors.QueryCanceled:
        _logger.warning("An index took too long beside other work: the installation builds the others")
    finally:
        connection.autocommit = False


def find_indexes():
    """(name, table, definition, comment) of the indexes that our models declare for the tables of COLUMNS, as Odoo names them."""
    for model in MetaModel._module_to_models__['mass_mailing_cadence']:
        table = (model._name or next(iter(model._inherit), '')).replace('.', '_')
        if table not in COLUMNS:
            continue
        for index in model._table_object_definitions:
            if isinstance(index, Index):
                definition = index.get_definition(None)
                kind, _index, rest = definition.partition('INDEX ')
                yield make_identifier(f'{table}_{index.name}'), table, f'{kind}INDEX CONCURRENTLY {{}} ON {{}} {rest}', definition
        for field in model._field_definitions:
            if kind := field._args__.get('index'):
                where = f' WHERE "{field.name}" IS NOT NULL' if kind == 'btree_not_null' else ''
                yield (make_index_name(table, field.name), table,
                       f'INDEX CONCURRENTLY {{}} ON {{}} USING btree ("{field.name}"){where}', None)


def _create_index(plain, name, table, definition, comment):
    plain.execute(
        "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = %s", [name])
    is_valid = next((valid for valid, in plain.fetchall()), None)
    if is_valid:
        return
    if is_valid is False:  # left behind by a build that was broken off
        plain.execute(f'DROP INDEX CONCURRENTLY "{name}"')
    _logger.info("Building the index %s", name)
    try:
        plain.execute('CREATE ' + definition.format(f'"{name}"', f'"{table}"'))
        if comment:
            plain.execute(f'COMMENT ON INDEX "{name}" IS %s', [comment])
    except psycopg2.Error as error:
        plain.execute("RESET statement_timeout")
        plain.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        if isinstance(error, psycopg2.errors.QueryCanceled):
            raise
        _logger.warning("The index %s is left to the installation: %s", name, error)
