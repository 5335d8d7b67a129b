from pathlib import Path

from odoo.tests import tagged

from ..server import ServerCase

MIGRATION = Path(__file__).parents[2] / 'migrations' / '19.0.1.1.0' / 'post-migrate.py'

# Two intakes as version 19.0.1.0.0 left them: one saved, one at its preview.
SCRIPT = """
import runpy
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'email_from': 'old@me.example', 'tz': 'UTC',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'Old'}).id})
intakes = env['cadence.intake'].create([{
    'segment_id': segment.id, 'start_date': '2026-07-05', 'pasted_text': text} for text in ('a@old.example', 'b@old.example')])
for intake in intakes:
    intake.action_preview()
intakes[0].action_save()
env.flush_all()
env.cr.execute('''
    ALTER TABLE cadence_intake_line ADD COLUMN text varchar, ADD COLUMN name varchar;
    UPDATE cadence_intake_line SET text = 'Ann <a@old.example>', name = 'Ann', cells = NULL;
    UPDATE cadence_intake SET tally = NULL''')
env.invalidate_all()
runpy.run_path('MIGRATION')['migrate'](env.cr, '19.0.1.0.0')
env.invalidate_all()
saved, read = intakes
print('saved', saved.state, saved.saved_count, saved.line_ids.name, saved.line_ids.text)
print('read', read.state, len(read.line_ids))
"""


@tagged('post_install', '-at_install')
class TestMigrations(ServerCase):

    def test_intakes_of_the_first_version_keep_their_history(self):
        output = self._shell(SCRIPT.replace('MIGRATION', str(MIGRATION)))
        self.assertIn('saved done 1 Ann Ann <a@old.example>', output)
        self.assertIn('read draft 0', output)
