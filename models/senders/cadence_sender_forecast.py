from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, Query, format_date

from ...tools.address import company_domain
from ...tools.sender import warmup

# Who sends so many mails a day to private mailboxes at Gmail is a bulk sender for ever (support.google.com/mail/answer/81126);
# all senders of a domain together, and companies' mailboxes at Google aside.
BULK_MAILS = 5_000
PRIVATE_HOSTS = ('gmail.com', 'googlemail.com')
FORESEEN_DAYS = 30
SHARE_DAYS = 7


class CadenceSender(models.Model):
    """Where a sender's mails go, and from when on Gmail takes its domain for a bulk sender."""
    _inherit = 'cadence.sender'

    foreseen_date = fields.Date(readonly=True, copy=False, help="The day on which this was counted.")
    bulk_date = fields.Date(
        'Bulk Sender From', readonly=True, copy=False, help="The first day with 5,000 mails to private mailboxes at Gmail.")
    bulk_count = fields.Integer('Mails to Gmail on That Day', readonly=True, copy=False)
    provider_shares = fields.Json(readonly=True, copy=False, help="Of the mails of a week: [[provider id or 0, mails]].")
    bulk_note = fields.Char(compute='_compute_bulk_note')
    share_note = fields.Char('Where Its Mails Go', compute='_compute_share_note')

    _guarded_fields = ('foreseen_date', 'bulk_date', 'bulk_count', 'provider_shares')

    @api.depends('bulk_date', 'bulk_count', 'foreseen_date')
    @api.depends_context('lang')
    def _compute_bulk_note(self):
        for sender in self:
            sender.bulk_note = sender.bulk_date and sender._get_bulk_note()

    def _get_bulk_note(self):
        values = {'day': format_date(self.env, self.bulk_date), 'count': f'{self.bulk_count:,}'}
        if self.bulk_date <= self._get_today():
            return self.env._(
                "Since %(day)s Gmail takes your domain for a bulk sender, for good: %(count)s mails went there on that day. It "
                "wants SPF, DKIM, DMARC and less than 3 complaints among 1,000 mails.", **values)
        return self.env._(
            "From %(day)s on Gmail takes your domain for a bulk sender, for good: %(count)s mails will go there on that day. "
            "Until then SPF, DKIM and DMARC have to be in order.", **values)

    @api.depends('provider_shares')
    @api.depends_context('lang')
    def _compute_share_note(self):
        for sender in self:
            shares = sender.provider_shares or []
            whole = sum(count for _provider, count in shares)
            providers = self.env['cadence.mail.provider'].sudo().browse(id_ for id_, _count in shares if id_).exists()
            names = {provider.id: provider.name for provider in providers} | {0: self.env._("Others")}
            sender.share_note = ' · '.join(
                f'{names[id_]} {round(100 * count / whole)} %' for id_, count in shares if id_ in names) if whole else False

    # Counting: once a day, by the cron

    def _foresee(self, now):
        today = self._get_today(now)
        if self.foreseen_date == today:
            return
        values = {'foreseen_date': today, 'provider_shares': self._count_shares(today)}
        if not self.bulk_date or self.bulk_date > today:
            values |= self._find_bulk_day(today)
        self.sudo().write(values)

    def _count_shares(self, today):
        """[[provider id or 0, mails]] of the last days, the largest first, what is nobody's at the end."""
        rows = self.env.execute_query(SQL("""
            SELECT COALESCE(host.provider_id, 0), COUNT(*)
              FROM cadence_touch touch
         LEFT JOIN cadence_mail_host host ON host.name = SUBSTRING(touch.email FROM '@(.*)$')
             WHERE touch.sender_id = %s AND touch.state = 'reserved' AND touch.outcome = 'left' AND touch.day >= %s
          GROUP BY 1
            """, self.id, today - timedelta(days=SHARE_DAYS)))
        return sorted(map(list, rows), key=lambda row: (not row[0], -row[1]))

    def _find_bulk_day(self, today):
        """{bulk_date, bulk_count}: the first day with so many mails, of yesterday and the day before or of those ahead."""
        senders = self._get_siblings()
        counts = senders._count_private_left(today - timedelta(days=2))
        for date, count in senders._count_private_ahead(today).items():
            counts[date] += count
        reached = min((date for date, count in counts.items() if count >= BULK_MAILS), default=False)
        return {'bulk_date': reached, 'bulk_count': counts.get(reached, 0)}

    def _get_siblings(self):
        """The senders of the same domain: providers count these together."""
        def get_organisation(sender):
            domain = sender._get_domain()
            return company_domain.company_domain(f'x@{domain}') or domain

        own = get_organisation(self)
        # pylint: disable=no-search-all; there are few
        return self.sudo().search([]).filtered(lambda sender: get_organisation(sender) == own)

    def _count_private_left(self, first_date):
        return Counter(dict(self.env.execute_query(SQL("""
            SELECT touch.day, COUNT(*)
              FROM cadence_touch touch
             WHERE touch.sender_id = ANY(%s)
               AND touch.day >= %s
               AND touch.state = 'reserved'
               AND touch.outcome = 'left'
               AND SUBSTRING(touch.email FROM '@(.*)$') = ANY(%s)
          GROUP BY touch.day
            """, self.ids, first_date, list(PRIVATE_HOSTS)))))

    def _count_private_ahead(self, today):
        """{day: mails that will go to private mailboxes at Gmail}, of no sender more than it may send on that day."""
        ahead = defaultdict(int)
        for sender in self:
            due = Counter()
            for segment in sender.segment_ids.filtered('active'):
                for group in self.env['cadence.tag.group'].sudo().search([('batch_count', '>', 0)]):
                    mailable = self._count_private_by_batch(segment, group)
                    for number in range(FORESEEN_DAYS) if mailable else ():
                        day = today + timedelta(days=number)
                        due[day] += sum(mailable.get(batch, 0) for batch in group._get_due_numbers(day, segment.company_id))
            for day, count in due.items():
                ahead[day] += min(count, sender._get_limits_ahead(today).get(day, count))
        return ahead

    def _get_limits_ahead(self, today):
        """{day: mails that may leave} if each day is used and comes through; {} for no limit."""
        profile = self._get_profile()
        if not profile:
            return {today + timedelta(days=number): self.target for number in range(FORESEEN_DAYS)} if self.target else {}
        past = [day for day in self._get_days() if day.date < today]
        caps = warmup.foresee(profile, self.target, past, today, FORESEEN_DAYS)
        return {today + timedelta(days=number): cap for number, cap in enumerate(caps)}

    def _count_private_by_batch(self, segment, group):
        """{number of the batch: its contacts with such a mailbox whom the group's runs may mail as things are}"""
        Verdict = self.env['cadence.verdict']
        Verdict._flush()
        query = Query(self.env, 'res_partner')
        verdict = Verdict._sql(group, segment.company_id, query)
        return dict(self.env.execute_query(SQL("""
            SELECT tag.cadence_batch, COUNT(*)
              FROM %(partners)s
              JOIN res_partner_res_partner_category_rel rel ON rel.partner_id = res_partner.id
              JOIN res_partner_category tag ON tag.id = rel.category_id
        CROSS JOIN %(verdict)s
             WHERE tag.cadence_segment_id = %(segment_id)s
               AND tag.cadence_group_id = %(group_id)s
               AND SUBSTRING(res_partner.cadence_email FROM '@(.*)$') = ANY(%(hosts)s)
               AND verdict.reason IS NULL
          GROUP BY tag.cadence_batch
            """, partners=query.from_clause, verdict=verdict, segment_id=segment.id, group_id=group.id,
            hosts=list(PRIVATE_HOSTS))))
