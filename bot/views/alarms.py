"""Why trading halts. Each text is put into a sentence, so it has no full stop.

Tested by tests/bot/test_poll.py.
"""

from typing import Final


ANOTHER_READER: Final = (
    "Somebody else is reading this bot's messages with the same token. If it is not "
    "another Openbell of yours, ask @BotFather for a new token"
)
A_WEBHOOK: Final = (
    "A webhook was set with this bot's token and took its messages. I have taken it "
    "away and hear you again. If it was not you, ask @BotFather for a new token"
)
LEFT_OUT: Final = (
    "Telegram sent something that I can't read, and I left it out. It may have been a "
    "/halt, a Cancel or a No of yours: say again what I have not answered"
)


def by_command(who: str) -> str:
    return f"/halt by {who}"


def damaged(problem: str) -> str:
    """The journal was found damaged; *problem* says where."""
    return f"{problem}. Stop the bot, and bring back a copy: openbell restore"
