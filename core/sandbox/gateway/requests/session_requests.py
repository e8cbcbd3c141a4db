"""The next order id, the accounts, the time, and requests that get no answer."""

import math
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.ignored import ignore
from core.sandbox.gateway.session import ClientSession
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader


def current_time(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """49: the gateway's own time, whether or not the broker can be reached."""
    seconds = math.floor(gateway.now.timestamp())
    session.say(replies.fields(49, 1, seconds))


def ids(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """8: the next order id again."""
    session.say(replies.next_valid_id(gateway.next_order_id(session.client_id)))


def accounts(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """17: the accounts again."""
    session.say(replies.managed_accounts(gateway.exchange.accounts()))


def family_codes(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """80: account families; this login has none."""
    names = gateway.exchange.accounts()
    pairs = [part for name in names for part in (name, "")]
    session.say(replies.fields(78, len(names), *pairs))


def user_info(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """104: the white branding id; empty."""
    session.say(replies.fields(107, read.integer(), ""))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {
        8: ids,
        12: ignore,
        13: ignore,
        14: ignore,
        17: accounts,
        49: current_time,
        80: family_codes,
        104: user_info,
    },
)
