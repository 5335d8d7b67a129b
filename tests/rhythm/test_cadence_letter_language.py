from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import UNSUBSCRIBE, CadenceCase

DAY = '2026-07-05'
GERMAN = UNSUBSCRIBE + (
    '<p>Sehr geehrte Damen und Herren, wir möchten Ihnen heute gerne unsere neuen Krane und Radlader vorstellen.</p>')
JAPANESE = UNSUBSCRIBE + (
    f"<p>{'拝啓 時下ますますご清栄のこととお慶び申し上げます。弊社の新しいクレーンをご紹介いたします。' * 2}</p>")
DANISH = UNSUBSCRIBE + (
    '<p>Kære kunde, vi vil gerne vise dig vores nye kraner og læssemaskiner, som vi sælger til hele verden i dag.</p>')


@tagged('post_install', '-at_install')
class TestLetterLanguage(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._create_letter()

    def test_a_letter_in_another_language_is_said_and_not_mailed(self):
        self._create_partners(1, batch=5)
        self.assertFalse(self.letter.language_warning)
        self.letter.mailing_id.body_html = GERMAN
        self.assertIn('German', self.letter.language_warning)
        self.assertIn('German', self.segment.letter_warning)
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.state, 'blocked')
        self.assertIn('reads like German', run.blocked_reason)
        self.assertIn('let a manager accept the language', run.blocked_reason)
        self.assertFalse(run.touch_ids)

    def test_the_japanese_letter_does_not_reach_the_russian_customers(self):
        russian = self._create_segment('base.lang_ru')
        letter = self._create_letter(segment=russian)
        letter.mailing_id.body_html = JAPANESE
        self.assertIn("Japanese, but the segment's language is Russian.", letter.problem)

    def test_a_manager_accepts_a_language_and_it_is_written_down(self):
        self.letter.mailing_id.body_html = GERMAN
        with self.assertRaises(AccessError):
            self.letter.with_user(self.user).action_accept_language()
        with self.assertRaises(AccessError):
            self.letter.with_user(self.user).accepted_language = 'de'
        self.letter.with_user(self.manager).action_accept_language()
        self.assertFalse(self.letter.problem or self.letter.language_warning)
        self.assertRegex(self.segment.message_ids[:1].body, 'cadence_manager.* lets it go out: Letter')
        self.letter.mailing_id.body_html = JAPANESE
        self.assertIn('Japanese', self.letter.problem, "another language is another question")

    def test_what_is_short_proves_nothing_and_what_is_alike_is_no_mistake(self):
        letter = self._create_letter(segment=self._create_segment('base.lang_fr'))
        self.assertFalse(letter.problem or letter.language_warning)
        norwegian = self._create_letter(segment=self._create_segment('base.lang_nb_NO'))
        norwegian.mailing_id.body_html = DANISH
        self.assertFalse(norwegian.problem or norwegian.language_warning)

    def test_a_letter_in_no_language_is_nobodys_mistake(self):
        self.letter.mailing_id.body_html = '<p>12345 67890 – 24/7, 365, A4</p>' * 20 + UNSUBSCRIBE
        self.assertFalse(self.letter.problem)
