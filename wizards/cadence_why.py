from collections import Counter, defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.address import address_text
from ..tools.address.canonical import canonical

MAX_ADDRESSES = 10_000


class CadenceWhy(models.TransientModel):
    """Why each of some pasted addresses is mailed today or not: what the contact form says, for many at once.

    read the addresses → look up their contacts → a line for each answer of the outlook

    Contacts are looked up with the user's own rights, so that who is out of sight is answered like who is not there.
    """
    _name = 'cadence.why'
    _description = 'Why Not Mailed?'

    addresses = fields.Text(help="One or many, with or without names, separated by anything.")
    line_ids = fields.One2many('cadence.why.line', 'why_id', 'Answers', readonly=True)
    summary = fields.Char(readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Why Not Mailed?")

    def action_explain(self):
        """Answer for the addresses in the lines; the form stays where it is and shows them."""
        self.ensure_one()
        entries = self._read_addresses()
        lines = self._prepare_lines(entries, fields.Datetime.now())
        self.line_ids.unlink()
        self.env['cadence.why.line'].create(lines)
        self.summary = self._get_summary(len(entries), Counter(line['answer'] for line in lines))
        return True

    def _read_addresses(self):
        """The entries of the pasted text, each address once.

        :raise UserError: when there is none, or more than one question should ask for
        """
        entries = {}
        for entry in address_text.parse(self.addresses):
            entries.setdefault(canonical(entry.email) or entry.text, entry)
        if not entries:
            raise UserError(self.env._("Paste at least one address."))
        if len(entries) > MAX_ADDRESSES:
            raise UserError(self.env._(
                "These are %(count)s addresses: ask for at most %(limit)s at once.",
                count=f'{len(entries):,}', limit=f'{MAX_ADDRESSES:,}'))
        return list(entries.values())

    def _get_summary(self, count, answers):
        labels = self.env['cadence.why.line']._fields['answer']._description_selection(self.env)
        told = ', '.join(f'{label} {answers[answer]:,}' for answer, label in labels if answers[answer])
        return self.env._("Addresses: %(count)s. Answers: %(answers)s.", count=f'{count:,}', answers=told)

    def _prepare_lines(self, entries, now):
        """The values of the lines, in the order of the addresses."""
        partners = self._find_contacts([entry.email for entry in entries if entry.email])
        outlook = self.env['cadence.outlook']._foresee(partners, now)
        contacts = self._group_by_address(partners)
        return [
            {'why_id': self.id, 'address': entry.email or entry.text} | values
            for entry in entries
            for values in self._explain_entry(entry, contacts[canonical(entry.email)], outlook)
        ]

    def _find_contacts(self, emails):
        # Archived contacts as well: being archived is why they are not mailed.
        Partner = self.env['res.partner'].with_context(active_test=False)
        return Partner.search(Partner._cadence_get_email_domain(emails), order='id')

    def _group_by_address(self, partners):
        """{canonical address: its contacts}; one with several addresses in the field is each one's."""
        contacts = defaultdict(partners.browse)
        for partner in partners:
            for email in partner._cadence_get_emails():
                contacts[email] += partner
        return contacts

    def _explain_entry(self, entry, partners, outlook):
        if not entry.email:
            return [{'answer': 'unknown', 'explanation': self.env._("Not an address.")}]
        if not partners:
            return [{'answer': 'unknown', 'explanation': self.env._("Not a contact: save it into a batch.")}]
        return [
            {'partner_id': partner.id} | values for partner in partners for values in self._explain_contact(outlook[partner])]

    def _explain_contact(self, answers):
        if not answers:
            _day, explanation = self.env['cadence.outlook']._sum_up(answers)
            return [{'answer': 'unknown', 'explanation': explanation}]
        return [{
            'answer': answer.code, 'explanation': answer.text, 'segment_id': answer.segment.id, 'tag_group_id': answer.group.id,
            'tag_id': answer.tag.id, 'run_id': answer.run.id,
        } for answer in answers]
