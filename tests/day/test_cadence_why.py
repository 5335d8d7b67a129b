from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestWhy(CadenceCase):

    def _explain(self, addresses, user=None, day=DAY, hour=2):
        why = self.env['cadence.why'].with_user(user or self.salesman).create({'addresses': addresses})
        with self.at(day, hour):
            why.action_explain()
        return why

    def _explain_partners(self, partners, **options):
        return self._explain('\n'.join(partners.mapped('email')), **options)

    def _answers(self, why):
        return [(line.answer, line.explanation) for line in why.line_ids]

    def _plan(self, day=DAY):
        with self.at(day):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        return self._runs(day)['marketing']

    def test_a_contact_is_mailed_only_when_its_mail_has_left(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        line = self._explain_partners(partner).line_ids
        self.assertEqual(line.answer, 'queued')
        self.assertIn('Letter 1', line.explanation)
        self.assertEqual(line.explanation, self._read_note(partner))
        self._compose(DAY)
        line = self._explain_partners(partner, hour=14).line_ids
        self.assertEqual((line.answer, line.explanation), ('mailed', 'Mailed today: 1. Letter 1'))
        self.assertEqual((line.run_id, line.partner_id), (run, partner))
        self.assertEqual(line.action_open_run()['res_id'], run.id)
        self.assertEqual(line.action_open_contact()['res_id'], partner.id)

    def _read_note(self, partner):
        partner.invalidate_recordset()
        with self.at(DAY, 2):
            return partner.cadence_next_note

    def test_a_deferred_contact_waits_for_the_next_run(self):
        self.env.company.cadence_domain_daily_cap = 1
        self._create_letter()
        partners = self._create_partners(2, batch=5, domain='acme.example')
        self._queue(DAY)
        self._compose(DAY)
        note = ('deferred', 'Deferred to the next run: Domain cap')
        self.assertEqual(self._answers(self._explain_partners(partners))[1], note)
        self.assertEqual(self._answers(self._explain_partners(partners[1], day='2026-07-31'))[0][0], 'deferred')
        self.assertEqual(self._answers(self._explain_partners(partners[1], day='2026-07-06')), [
            ('due', f"Goes out today at 09:00 with {partners.category_id.name}.")])
        self._queue('2026-07-06')
        self.assertEqual(self._explain_partners(partners[1], day='2026-07-06').line_ids.answer, 'queued')

    def test_a_contact_left_out_today_is_told_why(self):
        self._create_letter()
        partner = self._create_partners(1, batch=5)
        partner.email = 'support@firm.example'
        self._queue(DAY)
        self.assertEqual(self._answers(self._explain_partners(partner)), [
            ('excluded', 'Not mailed today: in view No-send, because of Address starts with support@')])

    def test_a_contact_held_back_is_told_in_the_words_of_its_form(self):
        competitor, archived = self._create_partners(2, batch=9)
        self._tag(competitor, 'tag_competitor')
        archived.active = False
        why = self._explain_partners(competitor + archived)
        self.assertEqual(self._answers(why), [
            ('excluded', 'Not mailed: in view Risk, because of tag Competitor.'), ('excluded', 'Not mailed: Archived.')])
        self.assertEqual(why.line_ids[0].explanation, self._read_note(competitor))

    def test_a_contact_whose_day_it_is_goes_out_at_the_sending_time(self):
        partner = self._create_partners(1, batch=5)
        batch = partner.category_id.name
        self._create_letter()
        run = self._plan()
        why = self._explain_partners(partner)
        self.assertEqual(self._answers(why), [('due', f'Goes out today at 09:00 with {batch}.')])
        self.assertEqual((why.line_ids.run_id, why.line_ids.tag_id), (run, partner.category_id))
        self.assertEqual(self._answers(self._explain_partners(partner, hour=15)), [
            ('due', f'Goes out today with {batch}, as soon as the run has taken it up.')])
        self.salesman.tz = 'Asia/Shanghai'
        self.assertEqual(self._answers(self._explain_partners(partner)), [
            ('due', f'Goes out today at 09:00 (UTC) with {batch}.')])
        run._set_state('cancelled')
        line = self._explain_partners(partner).line_ids
        self.assertIn('the run was cancelled: in the line of the next one', line.explanation)
        self.env.company.cadence_catch_up = False
        self.assertIn('the run was cancelled.', self._explain_partners(partner).line_ids.explanation)

    def test_a_blocked_run_gives_its_reason(self):
        partner = self._create_partners(1, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertEqual(run.state, 'blocked')
        self.assertEqual(self._answers(self._explain_partners(partner)), [
            ('due', f'Due today, but the run is blocked: {run.blocked_reason}')])

    def test_another_mail_of_the_day_holds_a_contact_back(self):
        partner = self._create_partners(1, batch=5)
        partner.category_id += self._create_segment('base.lang_fr')._get_batch_tags(self.marketing, [5])
        self._create_letter()
        self._queue(DAY)
        self.assertEqual(sorted(self._answers(self._explain_partners(partner))), [
            ('excluded', 'Not mailed today: Already mailed today'), ('queued', self._touch_note(partner))])

    def _touch_note(self, partner):
        with self.at(DAY, 2):
            return self._touch(partner, DAY).filtered(lambda touch: touch.state == 'reserved')._get_note()

    def test_a_contact_of_another_day_is_told_its_next_one(self):
        partner = self._create_partners(1, batch=9)
        self.assertEqual(self._answers(self._explain_partners(partner)), [
            ('not_due', f'Next mail on 07/09/2026 with {partner.category_id.name}.')])
        # A batch beyond the last one, as databases have it from before that was refused.
        self.env.cr.execute("UPDATE cadence_tag_group SET batch_count = 8 WHERE id = %s", self.marketing.ids)
        self.env.invalidate_all()
        self.assertEqual(self._answers(self._explain_partners(partner)), [('not_due', 'Never due: Marketing has no batch 9.')])

    def test_an_archived_segment_mails_nobody(self):
        partner = self._create_partners(1, batch=5)
        self.segment.active = False
        self.assertEqual(self._answers(self._explain_partners(partner)), [
            ('excluded', f'Not mailed: {self.segment.name} is archived.')])

    def test_what_is_no_contact_of_a_batch_is_told_what_to_do(self):
        partner = self._create_partners(1)
        why = self._explain(f'stranger@firm.example, Bob <{partner.email}>\nthis is none')
        self.assertEqual(self._answers(why), [
            ('unknown', 'Not a contact: save it into a batch.'),
            ('unknown', 'In no batch: save the contact into one.'),
            ('unknown', 'Not an address.'),
        ])
        self.assertEqual(why.line_ids.mapped('address'), ['stranger@firm.example', partner.email, 'this is none'])
        self.assertEqual(why.summary, 'Addresses: 3. Answers: Unknown 3.')

    def test_a_contact_in_two_batches_has_two_answers_and_an_address_is_asked_once(self):
        partner = self._create_partners(1, batch=9)
        partner.category_id += self.segment._get_batch_tags(self.reading, [7])
        why = self._explain(f'{partner.email}; X <{partner.email.upper()}>')
        self.assertEqual(why.line_ids.tag_group_id, self.marketing + self.reading)
        self.assertEqual(why.line_ids.tag_id, partner.category_id)
        self.assertEqual(why.summary, 'Addresses: 1. Answers: Excluded 1, Not Due 1.')

    def test_a_contact_is_found_by_any_spelling_of_its_address(self):
        partner = self._create_partners(1, batch=5, email='ann@bücher.example')
        why = self._explain('ann@xn--bcher-kva.example\nAnn <ANN@BÜCHER.example>')
        self.assertEqual(why.line_ids.partner_id, partner)
        self.assertEqual(len(why.line_ids), 1)

    def test_a_contact_with_several_addresses_is_found_by_each(self):
        partner = self._create_partners(1, batch=5, email='ann@one.example, bob@two.example')
        for email in ('ann@one.example', 'bob@two.example'):
            self.assertEqual(self._explain(email).line_ids.partner_id, partner)

    def test_a_second_question_replaces_the_answers_of_the_first(self):
        partner = self._create_partners(1, batch=9)
        why = self._explain('stranger@firm.example')
        why.addresses = partner.email
        why.action_explain()
        self.assertEqual(why.line_ids.mapped('address'), [partner.email])

    def test_too_little_or_too_much_is_refused(self):
        for addresses in (False, ' \n', '\n'.join(f'a{number}@b.example' for number in range(10_001))):
            with self.assertRaises(UserError):
                self._explain(addresses)

    def test_a_contact_out_of_sight_is_answered_as_none(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        theirs = self._create_partners(1, batch=5, company_id=other.id)
        self.assertEqual(self._answers(self._explain_partners(theirs)), [('unknown', 'Not a contact: save it into a batch.')])

    def test_a_batch_of_another_company_is_out_of_sight(self):
        other = self.env['res.company'].create({'name': 'Other company'})
        shared = self._create_partners(1, batch=5, segment=self._create_segment(company_id=other.id, user_id=False))
        self.assertEqual(self._answers(self._explain_partners(shared)), [('unknown', 'In no batch: save the contact into one.')])

    def test_every_role_may_ask(self):
        partner = self._create_partners(1, batch=5)
        self._tag(partner, 'tag_competitor')
        for user in (self.salesman, self.marketer, self.user, self.manager):
            why = self._explain_partners(partner, user=user)
            self.assertEqual(why.line_ids.answer, 'excluded')
            self.assertTrue(why.line_ids.with_user(user).read())

    def test_a_long_list_takes_as_many_queries_as_a_short_one(self):
        self._create_letter()
        counts = []
        lists = [self._create_one_of_each(many) for many in (1, 1, 20)]
        self._queue(DAY)
        for partners in lists:
            why = self.env['cadence.why'].with_user(self.salesman).create({'addresses': '\n'.join(partners.mapped('email'))})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.at(DAY, 2):
                why.action_explain()
                self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(why.line_ids), len(partners))
            self.assertEqual(set(why.line_ids.mapped('answer')), {'queued', 'excluded', 'not_due'})
        self.assertLessEqual(counts[2], counts[1] + 2)

    def _create_one_of_each(self, many):
        mailed, left_out, held_back, not_due = (
            self._create_partners(many, batch=batch) for batch in (5, 5, 9, 9))
        for partner in left_out + held_back:
            self._tag(partner, 'tag_competitor')
        return mailed + left_out + held_back + not_due
