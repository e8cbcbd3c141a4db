"""What the auditor reads on cards is what the product writes there."""

from core.rules.selling.guards import too_few
from tests.simulation.cards import Cards
from tests.simulation.sends import KEPT_BACK


def test_a_message_that_shows_another_scan_is_seen() -> None:
    cards = Cards()

    assert not cards.is_another_scan(
        4, "AVLZ +2.90\n\nTop gainers · 09:35:01 ET · live"
    )
    assert not cards.is_another_scan(4, "Bought\n\nTop gainers · 09:35:01 ET · live")
    assert not cards.is_another_scan(
        5, "AVLZ +2.90\n\nTop gainers · 09:41:07 ET · live"
    )
    assert cards.is_another_scan(4, "AVLZ +2.90\n\nTop gainers · 09:35:28 ET · live")


def test_a_sale_that_was_kept_back_is_read_in_the_words_of_the_product() -> None:
    said = f"1,100 AVLZ: not sent. {too_few('AVLZ', held='1100', free=0)}"

    found = KEPT_BACK.search(said)

    assert found is not None
    assert found.groups() == ("1,100", "AVLZ")
