"""Code 399 about an order that IB holds for an open, told apart from its other notes.

It is "held" if it says until when: by the word "until" in English, by a time of day in
other languages. Tested by tests/core/broker/test_codes.py.
"""

import re
from typing import Final


NOTE: Final = 399
"""IB has something to say about an order ("Order Message")."""

_CLOCK_TIME: Final = re.compile(
    r"(?<!\d)\d{1,2}\s?[:\uff1ah\u65f6\u6642\u70b9\u9ede\uc2dc]\s?(?:\d\d|\u534a)"
    r"|\d{1,2}\.\d\d\s?Uhr|(?<![\d.,])0\d\.[0-5]\d(?![\d.,])"
    r"|\b(?:um|alle|ore|las|kl\.?|klo|om)\s\d{1,2}\.[0-5]\d(?!\d)"
)
"""A time of day in IB's languages: 09:30, 9h30, 9.30 Uhr, alle 9.30."""

_ENGLISH: Final = re.compile(r"\b(?:the|your|was|has|with|will be)\b", re.IGNORECASE)
"""Words of a sentence: the head "Order Message" is not always translated."""

_UNTIL: Final = re.compile(r"until|will not be \w+ .{0,20}before", re.IGNORECASE)


def says_held(number: int, text: str) -> bool:
    """Whether the code *number* says in *text* that IB holds the order."""
    if number != NOTE:
        return False
    says_until = _UNTIL.search(text) is not None
    if _ENGLISH.search(text):
        return says_until
    return says_until or _CLOCK_TIME.search(text) is not None
