from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestTouchWords(CadenceCase):
    """No screen says mailed before the mail has left, and all say the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _say(self, partner, hour, day=DAY):
        """What the ledger, Why Not Mailed?, the contact and its timeline say at an hour."""
        self.env.invalidate_all()
        with self.at(day, hour):
            touch = self._touch(partner, DAY)
            why = self.env['cadence.why'].create({'addresses': partner.email})
            why.action_explain()
            events = partner.get_cadence_timeline()['entries']
            return touch.word, why.line_ids.answer, why.line_ids.explanation, partner.cadence_next_note, events[0]['title']

    def test_a_mail_that_waits_for_its_time_is_queued_on_every_screen(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        word, answer, *sentences = self._say(partner, 3)
        self.assertEqual((word, answer), ('queued', 'queued'))
        self.assertEqual(set(sentences), {'Queued: 1. Letter 1 leaves at 09:00.'})
        self.assertEqual(self._say(partner, 10)[2], 'Queued: 1. Letter 1 leaves within minutes.')

    def test_a_mail_that_has_left_is_mailed_on_every_screen(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        word, answer, *sentences, event = self._say(partner, 13)
        self.assertEqual((word, answer, event), ('mailed', 'mailed', 'Mailed: Letter 1'))
        self.assertEqual(set(sentences), {'Mailed today: 1. Letter 1'})
        self.assertEqual(self._touch(partner, DAY)._get_note(), 'Mailed: 1. Letter 1', "today is another day")

    def test_a_draft_says_that_somebody_has_to_send_it(self):
        self.segment.auto_send = False
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self.assertIn('as a draft', self._say(partner, 10)[2])

    def test_who_was_stopped_deferred_or_refused_is_told_why(self):
        partners = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        run.action_stop()
        self.assertIn('until the run is resumed', self._say(partners[0], 10)[2])
        run.action_resume()
        self.env.flush_all()
        touches = run.touch_ids
        with self.at(DAY, 10):
            for touch in touches:
                touch._depart(self.env.cr.now(), sure=True)
        self.assertEqual(set(touches.mapped('word')), {'leaving'})
        self.assertEqual(self._say(partners[0], 10)[2], 'Leaving at this moment: 1. Letter 1')
        touches[0]._refuse('dead')
        touches[1]._defer('mail_server')
        self.assertEqual(touches.mapped('word'), ['excluded', 'deferred'])
        with self.at(DAY, 11):
            self.assertEqual(touches[0]._get_event()[0], 'Not mailed')
            self.assertEqual(touches[0]._get_note(), 'Not mailed today: Refused for good: the address does not exist')
            self.assertEqual(touches[1]._get_event()[0], 'Deferred to the next run')

    def test_a_contact_that_was_sorted_after_an_earlier_mail_is_never_mailed_again(self):
        for tag, view in (('tag_unsubscribed', 'Risk'), ('tag_inquiry', 'Intention')):
            partner = self._create_partners(1, batch=5)
            self._queue(DAY)
            self._compose(DAY)
            self._tag(partner, tag)
            with self.at('2026-07-09', 9):
                self.assertTrue(partner.cadence_next_note.startswith(f'Never again: in view {view}'), partner.cadence_next_note)
