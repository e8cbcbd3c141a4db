"""Headlines come after the card, are of the last day, and are missed by nobody."""

from datetime import timedelta

from core.model.errors import BrokerSaidNo
from core.model.market import Headline, Instrument
from core.model.proposal import Choice
from tests.builders import NOW, QRVX
from tests.fakes.market import FakeMarket
from tests.harness.core import Harness
from tests.harness.waiting import turns, until


def a_headline(text: str, *, hours: int = 1) -> Headline:
    at = NOW - timedelta(hours=hours)
    return Headline(at=at, provider="SIM", text=text)


def written(harness: Harness) -> list[str]:
    """What the newest card says that is written about its stocks."""
    [*_, card] = harness.journal.proposals.offers()
    return [h.text for c in card.ranking.candidates for h in c.headlines]


async def test_what_was_written_in_the_last_day_is_added_to_the_card(
    harness: Harness,
) -> None:
    harness.market.written[QRVX.con_id] = (
        a_headline("new"),
        a_headline("old", hours=25),
    )
    async with harness.trading():
        await harness.scan()
        await until(lambda: written(harness) == ["new"])


async def test_a_card_that_is_decided_is_not_changed_any_more(harness: Harness) -> None:
    harness.market.written[QRVX.con_id] = (a_headline("new"),)
    async with harness.trading():
        card = await harness.scan()
        harness.tap(card, Choice.NO)
        await turns()

    decided = harness.journal.proposals.by_id(card.id)
    assert decided
    assert all(not each.headlines for each in decided.ranking.candidates)


class Unpaid(FakeMarket):
    """An account that may not read what it asks for."""

    async def headlines(
        self, instrument: Instrument, *, within: float
    ) -> tuple[Headline, ...]:
        raise BrokerSaidNo(10276, "News feed is not allowed.")


async def test_a_refusal_is_nobodys_trouble(harness: Harness) -> None:
    harness.engine._parts.amending.headlines.news = Unpaid()
    async with harness.trading():
        await harness.scan()
        await turns()

        assert written(harness) == []
