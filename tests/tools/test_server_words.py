from unittest import TestCase

from ...tools.mail.server_words import find_dead_words, find_kind, is_policy, judge, plain_words

# The same in the languages of the hosts.
DEAD = (
    'unknown user', 'No such mailbox here', 'Der Empfänger ist unbekannt', 'Adresse existiert nicht', 'Destinataire inconnu',
    "Cette adresse n'existe pas", 'usuario desconocido', 'la dirección no existe', 'usuário desconhecido',
    'utente sconosciuto',
    'casella inesistente', 'onbekende gebruiker', 'adres bestaat niet', 'okänd mottagare', 'пользователь не найден',
    'нет такого пользователя',
    'адресу не існує: адрес не існує', 'nieznany użytkownik', 'konto nie istnieje', 'uživatel neexistuje',
    'kullanıcı bulunamadı',
    'địa chỉ không tồn tại', 'alamat tidak ditemukan', '用户不存在', '收件人地址不存在', '查无此人',
    '該郵箱地址：郵箱不存在', '宛先不明',
    'ユーザが見つかりません', '사용자를 찾을 수 없습니다', 'ไม่พบผู้ใช้', 'البريد غير موجود',
)
FULL = (
    'mailbox full', 'Quota exceeded', 'user is over quota', '邮箱已满', 'Postfach ist voll', 'boîte pleine',
    'buzón lleno', 'caixa cheia',
    'casella piena', 'почтовый ящик переполнен', 'skrzynka jest pełna', 'posta kutusu dolu', 'メールボックスがいっぱい',
    '메일함 용량 초과',
)


class TestServerWords(TestCase):

    def test_dead_in_the_languages_of_the_hosts(self):
        for words in DEAD:
            with self.subTest(words=words):
                self.assertEqual(judge('5.0.0', words), 'dead')
                self.assertTrue(find_dead_words(words))

    def test_full_in_the_languages_of_the_hosts(self):
        for words in FULL:
            with self.subTest(words=words):
                self.assertEqual(judge('5.0.0', words), 'mailbox_full')

    def test_a_name_holds_no_words(self):
        self.assertEqual(plain_words('<no.such.user@spam.example>:  x\n y'), ': x y')
        self.assertFalse(is_policy('see https://spam.example/policy about <virus@blocked.example>'))

    def test_who_is_asked_to_try_another_address_again_wrote_to_a_dead_one(self):
        self.assertEqual(judge('5.0.0', "The address couldn't be found. Check for typos and try again."), 'dead')
        self.assertEqual(judge('5.0.0', 'Host not found, try again'), 'temporary')

    def test_nothing_said_is_nothing_known(self):
        self.assertEqual(find_kind('5.0.0', 'Transaction failed'), '')
        self.assertEqual(judge('5.0.0', 'Transaction failed'), 'policy')

    def test_who_is_locked_for_a_while_is_not_dead(self):
        self.assertEqual(judge('5.0.0', 'mailbox temporarily disabled'), 'temporary')
        self.assertEqual(judge('5.1.1', 'this account is currently suspended'), 'temporary')
