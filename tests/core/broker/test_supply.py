"""What a conversation shows of the gateway's data and settings."""

import pytest

from core.broker.supply import SupplySigns
from core.model.errors import BrokerSilent
from core.model.evidence import CodeMessage, LineState
from core.model.market import Freshness
from core.sandbox.trouble.faults import Action, Trouble
from tests.builders import NOW
from tests.harness.connection import STOCKS, both_ends


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("code", "text", "read_only"),
    [
        (
            321,
            "-'bN' : cause - The API interface is currently in Read-Only mode.",
            True,
        ),
        (321, "The API interface is currently in READ-ONLY mode", True),
        (321, "the api is read only", True),
        (321, "ReadOnly API is set", True),
        (321, "API-Schnittstelle im Read-only-Modus", True),
        (321, "cause - invalid order type", False),
        (321, "cause - Invalid account code", False),
        (321, "cause - you already read it; only one is allowed", False),
        (201, "Order rejected - reason: Read-Only mode", False),
        (2104, "Market data farm connection is OK: read-only", False),
    ],
)
def test_only_321_with_its_words_is_a_sign_of_the_read_only_api(
    code: int, text: str, *, read_only: bool
) -> None:
    signs = SupplySigns()
    signs.note_code(code, text, of_order=True)

    assert signs.read_only is read_only


@pytest.mark.attack(19)
@pytest.mark.parametrize("number", [354, 10168, 10186, 10197])
def test_data_that_a_login_does_not_get_is_said_until_a_quote_comes(
    number: int,
) -> None:
    signs = SupplySigns()
    signs.note_code(number, "")
    assert signs.no_data

    signs.note_data(Freshness.DELAYED, NOW)

    assert signs == SupplySigns(data=Freshness.DELAYED, received_at=NOW)


def test_one_unknown_stock_says_nothing_of_the_data() -> None:
    signs = SupplySigns()
    signs.note_code(200, "No security definition")
    signs.note_data(Freshness.LIVE, None)
    signs.note_data(Freshness.UNKNOWN, NOW)

    assert signs == SupplySigns()


@pytest.mark.attack(4)
async def test_a_code_on_an_order_says_nothing_of_the_logins_data() -> None:
    async with both_ends() as ends:
        blind = Trouble(
            message="placeOrder",
            action=Action.NOTE,
            code=354,
            text="You are trying to submit an order without having market data",
        )
        ends.server.add_trouble(blind)
        ends.broker.place(ends.order(STOCKS[0]))
        await ends.heard(CodeMessage)

        assert ends.broker.supply().no_data is None


READ_ONLY = (
    "Error validating request.-'bO' : cause - The API interface is currently in"
    " Read-Only mode."
)


@pytest.mark.attack(19)
async def test_a_gateway_that_lists_nothing_in_read_only_mode_is_not_left() -> None:
    """Its listings are refused with 321, which has no request's number, until the
    owner switches the mode off."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="reqAllOpenOrders",
                action=Action.REFUSE,
                code=321,
                text=READ_ONLY,
                times=3,
            )
        )
        for _ in range(3):
            with pytest.raises(BrokerSilent, match="Read-Only"):
                await ends.broker.evidence()
        line, while_refused = ends.broker.line(), ends.broker.supply()
        await ends.broker.evidence()

        assert (line.state, line.epoch) == (LineState.UP, 1)
        assert while_refused.read_only
        assert not ends.broker.supply().read_only


@pytest.mark.attack(19)
def test_a_listing_says_nothing_of_an_order_that_read_only_mode_refused() -> None:
    signs = SupplySigns()
    signs.note_code(321, READ_ONLY, of_order=True)

    signs.note_listing()

    assert signs.read_only
