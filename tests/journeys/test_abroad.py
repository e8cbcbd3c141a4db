"""Holdings that trade in other currencies, and symbols that two exchanges list."""

from pathlib import Path

import pytest

from bot.sandbox.api_types import Message
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trading.tickets import Side
from tests.harness.product import ProductHarness, at, has, opened
from tests.journeys.test_selling import the_sale_card


HOLDINGS = (
    ("SAP@IBIS", 100, 210.0),
    ("VOD@LSE", 1000, 0.80),
    ("RY@TSE", 50, 150.0),
    ("IBM@IBIS", 20, 240.0),
    ("IBM", 10, 250.0),
)
WORLD = GatewayConfig(accounts=(AccountSpec(positions=HOLDINGS),))
IBM_AT_XETRA = 890_000_003
IBM_AT_NEW_YORK = 8314
QQQ_IN_LONDON = 890_000_005


async def _ready(product: ProductHarness) -> None:
    await product.start()
    await product.ready()


async def _card_for(product: ProductHarness, said: str) -> Message:
    asked = await product.phone.send(said)
    return await the_sale_card(product, asked, "Yes, sell")


@pytest.mark.parametrize(
    ("symbol", "sign", "rate", "fee", "worth"),
    [
        ("SAP", "\N{EURO SIGN}", "1 EUR is $1.16 by IB", "12.85 EUR", "25,679 EUR"),
        ("VOD", "\N{POUND SIGN}", "1 GBP is $1.32 by IB", "3.00 GBP", "886 GBP"),
        ("RY", "C$", "1 CAD is $0.7100 by IB", "1.00 CAD", "10,511 CAD"),
    ],
)
async def test_a_holding_in_another_currency_is_sold(
    tmp_path: Path, symbol: str, sign: str, rate: str, fee: str, worth: str
) -> None:
    """At 10:00 in New York all three exchanges trade. London quotes pence, and the card,
    the fill and the fee are in pounds."""
    async with opened(tmp_path, clock=at(10, 0), config=WORLD) as product:
        await _ready(product)
        positions = await product.asked("/positions")
        card = await _card_for(product, f"/sell {symbol} all")
        await product.phone.tap(card, f"Yes, sell {symbol}")
        told = await product.phone.reads("Sold", after=card)
        record = await product.becomes(card, lambda c: "filled" in c.text)
        await product.prices_have_come()
        earned = await product.asked("/pnl")

    currency = fee.split()[1]
    assert has(positions, f"100% {symbol} {sign}")
    assert all(
        part in card.text for part in (rate, f"after {fee} fees", "I did not buy")
    )
    assert f"Brings about {worth}" in card.text
    assert f"{currency} after fees" in told.text
    assert f"fee {fee}" in record.text
    assert f"{fee} besides, not counted ($" in earned.text
    assert f"Sold in {currency}, not counted:" in earned.text
    assert "at IB's" in earned.text
    assert "without a cost" not in earned.text  # it is in no figure in dollars


async def test_of_two_holdings_with_one_symbol_the_chosen_one_is_sold(
    tmp_path: Path,
) -> None:
    """The choice is a contract number from the button to the wire."""
    async with opened(tmp_path, clock=at(10, 0), config=WORLD) as product:
        await _ready(product)
        which = await product.asked("/sell IBM all")
        assert has(which, "IBM · NYSE · USD")
        await product.phone.tap(which, "IBM · IBIS · EUR")
        card = await the_sale_card(product, which, "Yes, sell")
        await product.phone.tap(card, "Yes, sell IBM")
        await product.phone.reads("Sold 20", after=card)
        orders = product.gateway.completed()

    assert "240.00" in card.text
    assert [order.ticket.con_id for order in orders] == [IBM_AT_XETRA]


@pytest.mark.parametrize("command", ["/quote", "/chart"])
async def test_a_symbol_that_two_exchanges_list_is_asked_about(
    tmp_path: Path, command: str
) -> None:
    async with opened(tmp_path, clock=at(10, 0), config=WORLD) as product:
        await _ready(product)
        which = await product.asked(f"{command} IBM")
        assert has(which, "IBM · NYSE · USD")
        await product.phone.tap(which, "IBM · IBIS · EUR")
        await product.phone.reads("IBM in EUR", after=which)

    assert "Which one is IBM?" in which.text


@pytest.mark.parametrize(
    ("symbol", "others", "chosen", "con_id"),
    [
        ("QQQ", "QQQ · NASDAQ · USD", "QQQ · LSEETF · USD", QQQ_IN_LONDON),
        ("IBM", "IBM · IBIS · EUR", "IBM · NYSE · USD", IBM_AT_NEW_YORK),
    ],
)
async def test_of_two_listings_of_one_symbol_the_chosen_one_is_bought(
    tmp_path: Path, symbol: str, others: str, chosen: str, con_id: int
) -> None:
    """Both exchanges of a pair trade at 10:00; the choice goes to the wire by number."""
    async with opened(tmp_path, clock=at(10, 0)) as product:
        await _ready(product)
        which = await product.asked(f"/buy {symbol} 10")
        assert has(which, others)
        await product.phone.tap(which, chosen)
        card = await the_sale_card(product, which, "Yes, buy")
        assert product.placed(side=Side.BUY) == []
        await product.phone.tap(card, f"Yes, buy {symbol}")
        await product.phone.reads("Bought 10", after=card)
        orders = product.gateway.completed()

    assert f"Which one is {symbol}?" in which.text
    assert [order.ticket.con_id for order in orders] == [con_id]


async def _asked_to_buy_in_london(product: ProductHarness) -> Message:
    which = await product.asked("/buy QQQ 10")
    await product.phone.tap(which, "QQQ · LSEETF · USD")
    return await the_sale_card(product, which, "Yes, buy")


async def test_what_trades_in_dollars_in_london_is_bought_while_london_trades(
    tmp_path: Path,
) -> None:
    """06:00 in New York is 11:00 in London. IB executes it at once, so nobody is asked
    whether it should wait for an open of New York's."""
    async with opened(tmp_path, clock=at(6, 0)) as product:
        await _ready(product)
        card = await _asked_to_buy_in_london(product)
        await product.phone.tap(card, "Yes, buy QQQ")
        await product.phone.reads("Bought 10", after=card)
        [order] = product.gateway.completed()

    assert order.ticket.con_id == QQQ_IN_LONDON
    assert "Its exchange has its own hours: outside of them IB holds" in card.text


async def test_what_trades_in_london_waits_at_ib_while_new_york_alone_trades(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(13, 0)) as product:
        await _ready(product)
        card = await _asked_to_buy_in_london(product)
        await product.phone.tap(card, "Yes, buy QQQ")
        held = await product.becomes(card, lambda c: "held by IB" in c.text)
        [order] = product.gateway.orders()

    assert "outside of them IB holds the order" in card.text
    assert order.ticket.con_id == QQQ_IN_LONDON
    assert "03:00" in held.text  # 08:00 in London


@pytest.mark.parametrize("hour", [6, 13], ids=["trades", "has closed"])
async def test_a_cap_on_the_gap_limits_what_is_bought_in_london(
    tmp_path: Path, hour: int
) -> None:
    """It was a market order without a word: whatever London's open brought was paid."""
    async with opened(tmp_path, clock=at(hour, 0), max_gap_percent="3") as product:
        await _ready(product)
        card = await _asked_to_buy_in_london(product)
        await product.phone.tap(card, "Yes, buy QQQ")
        await product.becomes(card, lambda c: "filled" in c.text or "held" in c.text)
        [order] = [*product.gateway.orders(), *product.gateway.completed()]

    ticket = order.ticket
    assert (ticket.order_type, ticket.tif) == ("LMT", "GTC")
    assert ticket.limit_price is not None
    assert 48.3 < ticket.limit_price < 48.3 * 1.03
    assert f"limit order, at most {ticket.limit_price}, good till" in card.text


async def test_what_trades_in_london_has_every_exit_but_a_timed_one(
    tmp_path: Path,
) -> None:
    """That would be sent before New York's close, hours after London's."""
    config = GatewayConfig(
        accounts=(AccountSpec(positions=(("QQQ@LSEETF", 10, 48.0),)),)
    )
    async with opened(tmp_path, clock=at(10, 0), config=config) as product:
        await _ready(product)
        timed = await product.asked("/exits QQQ stop 5% close 1")
        asked = await product.phone.send("/exits QQQ stop 5%")
        card = await the_sale_card(product, asked, "Yes")

    assert "QQQ trades on LSEETF, whose close I do not know" in timed.text
    assert "stop 5%" in card.text


async def test_of_two_listings_the_one_in_euros_is_not_bought(tmp_path: Path) -> None:
    """The button stands, since it may be what was meant; its answer says why not."""
    async with opened(tmp_path, clock=at(10, 0)) as product:
        await _ready(product)
        which = await product.asked("/buy IBM 10")
        await product.phone.tap(which, "IBM · IBIS · EUR")
        told = await product.phone.reads("IBM trades on IBIS in EUR", after=which)

    assert "I only buy what is priced in dollars. Nothing was bought" in " ".join(
        told.text.split()
    )
    assert product.placed(side=Side.BUY) == []


async def test_what_cannot_be_done_with_a_stock_abroad_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(10, 0), config=WORLD) as product:
        await _ready(product)
        bought = await product.asked("/buy VOD 100")
        stopped = await product.asked("/exits SAP stop 5%")
        pence = await product.asked("/quote VOD")
        exits = await product.asked("/exits")

    assert "1 of 1 without a stop" in exits.text
    assert "without an exit of mine: 100 SAP, 1,000 VOD, 50 RY, 20 IBM." in exits.text
    assert (
        "VOD trades on LSE in GBP: I only buy what is priced in dollars" in bought.text
    )
    assert "SAP trades in EUR" in stopped.text
    assert "VOD in GBP" in pence.text
    assert "0.8" in pence.text
    assert product.placed(side=Side.BUY) == []


async def test_after_its_exchange_has_closed_ib_holds_the_sale(tmp_path: Path) -> None:
    """New York trades at 13:00, Xetra does not: no question of New York's hours."""
    async with opened(tmp_path, clock=at(13, 0), config=WORLD) as product:
        await _ready(product)
        card = await _card_for(product, "/sell SAP 40")
        await product.phone.tap(card, "Yes, sell SAP")
        held = await product.becomes(card, lambda c: "queued for Tue" in c.text)

    assert "Its exchange has its own hours" in card.text
    assert "queued for Tue 03:00" in held.text


async def test_in_new_yorks_night_a_sale_abroad_is_sent_at_once(tmp_path: Path) -> None:
    """At 03:30 in New York Xetra has been open for half an hour."""
    async with opened(tmp_path, clock=at(3, 30), config=WORLD) as product:
        await product.start()
        while "Ready to" not in (await product.asked("/status")).text:
            await product.prices_have_come()
        card = await _card_for(product, "/sell SAP 40")
        await product.phone.tap(card, "Yes, sell SAP")
        await product.phone.reads("Sold 40", after=card)


IN_DOLLARS = GatewayConfig(
    accounts=(AccountSpec(positions=(("IBM", 10, 250.0), ("QQQ@LSEETF", 20, 48.0))),)
)


async def test_panic_in_new_yorks_night_sells_in_london_and_queues_the_rest(
    tmp_path: Path,
) -> None:
    """06:00 in New York is 11:00 in London. The question said that both wait."""
    async with opened(tmp_path, clock=at(6, 0), config=IN_DOLLARS) as product:
        await _ready(product)
        asked = await product.phone.send("/panic")
        card = await the_sale_card(product, asked, "Yes, sell")
        await product.phone.tap(card, "Yes, sell all")
        asked_anew = await product.becomes(card, lambda c: "Send: SELL" in c.text)
        assert product.placed(side=Side.SELL) == []
        await product.phone.tap(asked_anew, "Send all")
        done = await product.becomes(card, lambda c: "filled" in c.text)
        placed = sorted(product.placed(side=Side.SELL))
        sold = [order.ticket.con_id for order in product.gateway.completed()]

    assert "market order for IBM sent now waits for that open" in asked_anew.text
    assert "QQQ goes by its own exchange's hours" in asked_anew.text
    assert placed == [("IBM", 10), ("QQQ", 20)]
    assert sold == [QQQ_IN_LONDON]
    assert "queued for Mon 09:30" in done.text


async def test_panic_while_new_york_alone_trades_leaves_london_to_its_open(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(13, 0), config=IN_DOLLARS) as product:
        await _ready(product)
        asked = await product.phone.send("/panic")
        card = await the_sale_card(product, asked, "Yes, sell")
        await product.phone.tap(card, "Yes, sell all")
        done = await product.becomes(card, lambda c: "queued for" in c.text)
        sold = [order.ticket.con_id for order in product.gateway.completed()]

    assert "QQQ goes by its own exchange's hours" in card.text
    assert sold == [IBM_AT_NEW_YORK]
    assert "queued for Tue 03:00" in done.text


async def test_of_a_panic_only_what_is_in_it_decides_whose_hours_count(
    tmp_path: Path,
) -> None:
    """New York's stock is left out: nothing is left to wait for New York's open."""
    async with opened(tmp_path, clock=at(6, 0), config=IN_DOLLARS) as product:
        await _ready(product)
        asked = await product.phone.send("/panic")
        card = await the_sale_card(product, asked, "Yes, sell")
        await product.phone.tap(card, "Keep IBM")
        one = await product.becomes(card, lambda c: "Sell 1 of the 2" in c.text)
        await product.phone.tap(one, "Yes, sell QQQ")
        await product.phone.reads("Sold 20", after=card)

    assert "asks once more" in card.text
    assert "asks once more" not in one.text
    assert product.placed(side=Side.SELL) == [("QQQ", 20)]


async def test_panic_names_what_trades_abroad_and_leaves_it(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(10, 0), config=WORLD) as product:
        await _ready(product)
        asked = await product.phone.send("/panic")
        card = await the_sale_card(product, asked, "Yes, sell IBM")
        await product.phone.tap(card, "Yes, sell IBM")
        await product.phone.reads("Sold", after=card)

    assert (
        "Not in this sale: 100 SAP (in EUR: /sell SAP asks about it), 1000" in card.text
    )
    assert product.placed(side=Side.SELL) == [("IBM", 10)]
