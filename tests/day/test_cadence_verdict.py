from odoo.tests import tagged

from ..common import CadenceCase
from ..tools.test_canonical import SEVERAL, SPELLINGS

DAY = '2026-07-05'
LETTERS, DNS = 'ann@bücher.example', 'ann@xn--bcher-kva.example'


@tagged('post_install', '-at_install')
class TestCadenceVerdict(CadenceCase):
    """An address is one address, however it is written where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _create(self, *emails):
        return self.env['res.partner'].concat(*(self._create_partners(1, batch=5, email=email) for email in emails))

    def _get_reasons(self, partners):
        return [self._get_reason(partner, DAY) for partner in partners]

    def _subscribe_out(self, email):
        self.env['mailing.subscription'].create({
            'list_id': self.env['mailing.list'].create({'name': 'News'}).id, 'opt_out': True,
            'contact_id': self.env['mailing.contact'].create({'name': 'x', 'email': email}).id})

    def test_a_block_holds_in_every_spelling(self):
        for email, spellings in SPELLINGS.items():
            partners = self._create(*spellings)
            with self.cr.savepoint() as savepoint:
                self._block_as_before_the_module(spellings[0])
                self.assertEqual(self._judge(partners), {'opt_out'}, email)
                savepoint.rollback()
            self.assertEqual(self._judge(partners), {None}, email)

    def _block_as_before_the_module(self, email):
        """One spelling alone, and no tag: what the verdict itself makes of it."""
        entry = self.env['mail.blacklist'].with_context(cadence_decided=True).create({'email': email})
        self.env.flush_all()
        self.cr.execute("DELETE FROM mail_blacklist WHERE id <> %s", [entry.id])
        self.env.invalidate_all()

    def _judge(self, partners):
        verdicts = self.env['cadence.verdict']._judge(partners, self.marketing, self.env.company)
        return {verdicts.get(partner.id, (None, None))[0] for partner in partners}

    def test_an_opt_out_from_a_list_holds_in_every_spelling_and_for_each_of_several(self):
        partners = self._create(LETTERS, DNS, 'bob@one.example', 'carl@two.example', 'dora@three.example')
        risks = self.env['cadence.risk']
        self.patch(type(risks), '_opt_out', lambda *_args, **_values: None)
        self._subscribe_out('Ann <ANN@Bücher.example>')
        self._subscribe_out('bob@one.example; carl@TWO.example')
        self._queue(DAY)
        self.assertEqual(self._get_reasons(partners), ['opt_out'] * 4 + ['reserved'])

    def test_a_contact_with_several_addresses_is_never_mailed_and_told_so(self):
        partners = self._create(*SEVERAL)
        self._queue(DAY)
        self.assertEqual(set(self._get_reasons(partners)), {'several_addresses'})
        self.assertEqual(self._compose(DAY), [])
        with self.at(DAY, 13):
            self.assertIn('Several addresses in one field', partners[0].cadence_next_note)

    def test_a_second_address_added_after_the_decision_holds_the_mail_back(self):
        partner, other = self._create('ann@one.example', 'bob@two.example')
        self._queue(DAY)
        partner.email = 'ann@one.example / carl@one.example'
        self.assertEqual(self._compose(DAY), [f'"{other.name}" <bob@two.example>'])
        self.assertEqual(self._get_reason(partner, DAY), 'several_addresses')

    def test_another_spelling_of_the_same_address_is_no_change(self):
        partners = self._create(LETTERS, 'bob@one.example', 'carl@one.example')
        self._queue(DAY)
        changes = 'Ann <ANN@XN--bcher-kva.example>', 'BOB@One.example.', 'changed@one.example'
        for partner, email in zip(partners, changes, strict=True):
            partner.email = email
        mailed = self._compose(DAY)
        self.assertEqual(self._get_reasons(partners), ['reserved', 'reserved', 'address_changed'])
        self.assertEqual(sorted(email.rpartition('<')[2] for email in mailed), [f'{DNS}>', 'bob@one.example>'])

    def test_one_mail_a_day_to_an_address_in_all_its_spellings(self):
        partners = self._create(LETTERS, DNS, 'Ann <ANN@BÜCHER.example>', 'ann@bücher.example.', 'ａｎｎ@bücher.example')
        self._queue(DAY)
        self.assertEqual(self._get_reasons(partners), ['reserved'] + ['mailed_today'] * 4)
        self.assertEqual({self._touch(partner, DAY).email for partner in partners}, {DNS})

    def test_no_valid_address_is_told_apart_from_several(self):
        partners = self._create(False, 'nobody', 'a@localhost', 'a@x.example, b@localhost')
        self._queue(DAY)
        self.assertEqual(self._get_reasons(partners), ['no_address'] * 3 + ['several_addresses'])


@tagged('post_install', '-at_install')
class TestVerdictOrder(CadenceCase):

    def test_the_first_hindrance_is_the_verdict(self):
        partners = self._create_partners(6, batch=5)
        self._tag(partners[:4], 'tag_competitor')
        partners[0].write({'active': False})
        partners[1].company_id = self.env['res.company'].create({'name': 'Other'})
        self.env['mail.blacklist'].create([{'email': partner.email} for partner in partners[2:5]])
        verdicts = self.env['cadence.verdict']._judge(partners, self.marketing, self.env.company)
        self.assertEqual(
            [verdicts.get(partner.id) for partner in partners],
            [('archived', None), ('company', None), ('view', self.risk.id), ('view', self.risk.id),
             verdicts[partners[4].id], None])
        self.assertIn(verdicts[partners[4].id], [('opt_out', None), ('view', self.risk.id)])

    def test_an_archived_view_goes_on_excluding(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        self.env.cr.execute("UPDATE cadence_view SET active = FALSE WHERE id = %s", [self.risk.id])
        self.env.invalidate_all()
        verdicts = self.env['cadence.verdict']._judge(partner, self.marketing, self.env.company)
        self.assertEqual(verdicts, {partner.id: ('view', self.risk.id)})

    def test_counting_and_judging_agree(self):
        partners = self._create_partners(5, batch=5)
        self._tag(partners[:2], 'tag_replied')
        tag = partners.category_id.filtered('cadence_batch')
        counts = self.env['cadence.verdict']._count_mailable(tag, self.marketing, self.env.company)
        judged = self.env['cadence.verdict']._judge(partners, self.marketing, self.env.company)
        self.assertEqual((counts, len(judged)), ({tag.id: 3}, 2))
