from odoo.tests import tagged
from odoo.tools import SQL

from .test_cadence_reply import ReplyCase

NEWS = ('cadence_open_agent', 'cadence_last_open', 'links_click_datetime', 'reply_datetime', 'cadence_follow_up')


@tagged('post_install', '-at_install')
class TestOpener(ReplyCase):

    def _get_opener(self, **values):
        trace = self._trace(self.anna)
        trace.write({'sent_datetime': '2026-07-09 12:00:00', 'open_datetime': '2026-07-09 13:00:00'} | values)
        self.env.flush_all()
        [[opener]] = self.env.execute_query(SQL(
            "SELECT %s FROM mailing_trace trace WHERE id = %s",
            self.env['cadence.opener']._sql_opener(self.segment.company_id), trace.id))
        return opener

    def test_what_is_known_of_an_open(self):
        plain = {'cadence_open_agent': 'Mozilla/5.0'}
        for values, opener in (
            ({'open_datetime': False}, None),
            ({}, 'unjudged'),
            ({'cadence_open_agent': 'Thunderbird'}, 'person'),
            ({'cadence_open_agent': 'curl/8'}, 'machine'),
            ({'cadence_open_agent': 'Thunderbird', 'cadence_last_open': '2026-07-09 12:00:05'}, 'machine'),
            (plain, 'privacy'),
            (plain | {'links_click_datetime': '2026-07-09 14:00:00'}, 'person'),
            (plain | {'reply_datetime': '2026-07-09 14:00:00'}, 'person'),
            ({'cadence_follow_up': 'held', 'cadence_open_agent': 'curl/8'}, 'person'),
            ({'cadence_follow_up': 'privacy', 'cadence_open_agent': 'Thunderbird'}, 'privacy'),
        ):
            with self.subTest(values=values):
                self.assertEqual(self._get_opener(**dict.fromkeys(NEWS, False) | values), opener)

    def test_whether_a_privacy_program_reads_is_a_setting(self):
        self.segment.company_id.cadence_privacy_reads = True
        self.assertEqual(self._get_opener(cadence_open_agent='Mozilla/5.0'), 'person')
