"""What of a message with several commands was not done."""

from collections.abc import Sequence
from typing import Final

from bot.views import words


_SHOWN: Final = 60
"""Characters of what the owner wrote, at most."""


def not_done(first: str, more: Sequence[str], *, rest_is: bool) -> str:
    """The *first* part of the message that was not run, and *more* of them; ``rest_is``
    whether others were run."""
    others = (
        "The rest of your message was answered." if rest_is else "Nothing was done."
    )
    return words.lines(
        f"<b>Not done: {words.safe(words.fit('; '.join([first, *more]), _SHOWN))}.</b>",
        f"{others} {'Each' if more else 'This'} needs a message of its own. Send next:",
        f"<code>{words.safe(words.fit(first, _SHOWN))}</code>",
    )
