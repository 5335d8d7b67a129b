import json
import os
import shutil
import signal
import socket
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


def seed_two_segments(contacts):
    """A script for an Odoo shell: two segments of one `sender`, so many contacts in each batch of today, due at midnight."""
    return TWO_SEGMENTS.replace('CONTACTS', str(contacts)).replace('TIMEZONE', get_quiet_zone())


TWO_SEGMENTS = """
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
group = env.ref('mass_mailing_cadence.tag_group_marketing')
env.company.write({'cadence_tz': 'TIMEZONE', 'cadence_canary_count': 0})
for name in ('one', 'two'):
    customers = env['cadence.customer.group'].create({'name': name})
    segment = env['cadence.segment'].create({
        'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'tz': 'TIMEZONE', 'send_time': 0.0,
        'email_from': f'{name}@two.example'})
    letter = env['cadence.letter'].create({
        'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Cranes', 'step': 1})
    letter.mailing_id.body_html = (
        '<p>Dear <t t-out="object.name"/>, here is our letter.</p><a href="/unsubscribe_from_list">Unsubscribe</a>')
    tag = segment._get_batch_tags(group, [segment._get_local_day().day])
    env['res.partner'].create([
        {'name': f'C{n}', 'email': f'c{n}@{name}{n}.example', 'category_id': [(4, tag.id)]} for n in range(CONTACTS)])
sender = segment.sender_id
assert len(sender.segment_ids) == 2
"""


class Fork:
    """A script that runs on a database as `odoo shell` runs it, in a process of its own; see dev/pytest/odoo_forks.py."""
    _folder = _stdin = None

    def __init__(self, database, script, log):
        self.log = Path(log)
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(TIMEOUT)
        self._connect(database)
        self.answers = self.connection.makefile()
        self.pid = int(self.answers.readline())
        self.connection.sendall(json.dumps({'database': database, 'script': script, 'log': str(log)}).encode() + b'\n')

    def _connect(self, database):
        if not Fork._folder:
            Fork._folder = tempfile.TemporaryDirectory()
            program = Path(os.environ['CADENCE_FORKS']), f'{Fork._folder.name}/socket', database
            # Odoo ends what its tests leave running: it goes into the background, and ends with this process's side of the pipe.
            Fork._stdin = subprocess.Popen([sys.executable, *program], stdin=subprocess.PIPE)
            Fork._stdin.wait(TIMEOUT)
        end = time.monotonic() + TIMEOUT
        while True:
            try:
                return self.connection.connect(f'{Fork._folder.name}/socket')
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def finish(self):
        """Wait for its end; returns what it printed and logged.

        :raise AssertionError: with that, where it did not come to its end or logged a traceback
        """
        with self.connection:
            done = self.answers.readline()
        text = self.log.read_text(encoding='utf-8')
        if done != '0\n' or 'Traceback' in text:
            raise AssertionError(text[-4000:])
        return text


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
        """Run a script in a process of its own; returns all that it printed and logged. A traceback fails the test."""
        with tempfile.NamedTemporaryFile('r', encoding='utf-8') as log:
            return Fork(cls.database, script, log.name).finish()

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
            forks = [
                Fork(self.database, BARRIER.format(folder=name, number=number) + script, f'{name}/log.{number}')
                for number, script in enumerate(scripts)]
            self._wait("the workers are ready", lambda: len(list(folder.glob('ready.*'))) == len(scripts))
            yield (folder / 'go').touch
            for fork in forks:
                fork.finish()

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
