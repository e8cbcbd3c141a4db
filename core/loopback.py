"""Which host can only be this machine: one decision, for every place that needs it.

Plain HTTP is allowed only to this machine, no proxy is asked for the way to it, and
sandbox mode trades nowhere else.
"""

import socket
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final


_NAME: Final = "localhost"


@cache
def own_address() -> str:
    """The address by which this machine reaches itself: 127.0.0.1, or ::1 where it has no
    IPv4 at all."""
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", 0))
        except OSError:
            return "::1"
    return "127.0.0.1"


def in_address(host: str) -> str:
    """*host* as it stands before a port in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether *host*, in any spelling that a resolver takes, can only be this machine.

    Other names than localhost may mean this machine too, but only the resolver knows.
    """
    bare = host.strip().removeprefix("[").removesuffix("]").removesuffix(".")
    if bare.casefold() == _NAME:
        return bare.isascii()
    address = _address(bare)
    return address is not None and address.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address as the C library reads it: 127.1, 0x7f.1 and 2130706433 too; with a
    zone (%lo) IPv6 alone."""
    try:
        address = ip_address(text)
    except ValueError:
        return _short_ipv4(text)
    return getattr(address, "ipv4_mapped", None) or address


def _short_ipv4(text: str) -> IPv4Address | None:
    if any(letter.isspace() for letter in text):
        return None  # inet_aton() would overlook what stands behind it
    try:
        return IPv4Address(socket.inet_aton(text))
    except (OSError, UnicodeEncodeError):
        return None
