"""Carries out the faults of a plan, and ends them all."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from bot.demo import HOLDER
from bot.sandbox.api_types import User
from bot.sandbox.faults import Drop, Fault as ChatFault
from bot.sandbox.server import OWNER
from core.sandbox.market.universe import universe
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trading.tickets import OrderTicket
from core.sandbox.trouble.faults import (
    QUIET_DAY,
    Action,
    Happening,
    LineEvent,
    Trouble,
)
from core.sandbox.trouble.scenarios import LIBRARY
from tests.harness.market import SEED
from tests.harness.product import STOCKS
from tests.simulation.book import CLIENT, name_of
from tests.simulation.network import FAIR, NetworkQuality
from tests.simulation.owner import APPROVE, BOTH, HELD, NOT_THERE, SETTING_YES, buttons
from tests.simulation.plan import (
    FALSELY_CANCELLED,
    FALSELY_REFUSED,
    NO_BUTTON,
    WIRE,
    Fault,
    Kind,
)
from tests.simulation.wire import Placed
from tests.simulation.world import World, shapes


STRANGER: Final = User(id=666, first_name="Mallory", username="mallory")
OTHER: Final = AccountSpec(account="DU7654321")
_ORDER_ACTIONS: Final = {
    "cut": Action.CUT,
    "cut before": Action.CUT_BEFORE,
    "swallow": Action.SWALLOW,
    "drop": Action.DROP,
    "delay": Action.DELAY,
    "refuse": Action.REFUSE,
}
_HELD: Final = (
    "Order Message:\nWarning: Your order will not be placed at the exchange until "
    "2026-11-24 09:30:00 US/Eastern."
)
_SAYS_REFUSED: Final = "placeOrder note 201"
_FARMS_UP: Final = {"2103": "2104", "2105": "2106", "2157": "2158"}


class Troublemaker:
    """Carries out a plan's faults in one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._crash_in = 0
        world.on_tap = self._tapped
        world.auditor.sends.on_order = self._ordered
        world.auditor.sends.on_probe = self._probed
        world.on_point = lambda point: self._pass(point, STOCKS[0])
        world.loop.on_step = self._count_down
        self._steps: list[tuple[int, float]] = []
        self._soon: dict[str, list[Fault]] = {}
        self._approved_at = -1e9

    async def play(self) -> None:
        """Each fault at its time; returns after the last."""
        for trouble in self._world.plan.lost:
            self._world.gateway.add_trouble(trouble)
        for fault in self._world.plan.faults:
            await asyncio.sleep(max(0.0, fault.at - self._world.loop.time()))
            self._world.tell(f"FAULT {fault}")
            self._world.auditor.counts[f"fault {fault.kind}"] += 1
            _PLAYS[fault.kind](self, fault)

    def end(self) -> None:
        """End every fault; nothing goes wrong from now on."""
        world, network = self._world, self._world.loop.network
        network.dark.clear()
        network.shut.clear()
        network.default = FAIR
        world.chat.faults.clear()
        world.lives.deaths.clear()
        self._steps.clear()
        self._soon.clear()
        world.gateway.reload(QUIET_DAY)
        world.gateway.thaw()
        if not world.gateway.gateway.line.up:
            world.gateway.flap(1102)
        world.clock.error = 0.0
        if not world.lives.alive:
            world.lives.begin()
        self._own_login()

    # the bot's process

    def crash(self, fault: Fault) -> None:
        self._world.lives.kill(rest=fault.amount)

    def power(self, fault: Fault) -> None:
        """At once, or at a write-ahead point."""
        if fault.what:
            self._die_at(fault, power=True)
        else:
            self._world.lives.kill(rest=fault.amount, power=True)

    def old_copy(self, fault: Fault) -> None:
        """The files of now, or of right before the next tap or order, come back."""
        if fault.what:
            self._soon.setdefault(fault.what, []).append(fault)
        else:
            self._keep(fault)

    def _keep(self, fault: Fault) -> None:
        lives = self._world.lives
        if lives.alive:
            lives.keep()
            self._world.auditor.files_kept()
            self._later(fault.amount, partial(lives.go_back, rest=2.0))

    def crash_at(self, fault: Fault) -> None:
        self._die_at(fault, power=False)

    def _die_at(self, fault: Fault, *, power: bool) -> None:
        deaths = self._world.lives.deaths.setdefault(fault.what, [])
        deaths.append((fault.nth, fault.amount, power))

    def crash_steps(self, fault: Fault) -> None:
        self._steps.append((fault.nth, fault.amount))

    def _tapped(self, data: str) -> None:
        self._arm()
        if data.startswith(APPROVE):
            self._approved_at = self._world.loop.time()
            self._pass("tap", STOCKS[0])

    def _probed(self) -> None:
        """The bot asks for IB's clock: a Yes was tapped a moment ago, and its order is
        not sent yet.
        """
        if self._world.loop.time() - self._approved_at < _JUDGED_WITHIN:
            self._pass("probe", STOCKS[0])

    def _ordered(self, placed: Placed) -> None:
        self._pass("exit" if placed.exit else "order", placed.symbol)
        self._world.lives.pass_point(WIRE)

    def _arm(self) -> None:
        if self._steps and not self._crash_in:
            self._crash_in = self._steps[0][0]

    def _count_down(self) -> None:
        if self._crash_in:
            self._crash_in -= 1
            if not self._crash_in and self._steps:
                _, rest = self._steps.pop(0)
                self._world.lives.kill(rest=rest)

    # right after a tap, or an order's bytes

    def soon(self, fault: Fault) -> None:
        waits_for, _, _ = fault.what.partition(" ")
        if waits_for == _CLOCK:
            self._happens(fault, STOCKS[0])
            return
        self._soon.setdefault(waits_for, []).append(fault)

    def _pass(self, what: str, symbol: str) -> None:
        """What waited for the next *what*, or the one after that, happens soon."""
        for fault in self._soon.pop(what, []):
            if fault.nth > 1:
                self.soon(replace(fault, nth=fault.nth - 1))
            elif fault.kind is Kind.OLD_COPY:
                self._later(fault.after, partial(self._keep, fault))
            elif fault.after or what in _IN_TURN:
                self._later(fault.after, partial(self._happens, fault, symbol))
            else:
                self._happens(fault, symbol)  # before the bot's next instruction

    def _happens(self, fault: Fault, symbol: str) -> None:
        act = fault.what.split(" ")[1]
        self._world.tell(f"FAULT now: {fault}")
        match act:
            case "cancel" | "halt" | "panic" | "scan" | "sell":
                self._says(_WORDS.get(act, f"/{act}").format(symbol))
            case "sleep":
                self._world.suspend(fault.amount)
            case "deny" | "yes" | "yes?" | "press" | "stale" | "say":
                self._owner_acts(act, fault)
            case "blind" | "forget" | "rollback":
                self._restart(act, fault.amount)
            case "hand":
                self._by_another(fault, symbol)
            case "split" | "move" | "gone":
                self._changes(act, symbol, fault.amount)
            case "late" | "hide" | "jump" | "fall" | "lose" | "slow" | "event":
                self._at_ib(act, fault)
            case _:
                what = {"line": "1102", "chat": "dark"}.get(act, "")
                _PLAYS[_ACTS[act]](self, replace(fault, kind=_ACTS[act], what=what))

    def _by_another(self, fault: Fault, symbol: str) -> None:
        """Somebody acts in the terminal."""
        match fault.what.split(" ")[2]:
            case "CANCEL":
                self._cancel_by_hand()
            case "SIZE" | "DAY" | "STOP" | "TRAIL" as what:
                self._change_by_hand(what, fault.amount)
            case "COPY":
                self._copy_by_hand(fault.amount)
            case action:
                self._hand_trades(action, symbol)

    def _at_ib(self, act: str, fault: Fault) -> None:
        match act:
            case "late":  # the next of IB's messages that is called so
                message = fault.what.split(" ")[2]
                self.word(replace(fault, what=f"{message} delay", nth=1))
            case "hide":
                self._hide(int(fault.amount))
            case "lose" | "slow":  # every such message from now on
                action = Action.DROP if act == "lose" else Action.DELAY
                each = Trouble(
                    message=fault.what.split(" ")[2],
                    action=action,
                    times=0,
                    seconds=fault.amount,
                )
                self._world.gateway.add_trouble(each)
            case "jump" | "fall":
                self._move(fault.amount or (_UP if act == "jump" else _DOWN))
            case _:
                self._happen(LineEvent(fault.what.split(" ", 2)[2]))

    def _owner_acts(self, act: str, fault: Fault) -> None:
        match act:
            case "say":
                self._says(fault.what.split(" ", 2)[2])
            case "press":
                self._press_newest(fault.what.split(" ")[2])
            case "stale":
                self._press_as_it_was(BOTH[0])
            case "yes?":  # of which a card should have none
                self._press_newest(BOTH[0], or_none=True)
            case _:
                self._press_newest(NOT_THERE if act == "deny" else BOTH[0])

    def _says(self, words: str) -> None:
        self._world.auditor.said(words)
        self._world.chat.chats.receive(OWNER, words)

    def _remember(self) -> None:
        """The buttons that the owner's phone shows now."""
        world = self._world
        world.offers_seen.extend(
            (message, label, data)
            for message in world.chat.phone.received
            for label, data in buttons(message)
        )

    def _press_as_it_was(self, begins: str) -> None:
        """The owner presses the last button whose data begins so on a message that says
        something else by now."""
        world = self._world
        now = {each.message_id: each.text for each in world.chat.phone.received}
        for message, label, data in reversed(world.offers_seen):
            if data.startswith(begins) and now.get(message.message_id) != message.text:
                world.press(world.chat.phone, message, label, data)
                return
        self._finds_none(begins)

    def _press_newest(self, begins: str, *, or_none: bool = False) -> None:
        """The owner presses the newest button whose data begins so."""
        world = self._world
        self._remember()
        for message in reversed(world.chat.phone.received):
            for label, data in buttons(message):
                if data.startswith(begins):
                    world.press(world.chat.phone, message, label, data)
                    return
        if not or_none:
            self._finds_none(begins)

    def _finds_none(self, begins: str) -> None:
        """A course's press found no button: the day is not what it was made to be."""
        self._world.auditor.counts[f"{NO_BUTTON} {begins}"] += 1
        self._world.tell(f"{NO_BUTTON} {begins}")

    def _move(self, factor: float) -> None:
        """Multiply the prices of the leading stocks by *factor* from now on."""
        world = self._world
        for symbol, shape in shapes(world.plan).items():
            price = round((shape.last or 1.0) * factor, 2)
            changed = replace(shape, jump_at=world.clock.true(), jump_to=price)
            world.gateway.set_override(symbol, changed)

    def _hide(self, number: int) -> None:
        """Lose the next *number* openOrder and the next *number* orderStatus messages,
        those of lists too.
        """
        for message in ("openOrder", "orderStatus"):
            self._world.gateway.add_trouble(
                Trouble(message=message, action=Action.DROP, times=number)
            )

    def _restart(self, act: str, amount: float) -> None:
        """The gateway restarts: its first lists of open orders are empty, its ids go
        back, or both."""
        self._happen(
            LineEvent.RESTART,
            down=amount if act == "rollback" else 0.0,
            blind=0 if act == "rollback" else int(amount),
            rollback=0 if act == "blind" else _BACK,
        )

    def _hand_trades(self, action: str, symbol: str) -> None:
        """At once; MORE buys as much as an order of the bot's, BACK sells that, HALF half
        of it, FLAT all that there is of it, ALL whatever is held."""
        if action == "ALL":
            for each in (*STOCKS, *HELD):
                self._hand_trades("FLAT", each)
        elif action == "BACK":
            self._by_hand("SELL", symbol, price=0.5, shares=_AN_ORDER)
        elif action == "HALF":
            self._by_hand("SELL", symbol, price=0.5, shares=_AN_ORDER / 2)
        elif action == "MORE":
            self._by_hand("BUY", symbol, price=500.0, shares=_AN_ORDER)
        elif action == "FLAT":
            held = self._world.auditor.book.held_of(symbol)
            if held > 0:
                self._by_hand("SELL", symbol, price=0.5, shares=held)
        else:
            self._by_hand(action, symbol, price=500.0 if action == "BUY" else 0.5)

    # the gateway

    def code(self, fault: Fault) -> None:
        message, action, number = fault.what.split(" ")
        if fault.what == FALSELY_CANCELLED:
            self._world.auditor.ib_is_wrong = True
        self._world.gateway.add_trouble(
            Trouble(
                message=message,
                action=Action(action),
                nth=fault.nth,
                seconds=fault.amount,
                code=int(number),
                text=_HELD if number == "399" else "drawn",
            )
        )

    def scenario(self, fault: Fault) -> None:
        """One of the gateway's own, from now on."""
        scenario = LIBRARY[fault.what]
        for trouble in scenario.troubles:
            self._world.gateway.add_trouble(trouble)
        for each in scenario.line:
            self._later(each.after, partial(self._world.gateway.happen, each))

    def order(self, fault: Fault) -> None:
        if fault.what == FALSELY_REFUSED:
            self.code(replace(fault, what=_SAYS_REFUSED, amount=0.0))
            self._world.auditor.ib_is_wrong = True
            fault = replace(fault, what="delay")
        for fate in fault.what.split(" and "):
            self._world.gateway.add_trouble(
                Trouble(
                    message="placeOrder",
                    action=_ORDER_ACTIONS[fate],
                    nth=fault.nth,
                    seconds=fault.amount,
                    code=201,
                    text="Order rejected - reason: drawn",
                )
            )

    def word(self, fault: Fault) -> None:
        message, action = fault.what.split(" ")
        self._world.gateway.add_trouble(
            Trouble(
                message=message,
                action=Action(action),
                nth=fault.nth,
                seconds=fault.amount,
            )
        )

    def restart(self, fault: Fault) -> None:
        self._happen(
            LineEvent.RESTART,
            down=fault.amount,
            rollback=2 if fault.what == "rollback" else 0,
            blind=1 if fault.what == "blind" else 0,
        )

    def cut(self, _fault: Fault) -> None:
        self._world.gateway.cut()

    def freeze(self, fault: Fault) -> None:
        self._world.gateway.freeze()
        self._later(fault.amount, self._world.gateway.thaw)

    def line(self, fault: Fault) -> None:
        self._world.gateway.flap(1100)
        self._later(fault.amount, lambda: self._world.gateway.flap(int(fault.what)))

    def farm(self, fault: Fault) -> None:
        self._happen(LineEvent(fault.what))
        self._later(
            fault.amount, lambda: self._happen(LineEvent(_FARMS_UP[fault.what]))
        )

    def dark(self, fault: Fault) -> None:
        self._dim(self._world.gateway_port, fault.amount)

    def _happen(
        self, event: LineEvent, *, down: float = 0.0, rollback: int = 0, blind: int = 0
    ) -> None:
        self._world.gateway.happen(
            Happening(after=0, event=event, down=down, rollback=rollback, blind=blind)
        )
        if event is LineEvent.BUST:
            self._world.auditor.book.trade_taken_back()

    # the chat

    def chat_status(self, fault: Fault) -> None:
        method, status = fault.what.split(" ")
        wait = int(fault.amount) + 1 if status == "429" else None
        trouble = ChatFault(status=int(status), retry_after=wait)
        if status == "200":  # maintenance, in the place of an answer
            trouble = ChatFault(instead="<html><body>back soon</body></html>")
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def chat_cut(self, fault: Fault) -> None:
        method, when = fault.what.split(" ")
        trouble = ChatFault(drop=Drop(when))
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def chat_slow(self, fault: Fault) -> None:
        method, _ = fault.what.split(" ")
        trouble = ChatFault(delay=fault.amount)
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def chat_again(self, fault: Fault) -> None:
        trouble = ChatFault(repeat=True)
        self._world.chat.faults.next("getUpdates", trouble, times=fault.nth)

    def chat_out(self, fault: Fault) -> None:
        port, network = self._world.chat_port, self._world.loop.network
        if fault.what == "dark":
            self._dim(port, fault.amount)
            return
        network.shut.add(port)
        network.cut(port)
        self._later(fault.amount, lambda: network.shut.discard(port))

    # the machine, and the world

    def network_quality(self, fault: Fault) -> None:
        self._world.loop.network.default = NetworkQuality(
            late=0.2, longest=fault.amount, split=0.3
        )

    def step(self, fault: Fault) -> None:
        sign = 1 if fault.what == "forward" else -1
        self._world.clock.error += sign * fault.amount

    def sleep(self, fault: Fault) -> None:
        world = self._world
        world.suspend(fault.amount)
        if fault.what == "cut":
            world.loop.network.cut(world.gateway_port)
            world.loop.network.cut(world.chat_port)

    def disk(self, fault: Fault) -> None:
        world = self._world
        self._later(fault.amount, world.disk.fill(world.lives.number))

    def login(self, fault: Fault) -> None:
        self._world.gateway.gateway.exchange.open_account(OTHER)
        self._world.gateway.cut()
        self._later(fault.amount, self._own_login)

    def _own_login(self) -> None:
        exchange = self._world.gateway.gateway.exchange
        if OTHER.account in exchange.accounts():
            exchange.close_account(OTHER.account)
            self._world.gateway.cut()

    def namesake(self, fault: Fault) -> None:
        self._by_hand("BUY", STOCKS[fault.nth - 1], ref=fault.what)

    def hand(self, fault: Fault) -> None:
        self._by_hand(fault.what, STOCKS[fault.nth - 1])

    def _by_hand(
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

    def _cancel_by_hand(self) -> None:
        """Somebody cancels the bot's newest order in the terminal."""
        if ours := self._ours():
            key, name = ours[-1].key, name_of(ours[-1]).split()[-1]
            self._world.auditor.exits.cancelled_by_hand(ours[-1], name)
            self._world.gateway.cancel_by_hand(key.client_id, key.order_id)

    def _copy_by_hand(self, seconds: float) -> None:
        """Somebody copies the bot's newest order in the terminal, its ref too, and
        cancels the copy after so many seconds."""
        server, ours = self._world.gateway, self._ours()
        if not ours:
            return
        before = {order.perm_id for order in server.orders()}
        server.place_by_hand(replace(ours[-1].ticket, client_id=0, order_id=0))
        [copy] = [o for o in server.orders() if o.perm_id not in before]
        key = copy.key
        self._later(seconds, lambda: server.cancel_by_hand(key.client_id, key.order_id))

    def _change_by_hand(self, what: str, amount: float) -> None:
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

    def _split(self, symbol: str, ratio: float) -> None:
        """The stock is split; IB ends its orders."""
        self._world.auditor.book.split(symbol, ratio)
        self._world.gateway.happen(
            Happening(after=0, event=LineEvent.SPLIT, symbol=symbol, ratio=ratio)
        )

    def _changes(self, act: str, symbol: str, amount: float) -> None:
        """What the bot stands on: the shares, or its files, which are gone."""
        if act == "split":
            self._split(symbol, amount)
        elif act == "move":
            self._move_shares(symbol, amount)
        else:
            self._world.auditor.files_kept()
            self._world.lives.lose_files(rest=amount)

    def _move_shares(self, symbol: str, shares: float) -> None:
        """So many shares come or leave without a trade; nobody ends an order for it."""
        exchange = self._world.gateway.gateway.exchange
        exchange.move(HOLDER.account, symbol, shares)
        self._world.auditor.afterwards.moved(symbol)

    def _ours(self) -> list[BookOrder]:
        return [o for o in self._world.gateway.orders() if o.ticket.client_id == CLIENT]

    def elsewhere(self, _fault: Fault) -> None:
        """Buttons of the newest offer are pressed in the owner's name on another message
        than the one that has them: no client of Telegram's does."""
        chat = self._world.chat
        for message in reversed(chat.phone.received):
            for label, data in buttons(message):
                if data.startswith(APPROVE):
                    self._world.tell(f"forged: {label!r} of {message.message_id}")
                    other = message.message_id - 1
                    chat.chats.tap(OWNER, message.chat.id, other, data)
                    return

    def late_tap(self, _fault: Fault) -> None:
        """The owner's phone shows the oldest offer still, and he presses Yes."""
        for message, label, data in self._world.offers_seen:
            if data.startswith(APPROVE):
                self._world.press(self._world.chat.phone, message, label, data)
                return

    def setting(self, fault: Fault) -> None:
        """The owner sends "/settings NAME VALUE", and says Yes when he is asked."""
        self._says(f"/settings {fault.what}")
        self._later(_READS, partial(self._press_newest, SETTING_YES))

    def stranger(self, fault: Fault) -> None:
        chat = self._world.chat
        for text in ("/scan", "/halt", "/start")[: fault.nth]:
            chat.chats.receive(STRANGER, text)
        for message in chat.phone.received[-2:]:
            for label in (each for row in message.buttons for each in row):
                data = str(message.button(label)["callback_data"])
                chat.chats.tap(STRANGER, message.chat.id, message.message_id, data)

    def _dim(self, port: int, seconds: float) -> None:
        dark = self._world.loop.network.dark
        dark.add(port)
        self._later(seconds, lambda: dark.discard(port))

    def _later(self, seconds: float, call: Callable[[], object]) -> None:
        self._world.loop.call_later(seconds, call)


_JUDGED_WITHIN: Final = 3.0
"""Seconds between a Yes and the probe before its order."""

_READS: Final = 4.0
"""Seconds until the owner answers a question."""

_WORDS: Final = {"cancel": "/cancel all", "sell": "/sell {} all"}
"""What the owner says, with the order's stock in it."""

_AN_ORDER: Final = 100
"""Shares."""

_UP, _DOWN = 1.1, 0.9
"""What a price is multiplied by."""

_BACK: Final = 500
"""Ids that a gateway forgets."""

_CLOCK: Final = "clock"
"""For what does not wait: it happens at its own time."""

_IN_TURN: Final = frozenset({"tap", "order", "exit"})
_ACTS: Final = {
    "cut": Kind.CUT,
    "restart": Kind.RESTART,
    "line": Kind.LINE,
    "freeze": Kind.FREEZE,
    "crash": Kind.CRASH,
    "chat": Kind.CHAT_OUT,
    "dark": Kind.DARK,
}

_PLAYS: Final[dict[Kind, Callable[[Troublemaker, Fault], None]]] = {
    Kind.CRASH: Troublemaker.crash,
    Kind.POWER: Troublemaker.power,
    Kind.OLD_COPY: Troublemaker.old_copy,
    Kind.CRASH_AT: Troublemaker.crash_at,
    Kind.CRASH_STEPS: Troublemaker.crash_steps,
    Kind.ORDER: Troublemaker.order,
    Kind.WORD: Troublemaker.word,
    Kind.RESTART: Troublemaker.restart,
    Kind.CUT: Troublemaker.cut,
    Kind.FREEZE: Troublemaker.freeze,
    Kind.LINE: Troublemaker.line,
    Kind.FARM: Troublemaker.farm,
    Kind.DARK: Troublemaker.dark,
    Kind.CHAT_STATUS: Troublemaker.chat_status,
    Kind.CHAT_CUT: Troublemaker.chat_cut,
    Kind.CHAT_SLOW: Troublemaker.chat_slow,
    Kind.CHAT_AGAIN: Troublemaker.chat_again,
    Kind.CHAT_OUT: Troublemaker.chat_out,
    Kind.NETWORK: Troublemaker.network_quality,
    Kind.STEP: Troublemaker.step,
    Kind.SLEEP: Troublemaker.sleep,
    Kind.DISK: Troublemaker.disk,
    Kind.SOON: Troublemaker.soon,
    Kind.CODE: Troublemaker.code,
    Kind.SCENARIO: Troublemaker.scenario,
    Kind.LOGIN: Troublemaker.login,
    Kind.NAMESAKE: Troublemaker.namesake,
    Kind.HAND: Troublemaker.hand,
    Kind.STRANGER: Troublemaker.stranger,
    Kind.ELSEWHERE: Troublemaker.elsewhere,
    Kind.LATE_TAP: Troublemaker.late_tap,
    Kind.SETTING: Troublemaker.setting,
}


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
