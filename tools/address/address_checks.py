"""What can be told of a cold address on its way in: thrown-away mailboxes, role mailboxes, dead domains."""

import re
from functools import cache, lru_cache

import dns.name
import dns.resolver
from disposable_email_domains import blocklist
from dns.exception import DNSException

from .company_domain import deliverable

# Real providers that the package lists all the same: China Telecom's and Sify's (India) customers have them for good.
DISPOSABLE_DOMAINS: frozenset[str] = frozenset(blocklist) - {'21cn.com', 'sify.com'}

# RFC 2142 and what companies have beside it, Odoo's own catch-alls included. Written without separators.
_ROLE_WORDS = """
    abuse admin administrator administration hostmaster info information list marketing news noc postmaster root sales
    security support trouble usenet uucp webmaster www
    accounting accounts account ap ar advertising alerts all asksales billing board booking bookings bounce bounces
    business buyer buyers career careers catchall ceo company compliance connect contact contactus contacts contracts
    customercare customerservice customerservices customersupport cs donotreply dontreply ecommerce editor email engineering
    enquire enquiries enquiry enquirys events everyone export exports feedback finance financial freight frontdesk
    general getintouch hello hallo hey hi help helpdesk hr humanresources import imports inbox inquire inquiries inquiry
    international invoice invoices invoicing it itsupport jobs legal logistics mail mailbox mailerdaemon management mailing
    media member members membership newsletter newsletters noreply notification notifications notify office online
    operation operations ops order orders orderdesk partner partners partnership partnerships payable payables payment
    payments payroll pr press privacy procurement production project projects publicrelations purchase purchases
    purchasing qa qc quality quotation quote quotes reception recruit recruiting recruitment receivables registration
    request requests research reservation reservations returns rfq sale salesdept salesteam salesinfo secretary service
    services shipping shop showroom sourcing staff store studio subscribe supplier suppliers supply supplychain
    supportteam sysadmin systems team tech technical techsupport tenders tender trade trading training unsubscribe
    vendor vendors warehouse warranty web website welcome wholesale

    anfrage anfragen bestellung bestellungen bewerbung buchhaltung buero datenschutz einkauf empfang geschaeftsfuehrung
    jobboerse karriere kontakt kundendienst kundenservice lager leitung personal poststelle post presse rechnung rechnungen
    sekretariat technik verkauf vertrieb verwaltung werkstatt zentrale

    accueil achat achats adherents administratif bonjour bureau commande commandes commercial compta comptabilite
    devis direction emploi facturation factures gestion livraison logistique nepasrepondre rh secretariat serviceclient
    serviceclients siege technique vente ventes

    administracion atencion atencionalcliente almacen calidad clientes comercial compra compras comunicacion
    consultas contabilidad contacto correo cotizacion cotizaciones empleo exportacion exportaciones facturacion facturas
    finanzas gerencia hola importacion importaciones informacion informes logistica mercadeo noresponder oficina
    pedidos proveedores recepcion reservas rrhh secretaria servicio servicioalcliente servicios soporte tesoreria tienda
    ventas

    administracao atendimento assistencia comunicacao contabilidade contato contatos contacto diretoria encomendas
    engenharia escritorio exportacao faleconosco financeiro fornecedores geral importacao importacoes loja orcamento
    orcamentos qualidade recepcao sac suporte vendas

    acquisti amministrazione assistenza assistenzaclienti clienti commerciale contabilita contatti direzione fatture
    fatturazione fornitori informazioni laboratorio magazzino ordini preventivi produzione qualita risorseumane segreteria
    ufficio ufficioacquisti ufficiocommerciale ufficiotecnico vendite

    administratie boekhouding bestelling inkoop klantenservice receptie verkoop
    biuro handel ksiegowosc sekretariat sprzedaz zamowienia zapytania
    ekonomi faktura firmapost forsaljning innkjop kundeservice kundtjanst myynti asiakaspalvelu postmottak salg toimisto
    buh buhgalteria obchod objednavky opt otdel podpora prodazhi prodej sekretar snab zakaz zakupki
    bilgi destek ihracat ithalat muhasebe satinalma satis

    bangongshi caigou caiwu chukou gongsi jishu kefu renli renshi shichang shouhou tongzhi waimao xiaoshou xingzheng
    xinxi yewu youxiang zhaopin zixun
"""
# What stands beside a role word: info.de, sales-europe, export_dept. Not "li" or "ma": sales.li is somebody at a desk.
_BESIDE_ROLE_WORDS = """
    ae apac ar asia at au be benelux br ca ch china cl cn co cz dach de dept department dk domestic emea en es eu europe
    export fi fr gb global gr group hk hq hu ie il in india international ir it japan jp korea kr latam mena mx my
    national nl no nz office ph pl pt ro ru sa se sg team th tr tw uae uk us usa vn za
"""

_ROLES = frozenset(_ROLE_WORDS.split())
_BESIDE_ROLES = frozenset(_BESIDE_ROLE_WORDS.split())
_SEPARATORS = re.compile(r'[._\-0-9]+')

DNS_TIMEOUT = 3.0  # seconds


def is_disposable(domain: str) -> bool:
    """Return whether a domain, or one above it, gives mailboxes for an hour.

    Source: https://github.com/disposable-email-domains/disposable-email-domains, on PyPI every few days.
    """
    domain = domain.strip().removesuffix('.').lower()
    while domain not in DISPOSABLE_DOMAINS:
        _label, dot, domain = domain.partition('.')
        if not dot:
            return False
    return True


def is_role(address: str) -> bool:
    """Return whether a mailbox belongs to a desk rather than to a person: ``sales2@``, ``info.de@``, ``no-reply@``.

    Source: RFC 2142, and the usual words for the same desks in European languages and in pinyin.
    """
    local, at, _domain = address.strip().lower().rpartition('@')
    return bool(at) and is_role_name(local)


def has_mail_server(domain: str, timeout: float = DNS_TIMEOUT) -> bool | None:
    """Return whether a domain takes mail by its DNS records, None for not known (no answer, a failing server).

    ``timeout`` is in seconds, for each of at most three questions. An address record stands in for a missing MX (RFC 5321
    5.1), a null MX says no (RFC 7505); whether the servers an MX names are there is not asked. What is known is remembered
    while the process lives. Never raises.
    """
    try:
        return _has_mail_server(domain.strip().removesuffix('.').lower(), timeout)
    except (DNSException, OSError):
        return None


def is_role_name(local: str) -> bool:
    """Return whether the part before the ``@``, in lower case, is a desk's."""
    local = local.partition('+')[0]
    if local.isalpha():
        return local in _ROLES
    words = _SEPARATORS.split(local)
    if ''.join(words) in _ROLES:  # no-reply, customer.service
        return True
    # Asked of every row of a table, and hardly ever true.
    return not _ROLES.isdisjoint(words) and all(word in _ROLES or word in _BESIDE_ROLES for word in filter(None, words))


@lru_cache(maxsize=1 << 16)
def _has_mail_server(domain: str, timeout: float) -> bool:
    """Return what is known; what is not is raised, for ``lru_cache`` keeps no exceptions."""
    # As DNS has it: dnspython's own way for other scripts needs a newer idna than Odoo pins.
    _local, _at, host = deliverable(f'postmaster@{domain}').rpartition('@')
    try:
        name = dns.name.from_text(host)
    except (DNSException, UnicodeError):
        return False  # empty, or longer than DNS allows
    try:
        return _takes_mail(name, timeout)
    except dns.resolver.NXDOMAIN:
        return False


def _takes_mail(name: dns.name.Name, timeout: float) -> bool:
    try:
        exchanges = _resolver().resolve(name, 'MX', lifetime=timeout)
    except dns.resolver.NoAnswer:
        return _has_record(name, 'A', timeout) or _has_record(name, 'AAAA', timeout)
    return any(record.exchange != dns.name.root for record in exchanges)


def _has_record(name: dns.name.Name, kind: str, timeout: float) -> bool:
    try:
        _resolver().resolve(name, kind, lifetime=timeout)
    except dns.resolver.NoAnswer:
        return False
    return True


@cache
def _resolver() -> dns.resolver.Resolver:
    return dns.resolver.Resolver()
