from odoo import api, models
from odoo.exceptions import UserError

from ...tools.address import address_file
from ...tools.table import text_encoding

SHOWN = 12  # encodings that read differently, the likeliest first
UNICODE = ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be')


class CadenceIntake(models.Model):
    """What a person may choose of an uploaded file: the encoding of a text, and the sheet of a spreadsheet."""
    _inherit = 'cadence.intake'

    @api.depends('file')
    def _compute_choices(self):
        """They were made for another file."""
        self.encoding = self.sheet = False

    def _get_file_choices(self):
        known = (*UNICODE, *text_encoding.LANGUAGES)
        return address_file.Choices(self.encoding if self.encoding in known else None, self.sheet or None)

    def _prepare_encoding_choices(self, file, guess):
        """What the form shows: which encoding is taken, if one is, and some rows of the file in each that reads differently."""
        if not guess or (guess.is_sure and guess.candidates == (guess.encoding,)):
            return False
        labels, options, seen = self._get_encoding_labels(), [], set()
        for code in dict.fromkeys((*guess.candidates, *text_encoding.LANGUAGES)):
            sample = address_file.sample_text(file, code)
            if tuple(sample) not in seen and len(options) < SHOWN:
                seen.add(tuple(sample))
                options.append({'value': code, 'label': labels.get(code, code), 'sample': sample})
        return {'taken': guess.encoding if guess.is_sure else False, 'options': options}

    def _prepare_sheet_choices(self, table):
        if len(table.sheets) < 2:
            return False
        return {'taken': False, 'options': [{'value': title, 'label': title, 'sample': []} for title in table.sheets]}

    def _check_encoding(self, guess):
        """:raise UserError: it cannot be told, and nobody has said it"""
        if guess and not guess.is_sure:
            raise UserError(self.env._(
                "The text of this file can be read in more than one way: choose below which one is right, and nothing is "
                "garbled."))

    def _get_encoding_labels(self):
        western, central = self.env._("Western European"), self.env._("Central European")
        cyrillic, greek, turkish = self.env._("Cyrillic"), self.env._("Greek"), self.env._("Turkish")
        regions = {
            'gb18030': self.env._("Simplified Chinese"), 'big5hkscs': self.env._("Traditional Chinese"),
            'cp932': self.env._("Japanese"), 'euc_jp': self.env._("Japanese"), 'cp949': self.env._("Korean"),
            'cp1252': western, 'cp1250': central, 'cp1251': cyrillic, 'cp1253': greek, 'cp1254': turkish,
            'cp1255': self.env._("Hebrew"), 'cp1256': self.env._("Arabic"), 'cp1257': self.env._("Baltic"),
            'cp1258': self.env._("Vietnamese"), 'cp874': self.env._("Thai"), 'koi8_u': cyrillic, 'mac_roman': western,
            'mac_latin2': central, 'mac_cyrillic': cyrillic, 'mac_greek': greek, 'mac_turkish': turkish, 'cp850': western,
            'cp852': central, 'cp866': cyrillic, 'cp857': turkish, 'cp737': greek, 'iso8859_2': central, 'iso8859_5': cyrillic,
            'iso8859_7': greek, 'iso8859_9': turkish, 'iso8859_15': western, 'utf-8': self.env._("All languages"),
        }
        return {code: f"{region} ({code.upper().replace('_', '-')})" for code, region in regions.items()}
