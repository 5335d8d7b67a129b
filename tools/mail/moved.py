"""Find the new address in an answer that says that somebody has left, or is to be written to elsewhere."""

import re

from .phrases import any_of

_SEARCHED = 3_000
_AFTER = 400  # letters after the words, in which the new address stands
_BEFORE = 160

_ADDRESS = re.compile(r'[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}')
# Whoever is away for some days names a substitute: that is no new address.
_MOVED = any_of(r"""
    \b(?:no longer|not any ?more|not) (?:work(?:s|ing)?|employed|with|at|part of|in (?:use|charge)|valid|active
        |monitored|being used)\b
    \b(?:ha(?:ve|s)|'ve|'s) (?:now |recently |since )?(?:left|moved|retired|resigned|changed|been replaced)\b
    \bleft (?:the|our|my) (?:company|firm|organi[sz]ation|team|business)\b|\bmoved (?:on )?to (?:a|another|my)\b
    \b(?:my|our|his|her|the|a|your) new (?:e-?mail|mail|contact|address|e-?mail address)\b
    new (?:e-?mail )?address (?:is|:)
    \b(?:e-?mail|address)\b.{0,30}\b(?:has (?:been )?changed|is (?:being )?(?:closed|discontinued|retired|obsolete))
    please (?:update|change|use|note) (?:my|our|the|this) new\b|successor
    nicht mehr (?:im unternehmen|bei|für|tätig|gültig|aktiv|erreichbar|beschäftigt|da\b)|ausgeschieden
    unternehmen verlassen|neue[nr]? (?:e-?mail-?|mail-?)?adresse|adresse (?:hat sich )?geändert|nachfolger
    (?:ai|a|avons) quitté|ne (?:fait|travaille) plus|nouvelle adresse|(?:n'est|plus) valide|remplac(?:é|ant)e? par
    ya no (?:trabaj|labor|forma|pertene|está en)|nueva (?:dirección|cuenta)|nuevo (?:correo|e-?mail)
    (?:he|ha) dejado|não (?:trabalh\w+|faz|faço|pertenc\w+|está) mais|já não (?:trabalh|faz|está)
    novo (?:e-?mail|endereço|contato)|deix(?:ei|ou) (?:a|de)|non (?:lavor\w+|fa|è|faccio) più|(?:ho|ha) lasciato
    nuov[oa] (?:indirizzo|e-?mail|mail|casella)|больше не (?:работа|использу)|уволил
    нов(?:ый|ая|ую) (?:адрес|почт|e-?mail|электронн)|адрес изменил|сменил|більше не (?:працю|використ)
    нов(?:а|у|ий) (?:адрес|пошт)|звільни|已(?:经)?(?:离职|離職|调离|退休|停用)|不再(?:使用|任职|负责|在)
    新(?:的)?(?:电子)?(?:邮箱|郵箱|信箱|邮件地址|邮件|地址|e-?mail)|(?:邮箱|地址).{0,6}(?:已)?(?:更换|变更|改为)
    退職|異動|新しい(?:メール)?アドレス|アドレス(?:を|が|は).{0,6}変更|新アドレス|퇴사|퇴직
    새(?:로운)? (?:이메일|메일|주소)|niet (?:meer|langer) (?:werkzaam|bij|in dienst|actief|in gebruik)
    nieuwe? (?:e-?mail|mail)?-?adres|nie pracuj|now(?:y|ego) adres|już nie|artık (?:çalış|bu)
    yeni (?:e-?posta|mail|adres)|işten ayrıl|slutat|(?:inte|ikke) l(?:ä|e|a)ngre|ikke lenger
    ny (?:e-?post|mail)?-?adress?|již ne(?:pracuj|ní)|nová (?:e-?mailová )?adresa|en ole enää|ei ole enää
    uusi (?:sähköposti)?osoite|nu mai (?:lucr|este)|noua adres|không còn (?:làm|sử dụng)|địa chỉ (?:email )?mới
    tidak lagi|alamat (?:email )?baru|لم (?:يعد|أعد)|البريد الجديد|لا يعمل
""")


def find_new_address(text: str, known: tuple[str, ...] = ()) -> str:
    """Return the address, in lower case, that takes the place of the old one; '' where nobody has moved.

    :param known: addresses that it cannot be: the old one, the sender's, ours

    >>> find_new_address('I have left Acme. Please write to bob@new.example.')
    'bob@new.example'
    """
    text = ' '.join(text[:_SEARCHED].replace('’', "'").split())
    old = {address.lower() for address in known}
    for found in _MOVED.finditer(text):
        after = _find(text[found.end():found.end() + _AFTER], old)
        before = _find(text[max(0, found.start() - _BEFORE):found.start()], old)
        if after or before:
            return after[0] if after else before[-1]
    return ''


def _find(text, old):
    addresses = (address.lower().rstrip('.') for address in _ADDRESS.findall(text))
    return [address for address in addresses if address not in old]
