from odoo import api, fields, models
from odoo.tools import SQL

from .cadence_sender import CHANGING

USUAL_SHARE = 40  # percent


class CadenceSender(models.Model):
    """How much of a day one mailbox provider gets while it gets to know the sender; companies' own servers are none."""
    _inherit = 'cadence.sender'

    provider_share = fields.Integer(
        'Share of One Mailbox Provider', default=USUAL_SHARE, tracking=True,
        help="While the sender is warmed up, no more than this part of the mails of a day, in percent, goes to one mailbox "
             "provider such as Google. The others get its places. 0: no limit.")

    _provider_share_percent = models.Constraint(
        'CHECK (provider_share BETWEEN 0 AND 100)', "A share is between 0 and 100 percent.")

    def _get_share(self, date):
        """How many mails of the company's day may go to one mailbox provider, None for no limit."""
        self.ensure_one()
        if not self.provider_share or self.state not in CHANGING:
            return None
        limit = self._get_limit(date)
        return None if limit is None else max(limit * self.provider_share // 100, 1)

    def _count_taken_by_provider(self, date):
        """{provider id: mails of a company's day to it that have left or will}"""
        return dict(self.env.execute_query(SQL("""
            SELECT provider.id, COUNT(*)
              FROM (SELECT SPLIT_PART(email, '@', 2) AS host FROM (%(taken)s) taken OFFSET 0) taken
              %(provider)s
             WHERE provider.id IS NOT NULL
          GROUP BY provider.id
            """, taken=self._query_taken(date), provider=self.env['cadence.mail.host']._sql_provider(SQL('taken.host')))))

    def _find_over_share(self, touches, date):
        """Those of the touches, which are to leave on a day that is not theirs, for whom their provider has no place left."""
        share = self._get_share(date)
        if share is None or not touches:
            return touches.browse()
        taken, over = self._count_taken_by_provider(date), touches.browse()
        provider = self.env['cadence.mail.host']._sql_provider(SQL("SPLIT_PART(touch.email, '@', 2)"))
        for touch_id, provider_id in self.env.execute_query(SQL("""
                SELECT touch.id, provider.id
                  FROM cadence_touch touch
                  %(provider)s
                 WHERE touch.id = ANY(%(ids)s) AND provider.id IS NOT NULL
              ORDER BY touch.id
                """, ids=touches.ids, provider=provider)):
            taken[provider_id] = taken.get(provider_id, 0) + 1
            if taken[provider_id] > share:
                over += touches.browse(touch_id)
        return over

    @api.model
    def _query_over_share(self, senders, date):
        """Ids of the waiting touches that are over their provider's share of a day by now."""
        parts = [
            (sender.id, provider_id, count - share)
            for sender in senders if (share := sender._get_share(date)) is not None
            for provider_id, count in sender._count_taken_by_provider(date).items() if count > share]
        if not parts:
            return SQL("NULL")
        return SQL(" UNION ALL ").join(SQL("""
            (SELECT waiting.id
               FROM cadence_touch waiting
               %(provider)s
              WHERE waiting.sender_id = %(sender_id)s
                AND waiting.day = %(date)s
                AND waiting.outcome = 'waiting'
                AND provider.id = %(provider_id)s
           ORDER BY waiting.id DESC
              LIMIT %(over)s)
            """, sender_id=sender_id, date=date, provider_id=provider_id, over=over,
            provider=self.env['cadence.mail.host']._sql_provider(SQL("SPLIT_PART(waiting.email, '@', 2)")))
            for sender_id, provider_id, over in parts)
