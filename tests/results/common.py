from datetime import timedelta

from ..common import CadenceCase

DAY = '2026-07-09'


class ResultCase(CadenceCase):
    """A day whose mails have left, and what people do with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._create_letter()

    def _mail(self, partners, day=DAY):
        """Mail the day; returns the run and {contact: trace}."""
        run = self._queue(day)['marketing']
        self._compose(day)
        return run, {partner: self._touch(partner, day).trace_ids for partner in partners}

    def _open(self, trace, after=3600, agent='Mozilla/5.0 (Windows NT 10.0) Thunderbird/140'):
        moment = trace.sent_datetime + timedelta(seconds=after)
        trace.write({
            'trace_status': 'open', 'open_datetime': moment, 'cadence_last_open': moment, 'cadence_open_agent': agent})

    def _click(self, trace, links, after=4000, agent='Mozilla/5.0 (Windows NT 10.0) Firefox/140'):
        moment = trace.sent_datetime + timedelta(seconds=after)
        clicks = self.env['link.tracker.click'].create([
            {'link_id': link.id, 'mailing_trace_id': trace.id, 'cadence_agent': agent} for link in links])
        self.env.flush_all()
        self.env.cr.execute("UPDATE link_tracker_click SET create_date = %s WHERE id = ANY(%s)", [moment, clicks.ids])
        self._open(trace, after, agent)
        trace.links_click_datetime = moment
        return clicks

    def _count(self, runs):
        self.env['cadence.result']._recount(runs)
        return {name: sum(runs.result_ids.mapped(name)) for name in (
            'tried', 'mailed', 'returned', 'delivered', 'opened', 'privacy_opened', 'machine_opened', 'unjudged', 'clicked',
            'converted', 'replied', 'positive', 'opted_out', 'complained', 'opportunities', 'won')}
