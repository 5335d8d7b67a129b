from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from .test_cadence_reply import DAY, ReplyCase


@tagged('post_install', '-at_install')
class TestCadenceTouch(ReplyCase):
    """What follows from what becomes of a touch."""

    def _has_news(self, touch):
        self.env.flush_all()
        return self.env.execute_query(SQL(
            "SELECT %s FROM cadence_touch touch WHERE id = %s", self.env['cadence.touch']._sql_news(), touch.id))[0][0]

    def test_whose_address_is_dead_is_tagged_and_nobody_else(self):
        touch = self._touch(self.anna, DAY)
        touch._refuse('dead')
        self.assertIn(self.bounced, self.anna.category_id)
        self.assertEqual(self._entries(self.anna).reason, 'refused')
        self.assertNotIn(self.bounced, self.bob.category_id)

    def test_a_decision_after_the_run_is_news_about_the_touch(self):
        touch = self._touch(self.anna, DAY)
        # Everything else is old: the contact and the views were changed long before the run decided.
        past = touch.create_date - timedelta(days=30)
        self.env.flush_all()
        self.env.execute_query(SQL("UPDATE res_partner SET write_date = %s WHERE id = %s RETURNING id", past, self.anna.id))
        self.env.execute_query(SQL("UPDATE cadence_view SET write_date = %s RETURNING id", past))
        self.assertFalse(self._has_news(touch))
        self.env['cadence.journal']._note(self.anna, 'sorted', company_id=touch.company_id.id)
        self.assertTrue(self._has_news(touch))
