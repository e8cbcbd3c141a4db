"""The owner, drawn from a seed: he scans, taps, taps twice, changes his mind, sleeps.

He acts only on what his phone shows or showed a while ago.
"""

import asyncio
from collections.abc import Iterator
from random import Random
from typing import Final

from bot.demo import HOLDER
from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import OWNER
from tests.harness.product import STOCKS
from tests.simulation.world import World


LOOKS: Final = ("/positions", "/orders", "/account", "/status", "/report", "/help")
ODD: Final = (
    "hello?",
    "/nonsense",
    "/cancel 5",
    "/scan now please",
    "42",
    "/export",
    "/sell",
    "/sell NOSUCH",
    "/buy",
    "/health",
    "/pnl",
    "/history",
)
STOPS: Final = ("/halt", "/resume", "/resume", "/panic", "stop")
AMOUNTS: Final = ("", " 1", " 7", " half", " 25%", " all", " 9999")
SIZES: Final = ("", " 10", " $300", " 100")
PLANS: Final = (
    *("stop 5%", "stop 1% target 1%", "trail 3% target 10%", "none", "trail 0.50"),
    *("stop 2atr", "target 3%", "stop 0.10 close 1", "close 1"),
)
HELD: Final = tuple(symbol for symbol, _, _ in HOLDER.positions)

APPROVE: Final = ("v1:o:y:", "v1:o:1:", "v1:o:2:")
BOTH: Final = APPROVE[:1]
_EXITS, _SET_EXITS = "v1:e:", "v1:w:"
_CANCEL, _SELL, _ALLOW = "v1:c:", "v1:x:", "v1:h:"
_DOUBT, _FILLED = "v1:d:", "v1:f:"
NOT_THERE: Final = "v1:d:n:"
SETTING_YES: Final = "v1:g:q:"
"""How the data of buttons begins, by what they do."""

_KNOWN: Final = frozenset("ozmtqkscdfhxbrewi")
_REMEMBERS: Final = 12
"""Screens that he may still have before him."""


def buttons(message: Message) -> Iterator[tuple[str, str]]:
    """Each button of a message: its label and its data."""
    for label in (each for row in message.buttons for each in row):
        yield label, str(message.button(label).get("callback_data", ""))


class Owner:
    """One person, and his phones."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = Random(f"owner acts {world.plan.seed}")
        self._habits = world.plan.habits
        self._phones = (world.chat.phone, world.chat.phone_of(OWNER))
        self._screens: list[Message] = []

    async def live(self) -> None:
        """Act until cancelled."""
        while True:
            await asyncio.sleep(self._chance.expovariate(1 / self._habits.pause))
            await self._act()

    async def _act(self) -> None:
        habits, phone = self._habits, self._phone()
        self._remember(phone)
        self._screens = [*self._screens, *phone.received[-3:]][-_REMEMBERS:]
        if self._chance.random() < habits.halts:
            await self.say(self._chance.choice(STOPS))
        elif self._chance.random() < habits.curious:
            await self.say(self._chance.choice((*LOOKS, *LOOKS, *ODD)))
        elif self._chance.random() < habits.sells:
            await self.say(self._wish())
        elif self._chance.random() < habits.protects:
            await self.say(self._protection())
        elif self._answers_a_doubt(phone):
            pass
        elif not self._buy(phone) and self._chance.random() < 0.6:
            await self.say("/scan")

    def _remember(self, phone: Phone) -> None:
        known = {data for _, _, data in self._world.offers_seen}
        for message in phone.received[-3:]:
            for label, data in buttons(message):
                if data.startswith(APPROVE) and data not in known:
                    self._world.offers_seen.append((message, label, data))

    def _wish(self) -> str:
        """A command about a stock that he holds, or could hold."""
        chance = self._chance
        symbol = chance.choice((*STOCKS[:2], *STOCKS[:2], *HELD))
        return chance.choice(
            (
                *[f"/sell {symbol}{chance.choice(AMOUNTS)}"] * 5,
                f"/buy {symbol}{chance.choice(SIZES)}",
                f"/cancel {symbol}",
                "/cancel all",
            )
        )

    def _protection(self) -> str:
        """A command that sets or shows the exits of a stock."""
        symbol = self._chance.choice((*STOCKS[:2], *STOCKS[:2], *HELD))
        return self._chance.choice(
            ("/exits", *[f"/exits {symbol} {each}" for each in PLANS])
        )

    def _phone(self) -> Phone:
        return self._phones[self._chance.random() < self._habits.second_phone]

    async def say(self, text: str) -> None:
        """Send *text* to the bot."""
        self._world.auditor.said(text)
        await self._world.chat.phone.send(text)

    def _buy(self, phone: Phone) -> bool:
        """Press a button on a card; False if there is no card."""
        choices = list(self._choices(phone))
        if not choices:
            return False
        message, label, data = self._chance.choice(choices)
        self.press(phone, message, label, data)
        if self._chance.random() < self._habits.twice:
            again = self._chance.choice(self._phones)
            same = self._chance.random() < 0.6
            every = [each for each in buttons(message) if _is_harmless(each[1])]
            self.press(again, message, *((label, data) if same else self._pick(every)))
        return True

    def _pick(self, every: list[tuple[str, str]]) -> tuple[str, str]:
        return self._chance.choice(every)

    def _answers_a_doubt(self, phone: Phone) -> bool:
        """Answer a question about an order in doubt, as the gateway's book has it."""
        for message in reversed(phone.received[-8:]):
            asked = [each for each in buttons(message) if each[1].startswith(_DOUBT)]
            if asked and self._chance.random() < self._habits.looks:
                ref = asked[0][1].rpartition(":")[2]
                self.press(phone, message, *self._seen(ref, list(buttons(message))))
                return True
        return False

    def _seen(self, ref: str, every: list[tuple[str, str]]) -> tuple[str, str]:
        """The button with the true answer."""
        order = self._world.auditor.at_ib(ref)
        there, not_there = f"{_DOUBT}y:{ref}", f"{_DOUBT}n:{ref}"
        filled = f"{_DOUBT}f:{ref}"
        if order is None:
            return _carrying(not_there, every)
        if order.filled == order.ticket.quantity:
            return _carrying(filled, every)
        return _carrying(there, every)

    def _choices(self, phone: Phone) -> Iterator[tuple[Message, str, str]]:
        """The buttons that he may press now, each drawn with the probability that
        ``_likes`` gives it.
        """
        stale = self._chance.random() < self._habits.stale
        for message in self._screens if stale else phone.received[-6:]:
            for label, data in buttons(message):
                if self._chance.random() < self._likes(data):
                    yield message, label, data

    def _likes(self, data: str) -> float:
        habits = self._habits
        likes = {
            BOTH: 0.0 if habits.one else habits.buys,
            APPROVE: habits.buys,
            (_CANCEL,): habits.cancels,
            (_SELL,): habits.sells,
            (_EXITS, _SET_EXITS): habits.protects,
            (_ALLOW,): 0.3,
            (_DOUBT, _FILLED): 0.0,  # he looks at IB first
        }
        found = (often for begins, often in likes.items() if data.startswith(begins))
        return next(found, 0.05 if _is_known(data) else 0.0)

    def press(self, phone: Phone, message: Message, label: str, data: str) -> None:
        """Tap a button as it was on *message*."""
        self._world.press(phone, message, label, data)


def _is_harmless(data: str) -> bool:
    """Whether he may press it at random: answers about orders at IB need a look first."""
    return _is_known(data) and not data.startswith((_DOUBT, _FILLED))


def _is_known(data: str) -> bool:
    """Whether the auditor knows its effect."""
    return data[3:4] in _KNOWN


def _carrying(data: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    """The button with that data.

    Raises:
        LookupError: the bot no longer offers it.
    """
    found = next((each for each in every if each[1] == data), None)
    if found is None:
        raise LookupError(f"{data} is not among {every}")
    return found
