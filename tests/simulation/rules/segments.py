"""Letters, segments and runs in the hands of their users."""
from ...common import UNSUBSCRIBE
from ..world import create_letter
from .registry import get_record, get_runs, rule


@rule(1)
def write_letter(world, segment, group, step, variant):
    def work(env):
        create_letter(get_record(env, world, 'segment', segment), get_record(env, world, 'group', group), step, variant)
    world.ask(work, 'manager')


def _letter(env, world, segment, group, nth):
    letters = env['cadence.letter'].with_context(active_test=False).search([
        ('segment_id', '=', world.ids['segment'][segment]), ('tag_group_id', '=', world.ids['group'][group])], order='id')
    return letters[nth % len(letters)] if letters else letters


@rule(1)
def archive_letter(world, segment, group, nth):
    world.ask(lambda env: _letter(env, world, segment, group, nth).action_archive(), 'manager')


@rule(1)
def unarchive_letter(world, segment, group, nth):
    world.ask(lambda env: _letter(env, world, segment, group, nth).action_unarchive(), 'manager')


@rule(1)
def delete_letter(world, segment, group, nth):
    world.ask(lambda env: _letter(env, world, segment, group, nth).unlink(), 'manager')


@rule(1)
def break_letter(world, segment, group, nth):
    """A placeholder that fails for contacts of one name."""
    def work(env):
        letter = _letter(env, world, segment, group, nth)
        letter.mailing_id.body_html = """<p>Dear <t t-out="object.name.split(' ')[1]"/>, our cranes are new.</p>""" + UNSUBSCRIBE
    world.ask(work)  # such expressions are for those who may edit templates


@rule(1)
def mend_letter(world, segment, group, nth):
    def work(env):
        _letter(env, world, segment, group, nth).mailing_id.body_html = '<p>Our cranes are new.</p>' + UNSUBSCRIBE
    world.ask(work, 'manager')


@rule(1)
def archive_segment(world, segment):
    world.ask(lambda env: get_record(env, world, 'segment', segment).action_archive(), 'manager')


@rule(2)
def unarchive_segment(world, segment):
    world.ask(lambda env: get_record(env, world, 'segment', segment).action_unarchive(), 'manager')


@rule(1)
def send_by_hand(world, segment):
    """Automatic sending is switched off."""
    world.ask(lambda env: get_record(env, world, 'segment', segment).write({'auto_send': False}), 'manager')


@rule(2)
def send_automatically(world, segment):
    world.ask(lambda env: get_record(env, world, 'segment', segment).write({'auto_send': True}), 'manager')


@rule(2)
def send_drafts(world, segment):
    def work(env):
        runs = get_runs(env, world, segment).filtered('is_draft')
        runs.action_send_drafts()
        return bool(runs)
    if world.ask(work, 'user') and world.judge:
        world.judge.released.add((segment, world.local_day(segment)))


@rule(2)
def set_send_time(world, segment, hour):
    world.ask(lambda env: get_record(env, world, 'segment', segment).write({'send_time': hour}), 'manager')


@rule(2)
def test_hours(world, segment, hour):
    """Sending times are tested from tomorrow on: an hour, the segment's own, and one in between."""
    def work(env):
        record = get_record(env, world, 'segment', segment)
        hours = {hour, record.send_time, (hour + record.send_time) // 2}
        if len(hours) > 1 and not _find_hours_test(env, world, segment):
            env['cadence.test'].create({
                'kind': 'hour', 'segment_id': record.id, 'arm_ids': [(0, 0, {'hour': hour}) for hour in sorted(hours)],
            }).action_start()
    world.ask(work, 'user')


@rule(1)
def add_hour(world, segment, hour):
    """Another hour joins."""
    def work(env):
        if test := _find_hours_test(env, world, segment):
            test.write({'arm_ids': [(0, 0, {'hour': hour + 0.5})]})
    world.ask(work, 'user')


@rule(1)
def stop_testing_hours(world, segment):
    world.ask(lambda env: _find_hours_test(env, world, segment).action_stop() and None, 'user')


def _find_hours_test(env, world, segment):
    return env['cadence.test'].search([
        ('kind', '=', 'hour'), ('state', '=', 'running'), ('segment_id', '=', world.ids['segment'][segment])], limit=1)


@rule(1)
def set_zone(world, segment, zone):
    world.ask(lambda env: get_record(env, world, 'segment', segment).write({'tz': zone}), 'manager')
    if world.judge:
        world.judge.on_odd_days(segment)


@rule(2)
def run_now(world, segment):
    world.ask(lambda env: get_record(env, world, 'segment', segment).action_run_now() and None, 'user')


@rule(2)
def cancel(world, segment, group):
    world.ask(lambda env: get_runs(env, world, segment, group).action_cancel(), 'user')


@rule(2)
def stop(world, segment):
    _stop(world, 'segment', segment, lambda env: get_record(env, world, 'segment', segment))


@rule(3)
def resume(world, segment):
    _stop(world, 'segment', segment, lambda env: get_record(env, world, 'segment', segment), resume=True)


@rule(2)
def stop_run(world, segment, group):
    _stop(world, 'run', (segment, group, world.local_day(segment)), lambda env: get_runs(env, world, segment, group))


@rule(2)
def resume_run(world, segment, group):
    _stop(world, 'run', (segment, group, world.local_day(segment)), lambda env: get_runs(env, world, segment, group), resume=True)


def _stop(world, kind, key, get_records, resume=False):
    def work(env):
        records = get_records(env)
        method = getattr(records, 'action_resume' if resume else 'action_stop', None)
        if records and method:
            method()
            return True
        return False
    if world.ask(work, 'user') and world.judge:
        (world.judge.stopped.discard if resume else world.judge.stopped.add)((kind, key))
