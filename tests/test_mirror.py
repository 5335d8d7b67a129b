import ast
from pathlib import Path
from unittest import TestCase

MODULE = Path(__file__).parents[1]


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
        self.assertEqual(list(find_unmirrored()), [])
