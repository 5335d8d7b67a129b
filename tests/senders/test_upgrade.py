import runpy
from pathlib import Path

from odoo.tests import tagged

from .common import SenderCase

MIGRATION = Path(__file__).parents[2] / 'migrations' / '19.0.1.3.0' / 'post-migrate.py'


@tagged('post_install', '-at_install')
class TestUpgrade(SenderCase):
    """What a database finds that mailed before there were senders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.migration = runpy.run_path(str(MIGRATION))

    def _forget_senders(self):
        self.env.flush_all()
        self.env.cr.execute("""
            UPDATE cadence_touch SET sender_id = NULL, day = CURRENT_DATE - 1;
            UPDATE cadence_segment SET sender_id = NULL;
            DELETE FROM cadence_sender""")
        self.env.invalidate_all()

    def test_segments_that_have_been_mailing_are_warm_and_others_begin(self):
        fresh = self._create_segment('base.lang_fr', email_from='x@fresh.example')
        self._create_partners(3, batch=5)
        run, left = self._mail_day()
        self.assertEqual(len(left), 3)
        self._forget_senders()
        self.migration['_make_the_senders'](self.env)
        sender = self.segment.sender_id
        self.assertEqual((sender.name, sender.profile, sender.state), ('me.example', 'steady', 'warm'))
        self.assertEqual(run.touch_ids.sender_id, sender)
        self.assertEqual(sender.day_ids.mapped('left_count'), [3])
        self.assertIn("nothing limits its mails", sender.status)
        self.assertEqual((fresh.sender_id.profile, fresh.sender_id.state), ('normal', 'new'))

    def test_letters_in_use_go_on_and_show_what_is_wrong(self):
        self._create_partners(1, batch=5)
        self._mail_day()
        other = self._create_letter(step=2)
        for letter in self.letter + other:
            letter.mailing_id.body_html = '<p>Dear customer, without a link.</p>'
        self.migration['_let_letters_in_use_pass'](self.env)
        self.assertFalse(self.letter.problem)
        self.assertEqual(self.letter.findings[0]['code'], 'no_unsubscribe')
        self.assertTrue(other.problem, "nobody got it yet")
