from unittest import TestCase

from ...tools.sender.feedback_id import write


class TestWrite(TestCase):

    def test_the_sender_stays_the_same_and_has_no_colon(self):
        one, other = write(12, 3, 'marketing', 'acme.example'), write(13, 4, 'x:y Ä', 'ACME.example')
        self.assertEqual(one.split(':')[:3], ['letter12', 'segment3', 'marketing'])
        self.assertEqual(other.split(':')[:3], ['letter13', 'segment4', 'xy'])
        self.assertEqual(one.rpartition(':')[2], other.rpartition(':')[2])
        self.assertTrue(5 <= len(one.rpartition(':')[2]) <= 15)

    def test_a_letter_that_is_gone(self):
        self.assertEqual(write(None, 3, None, 'acme.example').split(':')[:3], ['letter0', 'segment3', 'group'])
