"""The owner, drawn from a seed: he scans, taps, taps twice, changes his mind, sleeps.

He acts on what his phone shows, or showed a while ago, and on nothing else.
"""

import asyncio
import re
from collections.abc import Iterator
from random import Random
from typing import Final

from bot.sandbox.nouns import Message
from bot.sandbox.phone import Phone
from bot.sandbox.server import OWNER
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
)
_REF: Final = re.compile(r"tb-\w+-\w+")
_THERE, _NOT_THERE = "It is there", "It is not there"
_WAS_FILLED: Final = "It was filled"
_SAYS_WHAT_IS: Final = re.compile("there|is not|filled|Ask me later")
_LOOKS_AT_IB: Final = 0.3
_BUYING: Final = ("Yes", "Only", "Queue")
_REMEMBERS: Final = 12
"""Screens that he may still have before him."""


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
        self._screens = [*self._screens, *phone.heard[-3:]][-_REMEMBERS:]
        if self._chance.random() < habits.halts:
            await self.say(
                self._chance.choice(("/halt", "/resume", "/resume", "/panic"))
            )
        elif self._chance.random() < habits.curious:
            await self.say(self._chance.choice((*LOOKS, *LOOKS, *ODD)))
        elif self._answers_a_doubt(phone):
            pass
        elif not self._buy(phone) and self._chance.random() < 0.6:
            await self.say("/scan")

    def _phone(self) -> Phone:
        return self._phones[self._chance.random() < self._habits.second_phone]

    async def say(self, text: str) -> None:
        """Send *text* to the bot."""
        self._world.auditor.said(text)
        await self._world.chat.phone.send(text)

    def _buy(self, phone: Phone) -> bool:
        """Press something on a card, if there is one; whether there was."""
        choices = list(self._choices(phone))
        if not choices:
            return False
        message, label = self._chance.choice(choices)
        self.press(phone, message, label)
        if self._chance.random() < self._habits.twice:
            again = self._chance.choice(self._phones)
            labels = [each for row in message.buttons for each in row]
            same = self._chance.random() < 0.6
            self.press(again, message, label if same else self._chance.choice(labels))
        return True

    def _answers_a_doubt(self, phone: Phone) -> bool:
        """Asked whether an order is there, he looks at IB and says what he sees."""
        for message in reversed(phone.heard[-8:]):
            ref = _REF.search(message.text)
            labels = [each for row in message.buttons for each in row]
            if ref and _THERE in labels and self._chance.random() < _LOOKS_AT_IB:
                self.press(phone, message, self._seen(ref[0], labels))
                return True
        return False

    def _seen(self, ref: str, labels: list[str]) -> str:
        """Which answer is true."""
        order = self._world.auditor.at_ib(ref)
        if order is None:
            return _NOT_THERE
        filled = [label for label in labels if label.startswith(_WAS_FILLED)]
        whole = order.filled == order.ticket.quantity
        return filled[0] if whole and filled else _THERE

    def _choices(self, phone: Phone) -> Iterator[tuple[Message, str]]:
        """The buttons that he may press, those that he likes more often."""
        stale = self._chance.random() < self._habits.stale
        for message in self._screens if stale else phone.heard[-6:]:
            for label in (each for row in message.buttons for each in row):
                if self._chance.random() < self._likes(label):
                    yield message, label

    def _likes(self, label: str) -> float:
        if label.startswith(_BUYING):
            return self._habits.buys
        if label.startswith("Cancel "):
            return self._habits.cancels
        if _SAYS_WHAT_IS.search(label):
            return 0.0  # he looks at IB first
        return 0.05

    def press(self, phone: Phone, message: Message, label: str) -> None:
        """Tap a button as it was on *message*."""
        data = str(message.button(label)["callback_data"])
        self._world.auditor.tapped(message, label, data)
        self._world.tell(f"tap {label!r} on {message.message_id}")
        self._world.on_tap()
        phone.forge(message, data)
