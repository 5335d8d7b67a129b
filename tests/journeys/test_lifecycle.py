import subprocess
from contextlib import contextmanager
from threading import Event, Thread

import psycopg2
from odoo.tests import tagged

from ..server import TIMEOUT, ServerCase

USE = """
env = env(context=dict(env.context, tracking_disable=True, lang='en_US'))
customers = env['cadence.customer.group'].create({'name': 'Lifecycle'})
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'customer_group_id': customers.id, 'tz': 'UTC', 'email_from': 'x@me.example'})
group = env.ref('mass_mailing_cadence.tag_group_marketing')
letter = env['cadence.letter'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'x', 'step': 1})
letter.mailing_id.body_html = '<p>Hello</p><a href="/unsubscribe_from_list">Unsubscribe</a>'
intake = env['cadence.intake'].create({'segment_id': segment.id, 'pasted_text': 'kept@life.example', 'start_date': '2026-07-05'})
intake.action_preview()
intake.action_save()
intake.line_ids.partner_id.category_id += env.ref('mass_mailing_cadence.tag_competitor')
env['cadence.run']._cron_queue_today()
env.cr.commit()
"""
# A day that is composed and waits for the mail queue, and favourites of people.
COMPOSE = """
env = env(context=dict(env.context, tracking_disable=True, lang='en_US'))
segment = env['cadence.segment'].search([('customer_group_id.name', '=', 'Lifecycle')])
group = env.ref('mass_mailing_cadence.tag_group_marketing')
run = env['cadence.run'].search([('segment_id', '=', segment.id), ('tag_group_id', '=', group.id)], order='date', limit=1)
tags = segment._get_batch_tags(group, run._get_due_numbers()[:1])
partners = env['res.partner'].create([{
    'name': f'Life {n}', 'email': f'life{n}@life{n}.example', 'category_id': tags.ids} for n in range(3)])
env['cadence.audience']._reserve(run, run._get_letters())
mailing = run._queue_mailings()[0]
composer = env['mail.compose.message'].with_context(active_ids=mailing._get_recipients()).create({
    'composition_mode': 'mass_mail', 'model': 'res.partner', 'mass_mailing_id': mailing.id, 'subject': 'x', 'body': '<p>x</p>',
    'email_from': mailing.email_from, 'force_send': False})
composer._action_send_mail()
env['cadence.view'].create([
    {'name': 'Mine', 'condition_ids': [(0, 0, {'field': 'tag_group', 'operator': 'any', 'tag_group_ids': [
        (6, 0, env.ref('mass_mailing_cadence.tag_group_risk').ids)]})]},
    {'name': 'By address', 'condition_ids': [(0, 0, {'field': 'email', 'operator': 'ends', 'value': 'x.example'})]}])
env['ir.filters'].create({'name': 'Stages', 'model_id': 'res.partner', 'domain': "[('cadence_stage', '=', 'risk')]"})
env.cr.commit()
print('waiting', env['mail.mail'].search_count([('mailing_id', '=', mailing.id), ('state', '=', 'outgoing')]))
"""
WORK = """
partners = env['res.partner'].search(env['ir.filters'].search([('name', '=', 'Mine')])._get_eval_domain())
print('mine', partners.mapped('email'))
env['mail.mail'].process_email_queue()
env['mailing.mailing']._process_mass_mailing_queue()
print('sent', env['mailing.trace'].search_count([('trace_status', 'not in', ('cancel', 'outgoing')), ('email', 'like', 'life%')]))
print('recipients', [len(mailing._get_recipients()) for mailing in env['mailing.mailing'].search([('campaign_id', '!=', False)])])
"""
# The segment is set up again as it was.
RETURN = """
segment = env['cadence.segment'].with_context(lang='en_US').create({
    'lang_id': env.ref('base.lang_en').id, 'tz': 'UTC', 'email_from': 'x@me.example',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'Lifecycle'}).id})
kept = env['res.partner'].search([('email', '=', 'kept@life.example')])
print('kept', kept.cadence_stage, kept.cadence_batch_ids.cadence_batch, kept.cadence_batch_ids.cadence_segment_id == segment)
print('alike', env['res.partner.category'].search_count([('name', '=', 'Competitor')]),
      env['crm.lost.reason'].search_count([('name', '=', 'Is a competitor')]))
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

    @classmethod
    def _shell(cls, script):
        """In a process that has loaded nothing before: the module is not there all the time."""
        done = subprocess.run(
            [*cls._odoo('shell'), '--no-http'], input=script, text=True, timeout=TIMEOUT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode or 'Traceback' in done.stdout:
            raise AssertionError(done.stdout[-4000:])
        return done.stdout

    def _update(self, *arguments):
        done = subprocess.run([*self._odoo('server'), *arguments, '--stop-after-init', '--no-http'],
                              text=True, timeout=TIMEOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        self._assert_clean(done.stdout)

    @contextmanager
    def _others_at_work(self):
        """Somebody reads contacts and traces all the time, waits for no lock longer than some seconds, and changes a contact."""
        errors, is_over = [], Event()

        def work():
            [[contact]] = self._sql("SELECT MIN(id) FROM res_partner WHERE email LIKE 'old%'")
            while not is_over.wait(.1):
                try:
                    self._sql("SET lock_timeout = '5s'; SELECT MAX(id) FROM res_partner")
                    self._sql("SET lock_timeout = '5s'; SELECT MAX(id) FROM mailing_trace")
                    self._sql(f"UPDATE res_partner SET comment = 'x' WHERE id = {contact} RETURNING id")
                except psycopg2.Error as error:
                    errors.append(str(error))

        thread = Thread(target=work)
        thread.start()
        try:
            yield errors
        finally:
            is_over.set()
            thread.join()

    def _assert_clean(self, log):
        self.assertNotRegex(log, r' (ERROR|CRITICAL) ')

    def test_upgrade_uninstall_and_install_again_keep_the_contacts_and_their_tags_and_nothing_leaves_meanwhile(self):
        self._shell(USE)
        self.assertIn('waiting 3', self._shell(COMPOSE))
        self._update('-u', 'mass_mailing_cadence')
        tags = self._sql(TAGS_OF_CONTACT)
        self.assertEqual(tags, [('Competitor',), ('English-Lifecycle-Marketing05',)])

        self._assert_clean(self._shell(UNINSTALL))
        self.assertEqual(self._sql(TAGS_OF_CONTACT), tags)
        self._check_nothing_is_left_of_the_module()
        self._check_nothing_leaves(self._shell(WORK + FILL))

        with self._others_at_work() as errors:
            self._update('-i', 'mass_mailing_cadence')
        self.assertEqual(errors, [])
        self.assertEqual(self._sql("SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid")[0][0], 0)
        self.assertEqual(
            self._sql("SELECT name, cadence_company_domain FROM res_partner WHERE email LIKE 'old%' ORDER BY name"),
            [('Mailbox', None), ('Old 0', 'acme.co.uk'), ('Old 1', 'acme.co.uk'), ('Old 2', 'acme.co.uk')])
        self.assertEqual(self._sql(TAGS_OF_CONTACT), tags)
        output = self._shell(RETURN)
        self.assertIn('kept risk 5 True', output)
        self.assertIn('alike 1 1', output)

    def _check_nothing_is_left_of_the_module(self):
        self.assertEqual(self._sql("SELECT COUNT(*) FROM ir_model_data WHERE module = 'mass_mailing_cadence'")[0][0], 0)
        self.assertEqual(self._sql("SELECT COUNT(*) FROM ir_filters WHERE active AND domain LIKE '%cadence%'")[0][0], 0)
        self.assertEqual(
            self._sql("SELECT name, active FROM ir_filters WHERE name IN ('Mine', 'By address', 'Stages', 'Risk') ORDER BY name"),
            [('Mine', True), ('Stages', False)])

    def _check_nothing_leaves(self, output):
        self.assertIn("mine ['kept@life.example']", output)
        self.assertIn('sent 0', output)
        self.assertIn('recipients [0]', output)
        self.assertEqual(self._sql("SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing'")[0][0], 0)
