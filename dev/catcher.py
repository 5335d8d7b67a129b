"""A mail catcher: real SMTP on loopback, every mail a file."""
import asyncio
import itertools
import os
import socket
import sys
import threading
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Catcher:
    """Writes each mail to `folder` as one .eml, its envelope in X-MailFrom and X-RcptTo; listens on a free port while entered."""

    def __init__(self, folder):
        self.folder = folder
        self._numbers = itertools.count(1)
        self._start = time.time_ns()

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._socket = socket.create_server(('127.0.0.1', 0))
        self.port = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        # The hostname is given, for aiosmtpd asks DNS for it otherwise, which may hang on a machine without a network.
        self._server = self._loop.run_until_complete(self._loop.create_server(
            lambda: SMTP(self, hostname='localhost', enable_SMTPUTF8=True, loop=self._loop), sock=self._socket))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):
        session.host_name = hostname
        return [*responses[:-1], '250-PIPELINING', responses[-1]]

    async def handle_DATA(self, _server, _session, envelope):
        path = self.folder / f'{self._start}-{next(self._numbers):07}.eml'
        head = f'X-MailFrom: {envelope.mail_from}\r\nX-RcptTo: {", ".join(envelope.rcpt_tos)}\r\n'
        # Renamed when complete: a test that waits for mails never reads half of one.
        part = path.with_suffix('.part')
        part.write_bytes(head.encode() + envelope.content)
        part.rename(path)
        return '250 OK'


if __name__ == '__main__':
    with Catcher(Path(sys.argv[1])) as catcher:
        print(catcher.port, flush=True)
        # Ends with the command that started it, however that ends.
        parent = os.getppid()
        while os.getppid() == parent:
            time.sleep(0.5)
