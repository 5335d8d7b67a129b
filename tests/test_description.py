import importlib.util
import re
from pathlib import Path

from lxml import html
from odoo.tests import TransactionCase, tagged

MODULE = Path(__file__).parents[1]


def load_script():
    spec = importlib.util.spec_from_file_location('description', MODULE / 'dev' / 'description.py')
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@tagged('post_install', '-at_install')
class TestDescription(TransactionCase):
    """What Odoo's app list tells of the module."""

    def test_the_page_is_in_step_with_the_readme(self):
        script = load_script()
        self.assertEqual(script.PAGE.read_text(), script.render(), "run `make description`")

    def test_odoo_shows_it_with_pictures_and_tables(self):
        module = self.env.ref('base.module_mass_mailing_cadence')
        page = html.fromstring(module.description_html)
        self.assertEqual(page.xpath('//h1[1]')[0].text, 'Mailing Cadence')
        self.assertTrue(page.xpath('//table[contains(@class, "table")]//td'))
        pictures = page.xpath('//img/@src')
        self.assertGreater(len(pictures), 3)
        for picture in pictures:
            path = picture.removeprefix('/mass_mailing_cadence/')
            self.assertTrue((MODULE / path).is_file(), picture)
        self.assertFalse([link for link in page.xpath('//a/@href') if not re.match('https?://', link)])
        self.assertFalse(page.xpath('//text()[contains(., "make run") or contains(., "<!--") or contains(., "](")]'))

    def test_the_app_has_an_icon_a_summary_and_a_chinese_page(self):
        module = self.env.ref('base.module_mass_mailing_cadence')
        self.assertTrue(module.application)
        self.assertTrue(module.icon_image)
        self.assertTrue(module.summary)
        self.assertIn('营销节奏', module.description_html)
