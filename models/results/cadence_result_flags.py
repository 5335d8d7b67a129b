from odoo import api, fields, models
from odoo.tools import SQL, format_date

FEW_DEALS = 10  # fewer say nothing about how long deals take
USUAL_LAG = 90  # days from a mail to its deal, where too few are known
RIPE_SHARE = 0.8  # of the deals: until so many have come a period is not judged


class CadenceResult(models.Model):
    """What the page says beside its figures: where something changed, and whether it is too early to judge."""
    _inherit = 'cadence.result'

    @api.model
    def _get_flags(self, filters, letters):
        """[{date, text}] where something changed that may be why a line bends: a new or changed letter, another sender.

        :param letters: those of the page, which are fetched with those of the flags
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._query_changes(filters))
        letters |= letters.browse({letter_id for _kind, _day, letter_id, _text in rows if letter_id})
        named = dict(zip(letters.ids, letters, strict=True))
        words = {
            'new': lambda letter, _text: self.env._("New letter: %(letter)s", letter=letter.display_name),
            'changed': lambda letter, _text: self.env._("Changed letter: %(letter)s", letter=letter.display_name),
            'sender': lambda _letter, text: self.env._("New sender: %(sender)s", sender=text)}
        return [
            {'date': str(day), 'text': words[kind](named.get(letter_id), text)}
            for kind, day, letter_id, text in rows]

    def _query_changes(self, filters):
        """change(kind, day, letter id, text), told by the mailings of the runs: each knows its letter's words and its sender.

        Only of the runs that the user sees.
        """
        runs = self.env['cadence.run']._search([
            (name, '=', filters[name]) for name in ('segment_id', 'tag_group_id') if filters[name]])
        return SQL("""
            WITH mailed AS (
                SELECT run.date, run.segment_id, mailing.email_from, mailing.cadence_letter_id AS letter_id,
                       mailing.cadence_fingerprint AS fingerprint
                  FROM mailing_mailing mailing
                  JOIN cadence_run run ON run.id = mailing.cadence_run_id
                 WHERE run.id IN (%(runs)s)
                   AND run.date BETWEEN %(before)s AND %(date_to)s
                   AND EXISTS (SELECT FROM cadence_result result WHERE result.run_id = run.id)
            ),
            told AS (
                SELECT mailed.*,
                       LAG(fingerprint) OVER (PARTITION BY letter_id ORDER BY date) AS fingerprint_before,
                       LAG(email_from) OVER (PARTITION BY segment_id ORDER BY date) AS sender_before
                  FROM mailed
            )
            SELECT 'new' AS kind, first.date, first.letter_id, NULL AS text
              FROM (SELECT letter_id, MIN(date) AS date
                      FROM cadence_result
                     WHERE letter_id IN (SELECT letter_id FROM mailed)
                  GROUP BY letter_id) first
             WHERE first.date BETWEEN %(date_from)s AND %(date_to)s
         UNION
            SELECT 'changed', date, letter_id, NULL
              FROM told
             WHERE date >= %(date_from)s
               AND fingerprint <> fingerprint_before
         UNION
            SELECT 'sender', date, NULL, email_from
              FROM told
             WHERE date >= %(date_from)s
               AND email_from <> sender_before
          ORDER BY 2, 1, 3
            """, runs=runs.select(), before=fields.Date.subtract(filters['date_from'], days=62), date_from=filters['date_from'],
            date_to=filters['date_to'])

    def _get_unripe_sentence(self, filters):
        """That what the period brought is not complete, or None: deals come long after their mails."""
        [[count, lag]] = self.env.execute_query(SQL("""
            SELECT COUNT(*),
                   PERCENTILE_DISC(%(share)s) WITHIN GROUP (ORDER BY lead.date_closed::date - part.date)
              FROM cadence_attribution part
              JOIN crm_lead lead ON lead.id = part.lead_id
             WHERE part.model = 'last'
               AND part.is_won
               AND part.company_id = ANY(%(company_ids)s)
            """, share=RIPE_SHARE, company_ids=self.env.companies.ids))
        days = max(lag or 0, 1) if count >= FEW_DEALS else USUAL_LAG
        ripe = fields.Date.add(filters['date_to'], days=days)
        if ripe <= fields.Date.context_today(self):
            return None
        return self.env._(
            "Too early to judge the return: four of five deals come within %(days)s days of their mail, for this period until "
            "%(date)s.", days=days, date=format_date(self.env, ripe)) if count >= FEW_DEALS else self.env._(
            "Too early to judge the return: deals often come months after their mail, for this period until %(date)s.",
            date=format_date(self.env, ripe))
