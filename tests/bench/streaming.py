"""How many ticks a second the simulated gateway can stream on one core, and its memory.

``python -m tests.bench.streaming`` measures 1, 8 and 32 clients with a hundred lines in
all, one process each; with ``--long``, also the memory over ten million ticks. What is
measured is everything but the sockets: market, desks, and the bytes of every message.
Simulated time is pushed on in beats of a quarter of a second as fast as it goes.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.handlers import new_gateway
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import Profile
from core.sandbox.market.hours import TradingPhase
from core.sandbox.protocol.wire import LENGTH_BYTES, PREFIX, frame


CLOCK: Final = datetime.fromisoformat("2026-11-23T09:35:00-05:00")
BEAT: Final = timedelta(seconds=0.25)
LINES: Final = 100
CLIENTS: Final = (1, 8, 32)
TICKS: Final = frozenset({b"1", b"2", b"45", b"46"})
ROUND: Final = 500_000  # ticks
LONG: Final = 10_000_000
OFFER: Final = PREFIX + b"\0\0\0\x09v157..178"
PAGE: Final = 4096


def resident() -> float:
    """Return this process's memory in megabytes."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * PAGE / 1e6


def ticks_in(data: bytes) -> int:
    """Count the tick messages in a gateway's bytes."""
    found = at = 0
    while at < len(data):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        found += data[start : data.index(b"\0", start)] in TICKS
    return found


class Stream:
    """A gateway and its clients, each watching the same stocks."""

    def __init__(self, clients: int) -> None:
        config = GatewayConfig(profile=Profile.INSTANT, clock=CLOCK, lines=LINES)
        self._gateway = new_gateway(config)
        self._now = CLOCK
        self._sessions = [self._opened(number) for number in range(clients)]

    def _opened(self, number: int) -> ClientSession:
        session = self._gateway.connect(self._now)
        if session is None:
            raise RuntimeError("a gateway that lets nobody in")
        session.receive(OFFER + frame(("71", "2", str(number), "")), self._now)
        return session

    def subscribe(self) -> None:
        """Watch so many stocks that all lines are used."""
        each = LINES // len(self._sessions)
        stocks = self._gateway.exchange.universe.stocks[:each]
        for session in self._sessions:
            for req_id, stock in enumerate(stocks, start=1):
                wish = (
                    str(stock.con_id),
                    "",
                    "STK",
                    "",
                    "0",
                    "",
                    "",
                    "SMART",
                    "",
                    "USD",
                )
                tail = ("", "", "0", "", "0", "0", "")
                ask = frame(("1", "11", str(req_id), *wish, *tail))
                session.receive(ask, self._now)
            self._now += timedelta(seconds=1)

    def beats(self) -> Iterator[list[bytes]]:
        """Yield what every client is sent, beat by beat, for ever; nights are left out."""
        hours = self._gateway.exchange.hours
        while True:
            self._now += BEAT
            if hours.state(self._now) is not TradingPhase.OPEN:
                self._now = hours.next_open(self._now) + BEAT
            self._gateway.advance(self._now)
            yield [session.due(self._now) for session in self._sessions]


def stream(clients: int, wanted: int) -> tuple[float, float, float]:
    """Return ticks for each second of CPU time, and the memory before and after."""
    market = Stream(clients)
    market.subscribe()
    beats, ticks, spent = market.beats(), 0, 0.0
    for _ in range(20):
        next(beats)
    gc.collect()
    before = resident()
    while ticks < wanted:
        began = time.process_time()
        said = next(beats)
        spent += time.process_time() - began
        ticks += sum(map(ticks_in, said))
    gc.collect()
    return ticks / spent, before, resident()


def main(words: list[str]) -> None:
    """Measure each number of clients in a process of its own, and print a table."""
    if words[:1] == ["one"]:
        rate, before, after = stream(int(words[1]), int(words[2]))
        sys.stdout.write(f"{words[1]:>7}{int(words[2]):>12,}{rate:>14,.0f}")
        sys.stdout.write(f"{before:>12.1f}{after:>11.1f}\n")
        return
    sys.stdout.write("clients       ticks  ticks/CPU s   MB before   MB after\n")
    sys.stdout.flush()
    runs = [(clients, ROUND) for clients in CLIENTS]
    runs += [(8, LONG)] if "--long" in words else []
    for clients, wanted in runs:
        command = (sys.executable, "-m", "tests.bench.streaming")
        again = (*command, "one", str(clients), str(wanted))
        subprocess.run(again, check=True)  # noqa: S603  this very program


if __name__ == "__main__":
    main(sys.argv[1:])
