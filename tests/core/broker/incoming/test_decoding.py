"""What is decoded here says what ib_async's decoder says of the same fields."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from ib_async.decoder import Decoder

from core.broker.incoming.decoding import decode_ourselves
from core.broker.messages import (
    DataKind,
    End,
    GenericTick,
    Message,
    PriceTick,
    ScanRow,
    SizeTick,
    TextTick,
)


ROW = (
    *("0", "265598", "AAPL", "STK", "", "0", "", "SMART"),
    *("USD", "AAPL", "NMS", "NMS", "", "", "", ""),
)
OTHER = (
    *("1", "", "BF B", "OPT", "20261218", "12.5", "C", "SMART"),
    *("CAD", "BF.B", "", "OPT", "1", "2", "3", "4"),
)
FIELDS = (
    ("1", "6", "7", "1", "5.01", "300", "1"),
    ("1", "6", "7", "9", "-1.0", "", "0"),
    ("1", "6", "7", "4", "", "300", "0"),
    ("2", "6", "7", "8", "1234567.5"),
    ("2", "6", "7", "0", ""),
    ("45", "6", "7", "49", "0"),
    ("45", "6", "7", "46", "2.6"),
    ("46", "6", "7", "48", "701.28;1;1348075471534;67854;701.46;true"),
    ("58", "1", "7", "3"),
    ("58", "1", "7", ""),
    ("20", "3", "7", "2", *ROW, *OTHER),
    ("20", "3", "7", "0"),
)
UNREADABLE = (
    ("1", "6", "7", "1", "5.01", "300"),
    ("1", "6", "7", "1", "a lot", "300", "0"),
    ("2", "6", "7"),
    ("58", "1", "7"),
    ("58", "1", "7", "live"),
    ("20", "3", "7", "2", *ROW),
    ("20", "3", "7", "many", *ROW),
)


def decoder(wrapper: Any) -> Any:
    make: Any = Decoder  # it has no types
    return make(wrapper, 178)


def ours(fields: tuple[str, ...]) -> list[tuple[int, Message]]:
    received: list[tuple[int, Message]] = []
    made = decoder(SimpleNamespace())
    decode_ourselves(made, lambda number, word: received.append((number, word)))
    made.interpret(list(fields))
    return received


def theirs(fields: tuple[str, ...]) -> list[tuple[int, Message]]:
    received: list[tuple[int, Message]] = []

    def tell(number: int, word: Message) -> None:
        received.append((number, word))

    wrapper = SimpleNamespace(
        priceSizeTick=lambda n, *tick: tell(n, PriceTick(*tick)),
        tickSize=lambda n, *tick: tell(n, SizeTick(*tick)),
        tickGeneric=lambda n, *tick: tell(n, GenericTick(*tick)),
        tickString=lambda n, *tick: tell(n, TextTick(*tick)),
        scannerData=lambda n, rank, found, *_: tell(n, ScanRow(rank, found.contract)),
        marketDataType=lambda n, kind: tell(n, DataKind(kind)),
        scannerDataEnd=lambda n: tell(n, End()),
    )
    decoder(wrapper).interpret(list(fields))
    return received


@pytest.mark.parametrize("fields", FIELDS)
def test_it_says_what_ib_async_says(fields: tuple[str, ...]) -> None:
    assert ours(fields) == theirs(fields)


def test_the_time_of_a_trade_is_not_handed_on() -> None:
    assert ours(("46", "6", "7", "45", "1790000000")) == []


@pytest.mark.parametrize("fields", UNREADABLE)
def test_what_cannot_be_read_is_said_to_be_so(
    fields: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="ib_async.Decoder"):
        ours(fields)

    assert "Error handling fields" in caplog.text
