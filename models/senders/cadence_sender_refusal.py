from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 30
ROW_DAYS = 2  # older refusals are no row any more
BLOCK_SECONDS = 2  # mails of a block are written down together: of these nobody knows which came first


class CadenceSenderRefusal(models.Model):
    """A mail that was refused for what we are, not for its address: block lists, too many mails, no proof of the sender.

    Only ever added to: two workers that send never wait for each other.
    """
    _name = 'cadence.sender.refusal'
    _description = 'Refusal of a Sender'
    _log_access = False

    sender_id = fields.Many2one('cadence.sender', required=True, ondelete='cascade', readonly=True)
    touch_id = fields.Integer(required=True, index=True, readonly=True, help=(
        "No foreign key: a refusal is forgotten long before its touch, whose removal would look for it each time."))
    moment = fields.Datetime(required=True, readonly=True, help="When the mail was with the server.")
    words = fields.Char(readonly=True, help="The server's.")

    _sender_moment = models.Index('(sender_id, moment)')

    @api.model
    def _note(self, touches, words, moment=None):
        """Write down that the mails of these touches were refused, now or as they left."""
        self.sudo().create([{
            'sender_id': touch.sender_id.id, 'touch_id': touch.id, 'words': words,
            'moment': moment or fields.Datetime.now()} for touch in touches if touch.sender_id])

    @api.model
    def _query_row(self, sender, since, provider=None):
        """row(count, hosts, words): the mails refused since the last one that was taken, none where they are old."""
        match = sender._sql_at(provider, SQL('touch.email'))
        return SQL("""
            WITH refused AS (
                SELECT refusal.touch_id, touch.email, MAX(refusal.moment) AS moment, MAX(refusal.words) AS words
                  FROM cadence_sender_refusal refusal
                  JOIN cadence_touch touch ON touch.id = refusal.touch_id
                 WHERE refusal.sender_id = %(sender_id)s AND refusal.moment >= %(since)s AND %(match)s
              GROUP BY refusal.touch_id, touch.email
            ),
            taken AS (
                SELECT MAX(touch.outcome_date) AS moment
                  FROM cadence_touch touch
                 WHERE touch.sender_id = %(sender_id)s
                   AND touch.state = 'reserved'
                   AND touch.outcome = 'left'
                   AND touch.day >= %(since)s::date - 1
                   AND touch.outcome_date <= (SELECT MAX(moment) FROM refused)
                   AND touch.id NOT IN (SELECT touch_id FROM refused)
                   AND %(match)s
            )
            SELECT COUNT(*),
                   COUNT(DISTINCT COALESCE(host.provider_id::text, SUBSTRING(refused.email FROM '@(.*)$'))),
                   MAX(refused.words)
              FROM refused
        CROSS JOIN taken
         LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(refused.email FROM '@(.*)$')
             WHERE taken.moment IS NULL OR refused.moment > taken.moment + %(block)s * INTERVAL '1 second'
            """, sender_id=sender.id, since=since, match=match, block=BLOCK_SECONDS)

    @api.autovacuum
    def _gc_refusals(self):
        self.env.execute_query(SQL("""
            DELETE FROM cadence_sender_refusal WHERE moment < CURRENT_DATE - %s RETURNING NULL
            """, KEPT_DAYS))
        self.invalidate_model()
