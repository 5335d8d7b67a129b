from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..results.common import ResultCase

FAINT = Path(__file__).with_name('contrast.js').read_text()
CODE = f"""
    setTimeout(() => {{
        const faults = {FAINT};
        if (faults.length) {{
            console.error(JSON.stringify(faults));
        }} else {{
            console.log("test successful");
        }}
    }}, 500);"""
# Odoo's greys the other way round and its colour for what is clicked lighter, as its dark mode has them.
DARK = """
    $o-webclient-color-scheme: dark;
    $o-white: #1b1d26; $o-black: #ffffff;
    $o-gray-100: #1b1d26; $o-gray-200: #262a36; $o-gray-300: #3c3e4b; $o-gray-400: #5a5e6b; $o-gray-500: #7e8290;
    $o-gray-600: #a3a7b3; $o-gray-700: #c4c8d2; $o-gray-800: #dfe1e6; $o-gray-900: #f1f2f4;
    $o-view-background-color: #262a36; $o-brand-primary: #b0a4de; $o-action: #b0a4de;
"""


@tagged('post_install', '-at_install')
class TestContrast(HttpCase, ResultCase):
    """What our styles write can be told from what is behind it, 4.5 to 1, in light and in dark."""

    def setUp(self):
        super().setUp()
        day = fields.Date.today() - timedelta(days=4)
        partners = self._create_partners(8, batch=min(day.day, 30))
        self.run_, traces = self._mail(partners, str(day))
        for partner in partners[:4]:
            self._open(traces[partner])
        self._count(self.run_)
        with self.at(fields.Date.today()):
            self.env['cadence.run']._plan_ahead(fields.Datetime.now())
        self.pages = [
            ('cadence-results', '.o_cadence_results'),
            (f'cadence-segments/{self.segment.id}', '.o_cadence_grid_cell'),
            (f'cadence-senders/{self.segment.sender_id.id}', '.o_cadence_dials'),
            (f'cadence-runs/{self.run_.id}', '.o_cadence_story'),
            ('cadence-senders?view_type=kanban', '.o_kanban_record, .o_data_row'),
        ]

    def _look(self):
        for path, there in self.pages:
            with self.subTest(path=path):
                self.browser_js(f'/odoo/{path}', CODE, f"!!document.querySelector('{there}')", login='admin', timeout=180)

    def test_in_light_mode_everything_can_be_read(self):
        self._look()

    def test_in_dark_mode_everything_can_be_read(self):
        url = '/mass_mailing_cadence/static/src/scss/dark_of_a_test.scss'
        self.env['ir.attachment'].create({
            'name': 'dark', 'url': url, 'raw': DARK.encode(), 'mimetype': 'text/scss', 'type': 'binary', 'public': True})
        self.env['ir.asset'].create({
            'name': 'dark', 'bundle': 'web._assets_primary_variables', 'directive': 'prepend', 'path': url})
        self._look()

    def test_what_is_too_faint_is_found(self):
        script = f"""
            document.querySelector('.o_action_manager').insertAdjacentHTML('beforeend',
                '<p class="o_cadence_faint" style="position:fixed;inset:0;z-index:9999;background:#fff;color:#999">Faint</p>');
            const faults = {FAINT};
            console[faults.length === 1 ? "log" : "error"](faults.length === 1 ? "test successful" : JSON.stringify(faults));"""
        self.browser_js(
            '/odoo/cadence-costs', script, "!!document.querySelector('.o_view_controller')", login='admin', timeout=180)
