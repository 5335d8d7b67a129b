"""Every screen of the menu as the web client asks for it, in milliseconds and queries on the server; fed to an Odoo shell.

Fifty segments with a hundred runs on each day of two months. Each screen is asked for twice by the same user in a transaction
without anything cached of records, and the second time is told: the first one also fills the caches of a new process.
"""
import os
import time
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree
from odoo.addons.mass_mailing_cadence.bench import generate
from odoo.addons.mass_mailing_cadence.bench.report import row, write
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

CONTACTS = int(os.environ.get('CONTACTS', 1_000_000))
GOAL = 300  # ms
MORE_SEGMENTS = 40
DAYS = [generate.DAY + timedelta(days=number) for number in range(-30, 31)]


def fill(env):
    generate.fill(env, CONTACTS)
    Segment = env['cadence.segment']
    if Segment.search_count([]) >= MORE_SEGMENTS:
        return
    used = Segment.search([]).lang_id
    langs = env['res.lang'].with_context(active_test=False).search([('id', 'not in', used.ids)], limit=MORE_SEGMENTS)
    group = env['cadence.customer.group'].create({'name': 'Shipyards'})
    segments = Segment.create([{
        'lang_id': lang.id, 'customer_group_id': group.id, 'email_from': 'Wang Li <li@me.example>', 'tz': 'UTC'} for lang in langs])
    env['cadence.run']._plan(dict.fromkeys(segments, DAYS))
    env.flush_all()
    env.cr.execute("UPDATE cadence_run SET expected_count = 300 + id % 50 WHERE state = 'planned'")
    env.cr.commit()
    generate.vacuum(env, ('cadence_run', 'cadence_segment', 'res_partner_category'))


def get_specification(Model, arch):
    """What the web client reads of a view's records."""
    names = {node.get('name') for node in arch.iter('field') if not any(
        parent.tag in ('list', 'kanban', 'form') and parent is not arch for parent in node.iterancestors())}
    return {
        name: {'fields': {'display_name': {}}} if Model._fields[name].relational else {}
        for name in names if name in Model._fields}


def get_search(env, action):
    """(domain, fields to group by) of an action with its default filters."""
    values = {'uid': env.uid, 'context_today': lambda: generate.DAY}
    context, domain = (
        safe_eval(action[name] or empty, values) if isinstance(action[name], str) else action[name] or safe_eval(empty)
        for name, empty in (('context', '{}'), ('domain', '[]')))
    search_id = action['search_view_id'] and action['search_view_id'][0]
    search = etree.fromstring(env[action['res_model']].get_view(search_id, 'search')['arch'])
    domain, groups = Domain(domain), []
    for name in context:
        for node in search.xpath('//filter[@name=$name]', name=name.removeprefix('search_default_')):
            domain &= Domain(safe_eval(node.get('domain') or '[]', values))
            groups += filter(None, [safe_eval(node.get('context') or '{}').get('group_by')])
    return context, list(domain), groups


def ask(env, action, view_type, arch):
    """What the web client asks for when it opens a view of an action."""
    context, domain, groups = get_search(env, action)
    Model = env[action['res_model']].with_context(context)
    specification = get_specification(Model, arch)
    if view_type in ('list', 'kanban') and groups:
        return Model.web_read_group(domain, groups[:1], ['__count'], auto_unfold=True, unfold_read_specification=specification)
    if view_type in ('list', 'kanban'):
        limit = int(arch.get('limit') or (80 if view_type == 'list' else 40))
        return Model.web_search_read(domain, specification, limit=limit, count_limit=10_001)
    if view_type == 'calendar':
        month = [*domain, ('date', '>=', DAYS[20]), ('date', '<=', DAYS[60])]
        return Model.get_calendar_days(month) or Model.search_read(month, list(specification))
    if view_type == 'form':
        return Model.search(domain, limit=1).web_read(specification)
    stored = [node for node in arch.iter('field') if Model._fields[node.get('name')].store]
    measures = [f"{node.get('name')}:sum" for node in stored if node.get('type') == 'measure']
    rows = [f"{node.get('name')}:{node.get('interval') or 'month'}" if Model._fields[node.get('name')].type == 'date' else node.get('name')
            for node in stored if node.get('type') != 'measure']
    return Model.formatted_read_group(domain, rows[:2], ['__count', *measures])


def get_screens(env):
    """[(name, function of env)]"""
    menus = env['ir.ui.menu'].search([('id', 'child_of', env.ref('mass_mailing_cadence.cadence_menu').id), ('action', '!=', False)])
    for menu in menus:
        action = menu.action.run() if menu.action._name == 'ir.actions.server' else menu.action.read()[0]
        if not action.get('res_model'):
            continue
        for _id, view_type in action['views']:
            arch = etree.fromstring(env[action['res_model']].get_view(view_type=view_type)['arch'])
            yield f"{menu.complete_name.partition('/')[2]}, {view_type}", (
                lambda env, action=action, view_type=view_type, arch=arch: ask(env, action, view_type, arch))
    yield "Today, first steps", lambda env: env['cadence.checklist'].get_steps()
    yield "Replies", lambda env: env['cadence.reply'].get_triage_queue()
    yield "Results", lambda env: env['cadence.result'].get_page()
    partner = env['cadence.touch'].search([('state', '=', 'reserved')], limit=1).partner_id
    yield "Contact, timeline", lambda env: env['res.partner'].browse(partner.id).get_cadence_timeline()


def measure(env, screen):
    """(seconds, queries) of a screen in a fresh cache, the second time."""
    for _time in range(2):
        env.invalidate_all()
        queries, start = env.cr.sql_log_count, time.perf_counter()
        screen(env)
        taken = time.perf_counter() - start, env.cr.sql_log_count - queries
    return taken


def main(env):
    fill(env)
    rows, user = [], env.ref('base.user_admin')
    with freeze_time(datetime.combine(generate.DAY, datetime.min.time()), tick=True):
        env = env(user=user, context={'lang': 'en_US', 'tz': 'UTC', 'allowed_company_ids': user.company_ids.ids})
        for name, screen in get_screens(env):
            try:
                seconds, queries = measure(env, screen)
            finally:
                env.cr.rollback()
            print(f'{name}: {1_000 * seconds:.0f} ms, {queries} queries', flush=True)
            rows.append(row(name, f'{1_000 * seconds:.0f}', queries, 'ms, queries', '', f'≤ {GOAL} ms', 1_000 * seconds <= GOAL))
    [(contacts, touches, runs)] = env.execute_query(generate.SQL("""
        SELECT (SELECT COUNT(*) FROM res_partner), (SELECT COUNT(*) FROM cadence_touch), (SELECT COUNT(*) FROM cadence_run)"""))
    write('screens', rows, f'{contacts:,} contacts, {touches:,} touches, {runs:,} runs')


main(env)  # noqa: F821 the shell's
