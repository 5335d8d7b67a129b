"""Email Marketing beside the cadence: newsletters, and a hand in the runs' mailings."""
from ..world import SEGMENTS
from .registry import get_mailing, rule


@rule(2)
def newsletter(world, company, segment, nth, hour):
    """A mailing by hand to the segment's contacts, at once or later on the same day."""
    def work(env):
        env = env(context=dict(env.context, allowed_company_ids=[world.ids['company'][company]]))
        mailing = env['mailing.mailing'].create({
            'subject': f'[newsletter/{company}/{nth}] fair',
            'mailing_model_id': env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('category_id.cadence_segment_id', '=', world.ids['segment'][segment])]),
            'email_from': f'Newsletter <newsletter.{company}@me.example>',
            'body_html': '<p>We are at the fair.</p>',
        })
        if hour > world.now.hour:
            mailing.write({'schedule_type': 'scheduled', 'schedule_date': world.now.replace(hour=int(hour), minute=0)})
        mailing.action_put_in_queue()
    world.ask(work, 'marketer')


@rule(2)
def delete_mailing(world, segment, nth):
    world.ask(lambda env: get_mailing(env, world, segment, nth).unlink(), 'marketer')


@rule(2)
def archive_mailing(world, segment, nth):
    world.ask(lambda env: get_mailing(env, world, segment, nth).action_archive(), 'marketer')


@rule(2)
def duplicate_mailing(world, segment, nth):
    """A run's mailing is duplicated and sent by hand."""
    def work(env):
        if mailing := get_mailing(env, world, segment, nth):
            company = SEGMENTS[segment][0]
            mailing.copy({'subject': f'[newsletter/{company}/9] again'}).action_put_in_queue()
    world.ask(work, 'marketer')


@rule(1)
def test_mailing(world, segment, nth):
    """An A/B test is switched on in a run's mailing."""
    def work(env):
        get_mailing(env, world, segment, nth).write({'ab_testing_enabled': True, 'ab_testing_pc': 20})
    world.ask(work, 'marketer')


@rule(1)
def retry_mailing(world, segment, nth):
    world.ask(lambda env: get_mailing(env, world, segment, nth).action_retry_failed() and None, 'marketer')


@rule(1)
def cancel_mailing(world, segment, nth):
    world.ask(lambda env: get_mailing(env, world, segment, nth).action_cancel(), 'marketer')
