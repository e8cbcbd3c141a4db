"""Amounts written in words, as the commands read them.

Tested by tests/bot/handlers/test_text_commands.py.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final


_UNITS: Final = {
    **{
        w: n
        for n, w in enumerate(
            [
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
            ],
            1,
        )
    },
    **{
        w: n
        for n, w in enumerate(
            ["eleven", "twelve", "thirteen", "fourteen", "fifteen"], 11
        )
    },
    **{
        w: 10 * n
        for n, w in enumerate(
            [
                "twenty",
                "thirty",
                "forty",
                "fifty",
                "sixty",
                "seventy",
                "eighty",
                "ninety",
            ],
            2,
        )
    },
}
_HUNDRED: Final = 100
_THOUSAND: Final = 1_000
_NUMBERS: Final = {**_UNITS, "hundred": _HUNDRED, "thousand": _THOUSAND}
_PARTS: Final = {
    "quarter": "25%",
    "everything": "all",
    "whole": "all",
    "1/2": "half",
    "½": "half",
    "1/4": "25%",
    "¼": "25%",
    "3/4": "75%",
    "¾": "75%",
}
_DOLLARS: Final = frozenset({"dollar", "dollars", "bucks", "usd"})
_PERCENT: Final = frozenset({"%", "percent", "pct", "per cent"})
_COUNT: Final = re.compile(r"x?(\d[\d,]*)x?", re.ASCII)
_DOLLARS_BEHIND: Final = re.compile(r"(?<![\d,.])(\d[\d,.]*k?)\$", re.ASCII)
"""500$, as it is written elsewhere. A number is read from its first digit only."""
_THOUSANDS: Final = re.compile(r"(\$?)(\d{1,4}(?:\.\d{1,3})?)k", re.ASCII)
"""1k, $1.5k"""


def amounts(words: Sequence[str]) -> Iterator[str]:
    """*words* with numbers in words as digits. A number in capitals may be a symbol and
    stays: TEN.
    """
    told: list[str] = []
    for word in words:
        if not word.isupper() and word.lower() in _NUMBERS:
            told.append(word.lower())
            continue
        yield from _numbers(told)
        told = []
        yield word
    yield from _numbers(told)


def _numbers(told: Sequence[str]) -> Iterator[str]:
    """The numbers that *told* (number words) spell, one after the other."""
    thousands, hundreds, last = 0, 0, 0
    for word in told:
        value = _NUMBERS[word]
        if value == _THOUSAND:
            thousands, hundreds = thousands + _THOUSAND * (hundreds or 1), 0
        elif value == _HUNDRED:
            hundreds = _HUNDRED * (hundreds or 1)
        elif last and not _continues(last, value):  # "two three" is no five
            yield str(thousands + hundreds)
            thousands, hundreds = 0, value
        else:
            hundreds += value
        last = value
    if told:
        yield str(thousands + hundreds)


def _continues(last: int, value: int) -> bool:
    """Whether *value* belongs to the same number as *last*: "twenty five", "hundred
    ten".
    """
    is_tens = last in range(20, _HUNDRED)
    return last >= _HUNDRED or (is_tens and value < last % 10 + 10)


def _with_unit(number: str, unit: str) -> str:
    return f"${number}" if unit.lower() in _DOLLARS else f"{number}%"


def _in_digits(word: str) -> str:
    """500$ as $500, and 1.5k as 1500."""
    word = _DOLLARS_BEHIND.sub(r"$\1", word)
    thousands = _THOUSANDS.fullmatch(word.lower())
    if thousands is None:
        return word
    number = Decimal(thousands[2]) * _THOUSAND
    return f"{thousands[1]}{number.normalize():f}"


def figures(words: Sequence[str]) -> list[str]:
    """*words* with each amount as the commands read it: numbers as ``amounts``,
    "10x" as 10, 1.5k as 1500, "500$" and "500 dollars" as $500, "5 percent" as 5%, and
    "quarter" as 25%."""
    told: list[str] = []
    for word in map(_in_digits, amounts(words)):
        count = _COUNT.fullmatch(word.lower())
        if told and told[-1].isdigit() and word.lower() in _DOLLARS | _PERCENT:
            told[-1] = _with_unit(told[-1], word)
        elif count:
            told.append(count[1])
        else:
            told.append(_PARTS.get(word, word))
    return told
