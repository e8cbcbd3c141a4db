"""Code 321 in Read-Only mode, told apart from its other causes.

IB writes its messages in the language of TWS, unless "Show API error messages in
English" is set. Tested by tests/core/broker/test_supply.py.
"""

import re
from typing import Final


INVALID: Final = 321
"""IB found a request invalid: a field of it, or all that change or list orders, because
the gateway's Read-Only API is on."""

_IN_EACH_LANGUAGE: Final = (
    r"read[\s-]?only",
    r"nur[\s-]+(?:zum[\s-]+)?les|lesemodus|schreibgesch(?:ü|ue?|\?)tzt",  # German
    r"lecture[\s-]+(?:seule|uniquement)|lecture[\s-]+seulement",
    r"s(?:o|ó|\?)lo[\s-]+(?:de[\s-]+|en[\s-]+)?lectura|lectura[\s-]+solamente",
    r"modo[\s-]+(?:de[\s-]+)?lectura",
    r"sol[ao][\s-]+lettura",
    r"(?:somente|apenas|s(?:o|ó|\?))[\s-]+(?:de[\s-]+|para[\s-]+)?leitura",
    r"alleen[\s-]+lezen|alleen-lezenmodus",
    r"tylko[\s-]+do[\s-]+odczytu",
    r"csak[\s-]+olvas|írásvédett",
    r"только[\s-]+(?:для[\s-]+)?чтени",
    r"只[可能]?[读讀]|[仅僅][可限供]?[读讀]|唯[读讀]",
    r"読み?取り?専用",
    r"읽기[\s-]*전용",
    r"לקריאה[\s-]+בלבד",
    r"للقراءة[\s-]+فقط",
)

WORDS: Final = "|".join(_IN_EACH_LANGUAGE).replace(
    r"[\s-]", r"[\s_\u2010-\u2015\u2212-]"
)
"""A pattern for "read-only" in each language that TWS has, with a dash of any kind."""

_SAID: Final = re.compile(WORDS, re.IGNORECASE)


def says_read_only(number: int, text: str) -> bool:
    """Whether the code *number* names Read-Only mode as its cause in *text*."""
    return number == INVALID and _SAID.search(text) is not None
