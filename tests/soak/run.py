"""`make soak DAYS=250`: one bot lives through so many sessions, at some seconds each.

The unchanged bot in a process of its own, real sockets on loopback, both sandboxes in
this process. All clocks jump together: to six minutes after each open, where the report
and a card are due; behind the close; into the night, where the gateway restarts. On
every fourth morning the owner says Yes, and what he approved must be bought. Printed:
what the bot's process holds after each session's close. Judged: one report a session,
and nothing grows.

It is supervised as docs/deploy/openbell.service has it. With --restarts that service is
restarted every night besides, and on every fourth night it crashes instead. With
--systemd that is done by the unit itself under a living systemd (as root).
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from bot.sandbox.api_types import Message
from core.sandbox.market.hours import Hours, TradingSession
from tests.campaign import judge
from tests.harness.product import MONDAY, ProductHarness, at, opened
from tests.soak.figures import Held, grown, held_by
from tests.soak.jumping_bot import Ahead, begun
from tests.soak.service import Supervisor, supervised
from tests.soak.under_systemd import CLOCK, under_systemd


AFTER_OPEN: Final = timedelta(minutes=6)
AFTER_CLOSE: Final = timedelta(minutes=2)
BEFORE_MIDNIGHT: Final = timedelta(hours=7, minutes=45)
"""From a close at 16:00 to the gateway's restart."""

MORNING: Final = at(9, 20)
"""When it begins."""

BUYS: Final = 4
"""On every so many mornings the owner says Yes."""

LOG: Final = "bot.log"
"""What the bot says at INFO, as it would to the system's journal."""

SHOWN: Final = 10
"""Sessions between two lines."""

TIMEOUT: Final = 90.0
LATE: Final = "Your Yes came late"
"""How a card begins that asks again."""

_POLL_INTERVAL: Final = 0.1
_STEADY: Final = 0.7
"""Seconds in which the bot looks once more at what is due."""

HEAD: Final = (
    "session      day         reports   fills  sockets  fds  threads  MB    files MB"
    "  log MB"
)


def sessions_from(first: date) -> Iterator[TradingSession]:
    """Every session from *first* on."""
    day = first
    while True:
        if session := Hours().session(day):
            yield session
        day += timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Soak:
    """One bot, from session to session."""

    harness: ProductHarness
    ahead: Ahead
    service: Supervisor
    data: Path
    restarts: bool
    held: list[Held] = field(default_factory=list)
    log: list[float] = field(default_factory=list)
    """MB of the log after each session."""

    wrong: list[str] = field(default_factory=list)
    fills: int = 0
    missing: int = 0
    told_before: int = 0
    """Messages that had come when the morning began."""

    async def play(self, days: int) -> None:
        """So many sessions."""
        sessions = sessions_from(MONDAY)
        print(HEAD, flush=True)
        for number, session in zip(range(1, days + 1), sessions, strict=False):
            await self._morning(session, buys=number % BUYS == 0)
            await self._evening(session)
            self.held.append(held_by(self.service.pid, self.data))
            self.log.append(self.service.log_size() / 1e6)
            if number % SHOWN == 0 or number == days:
                self._print(number, session.day)
            if self.restarts and not await self.service.again(kill=number % BUYS == 1):
                self.wrong.append(f"not ready again in the night of {session.day}")

    async def _morning(self, session: TradingSession, *, buys: bool) -> None:
        name = f"{session.day:%a} {session.day.day} {session.day:%b}"
        self.told_before = len(self.harness.phone.received)
        self._jump(session.open + AFTER_OPEN)
        if not await self._until(lambda: self._reports(of=name)):
            self.wrong.append(f"no report on {session.day}")
            self.missing += 1
            return
        if buys and await self._until(self._card_with_yes):
            await self._buy()

    async def _buy(self) -> None:
        """Say Yes; and once more where the card asks again, because the Yes was heard
        by a poll that began before the jump, a day ago."""
        before = len(self.harness.gateway.executions())

        def filled() -> bool:
            return len(self.harness.gateway.executions()) > before

        self._press_yes()
        if await self._until(lambda: filled() or self._came_late()) and not filled():
            self._press_yes()
        if await self._until(filled):
            self.fills += 1
        else:
            said = " / ".join(m.text for m in self.harness.phone.received[-2:])
            self.wrong.append(f"nothing bought by a Yes: {said}")

    def _press_yes(self) -> None:
        card = self._card_with_yes()
        assert card
        self.harness.phone.press(card, judge.label_of(card, "Yes"))

    def _came_late(self) -> bool:
        card = self._card_with_yes()
        return card is not None and card.text.startswith(LATE)

    async def _evening(self, session: TradingSession) -> None:
        self._jump(session.close + AFTER_CLOSE)
        await asyncio.sleep(_STEADY)
        reports = len(self._reports())
        if reports != len(self.held) + 1 - self.missing:
            self.wrong.append(f"{reports} reports by the evening of {session.day}")
        self._jump(session.close + BEFORE_MIDNIGHT)
        self.harness.gateway.restart(down=0.2)
        await asyncio.sleep(_STEADY)

    def _reports(self, *, of: str = "") -> list[Message]:
        """All that came; or those of a day, which they name."""
        return [
            message
            for message in self.harness.phone.received
            if message.text.startswith(judge.REPORT)
            and f"{of} · market" in message.text
        ]

    def _card_with_yes(self) -> Message | None:
        of_today = self.harness.phone.received[self.told_before :]
        return next((m for m in of_today if judge.has(m, "Yes")), None)

    def _jump(self, moment: datetime) -> None:
        self.harness.gateway.set_clock(moment)
        self.ahead.jump(moment)

    async def _until(self, look: Callable[[], object]) -> bool:
        over = monotonic() + TIMEOUT
        while not look():
            if monotonic() > over:
                return False
            await asyncio.sleep(_POLL_INTERVAL)
        return True

    def each_session(self) -> str:
        """What a session adds to the disk, in kB, on average."""
        files = 1e3 * (self.held[-1].files - self.held[0].files)
        log = 1e3 * (self.log[-1] - self.log[0])
        after = max(len(self.held) - 1, 1)
        return (
            f"after the first session each adds {log / after:.1f} kB of log and "
            f"{files / after:.0f} kB of data folder"
        )

    def _print(self, number: int, day: date) -> None:
        now, reports = self.held[-1], len(self._reports())
        print(
            f"{number:7}  {day}  {reports:7}  {self.fills:6}  {now.sockets:7}  "
            f"{now.descriptors:3}  {now.threads:7}  {now.memory:3.0f}  {now.files:8.1f}"
            f"  {self.log[-1]:6.2f}",
            flush=True,
        )


@asynccontextmanager
async def _by_itself(
    harness: ProductHarness, folder: Path
) -> AsyncIterator[tuple[Supervisor, Ahead, Path]]:
    """The bot with its clock and its data folder, supervised by this process."""
    file = folder / "ahead"
    ahead = Ahead(file, made=True)
    ahead.jump(MORNING)
    log = folder / LOG
    with supervised(
        folder, log, lambda more: begun(harness.settings | more, file, log)
    ) as service:
        yield service, ahead, folder


@asynccontextmanager
async def _by_systemd(
    harness: ProductHarness, _: Path
) -> AsyncIterator[tuple[Supervisor, Ahead, Path]]:
    """The same with the unit."""
    async with under_systemd(harness.settings) as service:
        ahead = Ahead(service.root / CLOCK, made=True)
        ahead.jump(MORNING)
        await service.start()
        yield service, ahead, service.data


async def _soak(arguments: argparse.Namespace, folder: Path) -> Soak:
    begun_by = _by_systemd if arguments.systemd else _by_itself
    async with (
        opened(folder, clock=MORNING, report="true") as harness,
        begun_by(harness, folder) as (service, ahead, data),
    ):
        soak = Soak(
            harness=harness,
            ahead=ahead,
            service=service,
            data=data,
            restarts=arguments.restarts or arguments.systemd,
        )
        await soak.play(arguments.days)
        said, wrong = await service.account()
        print(said)
        soak.wrong += wrong
    return soak


def main() -> int:
    """Soak. Returns 1 where a report is missing, or something has grown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument(
        "--restarts",
        action="store_true",
        help="the service is started anew every night",
    )
    parser.add_argument(
        "--systemd", action="store_true", help="the same, by the unit under a systemd"
    )
    arguments = parser.parse_args()
    days = arguments.days
    began = monotonic()
    with TemporaryDirectory(prefix="soak-") as folder:
        soak = asyncio.run(_soak(arguments, Path(folder)))
    wrong = [*soak.wrong, *(f"{k} grew: {v}" for k, v in grown(soak.held).items())]
    if days >= BUYS and not soak.fills:
        wrong.append("nothing was bought on any morning")
    print(soak.each_session())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{days} sessions in {monotonic() - began:.0f} s, {len(wrong)} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
