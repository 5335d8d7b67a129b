from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import ab_test
from .cadence_test import METRICS
from .cadence_test_arm import COUNTED

RIPE_DAYS = 3  # after a mail: most who answer have done so
LOOK_HOURS = 20  # between two looks
LEAST_UNITS = 500  # of each variant, and
LEAST_DAYS = 7  # of a test, so that every day of the week counts, before one is named better
HARMS = ('opt_outs', 'bounces')


class CadenceTest(models.Model):
    """The look: what became of the companies' first mails, and what that says of the letters."""
    _inherit = 'cadence.test'

    @api.model
    def _look_due(self, now):
        """Look at each running test once a day, in a transaction of its own."""
        due = self.sudo().search([
            ('state', '=', 'running'), ('start_date', '<=', fields.Date.to_date(now)), '|', ('looked_date', '=', False),
            ('looked_date', '<=', fields.Datetime.subtract(now, hours=LOOK_HOURS))]).ids

        def work(test):
            test._look()
            due.remove(test.id)
            return 1

        self.env['ir.cron']._commit_progress(remaining=len(due))
        self.env['cadence.work']._work_off(
            claim=lambda: self.sudo().browse(due[:1]), work=work, stop=lambda test, _error: due.remove(test.id))

    def action_look(self):
        """Count and judge now: the evidence holds at any look."""
        self._check_may_test()
        self.filtered(lambda test: test.state == 'running').sudo()._look()
        return True

    def _look(self):
        """Count the test's companies and draw the conclusion."""
        for test in self:
            counts = test._get_counts()
            for arm in test.arm_ids:
                arm.write(dict(zip(COUNTED, counts.get(arm.id, (0,) * len(COUNTED)), strict=True)))
            test.looked_date = fields.Datetime.now()
            test._conclude()

    # Counting

    def _get_count_start(self):
        """When the youngest variant joined: before that it had no chance."""
        return max(self._get_arms().mapped('since'), default=self.start_date)

    def _get_arms(self):
        return self.arm_ids.filtered(lambda arm: arm._is_current())

    def _get_counts(self):
        """{variant id: (companies dealt, judged, successes, with an opt-out, with a returned mail, mails)}"""
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        return {arm_id: tuple(counts) for arm_id, *counts in self.env.execute_query(self._query_counts())}

    def _query_counts(self):
        """A company counts once, by the mails of the first day on which it got its variant."""
        return SQL("""
            WITH mailed AS MATERIALIZED (%(mailed)s),
            fact AS MATERIALIZED (%(facts)s),
            judged AS (
                SELECT fact.unit_id, COUNT(*) AS mails,
                       BOOL_OR(fact.is_delivered AND %(metric)s) AS has_success,
                       BOOL_OR(fact.has_opted_out OR fact.has_complained) AS has_opt_out,
                       BOOL_OR(NOT fact.is_delivered) AS has_bounce
                  FROM fact
              GROUP BY fact.unit_id
            )
            SELECT unit.arm_id, COUNT(*), COUNT(judged.unit_id), COUNT(*) FILTER (WHERE judged.has_success),
                   COUNT(*) FILTER (WHERE judged.has_opt_out), COUNT(*) FILTER (WHERE judged.has_bounce),
                   COALESCE(SUM(judged.mails), 0)
              FROM cadence_test_unit unit
         LEFT JOIN judged ON judged.unit_id = unit.id
             WHERE unit.test_id = %(test_id)s
               AND unit.date >= %(since)s
          GROUP BY unit.arm_id
            """, mailed=self._query_mailed(), facts=self.env['cadence.result']._query_facts(self.company_id),
            metric=SQL(METRICS[self.metric]), test_id=self.id, since=self._get_count_start())

    def _query_mailed(self):
        """The ripe mails of the test's companies: those of the first day of each."""
        return SQL("""
            SELECT first.*
              FROM (SELECT touch.id, touch.run_id, touch.partner_id, touch.letter_id, touch.mailing_id, touch.outcome,
                           touch.outcome_date, unit.id AS unit_id, touch.date,
                           MIN(touch.date) OVER (PARTITION BY unit.id) AS first_date
                      FROM cadence_touch touch
                      JOIN cadence_test_unit unit
                        ON unit.test_id = %(test_id)s
                       AND unit.name = %(name)s
                       AND unit.date >= %(since)s
                      JOIN cadence_test_arm arm ON arm.id = unit.arm_id
                     WHERE %(tested)s
                       AND touch.date >= %(since)s
                       AND touch.outcome IN ('left', 'refused')) first
             WHERE first.date = first.first_date
               AND %(ripe)s
            """, test_id=self.id, name=self.env['cadence.test.unit']._sql_name('touch'), since=self._get_count_start(),
            tested=self._sql_tested(), ripe=self._sql_ripe())

    def _sql_dealt(self, _run):
        """Whether `touch`, just reserved by the run, was dealt to `arm`."""
        return SQL("arm.letter_id = touch.letter_id")

    def _sql_tested(self):
        """Whether `touch` is a mail of the test, to a company that was dealt to `arm`."""
        return SQL("touch.letter_id = ANY(%s) AND touch.letter_id = arm.letter_id", self.arm_ids.letter_id.ids)

    def _sql_ripe(self):
        """Whether the mail `first` is old enough to be judged."""
        return SQL("first.outcome_date <= %s", fields.Datetime.subtract(fields.Datetime.now(), days=RIPE_DAYS))

    # Judging

    def _conclude(self):
        arms = self._get_arms()
        changed = arms.filtered(lambda arm: arm._is_changed())
        if changed or len(arms) < 2:
            self.verdict = 'changed'
            self._end('stopped')
            return
        harmful = self._find_harmful(arms)
        evidence = ab_test.judge(
            [ab_test.Arm(arm.id, arm.successes, arm.trials) for arm in arms], self.difference, self._get_planned(arms))
        self._note_look(arms, evidence)
        if harmful:
            self._decide('harmful', harmful, arms.browse())
        elif not self._is_long_enough(arms) and evidence.verdict in ('better', 'same'):
            self.verdict = 'promising' if evidence.verdict == 'better' else 'open'
        elif evidence.verdict == 'better':
            self._decide('better', arms.filtered(lambda arm: arm.id != evidence.best), self.best_arm_id)
        elif evidence.verdict in ('same', 'unclear'):
            self.verdict = evidence.verdict
            self._end('open')
            self._propose()

    def _get_planned(self, arms):
        """Where the last look is taken, which there can be only one of: not before every day of the week has counted."""
        return self.planned if self._is_long_enough(arms) else max(self.planned, min(arms.mapped('trials')) + 1)

    def _note_look(self, arms, evidence):
        """What the look says, and how fast the companies come."""
        days = max((self.looked_date.date() - self._get_count_start()).days - RIPE_DAYS + 1, 1)
        units, mails = sum(arms.mapped('trials')), sum(arms.mapped('mails'))
        e_value = min(round(evidence.e_value, 2), 1e9)
        today = str(self.looked_date.date())
        self.write({
            'verdict': evidence.verdict, 'evidence': e_value, 'best_arm_id': evidence.best or False,
            'needed': evidence.needed or 0, 'pace': units / len(arms) / days, 'mails_a_unit': mails / units if units else 1.0,
            'looks': [look for look in self.looks or [] if look[0] != today] + [[today, e_value]]})

    def _find_harmful(self, arms):
        """The variant after whose mails more companies unsubscribe, or more mails come back, than chance allows."""
        for harm in HARMS:
            key = ab_test.find_harmful(
                [ab_test.Arm(arm, arm[harm], arm.trials) for arm in arms], questions=len(HARMS))
            if key:
                return key
        return arms.browse()

    def _is_long_enough(self, arms):
        days = (self.looked_date.date() - self._get_count_start()).days
        return days >= LEAST_DAYS and min(arms.mapped('trials')) >= LEAST_UNITS

    def _decide(self, verdict, losers, best):
        losers.is_loser = True
        self.write({'verdict': verdict, 'best_arm_id': best.id})
        self._end('decided')
        if self.on_verdict == 'switch' and self._may_switch():
            self._switch()
        self._propose()
