"""What text means: which command, and with which arguments."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.handlers.panic_words import LETTERS, is_panic, letters, may_mean_panic
from bot.handlers.sentences import how_to, whole_sentence
from bot.handlers.urgency import (
    STOP_OR_HALT,
    STOP_WORDS,
    ends_in_a_stop,
    is_asked_first,
    is_question,
    last_part,
    says_more,
)
from bot.handlers.vocabulary import (
    ALONE,
    ASKED_FOR,
    LOOKED_FOR,
    LOOKING,
    NO_SLIPS,
    NO_STOCKS,
    NO_SYMBOLS,
    NOT_ALONE,
    OF_SHARES,
    QUESTIONS,
    REMOVES,
    SYNONYMS,
    TAKEN_BACK,
    bare,
    in_order,
    is_amount,
    is_denial,
    spoken,
    straight,
)
from bot.handlers.wordings.amounts import figures
from bot.handlers.wordings.decisions import is_just_one, is_yes_or_no


NEAR: Final = 0.75
"""How alike a misspelt word must be to count as the command (difflib's ratio)."""

ALIKE: Final = 0.5
"""How alike a command must be to be suggested."""

SUGGESTED: Final = 3
"""How many commands are suggested, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A command and its arguments; ``surely`` if it was not misspelt."""

    name: str
    arguments: tuple[str, ...]
    surely: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotClear:
    """Text that is no command; the ``nearest`` commands, the likeliest first."""

    nearest: tuple[str, ...]


def meant(text: str | None, names: Collection[str]) -> Meant | NotClear:
    """The command of *names* that *text* means, with or without its slash, in other words,
    or misspelt. NotClear where it is none, and where a command that acts at once is too
    uncertain to be run: it then names what to ask about.
    """
    text = _as_one_word(text or "")
    found = _found(text, names)
    is_asked = may_mean_panic(text) or _may_be_a_stop(text, found)
    if is_asked or (isinstance(found, Meant) and _sells_all(found)):
        return NotClear(nearest=STOP_OR_HALT)
    if is_yes_or_no(text) and not (_names_it(text) or _is_just(text, found)):
        return NotClear(nearest=())
    if isinstance(found, NotClear) or not is_asked_first(
        found.name, found.arguments, text, surely=found.surely
    ):
        return found
    nearest = STOP_OR_HALT if found.name == "panic" else (found.name, "status")
    return NotClear(nearest=nearest)


def _as_one_word(text: str) -> str:
    """*text*, or the word that it spells out: "H A L T"."""
    spelt = letters(text.lower())
    return spelt if len(LETTERS.findall(text)) > len(spelt.split()) else text


def _is_just(text: str, found: Meant | NotClear) -> bool:
    """Whether it is "just hold", a command, and not "just ko", one of the picks."""
    is_command = isinstance(found, Meant) and found.surely and found.name != "quote"
    return is_command and is_just_one(text)


def _sells_all(found: Meant) -> bool:
    """Whether it is "sell all", misspelt: "sel all", "sell evrything"."""
    said = [word.lower() for word in found.arguments]
    return found.name == "sell" and len(said) == 1 and _is_all(said[0])


def _is_all(word: str) -> bool:
    return word == "all" or bool(get_close_matches(word, ["everything"], cutoff=NEAR))


def _may_be_a_stop(text: str, found: Meant | NotClear) -> bool:
    """Whether its last part is a cry ("no! stop!", "sell all?"), or nothing is certain but
    that "stop" or "kill" begins or ends it: "stop the bot", "omg stop". "Stop macv" is about
    the exits of a stock."""
    said = straight(text).lower()
    arguments = found.arguments if isinstance(found, Meant) else ()
    if (last := last_part(said)) != said and is_panic(last):
        return True
    if isinstance(found, Meant) and found.surely:
        return False
    is_an_exit = "%" in said or "$" in said  # "5% stop"
    if ends_in_a_stop(LETTERS.findall(said)) and not is_an_exit:
        return True
    words = [word.lower() for word in spoken(text)]
    if not STOP_WORDS & {*words[:1]} or any(map(is_denial, words)):
        return False
    if isinstance(found, NotClear):
        return True
    of_a_stock = len(arguments) == 1 and arguments[0].lower() not in NO_STOCKS
    return found.name == "exits" and bool(arguments) and not of_a_stock


def _found(text: str | None, names: Collection[str]) -> Meant | NotClear:
    sentence = None if _names_it(text or "") else whole_sentence(straight(text))
    if sentence and sentence[0] in names:
        return Meant(name=sentence[0], arguments=sentence[1])
    if (asked := how_to(straight(text))) and "help" in names:
        return Meant(name="help", arguments=_named_in(asked, names))
    return _by_its_words(text, names)


def _named_in(asked: str, names: Collection[str]) -> tuple[str, ...]:
    """The command that does what is *asked*, to be explained; none if it is not clear."""
    found = meant(asked, names)
    if is_panic(asked) or found == NotClear(nearest=STOP_OR_HALT):
        return ("panic",)
    return (found.name,) if isinstance(found, Meant) else ()


def _by_its_words(text: str | None, names: Collection[str]) -> Meant | NotClear:
    """What a sentence that is not known as a whole means."""
    raw = list(filter(None, map(bare, straight(text).split())))
    if raw and raw[0].lower() in QUESTIONS:
        return _asked(raw[1:], names)
    words = spoken(text)
    if not words:
        return NotClear(nearest=())
    if symbol := _symbol_alone(words, text or "", names):
        return Meant(name="quote", arguments=(symbol,))
    first = words[0].lower().lstrip("/").partition("@")[0]
    if first.strip("$")[:1].isdigit() and _is_how_many(words):
        return NotClear(nearest=_HOW_MANY)
    name = _command(first, names)
    if name is None:
        return _in_the_middle(words, names) or NotClear(nearest=_nearest(words, names))
    surely = first in names or first in SYNONYMS
    found = Meant(name=name, arguments=in_order(name, words[1:]), surely=surely)
    is_another = says_more(name, first, found.arguments)
    return NotClear(nearest=(name,)) if is_another else found


def _is_how_many(words: Sequence[str]) -> bool:
    """Whether it is shares of a stock and nothing else: "10 shares of aapl"."""
    return len(figures(words)) == len(_HOW_MANY) - 1


_HOW_MANY: Final = ("buy", "sell", "quote")
"""What may be meant where only a stock and how much of it are said."""


def _names_it(text: str) -> bool:
    """Whether IT is the stock: "buy IT"."""
    return not text.isupper() and "IT" in text.split()


def _symbol_alone(
    words: Sequence[str], text: str, names: Collection[str]
) -> str | None:
    """A symbol and nothing else, in capitals or after a $ or a slash: "$macv"."""
    marked = text.strip()[:1] in {"$", "/"} or words[0].isupper()
    marked = marked or (is_question(text) and bool(stock_alone(words[0])))
    found = _SYMBOL_ALONE.fullmatch(words[0].lstrip("$/"))
    known = words[0].lstrip("$/").lower()
    if len(words) > 1 or not marked or found is None or known in NO_SYMBOLS:
        return None
    is_command = {known} & {*SYNONYMS, *names} or text.strip().startswith("/")
    return None if is_command else found[0]


def stock_alone(text: str) -> str:
    """A word alone that no command was found in, if it may be a stock in small letters:
    "aapl"; "" if not."""
    said = " ".join(spoken(text))
    may_be_one = _SYMBOL_ALONE.fullmatch(said) and said.lower() not in NOT_ALONE
    return said.upper() if may_be_one else ""


_SYMBOL_ALONE: Final = re.compile(r"[A-Za-z]{2,5}(\.[A-Za-z])?", re.ASCII)


def _in_the_middle(words: Sequence[str], names: Collection[str]) -> Meant | None:
    """The command behind the first words: "macv chart"; of several, the first."""
    said = [word.lower() for word in words]
    if any(map(is_denial, said)) or len(said) > _SHORT:
        return None
    for place, word in enumerate(said):
        name = SYNONYMS.get(word, word)
        if name in LOOKING and name in names:
            around = _around(name, words[:place], words[place + 1 :])
            return Meant(name=name, arguments=in_order(name, around))
    return None


def _around(name: str, before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """For /buy and /sell the stock stands behind the command's word, or right before
    it.
    """
    if name not in OF_SHARES:
        return (*before, *after)
    told = [*figures(before), *figures(after)]
    stocks = [word for word in told if not is_amount(word)]
    one = figures(after) if not all(map(is_amount, figures(after))) else stocks[-1:]
    return (*(w for w in one if not is_amount(w)), *filter(is_amount, told))


_SHORT: Final = 6
"""Words of a sentence in which a command is looked for."""


def could_answer(understood: Meant, text: str, *, asked: str) -> bool:
    """Whether *text* is an answer to the question of *asked* rather than the command
    that was *understood*: "stop 5%" answers a question for exits, FUND is only like
    "funds", and LOGS in capitals is a symbol.
    """
    first = spoken(text)[0]
    if first.lower().lstrip("/") == understood.name:
        return False
    is_short = len(first) <= _SYMBOL and not first.startswith("/")
    may_be_one = is_short and (first.isupper() or not understood.surely)
    return understood.name == asked or may_be_one


_SYMBOL: Final = 5
"""Letters of a symbol, at most."""


def _asked(words: Sequence[str], names: Collection[str]) -> Meant | NotClear:
    """The command that a question is about; only commands that read."""
    said = {word.lower() for word in words}
    looked_for = (name for word, name in LOOKED_FOR.items() if word in said)
    named = (SYNONYMS.get(word.lower(), word.lower()) for word in words)
    found = (*looked_for, *(name for name in named if name in ASKED_FOR))
    name = next((each for each in found if each in names), None)
    if name is None:
        return NotClear(nearest=_nearest(words, names))
    return Meant(name=name, arguments=())


def _command(word: str, names: Collection[str]) -> str | None:
    if word in names:
        return word
    if SYNONYMS.get(word) in names:
        return SYNONYMS[word]
    if word in NO_SLIPS:
        return None
    close = get_close_matches(word, _known(names), n=2, cutoff=NEAR)
    found = {SYNONYMS.get(each, each) for each in close}
    return found.pop() if len(found) == 1 else None


def _nearest(words: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """The commands that *words* name, then those that the first word resembles; none for
    a denial. "Remove it" is not near to /resume, which lets orders leave."""
    said = [word.lower().lstrip("/") for word in words]
    if not said or any(map(is_denial, said)):
        return ()
    if said[0] in REMOVES:
        return tuple(name for name in TAKEN_BACK if name in names)
    known = [word for word in said if SYNONYMS.get(word, word) in names]
    close = get_close_matches(said[0], _known(names), n=2 * SUGGESTED, cutoff=ALIKE)
    named = dict.fromkeys(SYNONYMS.get(each, each) for each in (*known, *close))
    return tuple(named)[:SUGGESTED]


def _known(names: Collection[str]) -> list[str]:
    others = (word for word, name in SYNONYMS.items() if name in names)
    return [*names, *(word for word in others if word not in ALONE)]
