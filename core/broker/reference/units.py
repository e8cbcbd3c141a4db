"""In which unit the prices of a stock abroad are quoted.

London's stocks trade in pounds and are quoted in pence: IB's contract details have a
price magnifier of 100 for them. Quotes and bars are in the smaller unit; orders,
executions, costs and values of holdings are in pounds (users' reports:
gloom-sh/gloomberb#537, bankroll-py/bankroll#31).
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from core.broker import translate
from core.broker.connection import Connection
from core.broker.exchange_rates import DOLLAR
from core.broker.pacing import Urgency
from core.broker.reference.details import details_of
from core.broker.session import GatewaySession
from core.model.errors import BrokerAway, BrokerSaidNo
from core.model.market import ConId, Instrument


_log: Final = logging.getLogger(__name__)

_WITHIN: Final = 3.0
"""Seconds to wait for the details of one stock."""

_LARGEST: Final = 10_000
"""No exchange quotes in a smaller part of its currency."""


class Units:
    """The price magnifiers known so far; a contract's never changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asking = asyncio.Lock()
        self._known: dict[ConId, int] = {}

    async def of(self, instruments: Iterable[Instrument]) -> Mapping[ConId, int]:
        """How many quoted units make one of the currency, for each of *instruments* that
        is not priced in dollars (which are quoted in dollars). One is missing where IB
        does not say in time, or says what is no unit.

        Raises:
            BrokerAway: there is no line.
        """
        abroad = [each for each in instruments if each.currency != DOLLAR]
        if abroad:
            async with self._asking:
                await self._learn([e for e in abroad if e.con_id not in self._known])
        return {
            e.con_id: self._known[e.con_id] for e in abroad if e.con_id in self._known
        }

    async def _learn(self, unknown: Iterable[Instrument]) -> None:
        for each in unknown:
            session = self._connection.session()
            try:
                async with asyncio.timeout(_WITHIN):
                    unit = await _magnifier(each, session)
            except (BrokerSaidNo, BrokerAway, TimeoutError) as problem:
                _log.warning("no unit of %s: %r", each.symbol, problem)
                continue
            if 0 < unit <= _LARGEST:
                self._known[each.con_id] = unit
            else:
                _log.warning("no unit of %s: %s", each.symbol, unit)


async def _magnifier(instrument: Instrument, session: GatewaySession) -> int:
    contract = translate.contract_of(instrument)
    found = await details_of(contract, session, urgency=Urgency.VITAL)
    return found.priceMagnifier
