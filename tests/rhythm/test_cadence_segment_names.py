from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestSegmentNames(CadenceCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.tag = cls.segment._get_batch_tags(cls.marketing, [7])
        cls.marker = cls.marketing.with_context(lang='zh_CN').marker

    def _get_names(self, record):
        self.env.invalidate_all()
        return [record.with_context(lang=lang).name for lang in ('en_US', 'zh_CN')]

    def test_a_renamed_customer_group_renames_segments_and_batches_in_its_language(self):
        partner = self._create_partners(1, batch=7)
        self.dealers.with_user(self.manager).write({'name': 'Dealers of cranes'})
        self.assertEqual(self._get_names(self.segment), ['English-Dealers of cranes', '英语-工程设备经销商'])
        self.assertEqual(
            self._get_names(self.tag), ["English-Dealers of cranes-Marketing07", f"英语-工程设备经销商-{self.marker}07"])
        self.dealers.with_context(lang='zh_CN').name = '起重机经销商'
        self.assertEqual(self._get_names(self.segment), ['English-Dealers of cranes', '英语-起重机经销商'])
        self.dealers.update_field_translations('name', {'zh_CN': '吊车经销商'})
        self.assertEqual(self._get_names(self.tag)[1], f'英语-吊车经销商-{self.marker}07')
        self.assertEqual(partner.category_id, self.tag, "the tag is the same")
        self.assertEqual(self.segment._get_batch_tags(self.marketing, [7]), self.tag)

    def test_what_was_renamed_is_said_on_the_segment(self):
        self.dealers.name = 'Dealers of cranes'
        [message] = self.segment.message_ids.filtered(lambda message: 'Renamed' in message.body)
        self.assertIn('English-Equipment dealers is English-Dealers of cranes now, and so are 1 of its batches', message.body)
        self.dealers.sequence = 3
        self.dealers.name = 'Dealers of cranes'
        self.assertEqual(self.segment.message_ids.filtered(lambda message: 'Renamed' in message.body), message)

    def test_a_name_that_a_user_chose_stays(self):
        self.segment.name, self.tag.name = 'The English', 'My favourites'
        other = self.segment._get_batch_tags(self.marketing, [8])
        self.dealers.name = 'Dealers of cranes'
        self.assertEqual(self._get_names(self.segment)[0], 'The English')
        self.assertEqual(self._get_names(self.tag)[0], 'My favourites')
        self.assertEqual(self._get_names(other)[0], 'English-Dealers of cranes-Marketing08')

    def test_another_language_of_the_segment_and_another_marker_rename_the_batches(self):
        self.segment.lang_id = self.env.ref('base.lang_fr')
        self.assertEqual(self._get_names(self.segment), ['French-Equipment dealers', '法语-工程设备经销商'])
        self.assertEqual(self._get_names(self.tag)[0], 'French-Equipment dealers-Marketing07')
        self.marketing.marker = 'Cold'
        self.assertEqual(self._get_names(self.tag), ['French-Equipment dealers-Cold07', f'法语-工程设备经销商-{self.marker}07'])
        self.marketing.update_field_translations('marker', {'zh_CN': '静默'})
        self.assertEqual(self._get_names(self.tag)[1], '法语-工程设备经销商-静默07')

    def test_a_name_given_together_with_the_parts_is_the_name(self):
        self.segment.write({'lang_id': self.env.ref('base.lang_fr').id, 'name': 'The French'})
        self.assertEqual(self._get_names(self.segment), ['The French', '法语-工程设备经销商'])

    def test_archived_segments_and_those_of_other_companies_follow(self):
        company = self.env['res.company'].create({'name': 'Other'})
        self.segment.active = False
        other = self._create_segment(company_id=company.id)
        self.dealers.name = 'Dealers of cranes'
        self.assertEqual(self._get_names(self.segment)[0], 'English-Dealers of cranes')
        self.assertEqual(self._get_names(other)[0], 'English-Dealers of cranes')

    def test_renaming_asks_as_often_for_many_batches_as_for_few(self):
        self.dealers.name = 'Z'
        few = self._count_queries(lambda: self.dealers.write({'name': 'A'}))
        self.segment._get_batch_tags(self.marketing, range(1, 31))
        self.segment._get_batch_tags(self.reading, range(1, 11))
        self.assertEqual(self._count_queries(lambda: self.dealers.write({'name': 'B'})), few)

    def test_activating_a_language_asks_as_often_for_many_batches_as_for_few(self):
        self.env['res.lang']._activate_lang('fr_FR')
        few = self._count_queries(lambda: self.segment._translate_names(['fr_FR']))
        self.segment._get_batch_tags(self.marketing, range(1, 31))
        self.assertEqual(self._count_queries(lambda: self.segment._translate_names(['fr_FR'])), few)
        self.assertLess(few, 12)
