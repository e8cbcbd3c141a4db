"""Decodes IB's texts and times.

Nothing else decodes them, because decoding a text twice would change it.
"""

import html
import json
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

from core.rules.new_york import NEW_YORK


_BACKSLASHES: Final = re.compile(r"\\{2,}")
_ESCAPED: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_LONG: Final = re.compile(r"\\(?:U([0-9a-fA-F]{8})|u\{([0-9a-fA-F]{1,6})\})")
_BYTES: Final = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_OCTAL: Final = re.compile(r"(?:\\[0-3][0-7]{2})+")
_QUOTED: Final = re.compile(r"\\([\"'/])")
_ATTRIBUTES: Final = r"""\b(?:"[^"]*"|'[^']*'|[^<>"'])*>"""
_BREAKS: Final = re.compile(
    r"\\[nrt]|<\s*/?\s*(?:br|hr|p|div|pre|li|[uo]l|d[ltd]|table|t[rdh]|h[1-6]|option)"
    + _ATTRIBUTES,
    re.IGNORECASE,
)
_TAGS: Final = re.compile(
    r"<!--(?:(?!<!--)[\s\S])*?-->|</?(?:html|head|title|body|center|font|span|a|abbr|b|big|i|u|s|em|img|"
    r"nobr|small|strong|sub|sup|code|tt|label|form|input|script|style)" + _ATTRIBUTES,
    re.IGNORECASE,
)
"""Of HTML only: a name in angle brackets stays."""

_ENTITY: Final = re.compile(r"&#?\w+;")
"""With its semicolon: without it, "&currency=" in an address would lose its letters."""

_SPACES: Final = re.compile(r"\s+")
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Controls, and marks that turn the direction of what follows."""

_HALVES: Final = range(0xD800, 0xE000)
"""Halves of a pair of surrogates."""

_TWO_LETTERS: Final = 4
"""Bytes of two letters in a double-byte encoding; fewer are letters with an accent."""

_DAY: Final = r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)"
_CLOCK: Final = r"(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s*([AaPp])\.?[Mm]\b\.?)?"
_MOMENT: Final = re.compile(rf"{_DAY}([-T,; ]+){_CLOCK}\s*(\S.*)?")
_MOMENT_WITHIN: Final = re.compile(rf"{_DAY}(-|T|[,;]?\s+){_CLOCK}[^\S\n]*(.*)")
_NOON: Final = 12
_LONGEST_NAME: Final = 6
"""Words of the name of a zone, at most (Windows: "Dateline Standard Time")."""

_LAST_SECOND: Final = 59
"""A leap second counts with it."""

_EPOCH: Final = re.compile(r"(\d{9,10})|(\d{10})\d{3}")
"""Seconds, or milliseconds of this time."""

_YEARS: Final = range(1970, 9999)
"""In any zone these are dates that a clock can tell."""


def plain(text: str) -> str:
    """*text* in one line, without IB's escapes: ``\\u59d4`` is a letter, ``\\xe9`` or
    ``\\351`` a byte of one, ``\\n`` and ``<br>`` separate words, ``&amp;`` is an ampersand.
    Other tags, and signs that nobody can see, are left out; also those that are written
    as entities. What was escaped twice is read likewise."""
    single = _BACKSLASHES.sub(r"\\", text)
    letters = _LONG.sub(_letter, _ESCAPED.sub(_letters, single))
    letters = _OCTAL.sub(_octal, _BYTES.sub(_hexadecimal, letters))
    told = _ENTITY.sub(lambda found: html.unescape(found[0]), _unmarked(letters))
    words = _UNSEEN.sub("", told)
    return _SPACES.sub(" ", _unmarked(words)).strip()


def _unmarked(text: str) -> str:
    return _QUOTED.sub(r"\1", _TAGS.sub("", _BREAKS.sub(" ", text)))


def _hexadecimal(escaped: re.Match[str]) -> str:
    return _encoded(bytes.fromhex(escaped[0].replace("\\x", "")))


def _octal(escaped: re.Match[str]) -> str:
    return _encoded(bytes(int(each, 8) for each in escaped[0].split("\\")[1:]))


def _encoded(told: bytes) -> str:
    """Bytes that were no UTF-8 are a western gateway's, or a Chinese one's."""
    for encoding in ("utf-8", *(["gb18030"] if len(told) >= _TWO_LETTERS else [])):
        with suppress(UnicodeDecodeError):
            return told.decode(encoding)
    return told.decode("latin-1")


def _letter(escaped: re.Match[str]) -> str:
    """A number that is no letter's stays as it is written."""
    number = int(escaped[1] or escaped[2], 16)
    is_letter = number <= sys.maxunicode and number not in _HALVES
    return chr(number) if is_letter else escaped[0]


def _letters(escaped: re.Match[str]) -> str:
    """Pairs of surrogates are one letter; half a pair is none."""
    decoded: str = json.loads(f'"{escaped[0]}"')
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
        "AKDT": "America/Anchorage",
        "AKST": "America/Anchorage",
        "BRT": "America/Sao_Paulo",
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
"""Short names by which TWS, which runs on Java, may call a zone: those of
java.time.ZoneId.SHORT_IDS, and those that Java displays. BST is London's summer, as it is
displayed, and not Dhaka's, as in SHORT_IDS."""


def execution_moment(text: str, *, latest: datetime | None = None) -> str | None:
    """The time of an execution in a form that ib_async reads correctly; None if it is
    not readable.

    With a hyphen (``20261123-14:41:03``) it is UTC, whatever zone the gateway is in;
    else it is in the zone that it names (IB's release notes of TWS API 10.17), and in New
    York's if it names none or an unknown one; that guess was wrong, and the time is not
    readable, if it comes after *latest*. It may also be in seconds or milliseconds since
    1970.
    """
    if epoch := _EPOCH.fullmatch(text.strip()):
        return epoch[1] or epoch[2]
    found = _MOMENT.fullmatch(text.strip())
    moment = found and _moment(found, latest)
    return utc_text(moment) if moment else None


def moment_within(text: str) -> datetime | None:
    """The first moment (UTC) that stands in *text*, read like an execution's; None if
    there is none that is readable."""
    found = _MOMENT_WITHIN.search(text)
    return _moment(found) if found else None


def _moment(found: re.Match[str], latest: datetime | None = None) -> datetime | None:
    year, month, day, between, hour, minute, second, half, zone = found.groups()
    is_utc = zone in {"Z", "z"} or (between == "-" and not zone)
    clock = _hour(int(hour), half), int(minute), min(int(second or 0), _LAST_SECOND)
    try:
        local = datetime(int(year), int(month), int(day), *clock, tzinfo=UTC)
    except ValueError:
        return None
    if local.year not in _YEARS:
        return None
    here = UTC if is_utc else _zone_before(zone or "")
    moment = local.replace(tzinfo=here or NEW_YORK).astimezone(UTC)
    is_wrong = here is None and latest is not None and moment > latest
    return None if is_wrong else moment


def _zone_before(text: str) -> tzinfo | None:
    """The zone that *text* begins with, in as many words as its name has; None if it
    begins with none."""
    words = text.split()[:_LONGEST_NAME]
    names = (" ".join(words[:most]) for most in range(len(words), 0, -1))
    zones = (known_zone(name.rstrip(".,:;")) for name in names)
    return next((zone for zone in zones if zone), None)


def _hour(told: int, half: str | None) -> int:
    """The hour of the day; -1, which none is, if there is no such hour of the *half* of
    the day (a or p)."""
    if half is None:
        return told
    after = _NOON if half in {"p", "P"} else 0
    return told % _NOON + after if 1 <= told <= _NOON else -1


def utc_text(moment: datetime) -> str:
    """*moment* as ib_async reads it."""
    return f"{moment.astimezone(UTC):%Y%m%d %H:%M:%S} UTC"
