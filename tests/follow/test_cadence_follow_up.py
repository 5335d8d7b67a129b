from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import calendar
from ..common import CadenceCase

THURSDAY = '2026-07-09'
MONDAY = '2026-07-13'


@tagged('post_install', '-at_install')
class TestCadenceFollowUp(CadenceCase):
    """Marketing 09 was mailed on Thursday 9 July; some opened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()
        cls.partners = cls._create_partners(4, batch=9)
        cls.anna, cls.bob, cls.carl, cls.dora = cls.partners

    def _mail(self, day=THURSDAY):
        self._queue(day)
        self._compose(day)
        self._follow_sent(day)

    def _follow_sent(self, day):
        with self.at(day, 12):
            self.env['mailing.trace'].search([('res_id', 'in', self.partners.ids), ('trace_status', '=', 'outgoing')]).set_sent()

    def _trace(self, partner):
        return self.env['mailing.trace'].search(
            [('res_id', '=', partner.id), ('model', '=', 'res.partner')], order='id DESC', limit=1)

    def _open(self, partner, day=THURSDAY, hour=15, agent=None, after=None):
        with self.at(day, hour) as moment, patch.object(self.env.cr, 'now', lambda: moment):
            trace = self._trace(partner)
            trace.set_opened()
            if after is not None:
                trace.open_datetime = trace.cadence_last_open = trace.sent_datetime + timedelta(seconds=after)
            trace.cadence_open_agent = agent
            return trace

    def _follow(self, day=MONDAY):
        with self.at(day), self.enter_registry_test_mode():
            self.env.ref('mass_mailing_cadence.ir_cron_follow_up').method_direct_trigger()
        self.env.invalidate_all()

    def _reading(self, partner):
        return partner.category_id.filtered(lambda tag: tag.cadence_group_id == self.reading).mapped('cadence_batch')

    def _entries(self, partner):
        return self.env['cadence.journal'].search([('partner_id', '=', partner.id)])

    def test_an_opener_joins_the_reading_batch_in_the_calendar_week_after_and_keeps_the_marketing_batch(self):
        self._mail()
        self._open(self.anna)
        self._follow('2026-07-12')  # the Sunday of the same week
        self.assertFalse(self._reading(self.anna))
        self._follow()
        self.assertEqual(self._reading(self.anna), [9])
        self.assertEqual(set(self.anna.category_id.mapped('cadence_group_id.code')), {'marketing', 'reading'})
        self.assertEqual(self._trace(self.anna).cadence_follow_up, 'reader')
        self.assertFalse(self._reading(self.bob), "who did not open stays silent")

    def test_the_entry_says_why_and_because_of_which_mail(self):
        self._mail()
        trace = self._open(self.anna)
        self._follow()
        entry = self._entries(self.anna)
        self.assertEqual((entry.reason, entry.tag_id.cadence_batch, entry.trace_id, entry.mailing_id, entry.user_id),
                         ('opened', 9, trace, trace.mass_mailing_id, self.env['res.users']))

    def test_openers_of_19_and_29_belong_to_reading_09(self):
        for batch, day in ((19, '2026-07-19'), (29, '2026-07-29')):
            with self.subTest(batch=batch):
                reader = self._create_partners(1, batch=batch)
                self.partners |= reader
                self._mail(day)
                self._open(reader, day)
                self._follow('2026-08-10')
                self.assertEqual(self._reading(reader), [9])

    def test_a_deferred_contact_goes_by_the_batch_not_by_the_day(self):
        """Marketing 07 that was mailed on the 9th reads in 07."""
        late = self._create_partners(1, batch=7)
        self.partners |= late
        self.segment._get_batch_tags(self.marketing, [7])
        self._queue('2026-07-07')
        touch = self._touch(late, '2026-07-07')
        touch._defer('domain_cap')
        touch.deferred_since = '2026-07-07'
        self._mail()
        self.assertEqual(self._touch(late, THURSDAY).state, 'reserved')
        self._open(late)
        self._follow()
        self.assertEqual(self._reading(late), [7])

    def test_readers_move_after_so_many_days_if_the_company_wants_it(self):
        self.segment.company_id.write({'cadence_reader_wait': 'days', 'cadence_reader_days': 2})
        self._mail()
        self._open(self.anna)
        self._follow('2026-07-10')
        self.assertFalse(self._reading(self.anna))
        self._follow('2026-07-11')
        self.assertEqual(self._reading(self.anna), [9])

    def test_nothing_happens_where_the_setting_is_off(self):
        self.segment.company_id.cadence_follow_readers = False
        self._mail()
        self._open(self.anna)
        self._follow()
        self.assertFalse(self._reading(self.anna))
        self.assertFalse(self._entries(self.anna))

    def test_who_replied_or_is_a_risk_is_held(self):
        self._mail()
        self._open(self.anna)
        self._open(self.bob)
        self._tag(self.anna, 'tag_replied')
        self._tag(self.bob, 'tag_competitor')
        self._follow()
        self.assertFalse(self._reading(self.anna + self.bob))
        self.assertEqual(self._trace(self.anna).cadence_follow_up, 'held')

    def test_a_reader_who_opens_again_stays(self):
        self._mail()
        self._open(self.anna)
        self._follow()
        self._create_letter(group=self.reading, subject='Reading')
        self._mail('2026-07-19')
        self._open(self.anna, '2026-07-19')
        self._follow('2026-07-20')
        self.assertEqual(self._reading(self.anna), [9])
        self.assertEqual(self._trace(self.anna).cadence_follow_up, 'known')
        self.assertEqual(len(self._entries(self.anna)), 1)

    def test_judging_twice_tags_and_writes_once(self):
        self._mail()
        self._open(self.anna)
        self._follow()
        self._follow('2026-07-14')
        self.assertEqual(len(self._entries(self.anna)), 1)

    # Machines

    def test_an_open_right_after_delivery_is_a_machine_s(self):
        self._mail()
        self._open(self.anna, after=3)
        self._follow()
        self.assertFalse(self._reading(self.anna))
        entry = self._entries(self.anna)
        self.assertEqual((entry.reason, entry.detail, entry.tag_id.id), ('machine_fast', '3 s', False))

    def test_the_seconds_are_a_setting(self):
        self.segment.company_id.cadence_machine_open_seconds = 2
        self._mail()
        self._open(self.anna, after=3)
        self._follow()
        self.assertEqual(self._reading(self.anna), [9])

    def test_a_person_who_opens_after_the_machine_is_a_reader(self):
        self._mail()
        self._open(self.anna, after=3)
        self._open(self.anna, hour=18)
        self._follow()
        self.assertEqual(self._reading(self.anna), [9])

    def test_a_person_who_opens_after_the_machine_was_judged_is_judged_anew(self):
        self._mail()
        self._open(self.anna, after=3)
        self._follow()
        self._open(self.anna, '2026-07-14')
        self._follow('2026-07-15')
        self.assertEqual(self._reading(self.anna), [9])
        self.assertEqual(self._entries(self.anna).mapped('reason'), ['opened', 'machine_fast'])

    def test_a_known_scanner_is_a_machine(self):
        self._mail()
        self._open(self.anna, agent='Mozilla/5.0 (compatible; BarracudaCentral)')
        self._open(self.bob, agent='Mozilla/5.0 (Windows NT 10.0) Thunderbird/140')
        self._follow()
        self.assertEqual(self._entries(self.anna).reason, 'machine_agent')
        self.assertIn('Barracuda', self._entries(self.anna).detail)
        self.assertEqual(self._reading(self.bob), [9])

    def test_all_links_within_a_second_are_a_machine_s(self):
        self._mail()
        mailing = self._trace(self.anna).mass_mailing_id
        links = self.env['link.tracker'].create([
            {'url': f'https://me.example/{page}', 'mass_mailing_id': mailing.id} for page in 'ab'])
        for partner, clicked in ((self.anna, links), (self.bob, links[0])):
            trace = self._open(partner)
            with self.at(THURSDAY, 15) as moment:
                clicks = self.env['link.tracker.click'].create([
                    {'link_id': link.id, 'mailing_trace_id': trace.id} for link in clicked])
                self.env.flush_all()
                self.env.cr.execute("UPDATE link_tracker_click SET create_date = %s WHERE id = ANY(%s)", [moment, clicks.ids])
        self._follow()
        self.assertEqual((self._entries(self.anna).reason, self._entries(self.anna).detail), ('machine_links', '2'))
        self.assertEqual(self._reading(self.bob), [9], "a person clicks one link")

    # Undo

    def test_undo_takes_the_tag_off_and_it_does_not_come_back(self):
        self._mail()
        self._open(self.anna)
        self._follow()
        entry = self._entries(self.anna)
        entry.with_user(self.salesman).action_undo()
        self.assertFalse(self._reading(self.anna))
        self.assertEqual(entry.undone_by_id.user_id, self.salesman)
        self._follow('2026-07-14')
        self.assertFalse(self._reading(self.anna))

    def test_undo_takes_an_archived_tag_off_as_well(self):
        self._mail()
        self._open(self.anna)
        self._follow()
        entry = self._entries(self.anna)
        entry.tag_id.active = False
        entry.with_user(self.salesman).action_undo()
        self.assertNotIn(entry.tag_id, self.anna.with_context(active_test=False).category_id)

    def test_who_may_not_decide_cannot_undo(self):
        self._mail()
        self._open(self.anna)
        self._follow()
        with self.assertRaisesRegex(Exception, "Only salespeople"):
            self._entries(self.anna).with_user(self.marketer).action_undo()

    # Silence

    def test_a_reader_silent_for_so_many_rounds_cools_down_and_warms_up_by_an_open(self):
        self.segment.company_id.cadence_cool_rounds = 2
        self._create_letter(group=self.reading, subject='Reading')
        self.anna.category_id = [Command.link(self.segment._get_batch_tags(self.reading, [9]).id)]
        self._mail('2026-07-09')
        self._mail('2026-07-19')
        self._follow('2026-07-20')
        self.assertFalse(self.anna.cadence_cooled_date, "the last mail has not had its round yet")
        self._follow('2026-07-29')
        self.assertEqual(str(self.anna.cadence_cooled_date), '2026-07-29')
        self.assertEqual(self._entries(self.anna).mapped('reason'), ['silent'])
        self.assertEqual(self._reading(self.anna), [9], "no tag is taken off")
        view = self.env['cadence.view'].create({'name': 'Cold', 'condition_ids': [Command.create({
            'field': 'domain', 'domain': "[('cadence_cooled_date', '!=', False)]"})]})
        self.assertEqual(self.env['res.partner'].search(view._get_domain()), self.anna, "a view can ask for it")
        self._open(self.anna, '2026-07-30')
        self._follow('2026-08-03')
        self.assertFalse(self.anna.cadence_cooled_date)

    def test_the_reading_batch_is_the_rule_s_for_every_batch(self):
        for number in (1, 10, 11, 20, 30):
            partner = self._create_partners(1, batch=number)
            self.partners |= partner
            day = f'2026-07-{number:02}'
            self._mail(day)
            self._open(partner, day)
            self._follow('2026-08-10')
            self.assertEqual(self._reading(partner), [calendar.reader_batch(number, self.reading.batch_count)])

    def test_a_faulty_view_lets_the_openers_of_its_group_wait_and_no_others(self):
        view = self.env['cadence.view'].create({'name': 'VIP', 'condition_ids': [
            Command.create({'field': 'domain', 'domain': "[('ref', '=', 'VIP')]"})]})
        readers = self.reading.copy({'exclude_view_ids': [Command.set(view.ids)]})
        other = self.marketing.copy({'reader_group_id': readers.id})
        self._create_letter(group=other)
        stranger = self._create_partners(1, batch=9, group=other)
        self.partners += stranger
        self._mail()
        self._open(self.anna)
        self._open(stranger)
        self.env.cr.execute(
            "UPDATE cadence_view_condition SET domain = '[(''x_vip'', ''='', True)]' WHERE view_id = %s", view.ids)
        self.env.invalidate_all()
        with mute_logger('odoo.addons.mass_mailing_cadence.models.follow.cadence_follow_up'):
            self._follow()
        self.assertTrue(self._reading(self.anna))
        self.assertFalse(stranger.category_id & readers.tag_ids)
        view.condition_ids.domain = "[('ref', '=', 'VIP')]"
        self._follow('2026-07-14')
        self.assertTrue(stranger.category_id & readers.tag_ids, "judged when the view is mended")

    def test_asking_for_the_statement_makes_no_tags(self):
        count = self.env['res.partner.category'].search_count([])
        self.env['cadence.follow.up']._query_follow(self.segment.company_id, self.marketing, self.segment, fields.Datetime.now())
        self.assertEqual(self.env['res.partner.category'].search_count([]), count)

    def test_a_name_that_says_nothing_is_no_person_unless_they_click(self):
        self._mail()
        for partner in self.partners:
            self._open(partner, agent='Mozilla/5.0')
        self._trace(self.bob).links_click_datetime = '2026-07-09 15:00:00'
        self._open(self.carl, agent='Mozilla/5.0 (Linux; Android 11; CUBOT_X30) Chrome/120')
        self._open(self.dora, agent='-')
        self._follow()
        self.assertEqual([self._trace(partner).cadence_follow_up for partner in self.partners],
                         ['privacy', 'reader', 'reader', 'privacy'])
        self.assertEqual(self._entries(self.anna).reason, 'privacy')

    def test_a_second_sign_makes_a_reader_of_who_was_opened_by_a_privacy_program(self):
        self._mail()
        self._open(self.anna, agent='Mozilla/5.0')
        self._follow()
        self.assertFalse(self._reading(self.anna))
        self._trace(self.anna).links_click_datetime = '2026-07-14 09:00:00'
        self._trace(self.anna)._cadence_note_open()
        self._follow('2026-07-20')
        self.assertEqual(self._reading(self.anna), [9])

    def test_a_company_may_take_the_opens_of_privacy_programs_for_readers(self):
        self.segment.company_id.cadence_privacy_reads = True
        self._mail()
        self._open(self.anna, agent='Mozilla/5.0')
        self._follow()
        self.assertEqual(self._reading(self.anna), [9])
