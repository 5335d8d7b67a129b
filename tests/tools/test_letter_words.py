from unittest import TestCase

from ...tools.sender.letter_words import REPLIES, find_fields, has_placeholder


class TestWords(TestCase):

    def test_what_answers_and_forwards_begin_with(self):
        for subject in ('Re: x', 'RE:x', 'Fw: x', 'FWD : x', 'AW: x', 'WG: x', 'SV: x', 'RV: x', 'TR: x', 'R: x', 'Odp: x',
                        '回复: x', '回复：x', '答复：x', '转发：x', '返信: x', 'Re[2]: x', 'Re(3): x', 'Antw: x', 'YNT: x'):
            with self.subTest(subject=subject):
                self.assertTrue(REPLIES.match(subject))

    def test_what_they_do_not(self):
        for subject in ('Regarding your cranes', 'Reading: 5 minutes', 'Ref: offer 17', 'Fwdx: y', 'Trends: what is new',
                        'Our answer to Re: mails', 'Response: yes', 'R&D: a question', '回复我们的邮件', 'Award: x'):
            with self.subTest(subject=subject):
                self.assertFalse(REPLIES.match(subject))

    def test_what_was_not_filled_in(self):
        for text in ('Dear {{ object.name }}', 'Dear {{name', 'Hi ${object.name}', '<t t-out="object.name"/>', 'Dear %FIRSTNAME%',
                     'Dear *|FNAME|*', 'Dear [First Name]', 'Dear None,', '尊敬的[姓名]', 'Hola undefined'):
            with self.subTest(text=text):
                self.assertTrue(has_placeholder(text))

    def test_what_was_meant(self):
        for text in ('Save 20 % now', 'There is none, sadly', 'Dear Nancy', '100 % names', 'Size {S, M}', '[new] cranes',
                     'Prices in $ {net}', 'Is it false, we ask'):
            with self.subTest(text=text):
                self.assertIsNone(has_placeholder(text))

    def test_the_fields_that_a_design_fills_in(self):
        self.assertEqual(find_fields("""<t t-out="object.name"/> <t t-out='object.city'/> <t t-out="object.name"/>
            <t t-out="object.function or 'friend'"/> <t t-out="object.name.split()[0]"/> <t t-out="object.parent_id.name"/>"""),
            ['name', 'city', 'parent_id.name'])
