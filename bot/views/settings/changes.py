"""A change of a setting: asked about, made, left, refused."""

import re
from typing import Final

from bot.views import words
from bot.views.settings.shown import label, shown, takes, when
from core.model.chosen.news import LimitRaised, SettingSetAside
from core.model.chosen.setting import InForce, JudgedSetting, Setting
from core.settings.trading import TradingSettings


_ENV_NAME: Final = re.compile(r"OPENBELL_([A-Z_]+)")


def ask(judged: JudgedSetting, *, sure: bool, late: bool) -> str:
    """Whether to make the change; *sure* where it is asked for the second time, *late*
    where a Yes had waited for too long to count."""
    change = _change(judged)
    if judged.was == judged.value:
        change = f"{label(judged.name)} stays {shown(judged.value)}"
    if sure:
        head = f"<b>Really {change}?</b>"
    else:
        head = f"<b>{change[0].upper()}{change[1:]}?</b>"
    return words.lines(
        head,
        "Your tap had waited too long: tap again." if late else "",
        "It lets me do more than now: I ask twice." if judged.loosens else "",
        "All your chats are told." if judged.loosens else "",
        _counts(judged),
        "Nothing is changed yet.",
    )


def already(one: Setting) -> str:
    """The value that was asked for counts as it is."""
    name = label(one.name)
    return (
        f"<b>{name[0].upper()}{name[1:]} is {shown(one.value)} already.</b>"
        " Nothing was changed."
    )


def changed(judged: JudgedSetting) -> str:
    name = label(judged.name)
    return words.lines(
        f"<b>{name[0].upper()}{name[1:]} is {shown(judged.value)}</b>, was {shown(judged.was)}.",
        _counts(judged),
        "Written in the journal and the audit trail."
        if judged.to is not None
        else "It follows .env again.",
    )


def no_change(answered: str, problem: str) -> str:
    """Why a tap has changed nothing; *answered* is the core's verdict."""
    if problem:
        return cannot(problem)
    return _NO_CHANGE[answered]


_NO_CHANGE: Final = {
    "left as it is": "Nothing was changed. /settings shows them all.",
    "over": "<b>That question has expired.</b> /settings shows the current values.",
}


def cannot(problem: str) -> str:
    """Why the change is not possible."""
    return words.lines(
        f"<b>Not changed.</b> {in_words(problem)}",
        "/settings shows how it stands.",
    )


def refused(one: Setting, said: str, problem: str) -> str:
    """What was typed cannot be its value."""
    return words.lines(
        f"<b>Not changed:</b> {label(one.name)} stays {shown(one.value)}.",
        f"You typed “{words.safe(words.fit(said, _LONGEST))}”. {_why(one, problem)}".rstrip(),
        f"It takes {takes(one)}.",
        "For example:",
        f"<code>/settings {label(one.name)} {shown(example(one))}</code>",
    )


_LONGEST: Final = 60


def _why(one: Setting, problem: str) -> str:
    """The reason; empty if it only repeats what the setting takes, which stands below."""
    return "" if f"takes {one.takes}" in problem else in_words(problem)


def example(one: Setting) -> str:
    """A value that it takes."""
    others = [each for each in one.options if each != one.value]
    return others[0] if others else one.default or one.value


_ALWAYS_RING: Final = frozenset({"alarm", "alarms", "doubt", "doubts", "halt", "halts"})


def not_known(said: str, near: tuple[str, ...]) -> str:
    """No setting is called that."""
    meant = " or ".join(f"<code>{label(each)}</code>" for each in near)
    if _ALWAYS_RING & set(said.lower().split()):
        return (
            "<b>Doubts, alarms and halts always ring.</b> Nothing was changed. /noise"
            " shows what can be made silent."
        )
    return words.lines(
        f"<b>No setting is called “{words.safe(words.fit(said, _LONGEST))}”.</b>",
        f"Did you mean {meant}?" if meant else "",
        "Nothing was changed. For example: <code>/settings shares 50</code>",
    )


def only_in_file(name: str) -> str:
    """One that the chat must not touch."""
    return words.lines(
        f"<b>{label(name)} is set in .env only.</b>",
        "What could turn paper into money, or move me to another account or address, "
        "is never changed from a chat. Nothing was changed.",
    )


def raised(news: LimitRaised) -> str:
    return words.lines(
        f"<b>Limit loosened: {label(news.name)} {shown(news.was)} → "
        f"{shown(news.value)}</b>",
        f"By {words.safe(news.by)} at {words.moment(news.at)}.",
        "If that was not you: /halt, then /settings.",
    )


def set_aside(news: SettingSetAside) -> str:
    return words.lines(
        f"<b>{label(news.name)} {shown(news.value)} no longer applies.</b>",
        words.sentence(news.why),
        "It follows .env again. /settings shows how it stands.",
    )


def in_words(problem: str) -> str:
    """A sentence that names settings as .env does, for the chat."""
    plain = _ENV_NAME.sub(lambda found: found[1].lower().replace("_", " "), problem)
    return " ".join(words.sentence(line) for line in plain.splitlines())


def _change(judged: JudgedSetting) -> str:
    return f"{label(judged.name)} {shown(judged.was)} → {shown(judged.value)}"


def _counts(judged: JudgedSetting) -> str:
    if judged.in_force is not InForce.AT_ONCE:
        return f"It counts {when(judged.in_force)}."
    if judged.loosens:
        return "It applies at once, to new cards."
    if judged.name not in TradingSettings.model_fields:
        return "It applies at once."
    return "It applies at once, to open cards as well."
