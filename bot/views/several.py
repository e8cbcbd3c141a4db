"""What of a message with several commands was not done."""

from collections.abc import Sequence
from typing import Final

from bot.views import words


_SHOWN: Final = 60
"""Characters of what the owner wrote, at most."""


def not_done(left: Sequence[str], *, rest_is: bool) -> str:
    """The parts of the message that are *left*; ``rest_is`` whether others were run."""
    others = (
        "The rest of your message was answered." if rest_is else "Nothing was done."
    )
    return words.lines(
        f"<b>Not done: {words.safe(words.fit('; '.join(left), _SHOWN))}.</b>",
        f"{others} This needs a message of its own. Send next:",
        f"<code>{words.safe(words.fit(left[0], _SHOWN))}</code>",
    )
