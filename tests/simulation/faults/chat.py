"""Faults of Telegram: refusals, lost and late answers, an outage."""

from bot.sandbox.faults import Drop, Fault as ChatFault
from tests.simulation.faults.machine import dim
from tests.simulation.plan import Fault
from tests.simulation.world import World


class ChatFaults:
    """Has the local Bot API server fail as the real one does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def status(self, fault: Fault) -> None:
        method, status = fault.what.split(" ")
        wait = int(fault.amount) + 1 if status == "429" else None
        trouble = ChatFault(status=int(status), retry_after=wait)
        if status == "200":  # maintenance, in the place of an answer
            trouble = ChatFault(instead="<html><body>back soon</body></html>")
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def cut(self, fault: Fault) -> None:
        method, when = fault.what.split(" ")
        trouble = ChatFault(drop=Drop(when))
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def slow(self, fault: Fault) -> None:
        method, _ = fault.what.split(" ")
        trouble = ChatFault(delay=fault.amount)
        self._world.chat.faults.next(method, trouble, times=fault.nth)

    def again(self, fault: Fault) -> None:
        trouble = ChatFault(repeat=True)
        self._world.chat.faults.next("getUpdates", trouble, times=fault.nth)

    def out(self, fault: Fault) -> None:
        port, network = self._world.chat_port, self._world.loop.network
        if fault.what == "dark":
            dim(self._world, port, fault.amount)
            return
        network.shut.add(port)
        network.cut(port)
        self._world.loop.call_later(fault.amount, network.shut.discard, port)
