"""Requests that IB serves and this gateway does not: each is refused on its own id.

Codes and texts are IB's: 430 of its table of message codes, 10276 and the refusals of
advisors' requests as users of accounts without them quote them.
"""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.ignored import ignore
from core.sandbox.gateway.session import ClientSession
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import UNSET_INTEGER, Reader


def refused(code: int, text: str, *, versioned: bool = True) -> RequestHandler:
    """A handler that refuses a request on its id; *versioned*: a version comes before
    it.
    """

    def refuse(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
        if versioned:
            read.version()
        session.error(read.integer(), code, text)

    return refuse


def advisor_only(_gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """18: an advisor's groups; the request has no id, so IB writes an unset one."""
    text = "'b9' : cause - FA data operations ignored for non FA customers."
    session.error(UNSET_INTEGER, 321, f"Error validating request.-{text}")


def replace_advisor(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """19: an advisor's new groups; the request id comes last."""
    read.version()
    read.skip(2)
    text = "'b1' : cause - FA data operations ignored for non FA customers."
    session.error(read.integer(), 321, f"Error validating request.-{text}")


def soft_dollar_tiers(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """79: none."""
    session.say(replies.fields(77, read.integer(), 0))


def display_groups(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """67: the groups of TWS windows; a gateway has no windows."""
    read.version()
    session.say(replies.fields(67, 1, read.integer(), ""))


def display_group(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """68 and 69: subscribe to a group or change it; nothing, as there are none."""
    read.version()
    session.say(replies.fields(68, 1, read.integer(), "none"))


NO_FUNDAMENTALS: Final = (
    "We are sorry, but fundamentals data for the security specified is not available."
)
NO_NEWS_FEED: Final = "News feed is not allowed."
HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {
        18: advisor_only,
        19: replace_advisor,
        52: refused(430, NO_FUNDAMENTALS),
        53: ignore,
        56: ignore,
        57: ignore,
        67: display_groups,
        68: display_group,
        69: display_group,
        70: ignore,
        79: soft_dollar_tiers,
        100: refused(10276, NO_NEWS_FEED, versioned=False),
        101: ignore,
        102: refused(10276, NO_NEWS_FEED, versioned=False),
        103: ignore,
    },
)
