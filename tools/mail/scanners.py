"""Programs that open a mail without a person: security gateways, link previewers, libraries, Apple's privacy proxy."""

import re

# Words of what they call themselves; the setting of a company that has not changed it.
KNOWN = (
    'Barracuda;BarracudaCentral;Mimecast;Proofpoint;Symantec;TrendMicro;FireEye;Forcepoint;Sophos;IronPort;bot;crawler;spider;'
    'Googlebot;bingbot;YandexBot;Baiduspider;Bytespider;AhrefsBot;SemrushBot;facebookexternalhit;SkypeUriPreview;Slackbot;'
    'Slackbot-LinkExpanding;TelegramBot;Twitterbot;LinkedInBot;Discordbot;WhatsApp;python-requests;Python-urllib;aiohttp;curl;'
    'Wget;Go-http-client;Java;okhttp;Apache-HttpClient;libwww-perl;node-fetch;axios;HeadlessChrome').replace(';', '\n')
# What was shipped before.
KNOWN_BEFORE = (
    'Barracuda;Mimecast;Proofpoint;Symantec;TrendMicro;FireEye;Forcepoint;Sophos;IronPort;bot;crawler;python-requests;curl;'
    'Go-http-client;HeadlessChrome')
NAMELESS = '-'  # how an empty name is kept, for none at all means that no program asked
# Apple's proxy opens every mail by this name, and whoever says no more than this.
PLAIN = ('Mozilla/5.0', NAMELESS)


def get_pattern(words: str | None) -> str | None:
    """Return a regular expression, for Python and for PostgreSQL, of whole words in any case; None for no words.

    >>> [bool(re.search(get_pattern('bot'), agent)) for agent in ('cubot x30', 'x-bot/1')]
    [False, True]
    """
    known = (' '.join(part.split()) for part in re.split(r'[;,、；，\n]', words or ''))
    escaped = [re.sub(r'(\W)', r'\\\1', word) for word in known if word]
    return f'(^|[^a-z0-9])({"|".join(dict.fromkeys(escaped))})($|[^a-z0-9])' if escaped else None
