"""A bug that somebody could really write, and the test that must not let it pass."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """*old* is replaced by *new* in *file*; then *test* must fail. *line* is the line
    of the hostile reading (docs/safety.md) whose kind it is, if it is of one."""

    name: str
    file: str
    old: str
    new: str
    test: str
    line: int | None = None
