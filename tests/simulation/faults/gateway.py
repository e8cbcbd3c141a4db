"""Faults of the gateway: messages lost, late or wrong, the line down, a restart."""

from dataclasses import replace
from typing import Final

from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.simulation.faults.machine import dim
from tests.simulation.plan import FALSELY_CANCELLED, FALSELY_REFUSED, Fault
from tests.simulation.world import World, shapes


OTHER: Final = AccountSpec(account="DU7654321")
"""The account of the other login."""

SOON: Final = frozenset(
    {"late", "garble", "hide", "jump", "fall", "lose", "slow", "event"}
    | {"blind", "forget", "rollback"}
)
"""What a fault in the course of an order may have the gateway do."""

_ORDER_ACTIONS: Final = {
    "cut": Action.CUT,
    "cut before": Action.CUT_BEFORE,
    "swallow": Action.SWALLOW,
    "drop": Action.DROP,
    "delay": Action.DELAY,
    "refuse": Action.REFUSE,
}
_HELD: Final = (
    "Order Message:\nWarning: Your order will not be placed at the exchange until "
    "2026-11-24 09:30:00 US/Eastern."
)
_SAYS_REFUSED: Final = "placeOrder note 201"
_FARMS_UP: Final = {"2103": "2104", "2105": "2106", "2157": "2158"}

_UP, _DOWN = 1.1, 0.9
"""What a price is multiplied by."""

_BACK: Final = 500
"""Ids that a gateway forgets."""


class GatewayFaults:
    """Has the simulated gateway do what a real one is known to do."""

    def __init__(self, world: World) -> None:
        self._world = world

    # its messages

    def code(self, fault: Fault) -> None:
        message, action, number = fault.what.split(" ")
        if fault.what == FALSELY_CANCELLED:
            self._world.auditor.ib_is_wrong = True
        self._world.gateway.add_trouble(
            Trouble(
                message=message,
                action=Action(action),
                nth=fault.nth,
                seconds=fault.amount,
                code=int(number),
                text=_HELD if number == "399" else "drawn",
            )
        )

    def scenario(self, fault: Fault) -> None:
        """One of the gateway's own, from now on."""
        world, scenario = self._world, LIBRARY[fault.what]
        for trouble in scenario.troubles:
            world.gateway.add_trouble(trouble)
        for each in scenario.line:
            world.loop.call_later(each.after, world.gateway.happen, each)

    def order(self, fault: Fault) -> None:
        if fault.what == FALSELY_REFUSED:
            self.code(replace(fault, what=_SAYS_REFUSED, amount=0.0))
            self._world.auditor.ib_is_wrong = True
            fault = replace(fault, what="delay")
        for fate in fault.what.split(" and "):
            self._world.gateway.add_trouble(
                Trouble(
                    message="placeOrder",
                    action=_ORDER_ACTIONS[fate],
                    nth=fault.nth,
                    seconds=fault.amount,
                    code=201,
                    text="Order rejected - reason: drawn",
                )
            )

    def word(self, fault: Fault) -> None:
        message, action = fault.what.split(" ")
        self._world.gateway.add_trouble(
            Trouble(
                message=message,
                action=Action(action),
                nth=fault.nth,
                seconds=fault.amount,
            )
        )

    def soon(self, act: str, fault: Fault) -> None:
        """One of SOON."""
        match act:
            case "late" | "garble":  # the next of IB's messages that is called so
                message = fault.what.split(" ")[2]
                action = Action.DELAY if act == "late" else Action.CORRUPT
                self.word(replace(fault, what=f"{message} {action}", nth=1))
            case "hide":
                self._hide(int(fault.amount))
            case "blind" | "forget" | "rollback":
                self._restart(act, fault.amount)
            case "lose" | "slow":  # every such message from now on
                action = Action.DROP if act == "lose" else Action.DELAY
                each = Trouble(
                    message=fault.what.split(" ")[2],
                    action=action,
                    times=0,
                    seconds=fault.amount,
                )
                self._world.gateway.add_trouble(each)
            case "jump" | "fall":
                self._move(fault.amount or (_UP if act == "jump" else _DOWN))
            case _:
                self._happen(LineEvent(fault.what.split(" ", 2)[2]))

    def _hide(self, number: int) -> None:
        """Lose the next *number* openOrder and the next *number* orderStatus messages,
        those of lists too.
        """
        for message in ("openOrder", "orderStatus"):
            self._world.gateway.add_trouble(
                Trouble(message=message, action=Action.DROP, times=number)
            )

    def _move(self, factor: float) -> None:
        """Multiply the prices of the leading stocks by *factor* from now on."""
        world = self._world
        for symbol, shape in shapes(world.plan).items():
            price = round((shape.last or 1.0) * factor, 2)
            changed = replace(shape, jump_at=world.clock.true(), jump_to=price)
            world.gateway.set_override(symbol, changed)

    # its lines

    def restart(self, fault: Fault) -> None:
        self._happen(
            LineEvent.RESTART,
            down=fault.amount,
            rollback=2 if fault.what == "rollback" else 0,
            blind=1 if fault.what == "blind" else 0,
        )

    def _restart(self, act: str, amount: float) -> None:
        """The gateway restarts: its first lists of open orders are empty, its ids go
        back, or both."""
        self._happen(
            LineEvent.RESTART,
            down=amount if act == "rollback" else 0.0,
            blind=0 if act == "rollback" else int(amount),
            rollback=0 if act == "blind" else _BACK,
        )

    def cut(self, _fault: Fault) -> None:
        self._world.gateway.cut()

    def freeze(self, fault: Fault) -> None:
        self._world.gateway.freeze()
        self._world.loop.call_later(fault.amount, self._world.gateway.thaw)

    def line(self, fault: Fault) -> None:
        gateway = self._world.gateway
        gateway.flap(1100)
        self._world.loop.call_later(fault.amount, gateway.flap, int(fault.what))

    def farm(self, fault: Fault) -> None:
        self._happen(LineEvent(fault.what))
        up = LineEvent(_FARMS_UP[fault.what])
        self._world.loop.call_later(fault.amount, self._happen, up)

    def dark(self, fault: Fault) -> None:
        dim(self._world, self._world.gateway_port, fault.amount)

    def _happen(
        self, event: LineEvent, *, down: float = 0.0, rollback: int = 0, blind: int = 0
    ) -> None:
        self._world.gateway.happen(
            Happening(after=0, event=event, down=down, rollback=rollback, blind=blind)
        )
        if event is LineEvent.BUST:
            self._world.auditor.book.trade_taken_back()

    # its login

    def login(self, fault: Fault) -> None:
        self._world.gateway.gateway.exchange.open_account(OTHER)
        self._world.gateway.cut()
        self._world.loop.call_later(fault.amount, self.own_login)

    def own_login(self) -> None:
        """The gateway has the bot's own login again."""
        exchange = self._world.gateway.gateway.exchange
        if OTHER.account in exchange.accounts():
            exchange.close_account(OTHER.account)
            self._world.gateway.cut()
