"""Phrases that mean /panic, or may.

Tested by tests/bot/handlers/test_text_commands.py.
"""

import re
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
