"""Tell an address that does not exist from a mail that could not be delivered just then."""

import re
from email.message import Message

from .mail_text import get_body, get_report_field

# RFC 3463: the address (1), its mailbox being disabled (2.1), its domain being without a route (4.4). A full mailbox (2.2), a
# message too large (2.3, 3.4), a network (4) or a policy that refuses us (7) says nothing about the address. 5.0.0 is what
# servers without enhanced codes write for "no such user".
_HARD = re.compile(r'5\.(?:0\.0|1\.\d{1,3}|2\.1|4\.4)$')
_WORDS = re.compile(
    r'\b5\.1\.[0-6]\b|user unknown|unknown user|no such user|no such recipient|recipient not found'
    r'|mailbox (?:not found|unavailable)'
    r'|(?:address|account|recipient|mailbox|user)\b.{0,40}?\b(?:does not|doesn\'t) exist|unknown address|invalid recipient'
    r'|unbekannte?r? (?:empfänger|adresse)|utilisateur inconnu|usuario desconocido'
    r'|收件人.{0,60}?不存在|用户不存在|邮箱不存在|帐户不存在|账户不存在',
    re.IGNORECASE,
)


def hard_bounce(message: Message) -> str:
    """Return the status or the words that say that the address does not exist; '' for a soft bounce and for any other mail.

    The delivery report decides (RFC 3464: ``Action: failed`` and a ``Status`` of :rfc:`3463`), where there is none the text.
    """
    action, status = (get_report_field(message, 'message/delivery-status', name).lower() for name in ('Action', 'Status'))
    code = status.split()[0] if status else ''
    if code:
        return code if action.startswith('failed') and _HARD.match(code) else ''
    found = _WORDS.search(get_body(message))
    return found[0][:120] if found else ''
