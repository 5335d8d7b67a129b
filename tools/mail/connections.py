"""The connections on which a worker's mails leave: while the servers look at some of them the next ones are made."""
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .pipelining import Pipeline

_logger = logging.getLogger(__name__)


@dataclass
class Connection:
    """A session, and the mail of which its server has not said yet what becomes of it, as the caller names it."""
    session: Any
    owed: Any = None

    @property
    def owes_answer(self):
        return getattr(self.session, 'owes_answer', False)


class Connections:
    """The caller's session, which it closes itself, and up to `limit` in all, opened when all others are busy.

    A server that does not take several commands at once is waited for at each mail, as all are if the caller `waits`; then
    nothing is gained by another connection.
    """

    def __init__(self, session, connect: Callable, limit: int = 1, waits: bool = False):
        self._connect, self._limit, self._waits = connect, limit, waits
        self._open, self._further = deque([self._begin(session)]), []

    def __iter__(self):
        return iter(list(self._open))

    def take(self) -> Connection:
        """Return the one whose mail is with its server for the longest time, or a new one."""
        if len(self._open) < self._limit and all(connection.owed is not None for connection in self._open):
            self._add()
        self._open.rotate(-1)
        return self._open[-1]

    def _add(self):
        try:
            self._open.appendleft(self._begin(self._connect()))
        except Exception as error:
            # As many as the server lets in: the mails go on on those that there are.
            _logger.info("No further connection to the mail server: %s", error)
            self._limit = len(self._open)
        else:
            self._further.append(self._open[0])

    def close(self):
        for connection in self._further:
            with suppress(Exception):
                connection.session.quit()

    def _begin(self, session):
        can_pipeline = hasattr(session, 'has_extn') and session.has_extn('pipelining')
        return Connection(Pipeline(session) if can_pipeline and not self._waits else session)
