"""What the owner reads when he has closed the doubt about an order that sells: nothing is
placed in its room while it may still sell, so its shares lie bare, and he has to know."""

from dataclasses import replace

import pytest

from bot.views.trouble import doubt_closed
from core.model.exits.plan import ExitKind
from core.model.order import OrderState
from tests.bot.views.hands import read
from tests.builders import an_exit


@pytest.mark.parametrize("said", ["Sam says it is not there", "Sam says it is there"])
@pytest.mark.parametrize("kind", [ExitKind.STOP, ExitKind.TARGET])
def test_shares_whose_exit_is_closed_by_word_are_said_to_lack_it(
    kind: ExitKind, said: str
) -> None:
    closed = replace(
        an_exit(), exit=kind, state=OrderState.CLOSED_BY_HUMAN, reason=said
    )

    text = read(doubt_closed(closed))

    assert text.startswith(said)
    assert f"100 QRVX have no other {kind}" in text
    assert "before the next session" in text
    assert "in TWS" in text


@pytest.mark.parametrize("said", ["Sam says it is not there", "Sam says it is there"])
def test_shares_whose_sale_is_closed_by_word_are_said_to_have_no_exit(
    said: str,
) -> None:
    sale = replace(an_exit(), exit=None, state=OrderState.CLOSED_BY_HUMAN, reason=said)

    text = read(doubt_closed(sale))

    assert text.startswith(said)
    assert "none of these 100 QRVX and place no exit for them" in text
    assert "before the next session" in text
