from unittest import TestCase

from ...tools.mail import quoted_words as words


class TestQuotedWords(TestCase):

    def test_rules_above_a_quoted_mail(self):
        for line in (
            '-----Original Message-----', '-------- Ursprüngliche Nachricht --------',
            '------------------ 原始邮件 ------------------',
            '-----Message d\'origine-----', '---- Replied Message ----', '-----Antwort Nachricht-----',
            '## Please type your reply above this line ##',
            '---------- Forwarded message ---------', '-------- Исходное сообщение --------',
            '===== Message du : 23/11/2026 09:14',
        ):
            with self.subTest(line=line):
                self.assertTrue(words.RULED.match(line))
        for line in ('--------------------', '- one message', 'my original message', '--- 12 mm ---'):
            with self.subTest(line=line):
                self.assertFalse(words.RULED.match(line))

    def test_headers_in_the_languages_of_mail_programs(self):
        for sender, other in (
            ('From: a', 'Sent: b'), ('Von: a', 'Gesendet: b'), ('De : a', 'Envoyé : b'), ('Da: a', 'Inviato: b'),
            ('发件人：a', '发送时间：b'),
            ('寄件者: a', '主旨: b'), ('差出人: a', '件名: b'), ('보낸 사람: a', '제목: b'), ('От: a', 'Кому: b'),
            ('Kimden: a', 'Konu: b'),
            ('*From:* a', '*Date:* b'), ('| From | a |', '| Date | b |'), ('Od: a', 'Wysłano: b'), ('Lähettäjä: a',
            'Aihe: b'),
        ):
            with self.subTest(sender=sender):
                self.assertTrue(words.SENDER_HEADER.match(sender))
                self.assertTrue(words.OTHER_HEADER.match(other))
