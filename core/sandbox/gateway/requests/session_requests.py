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


HANDLERS: Final = MappingProxyType[int, Handler](
    {
        8: ids,
        12: nothing,
        13: nothing,
        14: nothing,
        17: accounts,
        49: current_time,
        80: family_codes,
        104: user_info,
    },
)
