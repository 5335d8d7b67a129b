from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestLetterOfTheDay(CadenceCase):
    """A letter goes while its mails wait: the contacts get another one of the day, and what left stays where it is."""

    def setUp(self):
        super().setUp()
        self.letters = self._create_letter(subject='A') + self._create_letter(subject='B')
        self.partners = self._create_partners(40, batch=5)  # dealt by their numbers: of a few all may get one letter
        self.run_ = self._queue(DAY)['marketing']
        self.touches = self.run_.touch_ids.sorted('id')
        self.assertEqual(self.touches.letter_id, self.letters, "both variants are in use")

    def _queue_again(self):
        self._queue(DAY, 2)
        return self.env['cadence.touch'].search([('run_id', '=', self.run_.id)])

    def test_a_deleted_letter_s_contacts_get_the_other_variant_on_the_same_day(self):
        self.letters[0].unlink()
        touches = self._queue_again()
        self.assertEqual(touches.partner_id, self.partners)
        self.assertEqual(touches.letter_id, self.letters[1])
        self.assertEqual(self._compose(DAY), sorted(self.partners.mapped('email_formatted')))

    def test_a_letter_that_becomes_another_step_is_not_mailed_as_the_first(self):
        self.letters[0].step = 2
        self.assertEqual(self._queue_again().letter_id, self.letters[1])

    def test_what_left_stays_in_the_ledger(self):
        self._compose(DAY)
        with self._mail_server() as server:
            self._send_queue(DAY, server=server)
        self.letters[0].active = False
        self.letters[1].unlink()
        self.assertEqual(set(self._queue_again().mapped('outcome')), {'left'})
        self.assertEqual(self.run_.mailed_count, 40)
