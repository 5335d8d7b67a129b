"""Pictures of every screen by a headless Chromium that is driven over its own protocol.

Prints what does not fit a phone, and text that one can hardly tell from what is behind it.
"""
import base64
import http.cookiejar
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from websocket import create_connection

HEIGHTS = {1440: 900, 820: 1180, 390: 844}
WIDTHS = [int(width) for width in os.environ.get('WIDTHS', '1440 820 390').split()]
LANGUAGES = os.environ.get('LANGUAGES', 'en_US zh_CN').split()
ROW = '.o_data_row td.o_data_cell, .o_kanban_record:not(.o_kanban_ghost)'
LETTER = 'action-mass_mailing_cadence.cadence_letter_action'
# Names, where they are, and what of them is clicked before the picture, one after the other.
SCREENS = {
    'today': ('cadence-today',),
    'calendar': ('cadence-calendar',),
    'replies': ('cadence-triage',),
    'contacts': ('cadence-contacts',),
    'why': ('cadence-why', 'ask'),
    'intakes': ('cadence-intakes',),
    'intake': ('cadence-intakes', ROW),
    'segments': ('cadence-segments',),
    'segment': ('cadence-segments', '.o_kanban_record'),
    'senders': ('cadence-senders',),
    'sender': ('cadence-senders', ROW),
    'sources': ('action-mass_mailing_cadence.cadence_sender_source_action',),
    'results': ('cadence-results',),
    'results-bottom': ('cadence-results', 'bottom'),
    'explore': ('cadence-results-explore',),
    'tests': ('cadence-tests',),
    'test': ('cadence-tests', '.o_list_button_add, .o-kanban-button-new'),
    'runs': ('cadence-runs',),
    'run': ('cadence-runs', ROW),
    'all-replies': ('cadence-replies',),
    'journal': ('cadence-journal',),
    'touches': ('action-mass_mailing_cadence.cadence_touch_action',),
    'letters': (LETTER,),
    'letter': (LETTER, '.o_kanban_record .text-truncate, .o_kanban_record'),
    'findings': (LETTER, '.o_kanban_record .text-truncate, .o_kanban_record', 'bottom'),
    'heat-map': (LETTER, '.o_kanban_record .text-truncate, .o_kanban_record', 'button[name=action_heat_map]'),
    'letter-templates': ('action-mass_mailing_cadence.cadence_letter_template_action',),
    'letter-template': ('action-mass_mailing_cadence.cadence_letter_template_action', ROW),
    'views': ('action-mass_mailing_cadence.cadence_view_action',),
    'view': ('action-mass_mailing_cadence.cadence_view_action', ROW),
    'tag-groups': ('action-mass_mailing_cadence.cadence_tag_group_action',),
    'tag-group': ('action-mass_mailing_cadence.cadence_tag_group_action', ROW),
    'tags': ('action-mass_mailing_cadence.res_partner_category_action',),
    'customer-groups': ('action-mass_mailing_cadence.cadence_customer_group_action',),
    'providers': ('cadence-mail-providers',),
    'costs': ('cadence-costs',),
    'price': ('action-base.action_ir_mail_server_list', ROW),
    'settings': ('action-mass_mailing_cadence.res_config_settings_action',),
    'company-settings': ('action-mass_mailing_cadence.cadence_settings_action',),
}
READY = """
    !!document.querySelector(
        '.o_action_manager > .o_action, .o_action_manager .o_view_controller, .o_cadence_results, .o_cadence_heat')
    && !document.querySelector('.o_loading_indicator, .o_blockUI') && document.fonts.status === 'loaded'"""
# What is wider than the screen, or cannot be reached without scrolling sideways.
TOO_WIDE = """[...document.querySelectorAll(
        '.o_action_manager, .o_content, .o_list_renderer, .o_form_sheet, .o_kanban_renderer, .o_calendar_container')]
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'none')
    .map((node) => `${node.className.split(' ').slice(0, 3).join('.')} ${node.scrollWidth}>${node.clientWidth}`)"""
FAINT = (Path(__file__).parents[1] / 'tests' / 'journeys' / 'contrast.js').read_text()


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


def follow(browser, click, addresses):
    """Click what a selector finds, or do what its name says."""
    if click == 'ask':
        ask_why(browser, addresses)
    elif click == 'bottom':
        browser.ask("""[...document.querySelectorAll(
            '.o_action_manager, .o_content, .o_form_view, .o_form_sheet_bg, .o_cadence_results')]
            .forEach((node) => node.scrollTo(0, node.scrollHeight))""")
    else:
        # A phone's header keeps its buttons in a menu.
        if not browser.ask(f'!!document.querySelector({json.dumps(click)})'):
            browser.ask("document.querySelector('.o_statusbar_buttons .dropdown-toggle')?.click()")
            time.sleep(0.5)
        browser.ask(f'document.querySelector({json.dumps(click)})?.click()')
        browser.wait("!!document.querySelector('.o_form_view, .o_cadence_heat')", 8)
        time.sleep(0.7)


def take(browser, server, folder, names):
    """A picture of each screen; returns [(screen, language, width, what is wrong)]."""
    faults = []
    addresses = '\n'.join(filter(None, (partner['email'] for partner in server.call(
        'res.partner', 'search_read', [['category_id.cadence_batch', '>', 0]], fields=['email'], limit=12))))
    [results] = server.call('ir.model.data', 'search_read', [
        ['module', '=', 'mass_mailing_cadence'], ['name', '=', 'ir_cron_count_results']], fields=['res_id'])
    server.call('ir.cron', 'method_direct_trigger', [results['res_id']])
    for language in LANGUAGES:
        server.call('res.users', 'write', [server.user], {'lang': language})
        for width in WIDTHS:
            browser.call(
                'Emulation.setDeviceMetricsOverride', width=width, height=HEIGHTS.get(width, 900), deviceScaleFactor=1,
                mobile=width < 500)
            browser.call('Emulation.setTouchEmulationEnabled', enabled=width < 500)
            for name, (path, *clicks) in SCREENS.items():
                if names and name not in names:
                    continue
                browser.call('Page.navigate', url=f'{server.url}/odoo/{path}')
                time.sleep(0.5)
                browser.wait(READY)
                time.sleep(0.7)
                for click in clicks:
                    follow(browser, click, addresses)
                time.sleep(0.7)
                picture = browser.call('Page.captureScreenshot', format='png')['data']
                (folder / f'{name}-{language}-{width}.png').write_bytes(base64.b64decode(picture))
                wide = browser.ask(TOO_WIDE) or []
                if wide and width < 500:
                    faults.append((name, language, width, wide))
                if faint := browser.ask(FAINT):
                    faults.append((name, language, width, faint))
                if browser.ask("!!document.querySelector('.o_error_dialog')"):
                    faults.append((name, language, width, 'an error'))
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
    for name, language, width, what in faults:
        print(f'  {name} ({language}, {width}): {what}')


if __name__ == '__main__':
    main(*sys.argv[1:])
