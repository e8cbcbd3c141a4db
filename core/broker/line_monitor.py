"""The state of the line, from the socket and the gateway's messages about IB."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.broker.codes import SANDBOX_FARM, LineNews, code, farm_of
from core.model.evidence import BrokerEvent, Line, LineChanged, LineState
from core.ports.market import Clock


_OF_FARMS: Final = frozenset({LineNews.FARM_UP, LineNews.FARM_DOWN})


def _skew(gateway: datetime, *, since: datetime, now: datetime) -> float:
    """The seconds by which the *gateway*'s clock is certainly ahead of ours (negative:
    behind): it was read at some moment from *since* to *now*, for an answer may come
    late, or be read after the machine slept. It is cut off to whole seconds, so half a
    second is added."""
    read = gateway + timedelta(seconds=0.5)
    least, most = (read - now).total_seconds(), (read - since).total_seconds()
    return sorted((least, 0.0, most))[1]


class LineMonitor:
    """The state of the line. Every change of state or epoch is put into *events*.

    ``disturbances`` counts events that may have made a value old or a listing
    incomplete: comparing it before and after shows whether there was one. Epochs
    continue from *epoch*."""

    def __init__(
        self,
        clock: Clock,
        events: asyncio.Queue[BrokerEvent],
        *,
        gateway: str,
        client_id: int,
        epoch: int,
    ) -> None:
        self.disturbances = 0
        self._clock = clock
        self._events = events
        self._cut_off: str | None = None
        self._farms: dict[str, str] = {}
        self._is_sandbox = False
        self.line = Line(
            state=LineState.DOWN,
            since=clock.now(),
            epoch=epoch,
            client_id=client_id,
            gateway=gateway,
            reason="not connected yet",
        )
        self._announced = self.line

    def in_use(self) -> None:
        """The gateway says that another program is connected under our client id."""
        self.line = replace(self.line, id_in_use=True)

    def opening(self) -> None:
        """A new conversation begins: earlier messages about the line no longer
        count."""
        self._cut_off = None
        self._farms = {}
        self._is_sandbox = False

    def opened(self, *, next_valid_id: int, accounts: tuple[str, ...]) -> None:
        """A handshake is done; IB may have been lost before it (1100)."""
        self.line = replace(
            self.line,
            epoch=self.line.epoch + 1,
            next_valid_id=next_valid_id,
            accounts=accounts,
            is_sandbox=self._is_sandbox,
            id_in_use=False,
            answered=self._clock.now(),
        )
        self._as_the_gateway_says()

    def closed(self, reason: str) -> None:
        """There is no conversation: the line is DOWN, for *reason*."""
        self._transition(LineState.DOWN, reason)

    def silent(self, reason: str) -> None:
        """A heartbeat was not answered: the line is FROZEN, for *reason*."""
        self.disturbances += 1
        self._transition(LineState.FROZEN, reason)

    def answered(self, asked: datetime, gateway: datetime, seconds: float) -> None:
        """A heartbeat was answered: *asked* at our time (UTC), *seconds* of the loop later
        answered with the *gateway*'s time (UTC)."""
        now = self._clock.now()
        self.line = replace(
            self.line,
            answered=now,
            round_trip=seconds,
            skew=_skew(
                gateway, since=min(asked, now - timedelta(seconds=seconds)), now=now
            ),
        )
        if self.line.state is LineState.FROZEN:
            self._as_the_gateway_says()

    def take(self, number: int, text: str) -> None:
        """Process a code without a request number."""
        known = code(number)
        if known.for_line in _OF_FARMS and farm_of(text) == SANDBOX_FARM:
            self._is_sandbox = True
            self.line = replace(self.line, is_sandbox=True)
        match known.for_line:
            case LineNews.LOST:
                self._cut_off = known.words
                self.disturbances += 1
            case LineNews.BACK | LineNews.BACK_EMPTY:
                self._cut_off = None
                self._farms = {}
            case LineNews.FARM_DOWN:
                self._farms[farm_of(text)] = known.words
                self.disturbances += 1
            case LineNews.FARM_UP:
                self._farms.pop(farm_of(text), None)
            case LineNews.NONE:
                return
        self._tell_of(known.for_line)

    def _tell_of(self, news: LineNews) -> None:
        """Apply news about the line; before the handshake it is only remembered."""
        if self.line.state in {LineState.UP, LineState.CUT_OFF}:
            back = news in {LineNews.BACK, LineNews.BACK_EMPTY}
            lost = news is LineNews.BACK_EMPTY
            self._as_the_gateway_says(data_lost=lost, in_any_case=back)

    def _as_the_gateway_says(
        self, *, data_lost: bool = False, in_any_case: bool = False
    ) -> None:
        state = LineState.CUT_OFF if self._cut_off else LineState.UP
        self._transition(
            state, self._cut_off, data_lost=data_lost, in_any_case=in_any_case
        )

    def _transition(
        self,
        state: LineState,
        reason: str | None,
        *,
        data_lost: bool = False,
        in_any_case: bool = False,
    ) -> None:
        before, told = self.line, self._announced
        self.line = replace(
            before,
            state=state,
            since=before.since if state is before.state else self._clock.now(),
            reason=reason,
            troubles=tuple(f"{what} ({farm})" for farm, what in self._farms.items()),
        )
        changed = (state, before.epoch) != (told.state, told.epoch)
        if changed or in_any_case:
            self._announced = self.line
            self._events.put_nowait(LineChanged(line=self.line, data_lost=data_lost))
