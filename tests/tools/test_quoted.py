from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.mail.html_text import to_text
from ...tools.mail.quoted import MARK, split_answer, split_quoted
from .hostile import least_time
from .made_replies import make_replies

ANNOUNCED = (
    'On Mon, Nov 23, 2026 at 9:14 AM Lin Mei <lin@me.example> wrote:',
    'On Mon, Nov 23, 2026 at 9:14 AM Lin Mei <\nlin@me.example> wrote:',
    'Am 23.11.2026 um 09:14 schrieb Lin Mei <lin@me.example>:',
    'Le lun. 23 nov. 2026 à 09:14, Lin Mei <lin@me.example> a écrit :',
    'El lun, 23 nov 2026 a las 9:14, Lin Mei (<lin@me.example>) escribió:',
    'Em seg., 23 de nov. de 2026 às 09:14, Lin Mei <lin@me.example> escreveu:',
    'Il giorno lun 23 nov 2026 alle ore 09:14 Lin Mei <lin@me.example> ha scritto:',
    'Op ma 23 nov 2026 om 09:14 schreef Lin Mei <lin@me.example>:',
    'пн, 23 нояб. 2026 г. в 09:14, Lin Mei <lin@me.example> пишет:',
    '在 2026-11-23 09:14:07，"Lin Mei" <lin@me.example> 写道：',
    'At 2026-11-23 09:14:07, "Lin Mei" <lin@me.example> wrote:',
    '2026年11月23日(月) 9:14 Lin Mei <lin@me.example>のメール:',
    '-----Original Message-----\nFrom: Lin Mei\nSent: Monday',
    '------------------ 原始邮件 ------------------\n发件人: "Lin Mei"',
    '---- 回复的原邮件 ----\n| 发件人 | Lin Mei |\n| 日期 | 2026年11月23日 |',
    '________________________________\nFrom: Lin Mei <lin@me.example>\nSent: Monday, 23 November 2026 09:14\nTo: Bob',
    'Von: Lin Mei\nGesendet: Montag, 23. November 2026 09:14\nAn: Bob',
    '*From:* Lin Mei\n*Date:* Monday',
    'Niemand kennt diese Sprache:\n> Tea?',
    '> Tea?',
)


class TestQuoted(TestCase):

    def test_each_mail_program_s_words_above_the_quoted_mail(self):
        for announced in ANNOUNCED:
            for answer in ('Please quote 2 kg.', 'Hi,\n\nplease quote:\n- 2 kg\n\nBob', '报价？'):
                with self.subTest(announced=announced, answer=answer):
                    found, quoted = split_quoted(f'{answer}\n\n{announced}\n> Tea?\n> Best, Lin')
                    self.assertEqual(found, answer)
                    self.assertIn(announced.splitlines()[-1].lstrip('> '), quoted)

    def test_what_people_write_themselves_is_no_quote(self):
        for text in (
            'From: Hamburg\nPlease quote.', 'From: Qingdao\nTo: Hamburg\nDate: March 2026',
            'Da: Genova\nA: Bari\nData: marzo',
            'On 3 May I wrote to you:\nno answer', 'Tea?\n>>> see http://x.example <<<\nMilk!',
            'Price list\n--------------------\n2 kg 10 EUR\n--------------------\n3 kg 12 EUR',
            'On 23 November we need 2 kg.\nThanks', 'I wrote: please call.', 'To: all\nDate: tomorrow',
            '-- \nBob\nAcme', 'Sent from my iPhone',
        ):
            with self.subTest(text=text):
                self.assertEqual(split_quoted(text), (text, ''))

    def test_odd_marks_hide_no_announcement(self):
        for announced in (
            '\u202bבתאריך יום ב׳, 23 בנוב׳ 2026 ב-9:14 מאת \u202aLin\u202c\u200f <\u202alin@me.example\u202c\u200f>:\u202c',
            '>>> Lin Mei <lin@me.example> 23.11.2026 09:14 >>>',
            'From: Lin\nSent: \u200eMonday\u200e, \u200e23\u200e November \u200e2026 \u200e9\u200e:\u200e14\nTo: Bob',
        ):
            with self.subTest(announced=announced):
                self.assertEqual(split_answer(f'Yes\n\n{announced}\n\nTea?').text, 'Yes')

    def test_own_words_right_above_the_announcement_stay(self):
        announced = 'On Wed, Apr 4, 2012 at 3:59 PM, lin@me.example wrote:'
        for above in ('Yes', 'Yes, on 4.4.2012 at 15:59', 'Two sets, and 3 more', 'Ann wrote it'):
            with self.subTest(above=above):
                self.assertEqual(split_answer(f'{above}\n{announced}\n> Tea?').text, above)
        below = 'On Wed, Apr 4, 2012 Lin\n\n<\nmailto:Lin <lin@me.example>\n> wrote:\n\nTea?'
        self.assertEqual(split_answer(f'One\n\n{below}\n\n{below}\n\nThree').text, 'One')

    def test_a_sentence_in_the_first_person_announces_no_mail(self):
        for text in (
            'I wrote to you on 23.11.2026 at 09:14:\nno answer', 'Ich schrieb Ihnen am 23.11.2026 um 09:14:\nkeine Antwort',
            'Le ho scritto il 23/11/2026 alle 09:14:\nnessuna risposta', '我于 2026-11-23 9:14 写道：\n没有答复',
        ):
            with self.subTest(text=text):
                self.assertEqual(split_answer(text).text, text)

    def test_an_answer_below_or_between_quoted_lines_is_found(self):
        self.assertEqual(split_quoted('On 9 July Li wrote:\n> Tea?\n\nYes')[0], 'Yes')
        for text in ('> Tea?\nYes\n> Milk?\nNo', 'Hi\n> Tea?\nYes\n> Milk?\nNo', '> Tea?\n\nYes'):
            self.assertEqual(split_quoted(text), (text, ''), "the questions stay with what is answered")
        below = split_answer('Hello Li,\n\nOn 9 July 2026 Li wrote:\n> Tea?\n> Milk?\n\nYes to both\n\n-- \nBob')
        self.assertEqual((below.text, below.signature), ('Hello Li,\n\nYes to both', '-- \nBob'))

    def test_what_says_nothing_of_its_own_is_taken_whole(self):
        text = 'On 9 July Li wrote:\n> Tea?'
        self.assertEqual(split_quoted(text), (text, ''))
        self.assertEqual(split_quoted('  '), ('', ''))

    def test_every_language_s_answers_in_the_forms_of_its_programs(self):
        """Of 900 answers, plain and HTML, each is what the person wrote, without quote, device and disclaimer."""
        total = 0
        for made in make_replies():
            with self.subTest(reply=made.name):
                answer = split_answer(to_text(made.body) if made.is_html else made.body)
                self.assertEqual([line for line in answer.text.split('\n') if line],
                [line for line in made.answer.split('\n') if line])
                self.assertIn('300 mm', answer.quoted)
            total += 1
        self.assertGreater(total, 900)

    def test_what_the_mail_program_marks_begins_the_quoted_mail(self):
        self.assertEqual(split_answer(f'Yes\n{MARK}\nLi, yesterday\nTea?'), ('Yes', '', 'Li, yesterday\nTea?'))
        self.assertEqual(split_answer(f'{MARK}\nForwarded')[0], 'Forwarded')

    def test_signatures_stand_apart(self):
        for below in (
            '-- \nBob', 'Sent from my iPhone', '发自我的华为手机', 'Get Outlook for iOS',
            'Отправлено из мобильной Почты Mail.ru', 'iPhoneから送信',
            'This e-mail and its attachments are confidential.\nDelete it.', 'Diese E-Mail ist vertraulich.',
            '本邮件及附件含有保密信息。',
            '_____________________\nrings mailing list\nhttp://lists.example',
        ):
            with self.subTest(below=below):
                self.assertEqual(split_answer(f'Yes\n\n{below}'), ('Yes', below, ''))
        for text in ('Yes\n\nBest regards\nBob\n+49 40 1', 'Yes\n\nSent from my desk, which is easier than my mobile phone',
        'It is sent from my works in Bari tomorrow at noon, as every week; is that what you need?\nOk'):
            with self.subTest(text=text):
                self.assertEqual(split_answer(text), (text, '', ''), "in doubt more is shown")

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.sampled_from(['Yes', '', '> a', '----', 'On 1 x', 'x wrote:', 'From: a', 'To: b@x.example',
    '-- ', 'Sent from my iPhone', ' ', '>'])))
    def test_nothing_is_lost(self, lines):
        text = '\n'.join(lines)
        answer, quoted = split_quoted(text)
        for word in ('Yes', '> a', 'x wrote:'):
            if word in lines:
                self.assertIn(word, answer + quoted)

    def test_hostile_text_takes_no_long_time(self):
        pieces = ('\u200e@\n', 'a wrote 1:1:', 'Lin 2026 9:14\n', 'To: a\n', 'sent from my a', '>>> a 1 ', 'get outlook ',
        '-', '>', '_', ' ', 'a', '> ' * 50 + 'a\n', '\n', 'On 1 ', 'From: ', 'From: a\n', 'wrote', '-- ',
        '\n-----\n')
        for piece in pieces:
            with self.subTest(piece=piece):
                text = piece * (1_000_000 // len(piece))
                self.assertLess(least_time(lambda text=text: split_quoted(text[:20_000]), 0.2), 0.2)
