from odoo.tests import tagged

from ..server import ServerCase, get_quiet_zone
from . import test_concurrent_follow_up as meeting

# Each mail takes its time between the mail queue and the mail server.
SLOW_SEND = """
import time
MailServer = type(env['ir.mail_server'])
send_email = MailServer.send_email
MailServer.send_email = lambda *args, **kwargs: (send_email(*args, **kwargs), time.sleep(2))[0]
""" + meeting.SEND


@tagged('post_install', '-at_install')
class TestConcurrentInFlight(ServerCase):
    """A mail that is with the mail server just now has been sent, whatever its contact writes meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = meeting.SEED.replace('READERS', '1').replace('OTHERS', '1').replace('RECIPIENTS', str(meeting.RECIPIENTS))
        # Other addresses than those of the other test: the catcher's folder is the same.
        cls._shell(script.replace('TIMEZONE', get_quiet_zone()).replace('@meet', '@flight'))

    def test_reply_that_comes_while_its_own_mail_leaves_neither_denies_it_nor_stops_the_queue(self):
        def caught():
            return [path for path in meeting.Path(meeting.os.environ['CADENCE_SMTP_DIR']).glob('*.eml')
                    if b'@flight' in path.read_bytes()]

        raw = meeting.MESSAGE.read_bytes().replace(meeting.ANSWERED_ID, b'<writer1@me.example>')
        gateway = meeting.RECEIVE.replace('RAW', repr(raw)).replace('NAME', 'writer1')
        with self._workers(gateway) as receive, self._workers(SLOW_SEND) as send:
            send()
            self._wait("the second mail is with the mail server, not yet noted as sent", lambda: len(caught()) == 2)
            receive()
        self.assertEqual(len(caught()), meeting.RECIPIENTS)
        self.assertEqual(self._sql("""
            SELECT touch.state, trace.trace_status, COUNT(*)
              FROM cadence_touch touch
              JOIN mailing_trace trace ON trace.cadence_touch_id = touch.id
             WHERE touch.date = (SELECT MAX(date) FROM cadence_touch)
          GROUP BY 1, 2"""), [('reserved', 'sent', meeting.RECIPIENTS)])
