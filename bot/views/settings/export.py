"""/settings export: a .env text of all that the chat can choose, as it stands.

Tested by tests/bot/handlers/settings/test_settings.py.
"""

from collections.abc import Sequence
from itertools import groupby

from bot.views import words
from core.model.chosen.setting import Setting


HEAD = (
    "# Openbell's settings as they stand, with those chosen in the chat.\n"
    "# Account, addresses, secrets, the mode and live trading are not in here:\n"
    "# keep those lines of your own .env.\n"
)


def env_text(settings: Sequence[Setting]) -> str:
    """Lines that .env takes; a value from the chat says so."""
    parts = [HEAD]
    for group, members in groupby(settings, key=lambda one: one.group):
        lines = "\n".join(_line(one) for one in members)
        parts.append(f"\n# {group.capitalize()}\n{lines}\n")
    return "".join(parts)


def caption() -> str:
    return words.lines(
        "<b>The settings as they stand</b>, as lines of a .env file.",
        "No account, address or secret is in it.",
        "Values chosen here override .env until they are reset here.",
    )


def _line(one: Setting) -> str:
    said = "# chosen in the chat\n" if one.is_chosen else ""
    return f"{said}OPENBELL_{one.name.upper()}={one.value}"
