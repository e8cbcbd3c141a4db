"""Options: their chain, their value at supposed inputs, and their exercise, which is
refused.
"""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.contract_lookup import NO_DEFINITION, the_contract
from core.sandbox.gateway.requests.read_only import refuse_if_read_only
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import AnswerKind
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.ticks import CUSTOM, option_tick
from core.sandbox.refusal import RequestRefused


INVALID: Final = "Error validating request.-'bI' : cause"
EXERCISE, LAPSE = 1, 2
NOT_HELD: Final = (
    "Error processing request:No unlapsed position exists in this option in account {}."
)


def chain(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """78: the expiries and strikes of the options on a stock, then the end marker."""
    req_id = read.integer()
    read.skip(3)  # symbol, the exchange of futures, security type
    con_id = read.integer()
    found = gateway.exchange.option_chain(con_id, session.now)
    if found is not None:
        days, strikes = found
        name = gateway.exchange.contract(con_id).symbol
        head = (75, req_id, "SMART", con_id, name, "100")
        rows = (len(days), *days, len(strikes), *strikes)
        session.say(replies.fields(*head, *rows))
    session.say(replies.fields(76, req_id))


def volatility(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """54: the implied volatility of an option at a supposed price of it and of its
    stock.

    Raises:
        RequestRefused: 200, it is not one option; 321, a number is missing or not
            positive, or no volatility gives that price.
    """
    req_id, option, price, spot = _asked(gateway, read)
    found = gateway.exchange.volatility_of(
        option.con_id, session.now, spot=spot, price=price
    )
    if found is None:
        raise RequestRefused(321, f"{INVALID} - No volatility gives that price")
    _say(gateway, session, (req_id, option), spot=spot, at=found)


def price(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """55: the value of an option at a supposed volatility and price of its stock.

    Raises:
        RequestRefused: 200, it is not one option; 321, a number is missing or not
            positive.
    """
    req_id, option, at, spot = _asked(gateway, read)
    _say(gateway, session, (req_id, option), spot=spot, at=at)


def _asked(gateway: Gateway, read: Reader) -> tuple[int, Stock, float, float]:
    """The request's id, its option, and the two supposed numbers.

    Raises:
        RequestRefused: 200, it is not an option; 321, a number is missing.
    """
    read.version()
    req_id, asked = read.integer(), read.contract()
    option = the_contract(gateway, asked)
    if option.sec_type != "OPT":
        raise RequestRefused(200, NO_DEFINITION)
    first, spot = read.real() or 0.0, read.real() or 0.0
    if min(first, spot) <= 0:
        raise RequestRefused(321, f"{INVALID} - Both numbers must be positive")
    return req_id, option, first, spot


def _say(
    gateway: Gateway,
    session: ClientSession,
    asked: tuple[int, Stock],
    *,
    spot: float,
    at: float,
) -> None:
    req_id, option = asked
    known = gateway.exchange.supposed(
        option.con_id, session.now, spot=spot, volatility=at
    )
    told = option_tick(req_id, known, spot, tick=CUSTOM, volatility=at)
    session.say(told, delay=session.takes(AnswerKind.REFERENCE))


def exercise(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """21: exercise an option, or let it lapse: refused, as no account here holds one.

    Options are quoted and not traded, so no account can hold one. The text is IB's for
    an account that does not hold the option.

    Raises:
        RequestRefused: 321, the gateway is in Read-Only mode, or the action or the
            quantity is not legal; 200, it is not one option.
    """
    read.version()
    req_id, asked = read.integer(), read.contract(has_primary=False)
    action, quantity, account = read.integer(), read.integer(), read.text()
    refuse_if_read_only(gateway)
    if action not in {EXERCISE, LAPSE} or quantity <= 0:
        raise RequestRefused(321, f"{INVALID} - Invalid exercise action or quantity")
    if the_contract(gateway, asked).sec_type != "OPT":
        raise RequestRefused(200, NO_DEFINITION)
    holder = account or gateway.exchange.accounts()[0]
    session.error(req_id, 322, NOT_HELD.format(holder))


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {21: exercise, 54: volatility, 55: price, 78: chain}
)
