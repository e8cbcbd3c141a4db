"""The answer to reqScannerParameters: valid XML, cut down to what the market knows.

Tested by tests/core/sandbox/gateway/requests/test_scans.py.
"""

from typing import Final
from xml.sax.saxutils import escape


CODES: Final = (
    ("Top % Gainers", "TOP_PERC_GAIN"),
    ("Top % Losers", "TOP_PERC_LOSE"),
    ("Top % Gainers Since Open", "TOP_OPEN_PERC_GAIN"),
    ("Top % Losers Since Open", "TOP_OPEN_PERC_LOSE"),
    ("Hot by Volume", "HOT_BY_VOLUME"),
    ("Most Active", "MOST_ACTIVE"),
    ("Top Close-to-Open % Gainers", "HIGH_OPEN_GAP"),
    ("Top Close-to-Open % Losers", "LOW_OPEN_GAP"),
)
LOCATIONS: Final = (
    ("US Stocks", "STK.US"),
    ("Listed/NASDAQ", "STK.US.MAJOR"),
    ("OTC Markets", "STK.US.MINOR"),
)
FILTERS: Final = (
    "priceAbove",
    "priceBelow",
    "volumeAbove",
    "marketCapAbove1e6",
    "marketCapBelow1e6",
    "changePercAbove",
    "changePercBelow",
)


def _location(name: str, code: str) -> str:
    return (
        f"<Location><displayName>{escape(name)}</displayName>"
        f"<locationCode>{code}</locationCode></Location>"
    )


def _scan(name: str, code: str) -> str:
    return (
        f"<ScanType><displayName>{escape(name)}</displayName>"
        f"<scanCode>{code}</scanCode><instruments>STK</instruments></ScanType>"
    )


def _filter(code: str) -> str:
    return (
        f"<RangeFilter><id>{code}</id><AbstractField><code>{code}</code>"
        "</AbstractField></RangeFilter>"
    )


SCANNER_PARAMETERS: Final = "\n".join(
    (
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<ScanParameterResponse>",
        "<InstrumentList><Instrument><name>US Stocks</name><type>STK</type>",
        f"<filters>{';'.join(FILTERS)}</filters></Instrument></InstrumentList>",
        f"<LocationTree>{''.join(_location(*each) for each in LOCATIONS)}",
        "</LocationTree>",
        f"<ScanTypeList>{''.join(_scan(*each) for each in CODES)}</ScanTypeList>",
        f"<FilterList>{''.join(_filter(each) for each in FILTERS)}</FilterList>",
        "</ScanParameterResponse>",
    ),
)
