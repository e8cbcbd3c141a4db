"""A typed yes, no or choice, which only a button of the card can say.

Tested by tests/bot/handlers/wordings/test_newcomers.py and tests/docs/test_requests.py.
"""

import re
from typing import Final


def is_yes_or_no(text: str) -> bool:
    """Whether *text* is a typed yes or no, which only a button can say."""
    words = " ".join(_WORDS.findall(text.lower()))
    thumbs = {sign for sign in text if not sign.isspace()} - _SKINS
    is_later = not text.isupper() and _NOT_NOW.fullmatch(words)
    return bool(
        _YES_OR_NO.fullmatch(words) or is_later or (thumbs and thumbs <= _THUMBS)
    )


def is_just_one(text: str) -> bool:
    """Whether *text* is "just" or "only" and one word: "just macv", "just hold"."""
    return _JUST.fullmatch(" ".join(_WORDS.findall(text.lower()))) is not None


_JUST: Final = re.compile(r"(just|only) [a-z]{1,5}")

_YES_OR_NO: Final = re.compile(
    r"(yes|no|yep|yup|yeah|nope|nah)( please| pls| plz)?|y|n|confirm|ok|okay|"
    r"((yes|ok|okay) )?(do it|go ahead)|no don t|"
    r"never ?mind|((yes|yep|yeah) )?(please )?(buy|take) "
    r"((it|both|them|these|those)( both| two)?|(the )?(first|second|top|best|top \d|two)( one| two)?)"
)
_NOT_NOW: Final = re.compile(
    r"skip( it| this( one)?)?|not (now|today|yet|this( one)?)|pass|later|no thank(s| you)|"
    r"(buy|take) all( five| 5| 50| of (them|these|those))?|"
    r"(just|only) (?!halt|stop|scan|sell|buy|look)([a-z]{1,5}|the (first|second|top|other)( one)?)"
)
"""In capitals they are stocks: SKIP, LATE."""

_THUMBS: Final = frozenset(
    "\N{THUMBS UP SIGN}\N{THUMBS DOWN SIGN}\N{WHITE HEAVY CHECK MARK}\N{CROSS MARK}"
    "\N{HEAVY CHECK MARK}\N{OK HAND SIGN}\N{HEAVY MULTIPLICATION X}"
)
_SKINS: Final = frozenset(
    {*map(chr, range(0x1F3FB, 0x1F400)), "\N{VARIATION SELECTOR-16}", "!"}
)
_WORDS: Final = re.compile(r"\w+")
