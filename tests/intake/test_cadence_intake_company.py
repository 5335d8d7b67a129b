from odoo.tests import tagged

from .common import ChunkCase


@tagged('post_install', '-at_install')
class TestIntakeCompany(ChunkCase):

    def test_companies_are_found_or_created_by_domain(self):
        company = self.env['res.partner'].create(
            {'name': 'Found Inc', 'is_company': True, 'website': 'https://www.found.example/home'})
        text = ('E-mail,Company\na@found.example,Other name\nb@sales.new.example,New Ltd\nc@new.example,\n'
                'd@gmail.com,Small\ne@unnamed.example,\n')
        intake = self._create_file_intake('list.csv', text.encode(), link_companies=True)
        intake.action_preview()
        intake.action_save()
        self._work()
        a, b, c, d, e = intake.line_ids.partner_id
        self.assertEqual(a.parent_id, company)
        self.assertEqual((b.parent_id.name, b.parent_id.is_company, b.parent_id), ('New Ltd', True, c.parent_id))
        self.assertFalse(d.parent_id, "a public mailbox is no company")
        self.assertFalse(e.parent_id, "there is no name to create it by")
        self.assertEqual((d.company_name, b.company_name), ('Small', False))
        self.assertEqual(intake.saved_count, 5)
        self.assertEqual((b.email, b.lang), ('b@sales.new.example', 'en_US'))

    def test_companies_that_it_created_go_unless_somebody_has_to_do_with_them(self):
        table = 'E-mail,Company\na@one.example,One\nb@two.example,Two\nc@three.example,Three\n'
        intake = self._create_file_intake('list.csv', table.encode(), link_companies=True)
        intake.action_preview()
        intake.action_save()
        self._work()
        companies = intake.line_ids.partner_id.parent_id
        self.assertEqual(companies.mapped('name'), ['One', 'Two', 'Three'])
        companies[1].message_post(body='Called')
        intake.line_ids[2].partner_id.message_post(body='Called')
        intake.action_undo()
        self._work()
        self.assertEqual(intake.state, 'undone')
        self.assertEqual(companies.exists().mapped('name'), ['Two', 'Three'])
