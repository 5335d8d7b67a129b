"""Odoo as it runs in production, in one process and without waiting: a database, a clock, requests, cron jobs, accidents.

Transactions are real ones and commit. Whatever a person or a cron job does happens in a *process* with cursors of its own, which
can be killed between any two statements (its transactions roll back, nothing of it runs any more), or interrupted there by
another process that sees what is committed. The clock is frozen, for Python and for SQL.
"""
import os
import smtplib
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from unittest.mock import patch

import dns.resolver
import psycopg2
from freezegun import freeze_time
from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.http import root
from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor, close_db, connection_info_for
from odoo.tools import config
from psycopg2.extras import RealDictCursor
from werkzeug.test import Client

from ...models.day import cadence_run_plan, mailing_mailing
from .process import CONCURRENCY, Killed, Log, Process, Refusal
from .smtp import PostOffice, make_smtp

ROUNDS = 4  # of one beat: a job that wakes itself again and again is looked at the next hour
JOBS = ('mass_mailing.ir_cron_mass_mailing_queue', 'mass_mailing.ir_cron_mass_mailing_ab_testing',
        'mail.ir_cron_mail_scheduler_action')
SELDOM = ('mass_mailing_cadence.ir_cron_count_results', 'mass_mailing_cadence.ir_cron_check_senders')
# SQL's clock: found before pg_catalog's function, read from a setting of the session.
CLOCK = """
    CREATE SCHEMA IF NOT EXISTS sim;
    CREATE OR REPLACE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS
        $$ SELECT current_setting('sim.now')::timestamp AT TIME ZONE 'UTC' $$;
    ALTER DATABASE "{0}" SET search_path = public, sim, pg_catalog;
    ALTER DATABASE "{0}" SET sim.now = '2000-01-01';
    ALTER DATABASE "{0}" SET jit = off;
"""


class Machine:
    """`with Machine(template) as machine:` an Odoo on a database of its own, which `reset` makes anew in a third of a second."""

    def __init__(self, template):
        self.template = template
        self.name = f'{template}_sim_{os.getpid()}'
        self.kept = f'{self.name}_kept'
        self.registry = self._reader = None
        self.processes = []
        self.accidents = []  # arguments of the next cron jobs' processes
        self.mails_to_kill = 0  # the so many-th mail from now on is the last thing that its process does
        self.nested = False  # a process runs between two statements of another one, and cannot wait for its locks
        self.deaths = []                 # moments at which a process was killed
        self.faults = []                 # (what, error) of cron jobs and requests that no user could understand
        self.office = PostOffice(self.clock)

    # Life

    def __enter__(self):
        self._stack = ExitStack()
        self._stack.callback(self._drop)
        enter = self._stack.enter_context
        self._create(self.name, self.template)
        self._freezer = freeze_time('2026-01-01')
        self._time = self._freezer.start()
        self._stack.callback(self._freezer.stop)
        for target, name, value in [
                (module, 'current_test', False),
                (Cursor, '__init__', self._wrap_open(Cursor.__init__)),
                (Cursor, 'execute', self._wrap_step(Cursor.execute)),
                (Cursor, 'commit', self._wrap_step(Cursor.commit))]:
            enter(patch.object(target, name, value))
        enter(patch('smtplib.SMTP', make_smtp(self.office)))
        # A resolver would be asked for hosts that do not exist, and its silence waited for.
        enter(patch('dns.resolver.resolve', side_effect=dns.resolver.NXDOMAIN))
        enter(patch.dict(
            config.options, smtp_server='default.sim', smtp_port=25, smtp_user=False, smtp_password=False, test_enable=False))
        enter(patch.object(mailing_mailing, 'SENT_AT_ONCE', 100))
        # Six days ahead and back: a month of planned runs would be half of the work.
        enter(patch.object(cadence_run_plan, 'PLANNED_DAYS', 6))
        self._log = Log(self)
        enter(self._log)
        self.registry = Registry(self.name)
        Cron = self.registry['ir.cron']
        enter(patch.object(Cron, '_notifydb', lambda _self: None))
        # It would ask the page of each new link for its title.
        enter(patch.object(self.registry['link.tracker'], '_get_title_from_url', lambda _self, url: url))
        enter(patch.object(Cron, '_callback', self._wrap_callback(Cron._callback)))
        return self

    def __exit__(self, *exc):
        self._stack.__exit__(*exc)

    def _drop(self):
        self._stop_reading()
        Registry.delete(self.name)
        for name in (self.name, self.kept):
            close_db(name)
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, name, template):
        self._stop_reading()
        close_db(name)
        self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._admin(CLOCK.format(name), name)

    @staticmethod
    def _admin(statement, database='postgres'):
        with closing(psycopg2.connect(**connection_info_for(database)[1])) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def keep(self):
        """What `reset` goes back to."""
        self._stop_reading()
        self._admin(f'DROP DATABASE IF EXISTS "{self.kept}" WITH (FORCE)')
        close_db(self.name)
        self._admin(f'CREATE DATABASE "{self.kept}" TEMPLATE "{self.name}"')

    def reset(self):
        self._create(self.name, self.kept)
        self._forget()
        self.registry.setup_signaling()
        self.faults.clear()
        self.deaths.clear()
        self.accidents.clear()
        self.mails_to_kill = 0
        self.office.__init__(self.clock)

    def _forget(self):
        """As a process that begins: nothing cached."""
        self.registry.clear_all_caches()
        self.registry.cache_invalidated.clear()

    # Clock

    def set_time(self, moment):
        self._time.move_to(moment)

    def clock(self, seconds=0):
        if seconds:
            self._time.tick(timedelta(seconds=seconds))
        return datetime.utcnow()  # noqa: DTZ003 naive UTC as everywhere in Odoo

    @staticmethod
    def real_time():
        """Seconds on the wall, which freezegun does not know of."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def _wrap_open(self, original):
        def __init__(cursor, *args, **kwargs):
            original(cursor, *args, **kwargs)
            if cursor.dbname == self.name:
                wait = '0' if not self.processes or self.processes[-1].waits else '30ms'
                cursor._obj.execute(f"SET sim.now = '{datetime.utcnow()}'; SET lock_timeout = '{wait}'")  # noqa: DTZ003
                cursor._cnx.commit()
                if self.processes:
                    self.processes[-1].cursors.append(cursor)
        return __init__

    def _wrap_step(self, original):
        def step(cursor, *args, **kwargs):
            if self.processes and cursor.dbname == self.name:
                self.processes[-1].step()
            return original(cursor, *args, **kwargs)
        return step

    def _wrap_callback(self, original):
        def _callback(cron, *args):
            self.clock(1)  # in a world where work takes no time a job that never ends would never end
            return original(cron, *args)
        return _callback

    # Processes

    def on_mail(self):
        """A mail server has taken a mail, and its answer is on the way."""
        if not self.processes:
            return
        if self.mails_to_kill:
            self.mails_to_kill -= 1
            if not self.mails_to_kill:
                self.processes[-1].kill()
        self.processes[-1].step()

    @contextmanager
    def process(self, **accident):
        """Whatever runs inside may be killed: then the rest of it does not run, and the world goes on."""
        process = Process(waits=not self.nested, **accident)
        self.processes.append(process)
        try:
            yield process
        except Killed:
            self.deaths.append(self.clock())
            self._forget()
        finally:
            self.processes.pop()

    def request(self, work, user=api.SUPERUSER_ID, **accident):
        """`work(env)` as Odoo serves a user: a transaction, tried again after a concurrency error.

        :raise Refusal: where the user would read a message
        """
        result = None
        with self.process(**accident) as process:
            for attempt in range(3):
                with closing(self.registry.cursor()) as cursor:
                    env = api.Environment(cursor, user, {'lang': 'en_US', 'tz': 'UTC'})
                    try:
                        result = work(env)
                        env.flush_all()
                        self.registry.signal_changes()
                        self._commit_request(cursor)
                        break
                    except Exception as error:
                        cursor.rollback()
                        self.registry.reset_changes()
                        if isinstance(error, CONCURRENCY) and attempt < 2:
                            if not process.waits:
                                raise Refusal("somebody else is at it") from error
                            continue
                        if isinstance(error, (UserError, AccessError)):
                            raise Refusal(str(error)) from error
                        raise
        return result

    @staticmethod
    def _commit_request(cursor):
        # What was asked for is saved; Odoo's own notification of it leaves then, and may meet a mail server that hangs.
        with suppress(smtplib.SMTPException):
            cursor.commit()

    def post(self, path):
        """A request from outside, through Odoo's own web application."""
        with self.process(), patch.dict(config.options, db_name=[self.name], dbfilter=''):
            return Client(root).post(path, headers={'X-Odoo-Database': self.name}).status_code

    def get(self, path, agent, method='GET'):
        """What a program of that name asks Odoo's own web application for; leads nowhere else."""
        with self.process(), patch.dict(config.options, db_name=[self.name], dbfilter=''):
            return Client(root).open(
                path, method=method, headers={'X-Odoo-Database': self.name, 'User-Agent': agent}).status_code

    def read(self, query, params=None):  # pylint: disable=method-required-super
        """Rows of what is committed, as dictionaries."""
        if not self._reader:
            self._reader = psycopg2.connect(**connection_info_for(self.name)[1])
            self._reader.autocommit = True
        with self._reader.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, params)
            return cursor.fetchall()

    def _stop_reading(self):
        if self._reader:
            self._reader.close()
        self._reader = None

    # Cron jobs

    def setup_jobs(self, env):
        """Ours, and those of Odoo that send mails; the others have nothing to do with it."""
        jobs = env['ir.cron'].with_context(active_test=False).search([])
        ours = jobs.filtered(lambda job: (job.model_id.model or '').startswith('cadence.'))
        for xmlid in JOBS:
            ours |= env.ref(xmlid)
        # The intakes of this world are small, and saved while their users wait; the links of its letters lead nowhere.
        ours -= ours.filtered(lambda job: job.model_id.model in ('cadence.intake', 'cadence.letter'))
        (jobs - ours).active = False
        ours.write({'active': True, 'nextcall': datetime.utcnow()})  # noqa: DTZ003
        # What counts and judges by the clock decides nothing that a refusal or a returned mail does not ask for at once.
        for xmlid in SELDOM:
            env.ref(xmlid).write({'interval_number': 6, 'interval_type': 'hours'})

    @staticmethod
    def set_sent_at_once(count):
        """So many mails leave while they are composed; more wait for the mail queue."""
        mailing_mailing.SENT_AT_ONCE = count

    def beat(self):
        """Run what is due or was triggered, until nothing is."""
        ready = self.registry['ir.cron']._get_all_ready_jobs
        for _round in range(ROUNDS):
            with closing(self.registry.cursor()) as cursor:
                jobs = [job['id'] for job in ready(cursor)]
            if not jobs:
                break
            for job_id in jobs:
                self._run_job(job_id)

    def _run_job(self, job_id):
        Cron = self.registry['ir.cron']
        accident = self.accidents.pop(0) if self.accidents else {}
        with self.process(**accident), closing(self.registry.cursor()) as cursor:
            if job := Cron._acquire_one_job(cursor, job_id):
                Cron._process_job(cursor, job)
                cursor.commit()
