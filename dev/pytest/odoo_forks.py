"""Processes for tests in which several meet, forked from one that has loaded Odoo: that takes longer than most of their work.

    python odoo_forks.py SOCKET DATABASE

goes into the background, imports what the database's modules need, lets go of the database, and forks for each connection to the
socket until its standard input ends. What is asked for is a line of JSON: on which `database` to run which `script`, as
`odoo shell` does, and into which file to write the `log`. The answers are the process's number, and a 0 when the script has come
to its end.
"""
import json
import os
import select
import signal
import socket
import sys
import threading
import traceback

import odoo
from odoo import api
from odoo.modules.module import initialize_sys_path
from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config


def load(database):
    config.parse_config(['-c', os.environ['CADENCE_ODOO_CONF'], '--log-level=warn', '--no-http'], setup_logging=True)
    initialize_sys_path()
    Registry(database)
    Registry.delete_all()
    close_all()


def serve(path):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        while sys.stdin.buffer not in select.select([server, sys.stdin.buffer], [], [])[0]:
            connection, _address = server.accept()
            with connection:
                if not os.fork():
                    server.close()
                    os._exit(answer(connection))


def answer(connection):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.sendall(b'%d\n' % os.getpid())
    try:
        run(**json.loads(connection.makefile().readline()))
    except BaseException:  # noqa: BLE001 whatever it was stands in the log
        traceback.print_exc()
        return 1
    connection.sendall(b'0\n')
    return 0


def run(database, script, log):
    with open(log, 'w', encoding='utf-8') as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    sys.stdout.reconfigure(line_buffering=True)
    threading.current_thread().dbname = database
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env = env(context=env['res.users'].context_get())
        cr.rollback()
        exec(script, {'odoo': odoo, 'env': env, 'self': env.user, '__name__': '__main__'})
        cr.rollback()


if __name__ == '__main__':
    if os.fork():
        os._exit(0)
    load(sys.argv[2])
    serve(sys.argv[1])
