"""Who speaks with Interactive Brokers: through which gateway, login and client id.

What one session with IB lists or leaves out proves nothing of an order that was sent
in the name of another: it lists its own login's orders, counts its own client's ids.
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
    """In whose name a session with IB is held. Two are the same only if all is.

    ``gateway`` is its host and port, ``accounts`` are all that the handshake named, in
    order: the API tells no user name, so they stand for the login.
    """

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
    """Host and port in one spelling: every name and address that can only be this
    machine is the same place. Other names are not looked up: the answer could change."""
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
    """An IPv4 address that was written as an IPv6 one is the IPv4 address."""
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if isinstance(mapped, IPv4Address) else address


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order is for: by this, and not by its ids alone, one without a ref is
    recognised. ``side`` is IB's word, which for ours is Side's."""

    con_id: ConId
    side: str
    shares: Decimal


class Rights(StrEnum):
    """What somebody may do in the chat."""

    OWNER = "owner"  # sees, decides and orders
    VIEWER = "viewer"  # sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody beside the owner of the settings, by his number in the chat: names can be
    given away, numbers cannot."""

    number: int
    rights: Rights
