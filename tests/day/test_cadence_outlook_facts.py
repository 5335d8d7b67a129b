from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DAY, OutlookCase


@tagged('post_install', '-at_install')
class TestOutlookFacts(OutlookCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.get_domain = staticmethod(type(cls.env['cadence.view'])._get_domain)

    def test_somebody_with_the_same_address_takes_the_mail_of_the_day(self):
        partner, copy = self._create_partners(2, batch=5)
        self._queue(DAY)
        copy.email = partner.email
        copy.cadence_touch_ids.sudo().unlink()
        [answer] = self._foresee(copy)
        self.assertEqual((answer.code, answer.text), ('excluded', 'Not mailed today: Already mailed today'))
        self.assertEqual(str(answer.day), '2026-08-05')

    def test_a_newsletter_of_the_day_takes_the_mail_of_the_day(self):
        partner = self._create_partners(1, batch=5)
        with self.at(DAY):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
            mailing = self.env['mailing.mailing'].create({
                'subject': 'News', 'body_html': '<p>x</p>', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
                'mailing_domain': f"[('id', '=', {partner.id})]"})
            self.env['mailing.trace'].create({
                'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': partner.email,
                'trace_status': 'sent', 'sent_datetime': f'{DAY} 01:00:00'})
        self.assertEqual(self._codes(partner), [('excluded', '2026-08-05')])

    def test_a_view_that_cannot_be_asked_is_the_reason_and_stops_nobody_else(self):
        partner = self._create_partners(1, batch=5)
        other = self._create_partners(1, batch=7, group=self.reading)
        self.marketing.exclude_view_ids += self.env['cadence.view'].create({'name': 'Odd', 'condition_ids': [
            (0, 0, {'field': 'country', 'operator': 'any', 'country_ids': [(6, 0, self.env.ref('base.fr').ids)]})]})
        with patch.object(type(self.env['cadence.view']), '_get_domain', autospec=True, side_effect=self._fail_for_odd):
            self.assertIn('no such field', self._foresee(partner)[0].text)
            self.assertEqual(self._codes(other), [('not_due', '2026-07-07')])

    def _fail_for_odd(self, view):
        if view.name == 'Odd':
            raise UserError(self.env._('no such field'))
        return self.get_domain(view)

    def test_who_got_the_last_letter_of_a_rhythm_that_stops_is_told_so(self):
        self.segment.stop_group_ids = self.marketing
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self.assertEqual(self._codes(partner), [('queued', DAY)], "the last letter itself is on its way")
        self._compose(DAY)
        [answer] = self._foresee(partner, day='2026-07-20')
        self.assertEqual((answer.code, answer.text), ('excluded', 'Not mailed: Got all letters.'))
        self._create_letter(step=2)
        self.assertEqual(self._codes(partner, day='2026-07-20'), [('not_due', '2026-08-05')])

    def test_a_rhythm_that_does_not_stop_begins_anew(self):
        partner = self._create_partners(1, batch=5)
        self._queue(DAY)
        self._compose(DAY)
        self.assertEqual(self._codes(partner, day='2026-07-20'), [('not_due', '2026-08-05')])
