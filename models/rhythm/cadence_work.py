import logging
import random
import time

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

MAX_RETRIES = 5  # in a row
MAX_WAIT = 0.2  # seconds before another try, so that two workers do not meet in step


class CadenceWork(models.AbstractModel):
    """The engine of work that takes longer than a transaction should: piece after piece, each in a transaction of its own.

    claim → work → commit       until nothing is left or the cron's time is over
    another worker was faster   rolled back and begun anew; after `MAX_RETRIES` times in a row left to the next turn, as the log
                                tells
    any other fault             rolled back, logged and handed to `stop`, which sees that nobody claims it again; the rest goes on

    A worker that is killed leaves what it had committed: the next one claims the piece it was at.
    """
    _name = 'cadence.work'
    _description = 'Work in Pieces'

    @api.model
    def _work_off(self, claim, work, stop, retry_on=()):
        """Do pieces of work; returns whether all that could be claimed is done. Commits: never within a transaction of others.

        :param claim: returns the next piece, false if there is none; it may lock it until the transaction's end
        :param work: does a piece; returns how much of the cron's progress it was
        :param stop: takes a piece that failed and its error, after the rollback
        :param retry_on: errors by which it shows, beside those that PostgreSQL has for it, that another worker was faster
        """
        commit_progress = self.env['ir.cron']._commit_progress
        retries, time_left, failed = 0, True, None
        while time_left:
            piece = None
            try:
                if failed:
                    stop(*failed)
                elif not (piece := claim()):
                    return True
                time_left = commit_progress(work(piece) if piece else 0)
                retries, failed = 0, None
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError, *retry_on):
                self._roll_back()
                retries += 1
                if retries == MAX_RETRIES:
                    _logger.warning("Left to the next turn, others were faster %s times: %s", retries, piece, exc_info=True)
                    return False
                time.sleep(random.uniform(0, MAX_WAIT))
            except Exception as error:  # noqa: BLE001 the fault of one piece must not stop those behind it
                self._roll_back()
                if not piece:
                    raise
                _logger.exception("Stopped by a fault: %s", piece)
                failed = piece, error
        return False

    def _roll_back(self):
        self.env.cr.rollback()  # what the transaction's environments had cached goes with it
        self.env.registry.reset_changes()
