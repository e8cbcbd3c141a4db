"""Which contract a client means, and the refusal when none or several match."""

from dataclasses import replace
from typing import Final

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.market.others.view import Wanted
from core.sandbox.market.universe import Stock
from core.sandbox.protocol.reading import ContractAsked
from core.sandbox.refusal import RequestRefused


LISTED_ABROAD: Final = frozenset({"AAPL", "MSFT", "NVDA", "AMZN", "TSLA"})
MEXICAN: Final = 900_000_000  # an invented conId
NO_EXCHANGE: Final = "Error validating request.-'bN' : cause - Please enter exchange"
NO_DEFINITION: Final = "No security definition has been found for the request"


def matches(gateway: Gateway, asked: ContractAsked) -> tuple[Stock, ...]:
    """Every contract that matches the request."""
    if asked.con_id:
        return _numbered(gateway, asked)
    if asked.sec_type not in {"", "STK"}:
        return gateway.exchange.find(_wanted(asked), gateway.now)
    found = gateway.exchange.universe.find(
        symbol=asked.symbol or asked.local_symbol,
        sec_type=asked.sec_type,
        currency=asked.currency,
        exchange=asked.exchange,
        trading_class=asked.trading_class,
    )
    where = asked.primary_exchange
    found = tuple(each for each in found if where in {"", each.primary_exchange})
    if found and found[0].symbol in LISTED_ABROAD and not asked.currency:
        return (*found, _abroad(found[0]))
    return found


def _numbered(gateway: Gateway, asked: ContractAsked) -> tuple[Stock, ...]:
    try:
        found = gateway.exchange.contract(asked.con_id)
    except KeyError:
        return ()
    fits = asked.sec_type in {"", found.sec_type} and _is_traded_at(found, asked)
    return (found,) if fits else ()


def _is_traded_at(found: Stock, asked: ContractAsked) -> bool:
    """Whether the exchange that is asked for, if any, lists it. SMART lists all but the
    currency pair and the future.
    """
    own = found.venues if found.sec_type == "STK" else (found.primary_exchange,)
    by_smart = () if found.sec_type in {"CASH", "FUT"} else ("SMART",)
    return asked.exchange in {"", *by_smart, *own}


def _wanted(asked: ContractAsked) -> Wanted:
    return Wanted(
        sec_type=asked.sec_type,
        symbol=asked.symbol,
        local_symbol=asked.local_symbol,
        exchange=asked.primary_exchange or asked.exchange,
        currency=asked.currency,
        expiry=asked.expiry,
        strike=asked.strike,
        right=asked.right,
        multiplier=asked.multiplier,
    )


def _abroad(stock: Stock) -> Stock:
    """Return the listing in Mexico that a request without currency finds as well."""
    con_id = stock.con_id + MEXICAN
    return replace(stock, con_id=con_id, currency="MXN", primary_exchange="MEXI")


def the_stock(gateway: Gateway, asked: ContractAsked) -> Stock:
    """The one stock that matches.

    Raises:
        RequestRefused: 200, none or several match, or it is not a stock.
    """
    found = the_contract(gateway, asked)
    if found.sec_type != "STK":
        raise RequestRefused(200, NO_DEFINITION)
    return found


def the_contract(gateway: Gateway, asked: ContractAsked) -> Stock:
    """The one contract that matches, a stock or not.

    Raises:
        RequestRefused: 200, none or several match; 321, no exchange is named.
    """
    found = matches(gateway, asked)
    if found and not asked.exchange:
        raise RequestRefused(321, NO_EXCHANGE)
    if len(found) == 1:
        return found[0]
    if found:
        text = f"The contract description specified for {asked.symbol} is ambiguous."
        raise RequestRefused(200, text)
    raise RequestRefused(200, NO_DEFINITION)
