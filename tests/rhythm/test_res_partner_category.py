from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestBatchTag(CadenceCase):

    def test_batch_tags_are_named_in_every_installed_language(self):
        self.env['res.lang']._activate_lang('zh_CN')
        tag = self.segment._get_batch_tags(self.marketing, [1])
        self.assertEqual(tag.with_context(lang='en_US').name, 'English-Equipment dealers-Marketing01')
        marker = self.marketing.with_context(lang='zh_CN').marker
        self.assertEqual(tag.with_context(lang='zh_CN').name, f'英语-工程设备经销商-{marker}01')
        self.assertEqual(tag.cadence_batch, 1)

    def test_tags_are_created_once_and_returned_in_the_order_asked(self):
        tags = self.segment._get_batch_tags(self.marketing, [9, 3])
        self.assertEqual(tags.mapped('cadence_batch'), [9, 3])
        self.assertEqual(self.segment._get_batch_tags(self.marketing, [3, 9]), tags[::-1])

    def test_a_batch_that_the_group_does_not_have_is_refused(self):
        with self.assertRaisesRegex(UserError, 'batches 1 to 10'):
            self.segment._get_batch_tags(self.reading, [11])

    def test_a_tag_made_by_hand_is_recognised_by_its_name(self):
        self.env['res.lang']._activate_lang('zh_CN')
        marker = self.reading.with_context(lang='zh_CN').marker
        english, chinese, other = self.env['res.partner.category'].create([
            {'name': 'English-Equipment dealers-Marketing07'}, {'name': f'英语-工程设备经销商-{marker}07'},
            {'name': 'English-Somebody else-Marketing07'}])
        self.assertEqual((english.cadence_segment_id, english.cadence_group_id, english.cadence_batch),
                         (self.segment, self.marketing, 7))
        self.assertEqual((chinese.cadence_segment_id, chinese.cadence_group_id, chinese.cadence_batch),
                         (self.segment, self.reading, 7))
        self.assertFalse(other.cadence_group_id)
        self.assertEqual(self.segment._get_batch_tags(self.marketing, [7]), english)

    def test_a_batch_that_cannot_be_is_refused_with_a_sentence(self):
        Tag = self.env['res.partner.category']
        with self.assertRaisesRegex(UserError, 'batches 1 to 10'):
            Tag.create({'name': 'English-Equipment dealers-Reading11'})
        self.segment._get_batch_tags(self.marketing, [7])
        with self.assertRaisesRegex(UserError, 'has its tag already'):
            Tag.create({'name': 'English－Equipment dealers－Marketing7'})
        self.reading.batch_count = self.reading.cycle_days = 11
        self.assertEqual(Tag.create({'name': 'English-Equipment dealers-Reading11'}).cadence_batch, 11)

    def test_a_batch_that_is_typed_into_a_contact_is_the_one_that_is_there(self):
        tag = self.segment._get_batch_tags(self.marketing, [7])
        for name in ('English－Equipment dealers－Marketing07', 'english-equipment dealers-marketing 7'):
            self.assertEqual(self.env['res.partner.category'].name_create(name), (tag.id, tag.display_name))
        self.assertNotEqual(self.env['res.partner.category'].name_create('VIP')[0], tag.id)
        self.env['res.partner'].with_context(name_create_enabled_fields={'category_id': True}).load(
            ['name', 'category_id'], [['Ann', 'english-equipment dealers-marketing 8']])
        made = self.env['res.partner'].search([('name', '=', 'Ann')]).category_id
        self.assertEqual(made.cadence_batch, 8)

    def test_a_tag_is_recognised_as_people_write_it(self):
        for number, name in enumerate((
                'English－Equipment dealers－Marketing01', 'english - Equipment  DEALERS - marketing 02',
                'English – Equipment dealers – Marketing 03'), start=1):
            tag = self.env['res.partner.category'].create({'name': name})
            self.assertEqual((tag.cadence_segment_id, tag.cadence_group_id, tag.cadence_batch),
                             (self.segment, self.marketing, number), name)

    def test_a_customer_group_whose_name_fits_no_tag_stops_no_other(self):
        self._create_segment('base.lang_fr', customer_group_id=self.env['cadence.customer.group'].create({'name': 'x '}).id)
        self.assertTrue(self.env['res.partner.category'].create({'name': 'English-Equipment dealers-Marketing07'}).cadence_batch)

    def test_a_new_segment_takes_up_the_tags_that_are_named_like_its_batches(self):
        self.env['res.lang']._activate_lang('zh_CN')
        Tag = self.env['res.partner.category']
        marker = self.marketing.with_context(lang='zh_CN').marker
        tags = Tag.create([
            {'name': 'French-Equipment dealers-Marketing07'}, {'name': 'French－Equipment dealers－Marketing 08'},
            {'name': f'法语-工程设备经销商-{marker}09'}, {'name': 'French-Equipment dealers-Reading01', 'active': False}])
        others = Tag.create([
            {'name': 'French-Equipment dealers-Marketing07'}, {'name': 'French-Equipment dealers-Marketing31'},
            {'name': 'French-Somebody else-Marketing07'}])
        self.assertFalse(any((tags + others).mapped('cadence_batch')))
        french = self._create_segment('base.lang_fr')
        self.assertEqual(tags.cadence_segment_id, french)
        self.assertEqual(tags.mapped('cadence_batch'), [7, 8, 9, 1])
        self.assertEqual(tags.mapped('cadence_group_id.code'), ['marketing', 'reading'])
        self.assertFalse(any(others.mapped('cadence_batch')))
        self.assertEqual(french._get_batch_tags(self.marketing, [8, 7]), tags[:2][::-1])

    def test_a_batch_is_not_made_a_second_time_beside_a_tag_of_its_name(self):
        tag = self.env['res.partner.category'].create({'name': 'Mine'})
        tag.name = 'English-Equipment dealers-Marketing12'
        self.assertEqual(tag.cadence_batch, 12, "the name is a batch's from now on")
        self.assertEqual(self.segment._get_batch_tags(self.marketing, [11, 12])[1], tag)

    def test_the_name_is_the_users_afterwards(self):
        tag = self.segment._get_batch_tags(self.marketing, [7])
        tag.name = 'My favourites'
        self.assertEqual((self.segment._get_batch_tags(self.marketing, [7]), tag.cadence_batch), (tag, 7))

    def test_batches_are_not_deleted_also_not_through_their_parent(self):
        parent = self.env['res.partner.category'].create({'name': 'Parent'})
        tag = self.segment._get_batch_tags(self.marketing, [7])
        tag.parent_id = parent
        for victim in (tag, parent):
            with self.assertRaisesRegex(UserError, 'archive'):
                victim.unlink()

    def test_a_batch_needs_segment_and_group(self):
        with self.assertRaises(ValidationError):
            self.env['res.partner.category'].create({'name': 'x', 'cadence_batch': 3, 'cadence_group_id': self.marketing.id})

    def test_a_language_installed_later_is_named_too(self):
        french = self.env['res.lang'].with_context(active_test=False).search([('code', '=', 'fr_FR')])
        french.active = False
        tag = self.segment._get_batch_tags(self.marketing, [1])
        self.env['res.lang']._activate_lang('fr_FR')
        self.assertTrue(tag.with_context(lang='fr_FR').name.startswith('anglais-'))

    def test_a_batch_with_contacts_stays_one(self):
        partner = self._create_partners(1, batch=7)
        tag = partner.category_id
        for values in ({'cadence_segment_id': False, 'cadence_group_id': False, 'cadence_batch': 0}, {'cadence_batch': 0}):
            with self.assertRaisesRegex(UserError, 'no longer mailed'):
                tag.with_user(self.manager).write(values)
        partner.category_id = False
        tag.with_user(self.manager).write({'cadence_segment_id': False, 'cadence_group_id': False, 'cadence_batch': 0})
        self.assertFalse(tag.cadence_batch)

    def test_only_managers_say_what_a_tag_means_for_the_mails(self):
        clerk = self._create_user('clerk', 'base.group_user,base.group_partner_manager')
        competitor = self.env.ref('mass_mailing_cadence.tag_competitor')
        for user in (clerk, self.user):
            with self.assertRaises(AccessError):
                competitor.with_user(user).cadence_group_id = False
            with self.assertRaises(AccessError):
                competitor.with_user(user).create({'name': 'x', 'cadence_group_id': competitor.cadence_group_id.id})
            competitor.with_user(user).name = 'Rival'
        competitor.with_user(self.manager).cadence_group_id = False
        made = competitor.with_user(clerk).create({'name': 'English-Equipment dealers-Marketing07'})
        self.assertEqual(made.cadence_batch, 7, "a name is recognised whoever gives it")
