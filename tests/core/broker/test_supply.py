"""What a conversation shows of the gateway's data and settings."""

from contextlib import ExitStack

import pytest

from core.broker.client_wrapper import FIRST_REQUEST, ClientWrapper, Listeners
from core.broker.supply import SupplySigns
from core.model.errors import BrokerSilent
from core.model.evidence import CodeMessage, LineState
from core.model.market import Freshness
from core.sandbox.trouble.faults import Action, Trouble
from tests.builders import NOW
from tests.harness.connection import STOCKS, both_ends


ORDER, REQUEST, UNTIED = 7, FIRST_REQUEST + 3, -1
"""The numbers that a code comes with: an order's, a request's, and none."""

BAD = "Error validating request.-'bO' : cause - "
ILLEGIBLE = "????.-'bO' : ?? - API???????????"
"""How a gateway on Windows that speaks Chinese writes it, or any other 321."""

SAID = [
    "API is in Read\u2011Only mode",
    "API is in Read\u2013Only mode",
    "Die API ist nur lesbar",
    "L'API \xe8 in modalit\xe0 solo lettura",
    "La API est\xe1 en modo de lectura",
    "\u539f\u56e0 - API\u63a5\u53e3\u4ec5\u9650\u8bfb\u53d6",
    "\u539f\u56e0 - API\u4ecb\u9762\u50c5\u4f9b\u8b80\u53d6",
    "-'bN' : cause - The API interface is currently in Read-Only mode.",
    "The API interface is currently in READ-ONLY mode",
    "the api is read only",
    "ReadOnly API is set",
    "API-Schnittstelle im Read-only-Modus",
    "Ursache - Die API-Schnittstelle befindet sich im Nur-Lesen-Modus.",
    "Grund - Die API-Schnittstelle ist derzeit schreibgesch\xfctzt.",
    "Ursache - Die API ist derzeit schreibgesch?tzt.",
    "cause - L'interface API est actuellement en mode lecture seule.",
    "causa - La interfaz API est\xe1 en modo de s\xf3lo lectura.",
    "causa - La interfaz API se encuentra en modo de solo lectura",
    "causa - L'interfaccia API \xe8 attualmente in modalit\xe0 di sola lettura.",
    "causa - A interface da API est\xe1 no modo somente leitura.",
    "oorzaak - De API-interface is in alleen-lezen modus.",
    "przyczyna - interfejs API dzia\u0142a w trybie tylko do odczytu",
    "ok - Az API jelenleg csak olvashat\xf3 m\xf3dban van.",
    "\u043f\u0440\u0438\u0447\u0438\u043d\u0430 - API \u0442\u043e\u043b\u044c\u043a\u043e \u0434\u043b\u044f \u0447\u0442\u0435\u043d\u0438\u044f",
    "\u539f\u56e0 - API\u63a5\u53e3\u76ee\u524d\u5904\u4e8e\u53ea\u8bfb\u6a21\u5f0f\u3002",
    "\u539f\u56e0 - API\u4ecb\u9762\u76ee\u524d\u8655\u65bc\u552f\u8b80\u6a21\u5f0f\u3002",
    r"\u539f\u56e0 - API\u63a5\u53e3\u5904\u4e8e\u53ea\u8bfb\u6a21\u5f0f",
    "\u7406\u7531 - API\u306f\u73fe\u5728\u8aad\u307f\u53d6\u308a\u5c02\u7528\u30e2\u30fc\u30c9\u3067\u3059\u3002",
    "\uc6d0\uc778 - API\uac00 \uc77d\uae30 \uc804\uc6a9 \ubaa8\ub4dc\uc785\ub2c8\ub2e4.",
]


def received(number: int, code: int, text: str, *, lists_orders: bool = False) -> bool:
    """Whether a gateway that says this seems to be in Read-Only mode."""
    listeners = Listeners(
        order=lambda _event: None,
        news=lambda _code, _text: None,
        account=lambda *_values: None,
        answered=lambda _number: None,
        closed=lambda: None,
    )
    wrapper = ClientWrapper(listeners, client_id=17)
    with wrapper.listing(), ExitStack() as asked:
        if lists_orders:
            asked.enter_context(wrapper.signs.listing_orders())
        wrapper.wrapper().error(number, code, text, "")
    wrapper.close("over")
    return wrapper.signs.read_only


@pytest.mark.attack(19)
@pytest.mark.parametrize("text", SAID)
def test_read_only_mode_is_known_in_each_language_of_tws(text: str) -> None:
    assert received(ORDER, 321, text)
    assert received(UNTIED, 321, text)


@pytest.mark.attack(19)
@pytest.mark.parametrize(
    ("number", "code", "text", "lists_orders", "read_only"),
    [
        (UNTIED, 321, ILLEGIBLE, True, True),
        (UNTIED, 321, "", True, True),
        (UNTIED, 321, ILLEGIBLE, False, False),
        (ORDER, 321, ILLEGIBLE, True, False),
        (REQUEST, 321, ILLEGIBLE, True, False),
        (REQUEST, 321, SAID[0], True, False),
        (UNTIED, 322, ILLEGIBLE, True, False),
        (UNTIED, 2104, "Market data farm connection is OK:read-only", True, False),
        (ORDER, 321, BAD + "invalid order type", False, False),
        (ORDER, 321, "Ursache - Auftragstyp ung\xfcltig: nur LMT", False, False),
        (
            ORDER,
            321,
            "\u539f\u56e0 - \u65e0\u6548\u7684\u8ba2\u5355\u7c7b\u578b",
            False,
            False,
        ),
        (UNTIED, 321, BAD + "Invalid account code", False, False),
        (ORDER, 321, BAD + "you already read it; only one is allowed", False, False),
        (ORDER, 201, "Order rejected - reason: Read-Only mode", False, False),
    ],
)
def test_another_321_is_not_read_only_mode(
    number: int, code: int, text: str, *, lists_orders: bool, read_only: bool
) -> None:
    """Requests for the orders have no field that could be wrong: refused, they are
    refused by Read-Only mode, whatever the words."""
    assert received(number, code, text, lists_orders=lists_orders) is read_only


@pytest.mark.attack(19)
@pytest.mark.parametrize("action", [Action.REFUSE, Action.NOTE])
async def test_a_listing_that_ends_late_is_not_taken_for_the_next(
    action: Action,
) -> None:
    """Where an illegible 321 is about something else (NOTE), the end of the listing is
    still to come, and what is listed next would be only a part. So a conversation in
    which IB seemed to refuse a listing ends as soon as IB lists again."""
    async with both_ends() as ends:
        ends.server.add_trouble(
            Trouble(
                message="reqAllOpenOrders",
                action=action,
                code=321,
                text=ILLEGIBLE,
                untied=True,
            )
        )
        for _ in range(2):
            with pytest.raises(BrokerSilent):
                await ends.broker.evidence()
        await ends.broker.reconnect()
        evidence = await ends.broker.evidence()

        assert evidence.epoch > 1
        assert not ends.broker.supply().read_only


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
        await ends.received(CodeMessage)

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
