from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.address import address_checks
from .common import ChunkCase, IntakeCase


@tagged('post_install', '-at_install')
class TestIntakeLineSave(IntakeCase):

    def test_saved_contacts_keep_their_names_and_where_they_came_from(self):
        intake = self._save('Zhang San <zhang@one.example>；"Silva, Ana" <ana@two.example>')
        zhang, ana = intake.line_ids.partner_id
        self.assertEqual(zhang.mapped('name') + ana.mapped('name'), ['Zhang San', 'Silva, Ana'])
        line = zhang.cadence_intake_line_ids
        self.assertEqual((line.intake_id, line.row, line.intake_user_id, line.state), (intake, 1, self.user, 'saved'))
        self.assertEqual(line.tag_id, zhang.category_id)
        action = intake.action_open_contacts()
        self.assertEqual(self.env['res.partner'].search(action['domain']), zhang + ana)

    def test_known_addresses_are_skipped_added_or_moved(self):
        known = self._create_partners(1)
        batched = self._create_partners(1, batch=9)
        self._tag(batched, 'tag_competitor')
        archived = self._create_partners(1, active=False)
        text = '\n'.join((known + batched + archived).mapped('email')).upper()
        before = batched.category_id

        skipped = self._save(text)
        self.assertEqual(self._get_states(skipped), {'known': 3})
        self.assertFalse(known.category_id)

        added = self._save(text, on_existing='add')
        self.assertEqual(self._get_states(added), {'saved': 1, 'known': 2})
        self.assertEqual(known.category_id.cadence_batch, 5)
        self.assertEqual(batched.category_id, before, "who has a batch is not put into a second one")
        self.assertFalse(archived.active, "saving does not bring anybody back")
        self.assertFalse(archived.category_id)

        self._save(text, on_existing='move', start_date='2026-07-20')
        self.assertEqual(batched.category_id.filtered('cadence_batch').cadence_batch, 20)
        self.assertIn(self.env.ref('mass_mailing_cadence.tag_competitor'), batched.category_id)

    def test_moving_leaves_an_archived_batch_as_well(self):
        known = self._create_partners(1, batch=9)
        known.category_id.active = False
        self._save(known.email, on_existing='move')
        self.assertEqual(known.with_context(active_test=False).category_id.mapped('cadence_batch'), [5])

    def test_archived_contacts_come_back_only_when_asked_for(self):
        archived = self._create_partners(1, active=False)
        self._save(archived.email, on_existing='add')
        self.assertFalse(archived.active or archived.category_id)
        intake = self._save(archived.email, revive_archived=True)
        self.assertTrue(archived.active)
        self.assertEqual(archived.category_id.cadence_batch, 5)
        self.assertEqual(intake.saved_count, 1)

    def test_a_row_that_fails_is_set_aside_and_the_others_go_on(self):
        intake = self._preview('good@one.example\nbad@two.example\nfine@three.example')
        original = type(self.env['res.partner']).create

        def create(partners, vals_list):
            if any(vals.get('email') == 'bad@two.example' for vals in vals_list):
                raise UserError('Not this one')  # pylint: disable=translation-required; nobody reads it
            return original(partners, vals_list)

        self.patch(type(self.env['res.partner']), 'create', create)
        intake.action_save()
        self.assertEqual(self._get_states(intake), {'saved': 2, 'invalid': 1})
        self.assertEqual(intake.line_ids.filtered(lambda line: line.state == 'invalid').reason, 'Not this one')


@tagged('post_install', '-at_install')
class TestIntakeLineSaveInChunks(ChunkCase):

    def test_whatever_another_module_raises_for_a_row_the_others_go_on(self):
        intake = self._start(12)
        original = type(self.env['res.partner']).create

        def create(partners, vals_list):
            if any(vals.get('email') == 'p3@acme1.example' for vals in vals_list):
                raise KeyError('a fault of another module')
            return original(partners, vals_list)

        self.patch(type(self.env['res.partner']), 'create', create)
        with mute_logger('odoo.addons.mass_mailing_cadence.models.intake.cadence_intake_line_save'):
            self._work()
        self.assertEqual(self._get_states(intake), {'saved': 11, 'invalid': 1})
        self.assertIn('another module', self._get_lines(intake, 'invalid').reason)

    def test_mail_servers_are_looked_up_only_when_asked_for(self):
        asked = []

        def has_mail_server(host):
            asked.append(host)
            return {'dead.example': False, 'unknown.example': None}.get(host, True)

        self.patch(address_checks, 'has_mail_server', has_mail_server)
        text = 'a@dead.example\nb@unknown.example\nc@live.example'
        intake = self._preview(text, check_mx=True)
        intake.action_save()
        self._work()
        self.assertEqual(self._get_states(intake), {'saved': 2, 'invalid': 1})
        self.assertIn('no mail server', self._get_lines(intake, 'invalid').reason)
        asked.clear()
        self._preview(text.replace('@', '2@')).action_save()
        self._work()
        self.assertFalse(asked)
