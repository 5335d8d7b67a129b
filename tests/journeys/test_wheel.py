import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import tagged
from odoo.tools import config

from ..server import TIMEOUT, ServerCase


@tagged('post_install', '-at_install')
class TestWheel(ServerCase):
    """What `pip install` of a clone gives, in an Odoo that has never seen the repository."""
    template = 'CADENCE_BASE_DB'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        clone = cls.folder / 'a clone of any name'
        unneeded = shutil.ignore_patterns('.git', '.dev', '__pycache__')
        shutil.copytree(get_module_path('mass_mailing_cadence'), clone, ignore=unneeded)
        cls._run(sys.executable, '-m', 'pip', 'wheel', '--quiet', '--no-index', '--no-deps', '--no-build-isolation',
                 '--wheel-dir', cls.folder, clone)
        [cls.wheel] = cls.folder.glob('*.whl')

    @classmethod
    def _run(cls, *command, **kwargs):
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, **kwargs)
        if done.returncode:
            raise AssertionError(f'{command}: {done.stdout}')
        return done.stdout

    def test_the_wheel_has_the_modules_name_and_what_an_odoo_needs_of_it_alone(self):
        self.assertRegex(self.wheel.name, r'^odoo_addon_mass_mailing_cadence-19\.0\.[\d.]+-py3-none-any\.whl$')
        with zipfile.ZipFile(self.wheel) as wheel:
            names = wheel.namelist()
            [metadata] = [wheel.read(name).decode() for name in names if name.endswith('METADATA')]
        self.assertRegex(metadata, r'(?m)^Requires-Dist: odoo *==19\.0')
        self.assertRegex(metadata, r'(?m)^Requires-Dist: rapidfuzz')
        prefix = 'odoo/addons/mass_mailing_cadence/'
        top = {re.match(rf'{prefix}([^/]+)', name)[1] for name in names if name.startswith(prefix)}
        self.assertEqual(top, {
            '__init__.py', '__manifest__.py', 'hooks.py', 'prepare.py', 'controllers', 'data', 'demo', 'i18n', 'migrations',
            'models', 'security', 'static', 'tools', 'uninstall.py', 'views', 'wizards', 'README.md', 'CHANGELOG.md', 'LICENSE'})
        for name in ('static/description/index.html', 'static/description/icon.png', 'models/day/cadence_run.py'):
            self.assertIn(prefix + name, names)

    def test_an_odoo_installs_the_module_from_the_wheel(self):
        python = self.folder / 'fresh' / 'bin' / 'python'
        self._run(sys.executable, '-m', 'venv', '--without-pip', self.folder / 'fresh')
        site = Path(self._run(python, '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))').strip())
        # Odoo and its libraries are there already, the module is not.
        (site / 'beside.pth').write_text(f'import site; site.addsitedir({sysconfig.get_path("purelib")!r})\n')
        self._run(sys.executable, '-m', 'pip', '--quiet', '--python', python, 'install', '--no-index', '--no-deps', self.wheel)
        path = ','.join(folder for folder in config['addons_path'] if not Path(folder, 'mass_mailing_cadence').exists())
        log = self._run(
            python, '-m', 'odoo', 'server', '-c', os.environ['CADENCE_ODOO_CONF'], '--addons-path', path, '-d', self.database,
            '-i', 'mass_mailing_cadence', '--without-demo', '--no-http', '--stop-after-init', '--log-level=warn', cwd=self.folder)
        self.assertNotRegex(log, ' (ERROR|CRITICAL|WARNING) ')
        self.assertTrue((site / 'odoo' / 'addons' / 'mass_mailing_cadence' / '__manifest__.py').is_file())
        states = self._sql("SELECT state FROM ir_module_module WHERE name = 'mass_mailing_cadence'")
        self.assertEqual(states, [('installed',)])
