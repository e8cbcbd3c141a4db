"""Whose order it is that IB speaks of: ours by our ref, or by permId, or by ids and
terms together; never by an id alone, and never in the name of another session."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.model.evidence import CodeMessage, Meaning, StatusMessage
from core.model.identity import Identity, Names, Terms, gateway_at
from core.model.money import Shares
from core.model.order import Order, OrderState
from core.model.order_events import Acked
from core.rules.listings.absence import judge, undecided
from core.rules.listings.found import find
from core.rules.listings.reconciliation import belongs_to, events_of
from core.rules.listings.unknown_orders import Origin, unknown_order
from core.rules.order_messages import (
    events_of_message,
    is_anothers,
    is_of,
    may_be_of,
    wants_evidence,
)
from tests.builders import (
    ACCOUNT,
    FDMX,
    IDENTITY,
    JOURNAL,
    ORDER_ID,
    PERM_ID,
    QRVX,
    a_completed_order,
    a_fill,
    a_fill_message,
    a_sent_order,
    an_evidence,
    an_open_order,
    an_order,
    some_names,
)


OURS = Terms(con_id=QRVX.con_id, side="BUY", shares=Decimal(100))
NAMED = a_sent_order(perm_id=PERM_ID, state=OrderState.ACKED)
NEW = a_sent_order()
FOREIGN = "another tool"
OTHERS = [
    Identity(gateway="localhost:4001", accounts=(ACCOUNT,), client_id=7),
    Identity(gateway="localhost:4002", accounts=("DU7654321",), client_id=7),
    Identity(gateway="localhost:4002", accounts=(ACCOUNT, "DU7654321"), client_id=7),
    Identity(gateway="localhost:4002", accounts=(ACCOUNT,), client_id=8),
]
IDS = ["gateway", "login", "one more account", "client id"]


# whose


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("order", "names", "terms", "ours"),
    [
        pytest.param(NEW, {}, None, True, id="our ref"),
        pytest.param(
            NEW,
            {"order_id": 0, "client_id": 0, "perm_id": 0},
            None,
            True,
            id="ref only",
        ),
        pytest.param(NAMED, {"ref": FOREIGN}, OURS, False, id="foreign ref, all else"),
        pytest.param(NAMED, {"ref": "tb-x-1"}, OURS, False, id="ref like ours"),
        pytest.param(NAMED, {"ref": ""}, None, True, id="our perm id"),
        pytest.param(NAMED, {"ref": "", "order_id": 0}, None, True, id="perm id only"),
        pytest.param(NAMED, {"ref": "", "perm_id": 5}, OURS, False, id="its perm id"),
        pytest.param(NAMED, {"ref": "", "perm_id": 0}, None, False, id="an id alone"),
        pytest.param(NEW, {"ref": ""}, None, False, id="an id and a new perm id"),
        pytest.param(NEW, {"ref": ""}, OURS, True, id="ids and terms"),
        pytest.param(NEW, {"ref": "", "client_id": 8}, OURS, False, id="client id"),
        pytest.param(NEW, {"ref": "", "order_id": 42}, OURS, False, id="order id"),
        pytest.param(NEW, {"ref": "", "order_id": 0}, OURS, False, id="terms alone"),
        pytest.param(
            NEW,
            {"ref": ""},
            Terms(con_id=FDMX.con_id, side="BUY", shares=Decimal(100)),
            False,
            id="another stock",
        ),
        pytest.param(
            NEW,
            {"ref": ""},
            Terms(con_id=QRVX.con_id, side="SELL", shares=Decimal(100)),
            False,
            id="another side",
        ),
        pytest.param(
            NEW,
            {"ref": ""},
            Terms(con_id=QRVX.con_id, side="BUY", shares=Decimal(10)),
            False,
            id="another size",
        ),
    ],
)
def test_an_order_is_ours_by_ref_or_perm_id_or_ids_and_terms(
    order: Order, names: dict[str, Any], terms: Terms | None, *, ours: bool
) -> None:
    assert is_of(order, some_names(**names), terms) is ours


@pytest.mark.attack(7)
@pytest.mark.parametrize("ref", ["", FOREIGN, "tb-x-1"])
@pytest.mark.parametrize(
    "state", [OrderState.SENDING, OrderState.UNKNOWN, OrderState.ABSENT]
)
def test_another_tools_order_under_our_id_is_no_evidence(
    state: OrderState, ref: str
) -> None:
    order = a_sent_order(state=state)
    names = some_names(ref=ref, perm_id=5)
    evidence = an_evidence(
        open_orders=(an_open_order(instrument=FDMX, ref=ref, perm_id=5, shares=10),),
        completed=(a_completed_order(names=names, status="Filled"),),
        fills=(a_fill_message(names=names, fill=a_fill(shares=Shares(10))),),
    )

    assert find(order, evidence).nothing
    assert events_of(order, evidence) == ()


@pytest.mark.attack(7)
@pytest.mark.parametrize("status", ["Submitted", "Cancelled", "Inactive", "Filled"])
def test_a_status_by_an_id_alone_teaches_nothing(status: str) -> None:
    """An orderStatus carries no ref: until IB has named ours, it could be another's."""
    names = some_names(ref="", perm_id=5)
    received = StatusMessage(
        names=names, status=status, shares=Decimal(10), filled=Decimal(0)
    )

    assert events_of_message(NEW, received) == ()
    assert wants_evidence(NEW, received) is (status in {"Cancelled", "Inactive"})
    assert not wants_evidence(NAMED, received)


@pytest.mark.attack(7)
def test_a_status_that_echoes_our_terms_without_a_ref_is_ours() -> None:
    received = StatusMessage(names=some_names(ref=""), status="Submitted", terms=OURS)

    assert events_of_message(NEW, received)


@pytest.mark.attack(7)
@pytest.mark.parametrize("meaning", Meaning)
@pytest.mark.parametrize(
    "names", [some_names(ref=FOREIGN), some_names(ref="", perm_id=5)]
)
def test_a_code_on_an_id_that_ib_has_shown_to_be_anothers_is_not_ours(
    meaning: Meaning, names: Names
) -> None:
    received = CodeMessage(
        order_id=ORDER_ID, code=201, text="no", meaning=meaning, names=names
    )

    for order in (NEW, NAMED):
        assert events_of_message(order, received) == ()
        assert not wants_evidence(order, received)


@pytest.mark.attack(7)
def test_a_cancellation_that_only_an_id_names_is_looked_into() -> None:
    received = CodeMessage(
        order_id=ORDER_ID, code=202, text="cancelled", meaning=Meaning.CANCELLED
    )

    for order in (NEW, NAMED):
        assert [
            type(event).__name__ for event in events_of_message(order, received)
        ] == ["Noted"]
        assert wants_evidence(order, received)


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("ref", "origin"),
    [
        (f"tb-{JOURNAL}-abcdefghij-1", Origin.OURS),
        (f"tb-{JOURNAL}-anything", Origin.OURS),
        ("tb-former00-abcdefghij-1", Origin.OURS),
        ("tb-ffffffff-abcdefghij-2", Origin.OPENBELL),
        ("tb-abcdefghij-2", Origin.OPENBELL),
        ("tb-momentum-7", Origin.SIMILAR_REF),
        ("tb-", Origin.SIMILAR_REF),
        ("TB-ffffffff-abcdefghij-2", None),
        ("by hand", None),
    ],
)
def test_r17_whose_a_ref_is_that_the_journal_does_not_know(
    ref: str, origin: Origin | None
) -> None:
    met = unknown_order(ref, "IB holds an open order", [JOURNAL, "former00"])

    assert (met.origin if met else None) is origin


# in whose name


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", OTHERS, ids=IDS)
@pytest.mark.parametrize("state", OrderState)
def test_r18_a_session_in_another_name_teaches_nothing(
    state: OrderState, session: Identity
) -> None:
    order = a_sent_order(state=state)
    shown = an_evidence(
        identity=session,
        open_orders=(an_open_order(),),
        completed=(a_completed_order(),),
        fills=(a_fill_message(),),
    )
    nothing = an_evidence(identity=session)

    for evidence in (shown, nothing):
        assert events_of(order, evidence) == ()
        assert not undecided(order, evidence)
        assert judge(order, evidence, earlier=evidence) == ()


@pytest.mark.attack(6)
@pytest.mark.parametrize(
    ("session", "words"),
    list(
        zip(
            OTHERS,
            [
                "the gateway at localhost:4002 (now localhost:4001)",
                "the login with DU1234567 (now DU7654321)",
                "the login with DU1234567 (now DU1234567, DU7654321)",
                "client id 7 (now 8)",
            ],
            strict=True,
        )
    ),
    ids=IDS,
)
def test_r18_says_whose_the_order_is(session: Identity, words: str) -> None:
    told = belongs_to(NAMED, session)

    assert told == f"This order belongs to another login or client id: {words}"
    assert belongs_to(NAMED, IDENTITY) is None


OLD = a_sent_order(gateway=None, login=())


@pytest.mark.attack(6)
def test_r18_an_order_without_a_kept_name_can_be_shown_and_never_be_absent() -> None:
    shown = an_evidence(open_orders=(an_open_order(),))
    nothing = an_evidence()

    assert events_of(OLD, shown)
    (verdict,) = judge(OLD, nothing, earlier=nothing)
    assert "login was not written down" in str(verdict)


@pytest.mark.attack(6)
@pytest.mark.parametrize("session", [OTHERS[1], OTHERS[3]], ids=["account", "client"])
def test_r18_an_order_without_a_kept_name_is_of_its_client_id_and_account(
    session: Identity,
) -> None:
    assert not OLD.is_of(session)
    assert belongs_to(OLD, session) is not None
    assert belongs_to(OLD, IDENTITY) is None


# one spelling of a gateway


@pytest.mark.attack(6)
@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", " 127.0.0.1", "127.0.1.1", "::1"),
        *("[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "gw.localhost"),
    ],
)
def test_every_spelling_of_this_machine_is_one_gateway(host: str) -> None:
    assert gateway_at(host, 4002) == "localhost:4002"


@pytest.mark.parametrize(
    ("host", "spelled"),
    [
        ("IB-Gateway", "ib-gateway:4002"),
        ("10.0.0.7", "10.0.0.7:4002"),
        ("::ffff:10.0.0.7", "10.0.0.7:4002"),
        ("FE80::1", "[fe80::1]:4002"),
        ("localhost.example.com", "localhost.example.com:4002"),
    ],
)
def test_another_machine_is_another_gateway(host: str, spelled: str) -> None:
    assert gateway_at(host, 4002) == spelled
    assert gateway_at(host, 4001) != spelled


def test_a_login_is_its_accounts_in_any_order() -> None:
    one = Identity.of(gateway="g", accounts=("B", "A", ""), client_id=1)
    other = Identity.of(gateway="g", accounts=("A", "B", "B"), client_id=1)

    assert one == other
    assert Identity.of(gateway="g", accounts=("",), client_id=1) is None


@pytest.mark.attack(8)
@pytest.mark.parametrize("state", [OrderState.PLANNED, OrderState.LAPSED])
def test_r16_what_the_journal_never_sent_is_known_by_its_ref(state: OrderState) -> None:
    """The journal is one of before: the order left, in whichever name of the account."""
    order = an_order(state=state)
    shown = an_evidence(open_orders=(an_open_order(ref=order.ref),))

    (acked, *_) = events_of(order, shown)

    assert isinstance(acked, Acked)
    assert not undecided(order, an_evidence())


def test_r18_what_was_never_sent_is_not_of_a_login_without_its_account() -> None:
    other = replace(IDENTITY, accounts=("DU7654321",))

    assert not an_order(state=OrderState.LAPSED).is_of(other)


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("named", "is_it"),
    [
        ({"ref": "manual"}, True),
        ({}, False),
        ({"ref": "", "client_id": 9, "perm_id": 7}, True),
        ({"ref": "", "client_id": 9, "perm_id": PERM_ID}, False),
        ({"ref": "", "perm_id": 7}, False),
        ({"ref": "", "client_id": 9, "perm_id": 0}, False),
    ],
    ids=[
        *("another ref", "our ref", "no ref", "our permId", "our client id"),
        "nothing known",
    ],
)
def test_an_execution_is_anothers_only_if_nothing_of_it_is_ours(
    named: dict[str, Any], *, is_it: bool
) -> None:
    """Of two orders of ours in the stock, either may be meant."""
    second = replace(NAMED, ref=an_order(leg=2).ref, perm_id=PERM_ID + 1, client_id=8)

    assert is_anothers(some_names(**named), [second, NAMED]) is is_it


@pytest.mark.attack(7)
@pytest.mark.parametrize(
    ("named", "may_be"),
    [
        ({"ref": ""}, True),
        ({"ref": "", "perm_id": 0}, True),
        ({"ref": "", "perm_id": 7}, False),
        ({}, False),
        ({"ref": "", "order_id": 7}, False),
    ],
    ids=["ids", "no permId", "another permId", "named", "another id"],
)
def test_an_id_alone_may_mean_an_order_that_nothing_contradicts(
    named: dict[str, Any], *, may_be: bool
) -> None:
    assert may_be_of(NAMED, some_names(**named)) is may_be
