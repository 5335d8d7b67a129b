from datetime import datetime

from odoo.tests import tagged

from ...tools.open_hours import FEW, Hours, Peak
from .common import ResultCase

FILTERS = {'days': 30, 'date_to': '2026-07-20'}
TUESDAY = datetime(2026, 7, 14, 7, 30)  # UTC


@tagged('post_install', '-at_install')
class TestResultHour(ResultCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment.tz = 'UTC'
        cls.countries = {code: cls.env.ref(f'base.{code}').id for code in ('de', 'us', 'es', 'cn')}

    def _mail_and_open(self, count=1, moment=TUESDAY, **values):
        """A day's mails, all of them opened by persons at the moment; returns the run."""
        partners = self._create_partners(count, batch=9, **values)
        run, traces = self._mail(partners)
        for trace in traces.values():
            self._open_at(trace, moment)
        self._count(run)
        return run

    def _open_at(self, trace, moment, **values):
        self._open(trace, (moment - trace.sent_datetime).total_seconds(), **values)

    def _get_rows(self, run):
        return sorted(
            (row.weekday, row.hour, row.opened, row.assumed)
            for row in self.env['cadence.result.hour'].search([('run_id', '=', run.id)]))

    def _get_page(self, user=None, **filters):
        page = self.env['cadence.result'].with_user(user or self.salesman).get_page(FILTERS | filters)
        return page | page['hours']

    def test_an_open_counts_at_the_hour_of_the_contacts_country(self):
        self.assertEqual(self._get_rows(self._mail_and_open(country_id=self.countries['de'])), [(1, 9, 1, 0)])

    def test_the_creators_time_zone_on_a_contact_is_no_clock_of_the_contact(self):
        run = self._mail_and_open(country_id=self.countries['de'], tz='Asia/Shanghai')
        self.assertEqual(self._get_rows(run), [(1, 9, 1, 0)])

    def test_a_contacts_own_time_zone_tells_where_a_country_has_several(self):
        run = self._mail_and_open(country_id=self.countries['us'], tz='America/Chicago')
        self.assertEqual(self._get_rows(run), [(1, 2, 1, 0)])

    def test_islanders_have_their_own_clock(self):
        run = self._mail_and_open(country_id=self.countries['es'], tz='Atlantic/Canary')
        self.assertEqual(self._get_rows(run), [(1, 8, 1, 0)])

    def test_the_ending_of_the_address_tells_where_there_is_no_country(self):
        run = self._mail_and_open(email='max@kran.de')
        self.assertEqual(self._get_rows(run), [(1, 9, 1, 0)])

    def test_else_the_segments_time_zone_is_taken_and_said_so(self):
        self.segment.tz = 'Asia/Kolkata'
        for values in ({'country_id': self.countries['us'], 'tz': False}, {'email': 'max@kran.io', 'tz': 'Europe/Paris'}):
            with self.subTest(values=values):
                self._create_partners(1, batch=9, **values)
        run, traces = self._mail(self.env['res.partner'])
        for touch in run.touch_ids:
            self._open_at(touch.trace_ids, TUESDAY)
        self._count(run)
        self.assertFalse(traces)
        self.assertEqual(self._get_rows(run), [(1, 13, 2, 2)])

    def test_the_weekday_is_the_recipients(self):
        run = self._mail_and_open(moment=datetime(2026, 7, 12, 23, 0), country_id=self.countries['de'])
        self.assertEqual(self._get_rows(run), [(0, 1, 1, 0)], "Sunday in London, Monday in Berlin")

    def test_winter_has_its_own_clock(self):
        run = self._mail_and_open(moment=datetime(2026, 11, 3, 7, 30), country_id=self.countries['de'])
        self.assertEqual(self._get_rows(run), [(1, 8, 1, 0)])

    def test_machines_and_privacy_programs_are_not_in_it(self):
        partners = self._create_partners(4, batch=9)
        run, traces = self._mail(partners)
        person, machine, privacy, returned = traces.values()
        self._open_at(person, TUESDAY)
        self._open(machine, after=1)
        self._open_at(privacy, TUESDAY, agent='Mozilla/5.0')
        self._open_at(returned, TUESDAY)
        returned.trace_status = 'bounce'
        figures = self._count(run)
        self.assertEqual((figures['opened'], figures['machine_opened'], figures['privacy_opened']), (1, 1, 1))
        self.assertEqual(self._get_rows(run), [(1, 7, 1, 1)])

    def test_a_click_or_an_answer_tells_the_hour_where_a_program_opened(self):
        partners = self._create_partners(2, batch=9)
        run, traces = self._mail(partners)
        clicked, answered = traces.values()
        link = self.env['link.tracker'].create({'url': 'https://cranes.example'})
        after = (TUESDAY - clicked.sent_datetime).total_seconds()
        self._click(clicked, link, after=after)
        clicked.cadence_follow_up = 'privacy'
        clicked.cadence_last_open = clicked.open_datetime = clicked.sent_datetime
        answered.write({'trace_status': 'reply', 'reply_datetime': TUESDAY.replace(hour=12)})
        self.assertEqual(self._count(run)['opened'], 2)
        self.assertEqual([row[:3] for row in self._get_rows(run)], [(1, 7, 1), (1, 12, 1)])

    def test_counting_again_changes_nothing_and_the_sum_is_what_was_opened(self):
        run = self._mail_and_open(5)
        rows = self._get_rows(run)
        self._count(run)
        self.assertEqual(self._get_rows(run), rows)
        self.assertEqual(sum(row[2] for row in rows), sum(run.result_ids.mapped('opened')))

    def test_the_page_shows_the_picture_and_says_it_in_a_sentence(self):
        self._mail_and_open(FEW + 10, country_id=self.countries['de'])
        page = self._get_page()
        self.assertEqual((page['total'], page['assumed']), (FEW + 10, 0))
        days = {day['number']: day['counts'] for day in page['weekdays']}
        self.assertEqual(len(days), 7)
        self.assertEqual(days[1][9], FEW + 10)
        self.assertEqual(sum(map(sum, days.values())), FEW + 10)
        self.assertIn('Tuesday (100 %)', page['sentence'])
        opened = {step['figure']: step['count'] for step in page['funnel']}['opened']
        self.assertEqual(opened, page['total'])

    def test_the_page_has_no_picture_of_few_opens(self):
        self._mail_and_open(FEW - 1)
        page = self._get_page()
        self.assertEqual((page['total'], page['weekdays'], page['sentence']), (FEW - 1, [], ''))

    def test_the_picture_follows_the_filters(self):
        self._mail_and_open(FEW)
        self.assertEqual(self._get_page(segment_id=self.segment.id, tag_group_id=self.marketing.id)['total'], FEW)
        self.assertEqual(self._get_page(tag_group_id=self.reading.id)['total'], 0)
        self.assertEqual(self._get_page(date_to='2026-06-01')['total'], 0)

    def test_another_companys_opens_are_not_in_it(self):
        run = self._mail_and_open(FEW)
        other = self.env['res.company'].create({'name': 'Other'})
        stranger = self.salesman.copy({'company_id': other.id, 'company_ids': [(6, 0, other.ids)], 'login': 'stranger'})
        self.assertEqual(self._get_page(stranger)['total'], 0)
        self.assertFalse(self.env['cadence.result.hour'].with_user(stranger).search([('run_id', '=', run.id)]))

    def test_the_week_begins_where_the_users_language_begins_it(self):
        self._mail_and_open(FEW)
        lang = self.env['res.lang'].search([('code', '=', self.salesman.lang or 'en_US')])
        for start, first in (('7', 6), ('1', 0)):
            lang.week_start = start
            self.assertEqual(self._get_page()['weekdays'][0]['number'], first)

    def test_a_habit_is_told_only_where_it_is_none_of_chance(self):
        tell = self.env['cadence.result.hour']._tell_peaks
        names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
        day, hour = Peak(1, 0.25), Peak(23, 0.3)
        self.assertIn('Tuesday (25 %) and from 23:00 to 1:00 (30 %)', tell(Hours(day, hour), names))
        self.assertIn('no hour stands out', tell(Hours(day, None), names))
        self.assertIn('no weekday stands out', tell(Hours(None, hour), names))
        self.assertEqual(tell(Hours(None, None), names), "No weekday and no hour stands out.")

    def test_the_hour_that_stands_out_is_worth_a_test(self):
        self.env.user.group_ids += self.env.ref('mass_mailing_cadence.group_user')
        action = self.env['cadence.result'].get_hours_test_action(FILTERS | {'segment_id': self.segment.id})
        self.assertEqual([vals['hour'] for _command, _id, vals in action['context']['default_arm_ids']], [9.0])
        self._mail_and_open(FEW, TUESDAY.replace(hour=16))
        action = self.env['cadence.result'].with_user(self.user).get_hours_test_action(
            FILTERS | {'segment_id': self.segment.id, 'tag_group_id': self.marketing.id})
        test = self.env['cadence.test'].with_user(self.user).with_context(**action['context']).create({})
        self.assertEqual((test.kind, test.segment_id, test.tag_group_id), ('hour', self.segment, self.marketing))
        self.assertEqual(test.arm_ids.mapped('hour'), [9.0, 15.0], "what is told is from 15:00 to 17:00")
