"""What is held now: the account window, which may lag behind a purchase by minutes,
combined with what IB lists on request and with our own fills."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.model.market import ConId, Instrument, Side
from core.model.order import Order
from core.model.portfolio import Inventory, Position
from core.rules.selling.holding import just_filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """``listed`` is known to be held. ``unlisted`` has, by symbol, the whole shares
    bought recently beyond what IB lists. ``nameless`` counts listed holdings whose
    stock is not known here."""

    listed: tuple[Position, ...]
    unlisted: Mapping[str, int]
    nameless: Mapping[ConId, Decimal]

    def in_words(self) -> str:
        """What cannot be sold yet, and why; empty if everything can be."""
        bought = ", ".join(f"{n:,} {symbol}" for symbol, n in self.unlisted.items())
        held = ", ".join(f"{n:f} of contract {c}" for c, n in self.nameless.items())
        return " ".join(
            (
                *(
                    [f"Bought just now and not listed by IB yet: {bought}."]
                    if bought
                    else ()
                ),
                *([f"Held, and not named by IB yet: {held}."] if held else ()),
            )
        )


def holdings_now(
    window: Sequence[Position],
    inventory: Inventory,
    ours: Iterable[Order],
    now: datetime,
) -> Holdings:
    """Combine the account *window*, the *inventory* that IB has just listed, and
    *ours*, the account's orders that were filled in the last minutes."""
    ours = tuple(ours)
    buys = [o for o in ours if o.side is Side.BUY and just_filled(o.fills, now)]
    bought = {o.instrument.con_id: o for o in buys}
    shown = {p.instrument.con_id: p for p in window}
    listed = [_as_listed(p, inventory, bought) for p in window]
    for con_id, order in bought.items():
        if con_id not in shown and inventory.shares.get(con_id, 0) > 0:
            listed.append(_of_order(order, inventory.shares[con_id]))
    return Holdings(
        listed=tuple(listed),
        unlisted=_unlisted(ours, shown, inventory, now),
        nameless={
            con_id: shares
            for con_id, shares in inventory.shares.items()
            if shares and con_id not in shown and con_id not in bought
        },
    )


def listed_otherwise(
    window: Iterable[Position], inventory: Inventory, ours: Iterable[Order]
) -> dict[str, Decimal]:
    """By symbol, the shares that IB lists on request (*inventory*) of each stock of which
    the account *window* has another number: it lags behind a trade that was made, or
    taken back. A stock that neither the window nor *ours* names is left out."""
    shown = {p.instrument.con_id: p for p in window}
    names = {o.instrument.con_id: o.instrument.symbol for o in ours}
    names |= {con_id: p.instrument.symbol for con_id, p in shown.items()}
    return {
        symbol: listed
        for con_id, symbol in names.items()
        if (listed := inventory.shares.get(con_id, Decimal(0)))
        != (shown[con_id].shares if con_id in shown else 0)
    }


def _as_listed(
    position: Position, inventory: Inventory, bought: Mapping[ConId, Order]
) -> Position:
    """*position* with the shares of *inventory*, which includes recent purchases."""
    con_id = position.instrument.con_id
    if con_id not in bought or con_id not in inventory.shares:
        return position
    return replace(position, shares=inventory.shares[con_id])


def _of_order(order: Order, shares: Decimal) -> Position:
    return Position(
        instrument=order.instrument,
        shares=shares,
        average_cost=order.average_price,
        price=None,
        market_value=None,
        open_profit=None,
    )


def _unlisted(
    ours: Iterable[Order],
    shown: Mapping[ConId, Position],
    inventory: Inventory,
    now: datetime,
) -> dict[str, int]:
    """The stocks of which IB lists fewer shares than were bought in the last
    minutes."""
    lacking: dict[str, int] = {}
    for stock, fresh in _by_stock(ours, now).items():
        con_id = stock.con_id
        before = shown[con_id].shares if con_id in shown else Decimal(0)
        listed = max(inventory.shares.get(con_id, Decimal(0)), before)
        if listed < fresh:
            lacking[stock.symbol] = int(fresh - listed)
    return lacking


def _by_stock(ours: Iterable[Order], now: datetime) -> dict[Instrument, int]:
    """Shares bought in the last minutes, minus those sold in them, by stock."""
    found: dict[Instrument, int] = {}
    for order in ours:
        fresh = just_filled(order.fills, now)
        signed = fresh if order.side is Side.BUY else -fresh
        found[order.instrument] = found.get(order.instrument, 0) + signed
    return found
