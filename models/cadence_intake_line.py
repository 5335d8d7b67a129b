from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

# Followers, logs and tracking are for people's edits; for a load of addresses the intake itself is the record.
LIGHT_CONTEXT = {
    'tracking_disable': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'mail_notrack': True,
}


class CadenceIntakeLine(models.Model):
    """One row of an intake: what it said, what it was found to be, and the contact that it became."""
    _name = 'cadence.intake.line'
    _description = 'Intake Address'
    _order = 'intake_id DESC, row, id'
    _rec_name = 'text'

    intake_id = fields.Many2one('cadence.intake', 'Intake', required=True, ondelete='cascade', index=True, readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    row = fields.Integer(readonly=True, aggregator=False, help="The row of the file or the line of the text.")
    text = fields.Char('Input', readonly=True)
    email = fields.Char('Address', readonly=True)
    name = fields.Char(readonly=True)
    company_name = fields.Char('Company Name', readonly=True)
    phone = fields.Char(readonly=True)
    website = fields.Char(readonly=True)
    country = fields.Char(readonly=True)
    company_domain = fields.Char(readonly=True)
    rank = fields.Integer('Rank in Company', readonly=True, aggregator=False)
    batch = fields.Integer(readonly=True, aggregator=False)
    tag_id = fields.Many2one('res.partner.category', 'Saved in Batch', ondelete='set null', readonly=True)
    partner_id = fields.Many2one('res.partner', 'Contact', ondelete='set null', index='btree_not_null', readonly=True)
    state = fields.Selection([
        ('new', 'New'),
        ('known', 'Already Known'),
        ('duplicate', 'Duplicate'),
        ('invalid', 'Invalid'),
        ('over_cap', 'Over the Cap'),
        ('saved', 'Saved'),
    ], required=True, readonly=True)
    reason = fields.Char(readonly=True)

    _intake_email = models.Index('(intake_id, email)')

    def _save(self):
        """Create the new contacts and put all of them into their batches. The lines are of one intake."""
        intake = self.intake_id
        group, segment = intake.tag_group_id, intake.segment_id
        numbers = sorted(set(self.mapped('batch')))
        tags = dict(zip(numbers, segment._get_batch_tags(group, numbers), strict=True))
        fresh = self.filtered(lambda line: line.state == 'new')
        known = self - fresh
        partners = self.env['res.partner'].with_context(**LIGHT_CONTEXT).create(fresh._prepare_partner_values(tags))
        for line, partner in zip(fresh, partners, strict=True):
            line.partner_id = partner
        for number, lines in known.grouped('batch').items():
            lines._tag(tags[number], segment.tag_ids.filtered(lambda tag: tag.cadence_group_id == group))
        for number, lines in self.grouped('batch').items():
            lines.write({'tag_id': tags[number].id, 'state': 'saved'})

    def _tag(self, tag, siblings):
        """Add known contacts to a batch; moving takes the segment's other batches of the group off, nothing else."""
        commands = [Command.link(tag.id)]
        if self.intake_id.on_existing == 'move':
            commands = [Command.unlink(sibling.id) for sibling in siblings - tag] + commands
        self.partner_id.with_context(**LIGHT_CONTEXT).write({'category_id': commands})

    def _prepare_partner_values(self, tags):
        lang = self.intake_id.segment_id.lang_id
        countries = self._get_countries()
        return [{
            'name': line.name or line.company_name or line.email,
            'email': line.email,
            'company_name': line.company_name,
            'phone': line.phone,
            'website': line.website,
            'country_id': countries.get((line.country or '').lower()),
            'lang': lang.code if lang.active else self.env.lang,
            'category_id': [Command.link(tags[line.batch].id)],
        } for line in self]

    def _get_countries(self):
        """{name or code in lower case: country id}, in every installed language, of the countries that the lines name."""
        if not any(self.mapped('country')):
            return {}
        countries = {}
        for lang, _name in self.env['res.lang'].get_installed():
            for country in self.env['res.country'].with_context(lang=lang).search_fetch([], ['name', 'code']):
                countries[country.name.lower()] = countries[country.code.lower()] = country.id
        return countries

    def _save_one_by_one(self):
        """After a failure: save what can be saved and set the others aside with their reason."""
        for line in self:
            try:
                with self.env.cr.savepoint():
                    line._save()
            except (UserError, ValidationError) as error:
                line.write({'state': 'invalid', 'batch': 0, 'reason': str(error)})
