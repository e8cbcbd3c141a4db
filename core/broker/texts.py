"""IB's texts as people read them, and its moments as moments.

The only place where either is decoded: what is decoded twice says something else.
"""

import html
import json
import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

from core.rules.new_york import NEW_YORK


_ESCAPED: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_BREAKS: Final = re.compile(
    r"\\[nrt]|<\s*/?\s*(?:br|p|div|li|ul)\b[^>]*>", re.IGNORECASE
)
_TAGS: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACES: Final = re.compile(r"\s+")

_MOMENT: Final = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)([-T ]+)(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(\S.*)?"
)
_LAST_SECOND: Final = 59
"""A leap second counts with it."""

_EPOCH: Final = re.compile(r"\d{9,10}")


def plain(text: str) -> str:
    """*text* in one line, without IB's escapes: ``\\u59d4`` is a letter, ``\\n`` and
    ``<br>`` separate words, ``&amp;`` is an ampersand; other tags are left out."""
    letters = _ESCAPED.sub(_letters, text)
    unmarked = _TAGS.sub("", _BREAKS.sub(" ", letters))
    return _SPACES.sub(" ", html.unescape(unmarked)).strip()


def _letters(escaped: re.Match[str]) -> str:
    """Pairs of surrogates are one letter; half a pair is none."""
    decoded: str = json.loads(f'"{escaped[0]}"')
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def known_zone(name: str) -> tzinfo | None:
    """The zone that has this IANA or Windows name; None when none has."""
    try:
        return ZoneInfo(win_tz.get(name, name)) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


def zone_of(name: str | None) -> tzinfo:
    """A zone by its IANA or its Windows name; New York's when there is none, or none
    that is known: a fill must not be lost for the name of a zone."""
    return known_zone((name or "").strip()) or NEW_YORK


def execution_moment(text: str) -> str | None:
    """The moment of an execution in a form that ib_async reads as it is meant; None when
    nobody can read it.

    With a hyphen (``20261123-14:41:03``) it is UTC, whatever zone the gateway is in;
    else it is in the zone that it names (IB's release notes of TWS API 10.17).
    """
    if _EPOCH.fullmatch(text.strip()):
        return text.strip()
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    *parts, between, hour, minute, second, zone = found.groups()
    year, month, day = (int(part) for part in parts)
    is_utc = zone == "Z" or (between == "-" and not zone)
    clock = int(hour), int(minute), min(int(second or 0), _LAST_SECOND)
    try:
        local = datetime(
            year, month, day, *clock, tzinfo=UTC if is_utc else zone_of(zone)
        )
    except ValueError:
        return None
    return utc_text(local)


def utc_text(moment: datetime) -> str:
    """*moment* as ib_async reads it."""
    return f"{moment.astimezone(UTC):%Y%m%d %H:%M:%S} UTC"
