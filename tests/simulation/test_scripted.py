"""What was seen to go wrong with people and mail servers, each as the sequence in which it was seen."""
from itertools import pairwise

from .common import SimulationCase, setUpModule, tearDownModule  # noqa: F401 pytest calls them

ANN, BOB, CY, DOT = 'ann@one.example', 'bob@two.example', 'cy@three.example', 'dot@four.example'


class ScriptedCase(SimulationCase):

    def save(self, *addresses, at='2026-02-03 00:10', segment='utc', group='sprint', batch=3):
        self.w.do(at, 'save', segment=segment, group=group, batch=batch, addresses=list(addresses))

    def write_in(self, address, name, batch=3, at='2026-02-03 00:12'):
        self.w.do(at, 'write_in', segment='utc', group='sprint', batch=batch, address=address, name=name)

    def act(self, at, work, login='manager'):
        """Somebody does what no rule does."""
        self.w.go(at)
        self.w.restless = True
        return self.w.ask(work, login)

    def find(self, env, model, kind, key):
        return env[model].browse(self.w.ids[kind][key])


class TestWhatLeft(ScriptedCase):
    """The ledger tells what left, not what was planned."""

    def test_ten_minutes_without_a_mail_server_cost_nobody_the_day(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 09:50', 'weather', server='default.sim', weather='down')
        self.w.do('2026-02-03 10:10', 'clear_weather')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN, BOB)

    def test_who_was_not_reached_all_day_gets_the_first_letter_the_next_day(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 09:50', 'weather', server='default.sim', weather='down')
        self.w.do('2026-02-04 03:10', 'clear_weather')
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, since='2026-02-04')
        self.assertEqual({mail.subject[:14] for mail in self.w.left}, {'[utc/sprint/1]'})

    def test_a_closed_mailbox_is_no_mail_that_left(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 01:10', 'die', contact=BOB)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN, ANN)

    def test_a_greylisted_address_gets_its_mail_on_the_same_day(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 09:10', 'weather', server='default.sim', weather='grey')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN, BOB)

    def test_a_server_that_blocks_us_costs_nobody_the_place_in_the_line(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 09:10', 'weather', server='default.sim', weather='rejecting')
        self.w.do('2026-02-04 03:10', 'clear_weather')
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, since='2026-02-04')

    def test_a_broken_connection_does_not_stop_the_other_segments(self):
        self.world(segments=('berlin', 'utc'))
        self.save(ANN, BOB, segment='berlin')
        self.save(CY)
        self.w.do('2026-02-03 07:10', 'weather', server='berlin.sim', weather='dropping')
        self.w.do('2026-02-03 12:10', 'clear_weather')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(CY, segment='utc')

    def test_a_name_with_a_line_break_is_mailed(self):
        self.world()
        self.write_in(ANN, 'Ann\nLee')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_a_worker_killed_after_the_server_took_the_mail_sends_it_once(self):
        for sent_at_once in (0, 100):
            self.world(sent_at_once=sent_at_once)
            self.save(ANN, BOB, CY)
            self.w.do('2026-02-03 09:30', 'kill_at_mail', mails=2)
            self.assertHolds('2026-02-04 02:00')
            self.assertLeft(ANN, BOB, CY)

    def test_a_worker_killed_between_two_statements_costs_nobody_the_mail(self):
        for statement in (60, 140, 200, 260):
            self.world()
            self.save(ANN, BOB)
            for _job in range(6):
                self.w.do('2026-02-03 09:30', 'kill', statement=statement)
            self.assertHolds('2026-02-04 02:00')
            self.assertLeft(ANN, BOB)


class TestProof(ScriptedCase):
    """The proof of a mail does not lie in what people delete."""

    def test_cancel_and_run_now_after_a_latecomer_mail_nobody_twice(self):
        self.world()
        self.save(ANN, BOB)
        self.save(CY, at='2026-02-03 11:10')
        self.w.do('2026-02-03 11:14', 'cancel', segment='utc', group='sprint')
        self.w.do('2026-02-03 11:20', 'run_now', segment='utc')
        self.assertHolds('2026-02-04 02:00')

    def test_a_deleted_mailing_mails_nobody_twice(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 11:10', 'delete_mailing', segment='utc', nth=0)
        self.save(BOB, at='2026-02-03 11:20')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN, BOB)

    def test_who_replies_after_the_mailing_was_deleted_is_not_mailed_again(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 11:10', 'delete_mailing', segment='utc', nth=0)
        self.w.do('2026-02-03 12:10', 'reply', mail=0)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN)

    def test_who_opts_out_after_the_mailing_was_deleted_is_not_mailed_again(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 11:10', 'delete_mailing', segment='utc', nth=0)
        self.w.do('2026-02-03 12:10', 'one_click', mail=0)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN)

    def test_contacts_merged_after_they_were_mailed_hold_up_nobody(self):
        self.world(segments=('utc', 'angeles'))
        self.save(ANN)
        self.save(CY, segment='angeles')
        self.write_in(ANN, 'Ann', batch=4)
        self.w.contacts['second'] = self.read("SELECT MAX(id) AS id FROM res_partner WHERE email = %s", ANN)[0]['id']
        self.w.do('2026-02-03 11:10', 'merge', contact=ANN, other='second')
        self.save(BOB, at='2026-02-03 11:20')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN, BOB, segment='utc')
        self.assertLeft(CY, segment='angeles')


class TestStop(ScriptedCase):
    """Stop means stop, until the mail has left."""

    def test_an_archived_segment_mails_nobody(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:10', 'archive_segment', segment='utc')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft()

    def test_an_archived_letter_reaches_nobody(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:10', 'archive_letter', segment='utc', group='sprint', nth=0)
        self.assertHolds('2026-02-04 02:00')

    def test_an_archived_tag_group_mails_nobody(self):
        self.world()
        self.save(ANN)
        self.act('2026-02-03 08:10', lambda env: self.find(env, 'cadence.tag.group', 'group', 'sprint').action_archive())
        self.w.go('2026-02-03 12:00')
        self.assertLeft()
        self.act('2026-02-03 12:10', lambda env: self.find(env, 'cadence.tag.group', 'group', 'sprint').action_unarchive())
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_nothing_leaves_when_automatic_sending_is_switched_off(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:10', 'send_by_hand', segment='utc')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft()

    def test_who_was_saved_by_mistake_and_undone_is_not_mailed(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:10', 'undo', nth=0)
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft()

    def test_whose_batch_was_taken_off_is_not_mailed(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 08:10', 'untag', contact=ANN, segment='utc')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(BOB)

    def _get_hours(self, day):
        """{address: the hour of the day at which its mail left}"""
        return {address: mail.moment.hour for mail in self.w.left for address in mail.recipients
                if f'{mail.moment:%Y-%m-%d}' == day}

    def test_tested_sending_times_are_kept_through_stops_crashes_and_another_hour(self):
        self.world('2026-02-02')
        self.w.do('2026-02-02 12:10', 'test_hours', segment='utc', hour=16.0)  # 16:00, 10:00 and 13:00
        self.save(*(f'c{number}@firm{number}.example' for number in range(24)))
        self.w.do('2026-02-03 11:10', 'stop', segment='utc')
        self.w.do('2026-02-03 12:10', 'resume', segment='utc')
        self.w.do('2026-02-03 14:10', 'add_hour', segment='utc', hour=18.0)
        self.assertHolds('2026-02-04 02:00')
        hours = self._get_hours('2026-02-03')
        self.assertEqual((len(hours), set(hours.values())), (24, {10, 13, 16}))
        self.w.do('2026-02-08 09:10', 'kill_at_mail', mails=3)
        self.assertHolds('2026-02-09 02:00')
        later = self._get_hours('2026-02-08')
        self.assertTrue(later)
        self.assertEqual({address: hour for address, hour in later.items() if hour - hours[address] not in (0, 1)}, {},
                         "what the killed worker had taken leaves with the next hour's queue, nothing before its own")

    def test_when_the_test_ends_what_waits_leaves_at_the_segment_s_own_time(self):
        self.world('2026-02-02')
        self.w.do('2026-02-02 12:10', 'test_hours', segment='utc', hour=4.0)  # 04:00, 07:00 and 10:00
        self.save(*(f'c{number}@firm{number}.example' for number in range(24)))
        self.w.do('2026-02-03 05:10', 'stop_testing_hours', segment='utc')
        self.assertHolds('2026-02-04 02:00')
        hours = self._get_hours('2026-02-03')
        self.assertEqual((len(hours), set(hours.values())), (24, {4, 10}))

    def _compose(self):
        """Many mails are composed and wait for the queue; the first ones have left."""
        self.world(sent_at_once=0)
        self.save(*(f'c{number}@firm{number}.example' for number in range(30)))
        self.w.go('2026-02-03 09:58')
        self.w.office.set_weather('default.sim', 'full')
        self.w.go('2026-02-03 10:02')
        self.w.office.set_weather('default.sim', 'up')
        return len(self.w.left)

    def test_cancel_holds_the_mails_that_wait_in_the_queue(self):
        left = self._compose()
        self.w.do('2026-02-03 10:20', 'cancel', segment='utc', group='sprint')
        self.assertHolds('2026-02-04 00:30')
        self.assertEqual(len(self.w.left), left)

    def test_stop_holds_the_mails_that_wait_in_the_queue_and_resume_sends_them(self):
        left = self._compose()
        self.w.do('2026-02-03 10:20', 'stop', segment='utc')
        self.assertHolds('2026-02-03 14:00')
        self.assertEqual(len(self.w.left), left)
        self.w.do('2026-02-03 14:10', 'resume', segment='utc')
        self.assertHolds('2026-02-04 00:30')
        self.assertEqual(len(self.w.left), 30)


class TestOnceADay(ScriptedCase):
    """Once a day and the cap hold both ways."""

    def test_a_newsletter_after_the_run_leaves_out_whom_it_mailed(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 11:11', 'newsletter', company='a', segment='utc', nth=1, hour=1.0)
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_a_newsletter_before_the_run_keeps_it_away(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:11', 'newsletter', company='a', segment='utc', nth=1, hour=1.0)
        self.assertHolds('2026-02-04 02:00')

    def test_a_duplicated_mailing_reaches_nobody_twice(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 11:11', 'duplicate_mailing', segment='utc', nth=0)
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_the_cap_counts_a_newsletter_between_reserving_and_sending(self):
        self.world()
        self.w.do('2026-02-03 00:05', 'set_cap', company='a', cap=3)
        self.save(*(f'a{number}@acme.example' for number in range(3)))
        self.save(*(f'b{number}@acme.example' for number in range(3)), batch=4)
        self.w.do('2026-02-03 08:11', 'newsletter', company='a', segment='utc', nth=1, hour=1.0)
        self.assertHolds('2026-02-04 00:30')

    def test_the_cap_counts_what_leaves_after_the_companys_midnight(self):
        self.world(segments=('angeles', 'berlin'))
        self.w.do('2026-02-03 00:04', 'set_cap', company='a', cap=2)
        self.w.do('2026-02-03 00:06', 'set_send_time', segment='berlin', hour=1.0)
        self.save('a@acme.example', 'b@acme.example', at='2026-02-03 09:10', segment='angeles')
        self.save('c@acme.example', 'd@acme.example', at='2026-02-03 10:10', segment='berlin', batch=4)
        self.w.do('2026-02-03 15:50', 'weather', server='default.sim', weather='down')
        self.w.do('2026-02-04 03:10', 'clear_weather')
        self.assertHolds('2026-02-04 07:00')
        self.assertLeft('a@acme.example', 'b@acme.example')  # who waits longest has the places

    def test_a_newsletter_leaves_out_whom_any_company_has_mailed(self):
        self.world(segments=('auckland',), start='2026-02-02')
        self.save(ANN, at='2026-02-02 12:10', segment='auckland')
        self.w.do('2026-02-02 22:11', 'newsletter', company='b', segment='auckland', nth=1, hour=1.0)
        self.assertHolds('2026-02-03 09:00')
        self.assertLeft(ANN)

    def test_two_time_zones_of_a_company_mail_an_address_once_a_day(self):
        self.world(segments=('angeles', 'shanghai'), start='2026-02-02')
        self.save(ANN, at='2026-02-02 12:10', segment='angeles', batch=2)
        self.save(ANN, at='2026-02-02 12:12', segment='shanghai', batch=3)
        self.assertHolds('2026-02-04 12:00')

    def test_several_addresses_in_a_field_are_mailed_neither(self):
        self.world()
        for number, field in enumerate((f'{ANN} {BOB}', f'{ANN}/{BOB}', f'{ANN}; {BOB}', f'{ANN}|{BOB}', f'{ANN}\n{BOB}')):
            self.write_in(field, 'Ann', at=f'2026-02-03 00:1{number}')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft()

    def test_an_opt_out_holds_for_both_forms_of_an_address(self):
        self.world()
        self.save('info@müller-bau.example')
        self.write_in('info@xn--mller-bau-q9a.example', 'Info')
        self.w.do('2026-02-03 01:10', 'blacklist', contact='info@xn--mller-bau-q9a.example')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft()

    def test_both_forms_of_an_address_get_one_mail(self):
        self.world()
        for number, address in enumerate(('a@grün.example', 'a@xn--grn-ioa.example')):
            self.write_in(address, 'A', at=f'2026-02-03 00:1{number}')
        self.assertHolds('2026-02-04 02:00')
        self.assertEqual(len(self.w.left), 1)


class TestSuppression(ScriptedCase):
    """What excludes goes on excluding."""

    def test_an_archived_view_goes_on_excluding(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 01:10', 'mark', contact=ANN, mark='competitor')
        self.w.do('2026-02-03 01:12', 'archive_view', view='risk')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(BOB)

    def test_an_archived_tag_group_goes_on_excluding(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 01:10', 'mark', contact=ANN, mark='competitor')
        self.w.do('2026-02-03 01:12', 'archive_group', mark='competitor')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(BOB)


class TestOneBadPart(ScriptedCase):
    """A fault of one part is that part's."""

    def test_a_letter_that_fails_for_one_contact_reaches_the_others(self):
        self.world(segments=('utc', 'angeles'))
        self.w.do('2026-02-03 00:05', 'break_letter', segment='utc', group='sprint', nth=0)
        self.save(CY, segment='angeles')
        for number, (address, name) in enumerate(((ANN, 'Ann Lee'), (BOB, 'Prince'), (DOT, 'Dot Ray'))):
            self.write_in(address, name, at=f'2026-02-03 00:1{number}')
        self.assertHolds('2026-02-04 12:00')
        self.assertLeft(ANN, DOT, segment='utc')
        self.assertLeft(CY, segment='angeles')

    def test_a_newsletter_that_fails_keeps_no_run_from_leaving(self):
        self.world()
        self.save(ANN)
        self.write_in(BOB, 'Prince', batch=5)
        self.w.do('2026-02-03 08:10', 'stop', segment='utc')
        self.act('2026-02-03 12:00', lambda env: env['mailing.mailing'].create({
            'subject': '[newsletter/a/1] fair', 'mailing_model_id': env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('email', '=', BOB)]), 'email_from': 'Newsletter <newsletter@me.example>',
            'body_html': """<p>Dear <t t-out="object.name.split(' ')[1]"/></p>"""}).action_put_in_queue(), None)
        self.w.do('2026-02-03 12:30', 'resume', segment='utc')
        self.w.go('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_a_view_on_a_field_that_is_gone_stops_its_own_group_only(self):
        self.world(groups=('marketing', 'sprint'))
        self.save(ANN)
        self.save(BOB, group='marketing')

        def work(env):
            view = env['cadence.view'].create({'name': 'VIP', 'condition_ids': [
                (0, 0, {'field': 'domain', 'domain': "[('ref', '=', 'x')]"})]})
            env['cadence.tag.group'].search([('code', '=', 'marketing')]).exclude_view_ids += view
            env.flush_all()
            env.cr.execute("UPDATE cadence_view_condition SET domain = '[(''x_vip'', ''='', True)]' WHERE view_id = %s", view.ids)
        self.w.ask(work)
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_a_letter_deleted_after_reserving_is_told_and_loses_nobody(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 08:10', 'delete_letter', segment='utc', group='sprint', nth=0)
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN)


class TestNobodyLost(ScriptedCase):
    """A due contact ends every cycle as mailed, excluded, or next in line."""

    def test_a_test_switched_on_by_hand_loses_nobody(self):
        self.world()
        self.save(*(f'c{number}@firm{number}.example' for number in range(10)))
        self.w.do('2026-02-03 08:10', 'test_mailing', segment='utc', nth=0)
        self.assertHolds('2026-02-05 02:00')
        self.assertEqual(len({mail.recipients for mail in self.w.left}), 10)

    def test_an_address_corrected_before_sending_is_mailed_soon(self):
        self.world(groups=('marketing',))
        self.save(ANN, group='marketing')
        self.w.do('2026-02-03 08:10', 'change_address', contact=ANN, address='anne@one.example')
        self.assertHolds('2026-02-06 02:00')
        self.assertLeft('anne@one.example')

    def test_who_was_kept_out_for_some_hours_is_next_in_line(self):
        self.world(groups=('marketing',))
        self.save(ANN, BOB, CY, group='marketing')
        self.w.do('2026-02-03 00:12', 'write_in', segment='utc', group='marketing', batch=3, address='dot@four', name='Dot')
        self.w.do('2026-02-03 00:20', 'mark', contact=ANN, mark='inquiry')
        self.w.do('2026-02-03 00:22', 'archive', contact=BOB)
        self.w.do('2026-02-03 00:24', 'blacklist', contact=CY)
        self.w.go('2026-02-03 02:00')
        self.assertEqual(len(self.read("SELECT FROM cadence_touch WHERE state = 'excluded'")), 4)
        self.w.do('2026-02-03 08:10', 'unmark', contact=ANN, mark='inquiry')
        self.w.do('2026-02-03 08:12', 'unarchive', contact=BOB)
        self.w.do('2026-02-03 08:14', 'change_address', contact='dot@four', address=DOT)
        self.assertHolds('2026-02-06 02:00')
        self.assertLeft(ANN, BOB, DOT)

    def test_of_two_contacts_with_one_address_the_other_is_mailed_when_one_goes(self):
        self.world(groups=('marketing',))
        self.save(ANN, group='marketing')
        self.w.do('2026-02-03 00:12', 'write_in', segment='utc', group='marketing', batch=3, address=ANN.upper(), name='Ann')
        self.w.do('2026-02-03 08:10', 'archive', contact=ANN)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN)

    def test_a_deferral_outlives_a_touch_in_another_segment(self):
        self.world(segments=('utc', 'angeles'), groups=('marketing',))
        self.w.do('2026-02-03 00:05', 'set_cap', company='a', cap=1)
        self.save('first@acme.example', ANN.replace('one', 'acme'), group='marketing')
        self.w.do('2026-02-03 12:10', 'tag', contact='ann@acme.example', segment='angeles', group='marketing', batch=3)
        self.assertHolds('2026-02-08 02:00')

    def test_who_is_saved_on_a_day_that_comes_back_is_mailed(self):
        self.world(groups=('marketing',))
        self.save(ANN, group='marketing')
        self.w.do('2026-02-04 00:30', 'set_zone', segment='utc', zone='America/New_York')  # it is the 3rd again
        self.save(CY, at='2026-02-04 00:40', group='marketing')
        self.w.go('2026-02-07 02:00')
        self.assertLeft(ANN, CY)
        self.assertFalse(self.read("SELECT id FROM cadence_touch WHERE outcome = 'waiting'"))

    def test_days_without_workers_are_made_up_for(self):
        self.world(start='2026-02-02 12:00', groups=('marketing',))
        self.save(ANN, at='2026-02-02 12:10', group='marketing')
        self.save(BOB, at='2026-02-02 12:12', group='marketing', batch=4)
        self.w.do('2026-02-02 20:00', 'power_cut', hours=75)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN, BOB)


class TestOthersVerbs(ScriptedCase):
    """What other apps do to contacts, servers and users."""

    def test_two_contacts_of_a_run_can_be_merged(self):
        self.world()
        self.save(ANN)
        self.write_in(ANN.upper(), 'Ann')
        self.w.do('2026-02-03 12:10', 'merge', contact=ANN.upper(), other=ANN)
        self.assertEqual(self.w.contacts[ANN], self.w.contacts[ANN.upper()], "Odoo refused the merge")
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN, ANN)

    def test_the_mail_server_of_a_segment_cannot_be_archived(self):
        self.world(segments=('berlin',))
        self.save(ANN, segment='berlin')
        self.w.do('2026-02-03 01:10', 'archive_server', server='berlin.sim')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_the_responsible_leaves_and_the_mails_go_on(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 01:10', 'archive_user')
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN)

    def test_a_mailing_that_was_archived_before_it_left_is_told_and_nobody_is_lost(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 03:11', 'archive_mailing', segment='utc', nth=0)
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, since='2026-02-04')
        [run] = self.read("SELECT blocked_reason FROM cadence_run WHERE date = '2026-02-03' AND state = 'missed'")
        self.assertIn('archived', run['blocked_reason'])


class TestDefaults(ScriptedCase):
    """What was taken over from Odoo unseen."""

    def test_answers_go_to_the_segments_sender(self):
        self.world()
        self.save(ANN)
        self.w.go('2026-02-04 00:00')
        self.assertIn('utc@me.example', self.w.left[0].headers.get('Reply-To', ''))

    def test_no_statistics_are_mailed_of_each_mailing(self):
        self.world()
        self.save(ANN)
        self.assertHolds('2026-02-05 12:00')
        self.assertEqual([mail.subject for mail in self.w.office.left if '24H' in mail.subject], [])

    def test_a_reply_without_a_subject_counts(self):
        self.world()
        self.save(ANN)
        self.w.do('2026-02-03 12:10', 'reply', mail=0, subject=False)
        self.assertHolds('2026-02-09 02:00')
        self.assertLeft(ANN)


class TestSenders(ScriptedCase):
    """A sender that is paused sends nothing, and one with a limit no more; nobody is lost by it."""

    def test_nothing_leaves_of_a_paused_sender_and_everybody_is_next_in_line(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 09:10', 'pause_sender', segment='utc')
        self.w.do('2026-02-04 03:10', 'resume_sender', segment='utc')
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, since='2026-02-04')

    def test_over_the_cap_is_next_in_line(self):
        self.world()
        self.w.do('2026-02-02 20:10', 'limit_sender', segment='utc', cap=2)
        self.save(ANN, BOB, CY, DOT)
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, CY, DOT)

    def test_the_mails_of_a_pace_leave_one_by_one_on_the_same_day(self):
        self.world()
        self.w.do('2026-02-02 20:10', 'set_pace', segment='utc', pace=6)
        self.save(ANN, BOB, CY, DOT)
        self.assertHolds('2026-02-03 23:00')
        self.assertLeft(ANN, BOB, CY, DOT)
        moments = sorted(mail.moment for mail in self.w.left)
        gaps = [(later - earlier).total_seconds() / 60 for earlier, later in pairwise(moments)]
        self.assertGreaterEqual(min(gaps), 9)
        self.assertLessEqual(max(gaps), 13, "no turn was in vain")

    def test_what_a_days_pace_is_too_slow_for_is_next_in_line(self):
        self.world()
        self.w.do('2026-02-02 20:10', 'set_pace', segment='utc', pace=1)
        people = [f'a{number}@firm{number}.example' for number in range(20)]
        self.save(*people)
        self.assertHolds('2026-02-06 02:00')
        self.assertLeft(*people)

    def test_a_provider_gets_its_share_and_the_others_the_places(self):
        self.world(start='2026-02-02')
        self.w.do('2026-02-02 01:10', 'share_sender', segment='utc', share=1)
        acme = [f'a{number}@acme.example' for number in range(6)]
        self.save(*acme, ANN, BOB, CY)
        self.w.go('2026-02-03 23:00')
        self.assertLeft(*acme[:2], ANN, BOB, CY)
        self.assertHolds('2026-02-06 02:00')
        self.assertLeft(*acme, ANN, BOB, CY)

    def test_a_provider_that_refuses_us_stops_the_mails_to_its_addresses_alone(self):
        self.world()
        acme = [f'a{number}@acme.example' for number in range(14)]
        self.w.do('2026-02-03 00:05', 'block_provider')
        self.save(ANN, *acme)
        self.w.go('2026-02-03 23:00')
        self.assertLeft(ANN)
        self.assertEqual([row['state'] for row in self.read("SELECT state FROM cadence_sender_provider")], ['paused'])
        self.w.do('2026-02-04 03:10', 'unblock_provider')
        self.assertHolds('2026-02-08 02:00')
        self.assertLeft(ANN, *acme)

    def test_of_a_new_list_some_go_first_and_the_others_on_the_same_day(self):
        self.world()
        self.w.do('2026-02-02 20:10', 'try_out', company='a', cap=2)
        self.save(ANN, BOB, CY, DOT)
        self.assertHolds('2026-02-04 02:00')
        self.assertLeft(ANN, BOB, CY, DOT)
        moments = sorted(mail.moment for mail in self.w.left)
        self.assertGreaterEqual((moments[2] - moments[1]).total_seconds(), 2 * 3600)

    def test_whom_an_intake_holds_waits_in_the_line(self):
        self.world()
        self.save(ANN, BOB)
        self.w.do('2026-02-03 01:10', 'hold_intake', nth=0)
        self.w.do('2026-02-04 03:10', 'release_intakes')
        self.assertHolds('2026-02-05 02:00')
        self.assertLeft(ANN, BOB, since='2026-02-04')
