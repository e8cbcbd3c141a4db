"""Faults of the bot's process: it is killed, the power fails, older files come back."""

from functools import partial

from tests.simulation.plan import Fault
from tests.simulation.world import World


class ProcessFaults:
    """Kills the bot, at once, at a write-ahead point or some steps after a tap."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._crash_in = 0
        self._steps: list[tuple[int, float]] = []
        world.loop.on_step = self._count_down

    def end(self) -> None:
        self._world.lives.deaths.clear()
        self._steps.clear()

    def crash(self, fault: Fault) -> None:
        self._world.lives.kill(rest=fault.amount)

    def crash_at(self, fault: Fault) -> None:
        self._die_at(fault, power=False)

    def power(self, fault: Fault) -> None:
        """At once, or at a write-ahead point."""
        if fault.what:
            self._die_at(fault, power=True)
        else:
            self._world.lives.kill(rest=fault.amount, power=True)

    def _die_at(self, fault: Fault, *, power: bool) -> None:
        deaths = self._world.lives.deaths.setdefault(fault.what, [])
        deaths.append((fault.nth, fault.amount, power))

    def crash_steps(self, fault: Fault) -> None:
        self._steps.append((fault.nth, fault.amount))

    def arm(self) -> None:
        """A button was tapped: the steps to the next such crash are counted from now."""
        if self._steps and not self._crash_in:
            self._crash_in = self._steps[0][0]

    def _count_down(self) -> None:
        if self._crash_in:
            self._crash_in -= 1
            if not self._crash_in and self._steps:
                _, rest = self._steps.pop(0)
                self._world.lives.kill(rest=rest)

    def keep(self, fault: Fault) -> None:
        """The files of now come back later."""
        lives = self._world.lives
        if lives.alive:
            lives.keep()
            self._world.auditor.files_kept()
            back = partial(lives.go_back, rest=2.0)
            self._world.loop.call_later(fault.amount, back)

    def lose_files(self, fault: Fault) -> None:
        self._world.auditor.files_kept()
        self._world.lives.lose_files(rest=fault.amount)
