from odoo.tests import tagged

from ..common import CadenceCase

LETTERS, DNS = 'info@müller-bau.example', 'info@xn--mller-bau-q9a.example'


@tagged('post_install', '-at_install')
class TestMailBlacklist(CadenceCase):
    """A block holds for an address however it is written, in Odoo's own mailings as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Blacklist = cls.env['mail.blacklist']
        cls.partners = cls.env['res.partner'].create([
            {'name': email, 'email': email} for email in (LETTERS, DNS, 'Info@Müller-Bau.example')])

    def _get_blocked(self):
        self.partners.invalidate_recordset(['is_blacklisted'])
        return self.partners.mapped('is_blacklisted')

    def test_a_block_holds_for_both_spellings_of_the_host(self):
        for typed in (LETTERS, DNS, 'INFO@MÜLLER-BAU.example'):
            with self.subTest(typed=typed), self.cr.savepoint() as savepoint:
                self.Blacklist._add(typed)
                self.assertEqual(self._get_blocked(), [True] * 3)
                entries = self.Blacklist.search([('cadence_email', '=', DNS)])
                self.assertEqual(sorted(entries.mapped('email')), sorted([LETTERS, DNS]))
                savepoint.rollback()

    def test_taking_one_spelling_off_frees_all_and_putting_it_back_blocks_all(self):
        self.Blacklist._add(LETTERS)
        self.Blacklist._remove(DNS)
        self.assertEqual(self._get_blocked(), [False] * 3)
        self.Blacklist._add(DNS)
        self.assertEqual(self._get_blocked(), [True] * 3)
        self.Blacklist.search([('email', '=', DNS)]).unlink()
        self.assertEqual(self._get_blocked(), [False] * 3)

    def test_a_block_older_than_the_module_is_taken_off_in_the_other_spelling(self):
        self.Blacklist.create({'email': LETTERS})
        self.cr.execute("DELETE FROM mail_blacklist WHERE email = %s", [DNS])
        self.Blacklist._remove(DNS)
        self.assertFalse(self.Blacklist.search([('cadence_email', '=', DNS)]))

    def test_blocks_that_are_imported_again_stay_one_each(self):
        for _time in range(2):
            self.Blacklist.create([{'email': LETTERS}, {'email': DNS}, {'email': 'a@plain.example'}])
        self.assertEqual(self.Blacklist.search_count([('cadence_email', 'in', [DNS, 'a@plain.example'])]), 3)

    def test_a_block_of_two_addresses_in_one_word_holds_for_each(self):
        self.Blacklist.create({'email': 'b@one.example/c@bücher.example'})
        self.assertLessEqual(
            {'b@one.example', 'c@bücher.example', 'c@xn--bcher-kva.example'}, set(self.Blacklist.search([]).mapped('email')))

    def test_a_plain_block_has_one_entry(self):
        before = self.Blacklist.search_count([])
        self.Blacklist.create([{'email': 'a@plain.example'}, {'email': 'admin@localhost'}])
        self.assertEqual(self.Blacklist.search_count([]), before + 2)
