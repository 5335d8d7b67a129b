import ast
import re
from pathlib import Path

from lxml import etree
from odoo.tests import tagged

from .common import CadenceCase

MODULE = Path(__file__).parents[1]
# Widgets that show a colour or a handle and no word.
WORDLESS = {'color', 'color_picker', 'handle', 'boolean_favorite', 'state_selection', 'priority'}
SEMANTIC = re.compile(r'(?:text|text-bg|bg|alert|border|btn-outline)-(?:danger|warning|success|info)\b')
WORDS = {'t-out', 't-esc', 'title', 't-att-title', 't-attf-title', 'aria-label', 't-att-aria-label', 'string'}


def get_names(expression):
    """The fields that an expression asks for; a view's own names are none."""
    names = {node.id for node in ast.walk(ast.parse(expression.strip(), mode='eval')) if isinstance(node, ast.Name)}
    return names - {'uid', 'context', 'parent', 'True', 'False', 'context_today', 'current_date', 'today', 'now'}


def get_shown(scope):
    """The fields of which the scope says something: shown themselves, or with words where they are set."""
    told = {
        name for node in scope.iter(etree.Element) if node.get('t-if') and has_words(node)
        for name in re.findall(r'record\.(\w+)', node.get('t-if'))}
    return told | {
        field.get('name') for field in scope.iter('field')
        if field.get('column_invisible') not in ('1', 'True') and field.get('invisible') not in ('1', 'True')
        and field.get('optional') != 'hide' and field.get('widget') not in WORDLESS}


def get_scope(node):
    """The list, card or page in which somebody sees the node."""
    return next((
        parent for parent in node.iterancestors() if parent.tag in ('list', 'form') or parent.get('t-name') == 'card'),
        node.getroottree().getroot())


def find_untold_decorations(arch):
    """What is decorated for a state that no visible field says in words."""
    for node in arch.iter('list', 'field'):
        shown = get_shown(node if node.tag == 'list' else get_scope(node))
        if node.tag == 'field' and node.get('widget') not in WORDLESS:
            shown |= {node.get('name')}
        for key, expression in node.attrib.items():
            if key.startswith('decoration-') and (missing := get_names(expression) - shown):
                yield f"{node.tag} {node.get('name', '')} {key}: {', '.join(sorted(missing))}"


def has_words(node):
    return bool(''.join(node.itertext()).strip()) or any(
        part.tag == 'field' or WORDS & set(part.attrib) for part in node.iter() if isinstance(part.tag, str))


def find_untold_classes(arch):
    """What has a colour that means something, and neither words nor a number for who hears the page."""
    for node in arch.iter(etree.Element):
        classes = ' '.join(value for key, value in node.attrib.items() if key in ('class', 't-att-class', 't-attf-class'))
        if not SEMANTIC.search(classes) or has_words(node):
            continue
        parent = node.getparent()
        is_bar = parent is not None and {'aria-valuenow', 't-att-aria-valuenow'} & set(parent.attrib)
        # An icon or the bar of a figure stands beside its words.
        if not is_bar and not (parent is not None and has_words(parent)):
            yield f'<{node.tag} class="{classes}">'


def find_untold_choices(arch):
    """Buttons of several, of which one looks chosen and does not say so."""
    for node in arch.iter('button', 'a'):
        classes = f"{node.get('t-att-class', '')} {node.get('t-attf-class', '')}"
        if "'active'" in classes and not {'t-att-aria-pressed', 't-att-aria-current', 't-att-aria-selected'} & set(node.attrib):
            yield f'<{node.tag} class="{classes}">'


def find_untold_icons(arch):
    for node in arch.iter('i', 'span'):
        classes = f"{node.get('class', '')} {node.get('t-attf-class', '')} {node.get('t-att-class', '')}"
        parent = node.getparent()
        is_hidden = any(each.get('aria-hidden') for each in (node, *node.iterancestors()))
        if re.search(r'\b(?:fa|oi)\b', classes) and not is_hidden and not has_words(node) \
                and not (parent is not None and has_words(parent)):
            yield f'<{node.tag} class="{classes}">'


@tagged('post_install', '-at_install')
class TestColours(CadenceCase):
    """Colour is never the only sign: what a row, badge, bar or icon is coloured for can be read, or heard."""

    def _get_archs(self):
        ours = self.env['ir.model.data'].search([('module', '=', 'mass_mailing_cadence'), ('model', '=', 'ir.ui.view')])
        for view in self.env['ir.ui.view'].browse(ours.mapped('res_id')).filtered('model'):
            arch = view.arch_db if view.inherit_id else self.env[view.model].get_view(view.id, view.type)['arch']
            yield view.name, etree.fromstring(arch)

    def _get_templates(self):
        for path in sorted((MODULE / 'static/src').rglob('*.xml')):
            yield path.name, etree.parse(path).getroot()

    def _check(self, find, pages):
        faults = [f'{name}: {fault}' for name, arch in pages for fault in find(arch)]
        self.assertEqual(faults, [])

    def test_a_decoration_says_what_a_visible_field_says(self):
        pages = list(self._get_archs())
        self.assertGreater(sum('decoration-' in etree.tostring(arch).decode() for _name, arch in pages), 10)
        self._check(find_untold_decorations, pages)

    def test_what_is_coloured_has_words(self):
        self._check(find_untold_classes, [*self._get_archs(), *self._get_templates()])

    def test_what_is_chosen_says_so(self):
        self._check(find_untold_choices, self._get_templates())

    def test_an_icon_has_words(self):
        self._check(find_untold_icons, [*self._get_archs(), *self._get_templates()])

    def test_what_only_a_colour_tells_is_found(self):
        arch = etree.fromstring("""
            <list decoration-danger="state == 'paused' or is_held">
                <field name="name" decoration-warning="is_late"/>
                <field name="state" widget="badge" decoration-danger="state == 'paused'"/>
                <field name="is_held" optional="hide"/>
                <field name="color" widget="color_picker" decoration-info="color"/>
            </list>""")
        self.assertEqual(list(find_untold_decorations(arch)), [
            'list  decoration-danger: is_held', 'field name decoration-warning: is_late', 'field color decoration-info: color'])
        page = etree.fromstring("""
            <t>
                <div><span class="badge text-bg-danger"/></div><div><span class="text-danger">Paused</span></div>
                <div class="progress" t-att-aria-valuenow="part"><div class="progress-bar bg-warning"/></div>
                <p><i class="fa fa-times"/></p><p><i class="fa fa-times"/> Paused</p>
                <button t-attf-class="btn {{isIt ? 'active' : ''}}">A</button>
            </t>""")
        self.assertEqual(list(find_untold_classes(page)), ['<span class="badge text-bg-danger">'])
        self.assertEqual(len(list(find_untold_icons(page))), 1)
        self.assertEqual(len(list(find_untold_choices(page))), 1)
