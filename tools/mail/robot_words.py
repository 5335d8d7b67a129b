"""Words by which mail programs, helpdesks and mail servers give themselves away, in the languages they are sold in."""

import re

from .phrases import any_of

# Subjects of the mail systems' own absence notes, in the languages they are sold in; the common beginning of each.
_ABSENCE_PHRASES = """
    automatic reply, automatic response, auto reply, auto-reply, autoreply, auto response, auto-response
    autoresponse, autoresponder, out of office, out of the office, out-of-office, ooo, vacation reply
    out of office autoreply, out of office reply, out-of-office reply, away from office, on vacation
    vacation response, away from my mail, on leave, annual leave, holiday auto-reply, automated reply
    自动回复, 自动答复, 自動回覆, 自動回復, 自動答覆, 外出时的自动答复, 假期自动回复, 休假自动回复, 外出自动回复
    respuesta automática, respuesta automatica, fuera de la oficina, fuera de oficina, autorespuesta
    respuesta automática de fuera de oficina, ausente de la oficina, contestación automática
    réponse automatique, reponse automatique, message d'absence, absent du bureau, absence du bureau, absent, absente
    réponse automatique d'absence du bureau, en congés, absence
    automatische antwort, abwesenheitsnotiz, abwesenheitsnachricht, abwesenheit, autoantwort, abwesend
    automatische abwesenheitsnotiz, ich bin nicht im büro, abwesenheitsagent
    resposta automática, resposta automatica, fora do escritório, ausência do escritório, ausência temporária
    resposta automática de ausência temporária, auto-resposta
    risposta automatica, fuori sede, fuori ufficio, assente dall'ufficio
    автоответ, автоматический ответ, нет на месте, вне офиса, я в отпуске
    رد تلقائي, الرد التلقائي, رد آلي, خارج المكتب
    自動応答, 自動返信, 不在通知, 不在応答, 不在時の自動応答, 外出中
    automatisch antwoord, automatische reactie, afwezigheidsbericht, autosvar, automatiskt svar, automatisk svar
    automaattinen vastaus, odpowiedź automatyczna, automatyczna odpowiedź, autoodpowiedź, nieobecność, poza biurem
    automatická odpověď, automatická odpoveď, mimo kancelář, automatikus válasz, házon kívül, automatische abwesenheit
    fraværsmelding, fravær, frånvaromeddelande, frånvaro, poissaoloilmoitus, poissa, sjálfvirkt svar, ik ben afwezig
    automatski odgovor, samodejni odgovor, аутоматски одговор, automaatvastus, automātiska atbilde, automātiskā atbilde
    automatinis atsakymas, resposta automàtica, erantzun automatikoa, balasan automatik, ofis dışında, ofis dışındayım
    מענה אוטומטי, תשובה אוטומטית, پاسخ خودکار, स्वचालित उत्तर, स्वतः उत्तर, автоматски одговор, răspuns automat de absență
    vắng mặt, ไม่อยู่ที่สำนักงาน, rispondo automaticamente, 부재중 자동 응답, 外出先, 出差自动回复, 休假通知, 離席通知, εκτός γραφείου
    otomatik yanıt, răspuns automat, αυτόματη απάντηση, автоматичен отговор, автоматична відповідь
    afwezigheidsassistent, afwezigheidsmelding, afwezig, fraværsbesked, nieobecność w biurze, jawapan automatik
    awtomatikong tugon, parental leave, maternity leave, paternity leave, sick leave
    respuesta automática de vacaciones
    부재중 자동 회신, 자동회신, 자동응답
    자동 회신, 자동 응답, 부재중, trả lời tự động, tự động trả lời, balasan otomatis, ตอบกลับอัตโนมัติ
"""
_ABSENCE_WORDS = [phrase.strip() for phrase in re.split('[,\n]', _ABSENCE_PHRASES.strip())]
_MARK = r'\s*(?:[:：;!.,，。\-–—|(（\[【)）\]】<《"“]|$|(?:re|aw|sv|antw)\s*[:：])'
ABSENCE = re.compile(
    # The words and then a mark or the end, "Automatic reply machines, price?" goes on; or a day after an English absence;
    rf'[\[【(（<《"“]?(?:{"|".join(map(re.escape, _ABSENCE_WORDS))})(?={_MARK})'
    r'|auto\s*[:：]'  # Roundcube, Lotus Notes
    r"|(?:i am |i'm |i will be )?(?:out of (?:the )?office|on (?:annual )?leave|on vacation)(?= (?:until|till|from|through|\d))"
    # Lotus Notes: the name of who is away stands first.
    r'|[^:?]{2,60} (?:is|will be) out of (?:the )?office(?= *(?:\(|until|from|$|[.,-]))'
    r'|[^:?]{2,60} ist (?:außer haus|abwesend)\b',
    re.IGNORECASE,
)
_TICKET_WORDS = r'ticket|case|request|incident|issue|anfrage|vorgang|caso|solicitud|chamado|demande|обращение|заявка|工单|案例'
TICKET_SUBJECT = re.compile(
    rf'[\[(【#]*\s*(?:{_TICKET_WORDS})\s*(?:id|no\.?|nr\.?|number|号|编号)?\s*[#:：\-]?\s*[#\w-]*\d{{2,}}'
    r'|[\[(【]\s*(?:#|[A-Z][A-Z0-9]{1,9}-)\d{2,}\s*[\])】]|[\[(【][^\])】]{1,40}#\d{2,}[\])】]|(?:INC|REQ|RITM)\d{5,}\b',
    re.IGNORECASE,
)
RECEIVED = re.compile(
    r'\b(?:received|created|opened|registered|acknowledg|logged|thank you|eingegangen|erhalten|recibid|reçue?|recebid|ricevut)'
    r'|получен|создан|зарегистрирован|受け付け|受付|已收到|已创建|已受理|收到您',
    re.IGNORECASE,
)
REPLY = re.compile(r'(?:re|aw|sv|antw|odp|ynt|rif|res|ответ|回复|答复|回覆|返信)(?:\[\d+\])?\s*[:：]', re.IGNORECASE)
# Subjects of what comes back, in the mail systems' own languages. People answer and forward them: then another word stands first.
BOUNCE_SUBJECT = any_of(r"""
    \W{0,5}(?:(?:warning|auto|notice|mdaemon|message|mail|e-?mail|your message|permanent
        |automatic(?:ally)?)[:\- ]{1,3}){0,3}(?:undeliver(?:ed|able)|non[- ]?deliver|not delivered
        |delivery[- ](?:status|failure|fail|has failed|report|problem|warning|error|notification|delayed|incomplete
        |system)|could not be deliver|failure notice|failure delivery|failed(?::| mail)|returned (?:mail|message
        |to sender)|returning (?:message )?to sender|delayed mail|(?:message |mail )?delayed|mail (?:system )?error
        |error during delivery|rejected (?:mail|message)|processing error|(?:message |mail |has )?(?:not yet been
        |was not|has not been) delivered|there was an error sending|bounce[d:]? |unzustellbar|nicht zustellbar
        |zustellung fehlgeschlagen|fehler bei der (?:nachrichten)?zustellung|non remis|échec de (?:la )?remise
        |message non distribué|non[- ]délivr|no se puede entregar|no entregad|error de entrega|mensaje no entregado
        |correo devuelto|non recapitabile|mancata consegna|avviso di mancata|consegna (?:non riuscita|fallita)
        |impossibile recapitare|não (?:foi )?entregue|falha na entrega|não é possível entregar|mensagem devolvida
        |onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging mislukt|ikke leveret|kan ikke leveres|kunde inte levereras
        |olevererbart|toimitus epäonnistui|ei voitu toimittaa|nie (?:można )?dostarczon|niedostarczon|zwrot wiadomości
        |nedoručiteln|nedoručen|kézbesíthetetlen|teslim edilemedi|iletilemedi|nelivrat|не ?доставлен|ваше сообщение не
        |сообщение не доставлено|не вдалося доставити|μη παραδοτέ|αποτυχία παράδοσης|系统退信|退信|邮件退回
        |邮件传输失败|未送达|投递失败|发送失败|无法投递|郵件無法|無法傳遞|退回|配信不能|配信エラー|送信エラー
        |メール配送エラー|未配信|メッセージを配信できません|配信できません|返送|전송 ?실패|반송|배달 ?실패
        |không gửi được|gửi thất bại|tidak terkirim|ส่งไม่สำเร็จ|تعذر التسليم|غير قابل للتسليم|لم يتم التسليم)
""")
DAEMON = re.compile(r'mail(?:er)?[-_. ]?d(?:ea|ae)mon', re.IGNORECASE)
# A program's notice below a person's "Fwd:", and what people write above it who have nothing to say.
FORWARDED_DAEMON = any_of(r"""
    ^[>*| \t]{0,8}(?:from|von|de|da|od|van|från|fra|от|від|kimden|发件人|寄件者|差出人
        |보낸 ?사람)[* ]{0,3}[:：].{0,120}mail(?:er)?[-_. ]?d(?:ea|ae)mon
""", re.MULTILINE)
FORWARD = re.compile(r'(?:fwd?|wg|tr|rv|enc|i|vs|vb|doorst|転送|转发|轉寄|пересл|перес|fs|pd|ilt)\s*[:：]\s*', re.IGNORECASE)
FORWARDED_WORDS = any_of(r"""
    \W{0,5}(?:fyi|forward(?:ed|ing)?|see below|bounced?|returned|zur info|zur kenntnis|weitergeleitet|pour info
        |para su información|per conoscenza|к сведению|转发|轉寄|転送|请看|下記)\b[^\d@?]{0,30}$
""")
ROBOT_NAME = any_of(r"""
    mail(?:er)?[-_. ]?d(?:ea|ae)mon|mail deliver(?:y)? (?:sub)?system|mail\.delivery\.system|mdaemon@
    inbound-?bounce|\bbounces?[@+-]|邮件系统|系统退信
""")
ROBOT_SENDER = any_of(r"""
    post[-_]?m(?:aster|eister)\b|mail-?daemon@|system administrator|microsoft outlook|mailsystem
    mail[-_ ]?(?:server|gateway)|smtp_(?:mail|gateway)|smtp gateway|\bndr\b|\bimss@|antivirus|<>\s*$
""")
# The first words of notices that no person writes, whoever they come from.
BOUNCE_LINES = any_of(r"""
    \W{0,80}(?:this (?:is an automatic(?:ally)? generated|message was (?:created|generated) automatically by
        |report relates to a message|is the mail (?:system|delivery)|is the \S{1,40} (?:program|mail)[ ]
        |automated message was created)|this is an automated message created by mail|(?:hi
        |hello)?[.!, ]*this is (?:the|a) (?:qmail|mailer-daemon|mail|email|postfix|exim|\S{1,20} mail agent)
        |your message\W{0,3}$|\{\s?"notificationtype" ?: ?"bounce"|error: (?:invalid|unknown) (?:user|address)
        |your (?:e-?mail )?message (?:to .{0,80}[ ]|with subject.{0,200} )?(?:could not be|was not|has not been
        |cannot be|did not reach)[ ]|a message (?:that )?you (?:have )?sent (?:could not|has not|was rejected)
        |delivery to the following|the following (?:mail|message|address|recipient)s? .{0,40}(?:failed|could not be
        |returned|had)|message from \S{3,60}\.? ?(?:unable|$)|unable to deliver|(?:i\'m afraid|sorry, ?(?:we
        |i)).{0,40}(?:unable|wasn\'t able|were unable) to deliver|delivery has failed to these
        |could not deliver message to|the (?:original message was received at|attached message had
        |message (?:that )?you sent.{0,40}(?:undeliverable|could not))|message could not be delivered
        |mail delivery failed|failed recipients?\b|you sent mail to .{1,80} not a valid
        |you are not (?:a )?member of this|duplicated message-id in|diese e-?mail (?:wurde
        |konnte).{0,60}(?:automatisch|nicht zugestellt)|votre message .{0,30}(?:n.a pas pu|n.a pu)
        |su mensaje .{0,40}no (?:pudo|se pudo)|il (?:suo|tuo) messaggio .{0,40}non|это письмо создано автоматически
        |ваше сообщение.{0,60}не (?:было|может|доставлено)|このメールは.{0,40}自動的に|很抱歉.{0,40}(?:退回|无法送达
        |未能)|您?(?:发送|投递)的邮件.{0,80}(?:退回|无法|未能)|邮件无法发送到|抱歉，?您的邮件)
""")
# Challenges: the mail is delivered only after its sender has shown that he is a person.
CHALLENGE = any_of(r"""
    (?:click|follow|visit|use)\b.{0,40}\b(?:link|button|url|here)\b.{0,120}\b(?:to (?:verify|prove
        |authenticate) (?:that )?you|to ensure (?:the )?delivery|your (?:e-?mail )?(?:address|message|mail) (?:is[ ]
        |be )?(?:added|delivered|approved)|allowed list|whitelist)
    (?:verify|confirm|prove)(?: that)? you(?: are|\'re) (?:a |not a )?(?:human|person|real|robot|spam|machine)
    requires? (?:sender|e-?mail) (?:verification|confirmation|authentication)
    (?:inbox|mailbox|account|address) is protected by .{0,60}(?:click|verif|link)|^you are not (?:a )?member of this
    ^duplicated message-id in
    your (?:e-?mail|message) (?:is|has been) (?:being )?(?:held|quarantined|put on hold).{0,120}(?:verif|confirm|approv)
    not (?:yet )?(?:been )?pre-approved|请.{0,20}点击.{0,40}(?:验证|确认).{0,20}(?:发件人|身份|您不是)
    bestätigen sie.{0,60}(?:absender|kein spam|kein roboter)
    confirme(?:z)? .{0,60}(?:expéditeur|remitente|n.êtes pas un robot|no es un robot)
""")
NO_REPLY = re.compile(
    r'(?:^|[<\s"])(?:no|do[-_.]?not|never|ne)[-_.]?(?:reply|respond|repondre|responder|answer)[\w.+-]{0,20}@',
    re.IGNORECASE)
# First lines that the mail services write themselves, above the customer's own words.
_AUTOMATIC = (
    r'auto(?:matic|mated)(?:ally generated)?(?: vacation| out[- ]of[- ]office| e-?mail)? '
    r'(?:reply|response|answer|message|notification)|auto[- ]?(?:reply|response)')
ABSENCE_LINES = any_of(r"""
    [*\-=~#\s]{0,20}(?:(?:您好|你好)?[，,！!。 ]*这是来自.{1,20}自动回复|(?:此|本|这)(?:邮件|信)?(?:为|是|由
        |封).{0,8}(?:自动|系統自動|系统自动)(?:回复|答复|回覆|发送|发出)|(?:please note[:,]? )?this is an? <automatic>
        |<automatic>\W*$|dies(?:e[sr]?)? (?:ist|e-?mail|nachricht).{0,20}(?:eine )?automatisch(?:e|er)?[ ]
        |ceci est (?:une réponse|un (?:message|e-?mail|courriel)) automatique|(?:este|esta|éste|ésta) (?:es|correo es
        |mensaje es) (?:una? )?(?:respuesta|mensaje|correo)? ?autom[áa]tic|est[ae] é uma? (?:resposta|mensagem
        |e-?mail) autom[áa]tic|quest[ao] è una? (?:risposta|messaggio|e-?mail|mail) automatic|dit is een automatisch
        |(?:dette|det) er (?:et|en) automatisk|det(?:ta|) är ett auto|tämä on automaatti|to (?:jest )?(?:automatyczna
        |wiadomość (?:została )?wygenerowana automatycznie)|toto je automatick|ez egy automatikus
        |acesta este un (?:mesaj|răspuns) automat|bu(?: bir)? otomatik|это автоматическ|данное (?:письмо
        |сообщение).{0,30}автоматич|це автоматичн|това е автоматич|(?:こ|本)(?:れ|の)?(?:は
        |メールは).{0,12}自動(?:返信|応答|送信|配信)|本メールは自動|이 ?(?:메일|메시지)[은는].{0,20}자동|đây là (?:thư
        |email|tin).{0,20}tự động|ini adalah (?:balasan|email|pesan) otomatis|นี่คือ.{0,20}อัตโนมัติ|هذا رد (?:آلي
        |تلقائي)|هذه رسالة (?:آلية|تلقائية)|αυτό είναι .{0,20}αυτόματ|זוהי .{0,20}אוטומטית|ovo je automatski)
""", automatic=_AUTOMATIC)
