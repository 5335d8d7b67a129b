from unittest import TestCase

from odoo.addons.mass_mailing_cadence.tools.mail.connections import Connections


class Session:
    def __init__(self, *extensions):
        self.extensions, self.has_quit = extensions, False

    def has_extn(self, name):
        return name in self.extensions

    def quit(self):
        self.has_quit = True
        raise OSError("gone already")


class TestConnections(TestCase):

    def _open(self, limit, extensions=('pipelining',), places=100, **options):
        self.sessions, self.refused = [Session(*extensions)], 0

        def connect():
            if len(self.sessions) == places:
                self.refused += 1
                raise ConnectionRefusedError(111, "Connection refused")
            self.sessions.append(Session(*extensions))
            return self.sessions[-1]

        return Connections(self.sessions[0], connect, limit, **options)

    def _send(self, connections, count):
        """As the mail queue does: [which of the sessions takes the mail, the mail whose answer it still owed]."""
        taken = []
        for mail in range(count):
            connection = connections.take()
            session = getattr(connection.session, '_session', connection.session)
            taken.append((self.sessions.index(session), connection.owed))
            connection.owed = mail
        return taken

    def test_the_answer_that_was_waited_for_the_longest_is_heard_first(self):
        self.assertEqual(self._send(self._open(1), 3), [(0, None), (0, 0), (0, 1)])
        self.assertEqual(
            self._send(self._open(3), 7), [(0, None), (1, None), (2, None), (0, 0), (1, 1), (2, 2), (0, 3)])

    def test_no_connection_is_opened_while_another_is_free(self):
        connections = self._open(5)
        for _mail in range(4):
            connections.take()
        self.assertEqual(len(self.sessions), 1)

    def test_a_server_that_lets_no_more_in_gets_the_mails_on_those_that_there_are(self):
        self.assertEqual(self._send(self._open(5, places=2), 5), [(0, None), (1, None), (0, 0), (1, 1), (0, 2)])
        self.assertEqual(self.refused, 1, "it is not asked again and again")

    def test_what_was_opened_is_closed_and_the_callers_is_left_to_it(self):
        connections = self._open(3)
        self._send(connections, 3)
        connections.close()
        self.assertEqual([session.has_quit for session in self.sessions], [False, True, True])

    def test_only_a_server_that_takes_several_commands_owes_an_answer(self):
        for options in ({'extensions': ('size',)}, {'waits': True}):
            with self.subTest(options=options):
                connection = self._open(3, **options).take()
                self.assertIs(connection.session, self.sessions[0])
                self.assertFalse(connection.owes_answer)
