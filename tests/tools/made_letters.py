"""Letters as exporters write them, in six languages: fine ones, and the same with one planted fault each.

Invented; made from a few sentences so that hundreds of them differ in language, length, layout, pictures and links.
"""
import itertools

STREET, ZIP = 'Hafenstrasse 12', '20457'
WORDS = {
    'en': ('Wheel cranes for your rental fleet', 'Dear Ms Smith', 'Unsubscribe',
           'we build wheel cranes from 16 to 80 tons and deliver them within eight weeks',
           'Our customers rent them out in forty countries, and spare parts are in stock',
           'Would you like to see the price list for your fleet'),
    'de': ('Radkrane für Ihre Mietflotte', 'Sehr geehrte Frau Schmidt', 'Abmelden',
           'wir bauen Radkrane von 16 bis 80 Tonnen und liefern sie innerhalb von acht Wochen',
           'Unsere Kunden vermieten sie in vierzig Ländern, und Ersatzteile liegen auf Lager',
           'Möchten Sie die Preisliste für Ihre Flotte sehen'),
    'fr': ('Des grues sur roues pour votre parc', 'Chère Madame Dupont', 'Se désabonner',
           'nous construisons des grues de 16 à 80 tonnes et les livrons en huit semaines',
           'Nos clients les louent dans quarante pays, et les pièces sont en stock',
           'Souhaitez-vous recevoir la liste de prix pour votre parc'),
    'es': ('Grúas sobre ruedas para su flota', 'Estimada señora García', 'Darse de baja',
           'fabricamos grúas de 16 a 80 toneladas y las entregamos en ocho semanas',
           'Nuestros clientes las alquilan en cuarenta países y los repuestos están en almacén',
           'Desea ver la lista de precios para su flota'),
    'pt': ('Guindastes sobre rodas para a sua frota', 'Cara Senhora Silva', 'Cancelar subscrição',
           'construímos guindastes de 16 a 80 toneladas e entregamos em oito semanas',
           'Os nossos clientes alugam-nos em quarenta países e as peças estão em armazém',
           'Gostaria de ver a lista de preços para a sua frota'),
    'zh': ('适合租赁车队的轮式起重机', '尊敬的王女士', '退订',
           '我们生产16至80吨的轮式起重机，八周内交货，质量可靠，价格合理，欢迎来电咨询详情',
           '我们的客户在四十个国家出租这些设备，配件常年有库存，售后服务及时，让您没有后顾之忧',
           '您想看看适合您车队的价格表吗？如果需要，我们可以马上发给您，并附上客户的使用案例'),
}
LAYOUTS = ('plain', 'table', 'picture', 'button', 'dark')


def make(lang, layout='plain', sentences=3, links=1, subject=None, extra='', footer=None, greeting=None):
    """{html, subject, preview, email_from, street, zip, host} of a letter that is fine."""
    title, dear, leave, *text = WORDS[lang]
    body = f'<p>{greeting or dear},</p>' + ''.join(
        f'<p>{text[number % 3]}.</p>' for number in range(sentences)) + ''.join(
        f'<p><a href="https://longpeak.example/{lang}/{number}">{text[2]}</a></p>' for number in range(links))
    if layout == 'picture':
        body += '<p>' + f'{text[0]}. {text[1]}. {text[2]}. ' * 3 + '</p>'
        body += f'<img src="https://longpeak.example/crane.jpg" alt="{title}" width="400" height="60">'
    if layout == 'button':
        body += ('<a href="https://longpeak.example/shop" style="background-color:#224488;color:#ffffff;padding:8px">'
                 f'<span style="font-size:16px">{title}</span></a>')
    footer = footer if footer is not None else (
        f'<p style="font-size:13px;color:#666">Longpeak, {STREET}, {ZIP} Hamburg<br>'
        f'<a href="/unsubscribe_from_list" style="color:#666">{leave}</a></p>')
    html = body + extra + footer
    if layout == 'table':
        html = f'<table width="600"><tr><td style="font-family:Arial;font-size:15px">{html}</td></tr></table>'
    if layout == 'dark':
        html = f'<div style="background:#101010;color:#eeeeee">{html.replace("#666", "#cccccc")}</div>'
    return {'html': html, 'subject': title if subject is None else subject, 'preview': text[1][:60],
            'email_from': 'Lin Yue <lin@longpeak.example>', 'street': STREET, 'zip': ZIP, 'host': 'odoo.longpeak.example'}


def make_fine():
    """Letters without a fault: 6 languages × 5 layouts × lengths."""
    return [
        make(lang, layout, sentences, links)
        for lang, layout, (sentences, links) in itertools.product(WORDS, LAYOUTS, ((2, 0), (3, 1), (5, 2), (9, 5)))]


def _with(values, **changed):
    return values | changed


def make_faulty():
    """[(code, letter)]: each with one planted fault."""
    letters = []
    for lang in WORDS:
        fine, leave = make(lang), WORDS[lang][2]
        address = f'<p>{STREET}, {ZIP} Hamburg</p>'
        for prefix in {'en': ('Re: ', 'Fwd: '), 'de': ('AW: ', 'WG: '), 'fr': ('TR: ', 'RE : '), 'es': ('RV: ', 'R: '),
                       'pt': ('ENC: ', 'Fw: '), 'zh': ('回复：', '转发: ', '答复:')}[lang]:
            letters.append(('reply_prefix', make(lang, subject=prefix + WORDS[lang][0])))
        letters += [
            ('no_unsubscribe', make(lang, footer=address)),
            ('hidden_unsubscribe', make(
                lang, footer=address + f'<a href="/unsubscribe_from_list" style="font-size:1px">{leave}</a>')),
            ('hidden_unsubscribe', make(
                lang, 'table', footer=address + f'<p style="color:#ffffff"><a href="/unsubscribe_from_list" '
                f'style="color:#ffffff">{leave}</a></p>')),
            ('only_images', _with(fine, html=(
                '<img src="https://longpeak.example/all.jpg" alt="x" width="600" height="900">'
                f'<p>{STREET} {ZIP}</p><a href="/unsubscribe_from_list">{leave}</a>'))),
            ('too_large', make(lang, extra='<!--' + 'x' * 105_000 + '-->')),
            ('placeholder', make(lang, greeting='{{ object.name }}')),
            ('placeholder', make(lang, greeting='*|FNAME|*')),
            ('free_sender', _with(fine, email_from='Lin <longpeak.cranes@gmail.com>')),
            ('empty', _with(fine, html='<p> <br></p>')),
            ('no_subject', make(lang, subject='')),
            ('no_address', make(lang, footer=f'<a href="/unsubscribe_from_list">{leave}</a>')),
            ('no_preview', _with(fine, preview='')),
            ('long_subject', make(lang, subject=(WORDS[lang][0] + ' ') * 8)),
            ('exclamation', make(lang, subject=WORDS[lang][0] + '!!')),
            ('emoji', make(lang, subject=f'🚜 {WORDS[lang][0]} 🔥')),
            ('zero_width', make(lang, subject=WORDS[lang][0][:4] + '\u200b' + WORDS[lang][0][4:])),
            ('other_domain', make(lang, extra='<a href="https://track.other.example/x">www.longpeak.example</a>')),
            ('shortener', make(lang, extra='<a href="https://bit.ly/abc">x</a>')),
            ('bare_ip', make(lang, extra='<a href="http://203.0.113.7/x">x</a>')),
            ('many_links', make(lang, links=12)),
            ('no_alt', make(lang, 'picture', extra='<img src="https://longpeak.example/b.jpg" width="200" height="50">')),
            ('wide_image', make(
                lang, 'picture', extra='<img src="https://longpeak.example/b.jpg" alt="b" width="900" height="50">')),
            ('data_image', make(
                lang, 'picture', extra='<img src="data:image/png;base64,AAAA" alt="b" width="100" height="50">')),
            ('http_image', make(
                lang, 'picture', extra='<img src="http://longpeak.example/b.jpg" alt="b" width="100" height="50">')),
            ('little_text', make(
                lang, 'picture', extra='<img src="https://longpeak.example/b.jpg" alt="b" width="600" height="2000">')),
            ('small_font', make(lang, extra='<p style="font-size:10px">x y z</p>')),
            ('attachment', _with(fine, attachments=1)),
            ('same_as_other', _with(fine, others='self')),
            ('no_company_address', _with(fine, street='', zip='')),
        ]
        if lang != 'zh':
            letters.append(('capitals', make(lang, subject=WORDS[lang][0].upper())))
    return letters
