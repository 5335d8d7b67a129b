from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools import tag_name

PLACE = {'cadence_group_id', 'cadence_segment_id', 'cadence_batch'}  # what makes a tag one of the cadence's


class ResPartnerCategory(models.Model):
    _inherit = 'res.partner.category'

    cadence_group_id = fields.Many2one('cadence.tag.group', 'Tag Group', ondelete='restrict', index='btree_not_null')
    cadence_segment_id = fields.Many2one('cadence.segment', 'Segment', ondelete='restrict', index='btree_not_null')
    cadence_batch = fields.Integer('Batch', aggregator=False, help="1, 2, …: the number of the batch; 0: not a batch.")

    _cadence_batch_unique = models.UniqueIndex(
        '(cadence_group_id, cadence_segment_id, cadence_batch) WHERE cadence_segment_id IS NOT NULL',
        "The segment has this batch already.")

    @api.constrains('cadence_group_id', 'cadence_segment_id', 'cadence_batch')
    def _check_cadence_batch(self):
        for tag in self.sudo():
            if not tag.cadence_segment_id and not tag.cadence_batch:
                continue
            if not (tag.cadence_segment_id and 1 <= tag.cadence_batch <= tag.cadence_group_id.batch_count):
                raise ValidationError(self.env._(
                    "%(tag)s: a batch needs a segment, a tag group with batches, and one of the group's numbers.",
                    tag=tag.name))

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(name) for vals in vals_list for name in PLACE):
            self._cadence_check_may_place()
        tags = super().create(vals_list)
        tags.filtered(lambda tag: not tag.cadence_group_id)._cadence_recognise_batch(is_strict=True)
        return tags

    @api.model
    def name_create(self, name):
        """Typed into a contact or met in an import: the batch of that name, in whatever spelling, is there already perhaps."""
        if tag := self._cadence_find_batch(name):
            return tag.id, tag.display_name
        return super().name_create(name)

    def write(self, vals):
        if PLACE & vals.keys():
            self._cadence_check_may_place()
            self._cadence_check_keeps_batch(vals)
        if 'cadence_group_id' in vals:
            self._cadence_check_keeps_group(vals['cadence_group_id'])
        result = super().write(vals)
        if vals.get('name'):
            self.filtered(lambda tag: not tag.cadence_group_id)._cadence_recognise_batch()
        return result

    def _cadence_get_rhythm(self):
        """(segment, tag group), as `_get_rhythm` of what belongs to one."""
        self.ensure_one()
        return self.cadence_segment_id, self.cadence_group_id

    def _cadence_check_may_place(self):
        # A contact's tags are every clerk's to make and to rename; what they mean for the mails is not.
        if not self.env.su and not self.env.user.has_group('mass_mailing_cadence.group_manager'):
            raise AccessError(self.env._("Only managers of Mailing Cadence say to which tag group or batch a tag belongs."))

    def _cadence_check_keeps_batch(self, vals):
        if all(vals.get(name, True) for name in PLACE):
            return
        batches = self.sudo().filtered('cadence_batch')
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        for tag in batches:
            if Partner.search_count([('category_id', 'in', tag.ids)], limit=1):
                raise UserError(self.env._(
                    "%(tag)s is a batch with contacts: take them out or archive it, or they are no longer mailed.", tag=tag.name))

    def _cadence_check_keeps_group(self, group_id):
        """A click on the cross beside a tag must not put the contacts who have it back on the mailing."""
        new = self.env['cadence.tag.group'].sudo().browse(group_id or [])
        if new and new._get_use_sentence():
            return
        Partner = self.env['res.partner'].sudo().with_context(active_test=False)
        for tag in self.sudo().filtered(lambda tag: tag.cadence_group_id not in (new, tag.cadence_group_id.browse())):
            if tag.cadence_group_id._get_use_sentence() and Partner.search_count([('category_id', 'in', tag.ids)], limit=1):
                raise UserError(self.env._(
                    "%(tag)s belongs to %(group)s, which keeps its contacts out of mails: take it off the contacts first.",
                    tag=tag.name, group=tag.cadence_group_id.name))

    def _cadence_recognise_batch(self, segments=None, is_strict=False):
        """Link tags whose name is a batch's name, in any installed language, to segment, group and number.

        When the tag or the segment is made, or an ordinary tag gets such a name: later the name is the user's, and the numbers
        are the fields.

        :param segments: only batches of these; by default of all that the user's companies have
        :raise UserError: strictly, where the name is one of a batch that cannot be: it would look like one and never be mailed
        """
        names = {tag: parsed for tag in self if (parsed := tag._cadence_read_names())}
        if not names:
            return
        if segments is None:
            segments = self._cadence_get_segments()
        batches, taken = segments._get_batch_names(), segments._get_batch_numbers()
        for tag, parsed in names.items():
            found = [(*batches[name.get_key()], name.number) for name in parsed if name.get_key() in batches]
            for place in found[:1]:
                if problem := tag._cadence_get_place_problem(place, taken):
                    if is_strict:
                        raise UserError(problem)
                    continue
                taken.add(place)
                segment, group, number = place
                tag.sudo().write({'cadence_segment_id': segment.id, 'cadence_group_id': group.id, 'cadence_batch': number})

    def _cadence_get_place_problem(self, place, taken):
        _segment, group, number = place
        if number > group.batch_count:
            return self.env._(
                "%(tag)s: %(group)s has the batches 1 to %(last)s. Choose one of these, or let the tag group have more batches.",
                tag=self.name, group=group.name, last=group.batch_count)
        if place in taken:
            return self.env._("%(tag)s: this batch has its tag already. Use that one; two would look alike.", tag=self.name)
        return None

    @api.model
    def _cadence_get_segments(self):
        return self.env['cadence.segment'].sudo().search([('company_id', 'in', self.env.companies.ids)])

    @api.model
    def _cadence_find_batch(self, name):
        """The tag of the batch that the name is one of, if it is there."""
        parsed = tag_name.split(name)
        place = parsed and self._cadence_get_segments()._get_batch_names().get(parsed.get_key())
        return place and self.search([
            ('cadence_segment_id', '=', place[0].id), ('cadence_group_id', '=', place[1].id),
            ('cadence_batch', '=', parsed.number)], limit=1)

    def _cadence_read_names(self):
        """What the tag's names in the installed languages say, as names of a batch."""
        self.ensure_one()
        langs = [code for code, _name in self.env['res.lang'].get_installed()]
        return [parsed for lang in langs if (parsed := tag_name.split(self.with_context(lang=lang).name))]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cadence(self):
        # The database deletes the children of a deleted tag without asking, so look below it as well.
        used = self.with_context(active_test=False).search(
            Domain('id', 'child_of', self.ids) & Domain('cadence_group_id', '!=', False), limit=1)
        if used:
            raise UserError(self.env._(
                "%(tag)s belongs to Mailing Cadence: archive it instead of deleting it, or its contacts lose their place.",
                tag=used.name))
        for view in self.env['cadence.view.condition'].sudo().search([('tag_ids', 'child_of', self.ids)]).view_id:
            if sentence := view._get_use_sentence():
                raise UserError(sentence)
