import os
import random
import re
from collections import Counter
from datetime import datetime, timedelta

from odoo.addons.mass_mailing_cadence.tools.mail import scanners
from odoo.tests import tagged

from .common import ResultCase

DAYS = ('2026-07-09', '2026-07-10', '2026-07-11')
AGENTS = ('Thunderbird/140', 'Mozilla/5.0', '-', 'curl/8', 'BarracudaCentral', 'Mozilla/5.0 (iPhone) AppleWebKit')
# Of each history; 50,000 take some minutes: CADENCE_EVENTS=50000 make test ARGS="tests/results/test_random_history.py"
EVENTS = int(os.environ.get('CADENCE_EVENTS', 250))
CONTACTS = max(12, EVENTS // 200)  # a day


@tagged('post_install', '-at_install')
class TestRandomHistory(ResultCase):
    """Whatever people, machines and servers do in whatever order: each figure on each screen is what one counts by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter(step=1, subject='Variant')
        cls.env['cadence.letter'].search([]).mailing_id.body_html = ''.join(
            f'<a href="https://me.example/{page}">{page}</a>' for page in 'abc')

    def test_every_figure_is_the_one_that_is_counted_by_hand(self):
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self._play_and_compare(random.Random(seed), 9 + 3 * seed)

    def _play_and_compare(self, chance, first):
        runs = self.env['cadence.run']
        for offset, day in enumerate(DAYS):
            day = f'2026-07-{first + offset:02}'
            for _number in range(CONTACTS):
                self._create_partners(1, batch=first + offset, **(
                    {'email': f'c{chance.random()}@gmail.com'} if chance.random() < 0.3 else {}))
            runs += self._queue(day)['marketing']
            self._compose(day)
        links = self.env['link.tracker'].search([('campaign_id', 'in', runs.mailing_ids.campaign_id.ids)])
        events = [getattr(self, name) for name in dir(self) if name.startswith('_event_')]
        for number in range(EVENTS):
            chance.choice(events)(chance, chance.choice(runs.touch_ids), links)
            if number in (EVENTS // 3, EVENTS // 2):  # counted in between, which must change nothing
                self.env['cadence.result']._recount(runs)
        self.env['cadence.result']._recount(runs)
        self._compare(runs, first)

    # What happens

    def _moment(self, chance, touch):
        return touch.trace_ids.sent_datetime + timedelta(seconds=chance.choice((2, 4, 3600, 90_000, 900_000)))

    def _event_open(self, chance, touch, _links):
        moment = self._moment(chance, touch)
        trace = touch.trace_ids
        trace.write({
            'open_datetime': trace.open_datetime or moment, 'cadence_last_open': moment,
            'cadence_open_agent': chance.choice(AGENTS)})
        if trace.trace_status == 'sent':
            trace.trace_status = 'open'

    def _event_click(self, chance, touch, links):
        moment, agent = self._moment(chance, touch), chance.choice(AGENTS)
        own = links.filtered(lambda link: link.source_id == touch.mailing_id.source_id)
        trace = touch.trace_ids
        clicks = self.env['link.tracker.click'].create([
            {'link_id': link.id, 'mailing_trace_id': trace.id, 'cadence_agent': agent}
            for link in own[:chance.choice((1, 2, 3))]])
        self.env.flush_all()
        self.env.cr.execute("UPDATE link_tracker_click SET create_date = %s WHERE id = ANY(%s)", [moment, clicks.ids])
        clicks.invalidate_recordset()
        trace.write({'links_click_datetime': moment, 'open_datetime': trace.open_datetime or moment, 'cadence_last_open': moment,
                     'cadence_open_agent': agent})

    def _event_bounce(self, chance, touch, _links):
        if chance.random() < 0.3:
            touch.trace_ids.set_bounced()

    def _event_reply(self, chance, touch, _links):
        if touch.partner_id:
            self.env['cadence.reply'].create({
                'partner_id': touch.partner_id.id, 'company_id': touch.company_id.id, 'date': self._moment(chance, touch),
                'kind': chance.choice(('person', 'person', 'out_of_office')), 'state': 'sorted', 'run_id': touch.run_id.id,
                'sorting': chance.choice(('inquiry', 'not_interested', 'not_reply', False)), 'trace_id': touch.trace_ids.id})

    def _event_sort(self, chance, touch, _links):
        replies = self.env['cadence.reply'].search([('trace_id', '=', touch.trace_ids.id)])
        replies[:1].sorting = chance.choice(('deal', 'not_reply', 'competitor'))

    def _event_opt_out(self, chance, touch, _links):
        if touch.partner_id:
            self.env['cadence.journal']._note(
                touch.partner_id, chance.choice(('opt_out', 'complaint', 'hard_bounce')), trace_id=touch.trace_ids.id,
                mailing_id=touch.mailing_id.id)

    def _event_undo(self, _chance, touch, _links):
        entry = self.env['cadence.journal'].search(
            [('partner_id', '=', touch.partner_id.id), ('reason', '=', 'opt_out')], limit=1)
        entry.undone_by_id = entry and self.env['cadence.journal']._note(touch.partner_id, 'undone')

    def _event_judge(self, chance, _touch, _links):
        if chance.random() < 0.1:
            with self.at(f'2026-07-{chance.randint(20, 28)}'), self.enter_registry_test_mode():
                self.env.ref('mass_mailing_cadence.ir_cron_follow_up').method_direct_trigger()
            self.env.invalidate_all()

    def _event_deal(self, chance, touch, _links):
        lead = self.env['crm.lead'].create({
            'name': 'Crane', 'type': 'opportunity', 'partner_id': touch.partner_id.id, 'cadence_run_id': touch.run_id.id,
            'expected_revenue': chance.randint(1, 10_000) / 100})
        if chance.random() < 0.5:
            lead.action_set_won()

    # Counted by hand

    def _compare(self, runs, first):
        self.env.invalidate_all()
        facts = [self._judge(touch) for touch in runs.touch_ids.filtered('outcome')]
        by_hand = Counter()
        for fact in facts:
            by_hand.update(fact)
        counted = {name: sum(runs.result_ids.mapped(name)) for name in by_hand}
        self.assertEqual(counted, dict(by_hand))
        page = self.env['cadence.result'].with_user(self.salesman).get_page(
            {'days': 7, 'date_to': f'2026-07-{first + 2:02}', 'segment_id': self.segment.id})
        shown = {step['figure']: step['count'] for step in page['funnel']}
        mine = self.env['cadence.result'].search([
            ('date', '>=', page['filters']['date_from']), ('date', '<=', page['filters']['date_to'])])
        self.assertEqual(shown, {name: sum(mine.mapped(name)) for name in shown})
        [pivot] = self.env['cadence.result'].formatted_read_group(
            [('run_id', 'in', runs.ids)], [], ['opened:sum', 'delivered:sum', 'open_rate:avg'])
        self.assertEqual((pivot['opened:sum'], pivot['delivered:sum']), (by_hand['opened'], by_hand['delivered']))
        self.assertAlmostEqual(pivot['open_rate:avg'], by_hand['opened'] / by_hand['delivered'])
        self.assertEqual(sum(runs.mapped('opened_count')), by_hand['opened'])
        self.assertEqual(sum(runs.mapped('replied_count')), by_hand['replied'])
        hours = self.env['cadence.result.hour'].search([('run_id', 'in', runs.ids)])
        self.assertEqual(sum(hours.mapped('opened')), by_hand['opened'], "each open has its hour")
        digest = self.env['digest.digest'].create({'name': 'x', 'periodicity': 'weekly'}).with_context(
            start_datetime=datetime(2026, 7, first), end_datetime=datetime(2026, 7, first + 3))
        self.assertEqual(digest.kpi_cadence_mailed_value, by_hand['mailed'])

    def _judge(self, touch):
        """What one mail counts as, told from its records alone."""
        trace = touch.trace_ids
        is_delivered = trace.trace_status not in ('bounce', 'error')
        clicks = self.env['link.tracker.click'].search([('mailing_trace_id', '=', trace.id)])
        person_clicks = clicks.filtered(lambda click: not self._is_machine_click(click, clicks, trace))
        replies = self.env['cadence.reply'].search([('trace_id', '=', trace.id), ('kind', '=', 'person')])
        has_replied = any(reply.sorting != 'not_reply' for reply in replies)
        entries = self.env['cadence.journal'].search([('trace_id', '=', trace.id), ('undone_by_id', '=', False)])
        reasons = set(entries.mapped('reason'))
        opener = 'person' if person_clicks or has_replied else self._get_opener(trace, clicks)
        leads = self._get_leads(touch)
        counts = {
            'tried': 1, 'mailed': 1, 'delivered': is_delivered, 'returned': not is_delivered, 'hard': 'hard_bounce' in reasons,
            'opened': opener == 'person', 'privacy_opened': opener == 'privacy', 'machine_opened': opener == 'machine',
            'unjudged': opener == 'unjudged', 'clicked': bool(person_clicks), 'replied': has_replied,
            'positive': any(reply.sorting in ('inquiry', 'sample', 'deal') for reply in replies),
            'complained': 'complaint' in reasons, 'opted_out': 'opt_out' in reasons and 'complaint' not in reasons}
        if not is_delivered:
            counts |= dict.fromkeys(counts.keys() - {'tried', 'mailed', 'returned', 'hard', 'delivered'}, False)
        return {name: int(value) for name, value in counts.items()} | {
            'opportunities': len(leads), 'won': len(leads.filtered(lambda lead: lead.won_status == 'won'))}

    def _get_leads(self, touch):
        return self.env['crm.lead'].search([
            ('cadence_run_id', '=', touch.run_id.id), ('partner_id', '=', touch.partner_id.id)])

    def _is_scanner(self, agent):
        return bool(re.search(scanners.get_pattern(scanners.KNOWN), agent or '', re.IGNORECASE))

    def _is_machine_click(self, click, clicks, trace):
        burst = clicks.filtered(lambda other: abs(other.create_date - click.create_date) <= timedelta(seconds=1))
        return (self._is_scanner(click.cadence_agent) or click.create_date <= trace.sent_datetime + timedelta(seconds=10)
                or len(burst.link_id) == 3)

    def _get_opener(self, trace, clicks):
        if not trace.open_datetime:
            return None
        if trace.cadence_follow_up:
            return trace.cadence_follow_up if trace.cadence_follow_up in ('machine', 'privacy') else 'person'
        agent, last = trace.cadence_open_agent, trace.cadence_last_open
        if self._is_scanner(agent) or last <= trace.sent_datetime + timedelta(seconds=10):
            return 'machine'
        if agent in ('Mozilla/5.0', '-') and not trace.links_click_datetime and not trace.reply_datetime:
            return 'privacy'
        dates = clicks.mapped('create_date')
        if len(clicks.link_id) == 3 and max(dates) - min(dates) <= timedelta(seconds=1) \
                and last <= max(dates) + timedelta(seconds=1):
            return 'machine'
        return 'person'
