"""One order of ours, and what may happen to it at IB around the code."""

from dataclasses import dataclass

from core.model.order import OrderRef, OrderState
from core.sandbox.trading.order_state import BookOrder, OrderStatus
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.gateway import FILLS, FILLS_A_PART, GatewayHarness
from tests.harness.waiting import turns, until


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``code`` and ``text`` are what IB says of the order."""

    harness: GatewayHarness
    ref: OrderRef
    code: int
    text: str

    @property
    def booked(self) -> BookOrder:
        """As it is in the gateway's book."""
        booked = self.harness.booked(self.ref)
        assert booked is not None
        return booked

    # how far it has come

    async def sent(self) -> None:
        """It is in the gateway's book, and nobody has said a word."""
        await until(lambda: self.harness.booked(self.ref))

    async def compared(self) -> None:
        """Nobody has said a word for so long that IB's listings are asked for it; they
        are on their way."""
        await self.sent()
        self.harness.doubt(self.ref)
        await turns(1)
        assert self.harness.is_comparing()

    async def working(self) -> None:
        """IB has named it, and we know."""
        await self.sent()
        self.is_named()
        await self.known_as(OrderState.ACKED)

    async def part_filled(self) -> None:
        await self.working()
        self.is_part_filled()
        await self.known_as(OrderState.PARTIAL)

    async def known_as(self, state: OrderState) -> None:
        """Our journal has it in that state."""
        await until(lambda: self.harness.order(self.ref).state is state)

    # what happens next

    def is_spoken_of(self) -> None:
        """The code."""
        self.harness.say(self.booked.key.order_id, self.code, self.text)

    def is_named(self) -> None:
        self.harness.acknowledge(self.booked)

    def is_filled(self) -> None:
        self.harness.trade(self.booked, FILLS)

    def is_part_filled(self) -> None:
        self.harness.trade(self.booked, FILLS_A_PART)

    def is_over(self, status: OrderStatus) -> None:
        """It ends, and its status says so."""
        self.harness.end(self.booked, status, told=True)

    def is_over_in_silence(self, status: OrderStatus) -> None:
        """It ends, and nothing but the code will tell."""
        self.harness.end(self.booked, status, told=False)

    def meets(self, action: Action, seconds: float = 0.0) -> None:
        """Something happens to it on its way to the gateway."""
        trouble = Trouble(
            message="placeOrder",
            action=action,
            containing=self.ref,
            code=self.code,
            text=self.text,
            seconds=seconds,
        )
        self.harness.server.add_trouble(trouble)
