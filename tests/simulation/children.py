"""Child processes of a simulated machine: functions whose result comes after a delay."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final


Program = Callable[[Sequence[str], bytes], bytes]
"""From its arguments and what it reads, what it prints."""

WORKING: Final = 0.8
"""Seconds that a child takes; the real ones begin with a large library."""

_OUT, _ERR = 1, 2


class Child(asyncio.SubprocessTransport):
    """The transport of one child process, for asyncio's own stream protocol."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: Any,
        program: Program,
        arguments: Sequence[str],
    ) -> None:
        super().__init__()
        self._loop, self._protocol = loop, protocol
        self._program, self._arguments = program, arguments
        self._code: int | None = None
        self._pipes = {number: _Pipe(self) for number in (0, _OUT, _ERR)}
        self._ended: asyncio.Future[int] = loop.create_future()
        protocol.connection_made(self)
        self._timer = loop.call_later(WORKING, self._work)

    def get_pid(self) -> int:
        """A made-up number: there is no process."""
        return 4242

    def get_returncode(self) -> int | None:
        """The exit status; None while it runs."""
        return self._code

    def get_pipe_transport(self, fd: int) -> Any:
        """Standard input, output and error."""
        return self._pipes[fd]

    def kill(self) -> None:
        """End it at once."""
        self._timer.cancel()
        self._end(-9)

    async def _wait(self) -> int:
        return await self._ended

    def is_closing(self) -> bool:
        """Whether it has ended."""
        return self._code is not None

    def close(self) -> None:
        """End it if it runs."""
        if self._code is None:
            self.kill()

    def _work(self) -> None:
        said = self._program(self._arguments, bytes(self._pipes[0].read))
        self._protocol.pipe_data_received(_OUT, said)
        self._end(0)

    def _end(self, code: int) -> None:
        if self._code is not None:
            return
        self._code = code
        for pipe in self._pipes.values():
            pipe.close()
        for number in (_OUT, _ERR):
            self._protocol.pipe_connection_lost(number, None)
        self._protocol.process_exited()
        if not self._ended.done():
            self._ended.set_result(code)


class _Pipe(asyncio.ReadTransport, asyncio.WriteTransport):
    """One of its three pipes."""

    def __init__(self, child: Child) -> None:
        super().__init__()
        self.read = bytearray()
        self._closing = False

    def write(self, data: Any) -> None:
        self.read += data

    def close(self) -> None:
        self._closing = True

    def is_closing(self) -> bool:
        return self._closing

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        return

    def resume_reading(self) -> None:
        return
