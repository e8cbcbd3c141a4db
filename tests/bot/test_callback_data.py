"""What a button carries is short, typed, and never more than a name."""

from random import Random

import pytest
from hypothesis import given, strategies as st

from bot.callback_data import (
    CancelOrder,
    Chosen,
    ConfirmFilled,
    Doubt,
    LookAtStock,
    More,
    Open,
    Press,
    Refresh,
    ScanAgain,
    StockDetail,
    Table,
    parse,
    write,
)
from bot.presses.kinds import DoubtAnswer, Extra, Overview
from core.model.market import ConId
from core.model.money import Shares
from core.model.order import OrderRef
from core.model.order_events import WordOfFill
from core.model.proposal import Choice, Token
from core.rules.figures.table_order import SortBy
from tests.builders import PROPOSAL_ID, price


TOKEN = Token("A" * 22)
REF = OrderRef("tb-" + "a" * 10 + "-1")
PRESSES: list[Press] = [
    *(Chosen(choice=choice, token=TOKEN) for choice in Choice),
    *(More(what=what, token=TOKEN) for what in Extra),
    *(Table(by=by, page=4, proposal_id=PROPOSAL_ID) for by in SortBy),
    Open(con_id=ConId(2**31 - 1), proposal_id=PROPOSAL_ID),
    *(
        LookAtStock(what=what, con_id=ConId(2**31 - 1), symbol="BRK B")
        for what in StockDetail
    ),
    ScanAgain(),
    CancelOrder(ref=REF),
    *(Doubt(seen=seen, ref=REF) for seen in DoubtAnswer),
    ConfirmFilled(
        word=WordOfFill(
            ref=OrderRef("tb-" + "0" * 8 + "-" + "a" * 10 + "-1"),
            shares=Shares(999_999_999),
            price=price("999999.9999"),
        )
    ),
    *(Refresh(overview=one) for one in Overview),
]


@pytest.mark.parametrize("press", PRESSES, ids=write)
def test_what_is_written_is_read_again(press: Press) -> None:
    data = write(press)

    assert len(data.encode()) <= 64
    assert parse(data) == press


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "v1:",
        "v2:s:",
        "v1:s",
        "v1:s:x",
        "v1:s:\n",
        "v1:o:y:",
        "v1:o:z:token",
        "v1:o:y:token:more",
        "v1:o:y:tökén",
        "v1:m:t:" + "a" * 57,
        "v1:c:",
        "v1:d:y",
        "v1:d:?:ref",
        "v1:r:everything",
        " v1:s:",
    ],
)
def test_what_was_never_written_means_nothing(data: str | None) -> None:
    assert parse(data) is None


def test_a_hundred_thousand_strange_strings_never_raise() -> None:
    random = Random(7)
    letters = "v1:osctmdrynl12 -_abcÄ\n\0"

    for _ in range(100_000):
        data = "".join(random.choices(letters, k=random.randrange(70)))
        read = parse(f"v1:{data}" if random.random() < 0.5 else data)
        assert read is None or parse(write(read)) == read


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(data: str) -> None:
    read = parse(data)

    assert read is None or write(read) == data
