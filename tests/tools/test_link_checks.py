import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest import TestCase
from unittest.mock import patch

from ...tools.sender import link_checks
from ...tools.sender.link_checks import Answer, Gone, find_dead


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        status = {'/here': 200, '/no-head': 404, '/moved': 302}.get(self.path, 404)
        self.send_response(status)
        if self.path == '/moved':
            self.send_header('Location', 'http://169.254.169.254/latest')
        self.end_headers()

    def do_GET(self):
        self.send_response(200 if self.path == '/no-head' else 404)
        self.end_headers()

    def log_message(self, *_args):
        pass


class TestFindDead(TestCase):

    def test_what_leads_nowhere_is_found_and_what_fails_otherwise_is_not(self):
        pages = {
            'https://a.example/here': 200, 'https://a.example/gone': 404, 'https://a.example/removed': 410,
            'https://a.example/secret': 403, 'https://a.example/busy': 503}

        def ask(_method, url):
            if 'nohost' in url:
                raise Gone(url)
            if 'slow' in url:
                raise TimeoutError
            return Answer(pages[url])

        urls = [*pages, 'https://nohost.example', 'https://slow.example', 'https://a.example/gone']
        self.assertEqual(
            find_dead(urls, ask), ['https://a.example/gone', 'https://a.example/removed', 'https://nohost.example'])

    def test_redirects_are_followed_and_end(self):
        def ask(_method, url):
            return {'https://a.example/1': Answer(301, '/2'), 'https://a.example/2': Answer(404)}.get(url, Answer(302, url))

        self.assertEqual(find_dead(['https://a.example/1', 'https://a.example/loop'], ask), ['https://a.example/1'])


class TestFetch(TestCase):

    def setUp(self):
        super().setUp()
        self.server = HTTPServer(('127.0.0.1', 0), Handler)
        self.addCleanup(self.server.server_close)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.shutdown)
        self.base = f'http://127.0.0.1:{self.server.server_port}'

    def test_pages_of_our_own_are_asked_wherever_they_are(self):
        urls = [f'{self.base}/{path}' for path in ('here', 'no-head', 'gone')]
        self.assertEqual(find_dead(urls, own=self.base), [f'{self.base}/gone'])

    def test_nobody_is_sent_into_our_network(self):
        """Not by an address, not by a name, not by a page that sends on."""
        with self.assertRaises(link_checks.Refused):
            link_checks.fetch('GET', f'{self.base}/here')
        with self.assertRaises(link_checks.Refused):
            link_checks.fetch('GET', 'file:///etc/passwd')
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, '', (host, 80)) for host in ('93.184.216.34', '10.0.0.8')]
        with patch.object(socket, 'getaddrinfo', return_value=inside), self.assertRaises(link_checks.Refused):
            link_checks.fetch('GET', 'http://rebound.example/')
        with patch.object(socket, 'create_connection', side_effect=AssertionError("connected")):
            self.assertEqual(find_dead(['http://169.254.169.254/latest'], own=self.base), [])
            self.assertEqual(find_dead(['http://127.0.0.1:5432/'], own=self.base), [], "another service beside ours")
        self.assertEqual(find_dead([f'{self.base}/moved'], own=self.base), [])

    def test_a_host_that_is_not_there(self):
        with patch.object(socket, 'getaddrinfo', side_effect=socket.gaierror(socket.EAI_NONAME, 'no')):
            self.assertEqual(find_dead(['http://nohost.example']), ['http://nohost.example'])
        with patch.object(socket, 'getaddrinfo', side_effect=socket.gaierror(socket.EAI_AGAIN, 'later')):
            self.assertEqual(find_dead(['http://nohost.example']), [])
