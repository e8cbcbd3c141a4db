"""An asyncio event loop in simulated time: it never sleeps and owns no descriptor.

Where a real loop would wait for its next timer, this one moves its clock there. Each
step takes at least a microsecond: a library that arms a timer for "now" again until
the clock has moved on (ib_async's throttle) would otherwise spin for ever. Sockets,
child processes and threads are simulated as well, so one seed gives one order of
events. Sets of tasks iterate in the order of their making: a task's hash is its number.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextvars import Context, ContextVar
from itertools import count
from typing import Any, Final, Self, TypeVar

from tests.simulation.children import Child, Program
from tests.simulation.network import Endpoint, Network, SimulatedServer


T = TypeVar("T")

STEP: Final = 1_000
"""Nanoseconds that one turn of the loop takes at least."""

LIFE: ContextVar[int] = ContextVar("life", default=0)
"""Whose code runs: 0 is the world's, 1 and above are lives of the bot."""

_numbers = count(1)


def restart_numbers() -> None:
    """Number tasks from 1 again: a new world begins."""
    global _numbers  # noqa: PLW0603  one world at a time, and tasks know no other
    _numbers = count(1)


class StuckError(AssertionError):
    """No timer is armed and nothing is ready: something waits for ever."""


class NumberedTask(asyncio.Task[Any]):
    """A task whose hash does not depend on its address in memory."""

    number: int
    life: int

    def __new__(cls, *_: object, **__: object) -> Self:
        task = super().__new__(cls)
        task.number = next(_numbers)
        task.life = LIFE.get()
        return task

    def __hash__(self) -> int:
        return self.number


class SimulatedLoop(asyncio.BaseEventLoop):
    """An event loop with simulated time, network and child processes."""

    def __init__(self, network: Network, programs: Mapping[str, Program]) -> None:
        super().__init__()
        self.network = network
        self.steps = 0
        self._ns = 0
        self._programs = programs
        self._clock_resolution = 1e-9
        self._selector = self
        self.on_step: Callable[[], None] = lambda: None
        self.get_debug = bool  # type: ignore[method-assign]  # False; each future asks
        self.set_task_factory(_numbered)  # type: ignore[arg-type]  # typeshed asks for a Protocol
        network.serve_on(self)

    # time

    def time(self) -> float:
        """Seconds since the loop was made; stands still while the machine sleeps."""
        return self._ns / 1e9

    def skip(self, seconds: float) -> None:
        """Advance the time by *seconds* in which the machine was awake."""
        self._ns += int(seconds * 1e9)

    def select(self, timeout: float | None) -> list[Any]:
        """Move the clock to the next timer; BaseEventLoop asks for it at each turn."""
        if timeout is None:
            raise StuckError("nothing is ready, and no timer is armed")
        self.steps += 1
        self._ns += max(STEP, int(timeout * 1e9))
        self.on_step()
        return []

    def _process_events(self, _events: list[Any]) -> None:
        return

    def _write_to_self(self) -> None:
        return

    # the machine around it

    async def create_connection(  # type: ignore[override]  # what the product uses of it
        self, protocol_factory: Callable[[], Any], host: str, port: int, **_: Any
    ) -> tuple[Endpoint, Any]:
        """Connect over the simulated network."""
        return await self.network.connect(protocol_factory, port, life=LIFE.get())

    async def create_server(  # type: ignore[override]  # what the sandboxes use of it
        self, protocol_factory: Callable[[], Any], host: str, port: int, **_: Any
    ) -> SimulatedServer:
        """Listen on the simulated network."""
        return self.network.listen(protocol_factory, port)

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """Resolve every name to this machine."""
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]  # typeshed's is generic
        """Call *func* at once, on the loop: the order of threads is not reproducible."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  as a thread hands it over
            future.set_exception(error)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  as Python 3.12 has it
        """Do nothing: there is no executor."""

    async def subprocess_exec(
        self, protocol_factory: Callable[[], Any], *arguments: str, **_: Any
    ) -> tuple[Child, Any]:
        """Start a child process: a function whose result comes after a delay."""
        protocol = protocol_factory()
        program = self._programs[arguments[2]]
        return Child(self, protocol, program, arguments[3:]), protocol


def _numbered(
    loop: asyncio.AbstractEventLoop,
    coro: Coroutine[Any, Any, T],
    *,
    context: Context | None = None,
) -> asyncio.Task[T]:
    return NumberedTask(coro, loop=loop, context=context, name="task")
