"""The call graph between the wings of models/ has no way back: read from the source, nothing of it is run."""
import ast
import re
from collections import defaultdict
from pathlib import Path
from unittest import TestCase

MODULE = Path(__file__).parents[1]
# What a wing builds on. It may override methods of Odoo and of these, and calls nothing of the others: what is to happen
# there is done by them, in a method that they override (`super`). Whoever adds a wing says here what it builds on.
BUILDS_ON = {
    'rhythm': (),
    'intake': ('rhythm',),
    'day': ('rhythm',),
    'follow': ('rhythm', 'day'),
    'results': ('rhythm', 'intake', 'day', 'follow'),
    'senders': ('rhythm', 'intake', 'day', 'follow', 'results'),
}
# Known ways back, each with its reason.
ALLOWED = {
    ('intake', 'day', 'cadence.run'): "an intake that is done shows at once in the runs that are planned",
    ('intake', 'day', 'cadence.touch'): "whom a mail has reached an undone intake keeps, and the ledger is what knows",
}
# Odoo or Python have methods of these names too.
COMMON = {'_trigger', '_add'}


class Wing:
    """What the files of a wing define, and where they name what."""

    def __init__(self, folder: Path):
        self.name = folder.name
        self.defined = set()
        self.named = defaultdict(list)
        self.imported = defaultdict(list)
        for path in sorted(folder.rglob('*.py')):
            for node in ast.walk(ast.parse(path.read_text())):
                self._read(node, f'{path.relative_to(MODULE)}:{getattr(node, "lineno", 0)}')

    def _read(self, node, where):
        match node:
            case ast.ClassDef(body=body):
                self.defined.update(name for item in body for name in _get_defined(item))
            case ast.ImportFrom(level=level, module=str() as module) if level > 1:
                self.imported[module.split('.')[0]].append(where)
            case ast.Attribute(attr=name) if name.startswith('_') or '_' in name:
                self.named[name].append(where)
            # Names of models and tables, of fields in domains and records, of methods for computes and hooks.
            case ast.Constant(value=str() as text):
                for name in re.findall(r'[a-z_]\w*(?:\.\w+)*', text):
                    for part in {name, name.replace('_', '.'), *name.split('.')}:
                        if '_' in part.strip('_') or '.' in part:
                            self.named[part].append(where)


def _get_defined(item):
    """The names that a statement of a class defines: a model, a field, a method."""
    match item:
        case ast.FunctionDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id='_name')], value=ast.Constant(value=str() as name)):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(value=ast.Name(id='fields')))):
            yield name


def find_ways_back(wings):
    """:return: {(wing, wing that it must not know, name): the places where it does}"""
    homes = defaultdict(set)
    for wing in wings:
        for name in wing.defined:
            homes[name].add(wing.name)
    ways = {}
    for wing in wings:
        strange = BUILDS_ON.keys() - {wing.name, *BUILDS_ON[wing.name]}
        for name, places in wing.named.items():
            # What two wings define does not tell which of them is meant.
            if len(homes[name]) == 1 and homes[name] <= strange and name not in COMMON:
                [home] = homes[name]
                ways[wing.name, home, name] = places
        for module in wing.imported.keys() & strange:
            ways[wing.name, module, 'import'] = wing.imported[module]
    return ways


class TestWings(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wings = [Wing(MODULE / 'models' / name) for name in BUILDS_ON]

    def test_every_folder_of_models_is_a_wing_that_says_what_it_builds_on(self):
        folders = {path.parent.name for path in (MODULE / 'models').glob('*/__init__.py')}
        self.assertEqual(folders, BUILDS_ON.keys())

    def test_no_wing_builds_on_one_that_builds_on_it(self):
        known = set()
        for wing, others in BUILDS_ON.items():
            self.assertLessEqual(set(others), known, f"{wing} builds on what comes after it")
            known.add(wing)

    def test_no_wing_names_what_belongs_to_one_that_it_does_not_build_on(self):
        ways = find_ways_back(self.wings)
        self.assertEqual({way: places for way, places in ways.items() if way not in ALLOWED}, {})
        self.assertEqual(ALLOWED.keys() - ways.keys(), set(), "these are gone: take them off the list")

    def test_what_a_wing_defines_is_seen(self):
        """Else the test above would be glad of anything."""
        defined = {wing.name: wing.defined for wing in self.wings}
        self.assertLessEqual({'cadence.segment', 'cadence_stage', '_get_batch_tags'}, defined['rhythm'])
        self.assertLessEqual({'cadence.touch', 'cadence_run_id', '_refresh_expected'}, defined['day'])
        self.assertIn('cadence.segment', self.wings[-1].named)
