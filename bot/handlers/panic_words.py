"""Phrases that mean /panic, or may.

Tested by tests/bot/handlers/test_text_commands.py.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.handlers.urgency import is_question
from bot.handlers.vocabulary import straight


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

_PANIC: Final = re.compile(
    r"(?!panic stop)("
    rf"{_BEFORE}{_OUT}{_URGENT}( ((and|then|and then) )?({_OUT}|{_CANCELS}){_URGENT})*|"
    rf"{_BEFORE}({_CANCELS}|halt|cancel(?= (and|then)))( and| then| and then)? {_OUT}{_URGENT}|"
    rf"{_EXCLAMATION}{_BEFORE}{_SELLS}{_URGENT})"
)
"""The whole message, in small letters: somebody wants out. Several in one message count
as one: "stop. sell everything!". "Panic stop" may mean to end one."""

_STOP_SIGNS: Final = frozenset("\N{OCTAGONAL SIGN}\N{SQUARED SOS}")
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


LETTERS: Final = re.compile(r"[^\W\d_]+")
"""A word without digits and signs."""

_AROUND_SIGNS: Final = frozenset("!\N{VARIATION SELECTOR-16} ")

_ADDRESS: Final = re.compile(r"^(/\w+)@\w+")
"""Whom a command is for, as in a group: "/stop@this_bot"."""


def is_panic(text: str | None) -> bool:
    """Whether the whole message means /panic, however it is written. IT is a stock too:
    "/sell IT all" names it.
    """
    said = _ADDRESS.sub(r"\1", straight(text).strip().lower())
    signs = set(said) - _AROUND_SIGNS
    if signs and signs <= _STOP_SIGNS:
        return True
    if is_question(said):
        return False
    words = letters(said)
    names_it = said.startswith("/sell") and words == "sell it all"
    is_figure = any(letter.isdigit() for letter in said)  # "stop 5%" is an exit
    may_be = any(map(_PANIC.fullmatch, _let_go(words)))
    return may_be and not (names_it or is_figure)


def letters(said: str) -> str:
    """The words of *said* without digits and signs; one that is spelt out as one: "s t o p"."""
    words = LETTERS.findall(said)
    is_spelt = len(words) >= _SPELT and all(len(word) == 1 for word in words)
    return ("" if is_spelt else " ").join(words)


_SPELT: Final = 4


def _let_go(words: str) -> Iterator[str]:
    """*words*, and the same with repeated letters reduced: "stoooop", "selll all"."""
    yield words
    yield from (_HELD_DOWN.sub(once, words) for once in (r"\1", r"\1\1"))


_HELD_DOWN: Final = re.compile(r"(\w)\1{2,}")


def may_mean_panic(text: str) -> bool:
    """Whether a message may mean /panic: a figure of speech, a sign, or another language.
    It is asked about: nobody speaks all of them. A word in capitals is a symbol."""
    said = straight(text).strip()
    is_symbol = said.isupper() and said.isascii() and len(said.split()) == 1
    signs = set(said) - _AROUND_SIGNS
    is_sign = bool(signs) and signs <= _WARNING_SIGNS
    return is_sign or (
        not is_symbol and _MAY_BE.fullmatch(letters(said.lower())) is not None
    )
