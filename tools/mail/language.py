"""Which language a letter is written in: by its script, or by the small words that no text of a language does without."""

import re
from collections import Counter
from functools import lru_cache

MIN_LETTERS = 80  # of a text; an ideograph counts for three
MIN_WORDS, MIN_SHARE = 3, .12  # different small words of a language that are there, and their share of all words
MIN_LEAD = 2  # times as many as of any other language that is not its neighbour
MIN_SCRIPT = .6  # of the letters are of one script

# Script -> the language that it is for; None: several, told by their words
_SCRIPTS = {
    'el': 'Ͱ-Ͽἀ-\u1fff', 'he': '\u0590-\u05ff', 'th': '\u0e00-\u0e7f', 'ko': 'ᄀ-ᇿ가-\ud7af',
    'ka': 'Ⴀ-ჿ', 'hy': '\u0530-֏', 'ta': '\u0b80-\u0bff', 'te': 'ఀ-౿', 'bn': 'ঀ-\u09ff',
    'gu': '\u0a80-૿', 'pa': '\u0a00-\u0a7f', 'ml': 'ഀ-ൿ', 'kn': 'ಀ-\u0cff', 'km': 'ក-\u17ff',
    'lo': '\u0e80-\u0eff', 'my': 'က-႟', 'am': 'ሀ-\u137f', 'si': '\u0d80-\u0dff',
    'kana': '\u3040-ヿ', 'han': '㐀-鿿', 'cyrillic': 'Ѐ-ԯ', 'arabic': '\u0600-ۿݐ-ݿﭐ-﷿ﹰ-\ufeff',
    'devanagari': 'ऀ-ॿ', 'latin': 'A-Za-zÀ-ɏḀ-ỿ',
}
_IS_SCRIPT = {script: re.compile(f'[{letters}]') for script, letters in _SCRIPTS.items()}
_WORD = re.compile(r'[^\W\d_]+')

_WORDS = {
    'en': 'the and of to in is for with that you your our are this we from have be by at on as it or an will can us if',
    'de': 'der die das und ist von zu mit für auf den nicht ein eine wir sie ihnen ihre unsere bei auch werden haben '
          'sind im dem des an als einen oder aus nach über sich',
    'fr': 'le la les de des et est pour dans vous nous votre vos notre nos avec sur une un que qui par au aux du en sont '
          'pas plus ce cette ou',
    'es': 'el la los las de del y en que para con por una un su sus es no se nuestro nuestra nuestros usted ustedes al '
          'como más pero le lo',
    'pt': 'o a os as de do da dos das e em que para com por uma um não se seu sua nosso nossa nossos são mais como ao no '
          'na você',
    'it': 'il lo la gli le di del della dei e in che per con una un non si sono è da alla nostro nostra nostri vostro '
          'più come anche delle ai',
    'nl': 'de het een en van is voor met in op te dat niet zijn wij we u uw onze aan ook die bij naar worden hebben er '
          'om als ik',
    'sv': 'och att det som en ett är för på med av till den de vi ni er vår våra inte har om från kan eller så ska var',
    'da': 'og at det som en et er for på med af til den de vi jer jeres vores ikke har om fra kan eller så skal vil også',
    'nb': 'og at det som en et er for på med av til den de vi dere deres våre ikke har om fra kan eller så skal vil også '
          'vår',
    'fi': 'ja on että ei se ovat olla mutta kun niin myös tai joka kuin ole me te hän sekä jos voi mukaan meidän teidän '
          'oli hänen',
    'is': 'og að er í á sem til en við það um fyrir með ekki var því hann af frá þetta eru þú við hún',
    'pl': 'i w na z do się nie jest to że o dla od jak po za przez są państwa nasz nasze oraz lub która który jako ale '
          'był tym',
    'cs': 'a v na se je že s z do o k pro od jako po za jsou vás naše nebo které který ale jsme by si při být tak',
    'sk': 'a v na sa je že s z do o k pre od ako po za sú vás naše alebo ktoré ktorý ale sme by si pri byť tak',
    'hu': 'a az és hogy nem is egy van meg ez de el csak már még ha vagy önök cég mint azt kell volt ki lehet minden',
    'ro': 'și şi de la în cu pe pentru nu este sunt care mai din o un al ale prin sau dumneavoastră noastre nostru ca să '
          'fi au',
    'hr': 'i u na je se da za od s sa su ne što kao po iz do koji koja koje vam naše ili nije biti ali smo',
    'sl': 'in v na je se da za od s z so ne kot po iz do ki vam naše ali ni biti tudi smo pa pri',
    'sq': 'e të në një dhe për me që nga është më si do nuk ka u i së janë ose ju tonë kjo ky por',
    'et': 'ja on et ei see ka kui oma või mis meie teie kes aga ning siis nii oli ole selle seda välja',
    'lv': 'un ir ar no par uz kas ka kā bet tas lai arī jūsu mūsu vai nav pie ja tā bija gan',
    'lt': 'ir yra į kad su iš tai bet ne ar kaip jūsų mūsų už per nuo dėl tik arba jau buvo prie šis',
    'tr': 've bir bu için ile da de çok olarak daha gibi kadar en ne var değil veya sizin olan ama her ise siz',
    'az': 'və bir bu üçün ilə da də çox kimi daha ki olan deyil var sizin bizim isə onun olaraq',
    'vi': 'và của là các cho có không được trong một với những này đã người để từ chúng tôi về khi',
    'id': 'dan yang di untuk dengan dari ini itu pada adalah kami anda tidak ke dalam akan atau juga oleh bisa karena '
          'sebuah',
    'ms': 'dan yang di untuk dengan dari ini itu pada adalah kami anda tidak ke dalam akan atau juga oleh boleh kerana '
          'sebuah',
    'tl': 'ang ng sa mga na at ay para ito ni kami inyong hindi may po kung aming siya ako',
    'sw': 'na ya wa kwa ni katika la za kuwa cha yetu yako hii si pia kama hiyo',
    'ca': 'el la els les de del i en que per amb una un és no es al més com aquest nostre però dels ha',
    'gl': 'o a os as de do da dos das e en que para con por unha un non se seu súa máis como ao no na',
    'eu': 'eta da ez du bat ere izan dira dute baina egin zuen hau dago gure zen',
    'af': 'die en van is in het nie vir met wat op te aan ons u om dat sal ook hy sy kan',
    'ru': 'и в на не что с по для это как из от к за мы вы ваш наш наши или его но а так все она был о',
    'uk': 'і в на не що з для це як із від до за ми ви ваш наш наші або його але та так є у про був',
    'be': 'і ў на не што з для гэта як із ад да за мы вы ваш наш або яго але так у пра быў',
    'bg': 'и в на не че с по за това как от към ние вие ваш нашите или да се е са ще си при като',
    'sr': 'и у на је се да за од с са су не што као по из до који која које вам наше или није али',
    'mk': 'и во на е се да за од со не што како по до кој која кои ви нашите или ќе го ги ја',
    'ar': 'في من على إلى أن هذا التي مع عن لا ما هذه الذي أو كان قد لكم نحن و كل بين',
    'fa': 'در به از که این است را با برای می آن های ما شما یک تا بر و نیز خود',
    'ur': 'کے کی میں ہے کا سے اور کو پر کہ یہ ہیں نے آپ ہم بھی نہیں تھا',
    'hi': 'के की में है का से और को पर कि यह हैं ने आप हम भी नहीं था',
    'mr': 'आहे आणि या ते हे च्या मध्ये साठी आहेत नाही होते तो ही',
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_OF_SCRIPT = {
    'cyrillic': ('ru', 'uk', 'be', 'bg', 'sr', 'mk'), 'arabic': ('ar', 'fa', 'ur'), 'devanagari': ('hi', 'mr'),
    'latin': tuple(language for language in _WORDS if re.match('[a-zA-ZÀ-ɏ]', _WORDS[language]))}
# Cyrillic letters that only some have
_OWN_LETTERS = {'ы': ('ru', 'be'), 'э': ('ru', 'be'), 'ї': ('uk',), 'є': ('uk',), 'ў': ('be',), 'ј': ('sr', 'mk')}
_KNOWN = frozenset(_WORDS) | {script for script in _SCRIPTS if len(script) == 2} | {'ja', 'zh'}
# Languages that a text of some lines does not tell apart for certain
_NEIGHBOURS = (
    {'nb', 'nn', 'no', 'da', 'sv'}, {'hr', 'sr', 'bs', 'cnr', 'sh', 'sl'}, {'cs', 'sk'}, {'id', 'ms'}, {'pt', 'gl'},
    {'es', 'gl', 'ca'},
    {'nl', 'af'}, {'ru', 'be', 'uk'}, {'bg', 'mk', 'sr'}, {'tr', 'az'}, {'hi', 'mr', 'ne'}, {'zh', 'yue'}, {'fa', 'ps'},
    {'tl', 'fil'})


def find_other(text: str, wanted: str) -> str | None:
    """Return the ISO 639-1 code of the language of a text, if it surely is another one than it should be.

    :param wanted: a locale: ``nb_NO``, ``sr@latin``, ``zh_CN``
    """
    code = re.split('[_@-]', wanted.lower(), maxsplit=1)[0]
    if not _is_known(code):
        return None
    found = _find(text, code)
    return found if found and found != code and not are_neighbours(found, code) else None


def _is_known(code: str) -> bool:
    """Return whether a text of this language would not be taken for one of another."""
    return code in _KNOWN or any(code in group for group in _NEIGHBOURS)


def are_neighbours(one: str, other: str) -> bool:
    """Return whether two languages, by their codes, are too alike to be told apart."""
    return any(one in group and other in group for group in _NEIGHBOURS)


def detect(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, None where the text is too short or too mixed to tell."""
    return _find(text, None)


@lru_cache(maxsize=512)
def _find(text: str, wanted: str | None) -> str | None:
    """Return the language of a text if it is ahead of the wanted one, or of all others where none is wanted."""
    counts = {script: len(pattern.findall(text)) for script, pattern in _IS_SCRIPT.items()}
    letters = sum(counts.values())
    ideographs = counts['han'] + counts['kana'] + counts['ko']
    if letters + 2 * ideographs < MIN_LETTERS:
        return None
    if counts['han'] + counts['kana'] > MIN_SCRIPT * letters:
        return 'ja' if counts['kana'] * 10 > letters else 'zh' if not counts['kana'] else None
    script = max(counts, key=counts.__getitem__)
    if counts[script] < MIN_SCRIPT * letters:
        return None
    if script in _OF_SCRIPT:
        return _find_by_words(text, _OF_SCRIPT[script], wanted)
    return script if len(script) == 2 else None


def _find_by_words(text: str, languages: tuple[str, ...], wanted: str | None) -> str | None:
    words = Counter(_WORD.findall(text.lower()))
    total = sum(words.values())
    lower = text.lower()
    impossible = {language for letter, owners in _OWN_LETTERS.items() if lower.count(letter) > 1
                  for language in languages if language not in owners}
    hits = {language: sum(words[word] for word in _SMALL_WORDS[language]) for language in languages if language not in impossible}
    if not hits:
        return None
    best = max(hits, key=hits.__getitem__)
    rivals = [other for other in hits if other != best and not are_neighbours(best, other) and (
        not wanted or other == wanted or are_neighbours(other, wanted))]
    kinds = len(_SMALL_WORDS[best] & set(words))
    is_ahead = hits[best] >= MIN_LEAD * max((hits[other] for other in rivals), default=0)
    return best if kinds >= MIN_WORDS and hits[best] >= MIN_SHARE * total and is_ahead else None
