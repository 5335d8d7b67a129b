"""Lists of words as regular expressions that one can read."""

import re


def any_of(lines: str, flags: int = 0, **names: str) -> re.Pattern:
    """Return a pattern, in any case, of the alternatives on the lines; a line that begins with ``|`` goes on in the one above.

    :param names: what stands for ``<name>`` in them

    >>> any_of('''
    ...     no such <what>
    ...     (?:is
    ...         |was) gone
    ... ''', what='user|box').pattern
    'no such (?:user|box)|(?:is|was) gone'
    """
    joined = '|'.join(line.strip() for line in lines.strip().splitlines()).replace('||', '|')
    for name, words in names.items():
        joined = joined.replace(f'<{name}>', f'(?:{words})')
    return re.compile(joined, re.IGNORECASE | flags)
