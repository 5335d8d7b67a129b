from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestPartner(CadenceCase):

    def _read(self, partner, user=None, day='2026-07-03', hour=2):
        self.env.invalidate_all()
        with self.at(day, hour):
            [values] = partner.with_user(user or self.salesman).read(['cadence_next_date', 'cadence_next_note'])
        return str(values['cadence_next_date'] or ''), values['cadence_next_note']

    def test_the_contact_says_when_the_next_mail_is_due(self):
        partner = self._create_partners(1, batch=5)
        day, note = self._read(partner)
        self.assertEqual(day, DAY)
        self.assertIn('Marketing05', note)

    def test_the_contact_says_why_it_is_not_mailed(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        self.assertEqual(self._read(partner), ('', 'Not mailed: in view Risk, because of tag Competitor.'))

    def test_the_contact_says_what_happened_today(self):
        self._create_letter()
        mailed, support = self._create_partners(2, batch=5)
        support.email = 'support@firm.example'
        self._queue(DAY)
        self.assertIn('Letter 1', self._read(mailed, day=DAY)[1])
        self.assertEqual(self._read(support, day=DAY)[1],
                         'Not mailed today: in view No-send, because of Address starts with support@')

    def test_a_contact_in_no_batch_is_told_what_to_do(self):
        self.assertIn('save', self._read(self._create_partners(1))[1])
        self.assertIn('save', self.env['res.partner'].new({'name': 'x'}).cadence_next_note)

    def test_an_archived_batch_is_a_batch(self):
        partner = self._create_partners(1, batch=5)
        partner.category_id.active = False
        self.assertEqual(self._read(partner)[0], DAY)

    def test_the_day_of_the_next_mail_is_not_the_day_of_the_last_one(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self.assertEqual(self._read(partner, day=DAY)[0], DAY)
        self._compose(DAY)
        self.assertEqual(self._read(partner, day=DAY, hour=14)[0], '2026-08-05')

    def test_a_reader_is_told_the_next_mail_for_readers(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        partner.category_id += self.segment._get_batch_tags(self.reading, [7])
        day, note = self._read(partner, day=DAY, hour=14)
        self.assertEqual(day, '2026-07-07')
        self.assertIn('Reading07', note)

    def test_a_contact_sorted_after_its_mail_is_told_that_none_follows(self):
        self._create_letter()
        for tag, view in (('tag_unsubscribed', 'Risk'), ('tag_inquiry', 'Intention')):
            partner = self._create_partners(1, batch=5)
            self._queue(DAY)
            self._compose(DAY)
            self._tag(partner, tag)
            day, note = self._read(partner, day=DAY, hour=14)
            self.assertFalse(day)
            self.assertTrue(note.startswith(f'Never again: in view {view}, because of tag'), note)

    def test_another_companys_reasons_stay_its_own(self):
        other = self.env['res.company'].create({'name': 'Rival'})
        theirs = self._create_segment(company_id=other.id, user_id=False, email_from='x@rival.example')
        self._create_letter(segment=theirs, subject='Secret price')
        shared = self._create_partners(1, batch=5, segment=theirs)
        self._queue(DAY)
        self.assertTrue(shared.cadence_touch_ids)
        self.assertEqual(self._read(shared, day=DAY), ('', 'In no batch: save the contact into one.'))
        with self.assertRaises(AccessError):
            self._read(shared.with_context(allowed_company_ids=other.ids), day=DAY)
        as_module = shared.with_user(self.salesman).with_context(allowed_company_ids=other.ids).sudo()
        with self.at(DAY, 2):
            self.assertNotIn('Secret price', as_module.cadence_next_note)
        colleague = self._create_user('colleague', 'sales_team.group_sale_salesman', company_id=other.id, company_ids=[other.id])
        self.assertIn('Secret price', self._read(shared, user=colleague, day=DAY)[1])

    def test_who_may_not_read_the_ledger_is_told_nothing(self):
        partner = self._create_partners(1, batch=5)
        with self.assertRaises(AccessError):
            self._read(partner, user=self.nobody)

    def test_many_contacts_take_as_many_queries_as_few(self):
        self._create_letter()
        self._create_letter(group=self.reading)
        self.segment.stop_group_ids = self.reading
        few, many = self._create_of_each_kind(1), self._create_of_each_kind(10)
        self._queue(DAY)
        self._compose(DAY)
        counts = []
        for partners in (few, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.at(DAY, 14):
                self.assertEqual(len(set(partners.with_user(self.salesman).mapped('cadence_next_note'))), 4)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])

    def _create_of_each_kind(self, many):
        mailed, risk, reader, planned = (self._create_partners(many, batch=batch) for batch in (5, 5, 5, 9))
        for partner in risk:
            self._tag(partner, 'tag_competitor')
        for partner in reader:
            partner.category_id += self.segment._get_batch_tags(self.reading, [5])
        return mailed + risk + reader + planned
