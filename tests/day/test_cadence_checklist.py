from odoo import fields
from odoo.tests import tagged

from ..common import UNSUBSCRIBE, CadenceCase


@tagged('post_install', '-at_install')
class TestChecklist(CadenceCase):

    def setUp(self):
        super().setUp()
        self.env['cadence.segment'].search([]).active = False

    def _ask(self, user=None, day='2026-07-05', hour=3):
        self.env.invalidate_all()
        with self.at(day, hour):
            return self.env['cadence.checklist'].with_user(user or self.manager).get_steps()

    def _get_next(self, **options):
        return next((step for step in self._ask(**options)['steps'] if step['is_next']), None)

    def _fill(self, batch=5):
        self.segment.active = True
        letter = self._create_letter()
        partners = self._create_partners(2, batch=batch)
        with self.at('2026-07-05'):
            self.env['cadence.run']._refresh_expected(self.segment, fields.Datetime.now())
        return letter, partners

    def test_each_step_is_ticked_by_what_was_done(self):
        self.assertEqual(self._get_next()['key'], 'segment')
        self.segment.active = True
        self.assertEqual(self._get_next()['key'], 'letter')
        letter = self._create_letter()
        self.assertEqual(self._get_next()['key'], 'contacts')
        letter.mailing_id.body_html = False
        step = self._get_next()
        self.assertEqual((step['key'], step['text']), ('letter', letter.problem))
        letter.mailing_id.body_html = '<p>Hello</p>' + UNSUBSCRIBE
        self._create_partners(1, batch=5)
        self.assertEqual(self._get_next()['key'], 'batch')

    def test_the_first_batch_is_sent_now_and_then_the_steps_are_gone(self):
        self._fill()
        step = self._get_next()
        self.assertIn('2 contacts', step['text'])
        self.assertIn('09:00', step['text'])
        send = step['buttons'][0]
        self.assertIn('2 mails', send['confirm'])
        with self.at('2026-07-05', 3):
            getattr(self.env[send['model']].browse(send['id']).with_user(self.user), send['method'])()
        self.assertTrue(self._ask()['is_moving'])
        self.assertEqual(len(self._compose('2026-07-05', 3)), 2)
        self.assertFalse(self._ask())

    def test_a_batch_of_another_day_says_when_it_leaves(self):
        self._fill(batch=7)
        step = self._get_next()
        self.assertIn('07/07/2026', step['text'])
        self.assertNotIn('action_send_now', [button.get('method') for button in step['buttons']])

    def test_what_holds_the_batch_back_is_said_and_can_be_looked_at(self):
        _letter, partners = self._fill()
        self.segment.is_stopped = True
        self.assertIn('stopped', self._get_next()['text'])
        self.segment.is_stopped = False
        self._tag(partners, 'tag_competitor')
        with self.at('2026-07-05'):
            self.env['cadence.run']._refresh_expected(self.segment, fields.Datetime.now())
        step = self._get_next()
        self.assertIn('may be mailed', step['text'])
        self.assertEqual(step['buttons'][0]['method'], 'action_preview_audience')

    def test_a_trouble_of_the_run_is_said_in_its_own_words(self):
        letter, _partners = self._fill()
        run = self._runs('2026-07-05')['marketing']
        letter.mailing_id.body_html = '<p><t t-out="object.no_such_field"/></p>'
        with self.at('2026-07-05', 3):
            run.action_send_now()
        self.assertEqual(self._get_next()['text'], run.blocked_reason)
        self.assertFalse(self._ask()['is_moving'])

    def test_who_does_not_run_the_cadence_is_not_asked_to(self):
        self.assertFalse(self._ask(self.salesman))
        step = self._get_next(user=self.user)
        self.assertEqual((step['key'], step['buttons']), ('segment', []))
        self.assertIn('manager', step['text'])

    def test_the_segment_that_is_nearest_to_its_first_mail_is_the_one(self):
        self._fill()
        self._create_segment('base.lang_fr')
        self.assertEqual(self._get_next()['key'], 'batch')

    def test_it_speaks_the_users_language_and_of_their_company_alone(self):
        self._fill()
        other = self.env['res.company'].create({'name': 'Other'})
        self.manager.company_ids += other
        with self.at('2026-07-05'):
            steps = self.env['cadence.checklist'].with_user(self.manager).with_company(other).get_steps()['steps']
        self.assertEqual([step['is_done'] for step in steps], [False] * 4)
