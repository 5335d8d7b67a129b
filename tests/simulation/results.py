"""The promise of the results: each figure is what people did with the mails, counted here a second time."""
from collections import Counter
from datetime import timedelta

TRACES = """
    SELECT trace.message_id
      FROM mailing_trace trace
      JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
     WHERE touch.segment_id = %s
       AND touch.outcome = 'left'
"""
REFUSED = "SELECT COUNT(*) AS count FROM cadence_touch WHERE segment_id = %s AND outcome = 'refused'"
DEALS = """
    SELECT part.lead_id, part.model, SUM(part.weight) AS weight, SUM(part.amount) AS amount
      FROM cadence_attribution part
  GROUP BY part.lead_id, part.model
"""
FIGURES = ('delivered', 'returned', 'opened', 'privacy_opened', 'machine_opened', 'clicked', 'replied')
OPENS = {'open': 'opened', 'prefetch': 'privacy_opened', 'scan': 'machine_opened', 'burst': 'machine_opened', 'click': 'opened'}


class Results:
    """The part of the judge that looks at the results; see checks.py for its state."""

    def on_reaction(self, mail, what):
        self.reactions[mail.message_id].append((self.world.now, what))

    def _check_results(self, segment):
        """What the segment's results say after a count is what happened to the mails that left."""
        def work(env):
            runs = env['cadence.run'].search([('segment_id', '=', self.world.ids['segment'][segment])])
            env['cadence.result']._recount(runs)
            return {name: sum(runs.result_ids.mapped(name)) for name in FIGURES}
        if not (told := self.world.ask(work)):
            return
        known = [row['message_id'] for row in self.world.machine.read(TRACES, [self.world.ids['segment'][segment]])]
        # What the mail server did not take has come back as well; it has never left, so nobody could do anything with it.
        truth = Counter(returned=self.world.machine.read(REFUSED, [self.world.ids['segment'][segment]])[0]['count'])
        for message_id in known:
            truth.update(self._judge_mail(self.reactions[message_id]))
        if told != {name: truth[name] for name in FIGURES}:
            self._violate('results', f"{segment}: the results say {told}, what people did is {dict(truth)}")
        self._check_deals()

    @staticmethod
    def _judge_mail(reactions):
        """The figures that a mail counts in."""
        said = [what for _moment, what in reactions]
        arrived = [what for what in said if what in ('bounce', *OPENS, 'reply')]
        if arrived and arrived[-1] == 'bounce':
            return ['returned']
        figures = ['delivered']
        bursts = [moment for moment, what in reactions if what == 'burst']
        clicks = [moment for moment, what in reactions if what == 'click'
                  and not any(abs(moment - burst) <= timedelta(seconds=1) for burst in bursts)]
        opens = [what for what in said if what in OPENS]
        if clicks:
            figures.append('clicked')
        if 'reply' in said:
            figures.append('replied')
        if clicks or 'reply' in said:
            figures.append('opened')
        elif opens:
            # A click of any kind beside it makes Apple's name somebody's.
            is_clicked = 'burst' in said and opens[-1] == 'prefetch'
            figures.append('opened' if is_clicked else OPENS[opens[-1]])
        return figures

    def _check_deals(self):
        """The parts of each opportunity add up to one, and its money to what it brought, however it is told."""
        for row in self.world.machine.read(DEALS):
            expected = self.deals.get(row['lead_id'])
            if expected is None:
                continue
            if round(row['weight'], 6) != 1 or round(float(row['amount'] or 0), 2) != expected:
                self._violate('deals', f"opportunity {row['lead_id']} brought {expected}, told {dict(row)}")
