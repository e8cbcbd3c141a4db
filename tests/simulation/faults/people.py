"""What the owner and strangers do in the chat, besides the owner's plan."""

from functools import partial
from typing import Final

from bot.sandbox.api_types import User
from bot.sandbox.server import OWNER
from tests.simulation.owner import APPROVE, BOTH, NOT_THERE, SETTING_YES, buttons
from tests.simulation.plan import NO_BUTTON, Fault
from tests.simulation.world import World


STRANGER: Final = User(id=666, first_name="Mallory", username="mallory")

_READS: Final = 4.0
"""Seconds until the owner answers a question."""


class PeopleFaults:
    """Presses and words that a plan has beyond the owner's own."""

    def __init__(self, world: World) -> None:
        self._world = world

    def acts(self, act: str, fault: Fault) -> None:
        """What a fault in the course of an order has the owner do."""
        match act:
            case "say":
                self.says(fault.what.split(" ", 2)[2])
            case "press":
                self._press_newest(fault.what.split(" ")[2])
            case "stale":
                self._press_as_it_was(BOTH[0])
            case "yes?":  # of which a card should have none
                self._press_newest(BOTH[0], or_none=True)
            case _:
                self._press_newest(NOT_THERE if act == "deny" else BOTH[0])

    def says(self, words: str) -> None:
        """The owner sends *words*."""
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
        self.says(f"/settings {fault.what}")
        yes = partial(self._press_newest, SETTING_YES)
        self._world.loop.call_later(_READS, yes)

    def stranger(self, fault: Fault) -> None:
        chat = self._world.chat
        for text in ("/scan", "/halt", "/start")[: fault.nth]:
            chat.chats.receive(STRANGER, text)
        for message in chat.phone.received[-2:]:
            for label in (each for row in message.buttons for each in row):
                data = str(message.button(label)["callback_data"])
                chat.chats.tap(STRANGER, message.chat.id, message.message_id, data)
