"""The times that an order names: good after, good till, an algo's start and end."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from core.sandbox.market.hours import NEW_YORK
from core.sandbox.trading.tickets import OrderTicket


SHAPE: Final = re.compile(
    r"(?:(?P<day>\d{8})(?P<dash>[ -]))?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?: (?P<zone>[\w/+-]+))?"
)
INVALID: Final = (
    "The date, time, or time-zone entered is invalid. The correct format is yyyymmdd"
    " hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00"
    " US/Eastern Note that there is a space between the date and time, and between the"
    " time and time-zone."
)


def moment_of(text: str, now: datetime) -> datetime | None:
    """Read IB's ``[yyyymmdd ]hh:mm:ss[ zone]``, or ``yyyymmdd-hh:mm:ss`` in UTC.

    Without a date it is that of *now* in New York, without a zone New York time. Returns
    UTC; None if it cannot be read.
    """
    found = SHAPE.fullmatch(text.strip())
    if found is None:
        return None
    day = found["day"] or f"{now.astimezone(NEW_YORK):%Y%m%d}"
    clock = found["clock"] if found["clock"].count(":") > 1 else f"{found['clock']}:00"
    try:
        zone = UTC if found["dash"] == "-" else ZoneInfo(found["zone"] or NEW_YORK.key)
        local = datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S")  # noqa: DTZ007  the zone is set below
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, KeyError, OverflowError):
        return None


def starts(ticket: OrderTicket, placed: datetime) -> datetime:
    """The first moment (UTC) at which the order may trade."""
    texts = (ticket.raw.get("goodAfterTime", ""), ticket.algo_params.get("startTime"))
    moments = [moment_of(text, placed) for text in texts if text]
    return max([placed, *(each for each in moments if each is not None)])


def ends(ticket: OrderTicket, placed: datetime) -> datetime | None:
    """The moment (UTC) at which the order is cancelled; None where it names none."""
    texts = []
    if ticket.tif == "GTD":
        texts.append(ticket.raw.get("goodTillDate", ""))
    if ticket.algo_params.get("allowPastEndTime", "0") in {"", "0"}:
        texts.append(ticket.algo_params.get("endTime", ""))
    moments = [moment_of(text, placed) for text in texts if text]
    return min((each for each in moments if each is not None), default=None)
