from unittest import TestCase

from ...tools.mail.moved import find_new_address
from .hostile import least_time

MOVED = (
    'I have left the company, please write to bob@new.example.',
    'Anna no longer works here. For orders: bob@new.example',
    'Please note my new e-mail address: bob@new.example',
    'Please write to bob@new.example, as Anna has left our team.',
    'Frau Berg ist nicht mehr im Unternehmen. Bitte wenden Sie sich an bob@new.example',
    'Meine neue E-Mail-Adresse lautet bob@new.example',
    "Anna ne travaille plus chez nous, contactez bob@new.example",
    'Anna ya no trabaja aquí. Escriba a bob@new.example, por favor.',
    'A Anna não trabalha mais na empresa. Contato: bob@new.example',
    'Anna non lavora più qui: scrivete a bob@new.example',
    'Анна больше не работает в компании, пишите на bob@new.example',
    'Анна більше не працює, пишіть на bob@new.example',
    '本人已离职，请联系 bob@new.example',
    '我的新邮箱是bob@new.example，谢谢',
    '退職いたしました。今後は bob@new.example までお願いします。',
    '퇴사하였습니다. bob@new.example 로 연락 바랍니다.',
    'Anna is niet meer werkzaam bij ons, mail naar bob@new.example',
    'Anna już nie pracuje u nas, proszę pisać: bob@new.example',
    'Anna artık çalışmıyor, bob@new.example adresine yazın.',
    'Anna har slutat hos oss, kontakta bob@new.example',
    'Anna již nepracuje, pište na bob@new.example',
)
AWAY = (
    'I am out of the office until Monday. In urgent cases write to bob@new.example.',
    'Ich bin bis 3. Mai im Urlaub, Vertretung: bob@new.example',
    '我在出差，急事请联系 bob@new.example',
    'Please send your offer to bob@new.example, he buys the rings.',
    'I have left the company.',
    '',
)


class TestMoved(TestCase):

    def test_the_new_address_in_the_languages_of_customers(self):
        for text in MOVED:
            with self.subTest(text=text):
                self.assertEqual(find_new_address(text, ('anna@acme.example',)), 'bob@new.example')

    def test_a_substitute_for_some_days_is_no_new_address(self):
        for text in AWAY:
            with self.subTest(text=text):
                self.assertEqual(find_new_address(text), '')

    def test_the_old_address_is_not_the_new_one(self):
        text = 'ANNA@acme.example is no longer in use; my new address is bob@new.example'
        self.assertEqual(find_new_address(text, ('anna@acme.example',)), 'bob@new.example')
        self.assertEqual(find_new_address('Bob@New.example has left', ('bob@new.example',)), '')

    def test_hostile_text_takes_no_long_time(self):
        for piece in ('a@', 'no longer with ', 'a.', '@', 'has left a@b.c ', 'new address: ', 'é', '.a'):
            with self.subTest(piece=piece):
                text = piece * (1_000_000 // len(piece))
                self.assertLess(least_time(lambda text=text: find_new_address(text), 0.2), 0.2)
