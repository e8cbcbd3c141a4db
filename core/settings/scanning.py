"""What is asked of the scanner, how it is ranked, and how long is waited."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from core.model.chosen.setting import Loosens
from core.model.market import RankBy, ScanRequest
from core.settings.group import SettingsGroup
from core.settings.types import Seconds, Word, Words


LESS: Final = Loosens.LESS


class ScanSettings(SettingsGroup):
    """What is asked of the scanner, how it is ranked, and how long is waited. Times of
    day are New York's, amounts dollars."""

    scan_instrument: Word = Field("STK", description="one of IB's instrument types")
    scan_location: Words = Field(
        "STK.US.MAJOR", description="one of IB's locations, or several: A,B"
    )
    scan_code: Words = Field(
        "TOP_PERC_GAIN", description="one of IB's scan codes, or several: A,B"
    )
    scan_rows: int = Field(50, ge=1, le=50, description="a whole number from 1 to 50")
    scan_volume_above: Annotated[int, LESS] = Field(
        10_000, ge=0, description="a whole number of shares, 0 or more"
    )
    scan_market_cap_below_millions: int = Field(
        1_000, ge=1, description="a whole number of million dollars, 1 or more"
    )
    scan_price_above: Annotated[Decimal, LESS] = Field(
        Decimal(1), ge=0, allow_inf_nan=False, description="dollars, 0 or more"
    )
    rank_by: RankBy = Field(RankBy.SCANNER, description="scanner or open")
    scan_seconds: Seconds = Field(5, description="seconds up to 60")
    quote_seconds: Seconds = Field(2.5, description="seconds up to 60")
    bar_seconds: Seconds = Field(2.5, description="seconds up to 60")

    def scan_requests(self) -> tuple[ScanRequest, ...]:
        """Every code at every location."""
        filters = (
            ("volumeAbove", str(self.scan_volume_above)),
            ("marketCapBelow1e6", str(self.scan_market_cap_below_millions)),
            ("priceAbove", format(self.scan_price_above, "f")),
        )
        return tuple(
            ScanRequest(
                instrument=self.scan_instrument,
                location=location,
                code=code,
                rows=self.scan_rows,
                filters=filters,
            )
            for location in self.scan_location.split(",")
            for code in self.scan_code.split(",")
        )
