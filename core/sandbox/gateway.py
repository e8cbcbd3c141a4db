"""The gateway all clients share: one market, one line to the broker, one script.

Still no sockets and no clock: who holds it says what time it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.sandbox import replies
from core.sandbox.config import GatewayConfig
from core.sandbox.exchange import Exchange
from core.sandbox.faults import (
    Action,
    Happening,
    LineEvent,
    Passed,
    Scenario,
    Trouble,
    Troubles,
)
from core.sandbox.hours import NEW_YORK
from core.sandbox.latency import Latency, Step
from core.sandbox.line import LINE_TEXT, Line
from core.sandbox.orders import BookOrder, Commission, ExchangeEvent
from core.sandbox.reading import Reader
from core.sandbox.session import LONG_AGO, PLACE_ORDER, Session, message_id, request_id
from core.sandbox.shapes import Shape
from core.sandbox.wire import Fields


Handler = Callable[["Gateway", Session, Reader], None]
Teller = Callable[["Gateway", list[ExchangeEvent]], None]
MOST_CLIENTS: Final = 32
DATA_LOST: Final = 1101
FILL_STEPS: Final = frozenset({"fill", "partial"})


class Gateway:
    """A simulated IB Gateway: sessions in, an exchange behind them, trouble between."""

    def __init__(
        self,
        config: GatewayConfig,
        *,
        answers: Mapping[int, Handler],
        tell: Teller,
    ) -> None:
        settings = config.scenario.settings
        self.config = replace(config, **settings) if settings else config
        self._answers = answers
        self._tell = tell
        self._steps = Latency(self.config.profile, seed=f"{config.seed} exchange")
        self.exchange = Exchange(
            seed=self.config.seed,
            accounts=self.config.accounts,
            delay=self._exchange_delay,
            shapes={**self.config.shapes, **config.scenario.shapes},
        )
        self.sessions: list[Session] = []
        self.line = Line()
        self.commissions: dict[str, Commission] = {}
        self.now = LONG_AGO
        self.frozen = False
        self.shut_until: datetime | None = None
        self.changes = 0  # counts what a state file would have to be written for
        self._troubles = Troubles(config.scenario)
        self._script: list[tuple[datetime, Happening]] = []
        self._script_started = False
        self._rolled_back: dict[int, int] = {}
        self.highest_used: dict[int, int] = {}

    # clients come and go

    def connect(self, now: datetime) -> Session | None:
        """Open a conversation; None while nobody is let in."""
        self.now = now
        if self.shut_until is not None and now < self.shut_until:
            return None
        self.shut_until = None
        session = Session(self)
        session.now = now
        return session

    def admit(self, session: Session, client_id: int) -> bool:
        """Let the client in under its id, unless someone has it already."""
        if any(each.client_id == client_id for each in self.sessions):
            return False
        if len(self.sessions) >= MOST_CLIENTS:
            return False
        self.sessions.append(session)
        session.open(client_id)
        accounts = () if self.config.silent_accounts else self.exchange.accounts()
        session.say(replies.managed_accounts(accounts))
        session.say(replies.next_valid_id(self.next_order_id(client_id)))
        for code, text in self.line.notices():
            session.error(replies.NOT_TIED, code, text)
        self._start_script()
        return True

    def leave(self, session: Session) -> None:
        """Forget a client."""
        if session in self.sessions:
            self.sessions.remove(session)

    # what sessions ask of their host

    @property
    def messages_a_second(self) -> int:
        """Half the market data lines, by IB's rule."""
        return self.config.lines // 2

    def latency(self, client_id: int) -> Latency:
        """Return the delays of this client, the same for the same seed."""
        return Latency(self.config.profile, seed=f"{self.config.seed} {client_id}")

    def bend_request(self, message: Fields) -> Passed:
        """Let the scenario see a request."""
        return self._troubles.request(message)

    def bend_reply(self, message: Fields) -> Passed:
        """Let the scenario see a reply."""
        return self._troubles.reply(message)

    def answer(self, session: Session, message: Fields) -> None:
        """Answer a request, or keep it until the broker can be reached again."""
        self.now = session.now
        number = message_id(message)
        handler = self._answers.get(number)
        if handler is None:
            session.error(replies.NOT_TIED, 506, "Unsupported version")
        elif self.line.holds(number):
            self.line.keep(lambda: self.answer(session, message))
        else:
            handler(self, session, Reader(message))

    def strike(self, trouble: Trouble, session: Session, message: Fields) -> None:
        """Do what *trouble* does beyond bending the message."""
        if trouble.action in {Action.REFUSE, Action.NOTE} and trouble.code:
            to = replies.NOT_TIED if trouble.untied else request_id(message)
            session.error(to, trouble.code, trouble.text, delay=trouble.seconds)
        elif trouble.action is Action.SWALLOW and message[0] == PLACE_ORDER:
            self.count_id(session.client_id, request_id(message))
        elif trouble.action in {Action.CUT, Action.CUT_BEFORE}:
            session.close()
        elif trouble.action is Action.FREEZE:
            self.frozen = True

    # order ids

    def next_order_id(self, client_id: int) -> int:
        """Return the lowest id this client may use, less what a restart forgot."""
        used = self.highest_used.get(client_id, 0)
        highest = max(self.exchange.next_order_id(client_id), used + 1)
        return max(1, highest - self._rolled_back.get(client_id, 0))

    def count_id(self, client_id: int, order_id: int) -> None:
        """Remember that the id was used, even if the order went nowhere."""
        used = self.highest_used.get(client_id, 0)
        self.highest_used[client_id] = max(used, order_id)
        self._rolled_back.pop(client_id, None)
        self.changes += 1

    # passing time

    def advance(self, now: datetime) -> None:
        """Let everything happen that has become due by *now*."""
        self.now = max(now, self.now)
        while self._script and self._script[0][0] <= self.now:
            _, happening = self._script.pop(0)
            self.happen(happening)
        if self.line.up and not self.frozen:
            self.spread(self.exchange.advance(self.now))

    def spread(self, events: list[ExchangeEvent]) -> None:
        """Tell the clients concerned what has happened at the exchange."""
        self.changes += len(events)
        for event in events:
            if isinstance(event, Commission):
                self.commissions[event.exec_id] = event
        for session in self.sessions:
            session.now = max(session.now, self.now)
        if events:
            self._tell(self, events)

    def next_event_at(self) -> datetime | None:
        """Return when ``advance`` is next worth calling."""
        moments = [at for at, _ in self._script[:1]]
        at_exchange = self.exchange.next_event_at()
        if self.line.up and not self.frozen and at_exchange is not None:
            moments.append(at_exchange)
        return min(moments, default=None)

    # what a script or a test may do to it

    def happen(self, happening: Happening) -> None:
        """Let something happen on the line now."""
        match happening.event:
            case LineEvent.RESTART:
                self.restart(rollback=happening.rollback, down=happening.down)
            case LineEvent.FREEZE:
                self.freeze()
            case LineEvent.THAW:
                self.thaw()
            case LineEvent.CUT:
                self.cut()
            case _:
                self.flap(int(happening.event))

    def restart(self, *, rollback: int = 0, down: float = 0.0) -> None:
        """Drop everybody; let no one in for *down* seconds; forget some order ids."""
        self.cut()
        self.shut_until = self.now + timedelta(seconds=down) if down else None
        self._rolled_back = dict.fromkeys(self.highest_used, rollback)
        self.line = Line()

    def cut(self) -> None:
        """Drop every client's line, without a word."""
        for session in tuple(self.sessions):
            session.close()

    def freeze(self) -> None:
        """Neither read nor write any more; the sockets stay open."""
        self.frozen = True

    def thaw(self) -> None:
        """Go on reading and writing."""
        self.frozen = False

    def flap(self, code: int) -> None:
        """Let the line to the broker, or one of its farms, go down or come back."""
        for session in self.sessions:
            session.now = max(session.now, self.now)
            session.error(replies.NOT_TIED, code, LINE_TEXT[code])
            if code == DATA_LOST:
                session.lose_subscriptions()
        for deed in self.line.learn(code):
            deed()

    def add_trouble(self, trouble: Trouble) -> None:
        """Let one more thing go wrong from now on."""
        self._troubles.add(trouble)

    def play(self, scenario: Scenario) -> None:
        """Put *scenario*'s troubles, shapes and happenings in force from now on."""
        for trouble in scenario.troubles:
            self._troubles.add(trouble)
        for symbol, shape in scenario.shapes.items():
            self.exchange.reshape(symbol, shape)
        self._script += [
            (self.now + timedelta(seconds=each.after), each) for each in scenario.line
        ]
        self._script.sort(key=lambda entry: entry[0])
        if scenario.settings:
            self.config = replace(self.config, **scenario.settings)

    def set_override(self, symbol: str, shape: Shape | None) -> None:
        """Bend one stock's tape from now on; None lets it go."""
        self.exchange.reshape(symbol, shape)

    # the rest

    def farm_up(self, farm: str) -> bool:
        """Whether "market", "history" or "definitions" answers."""
        return self.line.up and farm not in self.line.farms_down

    def completed_today(self) -> list[BookOrder]:
        """Return the orders that ended today in New York."""
        today = self.now.astimezone(NEW_YORK).date()
        return self.exchange.completed_orders(today)

    def _exchange_delay(self, kind: str) -> float:
        if kind in FILL_STEPS and self.config.fill_seconds is not None:
            return self.config.fill_seconds
        return self._steps(Step(kind))

    def _start_script(self) -> None:
        if self._script_started:
            return
        self._script_started = True
        self._script = sorted(
            (
                (self.now + timedelta(seconds=each.after), each)
                for each in self.config.scenario.line
            ),
            key=lambda entry: entry[0],
        )
