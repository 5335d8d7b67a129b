"""Tell an answer from the mail that it quotes, line by line: a stranger's mail must not cost more than its length."""

import re
from typing import NamedTuple

from . import quoted_words as words

MARK = '\ue0a5'  # a line of this alone begins what a mail program itself marked as the quoted mail, see :mod:`.html_text`
_LINE = 400  # of a line that is looked at; what announces a quoted mail is shorter
_ANNOUNCED_OVER = 5  # lines over which "On Monday … wrote:" may be broken
_BLOCK_WITHIN = 6  # lines within which a header block names its other headers
_SIGNATURE_LINES = 12
_RULE_LETTERS = frozenset('-_=*─━—–·.~# |ᐧ')
_TAIL = 20  # letters of what is left of a line that announces a quoted mail
_WRAPPED = 60  # letters of a quoted line that may have been too long for its program

_DIRECTIONS = dict.fromkeys(map(ord, '\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'))
_ADDRESS = re.compile(r'[^\s<>()"\',;:]{1,100}@[^\s<>()"\',;:]{1,100}')
_YEAR = re.compile(r'(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)')
_TIME = re.compile(r'(?<!\d)\d{1,2}[:.h時时시]\s?\d\d(?!\d)')
_DELIMITER = re.compile(r'(?:-- ?|—|__|--\s?|‐‐|─{2,3})$')
_GLUED = re.compile(
    r'(.*?[^\s>-])[-\s]{1,9}(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? .{5,150} wrote:)\s{0,3}$')
_DATED_SENDER = re.compile(r'\W{0,6}\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b.{1,120}<[^<>\s]{1,100}@[^<>\s]{1,100}>:?$')
_ZONED = re.compile(r'\d{1,2}:\d\d(?::\d\d)? ?[+-]\d{4}')


class Answer(NamedTuple):
    """``text`` is what the person wrote, ``signature`` what stands below it (devices, disclaimers, after ``--``), ``quoted`` the
    mail that is answered. Each line is in one of them; a blank one, or one of dashes between them, may be in none."""

    text: str
    signature: str = ''
    quoted: str = ''


def split_answer(text: str) -> Answer:
    """Return an answer, its signature and what it quotes. What says nothing of its own is taken whole.

    An answer below the quoted lines is taken out of them; answers between them stay with the lines that they answer.

    >>> split_answer('Yes\\n\\nOn 9 July Li wrote:\\n> Tea?').text
    'Yes'
    """
    lines = _split_lines(text)
    start = next((index for index in range(len(lines)) if _starts_quote(lines, index)), len(lines))
    start = _with_headers_above(lines, start)
    above, below = lines[:start], lines[start:]
    own = _find_own(below)
    if own and (_is_between(below, own) or not _is_announced(below, own)):
        # Between the lines: what is asked stays with what is answered.
        last = own[-1] + 1
        taken, left = above + below[:last], below[last:]
    elif own:
        taken, left = above + below[own[0]:own[-1] + 1], below[:own[0]] + below[own[-1] + 1:]
    elif _says(above):
        taken, left = above, below
    else:
        taken, left = lines, []
    answer, signature = _take_signature([line for line in taken if line != MARK])
    return Answer(answer, signature, _join([line for line in left if line != MARK], False))


def split_quoted(text: str) -> tuple[str, str]:
    """Return an answer, and what stands below it: signature and quoted mail; '' for none."""
    answer = split_answer(text)
    return answer.text, '\n\n'.join(filter(None, answer[1:]))


def _split_lines(text: str) -> list[str]:
    """Return the lines; where a program forgot to begin a new one above "On Monday … wrote:", there is one."""
    lines = text.replace('\u200b', '').replace('\ufeff', '').strip().split('\n')
    lines = [line.translate(_DIRECTIONS) if '@' in line or '\u200e' in line else line for line in lines]
    for index, line in enumerate(lines):
        if len(line) < _LINE and (found := _GLUED.match(line)):
            return [*lines[:index], found[1], found[2], *lines[index + 1:]]
    return lines


# Where the quoted mail begins


def _starts_quote(lines: list[str], index: int) -> bool:
    line = lines[index][:_LINE].strip()
    if not line:
        return False
    if line == MARK or _is_quoted(line) or words.RULED.match(line):
        return True
    return _announces(lines, index) or _is_block(lines, index)


def _with_headers_above(lines: list[str], start: int) -> int:
    """Return where the headers begin that some programs put between a rule and "Li wrote:", `start` where there are none."""
    index = start
    while index and start - index < _BLOCK_WITHIN and words.OTHER_HEADER.match(lines[index - 1][:_LINE]):
        index -= 1
    is_ruled = start < len(lines) and 0 < index < start and lines[index - 1].strip() and _is_rule(lines[index - 1])
    return index - 1 if is_ruled else start


def _is_quoted(line: str) -> bool:
    if not line.startswith(('>', '＞')):
        return False
    # Some programs break "… <li@me.example> wrote:" before the bracket.
    return len(line) > _TAIL or not words.WROTE.match(line[1:].strip())


def _announces(lines: list[str], index: int) -> int:
    """Return over how many lines somebody is said to have written, whatever the language; 0 for none."""
    line = lines[index][:_LINE].strip()
    is_certain = _is_dated(line) or _ADDRESS.search(line) or _next_is_quoted(lines, index)
    if is_certain and words.WROTE.search(line) and not _is_sentence(line):
        return 1
    if _DATED_SENDER.match(line):
        return 1
    if line.endswith((':', '：')) and (_next_is_quoted(lines, index) or _ADDRESS.search(line) and _is_dated(line)):
        return 1
    if not words.WROTE_BEGIN.match(line) or line.endswith(('.', '!', '?', '。', '！', '？')) and not _ADDRESS.search(line):
        return _announces_below(lines, index)
    parts = [part[:_LINE].strip() for part in lines[index:index + _ANNOUNCED_OVER]]
    for count in range(2, len(parts) + 1):
        if count > 2 and not parts[count - 1] and not parts[count - 2]:
            break
        joined = ' '.join(filter(None, parts[:count]))[:_LINE]
        is_certain = _is_dated(joined) or _ADDRESS.search(joined) or _next_is_quoted(lines, index + count - 1)
        if is_certain and (words.WROTE.search(joined) or joined.endswith((':', '：')) and _ADDRESS.search(joined)):
            return count
    return _announces_below(lines, index)


def _announces_below(lines: list[str], index: int) -> int:
    """Return how many lines of a paragraph announce marked ones right below, however they begin: "Li escribió el", "9/7/2026:".

    The verb stands in the first: else it may be somebody's own words that stand above "Li wrote:".
    """
    if index and lines[index - 1].strip():
        return 0
    parts = [part[:_LINE].strip() for part in lines[index:index + _ANNOUNCED_OVER]]
    count = next((count for count, part in enumerate(parts) if not part or _is_quoted(part)), len(parts))
    joined = ' '.join(parts[:count])[:_LINE]
    if count < 2 or not joined.endswith((':', '：')) or not _next_is_quoted(lines, index + count - 1) or _is_sentence(joined):
        return 0
    is_told = words.WROTE.search(f'{parts[0]}:') and not words.WROTE.search(' '.join(parts[1:count]))
    return count if is_told and _is_dated(joined) else 0


def _is_sentence(line: str) -> bool:
    return bool(words.OWN_SENTENCE.match(line)) and not _ADDRESS.search(line)


def _is_dated(line: str) -> bool:
    return bool(_YEAR.search(line) or _TIME.search(line))


def _next_is_quoted(lines: list[str], index: int) -> bool:
    return next((_is_quoted(line.strip()) for line in lines[index + 1:index + 3] if line.strip()), False)


def _is_block(lines: list[str], index: int) -> bool:
    """Return whether the headers of a quoted mail stand here."""
    line = lines[index][:_LINE]
    sender, other = words.SENDER_HEADER.match(line), words.OTHER_HEADER.match(line)
    if not sender and not other:
        return False
    block = [line, *(follow[:_LINE] for follow in lines[index + 1:index + 1 + _BLOCK_WITHIN] if follow.strip())]
    headers = sum(bool(words.OTHER_HEADER.match(follow)) for follow in block[1:])
    if not headers or not sender and not _ZONED.search(line) and (
            headers == 1 or not any(words.SENDER_HEADER.match(follow) for follow in block[1:])):
        return False
    return _is_headed(' '.join(block), line)  # "From: Shanghai, To: Hamburg" is an inquiry


def _is_headed(block: str, line: str) -> bool:
    """Whether lines hold what only headers do: an address, a moment, a subject, a program's marks."""
    has_moment = _YEAR.search(block) and _TIME.search(block)
    is_headed = _ADDRESS.search(block) or has_moment or words.SUBJECT_HEADER.search(block)
    return bool(is_headed) or '|' in line or line.lstrip()[:1] == '*'


# What is a person's own below it


def _find_own(lines: list[str]) -> list[int]:
    """Return the numbers of a person's own lines between and below quoted ones. Only marked lines can be told from them."""
    marked = [_is_quoted(line.strip()) and not words.RULED.match(line[:_LINE]) for line in lines]
    skipped = _announces(lines, 0) if lines else 0  # it may end in a line "> wrote:"
    if True not in marked[skipped:]:
        return []
    first = marked.index(True, skipped)
    if any(line == MARK or words.RULED.match(line[:_LINE]) or _is_block(lines, at) for at, line in enumerate(lines[:first])):
        return []
    own, index = [], first
    while index < len(lines):
        if marked[index] or not lines[index].strip():
            index += 1
            continue
        if _is_rest(lines, marked, index):
            index += 1
            continue
        count = _announces(lines, index)
        if count:
            index += count
            continue
        if words.RULED.match(lines[index][:_LINE]) or _is_block(lines, index):
            break
        own.append(index)
        index += 1
    while own and _RULE_LETTERS.issuperset(lines[own[-1]].strip()):
        own.pop()
    text = [lines[index] for index in own]
    kept = _cut_signature(text)
    return own if kept and _says(text[:kept]) else []


def _is_rest(lines, marked, index):
    """Whether a single line is the rest of the quoted one above, which was too long for a program."""
    if not index or not marked[index - 1] or index + 1 < len(lines) and not marked[index + 1] and lines[index + 1].strip():
        return False
    above = lines[index - 1].strip()
    is_open = above.count('(') > above.count(')') or above.count('<') > above.count('>')
    return is_open or len(above) >= _WRAPPED and above[-1] not in '.?!:;…。？！：；' and lines[index].strip()[:1].islower()


def _is_between(below, own):
    """Whether quoted lines stand between a person's own."""
    return any(_is_quoted(below[index].strip()) for index in range(own[0], own[-1]))


def _is_announced(below, own):
    """Whether the quoted lines above a person's own are the whole mail, as programs put it there."""
    return any(_announces(below, index) for index in range(min(own[0], _ANNOUNCED_OVER)) if not _is_quoted(below[index].strip()))


# Signatures


def _take_signature(lines: list[str]) -> tuple[str, str]:
    lines = list(lines)
    kept = _cut_signature(lines)
    if not _says(lines[:kept]):
        return _join(lines), ''
    return _join(lines[:kept]), _join(lines[kept:], False) if _says(lines[kept:]) else ''


def _cut_signature(lines: list[str]) -> int:
    """Return how many lines are left without signature, devices and disclaimers."""
    end = len(lines)
    for index, line in enumerate(lines):
        if index and _is_rule(lines[index - 1]) and words.DISCLAIMED.match(line[:_LINE]):
            end = index
            break
    for index in range(max(0, end - _SIGNATURE_LINES - 1), end):
        if _DELIMITER.match(lines[index].strip()) and not _says_more(lines[index + 1:end]):
            end = index
            break
    while end and (not lines[end - 1].strip() or words.SIGNED.match(lines[end - 1][:_LINE]) or _is_rule(lines[end - 1])):
        end -= 1
    return end


def _says_more(lines):
    """Whether there is a question, or too much, below a line that looks like a signature's."""
    return sum(bool(line.strip()) for line in lines) > _SIGNATURE_LINES


def _is_rule(line: str) -> bool:
    return _RULE_LETTERS.issuperset(line.strip())


def _says(lines) -> bool:
    """Whether there is more than blanks and rules."""
    return any(not _is_rule(line) and line != MARK for line in lines)


def _join(lines, trim=True) -> str:
    """The lines; without the rule that Outlook and QQ draw above the mail that they quote."""
    lines = list(lines)
    while trim and lines and _is_rule(lines[-1]):
        lines.pop()
    return '\n'.join(lines).strip()
