from odoo import api, fields, models

from ...tools.mail import providers


class CadenceMailProvider(models.Model):
    """Who runs the mailboxes behind an address: what one of them does to our mails, it does to all of them."""
    _name = 'cadence.mail.provider'
    _description = 'Mail Provider'
    _order = 'sequence, name'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    hosts = fields.Text('Addresses At', help="Hosts of addresses, separated by semicolons: gmail.com; googlemail.com")
    mx = fields.Text('Mail Servers', help="How the names of its mail servers end, separated by semicolons: google.com")
    sends_reports = fields.Boolean('Reports Complaints', help="Tells us who complained about spam (RFC 5965).")
    host_ids = fields.One2many('cadence.mail.host', 'provider_id')

    def _get_rules(self):
        """[Rule] in the order in which they are asked."""
        return [providers.Rule(record.id, *map(providers.split, (record.hosts, record.mx))) for record in self.search([])]

    @api.model_create_multi
    def create(self, vals_list):
        providers_ = super().create(vals_list)
        self.env['cadence.mail.host']._place_again()
        return providers_

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'hosts', 'mx', 'sequence'}:
            self.env['cadence.mail.host']._place_again()
        return result
