from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestAudienceAgain(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _look_again(self, partners, happen):
        """{contact: reason} of the run's touches that fall after something happened; the others leave."""
        touches = self._queue(DAY)['marketing'].touch_ids.sorted('partner_id')
        self.assertEqual([touch.outcome for touch in touches], ['waiting'] * len(partners))
        with self.at(DAY, 8):
            happen()
            touches._look_again()
        return [touch.reason or touch.outcome for touch in touches]

    def test_each_falls_with_its_reason_and_the_others_leave(self):
        gone, archived, untagged, moved, opted_out, _stays = partners = self._create_partners(6, batch=5)

        def happen():
            gone.unlink()
            archived.active = False
            untagged.category_id = False
            moved.email = 'elsewhere@new.example'
            self.env['mail.blacklist']._add(opted_out.email)  # the tag Unsubscribed, and with it a view
        self.assertEqual(self._look_again(partners, happen), [
            'deleted', 'archived', 'untagged', 'address_changed', 'view', 'waiting'])

    def test_over_a_cap_that_was_lowered_the_last_ones_wait(self):
        partners = self._create_partners(3, batch=5, domain='one.example')

        def happen():
            self.env.company.cadence_domain_daily_cap = 2
        self.assertEqual(self._look_again(partners, happen), ['waiting', 'waiting', 'domain_cap'])

    def test_who_gets_a_newsletter_meanwhile_has_the_mail_of_the_day(self):
        partners = self._create_partners(2, batch=5)

        def happen():
            with self.mock_mail_gateway():
                self.env['mailing.mailing'].create({
                    'subject': 'News', 'body_html': '<p>News</p>', 'cadence_ignore_day': True,
                    'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
                    'mailing_domain': repr([('id', '=', partners[0].id)])}).action_send_mail()
            self.env.flush_all()
        self.assertEqual(self._look_again(partners, happen), ['mailed_today', 'waiting'])
