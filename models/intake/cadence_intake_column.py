from odoo import api, fields, models

# What the intake itself knows how to read; `_get_other_fields` leaves the rest to Odoo's import.
BASE_FIELDS = (
    'email', 'email_2', 'name', 'first_name', 'last_name', 'company', 'phone', 'website', 'country', 'lang', 'tags', 'comment')
IMPORTED_TYPES = ('char', 'text', 'integer', 'float', 'boolean', 'date', 'datetime', 'selection', 'many2one')
# Fields of a contact that are told by the columns above, or are not for a table of addresses to say.
NOT_IMPORTED = (
    'active', 'category_id', 'commercial_company_name', 'company_id', 'company_name', 'company_type', 'complete_name',
    'country_id', 'display_name', 'email', 'is_company', 'lang', 'name', 'parent_id', 'phone', 'type', 'website')


class CadenceIntakeColumn(models.Model):
    """What a column of the uploaded table means."""
    _name = 'cadence.intake.column'
    _description = 'Intake Column'
    _order = 'position'
    _rec_name = 'header'

    intake_id = fields.Many2one('cadence.intake', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='intake_id.company_id')
    position = fields.Integer()
    header = fields.Char('Column')
    sample = fields.Char('Example')
    field = fields.Selection('_get_field_choices', 'Is')

    _field_unique = models.UniqueIndex('(intake_id, field) WHERE field IS NOT NULL', "Two columns have the same meaning.")

    @api.model_create_multi
    def create(self, vals_list):
        columns = super().create(vals_list)
        columns._check_draft()
        return columns

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su:
            self.intake_id._check_draft()

    @api.model
    def _get_field_choices(self):
        return [
            ('email', self.env._("E-mail")),
            ('email_2', self.env._("Second E-mail")),
            ('name', self.env._("Name")),
            ('first_name', self.env._("First Name")),
            ('last_name', self.env._("Last Name")),
            ('company', self.env._("Company")),
            ('phone', self.env._("Phone")),
            ('website', self.env._("Website")),
            ('country', self.env._("Country")),
            ('lang', self.env._("Language")),
            ('tags', self.env._("Tags")),
            ('comment', self.env._("Notes")),
            *sorted(self._get_other_fields().items(), key=lambda item: item[1]),
        ]

    @api.model
    def _get_other_fields(self):
        """{name: label} of the other fields of a contact that the user may import."""
        fields_get = self.env['res.partner'].fields_get(attributes=['string', 'type', 'readonly', 'store'])
        return {
            name: field['string'] for name, field in fields_get.items()
            if field['type'] in IMPORTED_TYPES and field['store'] and not field['readonly'] and name not in NOT_IMPORTED
            and not name.startswith(('cadence_', 'message_', 'activity_', 'signup_', 'partner_', 'properties'))
        }

    @api.model
    def _get_fields_by_label(self):
        """{label or name in lower case: field}, in English and the user's language."""
        labels = {name: name for name in self._get_other_fields()}
        for lang in ('en_US', self.env.lang):
            labels |= {label.casefold(): name for name, label in self.with_context(lang=lang)._get_other_fields().items()}
        return labels
