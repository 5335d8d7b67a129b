from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestCadenceAudienceElsewhere(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()

    def _send_newsletter(self, recipients):
        """A mailing by hand, in the morning of the day."""
        with self.at(DAY, 0), self.mock_mail_gateway():
            mailing = self.env['mailing.mailing'].create({
                'subject': 'News', 'body_html': '<p>News</p>', 'mailing_model_id': self.env['ir.model']._get(recipients._name).id,
                'mailing_domain': repr([('id', 'in', recipients.ids)])})
            mailing.action_send_mail()
            self.env.flush_all()
        return mailing

    def _create(self, *emails):
        return self.env['res.partner'].concat(*(self._create_partners(1, batch=5, email=email) for email in emails))

    def test_a_newsletter_to_another_spelling_counts_for_the_day(self):
        readers = self.env['res.partner'].create([{'name': email, 'email': email} for email in (
            'ann@bücher.example', '"Bob" <BOB@one.example.>', 'carl@xn--bcher-kva.example')])
        partners = self._create('ann@xn--bcher-kva.example', 'bob@one.example', 'Carl@Bücher.example', 'dora@one.example')
        # Odoo itself refuses hosts in letters at the last moment; other versions do not.
        self._send_newsletter(readers).mailing_trace_ids.set_sent()
        self._queue(DAY)
        self.assertEqual([self._get_reason(partner, DAY) for partner in partners], ['mailed_today'] * 3 + ['reserved'])

    def test_a_newsletter_to_several_addresses_counts_for_each(self):
        reader = self.env['res.partner'].create({'name': 'x', 'email': 'ann@one.example, bob@two.example'})
        subscriber = self.env['mailing.contact'].create({'name': 'x', 'email': 'carl@three.example; dora@four.example'})
        partners = self._create('ann@one.example', 'bob@two.example', 'carl@three.example', 'dora@four.example')
        self._send_newsletter(reader)
        self._send_newsletter(subscriber)
        self._queue(DAY)
        self.assertEqual({self._get_reason(partner, DAY) for partner in partners}, {'mailed_today'})

    def test_a_newsletter_of_yesterday_that_waits_in_the_queue_counts_as_mailed(self):
        partners = self._create(*(f'{name}@{name}.example' for name in ('ann', 'bob', 'carl', 'dora', 'eve')))
        traces = self._send_newsletter(partners).mailing_trace_ids.sorted('res_id')
        traces.mail_mail_id.write({'state': 'outgoing'})
        traces.write({'trace_status': 'outgoing', 'sent_datetime': False})
        _waits, failed, old, tomorrow, gone = traces
        failed.mail_mail_id.state = 'exception'
        tomorrow.mail_mail_id.scheduled_date = '2026-07-06 08:00:00'
        gone.mail_mail_id.unlink()
        self.env.flush_all()
        self.env.cr.execute("UPDATE mailing_trace SET create_date = '2026-07-04 12:00' WHERE id = ANY(%s)", [traces.ids])
        self.env.cr.execute("UPDATE mailing_trace SET create_date = '2026-07-01 12:00' WHERE id = %s", [old.id])
        self._queue(DAY)
        self.assertEqual([self._get_reason(partner, DAY) for partner in partners], ['mailed_today'] + ['reserved'] * 4)

    def test_a_newsletter_after_the_run_leaves_out_every_spelling(self):
        self._create('ann@bücher.example', 'bob@one.example')
        self._queue(DAY)
        mailing = self.env['mailing.mailing'].create({'subject': 'News', 'mailing_type': 'mail'})
        for model, name in (('res.partner', 'email'), ('mailing.contact', 'email'), ('crm.lead', 'email_from')):
            records = self.env[model].create([{'name': email, name: email} for email in (
                'ann@xn--bcher-kva.example', 'Ann <ANN@Bücher.example>', 'x@other.example, bob@one.example', 'new@b.example')])
            mailing.mailing_model_id = self.env['ir.model']._get(model)
            with self.at(DAY, 3):
                left_out = mailing._cadence_get_left_out(records.ids)
            self.assertLessEqual(set(records[:2].ids), left_out, model)
            self.assertNotIn(records[3].id, left_out)
            if model != 'crm.lead':  # of a lead Odoo keeps the first address alone
                self.assertIn(records[2].id, left_out)
