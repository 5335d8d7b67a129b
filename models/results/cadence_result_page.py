from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from ...tools import rates

PERIODS = (7, 30, 90, 365)  # days; 30 of them are a round of marketing, three of reading
COLUMNS = (
    'tried', 'mailed', 'returned', 'hard', 'delivered', 'opened', 'privacy_opened', 'machine_opened', 'unjudged', 'clicked',
    'converted', 'replied', 'positive', 'opted_out', 'watched', 'complained', 'opportunities', 'won', 'revenue', 'cost')
# Each step of the funnel, and the one before it of which it is a part.
FUNNEL = (
    ('mailed', None), ('delivered', 'mailed'), ('opened', 'delivered'), ('clicked', 'opened'), ('replied', 'delivered'),
    ('opportunities', 'delivered'), ('won', 'opportunities'))


class CadenceResult(models.Model):
    """The results page: every figure a sum of the counted rows, asked with a fixed number of questions."""
    _inherit = 'cadence.result'

    @api.model
    def get_page(self, filters=None):
        """Everything that the page shows of a period, of all the user may read.

        :param filters: {days, date_to, segment_id, tag_group_id}
        """
        self.check_access('read')
        filters = self._clean_filters(filters)
        # All parts at once: the rows are read a single time.
        [[[*totals, counted]], days, batches, providers, letters] = self._read_grouping_sets(
            self._get_filter_domain(filters),
            [[], ['date:day'], ['tag_group_id', 'batch'], ['provider_id'], ['letter_id']],
            [*self._get_sums(), 'counted_date:min'])
        counts = self._to_counts(totals)
        groups = self.env['cadence.tag.group'].search_fetch(
            [('batch_count', '>', 0)], ['name', 'batch_count'], order='sequence DESC')
        letters = {letter: self._to_counts(sums) for letter, *sums, _counted in letters if letter}
        choices = self._get_choices(groups)
        return {
            'filters': {key: value and str(value) if 'date' in key else value for key, value in filters.items()},
            'period': self._get_period_label(filters),
            # The web client says whose clock it is: nobody need be asked for it.
            'counted': counted and format_datetime(self.env, counted, tz=self.env.context.get('tz'), dt_format='short'),
            'definitions': self._get_definitions(),
            'funnel': self._get_funnel(counts),
            'rates': self._tell(counts),
            'money': self._get_money(counts),
            'before': self._get_before(filters),
            'days': self._get_days(days),
            'flags': self._get_flags(filters, self.env['cadence.letter'].union(*letters)),
            'unripe': self._get_unripe_sentence(filters),
            'batches': self._get_batches(batches, groups),
            'providers': self._get_providers(providers, counts),
            'letters': self._get_letter_rows(letters),
            'hours': self.env['cadence.result.hour']._get_hours(self._get_filter_domain(filters)),
            'choices': choices,
            'may_test': self.env['cadence.test'].has_access('create'),
            'may_enter_costs': self.env['cadence.cost'].has_access('create'),
        }

    @api.model
    def get_part_action(self, filters=None, part=None):
        """The native pivot of what a part of the page counts: `part` is [[field, value], …] besides the filters."""
        self.check_access('read')
        known = {'date', 'letter_id', 'batch', 'provider_id', 'tag_group_id', 'step'}
        domain = self._get_filter_domain(self._clean_filters(filters))
        domain &= Domain.AND([Domain(name, '=', value) for name, value in part or [] if name in known])
        action = self.env['ir.actions.act_window']._for_xml_id('mass_mailing_cadence.cadence_result_action')
        return dict(action, domain=list(domain), context={'group_by': []})

    @api.model
    def get_contacts_action(self, filters=None, figure='mailed'):
        """The contacts behind a figure of the funnel; of those whose mails the ledger still has."""
        self.check_access('read')
        filters = self._clean_filters(filters)
        if figure in ('opportunities', 'won') and self.env['crm.lead'].has_access('read'):
            return self._get_deals_action(filters, figure)
        touches = Domain(self._get_filter_domain(filters)) & Domain('figure', '=', figure)
        label = self._fields[figure]._description_string(self.env) if figure in COLUMNS else figure
        action = self.env['res.partner']._cadence_get_action(label, [('cadence_touch_ids', 'any', list(touches))])
        return dict(action, context={'active_test': False})

    @api.model
    def get_hours_test_action(self, filters=None):
        """The test of sending times of the page's segment: the one there is, else a new one with the hours that stand out."""
        filters = self._clean_filters(filters)
        segment = self.env['cadence.segment'].browse(filters['segment_id']).exists() or self.env['cadence.segment']._get_only()
        group = self.env['cadence.tag.group'].browse(filters['tag_group_id']).exists()
        hours = self.env['cadence.result.hour']._get_peak_hours(self._get_filter_domain(filters))
        return self.env['cadence.test']._get_hours_action(segment, group, hours)

    def _get_deals_action(self, filters, figure):
        parts = Domain([('model', '=', 'last'), ('date', '>=', filters['date_from']), ('date', '<=', filters['date_to'])])
        for name, path in (('segment_id', 'segment_id'), ('tag_group_id', 'run_id.tag_group_id')):
            if filters[name]:
                parts &= Domain(path, '=', filters[name])
        domain = Domain('cadence_attribution_ids', 'any', list(parts))
        if figure == 'won':
            domain &= Domain('won_status', '=', 'won')
        return {
            'type': 'ir.actions.act_window', 'name': self._fields[figure]._description_string(self.env), 'res_model': 'crm.lead',
            'views': [(False, 'list'), (False, 'form')], 'domain': list(domain), 'context': {'active_test': False}}

    # Filters

    def _clean_filters(self, filters):
        filters = filters or {}
        date_to = fields.Date.to_date(filters.get('date_to')) or fields.Date.context_today(self)
        days = filters.get('days')
        days = days if days in PERIODS else 30
        segment_id, tag_group_id = (
            int(value) if str(value).isdigit() else 0 for value in (filters.get('segment_id'), filters.get('tag_group_id')))
        return {
            'days': days, 'date_to': date_to, 'date_from': fields.Date.subtract(date_to, days=days - 1),
            'segment_id': segment_id, 'tag_group_id': tag_group_id}

    @staticmethod
    def _get_filter_domain(filters):
        domain = Domain('date', '>=', filters['date_from']) & Domain('date', '<=', filters['date_to'])
        for name in ('segment_id', 'tag_group_id'):
            if filters[name]:
                domain &= Domain(name, '=', filters[name])
        return domain

    def _get_period_label(self, filters):
        return f"{format_date(self.env, filters['date_from'])} – {format_date(self.env, filters['date_to'])}"

    # Parts

    @staticmethod
    def _get_sums():
        return [f'{name}:sum' for name in COLUMNS]

    @staticmethod
    def _to_counts(sums):
        return Counter({name: value or 0 for name, value in zip(COLUMNS, sums, strict=True)})

    @staticmethod
    def _tell(counts):
        return {
            code: rates.tell(counts[rate.numerator], counts[rate.denominator])._asdict() for code, rate in rates.RATES.items()}

    def _get_definitions(self):
        """{figure: {label, help}}: what is on the screen as the tooltip."""
        described = self.fields_get([*rates.RATES, *COLUMNS, 'roi'], ['string', 'help'])
        return {name: {'label': values['string'], 'help': values.get('help', '')} for name, values in described.items()}

    def _get_funnel(self, counts):
        """[{figure, count, cell, parts}]: each step with its share of the one it is a part of; parts are told apart."""
        funnel = []
        for figure, whole in FUNNEL:
            step = {'figure': figure, 'count': counts[figure], 'cell': None, 'parts': []}
            if whole:
                step['cell'] = rates.tell(counts[figure], counts[whole])._asdict()
            if figure == 'opened':
                step['parts'] = [
                    {'figure': part, 'count': counts[part]} for part in ('privacy_opened', 'machine_opened', 'unjudged')]
            funnel.append(step)
        return funnel

    def _get_money(self, counts):
        """What was paid and what came back, as words: a return without a cost is none."""
        currency = self.env.company.currency_id
        roi = rates.divide(counts['revenue'] - counts['cost'], counts['cost'])
        return {
            'revenue': formatLang(self.env, counts['revenue'], currency_obj=currency),
            'cost': formatLang(self.env, counts['cost'], currency_obj=currency),
            'roi': self.env._("no cost yet") if roi is None else f'{100 * roi:.0f} %'}

    def _get_before(self, filters):
        """The rates of as many days before, to compare with."""
        days = filters['days']
        earlier = filters | {name: fields.Date.subtract(filters[name], days=days) for name in ('date_from', 'date_to')}
        [sums] = self._read_group(self._get_filter_domain(earlier), [], self._get_sums())
        counts = self._to_counts(sums)
        return {'period': self._get_period_label(earlier), 'mailed': counts['mailed'], 'rates': self._tell(counts)}

    def _get_days(self, days):
        return [
            {'date': str(day), 'label': format_date(self.env, day), 'rates': self._tell(counts), 'mailed': counts['mailed']}
            for day, *sums, _counted in sorted(days) if (counts := self._to_counts(sums))]

    def _get_batches(self, batches, groups):
        """[{id, name, batches: [{number, rates, mailed}]}]: the strip of each group's batches."""
        counts = {
            (group.id, batch): self._to_counts(sums)
            for group, batch, *sums, _counted in batches}
        return [{
            'id': group.id, 'name': group.name, 'batches': [
                {'number': number, 'mailed': row['mailed'], 'rates': self._tell(row)}
                for number in range(1, group.batch_count + 1) for row in [counts.get((group.id, number), Counter())]]}
            for group in groups if any(id_ == group.id for id_, _batch in counts)]

    def _get_providers(self, providers, totals):
        """[{id, name, mailed, rates, out}]: `out` says which rates are not chance beside those of all others."""
        rows = []
        for provider, *sums, _counted in providers:
            counts = self._to_counts(sums)
            out = {
                code: rates.stands_out(
                    counts[rate.numerator], counts[rate.denominator], totals[rate.numerator] - counts[rate.numerator],
                    totals[rate.denominator] - counts[rate.denominator])
                for code, rate in rates.RATES.items()}
            rows.append({
                'id': provider.id, 'name': provider.name or self.env._("Others"), 'mailed': counts['mailed'],
                'rates': self._tell(counts), 'out': {code: sign for code, sign in out.items() if sign}})
        return sorted(rows, key=lambda row: -row['mailed'])

    @api.model
    def _get_letter_rows(self, letters):
        """[{id, step, name, mailed, rates, body}] by segment, group and step: variants of a step stand side by side."""
        rows = [{
            'id': letter.id, 'step': letter.step, 'name': letter.subject or '', 'mailed': counts['mailed'],
            'rhythm': f"{letter.segment_id.name} · {letter.tag_group_id.name}", 'rates': self._tell(counts),
            'body': str(letter.body_html or '')} for letter, counts in letters.items()]
        return sorted(rows, key=lambda row: (row['rhythm'], row['step'], row['id']))

    def _get_choices(self, groups):
        return {
            'days': list(PERIODS),
            'segments': [
                {'id': segment.id, 'name': segment.name}
                for segment in self.env['cadence.segment'].search_fetch([], ['name'])],
            'groups': [{'id': group.id, 'name': group.name} for group in groups],
        }
