from lxml import etree
from odoo import models

from ..constants import COMPILED


class IrQweb(models.AbstractModel):
    """A letter is compiled once, not for each contact: Odoo remembers what it compiled of views only."""
    _inherit = 'ir.qweb'

    def _generate_code_uncached(self, template):
        compiled = self.env.context.get(COMPILED)
        if compiled is None or not isinstance(template, etree._Element):
            return super()._generate_code_uncached(template)
        text = etree.tostring(template)  # before it is compiled, which takes the directives off
        if text not in compiled:
            compiled[text] = super()._generate_code_uncached(template)
        return compiled[text]
