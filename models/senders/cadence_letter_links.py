from concurrent.futures import ThreadPoolExecutor

from odoo import api, fields, models

from ...tools.sender import letter_checks, letter_parts, link_checks

CHECKED_AT_ONCE = 50  # letters
CHECKED_AGAIN_HOURS = 20
THREADS = 10


class CadenceLetter(models.Model):
    """Links of letters that lead nowhere: asked once a day by a cron, never while somebody waits."""
    _inherit = 'cadence.letter'

    dead_links = fields.Json(readonly=True, copy=False, help="Links that led nowhere when they were last asked.")
    links_checked_date = fields.Datetime('Links Asked On', readonly=True, copy=False)

    _guarded_fields = ('dead_links', 'links_checked_date')

    @api.model
    def _cron_check_links(self):
        count = self._check_links()
        self.env['ir.cron']._commit_progress(count, remaining=count if count == CHECKED_AT_ONCE else 0)

    @api.model
    def _check_links(self, ask=None):
        """Ask for the links of the letters that were not asked today; returns how many letters there were."""
        now = fields.Datetime.now()
        due = self.search([
            '|', ('links_checked_date', '=', False),
            ('links_checked_date', '<', fields.Datetime.subtract(now, hours=CHECKED_AGAIN_HOURS))],
            order='links_checked_date NULLS FIRST, id', limit=CHECKED_AT_ONCE)
        own = self.env['ir.config_parameter'].sudo().get_param('web.base.url') or ''
        urls = {letter: letter._get_links(own) for letter in due}
        asked = list(dict.fromkeys(url for found in urls.values() for url in found))
        with ThreadPoolExecutor(THREADS) as threads:
            dead = {url for found in threads.map(lambda url: link_checks.find_dead([url], ask, own), asked) for url in found}
        for letter, found in urls.items():
            letter.sudo().write({'dead_links': [url for url in found if url in dead], 'links_checked_date': now})
        return len(due)

    def _get_links(self, own):
        """The links of the letter as a contact gets it, but those that Odoo fills in as each mail leaves."""
        rendered = self._render_example() if self.mailing_id.body_html and self.segment_id else None
        links = letter_parts.read(str(rendered[1])).links if rendered else ()
        return list(dict.fromkeys(
            link.url for link in links
            if link.url.lower().startswith(('http:', 'https:')) and not letter_parts.UNSUBSCRIBE.search(link.url)
            and not (own and link.url.startswith(f'{own}/view'))))

    @api.depends('dead_links')
    def _compute_findings(self):
        return super()._compute_findings()

    @api.depends('dead_links')
    def _compute_light(self):
        return super()._compute_light()

    def _check(self):
        """A dead link that was taken out of the letter meanwhile is none any more."""
        body = str(self.mailing_id.sudo().body_html or '')
        return super()._check() + [
            letter_checks.Finding('dead_link', 'warn', url, (('url', url[:80]),)) for url in self.dead_links or []
            if url.partition('?')[0] in body]
