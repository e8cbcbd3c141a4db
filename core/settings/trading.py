"""What an order may be."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from core.model.chosen.setting import Loosens
from core.settings.group import SettingsGroup
from core.settings.marks import FILE_ONLY
from core.settings.types import (
    Dollars,
    ExitDistance,
    Minutes,
    Seconds,
    SizeText,
    TimeOfDay,
)


EXIT_WORDS: Final = "a distance like 5%, 0.50 (dollars) or 2atr; empty for none"


MORE: Final = Loosens.MORE
LESS: Final = Loosens.LESS
YES: Final = Loosens.YES


class TradingSettings(SettingsGroup):
    """What an order may be. Times of day are New York's, amounts dollars."""

    shares: Annotated[int, MORE] = Field(
        100, ge=1, le=1_000_000, description="a whole number of shares, 1 or more"
    )
    size: SizeText | None = Field(
        None, description="shares like 100, dollars like $500, or a risk like 1%"
    )
    order_type: Literal["MKT", "LMT"] = Field("MKT", description="MKT or LMT")
    limit_percent: Annotated[Decimal, MORE] = Field(
        Decimal(1), gt=0, le=20, description="percent, above 0 and up to 20"
    )
    outside_hours: Annotated[bool, YES] = Field(False, description="true or false")
    max_gap_percent: Annotated[Decimal | None, MORE] = Field(
        None, gt=0, le=100, description="percent, above 0 and up to 100"
    )
    offer_minutes: Annotated[Minutes, MORE] = Field(
        10, description="minutes up to 1440"
    )
    price_band_percent: Annotated[Decimal, MORE] = Field(
        Decimal(2), gt=0, le=100, description="percent, above 0 and up to 100"
    )
    max_order_dollars: Annotated[Dollars, MORE] = Field(
        Decimal(5_000), description="dollars above 0"
    )
    max_day_dollars: Annotated[Dollars, MORE] = Field(
        Decimal(10_000), description="dollars above 0"
    )
    buy_held: Annotated[bool, YES] = Field(False, description="true or false")
    allow_delayed: Annotated[bool, YES] = Field(False, description="true or false")
    gateway_restart: TimeOfDay = Field(
        time(23, 45), description="New York's time of day like 23:45, without a zone"
    )
    restart_guard_minutes: Annotated[float, LESS] = Field(
        3, ge=0, le=60, description="minutes from 0 to 60"
    )
    max_clock_skew_seconds: Annotated[Seconds, MORE] = Field(
        5, description="seconds up to 60"
    )
    max_loss_dollars: Annotated[Dollars | None, MORE] = Field(
        None, description="dollars above 0"
    )
    max_buys: Annotated[int | None, MORE] = Field(
        None, ge=1, le=1_000, description="a whole number from 1 to 1000"
    )
    max_positions: Annotated[int | None, MORE] = Field(
        None, ge=1, le=1_000, description="a whole number from 1 to 1000"
    )
    max_stock_dollars: Annotated[Dollars | None, MORE] = Field(
        None, description="dollars above 0"
    )
    no_buy_after: Annotated[TimeOfDay | None, MORE] = Field(
        None, description="New York's time of day like 15:30, without a zone"
    )
    max_spread_percent: Annotated[Decimal | None, MORE] = Field(
        None, gt=0, le=100, description="percent, above 0 and up to 100"
    )
    min_relative_volume: Annotated[Decimal | None, LESS] = Field(
        None, gt=0, le=1_000, description="a number above 0, like 1.5"
    )
    automatic: Annotated[bool, YES] = Field(False, description="true or false")
    automatic_live: Annotated[bool, FILE_ONLY] = Field(
        False, description="true or false"
    )
    exit_stop: ExitDistance = Field("", description=EXIT_WORDS)
    exit_trail: ExitDistance = Field("", description=EXIT_WORDS)
    exit_target: ExitDistance = Field("", description=EXIT_WORDS)
