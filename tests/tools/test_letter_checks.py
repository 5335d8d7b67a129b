import time
from unittest import TestCase

from ...tools.sender import letter_checks
from ...tools.sender.letter_checks import Letter, add_footer, check, cut_prefixes, get_prose
from .made_letters import make, make_faulty, make_fine


def check_made(values):
    if values.get('others') == 'self':
        values = values | {'others': (get_prose(values['html']),)}
    return check(Letter(**values))


class TestCorpus(TestCase):
    """300 letters with what is wrong with them: 98 of 100 planted faults are found, and nothing is blocked that is fine."""

    def test_the_corpus_is_as_large_as_it_says(self):
        self.assertEqual(len(make_fine()), 120)
        self.assertGreaterEqual(len(make_faulty()), 180)
        self.assertGreaterEqual(len({code for code, _letter in make_faulty()}), 28)

    def test_letters_that_are_fine_pass(self):
        for letter in make_fine():
            with self.subTest(subject=letter['subject'], html=letter['html'][:80]):
                self.assertEqual(check_made(letter), [])

    def test_planted_faults_are_found(self):
        faulty = make_faulty()
        missed = [(code, letter['subject']) for code, letter in faulty
                  if code not in {finding.code for finding in check_made(letter)}]
        self.assertLessEqual(len(missed), 0.02 * len(faulty), missed)

    def test_a_planted_fault_is_not_taken_for_another_that_blocks(self):
        for code, letter in make_faulty():
            blocks = {finding.code for finding in check_made(letter) if finding.severity == 'block'}
            with self.subTest(code=code, subject=letter['subject']):
                self.assertLessEqual(blocks, {code})

    def test_a_letter_is_checked_within_a_tenth_of_a_second(self):
        letter = Letter(**make('en', 'picture', sentences=900, links=10))
        self.assertGreater(len(letter.html), 60_000)
        start = time.perf_counter()
        check(letter)
        self.assertLess(time.perf_counter() - start, 0.1)


class TestCheck(TestCase):

    def test_an_answer_may_begin_with_re(self):
        letter = Letter(**make('en', subject='Re: Wheel cranes'))
        self.assertEqual([finding.code for finding in check(letter)], ['reply_prefix'])
        self.assertEqual(check(letter._replace(is_answer=True)), [])

    def test_our_own_tracker_may_stand_behind_another_domain(self):
        shown = '<a href="https://odoo.longpeak.example/r/x1">www.partner.example</a>'
        self.assertEqual(check(Letter(**make('en', extra=shown))), [])
        sub = '<a href="https://shop.longpeak.example/r/x1">longpeak.example</a>'
        self.assertEqual(check(Letter(**make('en', extra=sub))), [])

    def test_the_worst_comes_first(self):
        letter = Letter(**make('en', subject='RE: BUY NOW!!', footer=''))
        severities = [finding.severity for finding in check(letter)]
        self.assertEqual(severities, sorted(severities))
        self.assertEqual(severities[:2], ['block', 'block'])

    def test_broken_html_never_raises(self):
        for html in (
                None, '', '<', '<a href="http://[">x</a>', '<p>\x00</p>', '<img width="999999999999" src=x>' * 50, '<p>' * 9000):
            with self.subTest(html=str(html)[:20]):
                self.assertIsInstance(check(Letter(html)), list)

    def test_what_is_put_around_a_letter_counts(self):
        codes = [finding.code for finding in check(Letter(**make('en'), wrapping=102 * 1024))]
        self.assertEqual(codes, ['too_large'])

    def test_an_icon_is_no_picture(self):
        icon = '<img src="https://a.example/x.png" alt="x" width="24" height="24">'
        codes = {finding.code for finding in check(Letter(**make('zh', sentences=1, links=0, extra=icon)))}
        self.assertNotIn('only_images', codes)


class TestMend(TestCase):

    def test_prefixes_are_cut(self):
        self.assertEqual(cut_prefixes(' Re: AW: Re[2]: Cranes: new '), 'Cranes: new')

    def test_a_footer_mends_what_it_is_for(self):
        letter = Letter(**make('en', footer=''))
        self.assertIn('no_unsubscribe', {finding.code for finding in check(letter)})
        html = add_footer(letter.html, 'Longpeak & Sons, Hafenstrasse 12, 20457 Hamburg', 'Unsubscribe')
        self.assertEqual(check(letter._replace(html=html)), [])
        self.assertIn('Longpeak &amp; Sons', html)
        self.assertNotIn('<a', add_footer('<p>x</p>', 'Longpeak', ''))

    def test_the_list_of_shorteners_has_no_doubles(self):
        self.assertIn('bit.ly', letter_checks.SHORTENERS)
