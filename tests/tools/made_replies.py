"""Answers as people write them in the mail programs of the world, plain and HTML. All of it is invented."""

from html import escape
from itertools import cycle, product
from typing import NamedTuple


class Made(NamedTuple):
    name: str
    body: str
    is_html: bool
    answer: str


# Language: what people answer, and how their programs announce the mail that they quote.
PROGRAMS = {
    'en': (('Please quote two sets, CIF Rotterdam.', 'Hi Lin,\n\nnot this year, our budget is spent.\nAsk again in March?\n\nRegards\nPaula'), '''
        On Mon, Nov 23, 2026 at 9:14 AM Lin Mei <lin@me.example> wrote:
        On 23 Nov 2026, at 09:14, Lin Mei <lin@me.example> wrote:
        On 23/11/2026 09:14, Lin Mei wrote:
        On Monday, November 23rd, 2026 at 9:14 AM, Lin Mei <lin@me.example> wrote:
        On Mon, 23 Nov 2026 09:14:07 +0800~Lin Mei <lin@me.example> wrote:
        At 2026-11-23 09:14:07, "Lin Mei" <lin@me.example> wrote:
        Lin Mei <lin@me.example> wrote on 23.11.2026 09:14:07:
        -----Original Message-----~From: Lin Mei <lin@me.example>~Sent: Monday, November 23, 2026 9:14 AM~To: Paula~Subject: Rings
        ________________________________~From: Lin Mei <lin@me.example>~Sent: Monday, 23 November 2026 09:14~To: Paula~Subject: Rings
        From: Lin Mei [mailto:lin@me.example]~Sent: Monday, November 23, 2026 9:14 AM~To: Paula~Subject: Rings
        -------- Original message --------~From: Lin Mei <lin@me.example>~Date: 23/11/2026 09:14 (GMT+08:00)~To: Paula~Subject: Rings
        ------------------ Original ------------------~From: "Lin Mei";<lin@me.example>;~Date: Mon, Nov 23, 2026 09:14 AM~To: "Paula"
        ---- Replied Message ----~| From | Lin Mei<lin@me.example> |~| Date | 11/23/2026 09:14 |~| To | Paula |~| Subject | Rings |
        *From:* Lin Mei <lin@me.example>~*Sent:* Monday, November 23, 2026 9:14 AM~*To:* Paula~*Subject:* Rings
        ---- On Mon, 23 Nov 2026 09:14:07 +0800 Lin Mei <lin@me.example> wrote ----
        Lin Mei <lin@me.example> ezt írta (időpont: 2026. nov. 23., H, 9:14):
        Στις Δευ 23 Νοε 2026 στις 9:14 π.μ., ο χρήστης Lin Mei <lin@me.example> έγραψε:
        ในวันที่ จ. 23 พ.ย. 2026 เวลา 09:14 Lin Mei <lin@me.example> เขียนว่า:
        Pada tanggal Sen, 23 Nov 2026 pukul 09.14 Lin Mei <lin@me.example> menulis:
        في الاثنين، ٢٣ نوفمبر ٢٠٢٦ في ٩:١٤ ص تمت كتابة ما يلي بواسطة Lin Mei <lin@me.example>:
        On Monday, November 23, 2026 at 09:14:07 AM GMT+8, Lin Mei <lin@me.example> wrote:
        ------- Original Message -------~On Monday, November 23rd, 2026 at 9:14 AM, Lin Mei <lin@me.example> wrote:
        ------ Original Message ------~From: "Lin Mei" <lin@me.example>~To: "Anna" <anna@acme.example>~Sent: 23/11/2026 09:14:07~Subject: Rings
        From: Lin Mei~Date: 2026-11-23 09:14~To: Anna~Subject: Rings
        Lin Mei <lin@me.example> wrote on Mon, 23 Nov 2026 09:14:
        From: "Lin Mei" <lin@me.example>~To: Anna~Date: 23.11.2026 09:14~Subject: Rings
        "Lin Mei" ---23.11.2026 09:14:07---Dear customer, slewing rings
        From: Lin Mei [mailto:lin@me.example] ~Sent: Monday, November 23, 2026 9:14 AM~To: Anna~Subject: Rings
        -----Original Message-----~From: "Lin Mei" <lin@me.example>~To: <anna@acme.example>;~Cc:~Sent: 2026-11-23 (월) 09:14:07 (GMT+09:00)~Subject: Rings
        On 2026/11/23 9:14, Lin Mei via Sales wrote:
        ----- Original Message -----~From: Lin Mei <lin@me.example>~To: Anna~Date: 2026/11/23, Mon 09:14~Subject: Rings
        Lin Mei <lin@me.example> kirjutas kuupäeval E, 23. november 2026 kell 09:14:
        pirmd., 2026. g. 23. nov., plkst. 09:14 — lietotājs Lin Mei (<lin@me.example>) rakstīja:
        2026-11-23, pr, 09:14 Lin Mei <lin@me.example> rašė:
        V V pon., 23. nov. 2026 ob 09:14 je oseba Lin Mei <lin@me.example> napisala:
        pon, 23. stu 2026. u 09:14 Lin Mei <lin@me.example> napisao je:
        On Mon, Nov 23, 2026, 09:14 Lin Mei <lin@me.example> wrote:
        On Nov 23, 2026 9:14 AM, "Lin Mei" <lin@me.example> wrote:
        Quoting Lin Mei <lin@me.example>:'''),
    'zh': (('请报两套的价格，CIF鹿特丹。', '林小姐：\n\n今年预算没有了。\n明年三月再联系吧\n\n祝好\n王工'), '''
        在 2026-11-23 09:14:07，"Lin Mei" <lin@me.example> 写道：
        Lin Mei <lin@me.example> 于2026年11月23日周一 09:14写道：
        在 2026年11月23日，09:14，Lin Mei <lin@me.example> 写道：
        ------------------ 原始邮件 ------------------~发件人: "Lin Mei" <lin@me.example>;~发送时间: 2026年11月23日(星期一) 上午9:14~收件人: "王工"~主题: 回转支承
        ---- 回复的原邮件 ----~| 发件人 | Lin Mei<lin@me.example> |~| 日期 | 2026年11月23日 09:14 |~| 收件人 | 王工 |~| 主题 | 回转支承 |
        发件人： Lin Mei~发送时间： 2026-11-23 09:14~收件人： 王工~主题： 回转支承
        发件人: Lin Mei <lin@me.example>~日期: 2026年11月23日 星期一 09:14~收件人: 王工~主题: 回转支承
        ------------------------------------------------------------------~发件人：Lin Mei <lin@me.example>~发送时间：2026年11月23日(星期一) 09:14~收件人：王工~主　题：回转支承
        寄件者: Lin Mei <lin@me.example>~寄件日期: 2026年11月23日 上午 09:14~收件者: 王工~主旨: 迴轉支承
        Lin Mei 于 2026/11/23 9:14 写道:
        -----原始邮件-----~发件人:"Lin Mei" <lin@me.example>~发送时间:2026-11-23 09:14:07 (星期一)~收件人: Anna~抄送:~主题: Rings
        ---原始邮件---~发件人: "Lin Mei"<lin@me.example>~发送时间: 2026年11月23日(星期一) 上午9:14~收件人: "Anna"<anna@acme.example>;~主题: Rings
        -------- 原始邮件 --------~发件人： Lin Mei <lin@me.example>~日期： 2026年11月23日周一 09:14~收件人： Anna~主 题： Rings
        发件人：Lin Mei<lin@me.example>~收件人：Anna<anna@acme.example>~时间：2026年11月23日 09:14:07~主题：Rings
        From:Lin Mei <lin@me.example>~Send Time:2026年11月23日(星期一) 09:14~To:Anna <anna@acme.example>~Subject:Rings
        Lin Mei <lin@me.example> 2026年11月23日周一 09:14写道：
        Lin Mei<lin@me.example> 在 2026年11月23日 周一 09:14 写道：
        在2026年11月23日 09:14，Lin Mei<lin@me.example> 写道：
        于 2026年11月23日 9:14, Lin Mei 写道:
        Lin Mei <lin@me.example>於 2026年11月23日 週一 上午9:14寫道：
        Lin Mei <lin@me.example> 编写：'''),
    'de': (('Bitte bieten Sie zwei Stück an.', 'Guten Tag Frau Mei,\n\ndieses Jahr nicht mehr.\n\nMit freundlichen Grüßen\nPaula Berg'), '''
        Am 23.11.2026 um 09:14 schrieb Lin Mei <lin@me.example>:
        Am Mo., 23. Nov. 2026 um 09:14 Uhr schrieb Lin Mei <lin@me.example>:
        Lin Mei <lin@me.example> schrieb am Mo., 23. Nov. 2026, 09:14:
        Gesendet: Montag, 23. November 2026 um 09:14 Uhr~Von: "Lin Mei" <lin@me.example>~An: Paula~Betreff: Ringe
        Von: Lin Mei <lin@me.example>~Gesendet: Montag, 23. November 2026 09:14~An: Paula~Betreff: Ringe
        -----Ursprüngliche Nachricht-----~Von: Lin Mei <lin@me.example>~Gesendet: Montag, 23. November 2026 09:14~An: Paula~Betreff: Ringe
        -------- Ursprüngliche Nachricht --------~Von: Lin Mei <lin@me.example>~Datum: 23.11.26 09:14 (GMT+01:00)~An: Paula~Betreff: Ringe
        Lin Mei schrieb am 23.11.2026 um 09:14:
        ------ Originalnachricht ------~Von "Lin Mei" <lin@me.example>~An "Anna" <anna@acme.example>~Datum 23.11.2026 09:14:07~Betreff Rings
        Von:    "Lin Mei" <lin@me.example>~An:     Anna~Datum:  23.11.2026 09:14~Betreff:        Rings
        "Lin Mei" <lin@me.example> schrieb am 23.11.2026 09:14:07:
        Am Montag, 23. November 2026 um 09:14:07 MEZ hat Lin Mei <lin@me.example> Folgendes geschrieben:
        Von: Lin Mei <lin@me.example>~Datum: Montag, 23. November 2026 um 09:14~An: Anna~Betreff: Rings
        Zitat von Lin Mei <lin@me.example>:'''),
    'fr': (('Merci de nous faire un prix pour deux pièces.', 'Bonjour,\n\npas cette année.\n\nCordialement\nPaul'), '''
        Le lun. 23 nov. 2026 à 09:14, Lin Mei <lin@me.example> a écrit :
        Le 23/11/2026 à 09:14, Lin Mei a écrit :
        Le 23 nov. 2026 à 09:14, Lin Mei <lin@me.example> a écrit :
        De : Lin Mei <lin@me.example>~Envoyé : lundi 23 novembre 2026 09:14~À : Paul~Objet : Couronnes
        -----Message d'origine-----~De : Lin Mei [mailto:lin@me.example]~Envoyé : lundi 23 novembre 2026 09:14~À : Paul~Objet : Couronnes
        Lin Mei a écrit le 23/11/2026 à 09:14 :
        De : Lin Mei~Envoyé le : lundi 23 novembre 2026 09:14~À : Anna~Objet : Rings
        De: "Lin Mei" <lin@me.example>~À: "Anna" <anna@acme.example>~Envoyé: Lundi 23 Novembre 2026 09:14:07~Objet: Rings
        Le lundi 23 novembre 2026 à 09:14:07 UTC+1, Lin Mei <lin@me.example> a écrit :'''),
    'es': (('Por favor coticen dos piezas.', 'Hola Lin:\n\neste año no.\n\nSaludos\nPablo'), '''
        El lun, 23 nov 2026 a las 9:14, Lin Mei (<lin@me.example>) escribió:
        El 23/11/2026 a las 9:14, Lin Mei escribió:
        De: Lin Mei <lin@me.example>~Enviado el: lunes, 23 de noviembre de 2026 9:14~Para: Pablo~Asunto: Coronas
        -----Mensaje original-----~De: Lin Mei <lin@me.example>~Enviado el: lunes, 23 de noviembre de 2026 9:14~Para: Pablo~Asunto: Coronas
        Lin Mei escribió el 23/11/2026 a las 9:14:
        De: Lin Mei <lin@me.example>~Para: Anna <anna@acme.example>~Enviado: lunes, 23 de noviembre de 2026 9:14~Asunto: Rings
        De: Lin Mei <lin@me.example>~Fecha: lunes, 23 de noviembre de 2026, 9:14~Para: Anna <anna@acme.example>~Asunto: Rings
        El lunes, 23 de noviembre de 2026, 09:14:07 CET, Lin Mei <lin@me.example> escribió:
        Lin Mei (<lin@me.example>) escribió:'''),
    'pt': (('Por favor, envie o preço de duas peças.', 'Olá Lin,\n\neste ano não.\n\nAtenciosamente\nPaulo'), '''
        Em seg., 23 de nov. de 2026 às 09:14, Lin Mei <lin@me.example> escreveu:
        Em 23/11/2026 09:14, Lin Mei escreveu:
        De: Lin Mei <lin@me.example>~Enviada em: segunda-feira, 23 de novembro de 2026 09:14~Para: Paulo~Assunto: Anéis
        -----Mensagem original-----~De: Lin Mei <lin@me.example>~Enviada em: segunda-feira, 23 de novembro de 2026 09:14~Para: Paulo~Assunto: A
        No dia 23/11/2026, às 09:14, Lin Mei <lin@me.example> escreveu:
        Em 23 de nov. de 2026, à(s) 09:14, Lin Mei <lin@me.example> escreveu:
        Em seg., 23/11/2026 às 09:14, Lin Mei <lin@me.example> escreveu:
        Em segunda-feira, 23 de novembro de 2026 09:14:07 BRT, Lin Mei <lin@me.example> escreveu:'''),
    'it': (('Quotate due pezzi, per favore.', 'Buongiorno,\n\nquest\'anno no.\n\nCordiali saluti\nPaolo'), '''
        Il giorno lun 23 nov 2026 alle ore 09:14 Lin Mei <lin@me.example> ha scritto:
        Il 23/11/2026 09:14, Lin Mei ha scritto:
        Da: Lin Mei <lin@me.example>~Inviato: lunedì 23 novembre 2026 09:14~A: Paolo~Oggetto: Ralle
        -----Messaggio originale-----~Da: Lin Mei <lin@me.example>~Inviato: lunedì 23 novembre 2026 09:14~A: Paolo~Oggetto: Ralle
        Lin Mei ha scritto il 23/11/2026 alle 09:14:
        Da: Lin Mei <lin@me.example>~Data: lunedì 23 novembre 2026 09:14~A: Anna~Oggetto: Rings
        Il lunedì 23 novembre 2026 alle ore 09:14:07 CET, Lin Mei <lin@me.example> ha scritto:'''),
    'ru': (('Пришлите цену на два комплекта.', 'Добрый день!\n\nВ этом году уже нет.\n\nС уважением,\nПавел'), '''
        пн, 23 нояб. 2026 г. в 09:14, Lin Mei <lin@me.example>:
        23.11.2026, 09:14, "Lin Mei" <lin@me.example>:
        Понедельник, 23 ноября 2026, 9:14 +03:00 от Lin Mei <lin@me.example>:
        23.11.2026 09:14, Lin Mei пишет:
        23 нояб. 2026 г. 9:14 пользователь "Lin Mei" <lin@me.example> написал:
        От: Lin Mei <lin@me.example>~Отправлено: понедельник, 23 ноября 2026 г. 9:14~Кому: Павел~Тема: Опоры
        -------- Исходное сообщение --------~От: Lin Mei <lin@me.example>~Дата: 23.11.2026 09:14~Кому: Павел~Тема: Опоры
        23 нояб. 2026 г., в 09:14, Lin Mei <lin@me.example> написал(а):
        Lin Mei пишет 23.11.2026 09:14:
        ----------------~Кому: Anna (anna@acme.example);~Тема: Rings;~23.11.2026, 09:14, "Lin Mei" <lin@me.example>:
        От кого: Lin Mei <lin@me.example>~Кому: Anna~Дата: Понедельник, 23 ноября 2026, 9:14 +03:00~Тема: Rings
        От: Lin Mei [mailto:lin@me.example]~Отправлено: 23 ноября 2026 г. 9:14~Кому: Anna~Тема: Rings
        23.11.2026 9:14, lin@me.example пишет:
        Вы писали 23 ноября 2026 г., 9:14:07:
        Здравствуйте, Anna. Вы писали 23 ноября 2026 г., 9:14:07:'''),
    'uk': (('Надішліть ціну на два комплекти.', 'Доброго дня!\n\nЦього року вже ні.\n\nПавло'), '''
        пн, 23 лист. 2026 р. о 09:14 Lin Mei <lin@me.example> пише:
        23.11.2026 09:14, Lin Mei пише:
        Від: Lin Mei <lin@me.example>~Надіслано: понеділок, 23 листопада 2026 р. 09:14~Кому: Павло~Тема: Опори'''),
    'pl': (('Proszę o cenę dwóch sztuk.', 'Dzień dobry,\n\nw tym roku już nie.\n\nPozdrawiam\nPaweł'), '''
        pon., 23 lis 2026 o 09:14 Lin Mei <lin@me.example> napisał(a):
        W dniu 23.11.2026 o 09:14, Lin Mei pisze:
        Od: Lin Mei <lin@me.example>~Wysłano: poniedziałek, 23 listopada 2026 09:14~Do: Paweł~Temat: Łożyska
        Dnia 23 listopada 2026 09:14 Lin Mei <lin@me.example> napisał(a):
        Wiadomość napisana przez Lin Mei <lin@me.example> w dniu 23 lis 2026, o godz. 09:14:
        Od: Lin Mei <lin@me.example>~Data: poniedziałek, 23 listopada 2026 09:14~Do: Anna~Temat: Rings
        -----Oryginalna wiadomość-----~Od: Lin Mei~Wysłane: 23 listopada 2026 09:14~Do: Anna~Temat: Rings'''),
    'tr': (('İki takım için fiyat verin lütfen.', 'Merhaba,\n\nbu yıl değil.\n\nSaygılarımla\nPınar'), '''
        Lin Mei <lin@me.example>, 23 Kas 2026 Pzt, 09:14 tarihinde şunu yazdı:
        23.11.2026 09:14 tarihinde Lin Mei yazdı:
        Kimden: Lin Mei <lin@me.example>~Gönderildi: 23 Kasım 2026 Pazartesi 09:14~Kime: Pınar~Konu: Rulman
        Lin Mei <lin@me.example> şunları yazdı (23 Kas 2026 09:14):
        Lin Mei, 23.11.2026 09:14 tarihinde yazdı:
        Kimden: Lin Mei [mailto:lin@me.example]~Gönderilme: 23 Kasım 2026 Pazartesi 09:14~Kime: Anna~Konu: Rings
        Gönderen: Lin Mei <lin@me.example>~Gönderildi: 23 Kasım 2026 Pazartesi 09:14~Kime: Anna~Konu: Rings'''),
    'ja': (('2セットの見積もりをお願いします。', '林様\n\n今年は予算がありません。\n\n佐藤'), '''
        2026年11月23日(月) 9:14 Lin Mei <lin@me.example>:
        2026/11/23 9:14、Lin Mei <lin@me.example>のメール:
        On 2026/11/23 9:14, Lin Mei wrote:
        差出人: Lin Mei <lin@me.example>~送信日時: 2026年11月23日 9:14~宛先: 佐藤~件名: 旋回軸受
        -----Original Message-----~From: Lin Mei <lin@me.example>~Sent: Monday, November 23, 2026 9:14 AM~To: Sato~Subject: Rings
        Lin Mei さんは書きました (2026/11/23 9:14):
        2026/11/23 9:14、Lin Mei <lin@me.example>のメール：
        2026年11月23日 9:14 Lin Mei <lin@me.example> さんが書きました:
        -----元のメッセージ-----~差出人: Lin Mei <lin@me.example>~送信日時: 2026年11月23日月曜日 9:14~宛先: Anna~件名: Rings'''),
    'ko': (('두 세트 견적 부탁드립니다.', '안녕하세요,\n\n올해는 예산이 없습니다.\n\n박 드림'), '''
        2026년 11월 23일 (월) 오전 9:14, Lin Mei <lin@me.example>님이 작성:
        보낸 사람: Lin Mei <lin@me.example>~보낸 날짜: 2026년 11월 23일 월요일 오전 9:14~받는 사람: 박~제목: 선회 베어링
        -----Original Message-----~From: "Lin Mei"<lin@me.example>~To: "박"~Sent: 2026-11-23 (월) 09:14:07 (GMT+09:00)~Subject: Rings
        2026. 11. 23. 오전 9:14, Lin Mei <lin@me.example> 작성:
        2026-11-23 오전 9:14에 Lin Mei 이(가) 쓴 글:
        ------ 원본 메시지 ------~보낸 사람: "Lin Mei" <lin@me.example>~받는 사람: "Anna" <anna@acme.example>~보낸 날짜: 2026-11-23 오전 9:14:07~제목: Rings
        ---------- 원본 메일 ----------~보낸사람 : Lin Mei <lin@me.example>~받는사람 : Anna <anna@acme.example>~날짜 : 2026년 11월 23일(월) 09:14~제목 : Rings
        --------- 원본 메일 ---------~보낸이 : Lin Mei <lin@me.example>~보낸날짜 : 2026-11-23 09:14'''),
    'nl': (('Graag een prijs voor twee stuks.', 'Hallo Lin,\n\ndit jaar niet meer.\n\nGroet\nPaul'), '''
        Op ma 23 nov 2026 om 09:14 schreef Lin Mei <lin@me.example>:
        Op 23-11-2026 om 09:14 schreef Lin Mei:
        Van: Lin Mei <lin@me.example>~Verzonden: maandag 23 november 2026 09:14~Aan: Paul~Onderwerp: Ringen
        Op 23 nov 2026 om 09:14 heeft Lin Mei <lin@me.example> het volgende geschreven:
        Van: "Lin Mei" <lin@me.example>~Aan: "Anna" <anna@acme.example>~Verzonden: Maandag 23 november 2026 09:14:07~Onderwerp: Rings'''),
    'sv': (('Ge oss ett pris på två stycken.', 'Hej,\n\ninte i år.\n\nHälsningar\nPer'), '''
        Den mån 23 nov. 2026 kl 09:14 skrev Lin Mei <lin@me.example>:
        Från: Lin Mei <lin@me.example>~Skickat: den 23 november 2026 09:14~Till: Per~Ämne: Ringar
        Från: Lin Mei <lin@me.example>~Datum: måndag 23 november 2026 09:14~Till: Anna~Ämne: Rings
        Lin Mei <lin@me.example> skrev den mån 23 nov. 2026 kl 09:14:'''),
    'da': (('Giv os en pris på to stk.', 'Hej,\n\nikke i år.\n\nHilsen\nPer'), '''
        Den man. 23. nov. 2026 kl. 09.14 skrev Lin Mei <lin@me.example>:
        Fra: Lin Mei <lin@me.example>~Sendt: 23. november 2026 09:14~Til: Per~Emne: Ringe
        Fra: Lin Mei <lin@me.example>~Dato: mandag, 23. november 2026 kl. 09:14~Til: Anna~Emne: Rings
        På man. 23. nov. 2026 kl. 09:14, Lin Mei <lin@me.example> skrev:'''),
    'nb': (('Gi oss en pris på to stk.', 'Hei,\n\nikke i år.\n\nHilsen\nPer'), '''
        man. 23. nov. 2026 kl. 09:14 skrev Lin Mei <lin@me.example>:
        Fra: Lin Mei <lin@me.example>~Sendt: mandag 23. november 2026 09:14~Til: Per~Emne: Ringer'''),
    'fi': (('Tarjoatteko kaksi kappaletta.', 'Hei,\n\nei tänä vuonna.\n\nPekka'), '''
        ma 23. marrask. 2026 klo 9.14 Lin Mei <lin@me.example> kirjoitti:
        Lähettäjä: Lin Mei <lin@me.example>~Lähetetty: maanantai 23. marraskuuta 2026 9.14~Vastaanottaja: Pekka~Aihe: Laakerit
        Lin Mei <lin@me.example> kirjoitti 23.11.2026 kello 9.14:'''),
    'cs': (('Pošlete cenu dvou kusů.', 'Dobrý den,\n\nletos už ne.\n\nPavel'), '''
        po 23. 11. 2026 v 9:14 odesílatel Lin Mei <lin@me.example> napsal:
        Od: Lin Mei <lin@me.example>~Odesláno: pondělí 23. listopadu 2026 9:14~Komu: Pavel~Předmět: Ložiska
        23. 11. 2026 v 9:14, Lin Mei <lin@me.example>:
        Lin Mei napsal(a) dne 23.11.2026 v 9:14:
        Dne 23. 11. 26 v 9:14 Lin Mei napsal(a):'''),
    'vi': (('Xin báo giá hai bộ.', 'Chào chị,\n\nnăm nay không.\n\nPhương'), '''
        Vào Th 2, 23 thg 11, 2026 vào lúc 09:14 Lin Mei <lin@me.example> đã viết:'''),
}
QUOTED = 'Dear customer,\n\nslewing rings from 300 mm, from: our works.\nWould you like a price?\n\nBest\nLin Mei'
# What stands below the answer and is nobody's words.
BELOW = (
    '', 'Sent from my iPhone', '发自我的iPhone', '-- \nPaula Berg\nKranbau GmbH\n+49 40 123456', 'Von meinem iPhone gesendet', 'Отправлено с iPhone',
    'This e-mail is confidential and intended only for the person it is addressed to.\nPlease delete it if you are not.',
    'Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>', '获取适用于 Android 的 Outlook', 'Galaxyから送信', 'iPhone에서 보냄',
    "iPhone'umdan gönderildi", 'Lähetetty iPhonesta', 'Verstuurd vanaf mijn iPhone', 'Hämta Outlook för iOS', '签名由 网易邮箱大师 定制',
    'Sent from my phone, please excuse any typos.', 'Envoyé à partir de Outlook pour iOS<https://aka.ms/o0ukef>',
)


def _mark(text):
    return '\n'.join(f'> {line}'.rstrip() for line in text.split('\n'))


def _wrap(announced):
    """Break the line that announces the quoted mail, as programs do after 60 letters or so."""
    words, lines = announced.split(' '), ['']
    for word in words:
        if len(lines[-1]) + len(word) > 40 and lines[-1]:
            lines.append('')
        lines[-1] += (' ' if lines[-1] else '') + word
    return '\n'.join(lines)


def _plain(answer, below, announced, wrapped, marked):
    head = announced.replace('~', '\n')
    head = _wrap(head) if wrapped and '~' not in announced else head
    quoted = _mark(QUOTED) if marked else QUOTED
    return '\n\n'.join(filter(None, (answer, below, f'{head}\n{quoted}' if marked else f'{head}\n\n{quoted}')))


def _html(answer, below, announced, form):
    def lines(text):
        return ''.join(f'<div>{escape(line) or "<br>"}</div>\n' for line in text.split('\n'))
    head = '<br>\n'.join(escape(line) for line in announced.split('~'))
    own = f'<html><head><style>p {{ color: red }}</style></head><body>{lines(answer)}<br>{lines(below) if below else ""}'
    if form == 'gmail':
        return f'{own}<br><div class="gmail_quote"><div class="gmail_attr">{head}<br></div><blockquote>{lines(QUOTED)}</blockquote></div></body>'
    if form == 'outlook':
        return (f'{own}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>{head}</p></div></div>'
                f'{lines(QUOTED)}</body>')
    return f'{own}<div>{head}</div><blockquote type="cite">{lines(QUOTED)}</blockquote></body></html>'


def make_replies():
    """Yield each language's answers under each of its announcements, in the forms that programs write."""
    below = cycle(BELOW)
    for language, (answers, lines) in PROGRAMS.items():
        for announced, answer in product((line.strip() for line in lines.strip().split('\n')), answers):
            for wrapped, marked in ((False, True), (True, True), (False, False)):
                if wrapped and '~' in announced:
                    continue
                name = f'{language} {announced} {wrapped} {marked}'
                yield Made(name, _plain(answer, next(below), announced, wrapped, marked), False, answer)
            for form in ('gmail', 'outlook', 'apple'):
                yield Made(f'{language} {announced} {form}', _html(answer, next(below), announced, form), True, answer)
