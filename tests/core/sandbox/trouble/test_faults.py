"""What a script can do to messages, and how it is written down."""

from pathlib import Path

import pytest

from core.sandbox.gateway.session import Phase
from core.sandbox.market.permission import DataPermission
from core.sandbox.protocol.wire import Fields
from core.sandbox.script_file import load_scenario
from core.sandbox.trouble.faults import (
    Action,
    Happening,
    LineEvent,
    ScenarioError,
    Trouble,
)
from tests.core.sandbox.talking import Talker, a_gateway, frames, message, of_kind


def times_told(talker: Talker, asks: int = 3) -> list[int]:
    """How many answers each of a few questions for the time brings."""
    return [len(of_kind(talker.ask(49, 1), 49)) for _ in range(asks)]


@pytest.mark.parametrize("name", ["currentTime", "reqCurrentTime"])
def test_the_nth_message_is_dropped_in_either_direction(name: str) -> None:
    trouble = Trouble(message=name, action=Action.DROP, nth=2)
    talker = Talker(a_gateway(None, trouble)).start()

    told = times_told(talker)

    assert told == [1, 0, 1]


def test_nought_times_means_all_from_then_on() -> None:
    trouble = Trouble(message="currentTime", action=Action.DROP, nth=2, times=0)
    talker = Talker(a_gateway(None, trouble)).start()

    told = times_told(talker, 5)

    assert told == [1, 0, 0, 0, 0]


@pytest.mark.parametrize("name", ["currentTime", "reqCurrentTime"])
def test_a_delayed_message_comes_late(name: str) -> None:
    trouble = Trouble(message=name, action=Action.DELAY, seconds=2)
    talker = Talker(a_gateway(None, trouble)).start()

    at_once, later = talker.ask(49, 1), talker.wait(2.1)

    assert of_kind(at_once, 49) == []
    assert len(of_kind(later, 49)) == 1


@pytest.mark.parametrize("name", ["currentTime", "reqCurrentTime"])
def test_a_repeated_message_comes_twice(name: str) -> None:
    trouble = Trouble(message=name, action=Action.REPEAT)
    talker = Talker(a_gateway(None, trouble)).start()

    told = times_told(talker, 2)

    assert told == [2, 1]


def test_swapped_messages_change_places() -> None:
    trouble = Trouble(message="currentTime", action=Action.SWAP)
    talker = Talker(a_gateway(None, trouble)).start()

    found = talker.say(message(49, 1) + message(8, 1, 1))

    assert [each[0] for each in found] == ["9", "49"]


def altered(action: Action, **more: int | str) -> Fields:
    """The reply to reqIds, ``9 1 1``, as *action* leaves it."""
    trouble = Trouble(message="nextValidId", action=action, nth=2, **more)  # type: ignore[arg-type]  # field is an int, text a str
    talker = Talker(a_gateway(None, trouble)).start()
    (found,) = of_kind(talker.ask(8, 1, 1), 9)
    return found


def test_a_field_is_replaced_corrupted_missing_or_new() -> None:
    assert altered(Action.REPLACE, field=2, text="77") == ("9", "1", "77")
    assert altered(Action.CORRUPT) == ("9", "1", "#?")
    assert altered(Action.SHORTEN) == ("9", "1")
    assert altered(Action.EXTEND) == ("9", "1", "1", "unheard-of")


def test_only_messages_with_the_text_are_meant() -> None:
    trouble = Trouble(
        message="error", action=Action.DROP, times=0, containing="2106", field=3
    )
    talker = Talker(a_gateway(None, trouble)).start()

    codes = [each[3] for each in of_kind(talker.received, 4)]

    assert codes == ["2104", "2158"]


def test_a_refused_request_is_answered_with_the_code() -> None:
    trouble = Trouble(
        message="cancelMktData", action=Action.REFUSE, code=300, text="No"
    )
    talker = Talker(a_gateway(None, trouble)).start()

    found = talker.ask(2, 2, 41)

    assert found == [("4", "2", "41", "300", "No", "")]


def test_a_note_comes_beside_the_answer() -> None:
    trouble = Trouble(
        message="reqCurrentTime",
        action=Action.NOTE,
        code=10349,
        text="Told",
        untied=True,
    )
    talker = Talker(a_gateway(None, trouble)).start()

    found = talker.ask(49, 1)

    assert {(each[0], each[2]) for each in of_kind(found, 4)} == {("4", "-1")}
    assert of_kind(found, 49)


@pytest.mark.parametrize(("action", "told"), [(Action.CUT, 1), (Action.CUT_BEFORE, 0)])
def test_a_line_is_cut_behind_or_before_a_reply(action: Action, told: int) -> None:
    talker = Talker(a_gateway(None, Trouble(message="currentTime", action=action)))
    talker.start()

    found = talker.say(message(49, 1) + message(49, 1))

    assert len(of_kind(found, 49)) == told
    assert talker.session.phase is Phase.CLOSED


def test_a_wild_length_follows_a_reply() -> None:
    trouble = Trouble(message="currentTime", action=Action.WILD_LENGTH)
    talker = Talker(a_gateway(None, trouble)).start()

    talker.session.receive(message(49, 1), talker.gateway.now)
    said = talker.session.due(talker.gateway.now)

    assert said.endswith(b"\x7f\xff\xff\xff")
    assert of_kind(frames(said[:-4]), 49)


def test_a_message_can_bring_something_about() -> None:
    lost = Happening(after=1.0, event=LineEvent.LOST)
    trouble = Trouble(message="reqCurrentTime", action=Action.HAPPEN, happening=lost)
    talker = Talker(a_gateway(None, trouble)).start()

    before, after = talker.ask(49, 1), talker.wait(1.1)

    assert of_kind(before, 4) == []
    assert [each[3] for each in of_kind(after, 4)] == ["1100"]


def test_a_message_nobody_sends_is_an_error_of_the_script() -> None:
    with pytest.raises(ScenarioError, match="no message is called"):
        Trouble(message="placeOrders", action=Action.DROP)


SCRIPT = """
seen = "in a test"

[[trouble]]
message = "orderStatus"
action = "drop"
times = 0

[[trouble]]
message = "placeOrder"
action = "happen"
happening = { event = "restart", rollback = 1, down = 2.0 }

[[line]]
after = 2.0
event = 1100

[settings]
read_only = true
permission = "delayed"

[shapes.AAPL]
halted = 1
"""


def test_a_scenario_can_be_written_in_toml(tmp_path: Path) -> None:
    path = tmp_path / "bad-night.toml"
    path.write_text(SCRIPT, encoding="utf-8")

    scenario = load_scenario(path)

    assert scenario.name == "bad-night"
    assert [trouble.action for trouble in scenario.troubles] == ["drop", "happen"]
    assert scenario.troubles[1].happening == Happening(
        after=0.0, event=LineEvent.RESTART, rollback=1, down=2.0
    )
    assert scenario.line == (Happening(after=2.0, event=LineEvent.LOST),)
    assert scenario.settings["permission"] == DataPermission.DELAYED
    assert scenario.shapes["AAPL"].halted == 1


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("name = 'x'", id="no word on where it was seen"),
        pytest.param("seen = 'x'\nmagic = 1", id="an unknown key"),
        pytest.param("seen = 'x'\n[[trouble]]\nmessage = 'error'", id="no action"),
        pytest.param(
            "seen = 'x'\n[[trouble]]\nmessage = 'error'\naction = 'explode'",
            id="an unknown action",
        ),
        pytest.param("seen = 'x'\n[settings]\nno_such = 1", id="an unknown setting"),
        pytest.param("seen = ", id="no TOML"),
    ],
)
def test_a_bad_script_is_told_with_its_name(tmp_path: Path, script: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(script, encoding="utf-8")

    with pytest.raises(ScenarioError, match=r"bad\.toml"):
        load_scenario(path)
