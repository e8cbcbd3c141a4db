"""Faults of the machine and of the network: clocks, sleep, a full disk, slow bytes."""

from tests.simulation.network import NetworkQuality
from tests.simulation.plan import Fault
from tests.simulation.world import World


class MachineFaults:
    """Disturbs what the bot runs on."""

    def __init__(self, world: World) -> None:
        self._world = world

    def network_quality(self, fault: Fault) -> None:
        self._world.loop.network.default = NetworkQuality(
            late=0.2, longest=fault.amount, split=0.3
        )

    def step(self, fault: Fault) -> None:
        sign = 1 if fault.what == "forward" else -1
        self._world.clock.error += sign * fault.amount

    def sleep(self, fault: Fault) -> None:
        world = self._world
        world.suspend(fault.amount)
        if fault.what == "cut":
            world.loop.network.cut(world.gateway_port)
            world.loop.network.cut(world.chat_port)

    def disk(self, fault: Fault) -> None:
        world = self._world
        world.loop.call_later(fault.amount, world.disk.fill(world.lives.number))


def dim(world: World, port: int, seconds: float) -> None:
    """No byte passes that *port* for so long, and no connection breaks."""
    dark = world.loop.network.dark
    dark.add(port)
    world.loop.call_later(seconds, dark.discard, port)
