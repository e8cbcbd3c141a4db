"""Parts of the sentences that mean a command.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

from typing import Final


ONE: Final = r"(?!it\b|my\b|this\b|that\b|all\b|every|whole\b|entire\b|half\b|the\b|at\b|a\b|loss\b|stop\b)(?P<stock>\S+)"
"""A stock, by its symbol."""
ON: Final = rf"(on|for|of|from) (my |the )?{ONE}"
INTO: Final = rf"(in|into|on|of) (my |the )?{ONE}"
DOLLARS: Final = r"\$?(?P<dollars>\d+)( dollars| bucks| usd)?"
FAR: Final = r"\$?(?P<far>\d+(\.\d+)?) ?(?P<unit>%|percent|pct|per cent)"
AT: Final = r"(?P<at>\d{1,2}(:\d\d)? ?(am|pm|o'?clock)?|noon)( et)?"
EXIT: Final = r"(?P<exit>stop|trail|target)(ing)?( ?loss| stop)?"
TODAY: Final = r"( (today|now|right now|rn|this morning|so far|yesterday))*"

FROM_NOW: Final = (
    r"( right now| now| please| pls| immediately| for| the| rest| of| day| today)*"
)
"""However long it is said for, /halt holds until /resume, and says so."""

OURS: Final = r"(trading|telegram|openbell|ib|anything|gateway|market)"
DAY: Final = r"(today|tomorrow|(mon|tues|wednes|thurs|fri)days?|this week)"
SIZE: Final = r"(?P<shares>\d+)"
SPENT: Final = r"(\$(?P<spent>\d+)|(?P<s>\d+) ?(\$|dollars|bucks|usd))"
