import os
import re
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, build_opener

from odoo.tests import tagged

from ..server import ServerCase

READERS = 20
COLLISION = 'could not serialize access'
SEED = """
from datetime import timedelta
from odoo import fields
env = env(context=dict(env.context, tracking_disable=True))
group = env.ref('mass_mailing_cadence.tag_group_marketing')
segment = env['cadence.segment'].create({
    'lang_id': env.ref('base.lang_en').id, 'tz': 'UTC', 'send_time': 0.0, 'email_from': 'opens@me.example',
    'customer_group_id': env['cadence.customer.group'].create({'name': 'Opens'}).id})
letter = env['cadence.letter'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'subject': 'Opens', 'step': 1})
letter.mailing_id.body_html = '<p>Dear <t t-out="object.name"/>, here is our letter.</p>'
day = fields.Date.today() - timedelta(days=1)
partners = env['res.partner'].create([{'name': f'r{n}', 'email': f'r{n}@opens{n}.example'} for n in range(READERS)])
run = env['cadence.run'].create({'segment_id': segment.id, 'tag_group_id': group.id, 'date': day, 'state': 'done'})
mailing = run._create_mailing(letter).sudo()
link = env['link.tracker'].create({'url': 'https://cranes.example', 'title': 'Cranes'})
for partner in partners:
    touch = env['cadence.touch'].create({
        'run_id': run.id, 'segment_id': segment.id, 'tag_group_id': group.id, 'company_id': segment.company_id.id,
        'partner_id': partner.id, 'email': partner.email, 'date': day, 'state': 'reserved', 'mailing_id': mailing.id,
        'letter_id': letter.id})
    mail = env['mail.mail'].create({'subject': 'x', 'body_html': 'x', 'mailing_id': mailing.id})
    trace = env['mailing.trace'].create({
        'model': 'res.partner', 'res_id': partner.id, 'mass_mailing_id': mailing.id, 'cadence_touch_id': touch.id,
        'mail_mail_id': mail.id, 'message_id': f'<{partner.name}@opens.example>', 'trace_status': 'sent',
        'sent_datetime': fields.Datetime.now() - timedelta(days=1)})
    print('PIXEL', mail._get_tracking_url())
    print('CLICK', f'{link.short_url}/m/{trace.id}')
env.cr.commit()
"""
COUNT = """
run = env['cadence.run'].search([('segment_id.customer_group_id.name', '=', 'Opens')])
env['cadence.result']._recount(run)
print('COUNTED', sum(run.result_ids.mapped('opened')), sum(run.result_ids.mapped('clicked')))
"""


class Stay(HTTPRedirectHandler):
    """A click leads elsewhere; nobody goes there."""

    def redirect_request(self, *_args):
        return None


@tagged('post_install', '-at_install')
class TestConcurrentOpens(ServerCase):

    def test_twenty_people_open_mails_of_one_run_at_once_and_nobody_meets_anybody(self):
        """No request writes what all of them would share.

        Clicks on one link meet at Odoo's own counter of the link, where it tries again by itself: none of them is lost.
        """
        said = self._shell(f'READERS = {READERS}\n{SEED}')
        pixels, clicks = (
            [re.sub(r'^https?://[^/]+', '', url) for url in re.findall(rf'^{kind} (\S+)$', said, re.MULTILINE)]
            for kind in ('PIXEL', 'CLICK'))
        self.assertEqual((len(pixels), len(clicks)), (READERS, READERS))
        with self._serve() as (url, log), ThreadPoolExecutor(READERS) as people:
            self.assertEqual(set(people.map(lambda path: self._ask(url + path), pixels)), {200})
            self.assertNotIn(COLLISION, log.read_text())
            self.assertLessEqual(set(people.map(lambda path: self._ask(url + path), clicks)), {301, 302})
            collisions = re.findall(r"UPDATE \"(\w+)\"[^\n]*(?:\n(?!\d{4}-)[^\n]*)*" + COLLISION, log.read_text())
            self.assertLessEqual(set(collisions), {'link_tracker'})
        counted = re.search(r'COUNTED (\d+) (\d+)', self._shell(COUNT))
        self.assertEqual([int(number) for number in counted.groups()], [READERS, READERS])

    @contextmanager
    def _serve(self):
        """A server with threads, as in production; yields its address and its log."""
        with closing(socket.create_server(('127.0.0.1', 0))) as free:
            port = free.getsockname()[1]
        with tempfile.TemporaryDirectory() as name:
            log = Path(name, 'server.log')
            server = subprocess.Popen([
                sys.executable, '-m', 'odoo', 'server', '-c', os.environ['CADENCE_ODOO_CONF'], '-d', self.database,
                '--http-interface=127.0.0.1', f'--http-port={port}', '--workers=0', '--max-cron-threads=0', '--db_maxconn=64',
                f'--logfile={log}', '--log-level=info'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self._wait("the server answers", lambda: self._ask(f'http://127.0.0.1:{port}/web/login') == 200, server)
                yield f'http://127.0.0.1:{port}', log
            finally:
                server.kill()
                server.wait()

    def _ask(self, url):
        """The status of the answer, None without one."""
        opener = build_opener(Stay)
        opener.addheaders = [('User-Agent', 'Mozilla/5.0 (Windows NT 10.0) Thunderbird/140')]
        with suppress(URLError, ConnectionError, TimeoutError):
            try:
                with opener.open(url, timeout=60) as answer:
                    answer.read()
                    return answer.status
            except HTTPError as error:
                return error.code
        return None
