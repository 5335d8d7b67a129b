import json
from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL, babel_locale_parse

from ...tools import tag_name


class CadenceSegment(models.Model):
    """What segments and their batches are called: by their parts, in every language, unless a user chose another name."""
    _inherit = 'cadence.segment'

    def _get_language_name(self, lang):
        """The segment's language in the words of `lang`: 英语 for English in zh_CN (Unicode CLDR, through Babel)."""
        locale = babel_locale_parse(self.lang_id.code)
        name = locale.get_language_name(babel_locale_parse(lang)) or self.lang_id.name
        return name.replace('-', ' ')  # the hyphen separates the parts of a batch tag's name

    def _get_name(self, lang):
        if not (self.lang_id and self.customer_group_id):
            return False
        return f"{self._get_language_name(lang)}-{self.customer_group_id.with_context(lang=lang).name}"

    def _get_tag_name(self, group, number, lang):
        return tag_name.join(
            self._get_language_name(lang), self.customer_group_id.with_context(lang=lang).name,
            group.with_context(lang=lang).marker, number)

    def _get_batch_names(self):
        """{a batch's name without its number, folded: (segment, group)} in the words of every installed language."""
        groups = self.env['cadence.tag.group']._get_mailed_groups()
        return {
            tag_name.fold('-'.join((
                segment._get_language_name(lang), segment.customer_group_id.with_context(lang=lang).name,
                group.with_context(lang=lang).marker))): (segment, group)
            for lang, _name in self.env['res.lang'].get_installed()
            for segment in self
            for group in groups
        }

    def _get_batch_numbers(self):
        """{(segment, group, number)} of the batches that have their tag."""
        tags = self.env['res.partner.category'].sudo().with_context(active_test=False).search(
            [('cadence_segment_id', 'in', self.ids), ('cadence_batch', '>', 0)])
        return {(tag.cadence_segment_id, tag.cadence_group_id, tag.cadence_batch) for tag in tags}

    def _get_names(self, langs):
        """{(segment or batch tag, lang): its name as its parts make it}."""
        names = {}
        for segment in self.filtered('customer_group_id'):
            for lang in langs:
                names[segment, lang] = segment._get_name(lang)
                for tag in segment.sudo().tag_ids:
                    names[tag, lang] = segment._get_tag_name(tag.cadence_group_id, tag.cadence_batch, lang)
        return names

    # Names that follow

    @api.model
    def _get_every(self):
        """All segments, archived ones and those of other companies as well: what they are called is one thing."""
        return self.sudo().with_context(active_test=False).search([])  # pylint: disable=no-search-all; there are few

    def _translate_names(self, langs=None):
        """Write the segments' and their batches' names in `langs`, by default in every installed language."""
        self._write_names(self._get_names(langs or self._get_name_langs()))

    @contextmanager
    def _renaming(self, langs=None):
        """Where the block changes a part of the names, segments and batches follow; a name that a user chose stays.

        A tag stays the tag that it is: its contacts, runs and views keep it. What was renamed is said on the segment.
        """
        langs = langs or self._get_name_langs()
        before = self._get_names(langs)
        known = {(record, lang): record.with_context(lang=lang).name for record, lang in before}
        yield
        self.env.invalidate_all()
        after = self._get_names(langs)
        self._write_names({key: name if known[key] == before[key] else known[key] for key, name in after.items() if key in known})
        self._tell_names(known)

    def _get_name_langs(self):
        # The source of all translations is English, also where nobody reads it.
        return list({'en_US', *(code for code, _name in self.env['res.lang'].get_installed())})

    def _write_names(self, names):
        """Write {(segment or batch tag, lang): name}, those of a model in one statement."""
        translations = defaultdict(dict)
        for (record, lang), name in names.items():
            if name:
                translations[record._name, record.id][lang] = name
        for model in {model for model, _id in translations}:
            self.env[model].flush_model(['name'])
            some = {id_: texts for (name, id_), texts in translations.items() if name == model}
            self.env.execute_query(SQL("""
                UPDATE %(table)s
                   SET name = COALESCE(%(table)s.name, '{}') || known.name
                  FROM UNNEST(%(ids)s::int[], %(names)s::jsonb[]) known(id, name)
                 WHERE known.id = %(table)s.id
             RETURNING NULL
                """, table=SQL.identifier(self.env[model]._table), ids=list(some), names=list(map(json.dumps, some.values()))))
            self.env[model].invalidate_model(['name', 'display_name'])

    def _tell_names(self, known):
        lang = self.env.lang or 'en_US'
        for segment in self:
            batches = [tag for tag in segment.sudo().tag_ids if known.get((tag, lang), tag.name) != tag.name]
            if batches or known.get((segment, lang), segment.name) != segment.name:
                segment._message_log(body=self.env._(
                    "Renamed with its parts: %(old)s is %(new)s now, and so are %(count)s of its batches.",
                    old=known.get((segment, lang)), new=segment.name, count=len(batches)))
