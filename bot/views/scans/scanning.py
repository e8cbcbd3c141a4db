"""A scan under way, as it goes."""

from collections.abc import Mapping
from typing import Final

from bot.views import words
from core.model.status import ScanProgress


NAMES: Final = {
    "TOP_PERC_GAIN": "top gainers",
    "TOP_PERC_LOSE": "top losers",
    "MOST_ACTIVE": "most active",
    "HOT_BY_VOLUME": "hot by volume",
    "TOP_OPEN_PERC_GAIN": "top gainers since the open",
}
"""The scanner's codes in words; one that is not here is shown as it is."""

PLACES: Final = {"STK.US.MAJOR": "US majors", "STK.US": "US stocks"}


def scan_name(codes: str) -> str:
    """What a scan looks for, to stand in a sentence; several have commas between."""
    return _named(codes, NAMES)


def scanning(progress: ScanProgress) -> str:
    """Which stages are done and how far the others are; about four lines."""
    place = _named(progress.location, PLACES)
    head = words.safe(f"Scanning {scan_name(progress.code)}, {place} …")
    return f"{head}\n{words.pre(_stages(progress))}"


def _named(words_of_ib: str, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(each, each) for each in words_of_ib.split(","))


def waiting() -> str:
    """The first answer to /scan, before anything is known."""
    return "Scanning …"


def _stages(progress: ScanProgress) -> list[str]:
    return [
        _stage("scanner", _scanner(progress)),
        _stage("quotes", _of(progress.quotes, progress.rows)),
        _stage("bars", _of(progress.bars, progress.bars_wanted)),
    ]


def _stage(name: str, so_far: str) -> str:
    return f"{name:<9} {so_far}".rstrip()


def _scanner(progress: ScanProgress) -> str:
    if progress.rows is None:
        return "asking"
    took = progress.scanner_seconds or 0.0
    return f"{progress.rows:>2} rows   {took:>5.1f} s"


def _of(count: int | None, wanted: int | None) -> str:
    return "" if count is None or wanted is None else f"{count:>2} / {wanted}"


def under_way() -> str:
    return "A scan is already under way: its card serves you too."
