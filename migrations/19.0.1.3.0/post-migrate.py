from datetime import timedelta

from odoo import SUPERUSER_ID, api
from odoo.addons.mass_mailing_cadence.tools.mail import scanners

# Function addresses that the view No-send asks for since this version.
NO_SEND = [
    'tick@', 'tickets@', 'helpdesk@', 'help-desk@', 'servicedesk@', 'no-reply@', 'no_reply@', 'no.reply@', 'donotreply@',
    'do-not-reply@', 'do_not_reply@', 'bounce@', 'bounces@', 'postmaster@', 'mailer-daemon@', 'hostmaster@',
    'webmaster@', 'abuse@', 'spam@', 'unsubscribe@', 'customer-service@', 'customer.service@', 'customersupport@',
    'careers@', 'career@', 'job@', 'recruitment@', 'resume@',
]


def migrate(cr, version):
    _give_traces_to_the_survivors(cr)
    _name_the_authors(cr)
    _widen_known_scanners(cr)
    _write_known_scanners_one_a_line(cr)
    _give_the_journal_its_companies(cr)
    _count_the_past(cr)
    env = api.Environment(cr, SUPERUSER_ID, {})
    env = env(context={'lang': env.company.partner_id.lang})
    _widen_no_send(env)
    _give_the_new_tag_its_group(env)
    _make_the_senders(env)
    # An upgrade throttles nobody: what was loaded before does not send some of its mails first.
    cr.execute("UPDATE cadence_intake SET is_proven = TRUE")
    _let_letters_in_use_pass(env)


def _give_traces_to_the_survivors(cr):
    """Contacts merged before: their traces name the contact that is gone, the ledger the one that is left."""
    cr.execute("""
        UPDATE mailing_trace trace
           SET res_id = touch.partner_id
          FROM cadence_touch touch
         WHERE touch.id = trace.cadence_touch_id
           AND trace.model = 'res.partner'
           AND trace.res_id <> touch.partner_id
           AND NOT EXISTS (SELECT FROM res_partner WHERE res_partner.id = trace.res_id)
        """)


def _name_the_authors(cr):
    """Domains of experts are asked with the rights of who wrote them last; the new column begins with the upgrade's own user."""
    cr.execute("UPDATE cadence_view_condition SET author_id = COALESCE(write_uid, create_uid)")


def _widen_known_scanners(cr):
    """They are whole words now, and more: in companies that never changed the list."""
    cr.execute("UPDATE res_company SET cadence_scanner_agents = %s WHERE cadence_scanner_agents = %s",
               [scanners.KNOWN, scanners.KNOWN_BEFORE])


def _write_known_scanners_one_a_line(cr):
    cr.execute(r"""
        UPDATE res_company
           SET cadence_scanner_agents = REGEXP_REPLACE(cadence_scanner_agents, '\s*[;；]\s*', E'\n', 'g')
        """)


def _give_the_journal_its_companies(cr):
    """An entry belongs to whose mail, reply or opportunity it is about, and tells no opportunity's name to others."""
    cr.execute("""
        UPDATE cadence_journal entry
           SET company_id = COALESCE(reply.company_id, touch.company_id, lead.company_id, entry.company_id),
               detail = CASE WHEN entry.reason NOT IN ('opportunity', 'won') THEN entry.detail END
          FROM cadence_journal known
     LEFT JOIN cadence_reply reply ON reply.id = known.reply_id
     LEFT JOIN mailing_trace trace ON trace.id = known.trace_id
     LEFT JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
     LEFT JOIN crm_lead lead ON lead.id = known.lead_id
         WHERE known.id = entry.id
           AND (known.reply_id IS NOT NULL OR known.trace_id IS NOT NULL OR known.lead_id IS NOT NULL)
        """)


def _count_the_past(cr):
    """Each run that mailed gets its results; the cron counts the last sixty days only."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT DISTINCT run_id FROM cadence_touch WHERE outcome IN ('left', 'refused') ORDER BY run_id")
    run_ids = [run_id for run_id, in cr.fetchall()]
    leads = env['crm.lead'].with_context(active_test=False).search(
        [('type', '=', 'opportunity'), ('cadence_run_id', '!=', False)])
    env['cadence.attribution']._freeze(leads)
    for start in range(0, len(run_ids), 200):
        env['cadence.result']._recount(env['cadence.run'].browse(run_ids[start:start + 200]))


def _widen_no_send(env):
    """The list is the users' own: what they took off stays off, what is new is added and said."""
    view = env.ref('mass_mailing_cadence.view_no_send', raise_if_not_found=False)
    if view:
        starts = view.condition_ids.filtered(lambda condition: (condition.field, condition.operator) == ('email', 'starts'))[:1]
        if starts:
            starts._widen(NO_SEND)


def _give_the_new_tag_its_group(env):
    """The tag groups are the users' own (noupdate), so their data says nothing to a database that has them."""
    tag, group = (env.ref(f'mass_mailing_cadence.tag_{name}', raise_if_not_found=False) for name in ('not_target', 'group_risk'))
    if tag and group and not tag.cadence_group_id:
        tag.cadence_group_id = group


def _make_the_senders(env):
    """Each segment gets its sender. Who has mailed is warm: nothing is throttled from one day to the next by an upgrade."""
    env['cadence.segment'].with_context(active_test=False).search([])._link_senders()
    env.flush_all()
    env.cr.execute("""
        UPDATE cadence_touch touch
           SET sender_id = segment.sender_id
          FROM cadence_segment segment
         WHERE segment.id = touch.segment_id
           AND touch.state = 'reserved'
           AND touch.day >= CURRENT_DATE - 90
        """)
    env.cr.execute("SELECT DISTINCT sender_id FROM cadence_touch WHERE outcome = 'left' AND sender_id IS NOT NULL")
    senders = env['cadence.sender'].browse(sender_id for sender_id, in env.cr.fetchall())
    senders.write({'profile': 'steady'})
    for sender in senders:
        env['cadence.sender.day']._count(sender, sender._get_today() - timedelta(days=30))


def _let_letters_in_use_pass(env):
    """What has been mailed for weeks goes on, and shows what is wrong with it: an upgrade stops no run."""
    for letter, in env['cadence.touch']._read_group([('outcome', '=', 'left'), ('letter_id', '!=', False)], ['letter_id']):
        letter.action_accept_findings()
