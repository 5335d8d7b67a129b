from unittest import TestCase

from ...tools.sender import letter_checks, letter_marks
from ...tools.sender.letter_checks import Finding, Letter, check
from .made_letters import make_faulty


class TestMark(TestCase):

    def test_each_planted_fault_that_has_a_place_is_outlined(self):
        places = letter_marks.IMAGES | letter_marks.LINKS | letter_marks.LINK_TEXTS
        found = 0
        for code, values in make_faulty():
            findings = check(Letter(**{key: value for key, value in values.items() if key != 'others'}))
            html, placed = letter_marks.mark(values['html'], findings)
            for number, finding in enumerate(findings):
                if finding.code in places:
                    with self.subTest(code=code, finding=finding):
                        self.assertIn(number, placed)
                        self.assertIn('data-cadence-finding="', html)
                        found += 1
        self.assertGreater(found, 20)

    def test_the_right_element_gets_the_number(self):
        html = '<p>Dear buyer</p><a href="https://bit.ly/x">here</a><img src="http://a.example/x.png">'
        findings = [Finding('shortener', 'warn', 'https://bit.ly/x'), Finding('http_image', 'warn', 'http://a.example/x.png'),
                    Finding('no_preview', 'warn')]
        marked, placed = letter_marks.mark(html, findings)
        self.assertEqual(placed, {0, 1})
        self.assertIn('<a href="https://bit.ly/x" data-cadence-finding="0">', marked)
        self.assertIn('<img src="http://a.example/x.png" data-cadence-finding="1">', marked)

    def test_words_are_outlined_where_they_stand(self):
        marked, placed = letter_marks.mark(
            '<div><p>Dear <b>{{ name }}</b>,</p><p>bye</p></div>', [Finding('placeholder', 'block', '{{ name }}')])
        self.assertEqual(placed, {0})
        self.assertIn('<b data-cadence-finding="0">', marked)

    def test_a_picture_runs_nothing_and_hostile_letters_raise_nothing(self):
        self.assertNotIn('script', letter_marks.mark('<p>x</p><script>alert(1)</script>', [])[0])
        for html in (None, '', '<', '<p>\x00</p>', '<img src=x>' * 50, '<p>' * 9000, '<a href="http://[">x</a>'):
            findings = letter_checks.check(Letter(html or ''))
            self.assertIsInstance(letter_marks.mark(html, findings), tuple)
