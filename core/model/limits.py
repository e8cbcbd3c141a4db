"""What the owner has allowed."""

from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from core.model.money import Money, Shares
from core.model.proposal import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The owner's limits on what may be sent. Amounts are dollars.

    ``account`` is the one account that may trade. ``price_band`` is how far a price
    may be from the card's, in percent. ``gateway_restart`` is the gateway's nightly
    restart, New York time; nothing is sent within ``restart_guard`` of it.
    ``max_day`` is for all that executes in one session, ``buy_held`` is whether a
    stock may be bought that the account holds already. ``max_skew`` is how far the gateway's clock may be from ours.
    ``automatic`` approves offers without asking; live only with ``automatic_live``.
    """

    mode: Mode
    account: str
    shares: Shares
    offer_life: timedelta
    price_band: Decimal
    max_order: Money
    max_day: Money
    buy_held: bool
    allow_delayed: bool
    gateway_restart: time
    restart_guard: timedelta
    max_skew: timedelta
    automatic: bool
    automatic_live: bool
