import re
from unittest import TestCase

from ...tools.mail.scanners import KNOWN, get_pattern

MACHINES = (
    'Mozilla/5.0 (compatible; BarracudaCentral)', 'facebookexternalhit/1.1 (+http://www.facebook.example)', 'Java/17.0.2',
    'SkypeUriPreview Preview/0.5', 'okhttp/4.9.3', 'Wget/1.21', 'curl/8.0', 'Googlebot/2.1', 'some bot', 'x-bot/1.0',
    'Slackbot-LinkExpanding 1.0', 'WhatsApp/2.23',
)
PERSONS = (
    'Mozilla/5.0 (Linux; Android 11; CUBOT_X30) Chrome/120', 'Mozilla/5.0 (Linux; Android 12; CUBOT X50)', 'Robotics Mail',
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)', 'JavaScript Mail/1.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15', 'Curlew/2', 'Microsoft Outlook 16.0',
)


class TestScanners(TestCase):

    def test_programs_are_known_by_whole_words(self):
        pattern = re.compile(get_pattern(KNOWN), re.IGNORECASE)
        for agent in MACHINES:
            self.assertTrue(pattern.search(agent), agent)
        for agent in PERSONS:
            self.assertFalse(pattern.search(agent), agent)

    def test_what_users_paste_is_taken_as_it_stands(self):
        pattern = re.compile(get_pattern('a.b*; (x) ；Foo  Bar,\n'), re.IGNORECASE)
        self.assertTrue(pattern.search('a.b*'))
        self.assertFalse(pattern.search('aXbbb'))
        self.assertTrue(pattern.search('mail (x)'))
        self.assertTrue(pattern.search('foo bar/1'))

    def test_no_words_are_no_pattern(self):
        for words in (None, '', ' ;\n; '):
            self.assertIsNone(get_pattern(words))
