from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestRelease(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._create_partners(1, batch=5)
        cls.other = cls.env['res.company'].create({'name': 'Other'})
        cls.theirs = cls._create_user(
            'theirs', 'sales_team.group_sale_salesman,base.group_partner_manager', company_id=cls.other.id,
            company_ids=[cls.other.id])

    def _release(self, user=None, partner=None, note='Mr Schmidt called on 3 November'):
        wizard = self.env['cadence.release'].with_user(user or self.user)
        return wizard.create({'partner_id': (partner or self.partner).id, 'note': note})

    def test_a_freed_contact_is_mailed_again(self):
        self._tag(self.partner, 'tag_unsubscribed')
        self.assertTrue(self.partner.is_blacklisted)
        release = self._release()
        self.assertTrue(release.is_blacklisted)
        release.action_release()
        self.env.invalidate_all()
        self.assertFalse(self.partner.is_blacklisted)
        self.assertEqual(self.partner.cadence_stage, 'silent')

    def test_an_archived_tag_is_taken_off_as_well(self):
        self._tag(self.partner, 'tag_competitor')
        tag = self.env.ref('mass_mailing_cadence.tag_competitor')
        tag.active = False
        self.assertEqual(self._release().tag_ids, tag)
        self._release().action_release()
        self.env.invalidate_all()
        self.assertNotIn(tag, self.partner.with_context(active_test=False).category_id)
        self.assertEqual(self.partner.cadence_stage, 'silent')

    def test_a_note_is_the_proof(self):
        with self.assertRaises(UserError):
            self._release(note='  ').action_release()

    def test_a_contact_out_of_sight_is_not_shown(self):
        self.partner.company_id = self.env.company
        with self.assertRaises(AccessError):
            self._release(user=self.theirs)
        shared = self._create_partners(1)
        release = self._release(user=self.theirs, partner=shared)
        with self.assertRaises(AccessError):
            release.partner_id = self.partner.id

    def test_what_another_company_decided_stays(self):
        self._tag(self.partner, 'tag_competitor')
        tag = self.env.ref('mass_mailing_cadence.tag_competitor')
        self.env['cadence.journal']._note(self.partner, 'lost', tag_id=tag.id, company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            self._release(user=self.theirs).action_release()
        self.assertIn(tag, self.partner.category_id)
        self._release().action_release()
        self.assertNotIn(tag, self.partner.category_id)

    def test_who_only_reads_frees_nobody(self):
        self._tag(self.partner, 'tag_competitor')
        with self.assertRaises(AccessError):
            self._release(user=self.marketer)
