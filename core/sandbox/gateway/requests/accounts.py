"""Requests about accounts: account values, summaries and positions."""

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.requests.ignored import ignore
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.protocol import order_replies, replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.wire import Fields
from core.sandbox.refusal import RequestRefused, refuse_second
from core.sandbox.trading.holdings import AccountValue, PortfolioItem, Position
from core.sandbox.trading.tickets import OrderTicket


REFRESH: Final = 180.0  # IB refreshes account values every three minutes
AFTER_A_FILL: Final = 0.5  # assumed: the window follows a fill at once
MOST_SUMMARIES: Final = 2
LEDGER: Final = frozenset(
    {"CashBalance", "TotalCashBalance", "Currency", "RealCurrency", "ExchangeRate"},
)
UNSUBSCRIBED: Final = (
    "New account data requested from TWS.  API client has been unsubscribed from"
    " account data."
)


class AccountSubscriptions(ClientState):
    """What one client follows of the accounts."""

    def __init__(self) -> None:
        self.window: str | None = None
        self.positions = False
        self.summaries: dict[int, tuple[str, ...]] = {}
        self.multi: dict[int, str] = {}


def named(gateway: Gateway, account: str) -> str:
    """The account of that number; the login's first where none is named.

    Raises:
        RequestRefused: 321, there is no such account.
    """
    known = gateway.exchange.accounts()
    if account and account not in known:
        text = "Error validating request.-'bT' : cause - Invalid account code"
        raise RequestRefused(321, text)
    return account or known[0]


# the account window


def updates(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """6: follow one account's values and portfolio, or stop following them.

    Raises:
        RequestRefused: 321, there is no such account.
    """
    read.version()
    follow, account = read.flag(), named(gateway, read.text())
    watched = session.state(AccountSubscriptions)
    if not follow or watched.window not in {None, account}:
        session.error(replies.NOT_TIED, 2100, UNSUBSCRIBED)
    watched.window = account if follow else None
    if follow:
        _show_window(gateway, session, session.takes(AnswerKind.ACCOUNT))
    else:
        session.forget("window")


def _show_window(gateway: Gateway, session: ClientSession, seconds: float) -> None:
    def show() -> None:
        account = session.state(AccountSubscriptions).window
        if account is None:
            return
        for value in gateway.exchange.account_values(account, session.now):
            session.say(_value(value))
        for item in gateway.exchange.portfolio(account, session.now):
            session.say(_portfolio(gateway, item))
        local = session.now.astimezone(NEW_YORK)
        session.say(replies.account_time(local.strftime("%H:%M")))
        session.say(replies.account_end(account))
        _show_window(gateway, session, REFRESH)

    session.later(seconds, show, key="window")


def _value(value: AccountValue) -> Fields:
    return replies.account_value(value.tag, value.value, value.currency, value.account)


def _portfolio(gateway: Gateway, item: PortfolioItem) -> Fields:
    held = item.position
    stock = gateway.exchange.universe.by_con_id[held.con_id]
    names = (stock.symbol, stock.trading_class)
    where = (stock.con_id, stock.symbol, "STK", "", 0, "", "", stock.primary_exchange)
    money = (item.market_price, item.market_value, held.avg_cost)
    profit = (item.unrealized_pnl, item.realized_pnl)
    head = replies.fields(7, 8, *where, stock.currency, *names, held.quantity)
    return head + replies.fields(*money, *profit, held.account)


def account_changed(gateway: Gateway, ticket: OrderTicket) -> None:
    """Send a fill's effect to the clients that follow account values or positions.

    Raises:
        RequestRefused: 321, the ticket is of no account here.
    """
    account = named(gateway, ticket.account)
    held = holding(gateway, account, ticket.con_id)
    stock = gateway.exchange.universe.by_con_id[ticket.con_id]
    for session in gateway.sessions:
        watched = session.state(AccountSubscriptions)
        if watched.positions:
            session.say(order_replies.position(held, stock))
        if watched.window == account:
            _show_window(gateway, session, AFTER_A_FILL)


def holding(gateway: Gateway, account: str, con_id: int) -> Position:
    """What the account holds of that contract; no shares where it holds none."""
    for held in gateway.exchange.positions(account):
        if held.con_id == con_id:
            return held
    return Position(account=account, con_id=con_id, quantity=0.0, avg_cost=0.0)


# positions


def positions(gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """61: every holding of every account, and every change from then on."""

    def answer() -> None:
        session.state(AccountSubscriptions).positions = True
        for held in gateway.exchange.positions():
            stock = gateway.exchange.universe.by_con_id[held.con_id]
            session.say(order_replies.position(held, stock))
        session.say(replies.end(62))

    session.later(session.takes(AnswerKind.ACCOUNT), answer)


def cancel_positions(_gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """64: stop following the positions."""
    session.state(AccountSubscriptions).positions = False


def positions_multi(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """74: the holdings of one account.

    Raises:
        RequestRefused: 321, there is no such account.
    """
    read.version()
    req_id, account = read.integer(), named(gateway, read.text())

    def answer() -> None:
        for held in gateway.exchange.positions(account):
            stock = gateway.exchange.universe.by_con_id[held.con_id]
            plain = order_replies.position(held, stock)
            session.say(replies.fields(71, 1, req_id, *plain[2:], ""))
        session.say(replies.end(72, req_id))

    session.later(session.takes(AnswerKind.ACCOUNT), answer)


# values of several accounts, and summaries


def updates_multi(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """76: the values of one account under a request id.

    Raises:
        RequestRefused: 321, there is no such account.
    """
    read.version()
    req_id, account = read.integer(), named(gateway, read.text())
    session.state(AccountSubscriptions).multi[req_id] = account

    def answer() -> None:
        for value in gateway.exchange.account_values(account, session.now):
            row = (value.account, "", value.tag, value.value, value.currency)
            session.say(replies.fields(73, 1, req_id, *row))
        session.say(replies.end(74, req_id))

    _repeat(session, ("multi", req_id), answer)


def cancel_multi(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """77: stop following these values."""
    read.version()
    session.forget(("multi", read.integer()))


def summary(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """62: chosen values of every account, again every three minutes; at most two at a
    time.

    Raises:
        RequestRefused: 322, the request id is in use.
    """
    read.version()
    req_id = read.integer()
    read.skip(1)  # the group: there is one, All
    tags = tuple(read.text().split(","))
    summaries = session.state(AccountSubscriptions).summaries
    refuse_second(req_id, summaries)
    if len(summaries) >= MOST_SUMMARIES:
        text = (
            "Error processing request.-'ab' : cause - Maximum number of account"
            " summary requests exceeded"
        )
        session.error(req_id, 322, text)
        return
    summaries[req_id] = tags

    def answer() -> None:
        for account in gateway.exchange.accounts():
            values = gateway.exchange.account_values(account, session.now)
            for value in _chosen(values, tags):
                row = (value.account, value.tag, value.value, value.currency)
                session.say(replies.fields(63, 1, req_id, *row))
        session.say(replies.end(64, req_id))

    _repeat(session, ("summary", req_id), answer)


def _chosen(
    values: Iterable[AccountValue], tags: tuple[str, ...]
) -> Iterable[AccountValue]:
    ledger = LEDGER if any(tag.startswith("$LEDGER") for tag in tags) else frozenset()
    return (each for each in values if each.tag in tags or each.tag in ledger)


def cancel_summary(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """63: stop this summary."""
    read.version()
    req_id = read.integer()
    session.state(AccountSubscriptions).summaries.pop(req_id, None)
    session.forget(("summary", req_id))


def _repeat(session: ClientSession, key: object, answer: Callable[[], None]) -> None:
    def show() -> None:
        answer()
        session.later(REFRESH, show, key=key)

    session.later(session.takes(AnswerKind.ACCOUNT), show, key=key)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {
        6: updates,
        61: positions,
        62: summary,
        63: cancel_summary,
        64: cancel_positions,
        74: positions_multi,
        75: ignore,
        76: updates_multi,
        77: cancel_multi,
    },
)
