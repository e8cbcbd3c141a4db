"""Decodes IB's texts and times.

Nothing else decodes them, because decoding a text twice would change it.
"""

import html
import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

from core.rules.new_york import NEW_YORK


_ESCAPED: Final = re.compile(r"(?:\\+u[0-9a-fA-F]{4})+")
_BYTES: Final = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_QUOTED: Final = re.compile(r"\\+([\"'/])")
_BREAKS: Final = re.compile(
    r"\\[nrt]|<\s*/?\s*(?:br|p|div|li|ul)\b[^>]*>", re.IGNORECASE
)
_TAGS: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACES: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Controls, and marks that turn the direction of what follows."""

_TWO_LETTERS: Final = 4
"""Bytes of two letters in a double-byte encoding; fewer are letters with an accent."""

_MOMENT: Final = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)([-T ]+)(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(\S.*)?"
)
_LAST_SECOND: Final = 59
"""A leap second counts with it."""

_EPOCH: Final = re.compile(r"\d{9,10}")


def plain(text: str) -> str:
    """*text* in one line, without IB's escapes: ``\\u59d4`` is a letter, ``\\xe9`` a byte
    of one, ``\\n`` and ``<br>`` separate words, ``&amp;`` is an ampersand; other tags and
    what nobody can see are left out. An entity may stand for a mark, too."""
    letters = _BYTES.sub(_encoded, _ESCAPED.sub(_letters, text))
    words = _UNSEEN.sub("", html.unescape(_unmarked(letters)))
    return _SPACES.sub(" ", _unmarked(words)).strip()


def _unmarked(text: str) -> str:
    return _QUOTED.sub(r"\1", _TAGS.sub("", _BREAKS.sub(" ", text)))


def _encoded(escaped: re.Match[str]) -> str:
    """Bytes that were no UTF-8 are a western gateway's, or a Chinese one's."""
    told = bytes.fromhex(escaped[0].replace("\\x", ""))
    for encoding in ("utf-8", *(["gb18030"] if len(told) >= _TWO_LETTERS else [])):
        with suppress(UnicodeDecodeError):
            return told.decode(encoding)
    return told.decode("latin-1")


def _letters(escaped: re.Match[str]) -> str:
    """Pairs of surrogates are one letter; half a pair is none."""
    single = escaped[0].replace("\\\\", "\\")
    decoded: str = json.loads(f'"{single}"')
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def known_zone(name: str) -> tzinfo | None:
    """The zone that has this IANA, Windows or short name, or is so far from UTC
    (``GMT+01:00``); None when none has."""
    if offset := _OFFSET.fullmatch(name):
        sign, hours, minutes = offset.groups()
        ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-ahead if sign == "-" else ahead) if ahead < _A_DAY else None
    full = SHORT_ZONES.get(name) or win_tz.get(name, name)
    try:
        return ZoneInfo(full) if name else None
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None


_OFFSET: Final = re.compile(r"\(?(?:GMT|UTC)?([+-])(\d{1,2}):?(\d\d)?\)?")
_A_DAY: Final = timedelta(days=1)

SHORT_ZONES: Final = MappingProxyType(
    {
        "ACT": "Australia/Darwin",
        "AET": "Australia/Sydney",
        "AEDT": "Australia/Sydney",
        "AEST": "Australia/Sydney",
        "BST": "Europe/London",
        "CDT": "America/Chicago",
        "CEST": "Europe/Paris",
        "CST": "America/Chicago",
        "CTT": "Asia/Shanghai",
        "ECT": "Europe/Paris",
        "EDT": "America/New_York",
        "EEST": "Europe/Athens",
        "HKT": "Asia/Hong_Kong",
        "IST": "Asia/Kolkata",
        "JST": "Asia/Tokyo",
        "KST": "Asia/Seoul",
        "MDT": "America/Denver",
        "MSK": "Europe/Moscow",
        "PDT": "America/Los_Angeles",
        "PST": "America/Los_Angeles",
        "SGT": "Asia/Singapore",
        "WEST": "Europe/Lisbon",
    }
)
"""TWS runs on Java, which may name a zone like this: java.time.ZoneId.SHORT_IDS, where
BST is Dhaka's but for the display of London's summer, and the displayed names of summer."""


def zone_of(name: str | None) -> tzinfo:
    """The zone with this IANA or Windows name; New York if it is missing or unknown,
    because a fill must not be lost over the name of a zone."""
    return known_zone((name or "").strip()) or NEW_YORK


def execution_moment(text: str) -> str | None:
    """The time of an execution in a form that ib_async reads correctly; None if it is
    not readable.

    With a hyphen (``20261123-14:41:03``) it is UTC, whatever zone the gateway is in;
    else it is in the zone that it names (IB's release notes of TWS API 10.17), and in New
    York's if it names none or an unknown one.
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
