"""DNS zones of invented domains, and a resolver that answers from a dictionary as dnspython's does.

Served over UDP on loopback, checkdmarc 6.0.4 says the same of all SPF, DMARC and MX zones, but for four of which the standards are
followed here: `V=SPF1` in capital letters is SPF (ABNF, RFC 7208 4.5); names that `exists:` asks for and that are not there are void
lookups (4.6.4); of two equal records DNS delivers one; `v=DMARC1` without policy and reports is no policy to receivers of before
RFC 9989. dkimpy 1.1.8 reads the same keys.
"""
import base64
from types import SimpleNamespace

import dns.resolver

RSA_2048 = base64.b64encode(bytes.fromhex(
    '30820122300d06092a864886f70d01010105000382010f003082010a0282010100') + b'\xc1' * 256 + bytes.fromhex('0203010001')).decode()
RSA_1024 = base64.b64encode(bytes.fromhex(
    '30819f300d06092a864886f70d010101050003818d0030818902818100') + b'\xc1' * 128 + bytes.fromhex('0203010001')).decode()
RSA_512 = base64.b64encode(bytes.fromhex(
    '305c300d06092a864886f70d0101010500034b003048024100') + b'\xc1' * 64 + bytes.fromhex('0203010001')).decode()
ED25519 = base64.b64encode(b'\x07' * 32).decode()


class Zone:
    """:param records: {(name, kind): [text]}; a text that is an exception is raised"""

    def __init__(self, records):
        self.records, self.asked = records, []

    def __call__(self, name, kind, lifetime=None):
        self.asked.append((name, kind))
        answers = self.records.get((name, kind))
        if answers is None:
            raise (dns.resolver.NoAnswer if any(known == name for known, _kind in self.records) else dns.resolver.NXDOMAIN)()
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return [_Answer(kind, answer) for answer in answers]


class _Answer(SimpleNamespace):
    def __init__(self, kind, text):
        super().__init__(text=text)
        if kind == 'TXT':
            data = text.encode()
            self.strings = [data[start:start + 255] for start in range(0, len(data), 255)] or [b'']
        if kind == 'MX':
            self.exchange = text

    def __str__(self):
        return self.text


def spf(*records, **others):
    """A zone of a.example with these SPF records; others: {name: record}, _ for a dot."""
    zone = {('a.example', 'TXT'): list(records), ('a.example', 'A'): ['192.0.2.1'], ('a.example', 'MX'): ['mx.a.example.']}
    zone |= {(name.replace('_', '.'), 'TXT'): [record] for name, record in others.items()}
    return zone


INCLUDED = {f'i{number}_example': 'v=spf1 ip4:192.0.2.1 -all' for number in range(12)}


def includes(count):
    return ' '.join(f'include:i{number}.example' for number in range(count))


# what it is: (zone, the verdict of check_spf)
SPF_ZONES = {
    'a plain record': (spf('v=spf1 a mx -all'), 'spf_ok'),
    'soft': (spf('v=spf1 ip4:192.0.2.0/24 ~all'), 'spf_ok'),
    'only minus all': (spf('v=spf1 -all'), 'spf_ok'),
    'capital letters': (spf('V=SPF1 A -ALL'), 'spf_ok'),
    'other texts beside it': (spf('google-site-verification=x', 'v=spf1 a -all'), 'spf_ok'),
    'no record': (spf('google-site-verification=x'), 'spf_none'),
    'no domain': ({}, 'spf_none'),
    'a version that is none': (spf('v=spf10 a -all'), 'spf_none'),
    'spf2 only': (spf('spf2.0/pra a -all'), 'spf_none'),
    'two records': (spf('v=spf1 a -all', 'v=spf1 mx -all'), 'spf_two'),
    'two equal records': (spf('v=spf1 a -all', 'v=spf1 a -all'), 'spf_two'),
    'plus all': (spf('v=spf1 a +all'), 'spf_pass_all'),
    'all without a sign': (spf('v=spf1 a all'), 'spf_pass_all'),
    'neutral': (spf('v=spf1 a ?all'), 'spf_neutral'),
    'no end': (spf('v=spf1 a mx'), 'spf_neutral'),
    'empty': (spf('v=spf1'), 'spf_neutral'),
    'ten lookups': (spf(f'v=spf1 {includes(10)} -all', **INCLUDED), 'spf_ok'),
    'eleven lookups': (spf(f'v=spf1 {includes(11)} -all', **INCLUDED), 'spf_lookups'),
    'ten with a and mx': (spf(f'v=spf1 a mx {includes(8)} -all', **INCLUDED), 'spf_ok'),
    'eleven with a, mx and ptr': (spf(f'v=spf1 a mx ptr {includes(8)} -all', **INCLUDED), 'spf_lookups'),
    'networks cost nothing': (spf(f'v=spf1 {includes(10)} ip4:192.0.2.1 ip6:2001:db8::/32 -all', **INCLUDED), 'spf_ok'),
    'eleven over two levels': (spf(
        'v=spf1 include:deep.example include:i0.example -all', deep_example=f'v=spf1 {includes(9)} -all', **INCLUDED), 'spf_lookups'),
    'ten over two levels': (spf(
        'v=spf1 include:deep.example -all', deep_example=f'v=spf1 {includes(9)} -all', **INCLUDED), 'spf_ok'),
    'two void lookups': (spf('v=spf1 exists:v1.example exists:v2.example -all'), 'spf_ok'),
    'three void lookups': (spf('v=spf1 exists:v1.example exists:v2.example exists:v3.example -all'), 'spf_voids'),
    'three a records that are not there': (spf('v=spf1 a:v1.example a:v2.example a:v3.example -all'), 'spf_voids'),
    'mx of a name without any': (spf('v=spf1 mx:v1.example mx:v2.example mx:v3.example -all'), 'spf_voids'),
    'an include of nothing': (spf('v=spf1 include:gone.example -all'), 'spf_missing'),
    'an include of a domain without spf': (spf('v=spf1 include:b.example -all', b_example='hello'), 'spf_missing'),
    'an include with two records': (
        spf('v=spf1 include:b.example -all') | {('b.example', 'TXT'): ['v=spf1 -all', 'v=spf1 a -all']}, 'spf_two'),
    'a loop of itself': (spf('v=spf1 include:a.example -all'), 'spf_loop'),
    'a loop of two': (spf('v=spf1 include:b.example -all', b_example='v=spf1 include:a.example -all'), 'spf_loop'),
    'a redirect': (spf('v=spf1 redirect=b.example', b_example='v=spf1 a -all'), 'spf_ok'),
    'a redirect to nothing': (spf('v=spf1 redirect=gone.example'), 'spf_missing'),
    'a redirect to itself': (spf('v=spf1 redirect=a.example'), 'spf_loop'),
    'a redirect to a neutral one': (spf('v=spf1 redirect=b.example', b_example='v=spf1 a ?all'), 'spf_neutral'),
    'two redirects': (spf('v=spf1 redirect=b.example redirect=c.example', b_example='v=spf1 -all'), 'spf_syntax'),
    'a redirect after all is not followed': (spf('v=spf1 redirect=gone.example -all'), 'spf_ok'),
    'what comes after all is not followed': (spf('v=spf1 -all include:gone.example'), 'spf_ok'),
    'an unknown modifier': (spf('v=spf1 exp=x.example moo=1 a -all'), 'spf_ok'),
    'an unknown mechanism': (spf('v=spf1 ipv4:192.0.2.1 -all'), 'spf_syntax'),
    'a typo': (spf('v=spf1 inlcude:b.example -all'), 'spf_syntax'),
    'a comma': (spf('v=spf1 a, mx -all'), 'spf_syntax'),
    'an address that is none': (spf('v=spf1 ip4:192.0.2.300 -all'), 'spf_syntax'),
    'ip6 in ip4': (spf('v=spf1 ip4:2001:db8::1 -all'), 'spf_syntax'),
    'ip4 without an address': (spf('v=spf1 ip4 -all'), 'spf_syntax'),
    'an include without a name': (spf('v=spf1 include -all'), 'spf_syntax'),
    'all with a value': (spf('v=spf1 all:x'), 'spf_syntax'),
    'a macro': (spf('v=spf1 exists:%{i}._spf.%{d2} -all'), 'spf_ok'),
    'a macro that is none': (spf('v=spf1 exists:%{z}.b.example -all'), 'spf_syntax'),
    'a lone percent sign': (spf('v=spf1 exists:%b.example -all'), 'spf_syntax'),
    'a with a mask': (spf('v=spf1 a/24 mx/24 a:b.example/24 -all') | {('b.example', 'A'): ['192.0.2.1']}, 'spf_ok'),
    'a record in pieces': (spf('v=spf1 ' + ' '.join(f'ip4:192.0.2.{number}' for number in range(60)) + ' -all'), 'spf_ok'),
    'eleven servers of mx': (
        spf('v=spf1 mx -all') | {('a.example', 'MX'): [f'm{number}.a.example.' for number in range(11)]}, 'spf_lookups'),
}


def key(text, selector='s1'):
    return {(f'{selector}._domainkey.a.example', 'TXT'): [text] if isinstance(text, str) else text}


DKIM_ZONES = {
    'rsa 2048': (key(f'v=DKIM1; k=rsa; p={RSA_2048}'), 'dkim_ok'),
    'without a version': (key(f'p={RSA_2048}'), 'dkim_ok'),
    'with blanks in the key': (key(f'v=DKIM1; p={RSA_2048[:40]} {RSA_2048[40:]}'), 'dkim_ok'),
    'ed25519': (key(f'v=DKIM1; k=ed25519; p={ED25519}'), 'dkim_ok'),
    'rsa 1024': (key(f'v=DKIM1; k=rsa; p={RSA_1024}'), 'dkim_1024'),
    'rsa 512': (key(f'v=DKIM1; k=rsa; p={RSA_512}'), 'dkim_short'),
    'revoked': (key('v=DKIM1; k=rsa; p='), 'dkim_revoked'),
    'in test mode': (key(f'v=DKIM1; t=y; p={RSA_2048}'), 'dkim_test'),
    'in test mode and strict': (key(f'v=DKIM1; t=s:y; p={RSA_2048}'), 'dkim_test'),
    'strict': (key(f'v=DKIM1; t=s; p={RSA_2048}'), 'dkim_ok'),
    'cut off': (key(f'v=DKIM1; p={RSA_2048[:100]}'), 'dkim_broken'),
    'no key at all': (key('v=DKIM1; k=rsa'), 'dkim_broken'),
    'another version': (key(f'v=DKIM2; p={RSA_2048}'), 'dkim_broken'),
    'no base64': (key('v=DKIM1; p=***'), 'dkim_broken'),
    'two records': (key([f'v=DKIM1; p={RSA_2048}', f'v=DKIM1; p={RSA_1024}']), 'dkim_two'),
    'gone': ({}, 'dkim_gone'),
}


def dmarc(**records):
    return {(f"_dmarc.{name.replace('_', '.')}", 'TXT'): [text] if isinstance(text, str) else text for name, text in records.items()}


# what it is: (zone, domain, the verdict of check_dmarc)
DMARC_ZONES = {
    'with reports': (dmarc(a_example='v=DMARC1; p=none; rua=mailto:x@a.example'), 'a.example', 'dmarc_ok'),
    'reject': (dmarc(a_example='v=DMARC1; p=reject; rua=mailto:x@a.example'), 'a.example', 'dmarc_ok'),
    'without blanks': (dmarc(a_example='v=DMARC1;p=quarantine;rua=mailto:x@a.example'), 'a.example', 'dmarc_ok'),
    'without reports': (dmarc(a_example='v=DMARC1; p=none'), 'a.example', 'dmarc_no_reports'),
    'tags that are gone since RFC 9989': (
        dmarc(a_example='v=DMARC1; p=none; pct=20; ri=3600; rf=afrf; rua=mailto:x@a.example'), 'a.example', 'dmarc_ok'),
    'unknown tags': (dmarc(a_example='v=DMARC1; p=none; x=1; rua=mailto:x@a.example'), 'a.example', 'dmarc_ok'),
    'none': ({}, 'a.example', 'dmarc_none'),
    'another text': (dmarc(a_example='hello'), 'a.example', 'dmarc_none'),
    'a version in small letters': (dmarc(a_example='v=dmarc1; p=none'), 'a.example', 'dmarc_none'),
    'the version is not first': (dmarc(a_example='p=none; v=DMARC1'), 'a.example', 'dmarc_none'),
    'two': (dmarc(a_example=['v=DMARC1; p=none', 'v=DMARC1; p=reject']), 'a.example', 'dmarc_two'),
    'a policy that is none': (dmarc(a_example='v=DMARC1; p=nothing'), 'a.example', 'dmarc_broken'),
    'no policy and nobody to report to': (dmarc(a_example='v=DMARC1'), 'a.example', 'dmarc_broken'),
    'no policy but somebody to report to': (dmarc(a_example='v=DMARC1; rua=mailto:x@a.example'), 'a.example', 'dmarc_no_policy'),
    'only at the parent': (dmarc(a_example='v=DMARC1; p=reject'), 'mail.a.example', 'dmarc_parent'),
    'three levels up': (dmarc(a_example='v=DMARC1; p=none'), 'x.y.mail.a.example', 'dmarc_parent'),
    'at the parent with a policy for those below': (dmarc(a_example='v=DMARC1; p=reject; sp=none'), 'mail.a.example', 'dmarc_parent'),
    'at the domain itself and the parent': (
        dmarc(a_example='v=DMARC1; p=reject', mail_a_example='v=DMARC1; p=none; rua=mailto:x@a.example'), 'mail.a.example', 'dmarc_ok'),
    'a public suffix says so': (dmarc(example='v=DMARC1; p=reject; psd=y'), 'a.example', 'dmarc_parent'),
    'in between': (dmarc(mail_a_example='v=DMARC1; p=none; psd=n', example='v=DMARC1; p=none'), 'x.mail.a.example', 'dmarc_parent'),
    'nine labels': (dmarc(a_example='v=DMARC1; p=none'), 'i.h.g.f.e.d.c.a.example', 'dmarc_parent'),
}

MX_ZONES = {
    'a server': ({('a.example', 'MX'): ['mx.a.example.']}, 'mx_ok'),
    'nobody': ({('a.example', 'TXT'): ['x']}, 'mx_none'),
    'says that nobody takes mails': ({('a.example', 'MX'): ['.']}, 'mx_null'),
    'an address only': ({('a.example', 'A'): ['192.0.2.1']}, 'mx_address'),
}
