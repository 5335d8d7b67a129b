from odoo.tests import tagged

from .common import DAY, NEXT, SenderCase


@tagged('post_install', '-at_install')
class TestTouch(SenderCase):

    def test_a_touch_knows_its_sender(self):
        self._create_partners(2, batch=5)
        self.assertEqual(self._queue(DAY)['marketing'].touch_ids.sender_id, self.sender)

    def test_a_pause_is_seen_at_the_next_mail(self):
        self._create_partners(4, batch=5)
        run = self._queue(DAY)['marketing']
        touch, *_others = run.touch_ids
        # Nothing was heard of the contacts since the run decided.
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01' WHERE id = ANY(%s)", [run.touch_ids.partner_id.ids])
        self.env.cr.execute("UPDATE cadence_view SET write_date = '2020-01-01'")
        with self.at(DAY, 10) as now:
            self.assertTrue(touch._depart(now))
            self.sender._pause('hand')
            self.env.flush_all()
            self.assertFalse(any(other._depart(now) for other in run.touch_ids - touch))

    # Who is deferred is told why, wherever one looks

    def _say(self, partner, day=DAY, hour=13):
        """What the story, Why Not Mailed?, the contact's page and its history say."""
        self.env.invalidate_all()
        with self.at(day, hour):
            why = self.env['cadence.why'].with_user(self.salesman).create({'addresses': partner.email})
            why.action_explain()
            touch = self._touch(partner, day)
            story = {step['label']: step['count'] for step in touch.run_id.with_user(self.salesman).story}
            shown = partner.with_user(self.salesman)
            event = shown.get_cadence_timeline()['entries'][0]
            return story, (why.line_ids.answer, why.line_ids.explanation), shown.cadence_next_note, event['text']

    def _check_says(self, partner, count, reason, day=DAY):
        self.assertEqual(self._touch(partner, day).state, 'deferred')
        story, answer, note, event = self._say(partner, day)
        self.assertEqual(story[f'Deferred: {reason}'], count)
        self.assertEqual(answer, ('deferred', f'Deferred to the next run: {reason}'))
        self.assertEqual(note, answer[1])
        self.assertEqual(event, reason)

    def _get_deferred(self, day=DAY):
        return self._runs(day)['marketing'].touch_ids.filtered(lambda touch: touch.state == 'deferred').partner_id[:1]

    def _create_at_google(self, count):
        partners = self._create_partners(count, batch=5, domain='company{}.example')
        for partner in partners:
            partner.email = f'buyer{partner.id}@gmail.com'
        self.env['cadence.mail.host']._learn_hosts(partners.mapped('email'))
        return partners

    def test_of_a_senders_cap_and_of_a_providers_share(self):
        self.sender.target = 5
        google = self._create_at_google(3)
        self._create_partners(5, batch=5)
        self._queue(DAY)
        self._check_says(google[2], 1, "Sender is warmed up: the mailbox provider has had its share of the day")
        others = self._runs(DAY)['marketing'].touch_ids.filtered(lambda touch: touch.reason == 'sender_cap').partner_id
        self._check_says(others[0], 2, "Sender's mails of the day are used up")

    def test_of_a_sender_that_is_paused(self):
        partners = self._create_partners(3, batch=5)
        self.sender._pause('hand')
        self._queue(DAY)
        self._check_says(partners[0], 3, "Sender is paused")

    def test_of_a_provider_where_it_is_paused_or_tried_again(self):
        google = self._create_at_google(8)
        part = self.env['cadence.sender.provider'].sudo().create({
            'sender_id': self.sender.id, 'provider_id': self.env.ref('mass_mailing_cadence.mail_provider_google').id})
        with self.at(DAY, 0) as now:
            part._set_state('paused', cause='policy', paused_datetime=now)
        self._queue(DAY)
        self._check_says(google[0], 8, "Sender is paused at the mailbox provider")
        part._set_state('trial', places=2, trial_datetime=now)
        self._queue(NEXT)
        self._check_says(self._get_deferred(NEXT), 6, "Sender's mails of the day to the mailbox provider are used up", NEXT)

    def test_of_an_intake_that_is_held_and_of_one_that_goes_first(self):
        intake = self.env['cadence.intake'].create({
            'segment_id': self.segment.id, 'start_date': DAY,
            'pasted_text': '\n'.join(f'a@canton{number}.example' for number in range(6))})
        with self.at(DAY):
            intake.action_preview()
            intake.action_save()
        self.env.company.cadence_canary_count = 2
        self._queue(DAY)
        self._check_says(self._get_deferred(), 4, "Others go first, to see whether their mails come through")
        intake.with_user(self.user).action_hold()
        self._queue(NEXT)
        self._check_says(self._get_deferred(NEXT), 6, "The intake of the contact is held", NEXT)
