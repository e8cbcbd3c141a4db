"""What the owner does to a holding, and says again until it is heard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.sandbox.api_types import Message
from tests.campaign import judge
from tests.campaign.holding.judge import is_about_exits, is_approved, is_sale
from tests.campaign.holding.plan import HoldingPlan, Scene
from tests.harness.product import MOST_PERCENT, ProductHarness


PLAN: Final = (5.0, 10.0)
"""The exits that the purchase is approved with: stop and target, in percent."""

MOVED: Final = (3.0, 20.0)
TIMED: Final = (5.0, 0.0)

_AGAIN: Final = 4.0
"""Seconds after which the owner repeats what nobody has answered; then after twice as
long each time, because what he says anew takes back the card that was on its way."""

_PACE: Final = 1.0
"""Seconds between two taps on the same button."""

_WORDS: Final[Mapping[Scene, str]] = {
    Scene.SELL: f"/sell {MOST_PERCENT} half",
    Scene.BUTTON: "/positions",
    Scene.PANIC: "/panic",
    Scene.MOVE: f"/exits {MOST_PERCENT} stop 3% target 20%",
    Scene.OFF: f"/exits {MOST_PERCENT} none",
    Scene.TIMED: f"/exits {MOST_PERCENT} stop 5% close 1",
}

PRICES: Final = {Scene.FALL: 4.0, Scene.RISE: 6.0}
"""What the price comes to while the bot is dead: through the stop, or the target."""


@dataclass(slots=True, kw_only=True)
class Owner:
    """Sends the scene's command and answers its card; ``now`` is the loop's time."""

    plan: HoldingPlan
    harness: ProductHarness
    now: Callable[[], float]
    since: int = 0
    """The newest message that was there before the scene."""
    has_agreed: bool = False
    """Whether he has tapped a Yes of this scene."""
    _said: float = 0.0
    _repeats_after: float = _AGAIN / 2
    _tapped: float = 0.0

    def go_on(self) -> bool:
        """Do what is to be done next; whether nothing more is."""
        card = self.card()
        if card is not None and is_over(card):
            return True
        if card is not None and judge.has(card, "Yes"):
            self._answer(card)
        elif self.now() > self._said + self._repeats_after and not self._is_promised():
            self.speak()
        elif self.plan.scene is Scene.BUTTON and card is None:
            self._tap_holding()
        return False

    def _is_promised(self) -> bool:
        """Whether he was told that a card comes: a panic's comes, whatever dies."""
        return any(m.text.startswith("Stopped") for m in self._received())

    def speak(self) -> None:
        """Say it, for the first time or again."""
        self._said = self.now()
        self._repeats_after *= 2
        words = _WORDS[self.plan.scene]
        if self.plan.all and self.plan.scene is Scene.SELL:
            words = words.replace("half", "all")
        self.harness.chat.chats.receive(self.harness.phone.user, words)

    def card(self) -> Message | None:
        """The newest card of the scene."""
        about = is_sale if self._sells else is_about_exits
        cards = [m for m in self._received() if about(m)]
        return cards[-1] if cards else None

    @property
    def _sells(self) -> bool:
        return self.plan.scene in {Scene.SELL, Scene.BUTTON, Scene.PANIC}

    def _received(self) -> list[Message]:
        return [m for m in self.harness.phone.received if m.message_id > self.since]

    def _answer(self, card: Message) -> None:
        if self.now() < self._tapped + _PACE:
            return
        self._tapped = self.now()
        agrees = self.plan.agrees or not self._sells
        self.has_agreed |= agrees
        words = "Yes" if agrees else "No"
        self.harness.phone.press(card, judge.label_of(card, words))

    def _tap_holding(self) -> None:
        """What he holds, as soon as it is listed."""
        label = f"{'100' if self.plan.all else '50'}% {MOST_PERCENT}"
        listed = [m for m in self._received() if judge.has(m, label)]
        if listed and self.now() > self._tapped + _AGAIN:
            self._tapped = self.now()
            self.harness.phone.press(listed[-1], label)


def is_over(card: Message) -> bool:
    """Whether the owner has answered it, for good."""
    answered = is_approved(card) or card.text.startswith("No, said")
    return answered and not judge.has(card, "Yes")
