"""The details of a contract, and its current symbol.

Tested by tests/contracts/ib/test_market_data.py.
"""

import asyncio
from typing import TypeVar

from ib_async import Contract, ContractDetails

from core.broker.codes import is_notice
from core.broker.connection import Connection
from core.broker.messages import (
    ConnectionLost,
    Details,
    ErrorMessage,
    Message,
    MessageQueue,
)
from core.broker.pacing import Urgency
from core.broker.session import GatewaySession
from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent
from core.model.market import Instrument


M = TypeVar("M", bound=Message)


async def symbol_now(
    instrument: Instrument, connection: Connection, *, within: float
) -> str:
    """The symbol IB now has for the contract number; as PastPrices.symbol_now."""
    contract = Contract(conId=instrument.con_id, exchange=instrument.exchange)
    try:
        async with asyncio.timeout(within):
            session = connection.session()
            found = await details_of(contract, session, urgency=Urgency.UNHURRIED)
    except TimeoutError:
        asked = f"the symbol of {instrument.symbol}"
        raise BrokerSilent(asked, within) from None
    return found.contract.symbol if found.contract else instrument.symbol


async def details_of(
    contract: Contract, session: GatewaySession, *, urgency: Urgency
) -> ContractDetails:
    """The first details for *contract*. Raises BrokerAway, BrokerSaidNo."""
    inbox, client = MessageQueue(), session.client
    with session.asking(inbox.put_nowait) as number:
        session.send(
            urgency, lambda: client.reqContractDetails(number, contract), number=number
        )
        return (await first(Details, inbox)).details


async def first(kind: type[M], inbox: MessageQueue) -> M:
    """The first message of *kind*; ends and notices are passed over.

    Raises:
        BrokerSaidNo: IB refused the request.
        BrokerAway: the connection was lost.
    """
    while True:
        message = await inbox.get()
        match message:
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)
            case ErrorMessage(number=number, text=text) if not is_notice(number, text):
                raise BrokerSaidNo(number, text)
            case _ if isinstance(message, kind):
                return message
            case _:
                pass
