"""The gateway that all clients share: a market, a broker connection, a scenario.

It has no sockets and no clock: its callers pass the time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from core.sandbox.gateway.admission import ID_IN_USE, require_room
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.happenings import AT_THE_EXCHANGE, at_the_exchange
from core.sandbox.gateway.line import LINE_TEXT, UpstreamLine
from core.sandbox.gateway.long_work import LongWork
from core.sandbox.gateway.order_ids import OrderIds
from core.sandbox.gateway.quote_cache import QuoteCache
from core.sandbox.gateway.rate import LONG_AGO
from core.sandbox.gateway.session import ClientSession, message_id, request_id
from core.sandbox.latency import AnswerKind, Latency
from core.sandbox.market.shapes import Shape
from core.sandbox.market.universe import check_names, universe
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.timers import Callback, Timers
from core.sandbox.trading.events import Commission, ExchangeEvent
from core.sandbox.trading.exchange import Exchange
from core.sandbox.trading.order_state import BookOrder
from core.sandbox.trouble.faults import (
    QUIET_DAY,
    Action,
    Happening,
    LineEvent,
    Passed,
    Scenario,
    Trouble,
    Troubles,
    for_every_stock,
)


RequestHandler = Callable[["Gateway", ClientSession, Reader], None]
SendEvents = Callable[["Gateway", list[ExchangeEvent]], None]
DATA_LOST: Final = 1101
INVALID_LENGTH: Final = b"\x7f\xff\xff\xff"  # the length of a message that never comes
FILL_STEPS: Final = frozenset({"fill", "partial"})


class Gateway:
    """A simulated IB Gateway: sessions, an exchange, and the scenario's troubles."""

    def __init__(
        self,
        config: GatewayConfig,
        *,
        answers: Mapping[int, RequestHandler],
        tell: SendEvents,
    ) -> None:
        self._given = config
        self.config = replace(config, **config.scenario.settings)
        self._answers = answers
        self._tell = tell
        self._steps = Latency(self.config.profile, seed=f"{self.config.seed} exchange")
        self.exchange = Exchange(
            seed=self.config.seed,
            accounts=self.config.accounts,
            delay=self._exchange_delay,
            shapes=for_every_stock(
                {**self.config.shapes, **self.config.scenario.shapes},
                universe(self.config.seed).by_symbol,
            ),
        )
        for symbol, to in self.config.scenario.renamed.items():
            self.exchange.rename(symbol, to)
        self.quote_cache = QuoteCache(self.exchange)
        self.sessions: list[ClientSession] = []
        self.line = UpstreamLine()
        self.commissions: dict[str, Commission] = {}
        self.now = LONG_AGO
        self.frozen = False
        self.shut_until: datetime | None = None
        self.blind = 0
        self.changes = 0  # counts what a state file would have to be written for
        self._troubles = Troubles(config.scenario)
        self.timers = Timers[Callback]()
        self.long_work = LongWork()
        self._script_started = False
        self.order_ids = OrderIds()

    # clients come and go

    def connect(self, now: datetime) -> ClientSession | None:
        """Begin a client's session; None while no client is let in."""
        self.now = now
        if self.shut_until is not None and now < self.shut_until:
            return None
        self.shut_until = None
        session = ClientSession(self)
        session.now = now
        return session

    def admit(self, session: ClientSession, client_id: int) -> None:
        """As Host.admit."""
        require_room(client_id, {each.client_id for each in self.sessions})
        self.sessions.append(session)
        session.open(client_id)
        session.say(replies.managed_accounts(self.exchange.accounts()))
        session.say(replies.next_valid_id(self.next_order_id(client_id)))
        for code, text in self.line.notices():
            session.error(replies.NOT_TIED, code, text)
        self._start_script()

    def leave(self, session: ClientSession) -> None:
        """Remove a client that has gone."""
        self._troubles.forget(session)
        if session in self.sessions:
            self.sessions.remove(session)

    # what sessions ask of their host

    @property
    def messages_a_second(self) -> int:
        """Half the market data lines, by IB's rule; for each client."""
        return self.config.lines // 2

    @property
    def rejects_over_rate(self) -> bool:
        """Whether messages above the maximum rate are rejected rather than paced."""
        return self.config.reject_over_rate

    def latency(self, client_id: int) -> Latency:
        """The delays of this client's answers, the same for the same seed."""
        return Latency(self.config.profile, seed=f"{self.config.seed} {client_id}")

    def alter_request(self, session: ClientSession, message: Fields) -> Passed:
        """Apply the scenario's troubles to a request."""
        return self._troubles.request(message, client=session)

    def alter_reply(self, session: ClientSession, message: Fields) -> Passed:
        """Apply the scenario's troubles to a reply."""
        return self._troubles.reply(message, client=session)

    def answer(self, session: ClientSession, message: Fields) -> None:
        """Answer a request, or keep it until the broker can be reached again."""
        self.now = max(self.now, session.now)
        number = message_id(message)
        handler = self._answers.get(number)
        if handler is None:
            session.error(replies.NOT_TIED, 506, "Unsupported version")
        elif self.line.holds(number):
            self.line.keep(partial(session.answer, message))
        else:
            handler(self, session, Reader(message))

    def apply_trouble(
        self, trouble: Trouble, session: ClientSession, message: Fields
    ) -> None:
        """Do what *trouble* does besides changing the message."""
        if trouble.action in {Action.REFUSE, Action.NOTE}:
            to = replies.NOT_TIED if trouble.untied else _about(trouble, message)
            session.error(to, trouble.code, trouble.text, delay=trouble.seconds)
            if trouble.code == ID_IN_USE:
                session.close_when_said()
        if trouble.happening is not None:
            self._let_happen(trouble.happening)
        if trouble.action is Action.SWALLOW:
            self.count_id(session.client_id, request_id(message))
        elif trouble.action in {Action.CUT, Action.CUT_BEFORE}:
            session.close()
        elif trouble.action is Action.WILD_LENGTH:
            session.say_raw(INVALID_LENGTH)

    def next_order_id(self, client_id: int) -> int:
        """The lowest order id that the gateway takes from this client."""
        at_exchange = self.exchange.next_order_id(client_id)
        return self.order_ids.next(client_id, at_exchange=at_exchange)

    def count_id(self, client_id: int, order_id: int) -> None:
        """Record that the client used the order id, even if the order was refused."""
        self.order_ids.count(client_id, order_id)
        self.changes += 1

    # passing time

    def advance(self, now: datetime) -> None:
        """Do everything that is due by *now* (UTC)."""
        self.now = max(now, self.now)
        for session in self.sessions:
            session.now = max(session.now, self.now)
        for timer in self.timers.due(self.now):
            timer.what()
        self.long_work.turn()
        if self.line.up and not self.frozen:
            self.publish(self.exchange.advance(self.now))

    def publish(self, events: list[ExchangeEvent]) -> None:
        """Send the exchange's events to the clients concerned."""
        self.changes += len(events)
        for event in events:
            if isinstance(event, Commission):
                self.commissions[event.exec_id] = event
        if events:
            self._tell(self, events)

    def open_orders(self) -> list[BookOrder]:
        """The live orders that the gateway lists; after a restart perhaps none at
        first.
        """
        if self.blind:
            self.blind -= 1
            return []
        return self.exchange.open_orders()

    def next_event_at(self) -> datetime | None:
        """When ``advance`` next has something to do; None while nothing is pending."""
        moments = [self.now if self.long_work.under_way else self.timers.next_at()]
        if self.line.up and not self.frozen:
            moments.append(self.exchange.next_event_at())
        return min((each for each in moments if each is not None), default=None)

    def plan(self, seconds: float, callback: Callback) -> None:
        """Call *callback* after *seconds*, whichever clients are connected then."""
        self.timers.add(self.now + timedelta(seconds=seconds), callback)

    # what a script or a test may do to it

    def happen(self, happening: Happening) -> None:
        """Do what *happening* says now."""
        match happening.event:
            case LineEvent.RESTART:
                self.restart(rollback=happening.rollback, down=happening.down)
                self.blind = happening.blind
            case LineEvent.FREEZE:
                self.freeze()
            case LineEvent.THAW:
                self.frozen = False
            case LineEvent.CUT:
                self.cut()
            case LineEvent.SILENCE:
                self.silence()
            case event if event in AT_THE_EXCHANGE:
                self.publish(at_the_exchange(happening, self.exchange, self.now))
                self.quote_cache.clear()
            case _:
                self.flap(int(happening.event))

    def restart(self, *, rollback: int = 0, down: float = 0.0) -> None:
        """Drop every client, let none in for *down* seconds, lower order ids."""
        self.cut()
        self.shut_until = self.now + timedelta(seconds=down) if down else None
        if rollback:
            for client_id, next_id in self.order_ids.roll_back(rollback).items():
                self.exchange.roll_back_ids(client_id, next_id)
        self.line = UpstreamLine()

    def cut(self) -> None:
        """Drop every client's connection without any message."""
        for session in tuple(self.sessions):
            session.close()

    def freeze(self) -> None:
        """Neither read nor write any more; the sockets stay open."""
        self.frozen = True

    def silence(self) -> None:
        """Forget the clients' subscriptions without telling them."""
        for session in self.sessions:
            session.lose_subscriptions()

    def flap(self, code: int) -> None:
        """Set the connection to the broker or to a farm down or up, by *code*."""
        for session in self.sessions:
            session.error(replies.NOT_TIED, code, LINE_TEXT[code])
            if code == DATA_LOST:
                session.lose_subscriptions()
        for callback in self.line.learn(code):
            callback()

    def add_trouble(self, trouble: Trouble) -> None:
        """Add one trouble from now on."""
        self._troubles.add(trouble)

    def play(self, scenario: Scenario) -> None:
        """Put *scenario*'s troubles, shapes, new symbols, happenings and settings in force
        from now on."""
        for trouble in scenario.troubles:
            self.add_trouble(trouble)
        symbols = self.exchange.universe.by_symbol
        for symbol, shape in for_every_stock(scenario.shapes, symbols).items():
            self.set_override(symbol, shape)
        for symbol, to in scenario.renamed.items():
            self.exchange.rename(symbol, to)
        for happening in scenario.line:
            self._let_happen(happening)
        if scenario.settings:
            self.config = replace(self.config, **scenario.settings)

    def reload(self, scenario: Scenario) -> None:
        """Put *scenario* in force instead of the one before, of which only what has
        happened stays. Raises ValueError: its stocks cannot be renamed so.
        """
        check_names(self.config.seed, scenario.renamed)
        before, self._troubles = self.config.scenario, Troubles(QUIET_DAY)
        for symbol, to in before.renamed.items():
            self.exchange.rename(to, symbol)
        for symbol in for_every_stock(before.shapes, self.exchange.universe.by_symbol):
            self.set_override(symbol, self._given.shapes.get(symbol))
        self.config = replace(self._given, scenario=scenario)
        self.play(scenario)

    def set_override(self, symbol: str, shape: Shape | None) -> None:
        """Set the shape of one stock from now on; None removes it."""
        self.exchange.reshape(symbol, shape)
        self.quote_cache.clear()

    def farm_up(self, farm: str) -> bool:
        """Whether the farm "market", "history" or "definitions" can be reached."""
        return self.line.reaches(farm)

    def _exchange_delay(self, kind: str) -> float:
        fill, ack = self.config.fill_seconds, self.config.ack_seconds
        if kind in FILL_STEPS and fill is not None:
            return fill
        if kind == AnswerKind.ACK and ack is not None:
            return ack
        return self._steps(AnswerKind(kind))

    def _let_happen(self, happening: Happening) -> None:
        if happening.after > 0:
            self.plan(happening.after, partial(self.happen, happening))
        else:
            self.happen(happening)

    def _start_script(self) -> None:
        if self._script_started:
            return
        self._script_started = True
        for happening in self.config.scenario.line:
            self._let_happen(happening)


def _about(trouble: Trouble, message: Fields) -> int:
    if trouble.message in {"openOrder", "orderStatus"}:
        return int(message[1])
    return request_id(message)
