"""Which stocks are quoted, within the account's market-data lines.

Overlapping streams share a line as long as it has just been updated. A line without
updates for a moment may belong to a quiet stock, or IB may have stopped serving it: a
new stream then gets a new request, which is answered at once with current prices, or
not at all. A line that nobody uses any more stays open until its cancel has been sent.
If there are more stocks than lines, quoted stocks give their lines to waiting ones."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Final

from core.broker import translate
from core.broker.codes import TOO_MANY_MESSAGES
from core.broker.connection import Connection
from core.broker.exchange_rates import DOLLAR
from core.broker.lines import GENERIC_TICKS, QuoteLine
from core.broker.messages import ErrorMessage, Message
from core.broker.pacing import LINES, Urgency
from core.broker.session import GatewaySession
from core.model.market import ConId, Instrument, Quote


JUST_NOW: Final = timedelta(seconds=2)
"""A line with an older price is not shared: a new request is made."""

_NO_UNIT: Final = "IB has not said in which unit it is quoted"

KEPT: Final = 10
"""The first stocks of a stream keep their lines, however many others wait."""


@dataclass(slots=True)
class _Wait:
    """A caller waiting until all of these are usable or dead."""

    pending: set[ConId]
    done: asyncio.Future[None]


@dataclass(slots=True, eq=False)
class Stream:
    """Quotes that fill by themselves while their block is open, which was opened at
    ``began`` (the loop's seconds)."""

    source: "QuoteLines"
    began: float
    lines: dict[ConId, QuoteLine]
    _waits: list[_Wait] = field(default_factory=list)

    def quotes(self) -> Mapping[ConId, Quote]:
        """What has arrived so far; each quote has the time its price was received."""
        found = {con_id: line.quote for con_id, line in self.lines.items()}
        return {con_id: quote for con_id, quote in found.items() if quote is not None}

    def dead(self) -> Mapping[ConId, str]:
        """The stocks that will not be quoted, and why."""
        return {
            con_id: line.problem
            for con_id, line in self.lines.items()
            if line.problem is not None
        }

    async def settled(self, con_ids: Iterable[ConId], *, within: float) -> None:
        """Return when each is usable or dead; as QuoteStream.settled."""
        pending = {each for each in con_ids if not self.lines[each].settled}
        if not pending:
            return
        loop = asyncio.get_running_loop()
        wait = _Wait(pending, loop.create_future())
        self._waits.append(wait)
        try:
            while wait.pending and not self.source.over:
                look = min(self._patient_until(each, within) for each in wait.pending)
                await asyncio.wait({wait.done}, timeout=look - loop.time())
                self._give_up(wait, within)
        finally:
            self._waits.remove(wait)

    def _patient_until(self, con_id: ConId, within: float) -> float:
        """The deadline of one stock: all share one, but a request that was sent late
        gets half of the time from then on."""
        asked = self.lines[con_id].asked
        now = asyncio.get_running_loop().time()
        return max(self.began + within, (now if asked is None else asked) + within / 2)

    def _give_up(self, wait: _Wait, within: float) -> None:
        now = asyncio.get_running_loop().time()
        for con_id in tuple(wait.pending):
            if self._patient_until(con_id, within) <= now:
                wait.pending.discard(con_id)
                self.source.give_up(self.lines[con_id])

    def first(self) -> Iterable[ConId]:
        """The stocks that keep their lines while others wait."""
        return islice(self.lines, KEPT)

    def settle(self, con_id: ConId) -> None:
        """Note that the line of *con_id* has become usable or dead."""
        for wait in self._waits:
            wait.pending.discard(con_id)
            if not wait.pending and not wait.done.done():
                wait.done.set_result(None)


class QuoteLines:
    """All lines of one conversation, ``session``."""

    def __init__(self, connection: Connection, session: GatewaySession) -> None:
        self.session = session
        self._connection = connection
        self._newest: dict[ConId, QuoteLine] = {}
        self._opened: list[QuoteLine] = []
        self._waiting: deque[QuoteLine] = deque()
        self._streams: dict[Stream, None] = {}  # in the order of their opening

    def open(
        self, instruments: Sequence[Instrument], units: Mapping[ConId, int]
    ) -> Stream:
        """Watch *instruments*, the first one first. *units* has, for each that is not
        priced in dollars, how many quoted units make one of its currency; one without is
        not quoted."""
        stream = Stream(
            source=self,
            began=asyncio.get_running_loop().time(),
            lines={each.con_id: self._line(each, units) for each in instruments},
        )
        self._streams[stream] = None
        for line in stream.lines.values():
            line.watchers += 1
        self._serve()
        return stream

    def close(self, stream: Stream) -> None:
        """*stream* is no longer used; its cancels are sent one by one."""
        self._streams.pop(stream, None)
        for line in stream.lines.values():
            line.watchers -= 1
            if not line.watchers:
                self._leave(line)
        self._serve()

    @property
    def over(self) -> bool:
        """Whether the conversation has ended, so that no new stock will be quoted."""
        return self.session.lost.done()

    def give_up(self, line: QuoteLine) -> None:
        """Nobody waits for its answer any more: another stock may have its line."""
        line.problem, line.late = line.doubt, True
        self._serve()

    # a line's life: waiting, open, lingering

    def _line(self, instrument: Instrument, units: Mapping[ConId, int]) -> QuoteLine:
        if instrument.currency == DOLLAR or instrument.con_id in units:
            return self._join(instrument, units.get(instrument.con_id, 1))
        return QuoteLine(instrument, self._connection.clock, problem=_NO_UNIT)

    def _join(self, instrument: Instrument, unit: int) -> QuoteLine:
        line = self._newest.get(instrument.con_id)
        if line is None or not self._may_be_shared(line):
            line = QuoteLine(instrument, self._connection.clock, unit)
            self._newest[instrument.con_id] = line
            self._waiting.append(line)
        line.problem, line.late = None, False
        if line.cancel_request is not None:
            line.cancel_request.withdraw()
            line.cancel_request = None
        return line

    def _may_be_shared(self, line: QuoteLine) -> bool:
        """Whether it was updated or requested just now, without a disturbance since."""
        if line.number is None:
            return line in self._waiting
        if line.disturbances != self._connection.disturbances:
            return False
        now, last = asyncio.get_running_loop().time(), line.priced or line.asked
        if last is not None and now - last > JUST_NOW.total_seconds():
            return False  # whatever the time of day says, which can be set back
        if line.quote is None:
            return True
        return abs(self._connection.clock.now() - line.quote.at) <= JUST_NOW

    def _request_quotes(self, line: QuoteLine) -> None:
        number = self.session.draw(partial(self._take_message, line))
        line.number, line.disturbances = number, self._connection.disturbances
        self._opened.append(line)
        client, contract = self.session.client, translate.contract_of(line.instrument)
        loop = asyncio.get_running_loop()

        def ask() -> None:
            line.asked = loop.time()
            client.reqMktData(number, contract, GENERIC_TICKS, False, False, [])

        line.asked = None
        line.request = self.session.send(Urgency.QUOTES, ask, number=number)

    def _ask_again(self, line: QuoteLine) -> None:
        """The gateway has dropped messages: request a silent line again."""
        if line.quote is None and line.cancel_request is None:
            self._hang_up(line)
            self._request_quotes(line)

    def _leave(self, line: QuoteLine) -> None:
        """No stream uses the line any more; if it is open, its cancel is queued."""
        if line.cancel_request is not None:
            return
        if line.number is None:
            if line in self._waiting:
                self._waiting.remove(line)
            self._forget(line)
        elif line.request is not None and line.request.withdraw():
            self._free(line)
            self._forget(line)
        else:
            self._queue_cancel(line)

    def _queue_cancel(self, line: QuoteLine) -> None:
        line.cancel_request = self.session.send(
            Urgency.UNHURRIED, lambda: self._cancel_unhurried(line)
        )

    def _cancel_unhurried(self, line: QuoteLine) -> None:
        self.session.client.cancelMktData(line.number)
        self._free(line)
        self._forget(line)
        self._serve()

    def _hang_up(self, line: QuoteLine) -> None:
        """Free the line at once, because another stock waits for it."""
        client, number = self.session.client, line.number
        if line.request is None or not line.request.withdraw():
            self.session.send(Urgency.QUOTES, lambda: client.cancelMktData(number))
        self._free(line)

    def _free(self, line: QuoteLine) -> None:
        assert line.number is not None
        self.session.drop(line.number)
        if line.cancel_request is not None:
            line.cancel_request.withdraw()
        line.number = line.request = line.cancel_request = None
        self._opened.remove(line)

    def _forget(self, line: QuoteLine) -> None:
        """Forget the line; the next stream of its stock gets a new one."""
        if self._newest.get(line.instrument.con_id) is line:
            del self._newest[line.instrument.con_id]

    # who gets one

    def _serve(self) -> None:
        """Open waiting lines, as far as the account's number of lines allows."""
        while (
            self._waiting
            and not self.over
            and (len(self._opened) < LINES or self._make_room())
        ):
            self._request_quotes(self._waiting.popleft())

    def _make_room(self) -> bool:
        line = self._dispensable()
        if line is None:
            return False
        if line.cancel_request is not None:
            line.cancel_request.withdraw()
        self._hang_up(line)
        self._forget(line)
        return True

    def _dispensable(self) -> QuoteLine | None:
        """A line that no stream uses; else one that is already usable or unlikely to
        become so."""
        kept = set[ConId]().union(*(stream.first() for stream in self._streams))
        lingering = (line for line in self._opened if line.cancel_request is not None)
        done = (
            line
            for line in self._opened
            if (line.usable or line.late) and line.instrument.con_id not in kept
        )
        return next(lingering, None) or next(done, None)

    def _take_message(self, line: QuoteLine, message: Message) -> None:
        if isinstance(message, ErrorMessage) and message.number == TOO_MANY_MESSAGES:
            self._ask_again(line)
            return
        was, before = line.settled, line.received_at
        line.take(message)
        at = line.received_at
        if at is not before:
            line.priced = asyncio.get_running_loop().time()
        self.session.signs.note_data(line.freshness, at)
        if line.refused:
            self._give_up_on(line, was_quoted=before is not None)
        if was or not line.settled:
            return
        for stream in self._streams:
            if stream.lines.get(line.instrument.con_id) is line:
                stream.settle(line.instrument.con_id)
        self._serve()

    def _give_up_on(self, line: QuoteLine, *, was_quoted: bool) -> None:
        """IB does not serve the line, or no longer: its values are not used any more.
        One that was served until now may occupy a line at IB until it is cancelled."""
        assert line.number is not None
        self._forget(line)
        if was_quoted:
            self.session.drop(line.number)
            self._leave(line)
        else:
            self._free(line)
