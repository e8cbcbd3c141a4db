"""Ids, accounts, time, and requests that need no answer."""

import math
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, Handler
from core.sandbox.gateway.session import ClientSession
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader


def current_time(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """49: the gateway's own time, broker or not."""
    seconds = math.floor(gateway.now.timestamp())
    session.say(replies.fields(49, 1, seconds))


def ids(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """8: the next order id once more."""
    session.say(replies.next_valid_id(gateway.next_order_id(session.client_id)))


def accounts(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """17: the accounts once more."""
    session.say(replies.managed_accounts(gateway.exchange.accounts()))


def family_codes(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """80: accounts by family; this login has none."""
    names = gateway.exchange.accounts()
    pairs = [part for name in names for part in (name, "")]
    session.say(replies.fields(78, len(names), *pairs))


def user_info(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """104: white branding; none."""
    session.say(replies.fields(107, read.integer(), ""))


def nothing(_gateway: Gateway, _session: ClientSession, _read: Reader) -> None:
    """Take a request that the real gateway takes without a word."""


def refused(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """Refuse, as an account without the subscription is refused."""
    read_id = read.integer()
    text = (
        "Requested market data requires additional subscription for API."
        " Tick-by-tick data and market depth are not part of this account."
    )
    session.error(read_id, 10189, text)


def depth_refused(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """Refuse market depth and five-second bars: their messages carry a version."""
    read.version()
    text = "Deep market data is not supported for this combination of security type"
    session.error(read.integer(), 10092, f"{text}/exchange")


HANDLERS: Final = MappingProxyType[int, Handler](
    {
        8: ids,
        10: depth_refused,
        11: nothing,
        12: nothing,
        13: nothing,
        14: nothing,
        17: accounts,
        49: current_time,
        50: depth_refused,
        51: nothing,
        80: family_codes,
        96: refused,
        97: refused,
        98: nothing,
        104: user_info,
    },
)
