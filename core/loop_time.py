"""The clock of the running event loop, by which waits are measured. It only goes forward,
and in simulated time it is simulated too.

Tested by tests/bot/outgoing/test_pace.py.
"""

import asyncio


def loop_time() -> float:
    """Seconds since some moment before the start; the machine's sleep may not count."""
    return asyncio.get_running_loop().time()
