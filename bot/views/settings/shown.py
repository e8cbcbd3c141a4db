"""/settings: what can be chosen in the chat, and how it stands.

Tested by tests/bot/handlers/settings/test_settings.py.
"""

from collections.abc import Sequence

from bot.views import labels, words
from core.model.chosen.setting import InForce, Setting


CHOSEN = "▸"
"""Marks a value that comes from the chat."""


def overview(settings: Sequence[Setting]) -> str:
    """The groups, and what was chosen in the chat."""
    chosen = [each for each in settings if each.is_chosen]
    if not chosen:
        first = "<b>All settings are as .env has them.</b>"
    else:
        count = f"{len(chosen)} setting{'s' if len(chosen) > 1 else ''}"
        first = f"<b>{count} chosen here</b>, over .env:"
    return words.paragraphs(
        words.lines(first, words.pre(_rows(chosen)) if chosen else ""),
        words.lines(
            "Tap a group, or type, for example:",
            "<code>/settings shares 50</code>",
            "Account, addresses, secrets, the mode and live trading stay in .env.",
        ),
    )


def group(name: str, settings: Sequence[Setting]) -> str:
    """All of one group, a row each."""
    of_it = [each for each in settings if each.group == name]
    legend = f"{CHOSEN} chosen here, over .env."
    return words.lines(
        f"<b>{words.safe(name.capitalize())}</b>",
        words.pre(_rows(of_it)),
        legend if any(each.is_chosen for each in of_it) else "",
        "Tap one to change it.",
    )


def setting(one: Setting) -> str:
    """One setting: its value, where that comes from, what it takes."""
    return words.lines(
        f"<b>{label(one.name)}: {shown(one.value)}</b>",
        _comes_from(one),
        f"It takes {takes(one)}.",
        f"A change applies {when(one.in_force)}.",
        "Type a value now, or later:",
        f"<code>{words.together(f'/settings {label(one.name)} …')}</code>",
    )


def takes(one: Setting) -> str:
    """What the setting takes, with the bounds that its description does not name."""
    least, _, most = one.bounds.partition(", ")
    left = most if least and least in one.takes else one.bounds
    if most and most.rsplit(maxsplit=1)[-1].replace(",", "") in one.takes.split():
        left = ""
    is_switch = "true" in one.options
    told = "on or off" if is_switch else words.safe(one.takes)
    return f"{told} {words.together(words.safe(f'({left})'))}" if left else told


def when(in_force: InForce) -> str:
    if in_force is InForce.AT_ONCE:
        return "at once"
    return in_force.value


def label(name: str) -> str:
    """A setting's name as a person says it."""
    return words.safe(name.replace("_", " "))


def shown(value: str) -> str:
    return words.safe(labels.setting_value(value))


def _comes_from(one: Setting) -> str:
    if one.is_chosen:
        return (
            f"Chosen here. .env says {shown(one.from_file)}, "
            f"the default is {shown(one.default)}."
        )
    if one.from_file != one.default:
        return f"From .env. The default is {shown(one.default)}."
    return "The default."


def _rows(settings: Sequence[Setting]) -> list[str]:
    return [row for each in settings for row in _row(each)]


def _row(one: Setting) -> list[str]:
    mark = CHOSEN if one.is_chosen else " "
    name, value = one.name.replace("_", " "), labels.setting_value(one.value)
    room = words.WIDTH - len(mark) - len(name) - 2
    if len(value) <= room:
        return [f"{mark} {name} {value.rjust(room)}"]
    return [f"{mark} {name}", words.fit(value, words.WIDTH - 2).rjust(words.WIDTH)]
