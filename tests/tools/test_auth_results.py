from email import message_from_string
from unittest import TestCase

from ...tools.sender.auth_results import read

SIGNED = 'v=1; a=rsa-sha256; d=a.example; s=S1; h=From:To:Subject:List-Unsubscribe:\n List-Unsubscribe-Post; b=abc='
UNSUBSCRIBE = 'List-Unsubscribe: <https://a.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n'


def make(headers):
    return read(message_from_string(f'{headers}From: lin@a.example\nSubject: x\n\nHello\n'))


class TestRead(TestCase):

    def test_gmails_verdict(self):
        delivery = make(
            'Received: from mx.a.example (mx.a.example. [192.0.2.7]) by mx.google.com with ESMTPS id 1\n'
            'Authentication-Results: mx.google.com;\n'
            '       dkim=pass header.i=@a.example header.s=s1 header.b=abc;\n'
            '       spf=pass (google.com: domain of bounce@b.example designates 192.0.2.7) smtp.mailfrom=bounce@b.example;\n'
            '       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=a.example\n'
            f'DKIM-Signature: {SIGNED}\n{UNSUBSCRIBE}')
        self.assertEqual(delivery[:5], ('mx.google.com', 'pass', 'pass', 'pass', 'bounce@b.example'))
        self.assertEqual((delivery.ip, delivery.unsubscribe), ('192.0.2.7', 'signed'))
        self.assertEqual(delivery.signatures[0][:2], ('a.example', 's1'))
        self.assertGreater(delivery.size, 500)

    def test_a_verdict_below_the_first_is_nobodys(self):
        delivery = make('Authentication-Results: mx.b.example; dkim=fail; spf=softfail\n'
                        'Authentication-Results: mx.google.com; dkim=pass; spf=pass; dmarc=pass\n')
        self.assertEqual(delivery[:4], ('mx.b.example', 'softfail', 'fail', ''))

    def test_no_verdict_is_no_failure(self):
        self.assertEqual(make('')[:4], ('', '', '', ''))

    def test_what_the_signature_leaves_out(self):
        half = SIGNED.replace(':\n List-Unsubscribe-Post', '')
        self.assertEqual(make(f'DKIM-Signature: {half}\n{UNSUBSCRIBE}').unsubscribe, 'unsigned')
        self.assertEqual(make(f'DKIM-Signature: {half}\nDKIM-Signature: {SIGNED}\n{UNSUBSCRIBE}').unsubscribe, 'signed')
        self.assertEqual(make(UNSUBSCRIBE).unsubscribe, 'unknown')
        self.assertEqual(make(f'DKIM-Signature: {SIGNED}\n').unsubscribe, 'missing')

    def test_an_ip_that_the_mail_itself_claims_is_not_believed(self):
        delivery = make(
            'Received: from mx.a.example ([192.0.2.7]) by in.b.example with ESMTP\n'
            'Authentication-Results: mail.b.example; spf=pass\n'
            'Received: from x ([198.51.100.1]) by mx.a.example\n')
        self.assertEqual(delivery.ip, '192.0.2.7')

    def test_comments_and_words_in_them(self):
        self.assertEqual(make('Authentication-Results: b.example 1; dkim=none (dkim=pass is a lie); dmarc=fail\n')[:4],
                         ('b.example', '', 'none', 'fail'))
