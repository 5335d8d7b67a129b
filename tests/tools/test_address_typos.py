from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools.address import address_typos
from ...tools.address.address_typos import suggest, suggest_domain
from ...tools.address.company_domain import PUBLIC_PROVIDERS

SLIPS = """
    gmial.com=gmail.com gamil.com=gmail.com gmai.com=gmail.com gmal.com=gmail.com gmaill.com=gmail.com gmsil.com=gmail.com
    gnail.com=gmail.com gmali.com=gmail.com gmail.con=gmail.com gmail.cmo=gmail.com gmail.co=gmail.com gmail.cm=gmail.com
    gmaill.con=gmail.com GMIAL.COM=gmail.com hotmial.com=hotmail.com hotmal.com=hotmail.com hotmai.com=hotmail.com
    hormail.com=hotmail.com ohtmail.com=hotmail.com hotmail.vom=hotmail.com hotmial.fr=hotmail.fr
    hotmial.co.uk=hotmail.co.uk yahooo.com=yahoo.com yhaoo.com=yahoo.com yahoo.comm=yahoo.com yaho.co.uk=yahoo.co.uk
    yahoo.cm=yahoo.com yahoo.co=yahoo.com outlok.com=outlook.com outloo.com=outlook.com outlokk.com=outlook.com
    outlook.ocm=outlook.com iclod.com=icloud.com icluod.com=icloud.com foxmial.com=foxmail.com 163.con=163.com
    126.con=126.com qq.cm=qq.com qq.con=qq.com qq.om=qq.com gmeil.com=gmail.com hotmeil.com=hotmail.com
    hotmeil.it=hotmail.it yah0o.com=yahoo.com gma1l.com=gmail.com gmall.com=gmail.com h0tmail.com=hotmail.com
    grnail.com=gmail.com gmmaill.com=gmail.com gmail.comk=gmail.com gmail.c0m=gmail.com gmail.ccom=gmail.com
    gmail.comcom=gmail.com gmailcom=gmail.com gmailc.om=gmail.com gmail-com=gmail.com gmail..com=gmail.com
    www.gmail.com=gmail.com gmail.org=gmail.com gmail.cam=gmail.com tahoo.com=yahoo.com putlook.com=outlook.com
    otmail.com=hotmail.com hotmal.co=hotmail.com hotmail.co=hotmail.com yahoo.cu.uk=yahoo.co.uk yahoo.co.ukk=yahoo.co.uk
    yahoo.con.br=yahoo.com.br comcast.ney=comcast.net comcast.nry=comcast.net btintenet.com=btinternet.com
    sbcglobl.net=sbcglobal.net laposte.ner=laposte.net yandex.ri=yandex.ru xn--gmil-63d.com=gmail.com gmаil.com=gmail.com
    sina.com.con=sina.com.cn acme.con=acme.com acme.comk=acme.com acme.c0m=acme.com acme.ogr=acme.org acme.nte=acme.net
    mail.acme.cmo=mail.acme.com acme..com=acme.com
"""
# Companies, providers and words that are near: what must never be taken for a slip
REAL = """
    gmail.com gmx.de ymail.com mail.com email.com hotmail.fr yahoo.ca live.cn live.com 126.com 163.com hotmail.com.au
    yahoo.com.vn vip.163.com vip.qq.com sina.com.cn aol.com aol.de mails.com gmailer.com gail.com grail.com gmile.com
    tmail.com dmail.com cloud.com acme.co acme.cm acme.om love.com sol.com sins.com 162.com 125.com 164.com qq.cn qa.com
    yandex.ru gmaily.com acme.com gmail.acme.com yahoo-inc.com outlooks.com hotmill.com orange.com rails.com yahoo.example
    foxmail.example tmall.com goal.com hotmart.com qihoo.com badoo.com live.nl cmail.com hmail.com foxtail.com hostmail.com
    hotelmail.com hotrail.com foxmaily.com hotmails.com hicloud.com qcloud.com ucloud.cn aliyuncs.com kahoot.it yadro.ru
    gotmail.com lastmail.com photonmail.com airmail.com comcast.com atinternet.com horizon.net yalu.com tahoe.com never.com
    sky.com 263.net zoom.com sino.com lookout.com acme.io acme.museum acme.xyz acme.cam acme.coop acme.co.uk acme.com.br
    acme.example acme.test xn--55qx5d.xn--fiqs8s пример.рф earthling.net mail.co sina.co simpatico.ca yhoo.it gmail.ru
    gmail.com.br yahoo.com.mx yahoo.com.my live.com.mx outlook.co.id
"""
DOMAINS = st.one_of(
    st.sampled_from(sorted(PUBLIC_PROVIDERS)),
    st.from_regex(r'[a-z0-9]{1,8}\.(?:com|con|co|cm|vom|net|de|com\.cn)', fullmatch=True),
    st.text(alphabet='gmailhotyouk.cn', max_size=14),
    st.text(max_size=20),
)
properties = settings(max_examples=300, deadline=None, database=None)


def make_slips(name):
    """Return what fingers make of a name of letters: two swapped, one left out, one doubled, one of them the key beside it."""
    keys = address_typos._neighbours()
    for at in range(1, len(name)):
        yield name[:at] + name[at + 1:]
        yield name[:at] + name[at] + name[at:]
        if at + 1 < len(name):
            yield name[:at] + name[at + 1] + name[at] + name[at + 2:]
        yield from (name[:at] + key + name[at + 1:] for key in keys.get(name[at], ()))


class TestSuggest(TestCase):
    def test_slip_gets_what_was_meant(self):
        for pair in SLIPS.split():
            typed, meant = pair.split('=')
            with self.subTest(typed=typed):
                self.assertEqual(suggest(f'Bob@{typed}'), f'Bob@{meant}')

    def test_real_domain_gets_no_suggestion(self):
        for domain in REAL.split():
            with self.subTest(domain=domain):
                self.assertIsNone(suggest(f'bob@{domain}'))

    def test_provider_never_gets_a_suggestion(self):
        self.assertEqual([domain for domain in PUBLIC_PROVIDERS if suggest(f'bob@{domain}')], [])

    def test_nearly_all_slips_in_a_providers_name_are_found_and_none_for_another_one(self):
        found = count = 0
        for name in address_typos._LONG_NAMES:
            for suffix in address_typos._suffixes_of(name)[:5]:
                for typed in {slip for slip in make_slips(name) if slip != name and f'{slip}.{suffix}' not in PUBLIC_PROVIDERS}:
                    meant = suggest_domain(f'{typed}.{suffix}')
                    count += 1
                    found += meant == f'{name}.{suffix}'
                    self.assertIn(meant, (None, f'{name}.{suffix}'), f'{typed}.{suffix}')
        self.assertGreater(count, 2_500)
        self.assertGreater(found / count, .97)

    def test_every_slip_in_com_is_found_at_a_company(self):
        for typed in {*make_slips('com'), 'c0m', 'comk', 'ccom', 'comcom'} - {'com', 'co', 'cm', 'cam'}:
            if address_typos.is_top_level(typed):
                continue
            with self.subTest(typed=typed):
                self.assertEqual(suggest_domain(f'acme.{typed}'), 'acme.com')

    def test_what_is_no_address_gets_no_suggestion(self):
        for address in ('', 'bob', '@gmial.com', 'bob@', 'gmial.com', 'bob@.con', 'bob@con', 'bob@..', f'bob@{"g" * 300}.con'):
            with self.subTest(address=address):
                self.assertIsNone(suggest(address))

    @properties
    @given(DOMAINS)
    def test_suggestion_gets_no_suggestion(self, domain):
        meant = suggest(f'bob@{domain}')
        self.assertIsNone(meant and suggest(meant))

    @properties
    @given(st.text(max_size=20))
    def test_nothing_raises(self, text):
        for address in (text, f'{text}@{text}', f'bob@{text}.com'):
            suggest(address)

    def test_an_ending_that_does_not_exist_is_that_of_a_provider_with_the_name(self):
        for typed, meant in (
            ('gmx.ed', 'gmx.de'), ('t-online.ed', 't-online.de'), ('mail.ruu', 'mail.ru'), ('web.dee', 'web.de'),
            ('uol.com.brr', 'uol.com.br'), ('sina.con', 'sina.com'), ('acme.conn', 'acme.com'), ('acme.commm', 'acme.com'),
            ('acme.ed', None), ('acme.nt', None), ('acme.dee', None),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(suggest(f'ann@{typed}'), meant and f'ann@{meant}')

    def test_a_comma_or_half_an_ending_is_a_slip(self):
        for typed, meant in (
            ('gmail,com', 'gmail.com'), ('acme,de', 'acme.de'), ('acme;com', 'acme.com'), ('mail.acme,co,uk', 'mail.acme.co.uk'),
            ('gmail', 'gmail.com'), ('gmail.c', 'gmail.com'), ('gmail.net.com', 'gmail.com'), ('hotmail.co.com', 'hotmail.com'),
            ('one,two', None), ('acme', None), ('a,,com', None), (',com', None), ('acme,com,', None),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(suggest(f'ann@{typed}'), meant and f'ann@{meant}')
