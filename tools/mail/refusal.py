"""What a mail server means that refuses a mail: the address is dead, or it speaks of us, of the moment or of the way.

A dead address is out for good, so only a strong sign says so: a status that is about the address, or words that are, and no
word of a policy beside it. Sources: RFC 5321 4.2 (basic codes), RFC 3463 (enhanced codes), Python's ``smtplib`` for exceptions.
"""

import re
from ast import literal_eval
from typing import NamedTuple


class Refusal(NamedTuple):
    """``kind`` is one of

    dead          the address or its domain does not exist, or is closed: never again
    mailbox_full  somebody lives there: another day
    policy        refused for good, for what we are or for a reason not told; says nothing about the address
    temporary     greylisting, a busy server: again the same day
    connection    no server, no login, a line that broke: again, and a person should look at the server
    our_fault     the mail itself: its sender, its headers, its size, an address that cannot be written into a mail

    ``code`` is the status (5.1.1, else 550, '' for none), ``text`` the server's words or the error's, at most 300 letters.
    """

    kind: str
    code: str = ''
    text: str = ''


_LENGTH = 300  # of the words that are told
_SEARCHED = 2_000  # of those that are looked at: an answer has at most 512 letters a line (RFC 5321 4.5.3.1.5)

# A name may hold any word: who is refused at `spam@policy.example` is not refused by a policy.
_NAMES = re.compile(
    r'[^\s<>()"\',;:]{1,255}@[^\s<>()"\',;:]{1,255}|\b(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}\b', re.IGNORECASE)
_BLOCK_LISTS = re.compile(
    r'spamhaus|spamcop|sorbs|barracudacentral|uceprotect|invaluement|mailspike|abuseat|senderbase', re.IGNORECASE)
_POLICY = re.compile(
    r'\b(?:spam|unsolicited|bulk mail|junk|polic(?:y|ies)|reputation|black-?list(?:ed|ing)?|block-?list(?:ed|ing)?|(?:dns|r)bl'
    r'|block list|blocked (?:using|by|for|due)|listed (?:in|at|by|on)|spf|dkim|dmarc|reverse dns|ptr record|too many'
    r'|rate limit(?:ed)?|limit exceeded|throttl\w*|access denied|relay(?:ing)? (?:access )?denied|relaying not'
    r'|not permitted to relay|unable to relay|gr[ae]y-?list\w*|virus|malware|phish\w*|suspicious|banned|client host'
    r'|ip address|not authori[sz]ed|authentication (?:required|failed)|unauthenticated|administrative(?:ly)? prohibit\w*)\b'
    r'|垃圾邮件|拒收|黑名单|频率|策略',
    re.IGNORECASE,
)
_SENDER = re.compile(
    r'\b(?:sender(?:\'s)?(?: e?-?mail)? (?:address|domain)?|mail from|return[- ]path|envelope from)\b[^.;]{0,80}?'
    r'\b(?:reject|not (?:found|exist|verif|valid|allowed|owned)|invalid|does(?: not|n\'t)|unknown|unverified|denied|refused)'
    r'|\bsender verify failed|\bsend as denied|发件人',
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(
    r'\b(?:message|mail|content|attachment)(?: file)? (?:size|too (?:large|big))|size (?:limit|exceed)', re.IGNORECASE)
_FULL = re.compile(
    r'\b(?:(?:mailbox|inbox|user|account|recipient)\b[^.;]{0,40}?\b(?:full|over[- ]?quota|exceeded)|quota exceeded|over quota'
    r'|insufficient (?:system )?storage|out of storage|disk quota)\b|(?:邮箱|信箱).{0,10}(?:已满|空间不足)|超出.{0,6}容量',
    re.IGNORECASE,
)
_DEAD = re.compile(
    r'user unknown|unknown (?:user|address|recipient|mailbox|local part)'
    r'|no such (?:user|recipient|address|mailbox|account|domain|person)'
    r'|(?:recipient|user|mailbox|address|account|local part)(?: is)? (?:not found|unknown)'
    r'|(?:address|account|recipient|mailbox|user|domain)\b.{0,60}?\b(?:does not|doesn\'t|did not) exist|no mailbox here'
    r'|invalid (?:recipient|mailbox|user)|unrouteable address|not a (?:valid|known) (?:user|mailbox|recipient|address)'
    r'|(?:account|mailbox|user|address)\b.{0,30}?\b(?:is|has been) '
    r'(?:disabled|deactivated|closed|inactive|discontinued|deleted)'
    r'|unbekannte?r? (?:empfänger|adresse|benutzer)|utilisateur inconnu|usuario desconocido'
    r'|destinat\w{2,5} (?:inconnu|desconhecid|sconosciut)'
    r'|收件人.{0,60}?不存在|(?:用户|邮箱|帐户|账户|帐号|账号|地址)不存在',
    re.IGNORECASE,
)
# What RFC 3463 says about the recipient's address itself. Not 1.0 (other), 1.4 (ambiguous), 1.5 (valid), 1.7, 1.8 (the sender).
_DEAD_STATUS = re.compile(r'5\.(?:1\.(?:[1236]|10)|2\.1|4\.4)')
# Servers without enhanced codes, or with nothing to choose: here the words decide.
_VAGUE_STATUS = re.compile(r'5(?:50|51|53|\.0\.0|\.1\.[0459]|\.5\.[0-4]|\.2\.0|\.3\.0)')

_STATUS = re.compile(r'(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])')
_EXCEPTION = re.compile(r'^(?:\w+\.)*(\w+(?:Error|Exception|Refused|Disconnected|timeout|gaierror|herror)): ?', re.MULTILINE)
_ANSWER = re.compile(r'\((\d{3}), ?(b?(?:\'(?:[^\'\\]|\\.)*\'|"(?:[^"\\]|\\.)*"))')
_PLAIN_ANSWER = re.compile(r'(?:^|[\s:])([45]\d\d)[ -]')
_LINES = {
    'SMTPConnectError', 'SMTPHeloError', 'SMTPAuthenticationError', 'SMTPServerDisconnected', 'TimeoutError', 'timeout',
    'gaierror', 'herror', 'SSLError', 'SSLEOFError', 'SSLZeroReturnError', 'SSLCertVerificationError', 'OSError',
    'ConnectionError', 'ConnectionResetError', 'ConnectionRefusedError', 'ConnectionAbortedError', 'BrokenPipeError',
}
_TROUBLE = re.compile(
    r'\btimed? ?out\b|connection (?:refused|reset|unexpectedly closed|aborted|lost)|broken pipe|unreachable|name or service',
    re.IGNORECASE)
_KINDS = {
    'mail_smtp': 'connection', 'mail_spam': 'policy', 'mail_from_invalid': 'our_fault', 'mail_from_missing': 'our_fault',
    'mail_email_invalid': 'our_fault', 'mail_email_missing': 'our_fault',
}


def classify(reason: str | None, failure_type: str | None) -> Refusal:
    """Return what became of a mail that Odoo could not send, by its ``failure_reason`` and ``failure_type``. Never raises.

    ``ir.mail_server.send_email`` writes the exception's name and text into the reason, in any language around it; an exception
    while the mail is built leaves its text alone. Without any reason it is ``temporary``: nobody said no.

    >>> classify("SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 <a@b.example>: User unknown')}", 'unknown').kind
    'dead'
    """
    reason = (reason or '')[:_SEARCHED]
    if failure_type in _KINDS:
        return Refusal(_KINDS[failure_type], _get_status('', reason), _shorten(reason))
    name = next(iter(_EXCEPTION.findall(reason)), '')
    basic, words = _get_answer(reason)
    if name in _LINES:
        return Refusal('connection', _get_status(basic, words), _shorten(words or reason))
    if name == 'SMTPSenderRefused' and basic.startswith('5'):
        # Some servers look at the whole of us only after MAIL FROM; either way it is not the recipient.
        kind = 'policy' if judge(_get_status(basic, words), words) == 'policy' and _is_policy(words) else 'our_fault'
        return Refusal(kind, _get_status(basic, words), _shorten(words))
    if basic:
        status = _get_status(basic, words)
        kind = 'connection' if basic == '421' and not _is_policy(words) else judge(status, words)
        return Refusal(kind, status, _shorten(words))
    if not reason.strip():
        return Refusal('temporary')
    return Refusal('connection' if _TROUBLE.search(reason) else 'our_fault', '', _shorten(reason))


def judge(status: str, text: str) -> str:
    """Return the kind of a server's refusal by its status (``5.1.1`` or ``550``) and its words.

    >>> judge('5.0.0', 'Client host blocked using zen.spamhaus.org'), judge('5.0.0', 'No such user here')
    ('policy', 'dead')
    """
    text = text[:_SEARCHED]
    words = _NAMES.sub(' ', text)
    if status.endswith('.2.2') or _FULL.search(words) and not _DEAD.search(words):
        return 'mailbox_full'
    if status.startswith('4'):
        return 'temporary'
    if re.fullmatch(r'5\.1\.[78]', status) or _SENDER.search(words) or status in ('5.2.3', '5.3.4') or _TOO_LARGE.search(words):
        return 'our_fault'
    if status.startswith('5.7.') or _is_policy(text):
        return 'policy'
    if _DEAD_STATUS.fullmatch(status) or (not status or _VAGUE_STATUS.fullmatch(status)) and _DEAD.search(words):
        return 'dead'
    return 'policy'


def find_dead_words(text: str) -> str:
    """Return the first words that say that an address is dead, as they stand in the text; '' for none."""
    found = _DEAD.search(text)
    return found[0][:120] if found else ''


def _is_policy(text: str) -> bool:
    return bool(_BLOCK_LISTS.search(text) or _POLICY.search(_NAMES.sub(' ', text)))


def _get_answer(reason: str) -> tuple[str, str]:
    """Return basic code and words of a server's answer; '' and '' where the reason holds none."""
    if found := _ANSWER.search(reason):
        try:
            words = literal_eval(found[2])
        except (ValueError, SyntaxError):
            words = found[2]
        return found[1], words.decode('utf-8', 'replace') if isinstance(words, bytes) else words
    if found := _PLAIN_ANSWER.search(reason):
        return found[1], reason[found.start(1):]
    return '', ''


def _get_status(basic: str, words: str) -> str:
    found = next((status for status in _STATUS.findall(words) if not basic or status[0] == basic[0]), '')
    return found or basic


def _shorten(text: str) -> str:
    return ' '.join(text.split())[:_LENGTH]
