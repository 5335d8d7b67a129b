import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools import calendar

_logger = logging.getLogger(__name__)

# A run in one of these may still take up somebody on its day.
OPEN_STATES = ('planned', 'blocked', 'queued', 'done')


class CadenceRun(models.Model):
    """The day of a run: claim → decide → reserve → queue → settle."""
    _inherit = 'cadence.run'

    @api.model
    def _cron_queue_today(self):
        """Queue what is due on each segment's local day, and plan the days ahead. Running it again does no harm.

        Who is due today is reserved before anybody counts whom the days ahead may expect. One part's fault stays that part's:
        each segment and each run is a unit that fails alone.
        """
        now = fields.Datetime.now()
        commit_progress = self.env['ir.cron']._commit_progress
        self._close_past_days(now)
        commit_progress()
        self._plan_ahead(now)
        commit_progress()
        runs, progress = self._find_work(now), self.env['ir.cron.progress']._cadence_get_current()
        if place := progress._cadence_resume():
            runs = runs.filtered(lambda run: run._get_place() > place)
        commit_progress(remaining=len(runs))
        for run in runs:
            with self._contained():
                run._with_own_language()._run()
            progress.cadence_place = run._get_place()
            if not commit_progress(1):
                return
        self._count_ahead(now, commit_progress)

    @api.model
    def _find_work(self, now):
        """The open runs of which there is something to do, in their order; one question for all of them."""
        runs = self.search(self._get_open_domain(now))
        idle = runs.filtered(lambda run: run.state not in ('planned', 'blocked'))
        waiting = self.env['cadence.audience']._find_with_candidates(idle) | self.env['cadence.touch']._find_unassigned(idle)
        return (runs - idle | waiting).sorted(self._get_warmth)

    @api.model
    def _work_together(self, records, work):
        """What `work` returns for all records at once; where a fault undoes it for each alone, so that it stays that one's."""
        result = self.browse()
        is_done = False
        with self._contained():
            result = work(records)
            is_done = True
        for record in () if is_done else records:
            with self._contained():
                result += work(record)
        return result

    @contextmanager
    def _contained(self):
        """A unit of work whose fault is logged and undone, and stops nobody else; what was lost is done by the next cron."""
        try:
            with self.env.cr.savepoint():
                yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            # The snapshot of this transaction is outdated: a new one sees what the other worker did.
            _logger.info("Another worker was faster: %s", error)
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
        except Exception:
            _logger.exception("A part of the day failed; the others go on")
            self.env.invalidate_all(flush=False)

    @api.model
    def _get_open_domain(self, now):
        """The runs of the segments' local today that may still take up somebody."""
        zones = [tz for tz, in self.env['cadence.segment']._read_group([], ['tz'])]
        today = Domain.OR(
            Domain('segment_id.tz', '=', tz) & Domain('date', '=', calendar.local_day(now, tz)) for tz in zones)
        return (today & Domain('state', 'in', OPEN_STATES) & Domain('segment_id.active', '=', True)
                & Domain('tag_group_id.active', '=', True)
                & Domain('segment_id.is_stopped', '=', False) & Domain('is_stopped', '=', False))

    @staticmethod
    def _get_warmth(run):
        # On one day the warmer group takes a company domain's places first.
        return run.date, run.tag_group_id.sequence, run.id

    def _get_place(self):
        """The run's warmth, as a text that is kept from one call of the cron to the next."""
        day, sequence, id_ = self._get_warmth(self)
        return f'{day} {sequence:010} {id_:010}'

    def _run(self):
        """One unit of work: lock the day, decide, reserve, queue. Returns False where another worker holds the day."""
        self.ensure_one()
        if not self._claim():
            return False
        if self.is_closed:
            self.is_closed = False  # its day is today's again: the segment has another time zone by now
        try:
            with self.env.cr.savepoint():
                self._assign_due_tags()
                if self._has_new_candidates() or self._has_unassigned():
                    self._queue()
                elif self.state in ('planned', 'blocked') and not self._has_touches():
                    self._set_state('done')
        except (UserError, ValidationError) as error:
            self._block(str(error))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The run %s failed", self.id)
            self.env.invalidate_all(flush=False)
            self._block(self.env._("The run failed: %(error)s", error=error))
        return True

    def _claim(self):
        """Lock every run of the day in the company: caps reach across segments, so a day is decided by one worker at a time.

        The day is the company's: of the segments in other time zones it may be the one before or after. All rows or none. A
        worker whose snapshot is older than the last decision gets a serialization error from the lock (each decision writes a
        run of the day) and is tried again, so no decision is made on stale counts.
        """
        day = self.search([
            ('company_id', '=', self.company_id.id), ('date', '>=', self.date - timedelta(days=1)),
            ('date', '<=', self.date + timedelta(days=1))])
        if day.try_lock_for_update() != day:
            return False
        self.invalidate_recordset()
        return self.state in OPEN_STATES

    def _has_unassigned(self):
        """Whether reserved contacts have no mailing to carry them: it was deleted, or a crash came before it."""
        return bool(self.env['cadence.touch']._find_unassigned(self))

    def _has_new_candidates(self):
        return bool(self.env['cadence.audience']._find_with_candidates(self))

    def _queue(self):
        letters = self._get_letters()
        if problem := self._get_problem(letters):
            raise UserError(problem)
        self.env['cadence.audience']._reserve(self, letters)
        mailings = self._queue_mailings()
        self.decision_count += 1
        self._set_state('queued' if mailings or self.state == 'queued' else 'done', self._get_trouble() or False)

    def _get_problem(self, letters):
        """Why nothing can be mailed today, as a sentence that says what to do, or None."""
        if not letters:
            return next((letter.problem for letter in self._get_all_letters()), self.env._(
                "%(segment)s has no letter for %(group)s: add one on the segment.",
                segment=self.segment_id.name, group=self.tag_group_id.name))
        if not self.segment_id.email_from:
            return self.segment_id._get_no_sender_text()
        example = self.env['res.partner'].search([('category_id', 'in', self.tag_ids.ids)], limit=1)
        return next(filter(None, (letter._get_render_problem(example) for letter in letters if example)), None)

    # Mailings

    def _queue_mailings(self):
        """One mailing a letter in use; returns those that have somebody new to mail."""
        letters = self.env['cadence.touch']._read_group([
            ('run_id', '=', self.id), ('outcome', '=', 'waiting'), ('mailing_id', '=', False), ('letter_id', '!=', False)],
            ['letter_id'])
        known, carrying = self.mailing_ids, self.env['mailing.mailing']
        for letter, in letters:
            mailing = known.filtered(lambda mailing, letter=letter: mailing.cadence_letter_id == letter) \
                or self._create_mailing(letter)
            self.env['cadence.touch']._assign(self, letter, mailing)
            carrying += mailing
        if self.segment_id.auto_send:
            # One that somebody cancelled stays so, whoever joins it.
            (carrying - known | carrying.filtered(lambda mailing: mailing.state == 'done'))._cadence_schedule(self.send_datetime)
        return carrying

    def _create_mailing(self, letter):
        mailing = letter.mailing_id.sudo().with_context(mail_notrack=True).copy(self._prepare_mailing_values(letter))
        return mailing.sudo(False)

    def _prepare_mailing_values(self, letter):
        segment = self.segment_id
        return {
            'cadence_run_id': self.id,
            'cadence_letter_id': letter.id,
            'subject': letter.mailing_id.subject,
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr(list(self._get_recipients_domain(letter))),
            'email_from': segment.email_from,
            'reply_to_mode': 'new',
            'reply_to': segment.reply_to or segment.email_from,
            'mail_server_id': segment.mail_server_id.id or letter.mailing_id.mail_server_id.id,
            'user_id': segment.user_id.id,
            'campaign_id': self._get_campaign().id,
            # The letters' mailings share the letter's UTM source: making one for each mailing scans all of them by ilike.
            'source_id': letter.mailing_id.source_id.id,
            'use_exclusion_list': True,
            'ab_testing_enabled': False,
            # Its default would set an A/B test's end on the campaign and wake that cron at each write.
            'ab_testing_schedule_datetime': False,
        }

    def _get_recipients_domain(self, letter):
        """Who gets the letter, as Odoo's own sending reads it: reserved, and in none of the excluding views at that moment."""
        touched = [('run_id', '=', self.id), ('letter_id', '=', letter.id), ('outcome', '=', 'waiting')]
        domain = Domain('cadence_touch_ids', 'any', touched)
        if views := self.tag_group_id.sudo().exclude_view_ids:
            domain &= Domain('cadence_view_ids', 'not in', views.ids)
        return domain

    def _get_campaign(self):
        """One UTM campaign for each segment and month."""
        month = self.date.replace(day=1)
        Campaign = self.env['utm.campaign'].sudo()
        return Campaign.search([('cadence_segment_id', '=', self.segment_id.id), ('cadence_month', '=', month)], limit=1) \
            or Campaign.create({
                'title': f"{self.segment_id.name} {month:%Y-%m}",
                'cadence_segment_id': self.segment_id.id,
                'cadence_month': month,
                'user_id': self.segment_id.user_id.id or self.env.uid,
            })

    def _settle(self):
        """Bring the ledger in step with Email Marketing; the run is done when nothing of it waits or leaves any more."""
        self.env['cadence.touch']._settle(self.mailing_ids.filtered(lambda mailing: mailing.state == 'done'))
        for run in [run._with_own_language() for run in self]:
            state, trouble = run.state, run._get_trouble()
            is_through = set(run.mailing_ids.mapped('state')) <= {'done'} and not run._is_under_way()
            if state == 'queued' and is_through and (run.mailing_ids or not trouble):
                state = 'done'
            if not trouble and run.blocked_reason and run._has_new_candidates():
                trouble = run.blocked_reason  # of the latecomers, which the next hour looks at
            if (state, trouble) != (run.state, run.blocked_reason or None):
                run._set_state(state, trouble or False)

    def _is_under_way(self):
        return bool(self.env['cadence.touch'].search_count(
            [('run_id', '=', self.id), ('outcome', 'in', ('waiting', 'leaving'))], limit=1))
