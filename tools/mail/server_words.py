"""What the words of a mail server mean that does not take a mail: in an answer, in a report, in a notice to people.

A dead address is out for good, so only a strong sign says so: a status that is about the address, or words that are, and no
word of a policy, a full mailbox or the sender beside it. Sources: RFC 5321 4.2 (basic codes), RFC 3463 (enhanced codes), RFC
7505 (domains that take no mail); the words are those of the big hosts and of the mail servers that are sold or given away.
"""

import re

from .phrases import any_of

SEARCHED = 2_000  # of the words that are looked at: an answer has at most 512 letters a line (RFC 5321 4.5.3.1.5)

# A name may hold any word: who is refused at `spam@policy.example` is not refused by a policy. Addresses of pages as well.
_NAMES = re.compile(
    r'https?://[^\s<>"\']{1,300}'
    r'|[<\[(]{0,2}(?:[^\s<>()"\',;:]{1,255}@[^\s<>()"\',;:]{1,255}|\b(?:[\w-]{1,63}\.){1,9}[a-z]{2,24}\b)[>\])]{0,2}',
    re.IGNORECASE)
_BLOCK_LISTS = any_of(r"""
    spamhaus|spamcop|sorbs|barracudacentral|uceprotect|invaluement|mailspike|abuseat|senderbase|spfbl
    proofpoint\.com/dnsbl|trendmicro|cloudmark
""")
# The pages that Google names say more than its words.
_PAGES = {
    'nosuchuser': 'dead', 'disableduser': 'dead', 'nosuchdomain': 'dead', 'badrcptdomain': 'dead',
    'overquotaperm': 'mailbox_full', 'overquotatemp': 'mailbox_full',
    'receivingrateperm': 'temporary', 'receivingrate': 'temporary', 'unsolicitedmessageerror': 'policy',
}
_PAGE = re.compile(rf'[?&]p=({"|".join(_PAGES)})\b', re.IGNORECASE)
_POLICY = any_of(r"""
    \b(?:spam\w*|unsolicited|bulk mail|junk|polic(?:y|ies)|reputation|black-?list(?:ed|ing)?|block-?list(?:ed
        |ing)?|(?:dns|r)bl|block list|blocked (?:using|by|for|due)|(?:is|been|was) blocked|(?<!not )listed (?:in|at|by
        |on)|spf|dkim|dmarc|reverse dns|ptr records?|reverse (?:host ?name|lookup)|too many(?! hops)|rate limit(?:ed)?
        |rate exceed\w*|limit exceeded|frequency limit\w*|throttl\w*|access denied|relay(?:ing)? (?:access )?denied
        |relay(?:ing)? not|not permitted to relay|unable to relay|(?:is|are|not) (?:allowed )?to relay|cannot relay
        |gr[ae]y-?list\w*|virus(?:es)?|malware|phish\w*|suspicious|banned|client host|your (?:ip|host|server
        |mail ?server)|ip address|not authori[sz]ed|unauthori[sz]ed|authentication (?:is )?(?:required|failed)
        |authrequired|unauthenticated|administrative(?:ly)? prohibit\w*|(?:content|mail|message|e-?mail) (?:is |was[ ]
        |has been |content )?(?:denied|refused)|(?:content|message|mail) (?:has been |was |is )?(?:rejected|filtered)
        |content filter\w*|bad content|rcpthosts|not in my list of allowed|allowed[- ]senders?|permission to
        |restricted|attachments? (?:of|type|not|is|are|was|with|or|rejected|blocked)|abus(?:e|ive)|behaviou?r
        |(?:dt:spm|dt:sum|mi:\w{3}|hl:\w{3}|rp:\w{3})|\w{2}\(s\d{4,}\))\b
    垃圾邮件|拒收|被拒绝|黑名单|频率|策略|反垃圾|过滤|屏蔽|违规|被.{0,4}拒绝|スパム|迷惑メール|受信拒否|拒否され
    스팸|차단|수신 ?거부|спам|политик|чёрн\w+ спис|черн\w+ спис|заблокирован сервер|richtlinie|politique|indésirable
    política|correo no deseado|non autorizzat
""")
# Nobody looked at the mail's recipient yet when the sender was refused.
_SENDER = any_of(r"""
    \b(?:sender(?:\'s)?(?: e?-?mail)? (?:address|domain)?|mail from|return[- ]path|envelope from
        |from address)\b[^.;]{0,80}?\b(?:reject|not (?:found|exist|verif|valid|allowed|owned)|invalid|does(?: not
        |n\'t)|unknown|unverified|denied|refused|unresolvable|must exist)
    \bfrom: domain is invalid|valid from:|\bsender verify failed|\bsend as denied|\bnull sender|发件人
    (?:in reply to|after|like our)(?: pipelined)? mail from\b
""")
_TOO_LARGE = any_of(r"""
    \b(?:message|mail|content|attachment)(?: file)? (?:size|length|is too|too (?:large|big|long))
    size (?:limit|exceed)|(?:message|mail) (?:is )?larger than|exceeds? (?:the )?(?:maximum|fixed|size)
    邮件(?:大小|过大|太大)|zu groß|demasiado grande
""")
_FULL = any_of(r"""
    \b(?:mailbox|mail box|inbox|mail ?drop|user|account|recipient|storage|quota|disk|maildir
        |folder)(?:\'s)?\b[^.;]{0,50}?\b(?:full\b|over ?-?quota|exceed(?:s|ed)?\b|over (?:its|the|his
        |their) (?:\w+ )?(?:quota|limit|size)|too large)
    \b(?:quota|storage)[ _-](?:exceed\w*|violation|reached|full)|over[ -]?(?:its |the |disk |mail )?quota
    exceed\w* (?:\w+ ){0,3}quota|would exceed|no(?:t enough| more)? (?:free |disk |storage |mailbox )?space
    insufficient (?:system |disk )?(?:storage|space)|out of (?:storage|disk|space)
    not enough (?:storage|disk) ?space|disk quota|mailbox (?:size|limit) |temporarily over quota
    too (?:much|many) (?:mails?|messages|space) (?:on|in|for)|zu ?viele mails auf|not enough disk space
    (?:邮箱|信箱|空间|容量|mailbox).{0,12}(?:已满|空间不足|容量不足|不足|满)|超出.{0,6}(?:容量|配额|限额)
    (?:容量|配额).{0,6}(?:超|满)|爆满|メールボックス.{0,12}(?:一杯|いっぱい|超え|フル)
    容量.{0,8}(?:超|オーバー|不足)|(?:메일함|편지함|사서함|용량).{0,12}(?:가득|초과|부족)
    ящик.{0,25}(?:переполнен|заполнен)|(?:квота|места).{0,20}(?:превышен|исчерпан|нет)|переполнен
    (?:postfach|mailbox|speicher\w*).{0,30}\b(?:voll|überschritten|erschöpft)\b
    (?:boîte|bal|quota).{0,40}(?:pleine|dépassé|saturée)
    (?:buzón|casilla|cuota).{0,30}(?:llen[oa]|excedid[oa]|superad[oa])
    (?:caixa|cota|quota).{0,30}(?:cheia|excedida|esgotad)
    (?:casella|spazio|quota).{0,30}(?:pien[ao]|esaurit[ao]|superat[ao])|skrzynka.{0,30}(?:pełna|przepełnion)
    przekroczon\w+ limit|posta kutusu.{0,20}dolu|kota.{0,15}aşıld|(?:postvak|mailbox).{0,15}\bvol\b
    schránka.{0,15}(?:plná|přeplněn)|hộp thư.{0,15}đầy
""")
_BOX = (
    r'(?:e-?mail |mail |local )?'
    r'(?:rcpt|address|account|recipient|mailbox|mail ?box|user(?:name|id| name| id)?|alias|addressee|local[- ]part)')
_DEAD = any_of(r"""
    \bunknown (?:or (?:illegal|invalid|inactive) )?(?:\w+ )?<box>|\bunknown (?:local[- ]part|domain|host)
    \b(?:no|not an?) (?:such|valid|known|existing|active|current|local) (?:\w+ )?(?:<box>|person|domain|host)
    \bno (?:mailbox|account|user|recipient|address)\w* (?:here|by that|with that|exists?|found)
    \bno such (?:user|domain|host|person|name)
    \b<box>s?\b[^.;]{0,60}?\b(?:not (?:be )?(?:found|known|exist\w*|listed|recogni[sz]ed|located|registered|valid)
        |(?:is |was )?unknown\b(?! error)|n[o\']t (?:currently |appear to )?exist|cannot be found
        |could ?n[o\']t be found|non-?exist\w*|has moved|no longer (?!than)|isn\'t (?:valid|known)
        |is not (?:an? )?(?:valid|known|active|our|local)|doesn\'t have an?)
    \b<box>s?\b[^.;]{0,40}?\b(?:is|are|has been|was) (?:currently |permanently |temporarily )?(?:disabled
        |deactivated|de-?activated|closed|inactive|discontinued|deleted|terminated|removed|cancell?ed|dormant|expired
        |invalid|not active)
    \b(?:recipient|rcpt)[ _-]?not[ _-]?found|recipnotfound|recipientnotfound|user_?unknown|nosuchuser
    resolver\.adr\.
    \b(?:invalid|illegal|bad|inactive|disabled|deactivated|non-?existent|nonexisting
        |undeliverable) (?:final delivery )?(?:or inactive )?<box>
    \b(?:invalid|bad|illegal) (?:destination )?(?:recipient|mailbox|rcpt|destination)|address(?: was)? not found
    unrouteable|unrouteable
    \b(?:user|account|mailbox) (?:disabled|inactive|deactivated|not exist|not found|unknown|closed|expired)
    \b(?:e-?mail )?(?:address|user|mailbox|account|domain|host|recipient|server)\b[^.;]{0,60}?\b(?:does|do
        |did)(?: not|n\'t) (?:seem to |appear to )?exist
    \bhost (?:or domain name )?(?:is )?(?:unknown|not found)
    \bdomain (?:name )?(?:not found|is not found|unknown|does not|has no mx|is invalid)|couldn\'t find any host
    non-?existent (?:domain|host)|\b(?:nxdomain|nullmx|null mx)\b|domain of .{0,10}does not
    (?:point|resolve)s? to non-?exist\w* hosts?|no smtp service|does not accept (?:e?-?mail|any mail)
    doesn\'t accept mail|not listed in .{0,30}(?:directory|address ?book|name)
    not in (?:the )?(?:directory|address book)|no valid recipients?|not our customer
    no longer (?:valid|available|active|in use|employed|with|works|accepts|on server)|has left (?:the|our)[ ]
    (?:doesn\'t|does not|do not) have an? .{0,40}account|no mail ?box (?:here|available|found|with)
    no account by that name|no one (?:here|by that name)
    unbekannte?r?s? (?:empfänger|adresse|benutzer|nutzer|postfach)
    (?:empfänger|adresse|benutzer|postfach|konto)\w*.{0,60}?(?:unbekannt|nicht (?:gefunden|bekannt|vorhanden)
        |existiert nicht|gibt es nicht|deaktiviert|ungültig)
    (?:utilisateur|adresse|destinataire|boîte|compte)\w*.{0,50}?(?:inconnue?|inexistante?|invalide|n.existe (?:pas
        |plus)|introuvable|désactivée?)
    (?:usuario|dirección|destinatario|cuenta|buzón)\b.{0,50}?(?:desconocid|inexistente|no existe
        |no (?:se )?(?:ha )?encontr|inválid|no válid|desactivad)
    (?:usuário|endereço|destinatário|conta|caixa)\b.{0,50}?(?:desconhecid|inexistente|não existe
        |não (?:foi )?encontrad|inválid|desativad)
    (?:utente|indirizzo|destinatario|casella|account)\b.{0,50}?(?:sconosciut|inesistente|non (?:esiste|trovat
        |valid)|disattivat)
    destinat\w{2,5} (?:inconnu|desconhecid|sconosciut)
    (?:onbekende? (?:gebruiker|adres|ontvanger)|(?:adres|gebruiker|ontvanger|postbus)\b.{0,30}?(?:bestaat niet
        |onbekend|niet gevonden))
    (?:okänd|ukendt|ukjent) (?:mottagare|användare|modtager|bruger|mottaker)
    (?:adress\w*|mottagar\w*|bruger\w*|modtager\w*|mottaker\w*).{0,30}?(?:finns inte|findes ikke|finnes ikke
        |hittades inte)
    (?:osoite\w*|vastaanottaja\w*|käyttäjä\w*).{0,30}?(?:ei ole|ei löydy|tuntematon)
    (?:пользовател|адрес|получател|ящик|аккаунт|домен|учетная запись)\w*.{0,60}?(?:не ?(?:найден|существует
        |зарегистрирован|известен)|неизвестен|удал[её]н|отключ[её]н|заблокирован)
    нет такого (?:пользователя|адреса|ящика)|такого (?:пользователя|адреса|ящика).{0,10} нет
    неизвестный (?:пользователь|получатель|адрес)|несуществующ|недействительн\w* адрес
    (?:користувач|адрес|одержувач|скриньк)\w*.{0,40}?(?:не ?(?:знайдено|існує)|невідом)
    (?:użytkownik|adres|adresat|konto|skrzynka)\w*.{0,40}?(?:nie istnieje|nieznan|nie (?:został )?znalezion)
    nieznany (?:użytkownik|adres)|brak takiego
    (?:uživatel|adresa|příjemce|schránka)\w*.{0,40}?(?:neexistuje|neznám|nenalezen)
    (?:címzett|felhasználó|cím|postafiók)\w*.{0,30}?(?:nem létez|ismeretlen)
    (?:utilizator|adres|destinatar|cont)\w*.{0,40}?(?:nu există|necunoscut|inexistent)
    (?:kullanıcı|adres|alıcı|hesap)\w*.{0,30}?(?:bulunamad|mevcut değil|yok\b|bilinmiyor|geçersiz)
    (?:διεύθυνση|χρήστης|παραλήπτης|λογαριασμός).{0,40}?(?:δεν (?:υπάρχει|βρέθηκε)|άγνωστ)
    (?:địa chỉ|người (?:dùng|nhận)|tài khoản|hộp thư).{0,40}?không (?:tồn tại|tìm thấy|hợp lệ)
    (?:pengguna|alamat|penerima|akun)\b.{0,40}?tidak (?:ditemukan|ada|dikenal)
    ไม่(?:พบ|มี)(?:ผู้ใช้|ผู้รับ|ที่อยู่|บัญชี|อีเมล)
    (?:المستخدم|العنوان|المستلم|البريد|الحساب).{0,40}?غير (?:موجود|معروف|صالح)
    (?:收件人|收信人|收件者|用户|使用者|邮箱|郵箱|信箱|帐户|账户|帐号|账号|帳號|地址|域名).{0,60}?(?:不存在|找不到
        |未找到|不正确|无效|無效|已?(?:被)?(?:停用|注销|禁用|冻结|删除|关闭))
    (?:不存在|找不到|未找到|无效|無效)的?(?:该|此|这个|您输入的)?(?:收件人|收信人|用户|邮箱|帐户|账户|地址
        |电子邮件地址|電子郵件地址)
    无此(?:用户|帐号|账号|邮箱|人)|查无此(?:人|用户)
    (?:宛先|受信者|ユーザ|アドレス|アカウント|メールボックス|ホスト|ドメイン|送信先|ディレクトリ).{0,60}?(?:不明
        |存在しま|存在しない|見つかりま|見つから|ありません|無効|エラー宛先)
    (?:사용자|수신자|받는 ?사람|주소|계정|메일함|도메인).{0,40}?(?:없습니다|없음|찾을 수 없|존재하지 않|알 수 없|휴면)
    존재하지 않는
""", box=_BOX)
# Words that say so only where nothing else is said, and the server gave a code for good.
_WEAK = any_of(r"""
    \bmailbox (?:is )?(?:unavailable|not available|name not allowed|name is invalid)
    \b(?:address|recipient|user|mailbox)\b[^.;]{0,20}\b(?:rejected|refused)(?:[.;!]|:?\s{0,2}(?:$|[\[(]|in reply))
    \buser not local|not deliverable to|destination mailbox address
""")
# Locked for a while: who does not pay, or sends spam.
_SUSPENDED = any_of(r"""
    \b(?:mailbox|account|user|recipient|domain|address)\b[^.;]{0,40}?\b(?:suspended|locked|on hold
        |temporarily (?:disabled|unavailable|inactive|closed|blocked))
    \[suspend\]|(?:临时|暂时)(?:禁用|冻结|停用)
""")
# What Exchange Online says of an address that it does not know, and nobody else of anything.
_DENIED = re.compile(r'recipient address rejected: access denied', re.IGNORECASE)
# The name server gave no answer, which says nothing about the domain.
_AGAIN = re.compile(r'\b(?:not found,? try again|temporar\w+ lookup|malformed|unexpected name server|servfail)\b', re.IGNORECASE)
_MOMENT = any_of(r"""
    \b(?:timed? ?out|temporar\w+|try again|try later|(?:message|mail) expired|expired|retry time|delivery time
        |deferred|delayed|no route to host|connection (?:refused|reset|lost|timed|died|dropped|unexpectedly)
        |could not connect|unable to connect|cannot connect|server (?:is )?(?:busy|down)|name service error
        |lookup failure|network (?:error|is unreachable)|mail ?loop|hop count|too many hops|loops? back|routing loop
        |receiving mail (?:at a rate|too quickly)|in (?:the )?queue|within \d+ (?:days?|hours?))\b
    稍后再|暂时|超时|連線|временн|попробуйте позже|timeout
""")
_DEAD_STATUS = re.compile(r'5\.(?:1\.(?:[1236]|10|351)|2\.1|4\.4|4\.310)|5(?:21|56)')
# Servers without enhanced codes, or with nothing to choose: here the words decide.
_VAGUE_STATUS = re.compile(
    r'5(?:5[0134]|\.0\.\d+|\.1\.[0459]|\.1\.\d{2,3}|\.5\.[0-4]|\.2\.[01]|\.3\.0)')
_SENDER_STATUS = re.compile(r'5\.1\.[78]')


def judge(status: str, text: str) -> str:
    """Return the kind of a server's refusal by its status (``5.1.1`` or ``550``) and its words, see :class:`.refusal.Refusal`.

    >>> judge('5.0.0', 'Client host blocked using zen.spamhaus.org'), judge('5.0.0', 'No such user here')
    ('policy', 'dead')
    """
    return find_kind(status, text) or 'policy'


def find_kind(status: str, text: str) -> str:
    """Return what :func:`judge` does, but '' where neither status nor words tell anything."""
    text = text[:SEARCHED].replace('’', "'")
    if page := _PAGE.search(text):
        return _PAGES[page[1].lower()]
    words = plain_words(text)
    is_dead = _DEAD.search(words)
    if status.endswith('.2.2') or _FULL.search(words) and (not is_dead or re.search(r'\b[45]\.2\.2\b', text)):
        return 'mailbox_full'
    if status.startswith('4'):
        return 'temporary'
    if _SENDER_STATUS.fullmatch(status) or _SENDER.search(words) or status in ('5.2.3', '5.3.4') or _TOO_LARGE.search(words):
        return 'our_fault'
    if status.startswith('5.4.1') and _DENIED.search(words):
        return 'dead'
    if is_policy(text) or status.startswith('5.7.') and not is_dead:
        return 'policy'
    if _SUSPENDED.search(words):
        return 'temporary'
    if _AGAIN.search(words):
        return 'temporary'
    if is_dead:
        return 'dead'
    if _DEAD_STATUS.fullmatch(status):
        return 'dead'
    if _MOMENT.search(words) or status.startswith('5.4.'):
        return 'temporary'
    if _VAGUE_STATUS.fullmatch(status) and _WEAK.search(words):
        return 'dead'
    return ''


def find_dead_words(text: str) -> str:
    """Return the first words that say that an address is dead, as they stand in the text without its names; '' for none."""
    found = _DEAD.search(plain_words(text))
    return found[0][:120] if found else ''


def is_policy(text: str) -> bool:
    """Return whether words speak of what the server thinks of us."""
    return bool(_BLOCK_LISTS.search(text) or _POLICY.search(plain_words(text)))


def plain_words(text: str) -> str:
    """Return a text without addresses and names of hosts, and with one blank wherever it has some."""
    return ' '.join(_NAMES.sub(' ', text.replace('’', "'")).split())
