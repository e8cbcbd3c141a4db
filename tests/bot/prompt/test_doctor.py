"""The doctor names what is wrong and what mends it, and touches nothing."""

import asyncio
from pathlib import Path

import httpx
import pytest

from core.broker.connection import Address, Connection
from core.clock import SystemClock
from core.model.evidence import LineState
from core.store.journal import Journal
from tests.bot.processes import contents, running
from tests.bot.prompt.doctor_harness import (
    PORT_OF_NOBODY,
    DoctorHarness,
    Printed,
    findings,
    opened,
)
from tests.harness.ib_client import a_client


NO_BOTS_TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's

LOOKED_AT = {
    *("folder", "space", "disk", "zones", "journal"),
    *("way", "telegram", "readers", "owner", "clock"),
    *("build", "zone", "gateway", "skew", "account", "quotes", "funds", "orders"),
}


async def test_all_is_well_between_the_sandboxes(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine()

    found = findings(capsys)
    assert well
    assert found.keys() == LOOKED_AT
    assert all(words.startswith("ok") for words in found.values())
    assert found["telegram"] == "ok the bot is @openbell_sandbox_bot"
    assert found["owner"] == "ok it may write to Sam"
    assert found["quotes"] == "ok SPY is quoted live"
    assert found["funds"].endswith("are free")


async def test_the_command_of_a_healthy_bot_ends_with_0(tmp_path: Path) -> None:
    async with (
        opened(tmp_path) as doctor_harness,
        running("doctor", cwd=tmp_path, settings=doctor_harness.words) as process,
    ):
        code = await process.ends()

    assert code == 0
    assert len(process.said.splitlines()) == len(LOOKED_AT)


async def test_it_sends_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(tmp_path) as doctor_harness:
        await doctor_harness.examine()

        asked = {call.method for call in doctor_harness.chat.calls}
        assert asked == {"getMe", "getWebhookInfo", "getUpdates", "getChat"}
        assert doctor_harness.gateway.orders() == []
        assert contents(tmp_path) == []


async def test_a_gateway_that_is_down_is_named_at_once(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(gateway_port=PORT_OF_NOBODY)

    found = findings(capsys)
    assert not well
    assert f"nothing listens on 127.0.0.1:{PORT_OF_NOBODY}" in found["gateway"]
    assert "Start TWS or IB Gateway" in found["gateway"]
    assert not found.keys() & {"build", "zone", "skew", "account", "quotes"}


async def test_a_gateway_without_a_line_to_ib_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        doctor_harness.gateway.flap(1100)
        well = await doctor_harness.examine()

    gateway = findings(capsys)["gateway"]
    assert not well
    assert gateway.startswith("MEND the gateway has lost IB")
    assert "Start TWS" not in gateway


async def test_a_client_id_that_another_program_uses_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        client_id = doctor_harness.settings().gateway_client_id
        async with a_client(doctor_harness.gateway, client_id=client_id):
            well = await doctor_harness.examine()

    gateway = findings(capsys)["gateway"]
    assert not well
    assert f"client id {client_id} is in use by another program" in gateway
    assert "OPENBELL_GATEWAY_CLIENT_ID" in gateway
    assert "Start TWS" not in gateway


async def test_a_wrong_account_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(account="DU7654321")

    found = findings(capsys)
    assert not well
    assert "not one of the gateway's" in found["account"]
    assert "OPENBELL_ACCOUNT" in found["account"]


async def test_a_clock_that_is_off_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as doctor_harness:
        ahead = float(doctor_harness.words["OPENBELL_CLOCK_AHEAD_SECONDS"])
        well = await doctor_harness.examine(clock_ahead_seconds=str(ahead - 60))

    assert not well
    found = findings(capsys)
    for name, seconds in ("skew", 60), ("clock", -60):
        verdict, off, *_ = found[name].split()
        assert verdict == "MEND"
        seconds_off = float(off.replace("\N{MINUS SIGN}", "-"))
        assert seconds_off == pytest.approx(seconds, abs=20)  # a busy machine's


async def test_a_wrong_token_is_named_and_not_shown(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(telegram_token=NO_BOTS_TOKEN)

    printed = capsys.readouterr().out
    assert not well
    assert "it does not know the token" in printed
    assert "@BotFather" in printed
    assert NO_BOTS_TOKEN not in printed


async def test_a_telegram_out_of_reach_is_not_blamed_on_the_token(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        nowhere = f"http://127.0.0.1:{PORT_OF_NOBODY}"
        well = await doctor_harness.examine(telegram_api_url=nowhere)

    found = findings(capsys)
    assert not well
    assert "no answer" in found["telegram"]
    assert nowhere in found["telegram"]


async def test_an_owner_who_never_pressed_start_is_told_to(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(telegram_owner_id="4711")

    assert not well
    assert "press Start" in findings(capsys)["owner"]


async def test_a_webhook_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as doctor_harness:
        doctor_harness.chat.chats.webhook = "https://example.org/a-secret-path"
        well = await doctor_harness.examine()

    told = findings(capsys)["telegram"]
    assert not well
    assert "MEND its messages go to a webhook at example.org " in told
    assert "a-secret-path" not in told
    assert "@BotFather" in told
    assert doctor_harness.chat.chats.webhook  # it only looked


async def test_another_reader_of_the_messages_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness, asyncio.TaskGroup() as tasks:
        other = tasks.create_task(polling(doctor_harness))
        well = await doctor_harness.examine()
        other.cancel()

    assert not well
    assert "MEND another program reads its messages" in findings(capsys)["readers"]


async def polling(doctor_harness: DoctorHarness) -> None:
    """Another program with the same token, which asks again and again."""
    url = f"{doctor_harness.chat.base_url}{doctor_harness.chat.token}/getUpdates?timeout=20"
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        while True:
            await client.get(url)
            await asyncio.sleep(0.2)


async def test_a_client_id_that_another_program_has_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        ours = doctor_harness.settings()
        address = Address(
            host="127.0.0.1",
            port=doctor_harness.gateway.port,
            client_id=ours.gateway_client_id,
            account=ours.account,
        )
        clock = SystemClock(ahead=ours.clock_ahead_seconds)
        async with Connection.opened(address, clock=clock) as other:
            while other.line.state is not LineState.UP:
                await other.events.get()
            well = await doctor_harness.examine()

    assert not well
    assert "client id 17 is in use" in findings(capsys)["gateway"]


async def test_beside_a_running_bot_it_takes_another_client_id_and_does_not_read(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        ours = doctor_harness.settings()
        with Journal.opened(ours.journal, clock=SystemClock()):
            well = await doctor_harness.examine()
        asked = {call.method for call in doctor_harness.chat.calls}

    assert well
    assert "your running Openbell" in findings(capsys)["readers"]
    assert "getUpdates" not in asked
