from odoo.addons.mass_mailing_cadence.models.results.cadence_test_words import about
from odoo.tests import tagged

from .test_cadence_test import LetterTestCase


@tagged('post_install', '-at_install')
class TestWords(LetterTestCase):

    def _say(self, **values):
        self.test.sudo().write(values)
        self.test.invalidate_recordset()
        return self.test.sentence

    def test_numbers_are_said_as_people_say_them(self):
        self.assertEqual([about(number) for number in (0, 4.2, 87, 3127, 45_678)], [0, 4, 87, 3100, 46_000])

    def test_it_says_how_many_mails_and_days_are_missing(self):
        self._start()
        self.assertEqual(self._say(needed=1550), "Nothing is known yet: needs about 3,100 more mails.")
        self.assertEqual(
            self._say(needed=1550, pace=170.0), "Nothing is known yet: needs about 3,100 more mails, some 10 days.")
        self.assertEqual(
            self._say(needed=1550, pace=170.0, mails_a_unit=2.0),
            "Nothing is known yet: needs about 6,200 more mails, some 10 days.")

    def test_each_verdict_is_a_sentence(self):
        self._start()
        self.test.arm_ids[0].sudo().write({'trials': 2000, 'successes': 20, 'is_loser': True})
        self.test.arm_ids[1].sudo().write({'trials': 2000, 'successes': 60})
        best = {'best_arm_id': self.test.arm_ids[1].id}
        for verdict, words in (
                ('better', "“1. Variant” is better: 3.0 % against 1.0 %."), ('promising', "it may be chance: needs about"),
                ('same', "no difference that matters: 3.0 % against 1.0 %"), ('unclear', "probably smaller than 50 %"),
                ('harmful', "“1. Letter 1” does harm"), ('broken', "(2,000 / 2,000 companies)"), ('changed', "start again")):
            with self.subTest(verdict=verdict):
                self.assertIn(words, self._say(verdict=verdict, **best))

    def test_it_warns_of_opens_and_of_letters_that_nobody_gets(self):
        self.test.metric = 'opened'
        self.assertIn('weak sign', self.test.warning)
        self._start()
        self.test.sudo().metric = 'replied'
        self.assertFalse(self.test.warning)
        self._create_letter(step=1, subject='Latecomer')
        self.test.invalidate_recordset()
        self.assertIn('Latecomer', self.test.warning)

    def test_the_picture_shows_between_what_each_rate_lies(self):
        self._start()
        self.assertFalse(self.test.picture)
        self.test.arm_ids.sudo().write({'trials': 2000, 'successes': 20})
        self._say(looks=[['2026-07-09', 1.0]])
        variant = self.test.picture['variants'][0]
        self.assertLess(variant['low'], variant['value'])
        self.assertGreater(variant['high'], variant['value'])
