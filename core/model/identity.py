"""The identity of a session with Interactive Brokers: gateway, login and client id.

A session lists the orders of its own login and counts the order ids of its own client.
What it lists or leaves out proves nothing about an order sent under another identity.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self

from core.model.market import ConId


THIS_MACHINE = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The identity of a session with IB. Two are equal only if every part is.

    ``gateway`` is host and port. ``accounts`` are all accounts that the handshake
    named, in order: they stand for the login, because the API does not tell the user
    name."""

    gateway: str
    accounts: tuple[str, ...]
    client_id: int

    @classmethod
    def of(
        cls, *, gateway: str, accounts: tuple[str, ...], client_id: int
    ) -> Self | None:
        """The identity after a handshake; None while no account has been named."""
        named = tuple(sorted({each for each in accounts if each}))
        if not named:
            return None
        return cls(gateway=gateway, accounts=named, client_id=client_id)


def gateway_at(host: str, port: int) -> str:
    """Host and port in canonical spelling: all names and addresses of this machine are
    the same place. Other names are not resolved, since the answer could change."""
    return f"{_spelled(host)}:{port}"


def _spelled(host: str) -> str:
    name = host.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")
    if name in {THIS_MACHINE, "localhost.localdomain", "ip6-localhost"}:
        return THIS_MACHINE
    if name.endswith(f".{THIS_MACHINE}"):  # RFC 6761, section 6.3
        return THIS_MACHINE
    try:
        address = _unmapped(ip_address(name))
    except ValueError:
        return name
    if address.is_loopback or address.is_unspecified:
        return THIS_MACHINE
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Convert an IPv4-mapped IPv6 address to the IPv4 address."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, IPv4Address) else address


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The ids under which IB reports an order; "" or 0 where it gave none.

    Completed orders carry neither ``order_id`` nor ``client_id``.
    """

    ref: str
    client_id: int
    order_id: int
    perm_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order is for. An order without a ref is recognised by this together with
    its ids. ``side`` is IB's word, which is the same as Side's for our orders."""

    con_id: ConId
    side: str
    shares: Decimal


class Rights(StrEnum):
    """What somebody may do in the chat."""

    OWNER = "owner"  # sees, decides and orders
    VIEWER = "viewer"  # sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody besides the owner in the settings, by Telegram number: a name can pass
    to somebody else, a number cannot."""

    number: int
    rights: Rights
