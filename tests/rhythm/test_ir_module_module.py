from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestModuleTerms(CadenceCase):

    def test_names_follow_the_terms_that_arrive_later_unless_a_user_chose_another(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.marketing.update_field_translations('marker', {'zh_CN': False})
        made, chosen = self.segment._get_batch_tags(self.marketing, [1, 2]).with_context(lang='zh_CN')
        chosen.name = '我的客户'
        self.assertEqual(made.name, '英语-工程设备经销商-Marketing01')
        self.env['ir.module.module']._load_module_terms(['mass_mailing_cadence'], ['zh_CN'])
        self.assertEqual((made.name, chosen.name), ('英语-工程设备经销商-营销01', '我的客户'))
