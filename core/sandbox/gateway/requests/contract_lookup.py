"""Which stock a client means, and what is said when it cannot be known."""

from dataclasses import replace
from typing import Final

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.market.universe import Stock
from core.sandbox.protocol.reading import ContractAsked
from core.sandbox.refusal import RequestRefused


LISTED_ABROAD: Final = frozenset({"AAPL", "MSFT", "NVDA", "AMZN", "TSLA"})
MEXICAN: Final = 900_000_000  # an invented conId
NO_DEFINITION: Final = "No security definition has been found for the request"


def matches(gateway: Gateway, asked: ContractAsked) -> tuple[Stock, ...]:
    """Return every stock the contract can mean."""
    if asked.sec_type not in {"", "STK"}:
        return ()
    if asked.con_id:
        stock = gateway.exchange.universe.by_con_id.get(asked.con_id)
        return (stock,) if stock else ()
    found = gateway.exchange.universe.find(
        symbol=asked.symbol or asked.local_symbol,
        sec_type=asked.sec_type,
        currency=asked.currency,
        exchange=asked.primary_exchange or asked.exchange,
        trading_class=asked.trading_class,
    )
    if found and found[0].symbol in LISTED_ABROAD and not asked.currency:
        return (*found, _abroad(found[0]))
    return found


def _abroad(stock: Stock) -> Stock:
    """Return the listing in Mexico that a request without currency finds as well."""
    con_id = stock.con_id + MEXICAN
    return replace(stock, con_id=con_id, currency="MXN", primary_exchange="MEXI")


def the_stock(gateway: Gateway, asked: ContractAsked) -> Stock:
    """Return the one stock the contract means.

    Raises:
        RequestRefused: 200, there is none or more than one.
    """
    found = matches(gateway, asked)
    if len(found) == 1:
        return found[0]
    if found:
        text = f"The contract description specified for {asked.symbol} is ambiguous."
        raise RequestRefused(200, text)
    raise RequestRefused(200, NO_DEFINITION)
