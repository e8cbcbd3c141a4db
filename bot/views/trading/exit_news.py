"""Messages about exits: filled, missing, changed at IB, or closed by the owner's
answer."""

from collections.abc import Iterator
from decimal import Decimal

from bot.views import words
from bot.views.orders import order_words, outcome
from bot.views.trading.exits import how_far, order_name, plan_words
from core.model.exits.news import (
    ChangedAtIb,
    ExitClosed,
    ExitsLate,
    HoldingGone,
    SplitSeen,
    TimedExitMissed,
    Unprotected,
)
from core.model.market import Side, TrailingDistance
from core.model.money import Price
from core.model.order import GOOD_TILL_CANCELLED, Order, OrderState
from core.rules.exits.exposure import PROTECTS
from core.rules.figures import percent


def exit_sold(order: Order) -> str:
    """An exit has sold its shares, or a part of them while the rest works."""
    is_part = order.state is OrderState.PARTIAL
    return exit_part_filled(order) if is_part else exit_done(order)


def exit_done(order: Order) -> str:
    """An exit has sold: at what price, and what that brought."""
    answer = words.bold(f"{str(order.exit).capitalize()}: {_sold(order)}")
    charged = all(f.dollars_charged is not None for f in order.fills)
    after = "after fees" if charged else "before fees"
    return words.lines(
        f"{answer} for {outcome.moved_in_all([order])} {after}.",
        order_words.explained([order]),
        "/positions shows what is held, /exits what protects it.",
    )


def exit_part_filled(order: Order) -> str:
    """An exit has sold a part, and its rest works on."""
    sold = words.bold(f"{str(order.exit).capitalize()}: {_sold(order)}")
    rest = "cancel asked, not confirmed" if order.cancel_asked else "rest working"
    return words.lines(
        f"{sold}, {rest}.",
        "What works at IB may still be sold. /exits shows what protects the rest.",
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
        f"I do not place it again by myself. <code>/exits {symbol}</code> shows and sets them.",
    )


def exits_late(news: ExitsLate) -> str:
    """Exits cannot be placed, and are tried again."""
    symbol = words.safe(news.symbol)
    return words.lines(
        f"<b>The exits of {symbol} could not be placed</b> since"
        f" {words.moment(news.at)}: its shares may have no stop.",
        words.sentence(news.reason),
        f"I try again every few seconds. <code>/exits {symbol}</code> shows what protects it; until"
        " then a stop can be set in TWS.",
    )


def holding_gone(news: HoldingGone) -> str:
    """Shares with exits have left the account otherwise than by our orders."""
    symbol = words.safe(news.symbol)
    return words.lines(
        f"<b>No whole share of {symbol} is held any more</b> since"
        f" {words.moment(news.at)}: {news.shares:,} had exits, and no order of mine sold"
        " them.",
        "They were traded in TWS or by another program, or moved. Their exits are over.",
        "/positions shows what is held, /orders what still works.",
    )


def timed_exit_missed(news: TimedExitMissed) -> str:
    """A timed exit has missed its close."""
    symbol, day = words.safe(news.symbol), words.long_day(news.missed)
    return words.lines(
        f"<b>{symbol} was not sold before the close of {day}</b>, as its timed exit was to."
        f" {news.shares:,} shares are held.",
        "I was off, IB was away, or it could not be sent or filled in time.",
        f"I sell them before the close of {words.day_moment(news.closes)}. <code>/sell {symbol}</code>"
        f" sells them before that, <code>/exits {symbol}</code> shows what protects them.",
    )


def changed_at_ib(order: Order, news: ChangedAtIb) -> str:
    """That a working order has another size, price or end at IB, and what follows."""
    symbol = words.safe(order.instrument.symbol)
    return words.lines(
        f"<b>{symbol}: {_named(order, news)} {' and '.join(_changes(news))}.</b>",
        "It was changed at IB after I had sent it: by hand, by another program, or by a"
        " preset of the gateway.",
        _ends_early(order, news),
        _other_size(order, news),
        _other_stop(order, news),
        _other_distance(order, news),
        "Nothing was sent for it. /orders shows it, /cancel ends it.",
    )


def _named(order: Order, news: ChangedAtIb) -> str:
    """Several exits of a stock may stand at one price, so their shares are named, unless it
    is these that have changed."""
    is_resized, shares = news.shares != news.was_shares, f"{order.shares:,}"
    if order.exit is None:
        order_to = "order to buy" if order.side is Side.BUY else "order to sell"
        return f"the {order_to}" if is_resized else f"the {order_to} {shares}"
    is_moved = (news.stop, news.limit, news.distance) != (
        *(news.was_stop, news.was_limit, news.was_distance),
    )
    name = f"the {order.exit if is_moved else order_name(order)}"
    return name if is_resized else f"{name} for {shares} shares"


def _changes(news: ChangedAtIb) -> Iterator[str]:
    if news.shares != news.was_shares:
        yield f"is for {news.shares:,} shares now, not {news.was_shares:,}"
    if news.limit != news.was_limit and news.limit is not None:
        at = f"{words.order_price(news.limit)} now{_not(news.was_limit)}"
        yield f"has its limit at {at}"
    if news.stop != news.was_stop and news.stop is not None:
        yield f"is at {words.order_price(news.stop)} now{_not(news.was_stop)}"
    if news.distance != news.was_distance and news.distance is not None:
        was = "" if news.was_distance is None else f", not {how_far(news.was_distance)}"
        yield f"follows at {how_far(news.distance)} now{was}"
    if news.tif != news.was_tif:
        yield f"{_end(news.tif)} ({words.safe(f'{news.tif}, not {news.was_tif}')})"


def _not(was: Price | None) -> str:
    return "" if was is None else f", not {words.order_price(was)}"


def _end(tif: str) -> str:
    match tif:
        case "DAY":
            return "ends with the next close"
        case "GTC":
            return "stays until it is filled or cancelled"
        case _:
            return "ends at another time"


def _ends_early(order: Order, news: ChangedAtIb) -> str:
    """What no longer protects when an exit that was to stay ends with the day."""
    if news.tif == news.was_tif or news.was_tif != GOOD_TILL_CANCELLED:
        return ""
    if order.exit in PROTECTS:
        symbol = words.safe(order.instrument.symbol)
        return (
            "After that nothing protects these shares, and I do not place it again by"
            f" myself. Make it GTC at IB again, or <code>/exits {symbol}</code> sets another."
        )
    if order.exit is not None:
        return "After that it sells nothing any more, and I do not place it again."
    return f"What is not {order.side.done} by then is not {order.side.done}."


def _other_size(order: Order, news: ChangedAtIb) -> str:
    if news.shares == news.was_shares:
        return ""
    if order.exit is None:
        return "It counts with that size from now on, against the limits too."
    return (
        "Exits that would sell more than you hold are ended: /exits shows what stands."
    )


def _other_stop(order: Order, news: ChangedAtIb) -> str:
    """What a stop that was moved protects now."""
    now, was = news.stop, news.was_stop
    if now is None or was is None or now == was:
        return ""
    at = words.order_price(now)
    symbol = words.safe(order.instrument.symbol)
    follows = (
        f"These shares are sold only when the price falls to {at}: you can lose more."
        if now < was
        else f"These shares are sold as soon as the price falls to {at}."
    )
    return f"{follows} <code>/exits {symbol}</code> sets another."


def _other_distance(order: Order, news: ChangedAtIb) -> str:
    """From where a trailing stop sells now, and whether that is further off."""
    now, was = news.distance, news.was_distance
    if now is None or was is None or now == was:
        return ""
    is_further = _off(now, order.about) > _off(was, order.about)
    more = ": you can lose more" if is_further else ""
    symbol = words.safe(order.instrument.symbol)
    return (
        f"These shares are sold {how_far(now)} below the best price since it stood"
        f"{more}. <code>/exits {symbol}</code> sets another."
    )


def _off(distance: TrailingDistance, price: Price) -> Decimal:
    """*distance* in dollars a share."""
    if distance.percent is not None:
        return percent.part(price, distance.percent)
    return distance.amount or Decimal(0)


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
        else f"<code>/exits {symbol} stop 5%</code> sets others: a card asks first."
    )
    return words.lines(
        f"<b>{order.rest:,} {symbol} have no {order_name(order)}</b>: you said it is not"
        " there.",
        "If it is there after all, it and a new one might both sell. So I place none by"
        " myself today (New York).",
        again,
    )
