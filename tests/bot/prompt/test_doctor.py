"""The doctor names what is wrong and what mends it, and touches nothing."""

import asyncio
from pathlib import Path

import httpx
import pytest

from bot.checks.finding import Grade
from bot.checks.gateway import of_the_build
from bot.demo import ACCOUNT
from bot.prompt.doctor import doctor
from bot.run import examine
from core.broker.client_wrapper import FIRST_REQUEST
from core.broker.connection import Address, Connection
from core.broker.probing.hello import Hello
from core.clock import SystemClock
from core.model.evidence import LineState
from core.model.proposal import Mode
from core.model.status import Halt
from core.sandbox.market.permission import DataPermission
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from core.store.journal import Journal
from tests.bot.processes import contents, running
from tests.bot.prompt.doctor_harness import LISTEN, DoctorHarness, opened
from tests.harness.ib_client import a_client


NO_BOTS_TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's
PORT_OF_NOBODY = "1"
"""No gateway can have it, and a connection to it is refused at once."""

LOOKED_AT = {
    *("folder", "space", "disk", "zones", "journal"),
    *("way", "telegram", "readers", "owner", "clock"),
    *("build", "zone", "gateway", "skew", "account", "quotes", "funds", "orders"),
}


ALWAYS = 0
"""Times that something goes wrong: without an end."""

Printed = pytest.CaptureFixture[str]


def findings(printed: Printed) -> dict[str, str]:
    """What was printed: each thing that was looked at, with its mark and words."""
    found: dict[str, str] = {}
    what = ""
    for line in printed.readouterr().out.splitlines():
        mark, name, words = line[:4].strip(), line[6:15].strip(), line[16:]
        what = name or what
        found[what] = f"{mark} {words}" if mark else f"{found[what]} {words}"
    return found


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


async def test_settings_that_are_missing_are_the_first_finding(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        bare = doctor_harness.settings(account="", gateway_port=PORT_OF_NOBODY)
        bare = bare.model_copy(update={"telegram_token": None})
        well = await doctor(bare, listen=LISTEN)

    found = findings(capsys)
    assert not well
    assert "OPENBELL_ACCOUNT is not set" in found["settings"]
    assert next(iter(found)) == "settings"
    assert "telegram" not in found


async def test_a_folder_without_settings_is_told_of_the_setup_first(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as doctor_harness:
        monkeypatch.chdir(tmp_path)
        bare = doctor_harness.settings(account="", gateway_port=PORT_OF_NOBODY)
        await doctor(bare.model_copy(update={"telegram_token": None}), listen=LISTEN)

    first, advice, *_ = capsys.readouterr().out.splitlines()
    assert first == "MEND  settings  no .env here"
    assert advice.strip().startswith("Run openbell setup")


async def test_a_token_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        lost = {"telegram_token": None, "telegram_token_file": tmp_path / "lost"}
        well = await doctor(
            doctor_harness.settings().model_copy(update=lost), listen=LISTEN
        )

    assert not well
    assert "TELEGRAM_TOKEN_FILE cannot be read" in findings(capsys)["telegram"]


async def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    (tmp_path / "file").touch()
    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine(data_dir=str(tmp_path / "file" / "data"))

    assert not well
    assert "cannot be written" in findings(capsys)["folder"]


@pytest.mark.attack(29)
async def test_a_proxy_of_no_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    async with opened(tmp_path) as doctor_harness:
        monkeypatch.setenv("ALL_PROXY", "nonsense://me:secret@nowhere")
        well = await doctor_harness.examine(telegram_api_url="https://api.telegram.org")

    told = capsys.readouterr().out
    assert not well
    assert "MEND  way" in told
    assert "secret" not in told


@pytest.mark.attack(30)
async def test_an_env_file_that_others_can_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o640)

    async with opened(tmp_path) as doctor_harness:
        well = await doctor_harness.examine()

    assert not well
    assert "chmod 600 .env" in capsys.readouterr().out


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


async def test_a_journal_that_halts_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as doctor_harness:
        clock = SystemClock()
        with (
            Journal.opened(doctor_harness.settings().journal, clock=clock) as journal,
            journal.transaction(),
        ):
            halt = Halt(at=clock.now(), by="Sam", reason="the news")
            journal.memory.set_halts([halt])
        well = await doctor_harness.examine()

    assert not well
    assert "MEND halted: the news" in findings(capsys)["journal"]


def test_all_settings_that_are_wrong_are_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ("OPENBELL_SHRES=7", "OPENBELL_GATEWAY_PORT=no", "OPENBELL_SCAN_ROWS=99")
    (tmp_path / ".env").write_text("\n".join(lines))

    code = examine()

    told = capsys.readouterr().out
    assert code == 2
    assert told.count("MEND  settings") == 3
    for name in ("OPENBELL_SHRES", "OPENBELL_GATEWAY_PORT", "OPENBELL_SCAN_ROWS"):
        assert name in told
