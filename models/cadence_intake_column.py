from odoo import fields, models


class CadenceIntakeColumn(models.Model):
    """What a column of the uploaded table means."""
    _name = 'cadence.intake.column'
    _description = 'Intake Column'
    _order = 'position'
    _rec_name = 'header'

    intake_id = fields.Many2one('cadence.intake', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='intake_id.company_id')
    position = fields.Integer(readonly=True)
    header = fields.Char('Column', readonly=True)
    sample = fields.Char('Example', readonly=True)
    field = fields.Selection([
        ('email', 'E-mail'),
        ('name', 'Name'),
        ('company', 'Company'),
        ('phone', 'Phone'),
        ('website', 'Website'),
        ('country', 'Country'),
    ], 'Is')

    _field_unique = models.UniqueIndex('(intake_id, field) WHERE field IS NOT NULL', "Two columns have the same meaning.")
