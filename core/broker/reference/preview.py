"""IB's what-if: margin, commission and warnings of an order, without placing it.

IB answers with an openOrder that has whatIf set. The first one may have only unset
numbers (1.797e308), with the real one after it; or none ever comes. A late answer is
ignored by its id: there is no order with that id."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Final

from ib_async import OrderState as IbOrderState

from core.broker import translate
from core.broker.codes import is_notice
from core.broker.connection import Connection
from core.broker.messages import (
    ConnectionLost,
    ErrorMessage,
    MessageQueue,
    PreviewState,
)
from core.broker.reference.order_words import order_of
from core.broker.texts import plain
from core.model.card import Preview
from core.model.errors import BrokerAway, BrokerSaidNo, BrokerSilent
from core.model.order import Order


ASKED_ONLY: Final = "-preview"
"""The suffix of a what-if's ref: if it ever appeared among the orders, it would be an
order of this journal's that the journal never wrote, and trading would halt (R17)."""


async def preview_of(connection: Connection, order: Order, *, within: float) -> Preview:
    """IB's what-if answer for *order*; as Previewer.preview."""
    assert order.order_id is not None
    session, inbox = connection.session(), MessageQueue()
    client, order_id = session.client, order.order_id
    contract, words = translate.contract_of(order.instrument), order_of(order)
    words.whatIf, words.orderRef = True, f"{order.ref}{ASKED_ONLY}"
    with session.asking_preview(order_id, inbox.put_nowait):
        # at once: an order that left before it would have a higher id (IB's 103)
        session.overtake(lambda: client.placeOrder(order_id, contract, words))
        return await _answer(inbox, order, within)


async def _answer(inbox: MessageQueue, order: Order, within: float) -> Preview:
    """The first answer with a margin; at the deadline one without, if any came."""
    known: Preview | None = None
    try:
        async with asyncio.timeout(within):
            while known is None or known.margin_change is None:
                known = await _next(inbox)
    except TimeoutError:
        if known is None:
            asked = f"what {order.instrument.symbol} would do to the account"
            raise BrokerSilent(asked, within) from None
    return known


async def _next(inbox: MessageQueue) -> Preview:
    warnings: list[str] = []
    while True:
        match await inbox.get():
            case PreviewState(state=state):
                found = preview_in(state)
                return replace(found, warnings=(*warnings, *found.warnings))
            case ConnectionLost(reason=reason):
                raise BrokerAway(reason)
            case ErrorMessage(number=number, text=text) if not is_notice(number, text):
                raise BrokerSaidNo(number, text)
            case ErrorMessage(text=text):
                warnings.append(text)
            case _:
                pass


def preview_in(state: IbOrderState) -> Preview:
    """The figures of an answer, in the currencies that Preview names; None where IB left
    one unset."""
    warning = plain(state.warningText)
    return Preview(
        margin_change=_figure(state.initMarginChange),
        margin_after=_figure(state.initMarginAfter),
        equity_after=_figure(state.equityWithLoanAfter),
        commission=translate.known(state.commission),
        least_commission=translate.known(state.minCommission),
        most_commission=translate.known(state.maxCommission),
        currency=state.commissionCurrency or None,
        warnings=(warning,) if warning else (),
    )


def _figure(text: str) -> Decimal | None:
    return translate.decimal_in(str(text))
