import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg2
from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase
from odoo.tools import config

TIMEOUT = 180
BARRIER = """
import time
from pathlib import Path
Path('{folder}/ready.{number}').touch()
while not Path('{folder}/go').exists():
    time.sleep(.02)
env.cr.rollback()
"""


def get_quiet_zone():
    """A time zone whose day is no 31st, on which nothing is due, and does not end during a test."""
    now = datetime.now(timezone.utc)
    for hours in range(-12, 15):
        local = now + timedelta(hours=hours)
        if local.day != 31 and local.hour < 22:
            return f'Etc/GMT{-hours:+d}'  # POSIX counts westwards
    raise AssertionError("it is never a late 31st everywhere")


@unittest.skipUnless('CADENCE_TEMPLATE_DB' in os.environ, "needs the idle database and the mail catcher of `make test`")
class ServerCase(BaseCase):
    """Real Odoo processes on a database of their own, a copy of the idle one that `make test` names in CADENCE_TEMPLATE_DB."""
    template = 'CADENCE_TEMPLATE_DB'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.environ[cls.template]
        cls.database = f'{template}_{cls.__name__.lower()}_{os.getpid()}'
        cls._admin(f'CREATE DATABASE "{cls.database}" TEMPLATE "{template}"')
        cls.addClassCleanup(cls._admin, f'DROP DATABASE IF EXISTS "{cls.database}" WITH (FORCE)')
        filestore = Path(config['data_dir'], 'filestore')
        if (filestore / template).exists():
            shutil.copytree(filestore / template, filestore / cls.database)
            cls.addClassCleanup(shutil.rmtree, filestore / cls.database, ignore_errors=True)

    @classmethod
    def _odoo(cls, command):
        return [sys.executable, '-m', 'odoo', command, '-c', os.environ['CADENCE_ODOO_CONF'], '-d', cls.database,
                '--log-level=warn']

    @classmethod
    def _admin(cls, statement):
        cls._connect('postgres', statement)

    @classmethod
    def _connect(cls, database, statement):
        _name, info = connection_info_for(database)
        with closing(psycopg2.connect(**info)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None

    @classmethod
    def _shell(cls, script):
        """Run a script in an Odoo shell; returns all that it printed and logged. A traceback fails the test."""
        done = subprocess.run(
            [*cls._odoo('shell'), '--no-http'], input=script, text=True, timeout=TIMEOUT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode or 'Traceback' in done.stdout:
            raise AssertionError(done.stdout[-4000:])
        return done.stdout

    def _sql(self, statement):
        return self._connect(self.database, statement)

    def _slow_down(self, table, seconds, event='INSERT'):
        self._sql(f"""
            CREATE OR REPLACE FUNCTION cadence_test_sleep() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;
            CREATE TRIGGER cadence_test_slow BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION cadence_test_sleep()""")

    @contextmanager
    def _workers(self, *scripts):
        """A process for each script, ready to start when the function that is yielded is called; waits for their end.

        A script that fails fails the test.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            processes = []
            for number, script in enumerate(scripts):
                log = (folder / f'log.{number}').open('w+')
                process = subprocess.Popen(
                    [*self._odoo('shell'), '--no-http'], stdin=subprocess.PIPE, text=True, stdout=log, stderr=subprocess.STDOUT)
                process.stdin.write(BARRIER.format(folder=name, number=number) + script)
                process.stdin.close()
                processes.append((process, log))
            self._wait("the workers are ready", lambda: len(list(folder.glob('ready.*'))) == len(scripts))
            yield (folder / 'go').touch
            for process, log in processes:
                process.wait(TIMEOUT)
                log.seek(0)
                text = log.read()
                self.assertNotIn('Traceback', text)
                self.assertEqual(process.returncode, 0, text)

    def _speed_up(self, table):
        self._sql(f"DROP TRIGGER cadence_test_slow ON {table}")

    def _start_server(self):
        server = subprocess.Popen(
            [*self._odoo('server'), '--no-http', '--max-cron-threads=1', '--workers=0'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: server.poll() is None and (server.kill(), server.wait()))
        return server

    def _wait(self, what, condition, server=None):
        """Wait for a condition, ringing the cron workers' bell meanwhile."""
        end = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), end, f"never came: {what}")
            self.assertTrue(server is None or server.poll() is None, "the server stopped by itself")
            self._admin(f"SELECT pg_notify('cron_trigger', '{self.database}')")
            time.sleep(0.3)

    def _kill(self, server):
        server.send_signal(signal.SIGKILL)
        server.wait()
        # The database notices the loss of its client at the next answer; only then are the locks free.
        self._sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                  "WHERE datname = current_database() AND pid <> pg_backend_pid()")

    def _count(self, table, where='TRUE'):
        return self._sql(f'SELECT COUNT(*) FROM {table} WHERE {where}')[0][0]

    def _is_slow(self):
        return bool(self._sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"))
