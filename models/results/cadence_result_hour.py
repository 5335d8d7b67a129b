from babel.dates import get_day_names
from odoo import api, fields, models, tools
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, get_lang

from ...tools import open_hours, time_zones
from .cadence_result_count import FIGURES


class CadenceResultHour(models.Model):
    """When the mails of a run were opened by persons, in the recipients' time: counted together with the run's results.

    Their sum is the results' *Opened*. Kept for each run, and not read from the traces when somebody looks: of a month they are
    a million.
    """
    _name = 'cadence.result.hour'
    _description = 'Hour of Opens'
    _order = 'date DESC, run_id DESC, weekday, hour, id'
    _log_access = False

    run_id = fields.Many2one('cadence.run', required=True, ondelete='cascade', readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True)
    segment_id = fields.Many2one('cadence.segment', required=True, ondelete='cascade', index=True, readonly=True)
    tag_group_id = fields.Many2one('cadence.tag.group', required=True, ondelete='restrict', readonly=True)
    date = fields.Date(required=True, readonly=True)
    weekday = fields.Integer(required=True, readonly=True, aggregator=False, help="0 is Monday.")
    hour = fields.Integer(required=True, readonly=True, aggregator=False)
    opened = fields.Integer(readonly=True)
    assumed = fields.Integer("In the Segment's Time", readonly=True, help="Opens of contacts whose own time zone is not known.")

    # Two workers that count the same run at once: the second one begins anew.
    _run_hour = models.UniqueIndex('(run_id, weekday, hour)')
    _date_company = models.Index('(date, company_id)')

    # Counting

    @api.model
    def _forget(self, run_ids):
        self.env.cr.execute(SQL("DELETE FROM cadence_result_hour WHERE run_id = ANY(%s)", run_ids))
        self.invalidate_model()

    @api.model
    def _query_insert(self, company):
        """Part of the statement that counts the results: the same rows of `fact`, by the hour of the open that was judged.

        A contact's own zone counts where it is one of the contact's country. Of a country with several clocks nothing is guessed.
        """
        zones = self._get_zones()
        endings = time_zones.get_endings()
        return SQL("""
            INSERT INTO cadence_result_hour (
                   run_id, company_id, segment_id, tag_group_id, date, weekday, hour, opened, assumed)
            SELECT run.id, %(company_id)s, run.segment_id, run.tag_group_id, run.date,
                   EXTRACT(ISODOW FROM clock.moment)::int - 1, EXTRACT(HOUR FROM clock.moment)::int,
                   COUNT(*), COUNT(*) FILTER (WHERE own.name IS NULL AND single.name IS NULL)
              FROM fact
              JOIN cadence_run run ON run.id = fact.run_id
              JOIN cadence_segment segment ON segment.id = run.segment_id
         LEFT JOIN res_partner partner ON partner.id = fact.partner_id
         LEFT JOIN res_country country ON country.id = partner.country_id
         LEFT JOIN UNNEST(%(endings)s, %(ending_codes)s) ending(name, code) ON ending.name = fact.ending
         LEFT JOIN UNNEST(%(codes)s, %(names)s) own(code, name)
                ON own.code = COALESCE(country.code, ending.code) AND own.name = partner.tz
         LEFT JOIN UNNEST(%(only_codes)s, %(only_names)s) single(code, name)
                ON single.code = COALESCE(country.code, ending.code)
        CROSS JOIN LATERAL (
                   SELECT fact.opened_date AT TIME ZONE 'UTC'
                              AT TIME ZONE COALESCE(own.name, single.name, segment.tz) AS moment) clock
             WHERE %(opened)s
               AND fact.opened_date IS NOT NULL
          GROUP BY run.id, run.segment_id, run.tag_group_id, run.date, 6, 7
            """, company_id=company.id, endings=list(endings), ending_codes=list(endings.values()),
            codes=[zone.country for zone in zones], names=[zone.name for zone in zones],
            only_codes=[zone.country for zone in zones if zone.is_only],
            only_names=[zone.name for zone in zones if zone.is_only], opened=SQL(FIGURES['opened']))

    @tools.ormcache()
    def _get_zones(self):
        """The zones of the countries, but those that the database does not know: one of them would stop all counting."""
        known = {name for name, in self.env.execute_query(SQL("SELECT name FROM pg_timezone_names"))}
        return tuple(zone for zone in time_zones.get_zones(fields.Date.today().year) if zone.name in known)

    # The page

    @api.model
    def _get_hours(self, domain):
        """{total, assumed, weekdays, sentence}: the picture of these runs; without weekdays where there are too few opens."""
        rows = self._read_group(domain, ['weekday', 'hour'], ['opened:sum', 'assumed:sum'])
        counts = self._to_counts(rows)
        total = sum(counts.values())
        if total < open_hours.FEW:
            return {'total': total, 'few': open_hours.FEW, 'assumed': 0, 'weekdays': [], 'sentence': ''}
        lang = get_lang(self.env)
        locale = babel_locale_parse(lang.code)
        names, short = (get_day_names(width, locale=locale) for width in ('wide', 'abbreviated'))
        first = int(lang.week_start) - 1
        return {
            'total': total, 'few': open_hours.FEW,
            'assumed': sum(row[-1] for row in rows) / total,
            'weekdays': [
                {'number': day, 'name': names[day], 'short': short[day],
                 'counts': [counts.get((day, hour), 0) for hour in range(24)]}
                for day in ((first + offset) % 7 for offset in range(7))],
            'sentence': self._tell_peaks(open_hours.find_peaks(counts), names)}

    @staticmethod
    def _to_counts(rows):
        return {(weekday, hour): opened for weekday, hour, opened, *_rest in rows}

    @api.model
    def _get_peak_hours(self, domain):
        """The hour at which most was opened, if any stands out: worth a test, and no more than that."""
        peak = open_hours.find_peaks(self._to_counts(self._read_group(domain, ['weekday', 'hour'], ['opened:sum']))).hour
        return [float(peak.first)] if peak else []

    def _tell_peaks(self, peaks, names):
        weekday, hour = peaks
        values = {}
        if weekday:
            values |= {'weekday': names[weekday.first], 'day_share': f'{100 * weekday.share:.0f} %'}
        if hour:
            values |= {
                'since': f'{hour.first}:00', 'until': f'{(hour.first + open_hours.SPAN) % 24}:00',
                'hour_share': f'{100 * hour.share:.0f} %'}
        if weekday and hour:
            return self.env._(
                "Opened most on %(weekday)s (%(day_share)s) and from %(since)s to %(until)s (%(hour_share)s), recipients' time.",
                **values)
        if weekday:
            return self.env._("Opened most on %(weekday)s (%(day_share)s); no hour stands out.", **values)
        if hour:
            return self.env._(
                "Opened most from %(since)s to %(until)s (%(hour_share)s), recipients' time; no weekday stands out.",
                **values)
        return self.env._("No weekday and no hour stands out.")
