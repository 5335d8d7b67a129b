"""Pictures of every screen by a headless Chromium that is driven over its own protocol; prints what does not fit a phone."""
import base64
import http.cookiejar
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from websocket import create_connection

WIDTHS = {1440: 900, 820: 1180, 390: 844}
LANGUAGES = ('en_US', 'zh_CN')
# Names, where they are, and what of them is clicked before the picture.
SCREENS = {
    'today': ('cadence-today', ''),
    'calendar': ('cadence-calendar', ''),
    'replies': ('cadence-triage', ''),
    'contacts': ('cadence-contacts', ''),
    'why': ('cadence-why', "ask"),
    'intakes': ('cadence-intakes', ''),
    'intake': ('cadence-intakes', '.o_data_row td.o_data_cell, .o_kanban_record'),
    'segments': ('cadence-segments', ''),
    'segment': ('cadence-segments', '.o_kanban_record'),
    'runs': ('cadence-runs', ''),
    'run': ('cadence-runs', '.o_data_row td.o_data_cell, .o_kanban_record'),
    'all-replies': ('cadence-replies', ''),
    'journal': ('cadence-journal', ''),
    'touches': ('action-mass_mailing_cadence.cadence_touch_action', ''),
    'letters': ('action-mass_mailing_cadence.cadence_letter_action', ''),
    'letter': ('action-mass_mailing_cadence.cadence_letter_action', '.o_kanban_record .text-truncate, .o_kanban_record'),
    'senders': ('cadence-senders', ''),
    'sender': ('cadence-senders', '.o_data_row td.o_data_cell'),
    'views': ('action-mass_mailing_cadence.cadence_view_action', ''),
    'view': ('action-mass_mailing_cadence.cadence_view_action', '.o_data_row td.o_data_cell[name=name]'),
    'tag-groups': ('action-mass_mailing_cadence.cadence_tag_group_action', ''),
    'tags': ('action-mass_mailing_cadence.res_partner_category_action', ''),
    'customer-groups': ('action-mass_mailing_cadence.cadence_customer_group_action', ''),
    'settings': ('action-mass_mailing_cadence.res_config_settings_action', ''),
}
READY = """
    !!document.querySelector('.o_action_manager > .o_action, .o_action_manager .o_view_controller')
    && !document.querySelector('.o_loading_indicator, .o_blockUI') && document.fonts.status === 'loaded'"""
# What is wider than the screen, or cannot be reached without scrolling sideways.
TOO_WIDE = """[...document.querySelectorAll(
        '.o_action_manager, .o_content, .o_list_renderer, .o_form_sheet, .o_kanban_renderer, .o_calendar_container')]
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'none')
    .map((node) => `${node.className.split(' ').slice(0, 3).join('.')} ${node.scrollWidth}>${node.clientWidth}`)"""


class Browser:
    """A page of a headless Chromium."""

    def __init__(self, folder):
        binary = next(filter(None, map(shutil.which, ('google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable'))))
        self.process = subprocess.Popen(
            [binary, '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-port=0',
             '--remote-allow-origins=*', f'--user-data-dir={folder}', 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = Path(folder) / 'DevToolsActivePort'
        while not (port_file.exists() and port_file.read_text().strip()):
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/json') as pages:
            page = next(page for page in json.load(pages) if page['type'] == 'page')
        self.socket = create_connection(page['webSocketDebuggerUrl'], timeout=60)
        self.numbers = itertools.count(1)
        for domain in ('Page', 'Runtime', 'Network'):
            self.call(f'{domain}.enable')

    def call(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({'id': number, 'method': method, 'params': params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get('id') == number:
                return answer.get('result', {})

    def ask(self, expression):
        return self.call('Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True).get(
            'result', {}).get('value')

    def wait(self, expression, seconds=30):
        for _try in range(seconds * 5):
            if self.ask(expression):
                return True
            time.sleep(0.2)
        return False

    def close(self):
        self.call('Browser.close')
        self.process.wait(10)


class Server:
    """The Odoo server, as its administrator."""

    def __init__(self, url, database):
        self.url, self.cookies = url, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.user = self.rpc('/web/session/authenticate', db=database, login='admin', password='admin')['uid']

    def rpc(self, path, **params):
        body = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}).encode()
        request = urllib.request.Request(self.url + path, body, {'Content-Type': 'application/json'})  # noqa: S310 our own server
        with self.opener.open(request) as answer:
            answer = json.load(answer)
        if 'error' in answer:
            raise RuntimeError(answer['error']['data']['message'])
        return answer['result']

    def call(self, model, method, *args, **kwargs):
        return self.rpc(f'/web/dataset/call_kw/{model}/{method}', model=model, method=method, args=args, kwargs=kwargs)


def ask_why(browser, addresses):
    browser.ask(f"""(() => {{
        const area = document.querySelector('[name=addresses] textarea');
        area.value = {json.dumps(addresses)};
        area.dispatchEvent(new Event('input', {{bubbles: true}}));
        area.dispatchEvent(new Event('change', {{bubbles: true}}));
    }})()""")
    time.sleep(0.5)
    browser.ask("document.querySelector('[name=action_explain]')?.click() || "
                "document.querySelector('.o_cp_action_menus button, .o_statusbar_buttons button')?.click()")
    browser.wait(
        "!!document.querySelector('[name=line_ids] :is(.o_data_row, .o_kanban_record:not(.o_kanban_ghost))')", 8)


def take(browser, server, folder, names):
    """A picture of each screen; returns [(screen, language, what is too wide)] of the phone's."""
    faults = []
    addresses = '\n'.join(filter(None, (partner['email'] for partner in server.call(
        'res.partner', 'search_read', [['category_id.cadence_batch', '>', 0]], fields=['email'], limit=12))))
    for language in LANGUAGES:
        server.call('res.users', 'write', [server.user], {'lang': language})
        for width, height in WIDTHS.items():
            browser.call(
                'Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
            browser.call('Emulation.setTouchEmulationEnabled', enabled=width < 500)
            for name, (path, click) in SCREENS.items():
                if names and name not in names:
                    continue
                browser.call('Page.navigate', url=f'{server.url}/odoo/{path}')
                time.sleep(0.5)
                browser.wait(READY)
                time.sleep(0.7)
                if click == 'ask':
                    ask_why(browser, addresses)
                elif click:
                    browser.ask(f'document.querySelector({json.dumps(click)})?.click()')
                    browser.wait("!!document.querySelector('.o_form_view')", 8)
                time.sleep(0.7)
                picture = browser.call('Page.captureScreenshot', format='png')['data']
                (folder / f'{name}-{language}-{width}.png').write_bytes(base64.b64decode(picture))
                wide = browser.ask(TOO_WIDE) or []
                if wide and width < 500:
                    faults.append((name, language, wide))
                if browser.ask("!!document.querySelector('.o_error_dialog')"):
                    faults.append((name, language, 'an error'))
    return faults


def main(url, database, folder, names=''):
    server = Server(url, database)
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        for cookie in server.cookies:
            browser.call('Network.setCookie', name=cookie.name, value=cookie.value, url=url)
        try:
            faults = take(browser, server, Path(folder), names.split())
        finally:
            server.call('res.users', 'write', [server.user], {'lang': 'en_US'})
            browser.close()
    for name, language, what in faults:
        print(f'  {name} ({language}) on a phone: {what}')


if __name__ == '__main__':
    main(*sys.argv[1:])
