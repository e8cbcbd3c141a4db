"""Finds a TWS or IB Gateway, and the accounts of its login."""

import asyncio
from typing import Final

from core.broker.connection import Address, Connection
from core.broker.orders import IbBroker
from core.broker.probing.hello import hello
from core.model.evidence import Line, LineState
from core.ports.market import Clock


USUAL: Final = {
    4002: "IB Gateway, paper",
    7497: "TWS, paper",
    4001: "IB Gateway, live",
    7496: "TWS, live",
}
"""The default ports of IB's programs, and what listens there. A port proves nothing:
the account id shows whether it is real money."""

_HELLO_SECONDS: Final = 2.0
_LOGIN_SECONDS: Final = 15.0
_FIGURES_SECONDS: Final = 5.0
_POLL_INTERVAL: Final = 0.1


async def found_on(host: str, ports: tuple[int, ...]) -> tuple[int, ...]:
    """The *ports* on which a TWS or IB Gateway answers, in that order."""
    answers = await asyncio.gather(
        *(hello(host, port, within=_HELLO_SECONDS) for port in ports)
    )
    return tuple(
        port for port, said in zip(ports, answers, strict=True) if said is not None
    )


async def login_at(host: str, port: int, *, client_id: int, clock: Clock) -> Line:
    """The line with the accounts of the login; empty if no session is accepted in time,
    or another program has the client id."""
    address = Address(host=host, port=port, client_id=client_id, account="")
    async with Connection.opened(address, clock=clock) as connection:
        for _ in range(int(_LOGIN_SECONDS / _POLL_INTERVAL)):
            line = connection.line
            if line.state is not LineState.DOWN or line.id_in_use:
                break
            await asyncio.sleep(_POLL_INTERVAL)
        return connection.line


async def currency_of(address: Address, *, clock: Clock) -> str | None:
    """The currency that the account of *address* is kept in; None when IB has not told
    it in time."""
    async with Connection.opened(address, clock=clock) as connection:
        broker = IbBroker(connection)
        for _ in range(int((_LOGIN_SECONDS + _FIGURES_SECONDS) / _POLL_INTERVAL)):
            if (figures := broker.account()) is not None:
                return figures.base.currency if figures.base else "USD"
            await asyncio.sleep(_POLL_INTERVAL)
    return None
