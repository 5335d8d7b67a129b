"""How mail programs announce the mail that they quote, head it and sign below it, in the languages that exporters meet."""

from .phrases import any_of

# The verb of "On Monday Li wrote:", with whatever stands between it and the colon.
WROTE = any_of(r"""
    \b(?:wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|escribio|escreveu|ha scritto|scrisse|scritto|schreef
        |schreven|napisał\w{0,3}|pisze|skrev|skrifaði|napsala?|napísala?|kirjoitti|kirjutas|írta|írt|a scris|yazdı
        |yazdi|yazmış|пишет|писал[аи]?|написал[аи]?(?:\(а\))?|написа|пише|написав|написала|je napisao|je napisala
        |je napisal|je написао|rakstīja|rašė|va escriure|έγραψε|đã viết|viết|menulis|idatzi du
        |писали|napsal\(a\)|napísal\(a\))(?!\w)(?:[^:：]|(?<=\d)[:：](?=\d)){0,60}[:：]\W{0,3}$
    (?:写道|寫道|写到|書きました|のメール|さんの?(?:メール|書き込み)|작성|쓴 글|썼습니다|썼다|のメッセージ|さん[はが]書きました
        |كتب|نوشت|כתב[הו]?|เขียนว่า|เขียน)(?:[^:：]|(?<=\d)[:：](?=\d)){0,40}[:：]\W{0,3}$
    ^\W{0,6}on .{5,200}<[^<>]{3,100}@[^<>]{3,100}> wrote$
    ^\W{0,6}-{2,10}.{3,200}(?:wrote|schrieb|写道|a écrit|escribió)\W{0,4}-{2,10}$
""")
# How such a line begins; it may go on in the next ones.
WROTE_BEGIN = any_of(r"""
    [>*\s"'|]{0,6}[^\W\d]{1,13}[.,]{0,2} \d{1,2}[. ].{0,200}
    [>*\s"'|-]{0,6}(?:on|am|le|el|il|il giorno|em|op|den|på|w dniu|dnia|dne|dňa|at|pada|vào(?: lúc)?|в|у|на|στις
        |la|em|i|tir|em data|el día|ven|mån|tis|ons|tors|fre|lör|sön|man|tir|tor|lør|søn|ma|ti|ke|to|pe|la|su|pe
        |în data|în|dana|el dia|пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье
        |в письме|ob|pirmd|no dia|v v pon)\b.{0,200}\d
    [>*\s"'|]{0,6}wiadomość napisana przez\b.{0,200}
    [>*\s"'|]{0,6}[^\d<>]{2,40}, \d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d tarihinde
    [>*\s"'|]{0,6}здравствуйте, .{1,40} вы писали\b.{0,200}
    [>*\s"'|]{0,6}[^<>]{1,40}<[^<>\s@]{1,100}@[^<>\s@]{1,100}> ?(?:在|于|於)
    [>*\s"'|]{0,6}(?:在|于|於|بتاريخ|في|ב-|เมื่อ|ในวันที่).{0,200}\d|[>*\s"'|]{0,6}\d{1,4}[-./年년 ].{0,200}
    [>*\s"'|]{0,6}[^\s<>]{1,40}(?: [^\s<>]{1,40}){0,4} <[^<>\s]{3,200}@
""")
RULED = any_of(r"""
    >{3} ?[^<>]{2,80}(?:<[^<>\s]{3,100}>)?[^<>]{0,40}\d[^<>]{0,20}>{3}$
    "?[^"]{2,80}"? ?-{3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4} \d{1,2}:\d\d(?::\d\d)?(?: [ap]m)?-{3}
    original message processed by\b.{0,40}$
    \W{0,6}\d{4}-\d\d-\d\d \d{1,2}:\d\d gmt[+-]\d\d:\d\d .{1,80}$
    [>\s]{0,6}message du\s{0,3}:\s{0,3}\d.{0,40}$|[>\s]{0,6}={2,10}\s{0,3}message du\b.{0,60}$
    [>\s]{0,6}[-_=*]{3,60}\s{0,9}[^-_=*\n]{0,30}(?:message|nachricht|e?-?mail|messaggio|mensaje|mensagem|bericht
        |besked|meddelande|melding|viesti|wiadomość|zpráva|üzenet|сообщение|письмо|повідомлення|лист|邮件|郵件|信件
        |メッセージ|メール|메시지|메일)[^-_=*\n]{0,15}\s{0,9}[-_=*]{2,60}$
    [>\s]{0,6}[-_=*#]{2,60}\s{0,9}(?:original(?: (?:message|mail|appointment|email|e-mail))?|forwarded (?:message
        |mail)|replied message|begin forwarded message|reply message|mensaje original|mensagem original
        |messaggio originale|messaggio inoltrato|message d.origine|message original|message transféré
        |courriel original|ursprüngliche nachricht|originalnachricht|original[- ]?nachricht|weitergeleitete nachricht
        |oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|original besked|oprindelig meddelelse
        |opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní (?:zpráva|email)
        |pôvodná správa|eredeti üzenet|mesaj original|orijinal mesaj|özgün ileti|исходное сообщение
        |оригинальное сообщение|пересылаемое сообщение|вихідне повідомлення|оригінальне повідомлення
        |оригинално съобщение|αρχικό μήνυμα|thư gốc|tin nhắn gốc|pesan asli|الرسالة الأصلية|ההודעה המקורית|原始邮件
        |原始郵件|原始信件|回复的原邮件|回覆的原郵件|原邮件|转发(?:的)?邮件|轉寄郵件|元のメッセージ|元のメール|原文
        |원본 ?(?:메일|메시지)|original sent)[^\w]{0,9}[-_=*#]{2,60}$
    \W{0,20}(?:please )?(?:type|write|enter)? ?(?:your )?reply (?:above|on top of) this line\W{0,20}.{0,20}$
    \W{0,20}(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)
        |début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|начало переадресованного сообщения)\W{0,20}$
""")
SENDER_HEADER = any_of(r"""
    [>*|\s_]{0,6}(?:from|von|de|da|od|från|fra|van|от|від|kimden|gönderen|dari|từ|από|lähettäjä|feladó|mittente
        |remitente|expéditeur|nadawca|odesílatel|odosielateľ|saatja|no|nuo|de la|от кого|发件人|寄件者|寄件人|差出人|送信者
        |보낸 ?사람|보낸이|من|מאת|จาก)[*_\s ]{0,4}[:：|]
""")
OTHER_HEADER = any_of(r"""
    [>*|\s_]{0,6}(?:sent|date|to|cc|bcc|subject|reply-to|gesendet|datum|an|betreff|kopie|envoyé|à|objet
        |enviado(?: el)?|enviada(?: em)?|para|asunto|assunto|fecha|data|inviato|a|oggetto|destinatario|verzonden|aan
        |onderwerp|skickat|sendt|dato|til|till|emne|ämne|wysłano|wysłane|do|temat|dw|odesláno|odoslané|komu|předmět
        |predmet|lähetetty|vastaanottaja|kenelle|aihe|päivä|elküldve|címzett|tárgy|másolat|dátum|trimis|către|subiect
        |отправлено|дата|кому|копия|тема|надіслано|копія|gönderildi|gönderme tarihi|tarih|kime|alıcı|bilgi|konu
        |dikirim|kepada|subjek|perihal|ngày|đã gửi|đến|chủ đề|εστάλη|ημερομηνία|προς|θέμα|发送时间|发送日期|日期|时间
        |收件人|抄送|主题|寄件日期|傳送時間|收件者|副本|主旨|送信日時|日時|日付|宛先|件名|보낸 ?날짜|보낸 ?시간|날짜
        |받는 ?사람|참조|제목|تاريخ|التاريخ|إلى|الموضوع|تم الإرسال|נשלח|תאריך|אל|נושא|วันที่|ถึง|เรื่อง)[*_\s ]{0,4}[:：|]
""")
SUBJECT_HEADER = any_of(
    r'(?:^|\s)(?:subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|předmět|predmet|aihe|tárgy|subiect|тема|konu'
    r'|主题|主旨|件名|제목|الموضوع)\s{0,3}[:：]')
_DEVICE = (
    r'i ?phon\w*|i ?pad|android|mobil\w*|phone|handy|smartphone|tablet|galaxy|samsung|huawei|xiaomi|redmi|oppo|blackberry|nokia'
    r'|outlook\w*|\bmail\b|\be-?mail\b|gmail|yahoo|aol|gmx|web\.de|thunderbird|windows|telefon\w*|teléfono|celular|móvil|dispositivo|appareil|device'
    r'|mobilgerät|почт\w*|телефон\w*|cihaz\w*|puhelim\w*')
# A sentence in the first person is no program's.
OWN_SENTENCE = any_of(r"""
    \W{0,6}(?:i|we|as i|as we|ich|wir|je|nous|yo|nosotros|eu|nós|io|noi|я|мы|ми|ja|my|ik|wij|we|jag|vi|jeg|me|minä|ben|biz)\b
    \W{0,6}(?:我|我们|我們|本人|私|弊社|제가|저는|저희)
    .{0,60}\b(?:ho|abbiamo|j.ai|avons|he|hemos|habe|haben|hatte|have|had) (?:scritto|écrit|escrito|geschrieben|written)\b
""")
# What programs and companies write below, with the words of nobody.
SIGNED = any_of(r"""
    \W{0,6}(?:sent|enviad[oa]|enviat|inviato|envoyé|gesendet|verzonden|verstuurd|sendt|skickat|wysłan[eoa]|odesláno
        |odoslané|отправлено|надіслано|gönderildi|trimis|lähetetty|dikirim|được gửi|küldve|elküldve|στάλθηκε|poslano
        |poslané) (?:(?:desde|des del|do|da|dal|depuis|à partir de|à partir d.|von|vom|mit|met|via|from|using|with|vanaf|fra
        |från|z|ze|с|со|из|через|з|із|din|de pe|dari|từ|az?|από το|iz|s|de)\b ?)?[^,;!?]{0,40}?(?:<device>)[^,;!?]{0,60}$
    \W{0,6}sent from my [^,;!?]{2,40}$
    \W{0,6}sent from my [^,;!?]{2,40}, ?(?:please )?(?:excuse|forgive|pardon)\b.{0,60}$
    \W{0,6}sent (?:from|with|via|using) (?:\[mail\]|mailbox|typeapp|newton|canary|spark|edison|superhuman|missive|boxer|nine
        |aqua ?mail|proton|tutanota|zoho|hey|k-9|bluemail)\b[^,;!?]{0,40}(?:<https?:[^<>\s]{1,200}>)?$
    \W{0,6}(?:sendt|skickat|sent|enviado) (?:via|with|fra|från|by) (?:mobile?|mobil\w*|galaxy|airmail|windows|spark
        |sparrow|myma?il|k-9|bluemail)\b.{0,40}$
    \W{0,6}(?:someone )?from (?:my )?(?:mobile|iphone|ipad|android|phone)\b.{0,20}$
    \W{0,6}(?:von meinem|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit)|this message was sent (?:from|with)
        |this e-?mail was sent from (?:my|a) ).{0,60}(?:gesendet\W{0,3}$|mobile|phone|iphone|ipad|android|handy
        |smartphone|tablet)
    \W{0,6}(?:get|obtenir|obtenez|holen sie sich|laden sie|hent|få|hämta|skaffa|hanki|lataa|télécharge[rz]|scarica
        |ottieni|obtener|obtenga|obter|obtenha|descarga[r]?|baix[ea]r?|pobierz|stáhnout|získejte|download|скачать|получить
        |завантажити|отримати|获取|獲取|下载|下載|取得)[^,;!?]{0,20}?\boutlook\b.{0,25}(?:ios|android).{0,100}$
    \W{0,6}(?:获取|獲取|下载|下載|取得).{0,20}outlook.{0,20}$
    \W{0,6}(?:outlook.{0,20}(?:ios|android)|(?:ios|android).{0,8}outlook).{0,12}(?:を入手.{0,4}|edinin|gönderildi|다운로드
        |beziehen|herunterladen|downloaden|letöltése)\W{0,3}(?:<?https?:[^<>\s]{1,200}>?)?$
    \W{0,6}(?:outlook|outlook mobile|yahoo!?(?: ?mail|メール)|blue ?mail|mail\.ru|k-9 mail|proton ?mail)(?: (?:for|pour
        |für|para|on) .{2,30})?$
    \W{0,6}(?:发自|發自|来自|來自|發送自|发送自).{0,12}(?:iphone|ipad|android|手机|手機|客户端|邮箱|郵箱|foxmail
        |outlook|网易|qq|小米|华为|荣耀|huawei|honor|vivo|oppo|mail|windows|邮件).{0,30}$
    \W{0,6}(?:从|從|自).{0,12}(?:iphone|ipad|android|手机|手機|平板|windows|邮件|郵件|小米|华为|荣耀).{0,12}(?:发送|發送|传送|傳送|发出)。?$
    \W{0,6}签名由 ?.{2,12} ?定制$
    \W{0,6}.{0,4}(?:iphone|ipad|android|galaxy|xperia|aquos|スマートフォン|スマホ|携帯).{0,10}から送信.{0,7}$
    \W{0,6}(?:(?:나의|내) .{1,20}|(?:iphone|ipad|android|galaxy)\S{0,10}?)(?:에서|으로) 보냄$
    \W{0,6}[^,;!?.]{0,20}(?:iphone|ipad|android|galaxy|telefon|huawei|xiaomi)[^,;!?.]{0,30}? gönderildi\.?$
    \W{0,6}(?:ส่งจาก|تم الإرسال من|أُ?رسلت من|נשלח מ).{0,6}(?:iphone|ipad|android|galaxy|huawei|outlook|هاتف).{0,20}$
    \W{0,6}provenance ?: (?:courrier|mail) pour .{2,30}$
    \W{0,6}(?:virus-?free|без вирусов|virenfrei|libre de virus|sans virus|senza virus)\b.{0,40}$
    \W{0,6}(?:this e-?mail (?:has been|was) (?:checked|scanned)|scanned by|envía mensajes).{0,80}$
""", device=_DEVICE)
# Where such a text begins it goes on to the end.
DISCLAIMED = any_of(r"""
    \S{2,60} (?:mailing ?list\b|mailingliste|mailinglijst|liste de diffusion)
    [\s*_=#"“>-]{0,20}(?:this (?:e-?mail|message|communication|transmission|electronic)\b.{0,90}(?:confidential
        |intended (?:only|solely|for)|privileged|proprietary)|the (?:information|contents?) (?:contained[ ]
        |transmitted )?(?:in|of|with) this (?:e-?mail|message|communication|transmission)|confidentiality (?:notice
        |note|statement)|disclaimer\b|legal (?:notice|disclaimer)\b|privileged and confidential|if you (?:are not
        |have received this)|please (?:consider|think of) the environment|consider the environment
        |notice: this (?:e-?mail|message)|diese (?:e-?mail|nachricht|mail)\b.{0,60}(?:vertraulich|geschützt)
        |der inhalt dieser (?:e-?mail|nachricht)|vertraulichkeitshinweis|ce (?:message|courriel
        |mail)\b.{0,80}(?:confidenti|destiné|exclusi)|avis de confidentialité|pensez à l.environnement
        |avant d.imprimer|este (?:mensaje|correo|e-?mail|comunicado|email)\b.{0,80}(?:confidenci|dirigid|destinad
        |exclusiv)|aviso (?:legal|de confidencialidad|de privacidad)|esta mensagem\b.{0,80}confidenci
        |questo (?:messaggio|e-?mail)\b.{0,80}(?:riservat|confidenzial|destinat)|le informazioni contenute
        |avviso di riservatezza|данное (?:сообщение|письмо)\b.{0,80}конфиденциал|это (?:сообщение
        |письмо)\b.{0,80}конфиденциал|ta wiadomość\b.{0,80}poufn|treść tej wiadomości|dit (?:bericht
        |e-?mailbericht)\b.{0,80}vertrouwelijk|de informatie (?:verzonden )?in dit|det(?:ta|te) (?:meddelande
        |e-?mail)\b.{0,80}(?:konfidentiell|fortrolig|konfidensielt)|bu (?:e-?posta|mesaj|ileti
        |elektronik)\b.{0,80}(?:gizli|kişiye özel)|本(?:邮件|郵件|电子邮件|電子郵件)(?:及|中|所|（|和|是|包含|可能
        |内容).{0,60}(?:保密|机密|機密|专有|仅供|僅供)|保密(?:声明|提示|条款)|免责声明|免責聲明|(?:この|本)(?:メール
        |電子メール).{0,40}(?:機密|秘密)|이 ?(?:메일|메시지|전자우편)[은는]?.{0,60}(?:기밀|비밀))
""")
