"""Phrases that mean /panic, and amounts written in words.

Tested by tests/bot/handlers/test_text_commands.py.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final


_EXCLAMATION: Final = (
    r"((oh( no)?|(my )?god|ah|argh|omg|shit|fuck|damn|quick|quickly|hurry( up)?) )+"
)
_BEFORE: Final = r"((please|pls|plz|hey|ok|okay|just|now) )*"
_URGENT: Final = r"( right now| now| please| pls| immediately| at once| asap)*"
_CANCELS: Final = r"cancel (all|everything|it all)( my| the| open)*( orders)?"
_SELLS: Final = (
    r"((sell|close|exit|dump|liquidate|flatten)( out)? "
    r"(all|everything|the lot|it all|them all)( of (it|them|these|those))?( of)?( my)?"
    r"( shares| stocks| positions| holdings| trades)?"
    r"( that)?( (i|we|you) (have|hold|own))?|"
    r"(liquidate|dump|flatten)( my| the)*( whole| entire)? (account|portfolio)|"
    r"liquidate|flatten|sell it all)( at (the )?(market|mkt)( prices?| order)?)?"
)
_OUT: Final = (
    r"(panic|(emergency )?stop( it| all| everything| stop)*|kill (switch|all|everything|it all)|"
    r"(get me out|i want out)( of (here|this|everything|the market))?|"
    rf"get out of (here|this|everything|the market)|{_SELLS})"
)

PANIC: Final = re.compile(
    r"(?!panic stop)("
    rf"{_BEFORE}{_OUT}{_URGENT}( ((and|then|and then) )?({_OUT}|{_CANCELS}){_URGENT})*|"
    rf"{_BEFORE}({_CANCELS}|halt|cancel(?= (and|then)))( and| then| and then)? {_OUT}{_URGENT}|"
    rf"{_EXCLAMATION}{_BEFORE}{_SELLS}{_URGENT})"
)
"""The whole message, in small letters: somebody wants out. Several in one message count
as one: "stop. sell everything!". "Panic stop" may mean to end one."""

STOP_SIGNS: Final = ("\N{OCTAGONAL SIGN}", "\N{SQUARED SOS}")
"""A message of nothing but these means /panic, too."""

_WARNING_SIGNS: Final = frozenset(
    "\N{NO ENTRY}\N{RAISED HAND}\N{POLICE CARS REVOLVING LIGHT}"
)
_ELSEWHERE: Final = (
    "стоп",
    "стой",
    "продать все",
    "продать всё",
    *("alto", "para", "parar", "pare", "detente", "vende todo", "vender todo"),
    *("basta", "ferma", "fermati", "vendi tutto", "vender tudo", "vende tudo"),
    *("arrêt", "arret", "arrête", "arrete", "arrêtez", "tout vendre", "vends tout"),
    *("anhalten", "aufhören", "alles verkaufen", "verkaufe alles", "verkauf alles"),
    *("alles verkopen", "verkoop alles", "dur", "zatrzymaj", "sprzedaj wszystko"),
    *(
        "停",
        "停止",
        "停下",
        "全部卖出",
        "卖出全部",
        "止めて",
        "止まれ",
        "全部売って",
        "멈춰",
    ),
    *("توقف", "قف", "עצור"),
)
"""Stop, and sell all, as others say it."""

_MAY_BE: Final = re.compile(
    rf"{_EXCLAMATION}{_BEFORE}{_OUT}|"
    rf"{_BEFORE}({'|'.join(_ELSEWHERE)}|mayday( mayday)*|abort( abort)+|"
    r"pull the plug|shut ?(it |everything )?down|turn (it |everything |yourself |the bot )?off|shut yourself down|"
    r"(sell|stop|kill|dump)(it)?(all|everything|now)|stopit|"
    r"(end|cut|ditch) (it|all|everything)|bail( out)?|(go |get )?flat|"
    rf"(i m |i am |im )?panick?ing){_URGENT}"
)


def may_be_panic(said: str, words: str) -> bool:
    """Whether a message (its letters in small ones as *words*) may mean /panic: a figure of
    speech, a sign, or another language. It is asked about: nobody speaks all of them."""
    signs = set(said) - set("!\N{VARIATION SELECTOR-16} ")
    return (
        bool(signs and signs <= _WARNING_SIGNS) or _MAY_BE.fullmatch(words) is not None
    )


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
