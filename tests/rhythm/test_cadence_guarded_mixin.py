from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CadenceCase


@tagged('post_install', '-at_install')
class TestCadenceGuardedMixin(CadenceCase):
    """Tried on replies, and on somebody whom the access rights let write them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.model.access'].create({
            'name': 'x', 'model_id': cls.env['ir.model']._get_id('cadence.reply'), 'perm_read': True, 'perm_write': True,
            'perm_create': True, 'group_id': cls.env.ref('mass_mailing.group_mass_mailing_user').id})
        cls.values = {'date': '2026-07-09', 'subject': 'Cranes'}
        cls.state = {
            'state': 'waiting', 'kind': 'person', 'partner_id': cls._create_partners(1).id, 'company_id': cls.env.company.id}
        cls.reply = cls.env['cadence.reply'].create(cls.values | cls.state).with_user(cls.marketer)

    def test_what_the_module_keeps_cannot_be_written_by_those_who_may_write(self):
        self.reply.subject = 'Tea'
        for name, value in {'state': 'sorted', 'sorted_by_id': self.marketer.id}.items():
            with self.subTest(name=name), self.assertRaisesRegex(AccessError, self.reply._fields[name].string):
                self.reply.write({'subject': 'Coffee', name: value})
        self.assertEqual((self.reply.subject, self.reply.state), ('Tea', 'waiting'))

    def test_it_cannot_be_created_with_it_nor_with_defaults_for_it(self):
        with self.assertRaises(AccessError):
            self.env['cadence.reply'].with_user(self.marketer).create(self.values | self.state)
        defaults = {f'default_{name}': value for name, value in self.state.items()}
        with self.assertRaises(AccessError):
            self.env['cadence.reply'].with_user(self.marketer).with_context(**defaults).create(self.values)

    def test_the_module_itself_writes_it(self):
        self.reply.sudo().state = 'sorted'
        self.assertEqual(self.reply.state, 'sorted')
