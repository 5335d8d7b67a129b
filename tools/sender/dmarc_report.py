"""Read an aggregate report of DMARC: who sent in a domain's name, and what came through (RFC 7489 appendix C, RFC 9990).

Anybody can mail one: what is unpacked is bounded, no entity is resolved, and broken XML is read as far as it goes.
"""

import gzip
import io
import zipfile
import zlib
from collections import Counter
from datetime import date, datetime, timezone
from email.message import Message
from ipaddress import ip_address
from typing import NamedTuple

import lxml.etree

MAX_UNPACKED = 20 * 1024 * 1024  # bytes of XML; the largest of a busy domain have two
MAX_ROWS = 20_000
_XML_START = (b'<?xml', b'<feedback', b'\xef\xbb\xbf<')


class Row(NamedTuple):
    """Mails from one address on the Internet; ``dkim`` and ``spf``: whether they are aligned with the domain."""

    source: str
    count: int
    disposition: str = 'none'
    dkim: bool = False
    spf: bool = False

    @property
    def is_ours(self) -> bool:
        """DMARC passes where one of both is aligned."""
        return self.dkim or self.spf


class Report(NamedTuple):
    """``reporter`` is the organisation that tells it, ``id`` its own; rows of the same source and result are summed up."""

    domain: str
    reporter: str
    id: str
    first: date
    last: date
    policy: str
    rows: tuple[Row, ...]


def find(mail: Message) -> Report | None:
    """Return the report that a mail carries, zipped or not, None for a mail that carries none. Never raises."""
    for part in mail.walk():
        if part.is_multipart():
            continue
        try:
            data = part.get_payload(decode=True)
        except (ValueError, LookupError):
            continue
        if data and (xml := unpack(data)) and (report := read(xml)):
            return report
    return None


def unpack(data: bytes) -> bytes | None:
    """Return the XML of an attachment, whatever its name says it is; None for what is none, or too large unpacked."""
    try:
        if data[:2] == b'\x1f\x8b':
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MAX_UNPACKED + 1)
        elif data[:2] == b'PK':
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = [info for info in archive.infolist() if info.filename.lower().endswith('.xml')]
                if not names:
                    return None
                with archive.open(names[0]) as packed:
                    data = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError):
        return None
    if len(data) > MAX_UNPACKED or not data.lstrip()[:200].startswith(_XML_START):
        return None
    return data.lstrip()


def read(xml: bytes) -> Report | None:
    """Return the report in an XML document of either standard, None for anything else."""
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = lxml.etree.fromstring(xml, parser)
    except (lxml.etree.LxmlError, ValueError):
        return None
    if root is None or _get_name(root) != 'feedback':
        return None
    domain = _get(root, 'policy_published', 'domain').lower()
    first, last = (_get_date(_get(root, 'report_metadata', 'date_range', name)) for name in ('begin', 'end'))
    if not domain or not first:
        return None
    return Report(
        domain, _get(root, 'report_metadata', 'org_name')[:80], _get(root, 'report_metadata', 'report_id')[:120], first,
        last or first, _get(root, 'policy_published', 'p').lower(), _read_rows(root))


def _read_rows(root) -> tuple[Row, ...]:
    counts: Counter = Counter()
    for number, record in enumerate(node for node in root if _get_name(node) == 'record'):
        if number >= MAX_ROWS:
            break
        try:
            source = str(ip_address(_get(record, 'row', 'source_ip')))
            count = int(_get(record, 'row', 'count'))
        except ValueError:
            continue
        if count > 0:
            policy = ('row', 'policy_evaluated')
            counts[(source, _get(record, *policy, 'disposition').lower() or 'none',
                    _get(record, *policy, 'dkim').lower() == 'pass', _get(record, *policy, 'spf').lower() == 'pass')] += count
    return tuple(Row(source, count, *rest) for (source, *rest), count in counts.most_common())


def _get_name(node) -> str:
    return node.tag.rpartition('}')[2] if isinstance(node.tag, str) else ''


def _get(node, *path) -> str:
    """The text at a path, whatever its namespace; '' where it is not there."""
    for name in path:
        node = next((child for child in node if _get_name(child) == name), None)
        if node is None:
            return ''
    return (node.text or '').strip()


def _get_date(text: str) -> date | None:
    try:
        return datetime.fromtimestamp(int(text), timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        return None
