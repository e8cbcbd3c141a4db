"""Prices, sizes and refusals that a test or a scenario sets for one stock."""

from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Wishes for one stock; what is left None stays as the seed made it.

    Prices are dollars. ``on`` names the session that the prices and ``volume`` are
    for: ``open`` is its first print, ``last`` the price right after that, changing by
    ``drift`` (a fraction, per minute) until the close; ``prior_open`` and
    ``prior_close`` are of the session before. A shaped day has no noise, so tests can
    count on the cent. From ``jump_at`` on the last price is ``jump_to``.

    Without ``on`` the wishes about the book hold at all times: ``spread`` in dollars,
    ``bid_size``, ``ask_size`` in shares (what is taken comes back after
    ``refill_seconds``), ``halted`` 1 or 2, ``no_quote`` (no tick will ever come),
    ``no_bar_today`` (listed and quoted, but no regular print in the session ``on``),
    ``refuse`` (code, text) answers every order with that error; ``price_cap`` in dollars
    is the worst price that IB lets an order trade at, whatever its own limit.

    Raises:
        ValueError: a price or a volume without the session it is for.
    """

    on: date | None = None
    open: float | None = None
    last: float | None = None
    drift: float = 0.0
    prior_open: float | None = None
    prior_close: float | None = None
    volume: float | None = None
    jump_at: datetime | None = None
    jump_to: float | None = None
    spread: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    refill_seconds: float | None = None
    halted: int | None = None
    no_quote: bool = False
    no_bar_today: bool = False
    refuse: tuple[int, str] | None = None
    price_cap: float | None = None

    def __post_init__(self) -> None:
        dated = (self.open, self.last, self.prior_open, self.prior_close, self.volume)
        if self.on is None and (self.no_bar_today or any(v is not None for v in dated)):
            raise ValueError("a shape with prices needs `on`, the session they are for")

    def split(self, ratio: float) -> "Shape":
        """The same shape in the shares after a split; what is set for the quoted prices
        and the spread stays.
        """
        lower = 1 / ratio
        return replace(
            self,
            open=_times(self.open, lower),
            last=_times(self.last, lower),
            prior_open=_times(self.prior_open, lower),
            prior_close=_times(self.prior_close, lower),
            jump_to=_times(self.jump_to, lower),
            price_cap=_times(self.price_cap, lower),
            volume=_times(self.volume, ratio),
        )

    @property
    def priced(self) -> bool:
        """Whether the day's path is given rather than drawn."""
        return self.open is not None or self.last is not None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
