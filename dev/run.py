"""The day of `make run`, in an Odoo shell: save what waits, queue the day's runs, deliver their mails, print a table."""
import os
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields, sql_db
from odoo.tools.misc import format_date


@contextmanager
def clock(moment):
    """Everything at a moment in UTC, and going on from there; the cursor's own clock included, which freezegun does not reach.

    Nor does it reach this script's own names, which belong to no module: ask `fields.Datetime.now()`.
    """
    with freeze_time(moment, tick=True), patch.object(sql_db.Cursor, 'now', lambda cursor: fields.Datetime.now()):
        yield


def say(text):
    print(f'» {text}', flush=True)


def save_addresses(env):
    if waiting := env['cadence.intake'].search_count([('state', 'in', ('reading', 'saving'))]):
        say(f'Saving {waiting} list(s) of addresses into batches …')
        env['cadence.intake']._cron_intake()
        env.cr.commit()


def queue_runs(env):
    """The runs of every segment's local day."""
    say('Queueing the runs of the day …')
    env['cadence.run']._cron_queue_today()
    env.cr.commit()
    env.invalidate_all()
    runs = env['cadence.run']
    for segment in env['cadence.segment'].search([]):
        runs += runs.search([('segment_id', '=', segment.id), ('date', '=', segment._get_local_day(fields.Datetime.now()))])
    return runs


def compose(env):
    say(f'Composing the mailings of {fields.Datetime.now():%Y-%m-%d %H:%M} UTC …')
    env['mailing.mailing']._process_mass_mailing_queue()
    env.cr.commit()


def deliver(env):
    outgoing = [('state', '=', 'outgoing')]
    waiting = env['mail.mail'].search_count(outgoing)
    while waiting:
        say(f'Delivering {waiting} mails …')
        env['mail.mail'].process_email_queue()
        env.cr.commit()
        env.invalidate_all()
        before, waiting = waiting, env['mail.mail'].search_count(outgoing)
        if waiting >= before:
            break


def count_caught(env, runs):
    """{run id: mails that the catcher got}, told by the message ids of their traces."""
    caught = {}
    traces = env['mailing.trace'].search_fetch(
        [('mass_mailing_id', 'in', runs.mailing_ids.ids)], ['message_id', 'mass_mailing_id'])
    run_by_message = {trace.message_id: trace.mass_mailing_id.cadence_run_id.id for trace in traces if trace.message_id}
    for path in Path(os.environ['CADENCE_SMTP_DIR']).glob('*.eml'):
        with path.open('rb') as mail:
            for line in mail:
                if line.lower().startswith(b'message-id:'):
                    # A long id is folded onto the next line.
                    message_id = (line[11:].strip() or next(mail).strip()).decode()
                    if run_id := run_by_message.get(message_id):
                        caught[run_id] = caught.get(run_id, 0) + 1
                    break
                if not line.strip():
                    break
    return caught


def print_table(env, runs):
    caught = count_caught(env, runs)
    states = dict(env['cadence.run']._fields['state']._description_selection(env))
    header = ['Day', 'Segment', 'Group', 'Batches', 'State', 'Audience', 'Mailed', 'Deferred', 'Excluded', 'Delivered', 'Caught']
    rows = [
        [format_date(env, run.date), run.segment_id.name, run.tag_group_id.name, run.batches, states[run.state],
         run.audience_count, run.mailed_count, run.deferred_count, run.excluded_count,
         sum(run.mailing_ids.mapped('delivered')), caught.get(run.id, 0)]
        for run in runs.sorted(lambda run: (run.segment_id.sequence, run.segment_id.id, run.tag_group_id.sequence))]
    rows.append(['All', '', '', '', '', *(sum(row[column] for row in rows) for column in range(5, len(header)))])
    widths = [max(len(str(row[column])) for row in [header, *rows]) for column in range(len(header))]
    print()
    for row in [header, *rows]:
        print('  ' + '  '.join(
            str(cell).rjust(width) if column >= 5 else str(cell).ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip())
    for run in runs.filtered('blocked_reason'):
        print(f'  {run.segment_id.name}, {run.tag_group_id.name}: {run.blocked_reason}')


def main(env):
    env = env(context=dict(env.context, lang='en_US'))
    env['ir.config_parameter'].set_param('web.base.url', os.environ['CADENCE_URL'])
    env.cr.commit()
    save_addresses(env)
    # At noon in UTC it is the same day nearly everywhere, whatever the segments' time zones.
    moment = datetime.fromisoformat(f"{os.environ['DATE']} 12:00:00") if os.environ.get('DATE') else fields.Datetime.now()
    with clock(moment):
        runs = queue_runs(env)
    # Sending times to come are not waited for; one after the other, as a later one may be past another segment's day.
    waiting = runs.mailing_ids.filtered(lambda mailing: mailing.state in ('in_queue', 'sending'))
    sending_times = {max(moment, (time or moment) + timedelta(minutes=1)) for time in waiting.mapped('schedule_date')}
    for sending_time in sorted(sending_times):
        with clock(sending_time):
            compose(env)
            deliver(env)
    env.invalidate_all()
    print_table(env, runs)


main(env)  # noqa: F821
