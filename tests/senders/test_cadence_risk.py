from odoo.tests import tagged

from ...tools.mail import bounce
from .common import SenderCase


@tagged('post_install', '-at_install')
class TestRisk(SenderCase):

    def test_what_is_heard_of_a_mail_of_nobody_changes_nothing(self):
        trace = self.env['mailing.trace'].create({
            'mass_mailing_id': self.letter.mailing_id.id, 'model': 'res.partner', 'res_id': self.user.partner_id.id,
            'email': 'x@x.example', 'message_id': '<x@me.example>', 'trace_status': 'sent'})
        self.env.flush_all()
        mail = self.env['mailing.trace']._cadence_find([trace.message_id])
        for kind in ('dead', 'policy'):
            if mail:
                self.env['cadence.risk']._take_returned(mail, bounce.Bounce(kind, '5.7.1'))
        self.assertEqual(self.sender.light, 'green')
        self.assertFalse(self.env['cadence.sender.refusal'].search([]))
