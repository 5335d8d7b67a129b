import os
import shutil
import subprocess
import sys
import unittest
from contextlib import closing
from pathlib import Path

import psycopg2
from odoo.sql_db import connection_info_for
from odoo.tests import BaseCase
from odoo.tools import config

TIMEOUT = 180


@unittest.skipUnless('CADENCE_TEMPLATE_DB' in os.environ, "needs the idle database and the mail catcher of `make test`")
class ServerCase(BaseCase):
    """Real Odoo processes on a database of their own, a copy of the idle one that `make test` names in CADENCE_TEMPLATE_DB."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = os.environ['CADENCE_TEMPLATE_DB']
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

