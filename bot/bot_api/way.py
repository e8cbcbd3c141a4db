"""The way to the Bot API: which proxy to use, and which certificates to trust.

The environment decides, by the variables that curl and httpx read (HTTPS_PROXY,
ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR). It is read here instead of by httpx,
which raises for entries that others accept and would use a proxy for this machine.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from ssl import SSLContext, SSLError
from typing import Final
from urllib.request import getproxies

import httpx

from core.loopback import is_loopback
from core.model.errors import SettingsWrong


_SCHEMES: Final = frozenset({"http", "https", "socks5", "socks5h"})
"""The schemes of proxies that httpx can use."""

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to get there: *proxy* is None for the direct way."""

    proxy: httpx.URL | None
    trusted: SSLContext | bool


def way_to(address: str) -> Way:
    """The way to *address*, an address of the web.

    Raises:
        SettingsWrong: what the environment names cannot be used; one sentence.
    """
    url = httpx.URL(address)
    # no certificate is asked for on the plain way, which leads to this machine only
    return Way(proxy=_proxy_for(url), trusted=url.scheme == "https" and _trusted())


def _proxy_for(url: httpx.URL) -> httpx.URL | None:
    named = getproxies()
    proxy = (named.get(url.scheme) or named.get("all") or "").strip()
    if not proxy or is_loopback(url.host):
        return None
    if _is_spared(url, named.get("no", "").replace(",", " ").split()):
        return None
    return _usable(proxy)


def _usable(proxy: str) -> httpx.URL:
    """Raises SettingsWrong; the proxy's address may hold a password and is not told."""
    url = _address(proxy if "://" in proxy else f"http://{proxy}")
    port = _PORTS["http"] if url.port is None else url.port
    is_host = _HOST.fullmatch(url.raw_host.decode("ascii")) is not None
    if not is_host or url.scheme not in _SCHEMES or port not in _POSSIBLE_PORTS:
        raise SettingsWrong(_NO_PROXY_AT_ALL)
    if url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise SettingsWrong(_NO_SOCKS)
    return url


def _address(text: str) -> httpx.URL:
    """What cannot be read has no host."""
    try:
        url = httpx.URL(text)
        return url if url.host else httpx.URL()  # a host may show its fault only here
    except (httpx.InvalidURL, ValueError):
        return httpx.URL()


_POSSIBLE_PORTS: Final = range(1, 65536)
_HOST: Final = re.compile(r"\w[\w.-]*|[0-9a-fA-F]*:[0-9a-fA-F:.%]*", re.ASCII)
"""A name, with the underscores that resolvers take, or an address."""

_NO_PROXY_AT_ALL: Final = (
    "HTTPS_PROXY or ALL_PROXY in the environment is not a proxy's address: write it "
    "like http://127.0.0.1:3128, or unset it."
)
_NO_SOCKS: Final = (
    "HTTPS_PROXY or ALL_PROXY in the environment names a SOCKS proxy, which needs one "
    "more package: pip install 'httpx[socks]'. Or name an http:// proxy, or put "
    "api.telegram.org into NO_PROXY."
)


def _is_spared(url: httpx.URL, entries: Iterable[str]) -> bool:
    """Whether one of NO_PROXY's *entries* matches the host of *url*."""
    port = url.port or _PORTS.get(url.scheme)
    host = url.host.removesuffix(".").casefold()
    return any(_means(entry.casefold(), host, port) for entry in entries)


def _means(entry: str, host: str, port: int | None) -> bool:
    """Whether *entry* matches: `*`, a name with its subdomains, an address or a
    network, each possibly with a port."""
    entry = entry.rpartition("://")[2]
    bare, _, only = entry.rpartition(":")
    if bare and only.isdigit() and (":" not in bare or bare.endswith("]")):
        return int(only) == port and _means(bare, host, port)
    entry = entry.removeprefix("[").replace("]", "")
    name = entry.removeprefix("*").removeprefix(".").removesuffix(".")
    if entry == "*" or host == name or (name and host.endswith(f".{name}")):
        return True
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return False


@cache
def _trusted() -> SSLContext:
    """The trusted certificates, read once, since that takes longer than the rest of
    opening a connection."""
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not os.environ.get("SSL_CERT_FILE") and not Path(folder).is_dir():
        raise SettingsWrong("SSL_CERT_DIR in the environment is no folder: unset it.")
    try:
        return httpx.create_ssl_context()
    except (OSError, SSLError, ValueError) as error:
        raise SettingsWrong(
            "The certificates to believe cannot be read: correct or unset "
            f"SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE ({error})."
        ) from error
