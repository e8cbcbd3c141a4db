"""What is made wrong, what is left alone, and what counts as noticed."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.copies import ROOT, copy_the_checkout
from tests.harness.waiting import SOON
from tests.mutants.files import FILES
from tests.mutants.forks import in_a_fork
from tests.mutants.run import judge, main, score
from tests.mutants.sites import mutants_of
from tests.mutants.swaps import can_be_put, functions_of


def wrongs(source: str) -> list[str]:
    """What each mutant of *source* has in the place of something else."""
    return [mutant.now for mutant in mutants_of(source, name="toy.py")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", ["b <= c", "b >= c"]),
        ("a = b is None", ["b is not None"]),
        ("a = b and c and d", ["b or c or d", "c and d", "b and d", "b and c"]),
        ("a = not b", ["b"]),
        ("a = b - c", ["b + c"]),
        ("a = True", ["False"]),
        ("a = 1", ["2"]),
        ("a = 'word'", ["'wordX'"]),
        ("a = max(b)", ["min"]),
        ("A = (b, c)", ["(c,)", "(b,)"]),
        ("A = {**b, **c}", ["{**c}", "{**b}"]),
        ("a = State.NEW, State.OLD", ["(State.OLD,)", "(State.NEW,)", "State.OLD"]),
        ("a = replace(b, c=d)", ["replace(b)"]),
        ("send(order)", ["pass"]),
        ("self.sent = order", ["pass"]),
        ("raise Problem", ["pass"]),
        ("with writing():\n    a = b", ["if True:\n    a = b"]),
        ("if a:\n    b = c", ["not a"]),
        ("a = [b for b in c if d]", ["not d"]),
        ("def a():\n    return b", ["return None"]),
        ("def a():\n    return", ["pass"]),
        ("for a in b:\n    continue", ["break"]),
    ],
)
def test_one_thing_is_made_wrong_in_each_way(source: str, expected: list[str]) -> None:
    found = wrongs(source)

    assert found[: len(expected)] == expected
    assert source not in found


def test_each_case_of_a_match_is_left_out_once() -> None:
    whole, *_ = wrongs(
        "match a:\n    case 1:\n        b = c\n    case _:\n        d = e"
    )

    assert "case 1" not in whole
    assert "case _" in whole


@pytest.mark.parametrize(
    "source",
    [
        "'''What it is for.'''",
        "a = 'The market is closed.'",
        "a = f'card {key}'",
        "_log.info('line=%s', 1)",
        "assert a > 0",
        "import a",
        "a: Final[1]",
        "Ref = NewType('Ref', str)",
        "Heard = Status | Fill",
        "__all__ = ['a']",
        "class State(StrEnum):\n    NEW = 'new'",
        "@dataclass(frozen=True)\nclass Order:\n    ref: str",
    ],
)
def test_what_no_test_should_repeat_is_left_alone(source: str) -> None:
    assert wrongs(source) == []


def test_nothing_of_one_mutant_is_left_in_the_next() -> None:
    source = "a = 1\nb = 2\n"

    values = []
    for mutant in mutants_of(source, name="toy.py"):
        names: dict[str, int] = {}
        exec(mutant.code, names)  # noqa: S102  our own two lines
        values.append((names["a"], names["b"]))

    assert values == [(2, 2), (1, 3)]


def test_a_mutant_knows_the_lines_of_its_function() -> None:
    source = "a = 1\n\ndef b(c):\n    return c\n"

    outside, inside = mutants_of(source, name="toy.py")

    assert outside.function is None
    assert inside.function == range(4, 5)
    assert str(inside) == "4: return c  ->  return None"


def test_a_default_is_wrong_from_the_import_on() -> None:
    (default,) = mutants_of("def a(b=1):\n    pass\n", name="toy.py")

    assert default.function is None


def test_functions_are_known_by_their_names_and_lines() -> None:
    code = compile(
        "class A:\n def b(self):\n  return lambda: 1\nc = lambda: 1, lambda: 2\n",
        "toy.py",
        "exec",
    )

    assert functions_of(code).keys() == {
        ("A", 1),
        ("A.b", 2),
        ("A.b.<locals>.<lambda>", 3),
    }


@pytest.mark.parametrize(("returned", "can"), [("a + 1", True), ("1", False)])
def test_no_function_is_put_that_needs_other_variables(
    returned: str, *, can: bool
) -> None:
    before, after = (
        compile(f"def f(a):\n def g():\n  return {value}\n return g", "toy.py", "exec")
        for value in ("a", returned)
    )

    assert can_be_put(after, before) is can


def test_a_fork_tells_what_its_task_returned() -> None:
    assert in_a_fork(lambda: b"a" * 100_000, within=SOON) == b"a" * 100_000


def test_a_task_that_dies_tells_nothing() -> None:
    def dies() -> bytes:
        raise MemoryError

    assert in_a_fork(dies, within=SOON) == b""


def test_a_task_that_does_not_end_is_ended() -> None:
    def never_ends() -> bytes:
        while True:
            pass

    began = time.monotonic()

    assert in_a_fork(never_ends, within=0.2) is None
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("file", FILES)
def test_a_room_and_the_tests_that_speak_of_it_exist(file: str) -> None:
    assert FILES[file]
    assert [name for name in (file, *FILES[file]) if not (ROOT / name).exists()] == []


def test_a_mutant_that_never_ends_is_noticed() -> None:
    assert score({"killed": 8, "timeout": 1, "survived": 1}) == pytest.approx(90)
    assert score({}) == 0


def test_a_room_is_judged_in_a_copy_by_its_tests(tmp_path: Path) -> None:
    copy_the_checkout(tmp_path)

    judged = judge("core/chance.py", tmp_path)

    assert sum(judged.counts.values()) >= 4
    assert judged.counts["killed"] >= 2
    assert "core/chance.py" in str(judged)
    assert all("->" in survivor for survivor in judged.survivors)
    assert json.loads(json.dumps(asdict(judged)))["counts"] == judged.counts


def test_a_room_whose_tests_fail_without_a_mutant_has_no_score(tmp_path: Path) -> None:
    copy_the_checkout(tmp_path)
    (tmp_path / "tests/core/test_chance.py").write_text("assert False\n")

    judged = judge("core/chance.py", tmp_path)

    assert judged.counts == {}
    assert "fail without any mutant" in str(judged)


def test_what_is_on_record_is_not_judged_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record"
    file = "core/rules/chance_of_yesterday.py"
    judged = {"file": file, "counts": {"killed": 3, "survived": 1}, "survivors": []}
    record.write_text(json.dumps({"commit": "abc", **judged}) + "\n")

    assert main(["--record", str(record), file]) == 1
    assert (
        f"{file:30}       4        3        1        0   75.0%"
        in capsys.readouterr().out
    )
    assert len(record.read_text().splitlines()) == 1
