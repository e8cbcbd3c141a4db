"""One fault at any call of the Bot API changes nothing that a purchase leaves behind."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from bot.sandbox.api_types import ChatEvent
from bot.sandbox.faults import Drop, Fault, Faults
from tests.harness.product import at, opened
from tests.simulation.in_tests import simulated_run


CUT_AFTER: Final = Fault(drop=Drop.AFTER)
OTHERS: Final = (
    Fault(drop=Drop.BEFORE),
    Fault(status=400, description="can't parse entities"),
    Fault(status=403, description="bot was blocked by the user"),
    Fault(status=429, retry_after=3),
    Fault(status=502, description="Bad Gateway"),
    Fault(instead='{"status":"maintenance"}'),
    Fault(instead='{"ok":true,"result":{"x":1}}'),
    Fault(delay=70),
)
SEEN_AGAIN: Final = 100.0
"""Seconds until the bot has looked twice for what may have come in late."""

BOTH: Final = 2

_FIGURE: Final = re.compile(r"\d[\d,.:]*")


class OneFault(Faults):
    """Spoils the call with that number, counted from 1; polls do not count."""

    def __init__(self, number: int, fault: Fault) -> None:
        super().__init__()
        self.calls, self._number, self._fault = 0, number, fault

    def take(self, method: str) -> Fault | None:
        if method == "getUpdates":
            return None
        self.calls += 1
        return self._fault if self.calls == self._number else None


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a purchase left: the orders, each ring's text, and the chat, whose figures
    may be others."""

    orders: list[tuple[str, int]]
    rung: list[str]
    chat: list[tuple[str, bool, list[str]]]


async def bought(folder: Path, number: int, fault: Fault) -> tuple[Left, int]:
    """Play /scan and Yes with that *fault*; returns the number of calls, too."""
    rung: list[str] = []

    def count_ring(event: ChatEvent) -> None:
        if event.kind == "message" and not event.body["silent"]:
            rung.append(_FIGURE.sub("#", event.body["message"]["text"]))

    async with opened(folder, clock=at(9, 41)) as product:
        await product.start()
        await product.ready()
        product.chat.chats.subscribe(count_ring)
        product.chat.faults = one = OneFault(number, fault)
        card = await product.card(button="Yes, buy both")
        product.phone.press(card, "Yes, buy both")
        await product.phone.reads("Bought", after=card)
        await asyncio.sleep(SEEN_AGAIN)
        calls = one.calls
        await product.ready()
        chat = [
            (_FIGURE.sub("#", m.text), m.silent, sorted(m.labels))
            for m in product.phone.received[1:]
        ]
        return Left(
            orders=product.placed(), rung=sorted(rung), chat=sorted(chat)
        ), calls


def test_a_purchase_ends_the_same_whichever_call_is_spoiled(tmp_path: Path) -> None:
    chance = Random(12)

    def play(name: str, number: int, fault: Fault) -> tuple[Left, int]:
        folder = tmp_path / name
        folder.mkdir()
        return simulated_run(bought(folder, number, fault))

    right, calls = play("right", 0, CUT_AFTER)
    wrong = [
        (number, fault)
        for number in range(1, calls + 1)
        for fault in (CUT_AFTER, chance.choice(OTHERS))
        if play(f"{number} {fault is CUT_AFTER}", number, fault)[0] != right
    ]

    assert wrong == []
    assert len(right.orders) == BOTH
    assert sum("Bought" in each for each in right.rung) == 1
