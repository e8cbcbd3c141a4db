"""What the doctor says of the gateway's account, its data and its clock."""

from pathlib import Path

import pytest

from bot.checks.finding import Grade
from bot.checks.gateway import of_the_build
from bot.demo import ACCOUNT
from core.broker.client_wrapper import FIRST_REQUEST
from core.broker.probing.hello import Hello
from core.model.proposal import Mode
from core.sandbox.market.permission import DataPermission
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from tests.bot.prompt.doctor_harness import Printed, findings, opened


ALWAYS = 0
"""Times that something goes wrong: without an end."""


async def test_delayed_data_is_named_unless_it_is_allowed(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path, DataPermission.DELAYED) as doctor_harness:
        well = await doctor_harness.examine()
        named = findings(capsys)["quotes"]
        well_when_allowed = await doctor_harness.examine(allow_delayed="true")

    assert not well
    assert "MEND SPY is quoted delayed" in named
    assert "OPENBELL_ALLOW_DELAYED" in named
    assert well_when_allowed
    assert findings(capsys)["quotes"] == "ok SPY is quoted delayed"


async def test_no_data_at_all_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path, DataPermission.NONE) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    quotes = findings(capsys)["quotes"]
    assert "NASDAQ (Network C/UTP)" in quotes
    assert "NYSE (Network A/CTA)" in quotes


async def test_a_paper_account_is_told_to_share_the_live_ones_data(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path, DataPermission.DELAYED) as doctor_harness:
        await doctor_harness.examine(mode="paper", clock_ahead_seconds="0")

    assert "share the live account's subscriptions" in findings(capsys)["quotes"]


async def test_a_gateway_of_another_kind_than_the_mode_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(mode="paper", clock_ahead_seconds="0")

    assert not well
    assert findings(capsys)["mode"].startswith("MEND paper")


async def test_somebody_elses_session_that_takes_the_data_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path, DataPermission.COMPETING) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert "logged in" in findings(capsys)["quotes"]


async def test_a_read_only_gateway_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path, read_only=True) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert findings(capsys)["orders"].startswith("MEND refused: read-only Switch Read-")


async def test_an_account_without_money_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    poor = AccountSpec(account=ACCOUNT, cash=0)
    async with opened(tmp_path, accounts=(poor,)) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert findings(capsys)["funds"].startswith(
        "MEND $0 are free Nothing can be bought"
    )


async def test_the_currency_of_the_account_is_said(
    tmp_path: Path, capsys: Printed
) -> None:
    kept = AccountSpec(account=ACCOUNT, currency="EUR", cash=10_000)
    async with opened(tmp_path, accounts=(kept,)) as doctor_harness:
        well = await doctor_harness.examine()

    assert well
    assert "kept in EUR" in findings(capsys)["funds"]


async def test_an_old_gateway_is_named_and_a_new_one_is_to_be_looked_at(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        old = of_the_build(await doctor_harness.hello(), mode=Mode.PAPER)
    new = of_the_build(Hello(version=203, moment=""), mode=Mode.PAPER)

    assert old.found == "speaks API version 178"
    assert old.mend is not None
    assert "older than 10.50" in old.mend
    assert new.grade is Grade.NOTE
    assert new.note is not None
    assert "2026-12-15" in new.note


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("20261123 09:41:00 XYZ", "NOTE the gateway's is XYZ Let the gateway run"),
        ("20261123 09:41:00", "NOTE the gateway's is not named"),
        ("20261123 09:41:00 UTC", "MEND the gateway is in UTC, by its word Its clock"),
        ("20261123 09:41:00 America/New_York", "ok the gateway is in America/New_York"),
        ("20261123 14:41:00 GMT Standard Time", "ok the gateway is in GMT Standard"),
    ],
)
async def test_a_zone_that_cannot_be_read_or_cannot_be_is_named(
    tmp_path: Path, capsys: Printed, said: str, mark: str
) -> None:
    trouble = Trouble(
        message="serverVersion", action=Action.REPLACE, field=1, text=said, times=0
    )
    another = Scenario(name="zone", seen="", troubles=(trouble,))
    async with opened(tmp_path, scenario=another) as doctor_harness:
        well = await doctor_harness.examine()

    assert findings(capsys)["zone"].startswith(mark)
    assert well == (not mark.startswith("MEND"))


@pytest.mark.parametrize(
    ("trouble", "what", "words"),
    [
        (
            Trouble(message="openOrderEnd", action=Action.DROP, times=ALWAYS),
            "orders",
            "MEND IB does not list the open orders",
        ),
        *(
            (
                Trouble(
                    message="reqAllOpenOrders",
                    action=Action.REFUSE,
                    code=321,
                    text=text,
                    times=ALWAYS,
                ),
                "orders",
                "MEND refused: read-only",
            )
            for text in ("Ursache - Die API ist im Nur-Lese-Modus.", "?? - API?????")
        ),
        (
            Trouble(
                message="nextValidId",
                action=Action.REPLACE,
                field=2,
                text=str(FIRST_REQUEST),
                times=ALWAYS,
            ),
            "orders",
            "MEND their ids are too high Use another OPENBELL_GATEWAY_CLIENT_ID",
        ),
        (
            Trouble(message="updateAccountValue", action=Action.DROP, times=ALWAYS),
            "funds",
            "MEND IB has not sent them in dollars Nothing is bought",
        ),
    ],
    ids=["not listed", "in German", "illegible", "ids used up", "funds not told"],
)
async def test_what_the_gateway_leaves_out_is_named(
    tmp_path: Path, capsys: Printed, trouble: Trouble, what: str, words: str
) -> None:
    scenario = Scenario(name="out", seen="", troubles=(trouble,))
    async with opened(tmp_path, scenario=scenario) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert findings(capsys)[what].startswith(words)
