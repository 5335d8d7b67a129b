import ast
import re
from pathlib import Path
from unittest import TestCase

MODULE = Path(__file__).parents[1]
# Table → the one file that may write it, and what variables that hold its records are called. Uninstalling clears all of them.
HOMES = {
    'cadence_departure': ('models/day/cadence_departure.py', r'departures?'),
    'cadence_intake': ('models/intake/cadence_intake.py', r'intakes?'),
    'cadence_journal': ('models/follow/cadence_journal.py', r'journals?|entr(?:y|ies)'),
    'cadence_reply': ('models/follow/cadence_reply.py', r'repl(?:y|ies)'),
    'cadence_touch': ('models/day/cadence_touch.py', r'touch(?:es)?|waiting|fallen|late|held'),
    'cadence_intake_line': ('models/intake/cadence_intake_line.py', r'lines?|kept|removed|dead'),
}
SOURCES = [path for folder in ('models', 'wizards', 'controllers', 'report') for path in sorted((MODULE / folder).rglob('*.py'))]


def find_writes(source, table, names):
    """Return the numbers of the lines of a source that write a table by SQL or the state of its records by the ORM.

    :param names: pattern of the names of variables with such records
    """
    model = table.replace('_', '.')
    statement = re.compile(rf'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY|TRUNCATE)\s+(?:ONLY\s+)?"?{table}\b', re.IGNORECASE)
    found = []

    def is_ours(receiver, models):
        text = ast.unparse(receiver)
        root = re.split(r'[.\[(]', text, maxsplit=1)[0]
        last = re.sub(r'\.(?:sudo|with_\w+|exists|filtered)\(.*?\)', '', text).rpartition('.')[2]
        return f"env['{model}']" in text or (text.startswith('self') and last == root and model in models) or bool(
            re.fullmatch(names, last.removesuffix('_id').removesuffix('_ids')))

    def visit(node, models):
        if isinstance(node, ast.ClassDef):
            models = {
                value.value for part in node.body if isinstance(part, ast.Assign)
                and getattr(part.targets[0], 'id', '') in ('_name', '_inherit') for value in ast.walk(part.value)
                if isinstance(value, ast.Constant)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value):
            found.append(node.lineno)
        elif isinstance(node, ast.Assign | ast.AugAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and target.attr == 'state' and is_ours(target.value, models):
                    found.append(node.lineno)
        elif isinstance(node, ast.Call) and getattr(node.func, 'attr', '') in ('write', '_write', 'create'):
            keys = {key.value for child in node.args for part in ast.walk(child) if isinstance(part, ast.Dict)
                    for key in part.keys if isinstance(key, ast.Constant)}
            if 'state' in keys and is_ours(node.func.value, models):
                found.append(node.lineno)
        for child in ast.iter_child_nodes(node):
            visit(child, models)

    visit(ast.parse(source), set())
    return found


class TestOneHome(TestCase):
    """Whoever wants to know what becomes of a row reads one file."""

    def test_a_table_is_written_by_one_file(self):
        for table, (home, names) in HOMES.items():
            self.assertTrue((MODULE / home).exists(), home)
            for path in SOURCES:
                name = str(path.relative_to(MODULE))
                if name != home:
                    with self.subTest(table=table, file=name):
                        self.assertEqual(find_writes(path.read_text(), table, names), [], f"{name} writes {table}: {home} does")

    def test_the_check_finds_what_it_is_for(self):
        for source in (
            'SQL("""\n UPDATE cadence_intake\n SET x = 1""")',
            'SQL("INSERT INTO cadence_intake (x) SELECT 1")',
            'cr.execute("delete from cadence_intake where id = 1")',
            "intake.state = 'done'",
            "self.intake_id.sudo().write({'x': 1, 'state': 'done'})",
            "self.env['cadence.intake'].create({'state': 'done'})",
            "class A:\n _inherit = 'cadence.intake'\n def f(self):\n  self.write({'state': 'done'})",
            "class A:\n _inherit = ['cadence.intake', 'x']\n def f(self):\n  self.sudo().state = 'done'",
        ):
            with self.subTest(source=source):
                self.assertTrue(find_writes(source, 'cadence_intake', 'intakes?'))

    def test_the_check_leaves_others_alone(self):
        for source in (
            'SQL("UPDATE cadence_intake_line SET x = 1")',
            'SQL("SELECT FROM cadence_intake FOR UPDATE")',
            "mail.state = 'done'",
            "self.chunk_ids.write({'state': 'done'})",
            "intake.write({'name': 'x'})",
            "class A:\n _inherit = 'mail.mail'\n def f(self):\n  self.write({'state': 'done'})",
        ):
            with self.subTest(source=source):
                self.assertFalse(find_writes(source, 'cadence_intake', 'intakes?'))
