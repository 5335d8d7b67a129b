import runpy
from pathlib import Path

from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'
MIGRATION = Path(__file__).parents[2] / 'migrations' / '19.0.1.3.0' / 'post-migrate.py'


@tagged('post_install', '-at_install')
class TestMerge(CadenceCase):
    """Contacts merged by an ordinary user, who has no rights on the cadence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()
        cls.clerk = cls._create_user('clerk', 'base.group_user,base.group_partner_manager')

    def _merge(self, survivor, others, user=None, day=DAY, hour=13):
        with self.at(day, hour):
            wizard = self.env['base.partner.merge.automatic.wizard'].with_user(user or self.clerk).with_context(
                active_model='res.partner', active_ids=(survivor + others).ids).create({})
            wizard.dst_partner_id = survivor
            wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual((survivor + others).exists(), survivor)

    def _create_copies(self, count, batch=5, **values):
        first, *others = self._create_partners(count, batch=batch, **values)
        for number, other in enumerate(others):
            other.email = first.email.upper() if number % 2 else f'"Copy" <{first.email}>'
        partners = first.concat(*others)
        partners.email = first.email  # an ordinary user may merge only what has the same address
        return partners

    def _touches(self, partner):
        return [(touch.state, touch.reason) for touch in self._touch(partner, DAY)]

    def test_two_contacts_of_one_run_are_merged_after_their_mail_left(self):
        first, second = self._create_copies(2)
        run = self._queue(DAY)['marketing']
        self.assertEqual(len(self._compose(DAY)), 1)
        self.assertEqual(self._get_reason(second, DAY), 'mailed_today')
        self._merge(second, first)
        self.assertEqual(self._touches(second), [('reserved', False)], "the ledger keeps the mail that left")
        self.assertEqual(second.cadence_touch_ids.trace_ids.res_id, second.id)
        self.assertEqual(len(run.touch_ids), 2, "the run's counts stay")
        self.assertEqual(run.mailed_count, 1)

    def test_three_contacts_of_one_run_are_merged_before_it_leaves(self):
        partners = self._create_copies(3)
        self._queue(DAY)
        self._merge(partners[2], partners[:2], hour=2)
        self.assertEqual(self._touches(partners[2]), [('reserved', False)])
        self.assertEqual(len(self._compose(DAY)), 1)

    def test_a_latecomer_is_mailed_after_somebody_was_merged(self):
        mailed = self._create_partners(1, batch=5)
        survivor = self._create_partners(1)
        survivor.email = mailed.email
        self._queue(DAY)
        self.assertEqual(len(self._compose(DAY)), 1)
        self._merge(survivor, mailed)
        late = self._create_partners(1, batch=5)
        run = self._queue(DAY, hour=14)['marketing']
        self.assertEqual(self._compose(DAY, hour=15), [late.email_formatted])
        self.assertEqual(run.state, 'done')
        self.assertEqual(run.mailed_count, 2)

    def test_who_was_merged_into_one_after_another_is_in_the_run_still(self):
        """Of several mails of a run one is the contact's own, whichever address the last survivor has."""
        admin = self.env.ref('base.user_admin')
        first, second = self._create_partners(2, batch=5)
        last = self._create_partners(1)
        run = self._queue(DAY)['marketing']
        self.assertEqual(len(self._compose(DAY)), 2)
        last.email = second.email
        self._merge(first, second, user=admin)
        self._merge(last, first, user=admin)
        self.assertEqual(sorted(last.cadence_touch_ids.mapped('is_merged')), [False, True])
        self.assertFalse(self.env['cadence.audience']._find_with_candidates(run))
        self.assertEqual(run.mailed_count, 2)

    def test_two_addresses_that_wait_in_one_run_become_one_mail_to_the_survivor(self):
        first, second = self._create_partners(2, batch=5)
        self._queue(DAY)
        self._merge(second, first, user=self.env.ref('base.user_admin'), hour=2)
        self.assertEqual(self._touches(second), [('reserved', False)])
        self.assertEqual(self._compose(DAY), [second.email_formatted])

    def test_a_composed_mail_to_an_address_that_is_merged_away_does_not_leave(self):
        first, second = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 9):
            mails = self._compose_without_sending(run)
        self.assertEqual(len(mails), 2)
        self._merge(second, first, user=self.env.ref('base.user_admin'), hour=10)
        with self.at(DAY, 11), self.mock_mail_gateway():
            mails.send()
            self.assertEqual(self._get_mailed(), [second.email_formatted])

    def _compose_without_sending(self, run):
        mailing = run.mailing_ids
        composer = self.env['mail.compose.message'].with_context(active_ids=mailing._get_remaining_recipients()).create({
            'composition_mode': 'mass_mail', 'mass_mailing_id': mailing.id, 'model': 'res.partner', 'subject': 'Cranes',
            'body': '<p>x</p>', 'email_from': mailing.email_from, 'force_send': False})
        mails, _messages = composer._action_send_mail()
        return mails

    def test_both_mails_that_left_stay_in_the_ledger(self):
        first, second = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        self.assertEqual(len(self._compose(DAY)), 2)
        self._merge(second, first, user=self.env.ref('base.user_admin'))
        self.assertEqual(set(run.touch_ids.mapped('state')), {'reserved'})
        self.assertEqual([touch.partner_id for touch in run.touch_ids], [second, second])
        self.assertEqual(run.mailed_count, 2, "two mails left, whoever the contacts are now")
        self.assertEqual(second.cadence_timeline['counts']['mailed'], 2)
        self.assertEqual([event['kind'] for event in second.get_cadence_timeline()['entries']], ['touch', 'touch'])
        third, = self._create_partners(1)
        self._merge(third, second, user=self.env.ref('base.user_admin'), hour=14)
        self.assertEqual([touch.partner_id for touch in run.touch_ids], [third, third], "merged once more")
        with self.at('2026-08-05'):
            self.assertEqual(self._queue('2026-08-05')['marketing'].touch_ids.step, 1, "there is one letter")

    def test_of_two_batches_of_a_rhythm_the_survivors_is_kept(self):
        first, second = self._create_copies(2)
        other = self.segment._get_batch_tags(self.marketing, [20])
        second.category_id = other
        self._merge(second, first)
        self.assertEqual(second.category_id, other)
        self.assertFalse(self._queue(DAY)['marketing'].touch_ids)
        self._queue('2026-07-20')
        self.assertEqual(len(self._touch(second, '2026-07-20')), 1)

    def test_who_was_mailed_in_this_cycle_keeps_the_batch_of_that_mail(self):
        first, second = self._create_copies(2)
        batch = first.category_id
        second.category_id = self.segment._get_batch_tags(self.marketing, [20])
        self._queue(DAY)
        self._compose(DAY)
        self._merge(second, first, day='2026-07-10')
        self.assertEqual(second.category_id, batch)
        self.assertFalse(self._queue('2026-07-20')['marketing'].touch_ids)
        self._queue('2026-08-05')
        self.assertTrue(self._touch(second, '2026-08-05'))

    def test_without_a_batch_of_its_own_the_survivor_joins_the_one_that_is_due_first(self):
        survivor, first, second = self._create_copies(3)
        survivor.category_id = False
        first.category_id, second.category_id = (
            self.segment._get_batch_tags(self.marketing, [number]) for number in (3, 9))
        batch = second.category_id
        self._merge(survivor, first + second, day=DAY)
        self.assertEqual(survivor.category_id, batch)

    def test_the_batches_of_other_rhythms_are_kept(self):
        first, second = self._create_copies(2)
        second.category_id = self.segment._get_batch_tags(self.reading, [5])
        first.category_id += self._create_segment('base.lang_fr')._get_batch_tags(self.marketing, [7])
        batches = (first + second).category_id
        self._merge(second, first)
        self.assertEqual(second.category_id, batches)

    def test_an_archived_batch_counts_as_a_batch(self):
        first, second = self._create_copies(2)
        second.category_id = self.segment._get_batch_tags(self.marketing, [20])
        first.category_id.active = False
        self._merge(second, first)
        self.assertEqual(second.with_context(active_test=False).category_id.mapped('cadence_batch'), [20])

    def test_the_batch_taken_off_is_told(self):
        first, second = self._create_copies(2)
        names = first.category_id.name
        second.category_id = self.segment._get_batch_tags(self.marketing, [20])
        self._merge(second, first)
        entry = self.env['cadence.journal'].search([('partner_id', '=', second.id), ('reason', '=', 'merged')])
        self.assertEqual(entry.detail, f'taken off {names}, stays in {second.category_id.name}')
        self.assertEqual(entry.user_id, self.clerk)
        self.assertIn(names, ''.join(second.message_ids.mapped('body')))
        self.assertIn('note', [event['kind'] for event in second.get_cadence_timeline()['entries']])

    def test_nothing_is_told_where_nothing_is_taken_off(self):
        first, second = self._create_copies(2)
        self._merge(second, first)
        self.assertFalse(self.env['cadence.journal'].search([('partner_id', '=', second.id)]))

    def test_a_risk_tag_of_one_of_them_holds_for_the_survivor(self):
        for tag in ('tag_competitor', 'tag_deal'):
            first, second = self._create_copies(2)
            self._tag(first, tag)
            self._queue(DAY)
            self._merge(second, first, hour=2)
            self.assertIn(self.env.ref(f'mass_mailing_cadence.{tag}'), second.category_id)
            self.assertFalse(self._compose(DAY))
            self.assertEqual(self._touch(second, DAY).state, 'excluded')

    def test_an_opt_out_with_an_address_that_is_merged_away_holds_for_the_survivor(self):
        first, second = self._create_partners(2, batch=5)
        self.env.company.cadence_follow_risks = False  # the opt-out itself, not the tag that follows it
        self.env['mail.blacklist'].create({'email': first.email})
        self.assertFalse(first.category_id.filtered(lambda tag: not tag.cadence_batch))
        self._merge(second, first, user=self.env.ref('base.user_admin'), hour=2)
        self._queue(DAY)
        self.assertEqual(self._get_reason(second, DAY), 'view')

    def test_an_opt_out_of_a_mailing_list_holds_as_well(self):
        first, second = self._create_partners(2, batch=5)
        self.env.company.cadence_follow_risks = False
        self.env['mailing.contact'].create({'email': first.email, 'subscription_ids': [
            (0, 0, {'list_id': self.env['mailing.list'].create({'name': 'News'}).id, 'opt_out': True})]})
        self._merge(second, first, user=self.env.ref('base.user_admin'), hour=2)
        self._queue(DAY)
        self.assertEqual(self._get_reason(second, DAY), 'view')

    def test_contacts_outside_the_cadence_are_merged_as_ever(self):
        first, second = self._create_partners(2)
        self.env['mail.blacklist'].create({'email': first.email})
        self._merge(second, first, user=self.env.ref('base.user_admin'))
        self.assertFalse(second.category_id)

    def test_journal_replies_and_the_lines_of_an_intake_become_the_survivors(self):
        first, second = self._create_copies(2)
        self._queue(DAY)
        self._compose(DAY)
        mailed = self.env['cadence.touch'].search([('date', '=', DAY), ('state', '=', 'reserved')]).partner_id
        self.env['cadence.journal']._note(mailed, 'silent', detail='3')
        reply = self.env['cadence.reply'].create({
            'partner_id': mailed.id, 'company_id': self.env.company.id, 'date': f'{DAY} 10:00:00', 'kind': 'person',
            'state': 'waiting'})
        intake = self.env['cadence.intake'].create({'segment_id': self.segment.id})
        line = self.env['cadence.intake.line'].create({
            'intake_id': intake.id, 'partner_id': mailed.id, 'email': mailed.email, 'state': 'saved', 'is_created': True})
        survivor = (first + second) - mailed
        self._merge(survivor, mailed)
        entry = self.env['cadence.journal'].search([('partner_id', '=', survivor.id), ('reason', '=', 'silent')])
        self.assertEqual(len(entry), 1)
        self.assertEqual((reply.partner_id, line.partner_id), (survivor, survivor))
        self.assertFalse(line.deleted_date, "the address is a contact still")
        self.assertIn('touch', [event['kind'] for event in survivor.get_cadence_timeline()['entries']])

    def test_a_deferred_contact_merged_with_one_that_was_mailed_since_is_not_mailed_again(self):
        self.env.company.cadence_domain_daily_cap = 1
        partners = self._create_partners(2, batch=5, domain='acme.example')
        self._queue(DAY)
        self._compose(DAY)
        deferred = self.env['cadence.touch'].search([('date', '=', DAY), ('state', '=', 'deferred')]).partner_id
        self._merge(deferred, partners - deferred, user=self.env.ref('base.user_admin'))
        self.assertEqual(self._touches(deferred), [('reserved', False)])
        self.assertFalse(self._queue('2026-07-06')['marketing'].touch_ids)

    def test_a_deferred_contact_merged_into_one_outside_is_taken_up_by_the_next_run(self):
        self.env.company.cadence_domain_daily_cap = 1
        self._create_partners(2, batch=5, domain='acme.example')
        self._queue(DAY)
        self._compose(DAY)
        deferred = self.env['cadence.touch'].search([('date', '=', DAY), ('state', '=', 'deferred')]).partner_id
        survivor = self._create_partners(1)
        survivor.email = deferred.email
        self._merge(survivor, deferred)
        self._queue('2026-07-06')
        self.assertEqual(self._touch(survivor, '2026-07-06').state, 'reserved')

    def test_the_survivor_goes_on_with_the_next_letter(self):
        self._create_letter(step=2)
        first, second = self._create_copies(2)
        second.category_id = False
        self._queue(DAY)
        self._compose(DAY)
        self._merge(second, first)
        self._queue('2026-08-05')
        self.assertEqual(self._touch(second, '2026-08-05').step, 2)

    def test_a_bounce_keeps_its_date_when_its_contact_is_merged(self):
        first, second = self._create_copies(2)
        second.category_id = False
        self._queue(DAY)
        self._compose(DAY)
        trace = first.cadence_touch_ids.trace_ids
        before = trace.write_date
        self._merge(second, first)
        self.assertEqual(trace.write_date, before)

    def test_contacts_merged_before_this_version_get_their_traces(self):
        partner, other = self._create_partners(2, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        trace = partner.cadence_touch_ids.trace_ids
        gone = self._create_partners(1)
        trace.res_id = gone.id
        gone.unlink()
        self.env.flush_all()
        runpy.run_path(str(MIGRATION))['_give_traces_to_the_survivors'](self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(trace.res_id, partner.id)
        self.assertEqual(other.cadence_touch_ids.trace_ids.res_id, other.id)
