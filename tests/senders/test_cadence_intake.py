from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestIntake(SenderCase):
    """Addresses that nobody has mailed yet: some go first. And a load that hurts is held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.profile = 'steady'
        cls.env.company.cadence_canary_count = 10

    def _load(self, count, name='canton'):
        intake = self.env['cadence.intake'].create({
            'segment_id': self.segment.id, 'start_date': DAY,
            'pasted_text': '\n'.join(f'a@{name}{number}.example' for number in range(count))})
        with self.at(DAY):
            intake.action_preview()
            intake.action_save()
        return intake

    def _check(self, day, hour):
        with self.at(day, hour) as now:
            self.env['cadence.intake']._prove(now)

    def test_some_of_a_new_list_go_first_and_the_others_follow_on_the_same_day(self):
        intake = self._load(35)
        self._create_partners(4, batch=5)
        run, left = self._mail_day()
        self.assertEqual((len(left), self._count_reasons(run)), (14, {'reserved': 14, 'canary': 25}))
        self.assertIn(['deferred', 'canary', None], [step['key'] for step in run.story])
        self._check(DAY, 13)
        self.assertFalse(intake.is_proven, "an hour is too early")
        self._check(DAY, 15)
        self.assertTrue(intake.is_proven)
        self._queue(DAY, 16)
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(DAY, 17, server)), 25)
        self.assertEqual(self._count_reasons(run), {'reserved': 39}, "nobody twice, nobody lost")

    def test_whom_it_holds_back_is_told_so(self):
        self._load(12)
        run, _left = self._mail_day()
        waiting = run.touch_ids.filtered(lambda touch: touch.reason == 'canary').partner_id[0]
        with self.at(DAY, 13) as now:
            [answer] = self.env['cadence.outlook']._foresee(waiting, now)[waiting]
        self.assertIn("Others go first", answer.text)
        self.assertEqual((answer.code, str(answer.day)), ('deferred', NEXT))

    def test_a_bad_list_gets_no_further(self):
        intake = self._load(35)
        run, _left = self._mail_day()
        self._return(run.touch_ids.filtered(lambda touch: touch.outcome == 'left')[:5])
        self._check(DAY, 15)
        self.assertFalse(intake.is_proven)
        run = self._queue(NEXT)['marketing']
        self.assertEqual(self._count_reasons(run), {'reserved': 10, 'canary': 15})

    def test_who_was_mailed_before_waits_for_nobody(self):
        self.env.company.cadence_canary_count = 0
        intake = self._load(15)
        self._mail_day()
        self.env.company.cadence_canary_count = 10
        intake.line_ids.partner_id.category_id = self.segment._get_batch_tags(self.marketing, [6])
        self.assertEqual(self._count_reasons(self._queue(NEXT)['marketing']), {'reserved': 15})

    def test_what_an_intake_holds_waits_and_goes_on_when_it_is_let_go(self):
        self.env.company.cadence_canary_count = 0
        intake = self._load(5)
        other = self._create_partners(2, batch=5)
        run = self._queue(DAY)['marketing']
        with self.at(DAY, 2):
            intake.with_user(self.user).action_hold()
        self.assertEqual(self._count_reasons(run), {'intake_held': 5, 'reserved': 2})
        with self._mail_server() as server:
            left = self._send_queue(DAY, 12, server)
        self.assertEqual(left, sorted(other.mapped('email')))
        self.assertEqual(self._count_reasons(self._queue(NEXT)['marketing']), {'intake_held': 5})
        with self.at(NEXT, 2):
            intake.with_user(self.user).action_release()
        self._queue(NEXT, 3)
        with self._mail_server() as server:
            self.assertEqual(len(self._send_queue(NEXT, 12, server)), 5)

    def test_a_hold_is_heard_by_mails_that_are_composed(self):
        self.env.company.cadence_canary_count = 0
        intake = self._load(5)
        run = self._queue(DAY)['marketing']
        with self._mail_server() as server:
            take = server.send_message

            def send_message(*args, **options):
                take(*args, **options)
                if len(server.left) == 1:
                    self.env.cr.execute("UPDATE cadence_intake SET is_held = TRUE WHERE id = %s", [intake.id])

            server.send_message = send_message
            left = self._send_queue(DAY, 12, server)
        # What was asked about a moment ago leaves with its block.
        self.assertEqual(len(left) + self._count_reasons(run).get('intake_held', 0), 5)

    def test_salespeople_hold_nothing_and_nobody_writes_the_flag(self):
        intake = self._load(2)
        with self.assertRaises(AccessError):
            intake.with_user(self.salesman).action_hold()
        with self.assertRaises(AccessError):
            intake.with_user(self.manager).write({'is_held': True})

    def test_the_button_of_a_pause_holds_the_load_it_names(self):
        self.env.company.cadence_canary_count = 0
        intake = self._load(12)
        run, _left = self._mail_day()
        self._return(run.touch_ids[:10])
        self.assertTrue(self.sender.has_culprit)
        self.sender.with_user(self.manager).action_hold_intake()
        self.assertTrue(intake.is_held)
        self.sender.invalidate_recordset()
        self.assertTrue(self.sender.is_culprit_held)

    def test_what_another_company_holds_is_not_ours_to_wait_for(self):
        """A contact that companies share is in a load of each of them."""
        self.env.company.cadence_canary_count = 0
        other = self.env['res.company'].create({'name': 'Other', 'email': 'other@else.example'})
        segment = self._create_segment('base.lang_fr', company_id=other.id, email_from='other@else.example')
        ours = self._load(12)
        theirs = self.env['cadence.intake'].with_company(other).create({
            'segment_id': segment.id, 'start_date': DAY, 'on_existing': 'add', 'pasted_text': ours.pasted_text})
        with self.at(DAY):
            theirs.action_preview()
            theirs.action_save()
        self.assertEqual(theirs.line_ids.partner_id, ours.line_ids.partner_id)
        theirs.action_hold()
        run, left = self._mail_day()
        self.assertEqual((len(left), self._count_reasons(run)), (12, {'reserved': 12}))
        theirs.line_ids.flush_recordset()
        ours.line_ids.sudo().unlink()
        self._return(run.touch_ids[:10])
        self.assertEqual(self.sender.state, 'paused')
        self.assertFalse(self.sender.has_culprit, "whose load it was is not told, nor held from here")

    def test_a_list_that_is_small_is_looked_at_no_more(self):
        small, large = self._load(10), self._load(11, 'large')
        self._check(DAY, 3)
        self.assertEqual((small.is_proven, large.is_proven), (True, False))

    def test_a_load_that_is_held_is_not_deleted(self):
        intake = self._load(3)
        intake.action_hold()
        with self.assertRaisesRegex(UserError, 'are held'):
            intake.unlink()
        with self.at(DAY, 8):
            intake.action_undo()
        intake.unlink()
        self.assertFalse(intake.exists())
