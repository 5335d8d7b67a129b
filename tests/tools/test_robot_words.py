from unittest import TestCase

from ...tools.mail import robot_words as words


class TestRobotWords(TestCase):

    def test_titles_of_returned_mail(self):
        for subject in (
            'Undelivered Mail Returned to Sender', 'Delivery Status Notification (Failure)', 'failure notice',
            '系统退信', 'Unzustellbar: Tee',
            'Undeliverable: Tea', 'Mail delivery failed: returning message to sender', 'Недоставленное сообщение',
            'Non remis : Thé',
            'Delayed Mail (still being retried)', 'Mancata consegna', 'No entregado: té',
            'Warning: message delayed 24 hours', '配信不能通知',
        ):
            with self.subTest(subject=subject):
                self.assertTrue(words.BOUNCE_SUBJECT.match(subject))
        for subject in ('Re: Undeliverable: Tea', 'Fwd: failure notice', 'Tea', 'Is it undeliverable?',
        'Delivery in March', 'Failed to see it'):
            with self.subTest(subject=subject):
                self.assertFalse(words.BOUNCE_SUBJECT.match(subject))

    def test_absence_in_thirty_languages(self):
        for subject in (
            'Automatic reply: Tea', '自动回复：茶', '自動回覆: 茶', 'Respuesta automática: té',
            'Réponse automatique : thé', 'Automatische Antwort: Tee',
            'Resposta automática: chá', 'Risposta automatica: tè', 'Автоответ: чай', 'رد تلقائي: شاي', '自動応答: お茶',
            'Automatisch antwoord: thee',
            'Autosvar: te', 'Automatisk svar: te', 'Automaattinen vastaus: tee', 'Automatyczna odpowiedź: herbata',
            'Automatická odpověď: čaj',
            'Automatická odpoveď: čaj', 'Automatikus válasz: tea', 'Otomatik yanıt: çay', 'Răspuns automat: ceai',
            'Αυτόματη απάντηση: τσάι',
            'Автоматичен отговор: чай', 'Автоматична відповідь: чай', '자동 회신: 차', 'Trả lời tự động: trà',
            'Balasan otomatis: teh',
            'ตอบกลับอัตโนมัติ: ชา', 'מענה אוטומטי: תה', 'پاسخ خودکار: چای', 'Automatski odgovor: čaj',
            'Samodejni odgovor: čaj',
            'Automaatvastus: tee', 'Automātiska atbilde: tēja', 'Automatinis atsakymas: arbata',
            'Resposta automàtica: te', 'Sjálfvirkt svar: te',
        ):
            with self.subTest(subject=subject):
                self.assertTrue(words.ABSENCE.match(subject))
