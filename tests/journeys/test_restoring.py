"""The drill: a copy is brought back that does not know what was bought since."""

from pathlib import Path

import pytest

from tests.bot.processes import running
from tests.harness.product import ProductHarness, at, opened


async def at_the_prompt(harness: ProductHarness, *words: str) -> str:
    """What `python -m bot` with *words* and the bot's settings says; it ends well."""
    folder = Path(harness.settings["OPENBELL_DATA_DIR"])
    async with running(*words, cwd=folder, settings=harness.settings) as process:
        assert await process.ends() == 0, process.said
    return process.said


@pytest.mark.attack(16)
async def test_nothing_is_bought_once_the_journal_was_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()

        (tmp_path / "openbell.sqlite3").unlink()
        harness.phone.press(card, "Yes, buy both")
        told = await harness.phone.reads("I am waiting", after=card, within=60)
        halted = await harness.phone.reads("Trading is halted", within=60)

    assert "deleted or replaced" in told.text
    assert "another database" in halted.text
    assert harness.placed() == []


@pytest.mark.real_time
async def test_a_restored_bot_sends_nothing_before_the_owner_has_looked(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        await harness.start()
        await harness.ready()
        card = await harness.card()
        await at_the_prompt(harness, "backup", "--keep", "3", "copies")
        await harness.phone.tap(card, "Yes, buy both")
        await harness.phone.reads("Bought", after=card)
        await harness.stop()
        bought = harness.placed()
        [copy] = (tmp_path / "copies").iterdir()

        said = await at_the_prompt(harness, "restore", str(copy))
        await harness.start()
        told = await harness.phone.reads("Trading is halted", within=30)
        void = await harness.becomes(card, lambda c: "restored from" in c.text)
        unknown = await harness.phone.reads("should not exist", within=30)
        sent = await harness.phone.send("/status")
        await harness.phone.reads("Halted", after=sent)

    assert "The previous journal is kept as" in said
    assert "restored from" in told.text
    assert "No longer open" in void.text
    assert "carries this journal's own name" in unknown.text
    assert harness.placed() == bought
