"""/account: what it is worth and what is free."""

from decimal import Decimal

from bot.views import words
from core.model.portfolio import AccountSummary, BaseFigures
from core.model.proposal import Mode


def account(figures: AccountSummary, *, mode: Mode) -> str:
    """The account's figures in dollars, and when the newest arrived."""
    rows = [
        _row("value", words.dollars(figures.net_liquidation)),
        _row("funds free", words.dollars(figures.available_funds)),
        _row("buying power", words.dollars(figures.buying_power)),
        _row("cash", words.dollars(figures.cash)),
        _row("open profit", words.signed(figures.open_profit)),
        _row("today", words.signed(figures.day_profit)),
    ]
    return words.lines(
        f"<b>Account</b> · {words.bold(words.mode_word(mode))} · "
        f"{words.safe(figures.account)}",
        words.pre(rows),
        _of_the_base(figures.base) if figures.base else "",
        f"as of {words.clock_time(figures.at)}",
    )


def _of_the_base(base: BaseFigures) -> str:
    """What IB tells, in the currency that the account is kept in."""
    rate = f"{base.per_dollar:f}" if base.per_dollar else "a rate that IB has not sent"
    return (
        f"Kept in {words.safe(base.currency)}: value {_amount(base.net_liquidation)},"
        f" funds free {_amount(base.available_funds)}; $1 is {rate}."
    )


def _amount(amount: Decimal | None) -> str:
    return "not known" if amount is None else words.exact(amount)


def _row(name: str, figure: str) -> str:
    return f"{name:<14}{figure:>14}"
