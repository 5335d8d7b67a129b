import ast
import re
from pathlib import Path

from odoo.tests import tagged

from ...tools.sender import dns_checks, spf
from .common import SenderCase


@tagged('post_install', '-at_install')
class TestSenderDnsWords(SenderCase):

    def test_each_verdict_has_its_sentence(self):
        codes = {node.args[0].value for node in ast.walk(ast.parse(Path(dns_checks.__file__).read_text()))
                 if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'Record'
                 and isinstance(node.args[0], ast.Constant)}
        codes |= {f'spf_{name}' for name in re.findall(r"_Fault\('(\w+)'", Path(spf.__file__).read_text())}
        codes |= {f'{name}_unknown' for name in ('spf', 'dkim', 'dmarc', 'mx', 'envelope')}
        self.assertGreater(len(codes), 30)
        for code in codes:
            with self.subTest(code=code):
                self.assertTrue(self.sender._get_dns_text(dns_checks.Record(code, 'warn', 'a.example')))
