"""Older clients get each message as it was before what came later."""

import pytest

from core.sandbox.protocol.placing import (
    FIFTH,
    FIRST,
    FOURTH,
    LAST,
    SECOND,
    SIXTH,
    THIRD,
    WITH_FA_PROFILE,
    read_placing,
)
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.versions import (
    FA_PROFILE_GONE,
    GATES,
    OLDEST_VERSION,
    SERVER_VERSION,
    agreed,
    as_of,
)
from core.sandbox.protocol.wire import Fields
from tests.core.sandbox.gateway.test_gateway import place
from tests.core.sandbox.talking import (
    AAPL,
    Talker,
    a_gateway,
    contract,
    message,
    of_kind,
)


def hello(text: str) -> bytes:
    return b"API\0" + len(text).to_bytes(4, "big") + text.encode()


def a_talker(offer: str) -> Talker:
    talker = Talker(a_gateway())
    talker.say(hello(offer))
    talker.say(message(71, 2, 7, ""))
    return talker


@pytest.mark.parametrize(
    ("lowest", "highest", "version"),
    [
        (100, 226, 178),
        (157, 178, 178),
        (157, 176, 176),
        (142, 163, 163),
        (100, 157, 157),
        (100, 156, None),
        (179, 226, 178),  # it says itself that this is too old
    ],
)
def test_the_clients_ceiling_is_spoken(
    lowest: int, highest: int, version: int | None
) -> None:
    assert agreed(lowest, highest) == version


def test_a_client_that_is_too_old_is_told_so_before_the_line_ends() -> None:
    talker = Talker(a_gateway())

    (told,) = talker.say(hello("v100..152"))

    assert told[:4] == ("4", "2", "-1", "357")
    assert "157" in told[4]


def test_a_client_that_wants_more_hears_our_version() -> None:
    (told,) = Talker(a_gateway()).say(hello("v200..226"))

    assert told[0] == "178"


def lengths(offer: str) -> dict[str, int]:
    """How long each kind of message is that such a client gets."""
    talker = a_talker(offer)
    asked: tuple[tuple[object, ...], ...] = (
        (1, 11, 7, *contract(AAPL), 0, "", 0, 0, ""),
        (9, 8, 11, *contract(AAPL), 0, "", "", ""),
        (20, 8, *contract(AAPL), 0, "", "1 day", "2 D", 1, "TRADES", 1, 0, ""),
        (81, 5, "AAPL"),
        (7, 3, 10, 0, *[""] * 6),
        (99, 0),
    )
    place(talker, 9, kind="MKT", price="")
    for each in asked:
        talker.ask(*each)
    talker.wait(1)
    return {each[0]: len(each) for each in talker.received}


@pytest.mark.parametrize(
    ("version", "shorter"),
    [
        (178, {}),
        (177, {"11": 1}),
        (176, {"11": 1, "5": -1, "101": -1}),
        (173, {"11": 1, "5": -1, "101": -1, "79": 2}),
        (169, {"11": 1, "5": 4, "101": 4, "79": 2}),
        (165, {"11": 1, "5": 4, "101": 4, "79": 2, "4": 1}),
        (163, {"11": 1, "5": 4, "101": 4, "79": 2, "4": 1, "10": 0}),
        (161, {"11": 1, "5": 5, "101": 4, "79": 2, "4": 1, "10": 1}),
        (157, {"11": 1, "5": 7, "101": 4, "79": 2, "4": 1, "10": 1}),
    ],
)
def test_fields_that_came_later_are_left_out(
    version: int, shorter: dict[str, int]
) -> None:
    newest, older = lengths("v157..178"), lengths(f"v157..{version}")

    differ = {
        kind: newest[kind] - length
        for kind, length in older.items()
        if kind not in {str(version), "178"}
    }
    assert {kind: by for kind, by in differ.items() if by} == {
        kind: by for kind, by in shorter.items() if by
    }


@pytest.mark.parametrize(("version", "size"), [(159, "250"), (158, "2")])
def test_sizes_were_told_in_lots(version: int, size: str) -> None:
    assert as_of(version, ("2", "6", "1", "0", "250"))[4] == size


@pytest.mark.parametrize(("version", "volume"), [(175, "12345"), (174, "123")])
def test_volumes_of_bars_were_told_in_lots(version: int, volume: str) -> None:
    bar = ("20260730", "1", "2", "1", "2", "12345", "1.5", "10")
    told: Fields = ("17", "5", "from", "to", "1", *bar)

    assert as_of(version, told)[10] == volume


def test_a_volume_that_is_none_stays_none() -> None:
    told: Fields = ("17", "5", "a", "b", "1", "d", "1", "2", "1", "2", "-1", "-1", "-1")

    assert as_of(157, told) == told


def test_every_gate_is_about_versions_that_are_spoken() -> None:
    for gates in GATES.values():
        for gate in gates:
            assert OLDEST_VERSION <= gate.until < gate.since <= SERVER_VERSION


SAID = {"action": "BUY", "totalQuantity": "1", "orderType": "MKT", "transmit": "1"} | {
    "tif": "DAY",
    "modelCode": "growth",
    "usePriceMgmtAlgo": "0",
}


def an_order(version: int) -> Fields:
    """A placeOrder message that names a model, as a client of that version writes it."""
    second = SECOND if version >= FA_PROFILE_GONE else WITH_FA_PROFILE
    named = [*FIRST, *second, *THIRD, *FOURTH, *FIFTH]
    last = LAST if version >= SERVER_VERSION else LAST[: LAST.index("duration")]
    return (
        *("3", "1", *contract(AAPL)),
        *(SAID.get(name, "") for name in named),
        *("0", ""),  # no delta-neutral contract, no algo
        *(SAID.get(name, "") for name in SIXTH),
        *("0", *(SAID.get(name, "") for name in last)),  # no conditions
    )


@pytest.mark.parametrize("version", [157, 163, 176, 177, 178])
def test_an_order_is_read_as_its_client_writes_it(version: int) -> None:
    placing = read_placing(Reader(an_order(version)), version)

    assert placing.raw["modelCode"] == "growth"
    assert placing.raw["usePriceMgmtAlgo"] == "0"
    refusal = of_kind(a_talker(f"v157..{version}").ask(*an_order(version)), 4)[-1]
    assert refusal[2:4] == ("1", "321")  # a model is not served
