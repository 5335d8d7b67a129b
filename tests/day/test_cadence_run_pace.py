from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestRunPace(CadenceCase):

    def setUp(self):
        super().setUp()
        self._create_letter()
        self._create_partners(10, batch=5)
        self.run_ = self._queue(DAY)['marketing']
        self.touches = self.run_.touch_ids.sorted('id')

    def _move(self, touches, hour, outcome='_arrive', *args):
        with self.at(DAY, hour):
            touches._depart(self.env.cr.now(), sure=True)
            getattr(touches, outcome)(*args)
        self.env.invalidate_all()

    def _get_note(self, hour):
        self.env.invalidate_all()
        with self.at(DAY, hour):
            return self.run_.pace_note

    def test_what_has_not_begun_has_no_pace(self):
        self.assertFalse(self._get_note(12))

    def test_mails_a_minute_and_minutes_left(self):
        self._move(self.touches[:4], 12)
        self.assertEqual(self._get_note(12 + 2 / 60), '2 mails a minute · about 3 minutes left')
        self.assertEqual(self._get_note(13), '', "nothing has left for long")

    def test_what_went_wrong_is_told(self):
        self._move(self.touches[:6], 12)
        self._move(self.touches[6], 12, '_doubt')
        self._move(self.touches[7], 12, '_refuse', 'dead')
        self._move(self.touches[8], 12, '_hold_back', 'mail_server')
        self.assertEqual(
            self._get_note(12 + 1 / 60),
            '6 mails a minute · about 1 minutes left · 1 perhaps mailed · 2 not taken by the mail server')
        self._move(self.touches[8:], 12.1)
        with self.at(DAY, 12.1):
            self.run_.mailing_ids.write({'state': 'done'})
        self.assertFalse(self._get_note(12.1), "it is done")
