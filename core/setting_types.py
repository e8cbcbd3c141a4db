"""What a setting may look like, as types that pydantic checks."""

import re
from decimal import Decimal
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr


TOKEN: Final = re.compile(r"\d+:[\w-]+")
"""A bot's token as @BotFather writes it."""


def _token(secret: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def _address(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ValueError
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError
    return url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether *host* can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


Token = Annotated[SecretStr, AfterValidator(_token)]
WebAddress = Annotated[str, AfterValidator(_address)]
"""Encrypted, but for addresses of this machine; without a slash at its end."""
Word = Annotated[str, Field(pattern=r"^\S+$")]
Words = Annotated[str, Field(pattern=r"^[^\s,]+(,[^\s,]+)*$")]
"""One word, or several with commas between them."""
Seconds = Annotated[float, Field(gt=0, le=60)]
Minutes = Annotated[float, Field(gt=0, le=1440)]
Dollars = Annotated[Decimal, Field(gt=0, le=100_000_000, allow_inf_nan=False)]
