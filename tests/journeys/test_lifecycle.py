import subprocess

from odoo.tests import tagged

from ..server import TIMEOUT, ServerCase

USE = """
env = env(context=dict(env.context, tracking_disable=True, lang='en_US'))
customers = env['cadence.customer.group'].create({'name': 'Lifecycle'})
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'tz': 'UTC', 'email_from': 'x@me.example'})
group = env.ref('mass_mailing_cadence.tag_group_marketing')
letter = env['cadence.letter'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'x', 'step': 1})
letter.mailing_id.body_html = '<p>Hello</p>'
intake = env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'kept@life.example', 'start_date': '2026-07-05'})
intake.action_preview()
intake.action_save()
intake.line_ids.partner_id.category_id += env.ref('mass_mailing_cadence.tag_competitor')
env['cadence.run']._cron_queue_today()
env.cr.commit()
"""
UNINSTALL = """
env['ir.module.module'].search([('name', '=', 'mass_mailing_cadence')]).button_immediate_uninstall()
env.cr.commit()
"""
TAGS_OF_CONTACT = """
    SELECT tag.name->>'en_US'
      FROM res_partner partner
      JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = partner.id
      JOIN res_partner_category tag ON tag.id = rel.category_id
     WHERE partner.email = 'kept@life.example'
  ORDER BY 1
"""
# A database that holds data before the module comes.
FILL = """
env['res.partner'].create([{'name': f'Old {n}', 'email': f'old{n}@mail.acme.co.uk'} for n in range(3)])
env['res.partner'].create({'name': 'Mailbox', 'email': 'old@gmail.com'})
env.cr.commit()
"""


@tagged('post_install', '-at_install')
class TestLifecycle(ServerCase):
    """Upgrade, uninstall and install again on a database in use: no error in the log, and people's data stay."""

    def _update(self, *arguments):
        done = subprocess.run([*self._odoo('server'), *arguments, '--stop-after-init', '--no-http'],
                              text=True, timeout=TIMEOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        self._assert_clean(done.stdout)

    def _assert_clean(self, log):
        self.assertNotRegex(log, r' (ERROR|CRITICAL) ')

    def test_upgrade_uninstall_and_install_again_keep_the_contacts_and_their_tags(self):
        self._shell(USE)
        self._update('-u', 'mass_mailing_cadence')
        tags = self._sql(TAGS_OF_CONTACT)
        self.assertEqual(tags, [('Competitor',), ('English-Lifecycle-Marketing05',)])
        self._assert_clean(self._shell(UNINSTALL))
        self.assertEqual(self._sql(TAGS_OF_CONTACT), tags)
        self.assertEqual(self._sql("SELECT COUNT(*) FROM ir_filters WHERE domain LIKE '%cadence%'")[0][0], 0)
        self._shell(FILL)
        self._update('-i', 'mass_mailing_cadence')
        self.assertEqual(
            self._sql("SELECT name, cadence_company_domain FROM res_partner WHERE email LIKE 'old%' ORDER BY name"),
            [('Mailbox', None), ('Old 0', 'acme.co.uk'), ('Old 1', 'acme.co.uk'), ('Old 2', 'acme.co.uk')])
        self.assertEqual(self._sql(TAGS_OF_CONTACT), tags)
