"""What runs between two points at which nothing runs, and what becomes of it."""
import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as CONCURRENCY


class Killed(BaseException):
    """The process is dead: not an Exception, for nothing must handle it."""


class Refusal(Exception):
    """Odoo told the user that this cannot be done."""


class Process:
    """What runs between two points at which nothing runs: its cursors, and the accident that waits for it."""

    def __init__(self, kill_at=None, interrupt_at=None, interrupt=None, waits=True):
        self.kill_at, self.interrupt_at, self.interrupt, self.waits = kill_at, interrupt_at, interrupt, waits
        self.steps, self.dead, self.cursors = 0, False, []

    def step(self):
        """Before each statement, each commit, and after each mail that a server took."""
        if self.dead:
            raise Killed()
        self.steps += 1
        if self.steps == self.kill_at:
            self.kill()
        if self.steps == self.interrupt_at:
            self.interrupt()

    def kill(self):
        self.dead = True
        for cursor in self.cursors:
            if not cursor.closed:
                cursor._cnx.rollback()
        raise Killed()


class Log(logging.Handler):
    """Odoo's log while the world turns: silent, but for what no cron job may do."""

    def __init__(self, machine):
        super().__init__(logging.ERROR)
        self.machine = machine
        self.logger = logging.getLogger('odoo')

    def __enter__(self):
        self.before = self.logger.handlers, self.logger.propagate
        self.logger.handlers, self.logger.propagate = [self], False

    def __exit__(self, *_exc):
        self.logger.handlers, self.logger.propagate = self.before

    def emit(self, record):
        if record.name.endswith('ir_cron') or 'mail queue' in record.msg:
            error = record.exc_info and record.exc_info[1]
            if not isinstance(error, (Killed, *CONCURRENCY)):
                self.machine.faults.append((record.getMessage(), error))
