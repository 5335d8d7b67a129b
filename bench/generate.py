"""A database as exporters have them: contacts over company domains, ten segments, their letters, and last month's history.

`fill(env, contacts=1_000_000)` writes by set-based SQL and does nothing in a database that it has filled before. Whatever the number
of contacts, the batches of `DAY` hold the same contacts: equal batches in a small and in a large database can be compared.
"""
from datetime import date

from odoo.addons.mass_mailing_cadence.tools.address import company_domain
from odoo.tools import SQL

DAY = date(2026, 9, 9)  # marketing 09 and reading 09 are due
HISTORY = (date(2026, 8, 9), date(2026, 9, 8))  # the last turn of every batch
DUE = 41_333  # contacts of the day: 33,333 in marketing 09 (a tenth of them readers), 8,000 readers of marketing 19 and 29
SEGMENTS = [  # language, customer group
    (lang, customers) for lang in ('base.lang_en', 'base.lang_es', 'base.lang_fr', 'base.lang_de', 'base.lang_ru')
    for customers in ('Equipment dealers', 'Rental companies')
]
LETTERS = [(1, 'Our new loaders'), (1, 'A question about your yard'), (2, 'What the others bought')]
FIRST = 'anna ben carla david elena frank gina hugo ines jan karl lucia marco nina oscar paula ravi sofia tom wei'.split()
LAST = 'abbas bauer costa dietz evans fischer garcia hansen ivanov jansen kim lopez moreau novak okafor patel rossi silva tan weber'.split()
WORDS = ('alpha astra atlas baltic bravo cargo castor cedar delta eastern eco falcon fortis gamma global harbor helix iron jupiter kappa '
         'lion lumen magna metro nordic nova omega orbit pacific pioneer polar prime quarry rapid royal sigma solid terra titan vector').split()
TRADES = ('access build cement cranes depot drill dumper earth equip export fleet forge gear group heavy import industry invest lift loaders '
          'machines market metal mining motors parts plant power quarry rental road service steel supply systems tools trade trucks works yard').split()
SUFFIXES = [  # share of the companies
    ('com', .40), ('de', .07), ('co.uk', .06), ('com.br', .05), ('fr', .05), ('it', .05), ('es', .04), ('ru', .04), ('nl', .03), ('pl', .03),
    ('com.mx', .02), ('ae', .02), ('co.za', .02), ('com.cn', .02), ('cn', .03), ('com.tw', .01), ('com.hk', .005), ('in', .015), ('co.in', .01),
    ('org', .015), ('edu', .002), ('edu.au', .001), ('gov', .001), ('gov.za', .001), ('net', .02),
]
PROVIDERS = [  # share of the contacts
    ('gmail.com', .08), ('yahoo.com', .025), ('hotmail.com', .025), ('outlook.com', .02), ('qq.com', .015), ('163.com', .015), ('gmx.de', .01),
    ('mail.ru', .01),
]

PARAGRAPH = "We build loaders, cranes and rollers for dealers in forty countries, and keep their parts in stock for ten years. "
# As the design of a letter is: some 5 KB, a theme, a picture, a condition, two tracked links of one address, placeholders.
LETTER = (
    '<div class="o_layout oe_unremovable" style="background-color:#f4f4f4"><div class="container o_mail_wrapper">'
    '<p style="font-size:14px">Dear <t t-out="object.name or \'friend\'"/>,</p>'
    '<img src="/web/image/website.s_cover_default_image" alt="Our cranes" width="600" style="width:100%"/>'
    + ''.join(f'<p style="font-size:14px;line-height:1.5;color:#333333">{PARAGRAPH * 3}</p>' for _number in range(10))
    + '<p t-if="object.country_id">We deliver to <t t-out="object.country_id.name"/>.</p><p>You are at <t t-out="object.email"/></p>'
    '<p><a href="https://www.example.com/list">The list</a> · <a href="https://www.example.com/list">The prices</a> · '
    '<a href="/unsubscribe_from_list">Unsubscribe</a></p></div></div>')


def fill(env, contacts=1_000_000):
    """Fill the database behind `env` and commit."""
    if env.ref('mass_mailing_cadence.tag_group_marketing').tag_ids:
        return
    env = env(context=dict(env.context, lang='en_US', tracking_disable=True, mail_notrack=True))
    segments = _create_segments(env)
    _create_contacts(env, segments, contacts)
    _create_history(env, segments, contacts)
    env.cr.execute("DROP TABLE bench_contact")
    env.cr.commit()
    vacuum(env, ('res_partner', 'res_partner_res_partner_category_rel', 'cadence_touch', 'mailing_trace', 'mail_blacklist', 'mailing_contact',
                  'mailing_subscription', 'res_partner_category'))


def forget_day(env):
    """Remove what a run of `DAY` left behind, so that the day can be run again."""
    env.cr.execute("DELETE FROM mail_mail WHERE mailing_id IN (SELECT id FROM mailing_mailing WHERE cadence_run_id IS NOT NULL)")
    env.cr.execute("DELETE FROM mailing_mailing WHERE cadence_run_id IN (SELECT id FROM cadence_run WHERE date >= %s)", [DAY])
    env.cr.execute("DELETE FROM cadence_touch WHERE date >= %s", [DAY])
    env.cr.execute("DELETE FROM cadence_run WHERE date >= %s", [DAY])
    env.cr.commit()
    env.invalidate_all()
    vacuum(env, ('cadence_touch', 'cadence_run', 'mailing_mailing'))


def plan_day(env):
    """The runs of `DAY`, planned anew, in the order in which they are decided."""
    forget_day(env)
    Run = env['cadence.run'].with_context(tracking_disable=True)
    Run._plan(dict.fromkeys(env['cadence.segment'].search([]), [DAY]))
    env.flush_all()
    env.cr.commit()
    return Run.search([('date', '=', DAY)]).sorted(Run._get_warmth)


def vacuum(env, tables):
    # As autovacuum would have done by the morning. VACUUM wants to be outside of a transaction.
    connection = env.cr._cnx
    env.cr.commit()
    connection.autocommit = True
    try:
        for table in tables:
            env.cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))
    finally:
        connection.autocommit = False


def _create_segments(env):
    groups = env['cadence.tag.group']._get_mailed_groups()
    names = dict.fromkeys(name for _lang, name in SEGMENTS)
    customers = {name: env['cadence.customer.group'].create({'name': name}) for name in names}
    segments = env['cadence.segment'].create([{
        'lang_id': env.ref(lang).id, 'customer_group_id': customers[name].id, 'email_from': 'Wang Li <li@me.example>', 'tz': 'UTC',
    } for lang, name in SEGMENTS])
    for segment in segments:
        for group in groups:
            segment._get_batch_tags(group, range(1, group.batch_count + 1))
            for step, subject in LETTERS:
                letter = env['cadence.letter'].create({
                    'segment_id': segment.id, 'tag_group_id': group.id, 'step': step, 'subject': subject,
                    'accepted_language': 'en'})
                letter.mailing_id.body_html = f"""
                    <div class="o_layout"><p>Dear <t t-out="object.name"/>,</p><p>{subject}: would you like to see our list?</p>
                    <p><a href="https://www.example.com/list">The list</a> · <a href="/unsubscribe_from_list">Unsubscribe</a></p></div>"""
    segments.sender_id.profile = 'steady'
    return segments


def _draw(seed, key='key'):
    """A number in [0, 1) that depends on the contact's key alone."""
    return SQL("((hashint8extended(%s, %s) & 1048575) / 1048576.0)", SQL(key), seed)


def _choose(values, seed, key='key'):
    return SQL("(%s::text[])[1 + FLOOR(%s * %s)::int]", values, _draw(seed, key), len(values))


def _choose_shared(shares, draw):
    """One of [(value, share)] by a number in [0, 1); the last one takes the rest."""
    cases, limit = [], 0
    for value, share in shares[:-1]:
        limit += share
        cases.append(SQL("WHEN %s < %s THEN %s", draw, limit, value))
    return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), shares[-1][0])


def _create_contacts(env, segments, contacts):
    public = sum(share for _host, share in PROVIDERS)
    # About 250,000 companies for a million contacts: a few have hundreds of them, most one or two.
    companies = max(int(contacts * .31), 1)
    env.cr.execute(SQL("""
        CREATE UNLOGGED TABLE bench_contact AS
        WITH numbered AS (
            SELECT n, (n + 1) * %(due)s / %(contacts)s > n * %(due)s / %(contacts)s AS is_due, n * %(due)s / %(contacts)s AS k
              FROM GENERATE_SERIES(0, %(contacts)s::bigint - 1) n
        ),
        keyed AS (
            -- The contacts of the day have the same keys in a database of any size; they lie scattered among the others.
            SELECT n, is_due, CASE WHEN is_due THEN k ELSE 10000000 + n END AS key,
                   is_due AND k %% 31 < 6 AS is_reading_only
              FROM numbered
        ),
        placed AS (
            SELECT keyed.*,
                   FLOOR(%(segment_draw)s * %(segment_count)s)::int AS segment,
                   CASE WHEN is_reading_only THEN 19 + 10 * (key %% 2)::int
                        WHEN is_due THEN 9
                        ELSE 1 + (9 + FLOOR(%(batch_draw)s * 29)::int) %% 30
                    END AS batch,
                   %(reader_draw)s < .12 AS is_reader,
                   %(tag_draw)s AS tag_draw,
                   %(public_draw)s AS public_draw,
                   CASE WHEN is_due THEN FLOOR(250000 * POWER(%(company_draw)s, 2))::int
                        ELSE FLOOR(%(companies)s * POWER(%(company_draw)s, 2))::int
                    END AS company
              FROM keyed
        ),
        housed AS (
            SELECT placed.*,
                   CASE WHEN public_draw < %(public)s THEN %(provider)s END AS provider,
                   (%(words)s::text[])[1 + company %% 40] || (%(trades)s::text[])[1 + company / 40 %% 40] || COALESCE(NULLIF(company / 1600, 0)::text, '')
                   || '.' || %(suffix)s AS company_domain
              FROM placed
        )
        SELECT n, segment, batch, is_due,
               CASE WHEN is_reading_only OR is_reader AND (is_due OR batch NOT IN (19, 29)) THEN (batch - 1) %% 10 + 1 END AS reading,
               CASE WHEN tag_draw < .04 THEN 1 + FLOOR(tag_draw / .005)::int END AS tag,
               INITCAP(%(first)s) || ' ' || INITCAP(%(last)s) AS name,
               CASE WHEN provider IS NOT NULL THEN %(first)s || '.' || %(last)s || key || '@' || provider
                    ELSE CASE WHEN %(local_draw)s < .04 THEN %(role)s
                              WHEN %(local_draw)s < .20 THEN %(office)s
                              ELSE %(first)s || '.' || %(last)s || key %% 1000
                          END || '@' || CASE WHEN %(host_draw)s < .04 THEN 'mail.' ELSE '' END || company_domain
                END AS email,
               CASE WHEN provider IS NULL THEN company_domain END AS company_domain
          FROM housed
        """,
        due=DUE, contacts=contacts, companies=companies, public=public, segment_count=len(segments),
        segment_draw=_draw(1), batch_draw=_draw(2), reader_draw=_draw(3), tag_draw=_draw(4), public_draw=_draw(5), company_draw=_draw(6),
        provider=_choose_shared(PROVIDERS, SQL("public_draw")), suffix=_choose_shared(SUFFIXES, _draw(7, 'company')),
        words=WORDS, trades=TRADES, first=_choose(FIRST, 8), last=_choose(LAST, 9), local_draw=_draw(10),
        role=_choose(['hr', 'noreply', 'marketing', 'jobs', 'support', 'ticket'], 11),
        office=_choose(['info', 'sales', 'office', 'purchasing', 'contact'], 12), host_draw=_draw(13)))
    _check_company_domains(env)
    base = env.execute_query(SQL("SELECT MAX(id) + 1 FROM res_partner"))[0][0]
    env.cr.execute(SQL("""
        INSERT INTO res_partner (
               id, name, complete_name, email, email_normalized, cadence_email, cadence_company_domain, type, lang, active, employee,
               is_company, partner_share, color, message_bounce, commercial_partner_id, create_uid, write_uid, create_date, write_date)
        SELECT %(base)s + n, name, name, email, email, email, company_domain, 'contact', 'en_US', TRUE, FALSE, FALSE, TRUE,
               0, 0, %(base)s + n, 1, 1, %(now)s, %(now)s
          FROM bench_contact
      ORDER BY n
        """, base=base, now=HISTORY[0]))
    env.cr.execute(SQL("SELECT SETVAL('res_partner_id_seq', (SELECT MAX(id) FROM res_partner))"))
    env.cr.execute(SQL("ALTER TABLE bench_contact ADD COLUMN id int"))
    env.cr.execute(SQL("UPDATE bench_contact SET id = %s + n", base))
    others = env['res.partner.category']
    for code in ('intention', 'risk'):
        others += env.ref(f'mass_mailing_cadence.tag_group_{code}').tag_ids
    env.cr.execute(SQL("""
        INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
        SELECT contact.id, tag.id
          FROM bench_contact contact
          JOIN res_partner_category tag
            ON tag.cadence_segment_id = (%(segments)s::int[])[1 + contact.segment]
           AND (tag.cadence_group_id = %(marketing)s AND tag.cadence_batch = contact.batch
                OR tag.cadence_group_id = %(reading)s AND tag.cadence_batch = contact.reading)
     UNION ALL
        SELECT id, (%(others)s::int[])[tag] FROM bench_contact WHERE tag IS NOT NULL
        """, segments=segments.ids, others=others.ids, **_get_group_ids(env)))
    env.cr.execute(SQL("""
        INSERT INTO mail_blacklist (email, cadence_email, active)
        SELECT DISTINCT email, email, TRUE FROM bench_contact WHERE n %% 199 = 0
        """))
    mailing_list = env['mailing.list'].create({'name': 'Newsletter'})
    env.flush_all()
    env.cr.execute(SQL("""
        WITH subscriber AS (
            INSERT INTO mailing_contact (name, email, email_normalized, cadence_email)
            SELECT name, email, email, email FROM bench_contact WHERE n %% 50 = 0
         RETURNING id)
        INSERT INTO mailing_subscription (contact_id, list_id, opt_out) SELECT id, %s, id %% 10 = 0 FROM subscriber
        """, mailing_list.id))


def _check_company_domains(env):
    """The SQL above and the module agree about the company behind an address."""
    env.cr.execute("SELECT email, company_domain FROM bench_contact TABLESAMPLE SYSTEM (1)")
    for email, domain in env.cr.fetchall():
        assert company_domain.company_domain(email) == domain, (email, domain)


def _get_group_ids(env):
    return {code: env.ref(f'mass_mailing_cadence.tag_group_{code}').id for code in ('marketing', 'reading')}


def _create_history(env, segments, contacts):
    """The last turn of each batch: touches and their traces, some deferred yesterday, newsletters, one of them on the day itself."""
    days = [date.fromordinal(day) for day in range(HISTORY[0].toordinal(), HISTORY[1].toordinal() + 1)]
    env['cadence.run']._plan(dict.fromkeys(segments, days))
    env.flush_all()
    env.cr.execute("UPDATE cadence_run SET state = 'done'")
    past, today = env['mailing.mailing'].create([{
        'subject': name, 'mailing_model_id': env['ir.model']._get_id('res.partner'), 'body_html': '<p>News</p>', 'state': 'done',
    } for name in ('Newsletter', 'Newsletter of the day')])
    env.flush_all()
    env.cr.execute(SQL("""
        INSERT INTO cadence_touch (
               run_id, segment_id, tag_group_id, company_id, date, day, channel, partner_id, email, company_domain, batch, state, outcome,
               reason, view_id, letter_id, step, create_uid, write_uid, create_date, write_date)
        SELECT run.id, run.segment_id, run.tag_group_id, run.company_id, run.date, run.date, 'mail', contact.id, contact.email,
               contact.company_domain, contact.batch,
               CASE WHEN %(draw)s < .75 THEN 'reserved' ELSE 'excluded' END, CASE WHEN %(draw)s < .75 THEN 'left' END,
               CASE WHEN %(draw)s >= .75 THEN 'view' END, CASE WHEN %(draw)s >= .75 THEN %(no_send)s END,
               CASE WHEN %(draw)s < .75 THEN letter.id END, CASE WHEN %(draw)s < .75 THEN letter.step END,
               1, 1, run.date, run.date
          FROM bench_contact contact
          JOIN cadence_run run
            ON run.segment_id = (%(segments)s::int[])[1 + contact.segment]
           AND (run.tag_group_id = %(marketing)s AND EXTRACT(day FROM run.date) = contact.batch
                OR run.tag_group_id = %(reading)s AND (EXTRACT(day FROM run.date) - 1)::int %% 10 + 1 = contact.reading)
          JOIN (SELECT MIN(id) AS id, segment_id, tag_group_id, step FROM cadence_letter GROUP BY segment_id, tag_group_id, step) letter
            ON letter.segment_id = run.segment_id AND letter.tag_group_id = run.tag_group_id
           AND letter.step = 1 + ((contact.n / 3 + EXTRACT(day FROM run.date)::int) %% 2)
         WHERE EXTRACT(day FROM run.date) <= 30
           AND run.date <= %(last)s
      ORDER BY run.date
            ON CONFLICT DO NOTHING
        """, draw=_draw(20, '(contact.n / 24 + EXTRACT(day FROM run.date)::int)'), segments=segments.ids, last=HISTORY[1],
        no_send=env.ref('mass_mailing_cadence.view_no_send').id, **_get_group_ids(env)))
    # 40 of each of yesterday's runs wait since then.
    env.cr.execute(SQL("""
        UPDATE cadence_touch
           SET state = 'deferred', outcome = NULL, reason = 'domain_cap', deferred_since = date, letter_id = NULL, step = NULL
          FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY run_id ORDER BY id) AS place
                  FROM cadence_touch WHERE date = %s AND state = 'reserved') waiting
         WHERE waiting.id = cadence_touch.id AND waiting.place <= 40
        """, HISTORY[1]))
    insert = SQL("""
        INSERT INTO mailing_trace (
               trace_type, model, res_id, email, mass_mailing_id, trace_status, is_test_trace, sent_datetime, open_datetime, cadence_touch_id,
               create_uid, write_uid, create_date, write_date)
        """)
    env.cr.execute(SQL("""
        %s
        SELECT 'mail', 'res.partner', id, email, %s, 'sent', FALSE, moment, NULL, NULL, 1, 1, moment, moment
          FROM bench_contact, (VALUES (%s::timestamp)) newsletter(moment)
         WHERE n %% 2 = 0
        """, insert, past.id, HISTORY[0]))
    env.cr.execute(SQL("""
        %s
        SELECT 'mail', 'res.partner', partner_id, email, %s, CASE WHEN id %% 5 = 0 THEN 'open' ELSE 'sent' END, FALSE,
               date + TIME '09:00', CASE WHEN id %% 5 = 0 THEN date + TIME '12:00' END, id, 1, 1, date + TIME '08:00', date + TIME '12:00'
          FROM cadence_touch
         WHERE state = 'reserved'
      ORDER BY date
        """, insert, past.id))
    env.cr.execute(SQL("""
        %s
        SELECT 'mail', 'res.partner', id, email, %s, 'sent', FALSE, moment, NULL, NULL, 1, 1, moment, moment
          FROM bench_contact, (VALUES (%s + TIME '00:10')) newsletter(moment)
         WHERE is_due AND n %% 20 = 0
        """, insert, today.id, DAY))


def describe(env):
    """What the database holds, in one line."""
    counts = [env.execute_query(SQL(query))[0][0] for query in (
        "SELECT COUNT(*) FROM res_partner WHERE email_normalized IS NOT NULL",
        "SELECT COUNT(DISTINCT cadence_company_domain) FROM res_partner",
        "SELECT COUNT(*) FROM cadence_touch",
        "SELECT COUNT(*) FROM mailing_trace",
    )]
    return "{} contacts, {} companies, {} touches and {} traces of the past".format(*tuple(f'{count:,}' for count in counts))
