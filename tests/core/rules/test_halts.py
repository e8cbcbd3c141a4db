"""S15. Which halts keep exits back."""

import pytest

from core.model.status import THE_BOT, ExitsWait, Halt
from core.rules.halts import exits_wait, panic_reason
from tests.builders import NOW


LUNCH = Halt(at=NOW, by="Ada", reason="lunch")
PANIC = Halt(at=NOW, by="Ada", reason=panic_reason("Ada"))
OLD = Halt(at=NOW, by=THE_BOT, reason="IB's next id is ahead", old_copy=True)


@pytest.mark.parametrize(
    ("halts", "wait"),
    [
        ((), None),
        ((LUNCH,), None),
        ((LUNCH, PANIC), ExitsWait.PANIC),
        ((PANIC, OLD), ExitsWait.OLD_COPY),
    ],
)
def test_a_panic_and_an_old_copy_keep_exits_back(
    halts: tuple[Halt, ...], wait: ExitsWait | None
) -> None:
    assert exits_wait(iter(halts)) is wait
