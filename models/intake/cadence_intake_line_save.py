import logging
from concurrent.futures import ThreadPoolExecutor, wait

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ...tools.address import address_checks, address_text
from ..constants import LIGHT_CONTEXT
from .cadence_intake_column import BASE_FIELDS

_logger = logging.getLogger(__name__)

MX_SECONDS = 5  # that the look-up of a chunk's mail servers may take; what is not known by then is saved
MX_THREADS = 20


class CadenceIntakeLine(models.Model):
    """How lines become contacts of their batches. The lines of one call are of one intake."""
    _inherit = 'cadence.intake.line'

    def _save_together(self):
        """Save the lines; if one of them cannot be, the others, and set it aside with its reason."""
        def give_up(line, error):
            if not isinstance(error, UserError):
                _logger.warning("Row %s of intake %s cannot be saved", line.row, line.intake_id.id, exc_info=error)
            line._set_aside(str(error).strip())

        self._work_apart(lambda lines: lines._save(), give_up)

    def _save(self):
        """Create the new contacts and put all of them into their batches."""
        intake = self.intake_id
        numbers = sorted(set(self.mapped('batch')))
        tags = dict(zip(numbers, intake.segment_id._get_batch_tags(intake.tag_group_id, numbers), strict=True))
        fresh = self.filtered(lambda line: line.state == 'new')
        # Odoo's own way to create many contacts: `create()`, but what they share with their company is synchronised at once.
        Partner = self.env['res.partner'].with_context(**LIGHT_CONTEXT)
        partners = Partner._load_records_create(fresh._prepare_partner_values(tags))
        (self - fresh)._join(tags)
        self._set_saved(dict(zip(fresh.ids, partners.ids, strict=True)), tags)

    def _join(self, tags):
        """Put the lines' known contacts into their batches; moving takes the other batches of the group off, no more."""
        intake = self.intake_id
        # An archived batch mails as well.
        batches = intake.segment_id.with_context(active_test=False).tag_ids
        siblings = batches.filtered(lambda tag: tag.cadence_group_id == intake.tag_group_id)
        if intake.revive_archived:
            self.partner_id.filtered(lambda partner: not partner.active).action_unarchive()
        for number, lines in self.grouped('batch').items():
            commands = [Command.link(tags[number].id)]
            if intake.on_existing == 'move':
                commands = [Command.unlink(sibling.id) for sibling in siblings - tags[number]] + commands
                lines._set_left(siblings - tags[number])
            lines.partner_id.with_context(**LIGHT_CONTEXT, active_test=False).write({'category_id': commands})

    # The values of a contact

    def _prepare_partner_values(self, tags):
        if not self:
            return []
        intake = self.intake_id
        positions = intake._get_positions()
        rows = [line._get_values(positions) for line in self]
        parents = intake._get_parents(self.mapped('company_domain')) if intake.link_companies else {}
        with self.env.cr.savepoint(flush=False) as savepoint:
            readers = intake._get_value_readers(rows, savepoint)
            return [
                line._prepare_one(row, readers, tags[line.batch], parents.get(line.company_domain))
                for line, row in zip(self, rows, strict=True)
            ]

    def _prepare_one(self, row, readers, tag, parent_id):
        clean = address_text.clean_name
        company = clean(row.get('company'))
        values = {
            'name': self._get_name(row) or company or self.email,
            'email': self.email,
            'phone': clean(row.get('phone')) or False,
            'website': clean(row.get('website')) or False,
            'comment': plaintext2html(row['comment']) if row.get('comment') else None,
            'parent_id': parent_id,
            'company_name': company if company and not parent_id else False,
            'country_id': readers['country'](row.get('country')),
            'lang': readers['lang'](row.get('lang')),
            'category_id': [Command.link(tag_id) for tag_id in [tag.id, *readers['tags'](row.get('tags'))]],
        }
        for field in row.keys() - set(BASE_FIELDS):
            if row[field]:
                values[field] = readers[field](row[field])
        return {name: value for name, value in values.items() if value is not None}

    # Mail servers

    def _set_dead_aside(self):
        """Set aside what surely reaches nobody. What DNS does not tell within some seconds is taken as good."""
        hosts = {line: line.email.rpartition('@')[2] for line in self}
        pool = ThreadPoolExecutor(MX_THREADS)
        answers = {host: pool.submit(address_checks.has_mail_server, host) for host in set(hosts.values())}
        wait(answers.values(), timeout=MX_SECONDS)
        pool.shutdown(wait=False, cancel_futures=True)
        dead = self.filtered(lambda line: (answer := answers[hosts[line]]).done() and not answer.cancelled()
                             and answer.result() is False)
        dead._set_aside(self.env._("Its domain has no mail server"))
