"""Long work is done slice by slice; several works take turns."""

from collections.abc import Iterator

from core.sandbox.gateway.long_work import LongWork


def slices(name: str, number: int, done: list[str]) -> Iterator[None]:
    for each in range(number):
        done.append(f"{name}{each}")
        yield


def test_works_take_turns_slice_by_slice() -> None:
    work, done = LongWork(), list[str]()
    work.add(slices("a", 3, done))
    work.add(slices("b", 1, done))

    while work.under_way:
        before = len(done)
        work.turn()
        assert len(done) <= before + 1

    assert done == ["a0", "b0", "a1", "a2"]
