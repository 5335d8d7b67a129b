from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

from ...tools import rates
from ...tools.mail import letter_links

PERIODS = (7, 30, 90, 365)  # days


class CadenceLetter(models.Model):
    """Where people click: the mails in which a person clicked a link, for each link of the letter.

    Five clicks on a link in one mail are one. Links are those of Odoo's trackers: told apart by address and words.
    """
    _inherit = 'cadence.letter'

    def action_heat_map(self):
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.client']._for_xml_id('mass_mailing_cadence.cadence_letter_action_heat_map')
        return dict(action, context={'active_id': self.id}, params={'letter_id': self.id})

    @api.model
    def get_heat_map(self, letter_id, filters=None):
        """{html, links, …}: the letter with a number at each link, and how many mails were clicked there.

        :param filters: {days, date_to, machines}: of which days, and whether the clicks of machines are counted too
        """
        letter = self._get_clicked(letter_id)
        filters = self._clean_heat_filters(filters)
        html, places = letter_links.mark_links(letter.sudo().body_html)
        counts, other = letter._count_links(places, filters)
        delivered, clicked = letter._count_clicked(filters)
        return {
            'letter': {
                'id': letter.id, 'name': letter.display_name, 'rhythm': f'{letter.segment_id.name} · {letter.tag_group_id.name}'},
            'variants': [{'id': variant.id, 'name': variant.display_name, 'active': variant.active}
                         for variant in letter._get_variants()],
            'filters': {**filters, 'date_from': str(filters['date_from']), 'date_to': str(filters['date_to'])},
            'periods': list(PERIODS),
            'period': f"{format_date(self.env, filters['date_from'])} – {format_date(self.env, filters['date_to'])}",
            'html': html, 'delivered': delivered, 'clicked': clicked, 'other': other,
            'links': [self._prepare_link(place, counts[place.number], clicked, delivered) for place in places]}

    @staticmethod
    def _prepare_link(place, count, clicked, delivered):
        return {
            'number': place.number, 'words': place.words or place.link.url, 'url': place.link.url, 'count': count,
            'share': rates.divide(count, clicked) or 0.0, 'rate': rates.tell(count, delivered)._asdict()}

    @api.model
    def get_heat_contacts(self, letter_id, filters=None, number=None):
        """The contacts who clicked a link of the letter; without a number any."""
        letter = self._get_clicked(letter_id)
        filters = self._clean_heat_filters(filters)
        _html, places = letter_links.mark_links(letter.sudo().body_html)
        rows = self.env.execute_query(SQL("""
            SELECT click.partner_id, click.url, click.label
              FROM (%s) click
          GROUP BY click.partner_id, click.url, click.label
            """, letter._query_clicks(filters)))
        base_url = letter.get_base_url()
        ids = {partner_id for partner_id, url, label in rows if partner_id and (
            number is None or letter_links.find_place(places, url, label, base_url) == number)}
        words = next((place.words for place in places if place.number == number), letter.display_name)
        action = self.env['res.partner']._cadence_get_action(
            self.env._("Clicked: %(link)s", link=words), [('id', 'in', sorted(ids))])
        return dict(action, context={'active_test': False})

    def _get_clicked(self, letter_id):
        letter = self.with_context(active_test=False).search([('id', '=', int(letter_id))])
        if not letter:
            raise AccessError(self.env._("There is no such letter, or it is another company's."))
        return letter

    def _get_variants(self):
        return self.with_context(active_test=False).search([
            ('segment_id', '=', self.segment_id.id), ('tag_group_id', '=', self.tag_group_id.id), ('step', '=', self.step)])

    def _clean_heat_filters(self, filters):
        filters = filters or {}
        days = filters.get('days') if filters.get('days') in PERIODS else 90
        date_to = fields.Date.to_date(filters.get('date_to')) or fields.Date.context_today(self)
        return {'days': days, 'date_to': date_to, 'date_from': fields.Date.subtract(date_to, days=days - 1),
                'machines': bool(filters.get('machines'))}

    # Counting

    def _count_links(self, places, filters):
        """(Counter of mails by link number, those whose link the letter has no more)"""
        rows = self.env.execute_query(SQL("""
            SELECT click.url, click.label, COUNT(DISTINCT click.touch_id)
              FROM (%s) click
          GROUP BY click.url, click.label
            """, self._query_clicks(filters)))
        base_url = self.get_base_url()
        counts = Counter()
        for url, label, count in rows:
            counts[letter_links.find_place(places, url, label, base_url)] += count
        return counts, counts.pop(None, 0)

    def _count_clicked(self, filters):
        """(mails delivered, mails clicked anywhere)"""
        days = [('date', '>=', filters['date_from']), ('date', '<=', filters['date_to'])]
        [[delivered]] = self.env['cadence.result'].sudo()._read_group(
            [('letter_id', '=', self.id), *days], [], ['delivered:sum'])
        [[clicked]] = self.env.execute_query(SQL(
            "SELECT COUNT(DISTINCT click.touch_id) FROM (%s) click", self._query_clicks(filters)))
        return delivered or 0, clicked

    def _query_clicks(self, filters):
        """click(touch_id, partner_id, url, label): each click in a delivered mail of the letter, by the letter's mailings."""
        self.env.flush_all()
        return SQL("""
            SELECT touch.id AS touch_id, touch.partner_id, link.url, COALESCE(link.label, '') AS label
              FROM mailing_mailing mailing
              JOIN cadence_run run ON run.id = mailing.cadence_run_id
              JOIN mailing_trace trace ON trace.mass_mailing_id = mailing.id
              JOIN cadence_touch touch ON touch.id = trace.cadence_touch_id
              JOIN link_tracker_click click ON click.mailing_trace_id = trace.id
              JOIN link_tracker link ON link.id = click.link_id
             WHERE mailing.cadence_letter_id = %(letter_id)s
               AND run.date BETWEEN %(date_from)s AND %(date_to)s
               AND touch.outcome = 'left'
               AND trace.trace_status NOT IN ('bounce', 'error')
               AND (%(machines)s OR click.cadence_is_machine IS NOT TRUE AND trace.links_click_datetime IS NOT NULL)
            """, letter_id=self.id, **filters)
