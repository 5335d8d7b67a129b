from odoo.tests import tagged

from ..common import CadenceCase

DAY = '2026-07-05'


@tagged('post_install', '-at_install')
class TestMailComposeMessage(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_letter()
        cls.partners = cls._create_partners(3, batch=5)

    def _create_composer(self, mailing, **values):
        return self.env['mail.compose.message'].with_context(active_ids=self.partners.ids).create({
            'composition_mode': 'mass_mail', 'model': 'res.partner', 'mass_mailing_id': mailing.id, 'subject': 'x',
            'body': '<p>x</p>', 'email_from': mailing.email_from, 'auto_delete': True} | values)

    def _create_other_mailing(self):
        return self.env['mailing.mailing'].create({
            'subject': 'By hand', 'mailing_model_id': self.env['ir.model']._get_id('res.partner'),
            'mailing_domain': repr([('id', 'in', self.partners.ids)])})

    def test_no_mail_of_a_run_leaves_before_all_are_composed(self):
        run = self._queue(DAY)['marketing']
        self.assertFalse(self._create_composer(run.mailing_ids).force_send)
        self.assertTrue(self._create_composer(self._create_other_mailing()).force_send, "others' mails leave as they did")

    def test_each_trace_is_its_touchs(self):
        run = self._queue(DAY)['marketing']
        waiting, gone = run.touch_ids[:2], run.touch_ids[2]
        gone.sudo().outcome = 'refused'
        self.env.flush_all()
        with self.at(DAY, 12):
            self._create_composer(run.mailing_ids, force_send=False)._action_send_mail()
        traces = self.env['mailing.trace'].search([('mass_mailing_id', '=', run.mailing_ids.id)])
        self.assertEqual({trace.cadence_touch_id: trace.res_id for trace in traces if trace.cadence_touch_id}, {
            touch: touch.partner_id.id for touch in waiting})

    def test_the_message_that_goes_with_its_mail_holds_no_copy_of_the_letter(self):
        run = self._queue(DAY)['marketing']
        for mailing, kept, is_copied in (
            (run.mailing_ids, False, False), (run.mailing_ids, True, True), (self._create_other_mailing(), False, True),
        ):
            with self.subTest(mailing=mailing.subject, kept=kept):
                composer = self._create_composer(mailing, auto_delete_keep_log=kept)
                values = composer._prepare_mail_values(self.partners[:1].ids)[self.partners[0].id]
                self.assertEqual(bool(values['body']), is_copied)
                self.assertIn('<p>x</p>', values['body_html'])
