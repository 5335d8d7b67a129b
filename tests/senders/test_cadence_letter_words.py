import ast
from pathlib import Path

from odoo.tests import tagged

from ...tools.sender import letter_checks
from .common import SenderCase

SOURCE = Path(letter_checks.__file__)


@tagged('post_install', '-at_install')
class TestLetterWords(SenderCase):

    def test_each_code_has_its_sentence(self):
        codes = {node.args[0].value for node in ast.walk(ast.parse(SOURCE.read_text()))
                 if isinstance(node, ast.Call) and getattr(node.func, 'id', '') == 'Finding'}
        self.assertGreater(len(codes), 25)
        for code in codes:
            with self.subTest(code=code):
                self.assertTrue(self.letter._get_finding_text(letter_checks.Finding(code, 'warn')))
