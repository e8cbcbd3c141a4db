"""The price steps of a stock: two requests, each sent once per conversation.

The contract's details name a rule for each exchange, and a second request gets the
rule's steps. Tested by tests/contracts/ib/test_market_data.py."""

import asyncio
import re
from collections.abc import Iterable
from typing import Final

from ib_async import ContractDetails, PriceIncrement

from core.broker import translate
from core.broker.connection import Connection
from core.broker.messages import MarketRule, MessageQueue
from core.broker.pacing import Urgency
from core.broker.reference.details import details_of, first
from core.broker.session import GatewaySession
from core.model.errors import BrokerSilent
from core.model.market import ConId, Instrument
from core.model.money import Price, PriceStep, Steps


_RULE: Final = re.compile(r"[0-9]{1,9}")
"""The number of a market rule, which IB's clients keep in 32 bits."""


class PriceSteps:
    """The price steps known in the current conversation."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asking = asyncio.Lock()
        self._session: GatewaySession | None = None
        self._of_stock: dict[ConId, Steps] = {}
        self._of_rule: dict[int, Steps] = {}
        self._companies: dict[ConId, str] = {}

    def company(self, instrument: Instrument) -> str:
        """As PriceRules.company; what one conversation has brought, the next one has."""
        return self._companies.get(instrument.con_id, "")

    async def of(self, instrument: Instrument, *, within: float) -> Steps:
        """The steps of one stock; as PriceRules.price_steps."""
        try:
            async with asyncio.timeout(within), self._asking:
                return await self._known(instrument)
        except TimeoutError:
            asked = f"the price step of {instrument.symbol}"
            raise BrokerSilent(asked, within) from None

    async def _known(self, instrument: Instrument) -> Steps:
        session = self._connection.session()
        if session is not self._session:
            self._session, self._of_stock, self._of_rule = session, {}, {}
        if instrument.con_id not in self._of_stock:
            contract = translate.contract_of(instrument)
            found = await details_of(contract, session, urgency=Urgency.BARS)
            self._companies[instrument.con_id] = found.longName
            rule = market_rule_of(found, instrument.exchange)
            steps = () if rule is None else await self._steps_of(rule, session)
            self._of_stock[instrument.con_id] = steps
        return self._of_stock[instrument.con_id]

    async def _steps_of(self, rule: int, session: GatewaySession) -> Steps:
        if rule not in self._of_rule:
            self._of_rule[rule] = await _steps_by(rule, session)
        return self._of_rule[rule]


async def _steps_by(rule: int, session: GatewaySession) -> Steps:
    inbox, client = MessageQueue(), session.client
    with session.asking_rule(rule, inbox.put_nowait):
        session.send(Urgency.BARS, lambda: client.reqMarketRule(rule))
        return price_steps_of((await first(MarketRule, inbox)).steps)


def price_steps_of(steps: Iterable[PriceIncrement]) -> Steps:
    """The steps of a market rule, lowest price first; invalid steps are left out."""
    found = (
        (translate.known(each.lowEdge), translate.price(each.increment))
        for each in steps
    )
    return tuple(
        PriceStep(above=Price(above), step=step)
        for above, step in sorted(
            (above, step) for above, step in found if above is not None and step
        )
    )


def market_rule_of(details: ContractDetails, exchange: str) -> int | None:
    """The number of the rule for prices at *exchange*; None where IB names none. The
    two lists go side by side
    (interactivebrokers.github.io/tws-api/minimum_increment.html)."""
    exchanges = details.validExchanges.split(",")
    rules = details.marketRuleIds.split(",")
    number = dict(zip(exchanges, rules, strict=False)).get(exchange, "")
    return int(number) if _RULE.fullmatch(number) else None
