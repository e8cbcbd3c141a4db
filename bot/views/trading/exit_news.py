"""Messages about exits: filled, missing, or closed by the owner's answer."""

from bot.views import words
from bot.views.orders import order_words, outcome
from bot.views.trading.exits import order_name, plan_words
from core.model.exits.news import ExitClosed, SplitSeen, Unprotected
from core.model.order import Order


def exit_done(order: Order) -> str:
    """An exit has sold: at what price, and what that brought."""
    answer = words.bold(f"{str(order.exit).capitalize()}: {_sold(order)}")
    charged = all(f.dollars_charged is not None for f in order.fills)
    after = "after fees" if charged else "before fees"
    return words.lines(
        f"{answer} for {words.dollars(outcome.moved(order))} {after}.",
        order_words.explained([order]),
        "/positions shows what is held, /exits what protects it.",
    )


def _sold(order: Order) -> str:
    part = "" if order.filled == order.shares else f" of {order.shares:,}"
    assert order.average_price is not None
    at = words.price(order.average_price)
    symbol = words.safe(order.instrument.symbol)
    return f"sold {order.filled:,}{part} {symbol} at {at}"


def unprotected(news: Unprotected) -> str:
    """An exit is missing, and is not placed again unless the owner asks."""
    symbol = words.safe(news.symbol)
    what = "has no exit now" if news.is_bare else "lacks an exit"
    bare = f"{news.shares:,} shares are without one." if news.shares else ""
    return words.lines(
        f"<b>{symbol} {what}</b> since {words.moment(news.at)}.",
        words.sentence(news.reason),
        bare if news.is_bare else "",
        f"I do not place it again by myself. /exits {symbol} shows and sets them.",
    )


def split_seen(news: SplitSeen) -> str:
    """A holding without exits was split."""
    symbol = words.safe(news.symbol)
    return words.lines(
        f"<b>{symbol} was split, {words.safe(news.split)}</b>, as it looks: "
        f"{words.shares(news.before)} shares are {words.shares(news.shares)} now.",
        "Nothing was bought or sold for it. They have no exit of mine.",
        "/positions shows what they cost and are worth now.",
    )


def exit_closed(order: Order, news: ExitClosed) -> str:
    """Shares lack the exit of which the owner said that it is not there."""
    symbol = words.safe(order.instrument.symbol)
    again = (
        f"Tap to place them again now ({plan_words(news.plan)}): a card asks first."
        if not news.plan.is_empty
        else f"/exits {symbol} stop 5% sets others: a card asks first."
    )
    return words.lines(
        f"<b>{order.rest:,} {symbol} have no {order_name(order)}</b>: you said it is not"
        " there.",
        "If it is there after all, it and a new one might both sell. So I place none by"
        " myself today (New York).",
        again,
    )
