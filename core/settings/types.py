"""What a setting may look like, as types that pydantic checks."""

import re
from datetime import time
from decimal import Decimal
from ipaddress import IPv6Address
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from core.loopback import is_loopback
from core.rules.exits.written import distance_in
from core.rules.figures.size import size_in
from core.settings.marks import FILE_ONLY


TOKEN: Final = re.compile(r"\d+:[\w-]+", re.ASCII)
"""A bot's token as @BotFather writes it."""


def _token(secret: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        raise ValueError
    if not parts.hostname or parts.port == 0 or parts.query or parts.fragment:
        raise ValueError
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    return url.rstrip("/")


def _at_home(path: Path) -> Path:
    """A path that begins with ~ is below the home folder of who runs the bot. One that
    begins with a shell's variable is none: nobody has replaced it, and a folder of that
    name would get a new journal."""
    if str(path).startswith(("$", "%")):
        raise ValueError
    try:
        return path.expanduser()
    except RuntimeError as error:  # nobody knows where that is
        raise ValueError from error


def _host(host: str) -> str:
    """A host alone: no scheme, port, path or user, which belong elsewhere."""
    bare = host.removeprefix("[").removesuffix("]")
    if ":" in bare:
        return str(IPv6Address(bare))
    if not re.fullmatch(r"[\w.-]+", bare):
        raise ValueError
    return bare


def _size(text: str) -> str:
    if size_in(text) is None:
        raise ValueError
    return text


def _time_of_day(text: object) -> object:
    """Hours and minutes as a clock shows them: a zone or a number is neither."""
    if isinstance(text, str) and not re.fullmatch(r"\d\d:\d\d(:\d\d)?", text, re.ASCII):
        raise ValueError
    return text


def _span(text: str) -> str:
    begins, _, ends = text.replace(" ", "").partition("-")
    for each in (begins, ends):
        time.fromisoformat(str(_time_of_day(each)))
    if begins == ends:
        raise ValueError
    return f"{begins}-{ends}"


def _distance(text: str) -> str:
    if text.strip() and distance_in(text) is None:
        raise ValueError
    return text.strip()


_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:\d{1,5})?")
"""A host as an address of the web writes it, with a port or without; no user."""


BotToken = Annotated[SecretStr, AfterValidator(_token), FILE_ONLY]
WebAddress = Annotated[str, AfterValidator(_address), FILE_ONLY]
"""Encrypted, but for addresses of this machine; without a slash at its end."""
HostName = Annotated[str, AfterValidator(_host), FILE_ONLY]
"""A name or an address, in brackets or not; kept without them."""
FilePath = Annotated[Path, AfterValidator(_at_home), FILE_ONLY]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Span = Annotated[str, AfterValidator(_span)]
"""From one time of day to another, like 22:00-07:00."""
Word = Annotated[str, Field(pattern=r"^\S+$")]
Words = Annotated[str, Field(pattern=r"^[^\s,]+(,[^\s,]+)*$")]
"""One word, or several with commas between them."""
SizeText = Annotated[str, AfterValidator(_size)]
"""Shares, dollars or a part of the account at risk: 100, $500, 1%."""
Seconds = Annotated[float, Field(gt=0, le=60)]
Minutes = Annotated[float, Field(gt=0, le=1440)]
Dollars = Annotated[Decimal, Field(gt=0, le=100_000_000, allow_inf_nan=False)]
ExitDistance = Annotated[str, AfterValidator(_distance)]
"""How far an exit lies from the price paid; "" for no such exit."""
