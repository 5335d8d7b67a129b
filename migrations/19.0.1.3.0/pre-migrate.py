from odoo.addons.mass_mailing_cadence.models.rhythm.address_sql import sql_is_plain
from odoo.addons.mass_mailing_cadence.prepare import fill_addresses
from odoo.addons.mass_mailing_cadence.tools.address.canonical import canonical
from odoo.tools import SQL
from odoo.tools.sql import column_exists

# What users may have renamed gets its new Chinese word where it still has the old one: (table, name, before).
OLD_WORDS = [
    ('cadence_view', 'view_silent', '沉默'),
    ('cadence_view', 'view_no_send', '不发送'),
    ('res_partner_category', 'tag_unsubscribed', '已退订'),
    ('res_partner_category', 'tag_other_risk', '其他风险'),
    ('res_partner_category', 'tag_competitor', '竞争对手'),
]
# Of what is Odoo's own to name, the Chinese words are those of the new version.
LABELS = {
    'ir.ui.menu': ['name'],
    'ir.ui.view': ['arch_db'],
    'ir.model': ['name'],
    'ir.model.fields': ['field_description', 'help'],
    'ir.model.fields.selection': ['name'],
    'ir.actions.act_window': ['name', 'help'],
    'ir.actions.client': ['name'],
    'ir.actions.server': ['name'],
}


def migrate(cr, version):
    _add_canonical_addresses(cr)
    _give_touches_an_outcome(cr)
    _close_past_runs(cr)
    _rename_follow_up(cr)
    _rename_sorting(cr)
    _count_links(cr)
    _tell_privacy_from_machines(cr)
    _forget_old_words(cr)


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
        "SELECT DISTINCT email FROM %s WHERE email IS NOT NULL AND NOT %s", SQL.identifier(table), sql_is_plain(SQL('email'))))
    return {typed: email for typed, in cr.fetchall() if (email := canonical(typed)) and email != typed}


def _give_touches_an_outcome(cr):
    """The ledger says what left. Of the past: what has a trace that was neither cancelled nor failed has left.

    A failed one counts as refused: its letter is sent again, as the step counts what left.
    """
    cr.execute("""
        ALTER TABLE cadence_touch
         ADD COLUMN IF NOT EXISTS outcome varchar,
         ADD COLUMN IF NOT EXISTS outcome_date timestamp,
         ADD COLUMN IF NOT EXISTS day date,
         ADD COLUMN IF NOT EXISTS batch integer,
         ADD COLUMN IF NOT EXISTS channel varchar;
        UPDATE cadence_touch touch
           SET outcome_date = COALESCE(trace.sent_datetime, known.write_date),
               day = known.date,
               channel = 'mail',
               batch = only_batch.number,
               outcome = CASE WHEN known.state <> 'reserved' THEN NULL
                              WHEN trace.trace_status = 'error' THEN 'refused'
                              WHEN trace.id IS NULL OR trace.trace_status IN ('outgoing', 'cancel') THEN 'waiting'
                              ELSE 'left'
                          END
          FROM cadence_touch known
     LEFT JOIN mailing_trace trace ON trace.cadence_touch_id = known.id
     LEFT JOIN (SELECT rel.run_id, MIN(tag.cadence_batch) AS number
                  FROM cadence_run_tag_rel rel
                  JOIN res_partner_category tag ON tag.id = rel.tag_id
              GROUP BY rel.run_id
                HAVING COUNT(*) = 1) only_batch ON only_batch.run_id = known.run_id
         WHERE known.id = touch.id;
        """)


def _close_past_runs(cr):
    """What was due before the upgrade stays as it is: only days that end from now on are caught up."""
    cr.execute("""
        ALTER TABLE cadence_run ADD COLUMN IF NOT EXISTS is_closed boolean;
        UPDATE cadence_run SET is_closed = date < CURRENT_DATE - 1 OR state NOT IN ('planned', 'blocked', 'queued');
        """)


def _rename_follow_up(cr):
    """Its cron is the users' own (noupdate): with the old model gone, Odoo would delete it."""
    cr.execute("""
        UPDATE ir_model SET model = 'cadence.follow.up' WHERE model = 'cadence.followup';
        UPDATE ir_model_fields SET model = 'cadence.follow.up' WHERE model = 'cadence.followup';
        UPDATE ir_model_data
           SET name = REPLACE(name, 'cadence_followup', 'cadence_follow_up')
         WHERE module = 'mass_mailing_cadence' AND name LIKE '%cadence\\_followup%';
        """)


def _rename_sorting(cr):
    """What a salesperson says a reply is was called its verdict."""
    cr.execute("""
        UPDATE ir_model_fields SET name = 'sorting' WHERE model = 'cadence.reply' AND name = 'verdict';
        UPDATE ir_model_data
           SET name = REPLACE(name, '__verdict', '__sorting')
         WHERE module = 'mass_mailing_cadence' AND name LIKE '%cadence\\_reply\\_\\_verdict%';
        """)
    if column_exists(cr, 'cadence_reply', 'verdict'):
        cr.execute("ALTER TABLE cadence_reply RENAME COLUMN verdict TO sorting")


def _count_links(cr):
    """How many links the mailings of runs had; of the past only their trackers tell, which a letter's runs of a month share."""
    cr.execute("""
        DROP INDEX IF EXISTS link_tracker__cadence_mailing;
        ALTER TABLE mailing_mailing ADD COLUMN IF NOT EXISTS cadence_link_count integer DEFAULT 0;
        ALTER TABLE mailing_mailing ALTER COLUMN cadence_link_count DROP DEFAULT;
        UPDATE mailing_mailing mailing
           SET cadence_link_count = link.count
          FROM (SELECT source_id, campaign_id, COUNT(*) AS count FROM link_tracker GROUP BY source_id, campaign_id) link
         WHERE mailing.cadence_run_id IS NOT NULL
           AND link.source_id = mailing.source_id
           AND link.campaign_id = mailing.campaign_id;
        """)


def _tell_privacy_from_machines(cr):
    """What a mail program opened by itself was called a machine; who became a reader stays one."""
    cr.execute("""
        UPDATE mailing_trace
           SET cadence_follow_up = 'privacy'
         WHERE cadence_follow_up = 'machine'
           AND cadence_open_agent IN ('Mozilla/5.0', '-')
        """)


def _forget_old_words(cr):
    """Odoo keeps each translation that is there: without the old ones it takes those of the new version's file."""
    for model, columns in LABELS.items():
        table = {'ir.actions.act_window': 'ir_act_window', 'ir.actions.client': 'ir_act_client',
                 'ir.actions.server': 'ir_act_server'}.get(model, model.replace('.', '_'))
        for column in columns:
            cr.execute(SQL("""
                UPDATE %(table)s labelled
                   SET %(column)s = labelled.%(column)s - 'zh_CN'
                  FROM ir_model_data data
                 WHERE data.module = 'mass_mailing_cadence'
                   AND data.model = %(model)s
                   AND data.res_id = labelled.id
                   AND labelled.%(column)s ? 'zh_CN'
                """, table=SQL.identifier(table), column=SQL.identifier(column), model=model))
    for table, name, before in OLD_WORDS:
        cr.execute(SQL("""
            UPDATE %(table)s named
               SET name = named.name - 'zh_CN'
              FROM ir_model_data data
             WHERE data.module = 'mass_mailing_cadence'
               AND data.name = %(name)s
               AND data.res_id = named.id
               AND named.name->>'zh_CN' = %(before)s
            """, table=SQL.identifier(table), name=name, before=before))
