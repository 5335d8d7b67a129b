import re
from functools import cache

from odoo import models
from odoo.exceptions import UserError

from .cadence_intake_column import BASE_FIELDS


def part_names(text):
    """The names of tags in a cell, in whichever way they are parted."""
    return [name for part in re.split('[;,，；]', text or '') if (name := part.strip())]


class CadenceIntake(models.Model):
    """What the cells of an intake mean: countries, languages, tags, companies and other fields of a contact by their names."""
    _inherit = 'cadence.intake'

    def _get_value_readers(self, rows, savepoint):
        """{field: a function from a cell's text to the field's value} for these rows; each text is looked up once.

        :param savepoint: for Odoo's import to fall back to
        """
        names = {name for row in rows for name in row}
        countries = self._get_countries() if 'country' in names else {}
        readers = {
            'country': lambda text: countries.get((text or '').strip().casefold()),
            'lang': self._read_lang,
            'tags': self._read_tags,
        }
        if others := names - set(BASE_FIELDS):
            readers |= self._get_converters(others, savepoint)
        return {name: cache(reader) for name, reader in readers.items()}

    def _get_countries(self):
        """{name or code in lower case: country id}, in every installed language."""
        ids = {}
        for code, _name in self.env['res.lang'].get_installed():
            countries = self.env['res.country'].with_context(lang=code).search_fetch([('code', '!=', False)], ['name', 'code'])
            for country in countries:
                ids[country.name.casefold()] = ids[country.code.casefold()] = country.id
        return ids

    def _read_lang(self, text):
        """The code of an installed language by its code or name; the segment's language for any other."""
        langs = self.env['res.lang'].get_installed()
        if text and (wanted := text.strip().casefold()):
            for code, name in langs:
                if wanted in (code.casefold(), name.casefold()) or name.casefold().startswith(f'{wanted} '):
                    return code
            for code, _name in langs:
                if code.casefold().partition('_')[0] == wanted.partition('_')[0].partition('-')[0]:
                    return code
        lang = self.segment_id.lang_id
        return lang.code if lang.active else self.env.lang

    def _read_tags(self, text):
        """Ids of the contact tags with these names, parted by commas or semicolons; missing ones are created."""
        Tag = self.env['res.partner.category']
        ids = []
        for name in part_names(text):
            tag = Tag.search([('name', '=', name)], limit=1)
            if not tag:
                self.env['cadence.intake.claim'].sudo()._claim([f'tag:{name}'])  # no second worker creates it
                tag = Tag.create({'name': name})
            ids.append(tag.id)
        return ids

    def _get_converters(self, names, savepoint):
        """{field: a function from text to what `create` takes}: Odoo's own import does it.

        The functions raise a UserError that names the field.
        """
        Partner = self.env['res.partner']
        convert = self.env['ir.fields.converter'].for_model(Partner, savepoint=savepoint)

        def get_reader(name):
            label = Partner._fields[name]._description_string(self.env)

            def refuse(_name, error):
                if not isinstance(error, Warning):
                    raise UserError(f'{label}: {error}'.replace('%(field)s', label))

            def read(text):
                return convert({name: [{None: text}] if Partner._fields[name].type == 'many2one' else text}, refuse)[name]
            return read

        return {name: get_reader(name) for name in names}
