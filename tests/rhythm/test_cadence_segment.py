from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestSegment(CadenceCase):

    def test_the_name_is_language_and_customer_group_in_every_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        segment = self._create_segment('base.lang_de')
        self.assertEqual(segment.with_context(lang='en_US').name, 'German-Equipment dealers')
        self.assertEqual(segment.with_context(lang='zh_CN').name, '德语-工程设备经销商')

    def test_the_grid_shows_every_batch_with_its_contacts(self):
        self._create_partners(3, batch=5)
        self._create_partners(2, batch=2, group=self.reading)
        with self.at('2026-07-05'):
            grid = {group['id']: group['batches'] for group in self.segment.batch_grid}
        self.assertEqual([len(grid[group.id]) for group in (self.marketing, self.reading)], [30, 10])
        fifth = grid[self.marketing.id][4]
        self.assertEqual((fifth['contacts'], fifth['today'], fifth['due']), (3, True, '2026-07-05'))
        self.assertEqual(grid[self.reading.id][1]['contacts'], 2)
        self.assertEqual(grid[self.reading.id][1]['due'], '2026-07-12')
        self.assertIsNone(grid[self.marketing.id][0]['tag_id'], "looking creates no tags")
        action = self.segment.action_open_tag(fifth['tag_id'])
        self.assertEqual(self.env['res.partner'].search_count(action['domain']), 3)

    def test_the_grid_takes_the_same_queries_for_a_full_segment(self):
        self.segment._get_batch_tags(self.marketing, range(1, 3))
        self._count_grid_queries()
        few = self._count_grid_queries()
        self.segment._get_batch_tags(self.marketing, range(1, 31))
        self.assertLessEqual(self._count_grid_queries(), few)

    def _count_grid_queries(self):
        self.env.flush_all()
        self.segment.invalidate_recordset()
        before = self.cr.sql_log_count
        self.assertTrue(self.segment.batch_grid)
        return self.cr.sql_log_count - before

    def test_a_segment_with_batches_is_archived_not_deleted(self):
        self._create_partners(1, batch=5)
        with self.assertRaisesRegex(UserError, 'archive'):
            self.segment.unlink()
        self.segment.active = False
        self._create_letter()
        self.assertFalse(self._queue('2026-07-05'), "an archived segment rests")

    def test_a_sending_time_outside_the_day_is_refused(self):
        with self.assertRaises(ValidationError):
            self.segment.send_time = 24

    def test_a_changed_sending_time_moves_the_waiting_mailing(self):
        self._create_letter()
        self._create_partners(1, batch=5)
        run = self._queue('2026-07-05')['marketing']
        with self.at('2026-07-05', 2):
            self.segment.send_time = 15.25
        self.assertEqual(str(run.mailing_ids.schedule_date), '2026-07-05 15:15:00')

    def test_a_copy_is_named_by_its_own_parts(self):
        italian = self.segment.copy({'lang_id': self.env.ref('base.lang_it').id})
        self.assertEqual(italian.name, 'Italian-Equipment dealers')
        self.assertFalse(italian.tag_ids)

    def test_a_segment_in_use_stays_in_its_company(self):
        other = self.env['res.company'].create({'name': 'Other'})
        unused = self._create_segment('base.lang_it')
        unused.company_id = other
        self._create_partners(1, batch=5)
        with self.assertRaisesRegex(UserError, 'other company'):
            self.segment.company_id = other
        self.segment.company_id = self.segment.company_id

    def test_an_archived_company_mails_nobody(self):
        other = self.env['res.company'].create({'name': 'Other'})
        theirs = self._create_segment(company_id=other.id, user_id=False)
        other.action_archive()
        self.assertFalse(theirs.active)
        self.assertTrue(self.segment.active)
        other.action_unarchive()
        self.assertFalse(theirs.active)

    def test_a_card_says_the_first_warning_and_how_many_more_there_are(self):
        self.assertEqual(self.segment.letter_warning_summary, "Reading has no letter yet: its runs will be blocked. And 1 more.")
        self._create_letter(group=self.reading)
        self.assertEqual(self.segment.letter_warning_summary, "Marketing has no letter yet: its runs will be blocked.")
        self._create_letter()
        self.assertFalse(self.segment.letter_warning_summary)

    def test_the_cards_ask_as_often_for_many_segments_as_for_few(self):
        def count(number):
            for group in range(number):
                segment = self._create_segment(customer_group_id=self.env['cadence.customer.group'].create({'name': group}).id)
                self._create_letter(segment=segment)
                self._create_letter(segment=segment, group=self.reading).mailing_id.active = False
            fields_ = dict.fromkeys(('name', 'contact_count', 'letter_warning_summary', 'send_time', 'letter_ids'), {}) | {
                'lang_id': {'fields': {'display_name': {}}}, 'user_id': {'fields': {'display_name': {}}}}
            return self._count_queries(lambda: self.env['cadence.segment'].web_search_read([], fields_))

        count(0)
        few = count(1)
        self.assertEqual(few, count(6))
