"""What others do at IB: orders, changes and cancels in TWS, a split, shares that move."""

from dataclasses import replace
from typing import Final

from bot.demo import HOLDER
from core.sandbox.market.universe import universe
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.faults import Happening, LineEvent
from tests.harness.market import SEED
from tests.harness.product import STOCKS
from tests.simulation.book import CLIENT, name_of
from tests.simulation.owner import HELD
from tests.simulation.plan import Fault
from tests.simulation.world import World


_AN_ORDER: Final = 100
"""Shares."""


class FaultsByHand:
    """Somebody acts in the bot's account."""

    def __init__(self, world: World) -> None:
        self._world = world

    def namesake(self, fault: Fault) -> None:
        self._place("BUY", STOCKS[fault.nth - 1], ref=fault.what)

    def hand(self, fault: Fault) -> None:
        self._place(fault.what, STOCKS[fault.nth - 1])

    def acts(self, act: str, fault: Fault, symbol: str) -> None:
        """What a fault in the course of an order has somebody do."""
        if act == "split":
            self._split(symbol, fault.amount)
        elif act == "move":
            self._move_shares(symbol, fault.amount)
        else:
            self._in_the_terminal(fault, symbol)

    def _in_the_terminal(self, fault: Fault, symbol: str) -> None:
        match fault.what.split(" ")[2]:
            case "CANCEL":
                self._cancel()
            case "SIZE" | "DAY" | "STOP" | "TRAIL" as what:
                self._change(what, fault.amount)
            case "COPY":
                self._copy(fault.amount)
            case action:
                self._trade(action, symbol)

    def _trade(self, action: str, symbol: str) -> None:
        """At once; MORE buys as much as an order of the bot's, BACK sells that, HALF half
        of it, FLAT all that there is of it, ALL whatever is held."""
        if action == "ALL":
            for each in (*STOCKS, *HELD):
                self._trade("FLAT", each)
        elif action == "BACK":
            self._place("SELL", symbol, price=0.5, shares=_AN_ORDER)
        elif action == "HALF":
            self._place("SELL", symbol, price=0.5, shares=_AN_ORDER / 2)
        elif action == "MORE":
            self._place("BUY", symbol, price=500.0, shares=_AN_ORDER)
        elif action == "FLAT":
            held = self._world.auditor.book.held_of(symbol)
            if held > 0:
                self._place("SELL", symbol, price=0.5, shares=held)
        else:
            self._place(action, symbol, price=500.0 if action == "BUY" else 0.5)

    def _place(
        self,
        action: str,
        symbol: str,
        *,
        ref: str = "",
        price: float | None = None,
        shares: float = 7,
    ) -> None:
        """Another tool's limit order, far from the market where no price is given."""
        gateway = self._world.gateway
        before = {order.perm_id for order in gateway.orders()}
        gateway.place_by_hand(
            OrderTicket(
                client_id=0,
                order_id=0,
                account=HOLDER.account,
                con_id=_con_id(symbol),
                action=action,
                quantity=shares,
                order_type="LMT",
                limit_price=price or (0.5 if action == "BUY" else 500.0),
                tif="GTC",
                order_ref=ref,
            )
        )
        self._world.auditor.book.traded_by_hand(before)

    def _cancel(self) -> None:
        """Somebody cancels the bot's newest order in the terminal."""
        if ours := self._ours():
            key, name = ours[-1].key, name_of(ours[-1]).split()[-1]
            self._world.auditor.exits.cancelled_by_hand(ours[-1], name)
            self._world.gateway.cancel_by_hand(key.client_id, key.order_id)

    def _copy(self, seconds: float) -> None:
        """Somebody copies the bot's newest order in the terminal, its ref too, and
        cancels the copy after so many seconds."""
        server, ours = self._world.gateway, self._ours()
        if not ours:
            return
        before = {order.perm_id for order in server.orders()}
        server.place_by_hand(replace(ours[-1].ticket, client_id=0, order_id=0))
        [copy] = [o for o in server.orders() if o.perm_id not in before]
        cancel, key = server.cancel_by_hand, copy.key
        self._world.loop.call_later(seconds, cancel, key.client_id, key.order_id)

    def _change(self, what: str, amount: float) -> None:
        """Somebody changes the bot's newest stop in the terminal, or its newest order
        where it has none: *amount* is the size, what its stop is multiplied by, or its
        distance in percent."""
        stops = [o for o in self._ours() if o.ticket.order_type in {"STP", "TRAIL"}]
        for order in (stops or self._ours())[-1:]:
            ticket = _changed(order.ticket, what, amount)
            self._world.auditor.afterwards.changed(order, ticket)
            if what == "SIZE":
                self._world.auditor.book.resized.add(order.perm_id)
            self._world.gateway.change_by_hand(ticket)

    def _ours(self) -> list[BookOrder]:
        return [o for o in self._world.gateway.orders() if o.ticket.client_id == CLIENT]

    def _split(self, symbol: str, ratio: float) -> None:
        """The stock is split; IB ends its orders."""
        self._world.auditor.book.split(symbol, ratio)
        self._world.gateway.happen(
            Happening(after=0, event=LineEvent.SPLIT, symbol=symbol, ratio=ratio)
        )

    def _move_shares(self, symbol: str, shares: float) -> None:
        """So many shares come or leave without a trade; nobody ends an order for it."""
        exchange = self._world.gateway.gateway.exchange
        exchange.move(HOLDER.account, symbol, shares)
        self._world.auditor.afterwards.moved(symbol)


def _con_id(symbol: str) -> int:
    return next(n for n, s in universe(SEED).by_con_id.items() if s.symbol == symbol)


def _changed(ticket: OrderTicket, what: str, amount: float) -> OrderTicket:
    """*ticket* as somebody leaves it in the terminal."""
    match what:
        case "DAY":
            return replace(ticket, tif="DAY")
        case "STOP":
            return replace(ticket, aux_price=round((ticket.aux_price or 0) * amount, 2))
        case "TRAIL":
            return replace(ticket, trail_percent=amount)
        case _:
            return replace(ticket, quantity=amount)
