import ast
from pathlib import Path
from unittest import TestCase

MODULE = Path(__file__).parents[1]
# Files without a test of their own name yet, and the one to look into. It gets shorter, never longer.
ELSEWHERE = {
}


def has_logic(path):
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text())))


def find_unmirrored():
    """The source files with a function in them whose `test_<file>.py` is nowhere in tests/<wing>/, or tests/ for the rest."""
    for folder in ('models', 'tools', 'wizards', 'controllers'):
        for path in sorted((MODULE / folder).rglob('*.py')):
            wing = path.relative_to(MODULE / folder).parts[0] if folder == 'models' else ''
            places = MODULE / 'tests' / (wing if (MODULE / 'tests' / wing).is_dir() else '')
            if has_logic(path) and not list(places.rglob(f'test_{path.name}')):
                yield str(path.relative_to(MODULE))


class TestMirror(TestCase):

    def test_each_source_file_with_logic_has_its_test_in_its_wing(self):
        self.assertEqual(set(find_unmirrored()) - ELSEWHERE.keys(), set())

    def test_the_list_of_exceptions_holds_no_other(self):
        self.assertEqual(ELSEWHERE.keys() - set(find_unmirrored()), set())
        self.assertEqual([path for path in ELSEWHERE.values() if not (MODULE / 'tests' / path).is_file()], [])
