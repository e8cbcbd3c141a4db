"""The doctor names what is wrong and what mends it, and touches nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.demo import sandbox_settings
from bot.prompt.doctor import doctor
from bot.sandbox.server import BotApiServer, serve as serve_chat
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.permission import DataPermission
from core.sandbox.server import GatewayServer, serve as serve_gateway
from core.settings import Settings
from tests.bot.processes import contents, running
from tests.harness.product import at


NO_BOTS_TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"  # noqa: S105  nobody's
PORT_OF_NOBODY = "1"
"""No gateway can have it, and a connection to it is refused at once."""

LOOKED_AT = {
    *("folder", "way", "telegram", "owner", "gateway", "clock", "account", "quotes"),
    "funds",
}


@dataclass(frozen=True, kw_only=True)
class Surgery:
    """Both sandboxes, and the settings that fit them."""

    gateway: GatewayServer
    chat: BotApiServer
    words: dict[str, str]

    def settings(self, **changes: str) -> Settings:
        words = {k.removeprefix("OPENBELL_").lower(): v for k, v in self.words.items()}
        return Settings.model_validate(words | changes)

    async def examine(self, **changes: str) -> bool:
        return await doctor(self.settings(**changes))


@asynccontextmanager
async def opened(
    folder: Path, permission: DataPermission = DataPermission.LIVE
) -> AsyncIterator[Surgery]:
    config = GatewayConfig(
        port=0, profile=Profile.INSTANT, clock=at(9, 41), permission=permission
    )
    async with (
        serve_gateway(config) as gateway,
        serve_chat(clock=gateway.clock.now) as chat,
    ):
        words = sandbox_settings(gateway, chat, data=folder)
        yield Surgery(gateway=gateway, chat=chat, words=words)


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
    async with opened(tmp_path) as surgery:
        well = await surgery.examine()

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
        opened(tmp_path) as surgery,
        running("doctor", cwd=tmp_path, settings=surgery.words) as process,
    ):
        code = await process.ends()

    assert code == 0
    assert len(process.said.splitlines()) == len(LOOKED_AT)


async def test_it_sends_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(tmp_path) as surgery:
        await surgery.examine()

        asked = {call.method for call in surgery.chat.calls}
        assert asked == {"getMe", "getWebhookInfo", "getChat"}
        assert surgery.gateway.orders() == []
        assert contents(tmp_path) == []


async def test_a_gateway_that_is_down_is_named_at_once(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        well = await surgery.examine(gateway_port=PORT_OF_NOBODY)

    found = findings(capsys)
    assert not well
    assert f"nothing listens on 127.0.0.1:{PORT_OF_NOBODY}" in found["gateway"]
    assert "Start TWS or IB Gateway" in found["gateway"]
    assert not found.keys() & {"clock", "account", "quotes"}


async def test_a_gateway_without_a_line_to_ib_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        surgery.gateway.flap(1100)
        well = await surgery.examine()

    gateway = findings(capsys)["gateway"]
    assert not well
    assert gateway.startswith("MEND the gateway has lost IB")
    assert "Start TWS" not in gateway


async def test_a_wrong_account_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as surgery:
        well = await surgery.examine(account="DU7654321")

    found = findings(capsys)
    assert not well
    assert "not among the gateway's" in found["account"]
    assert "OPENBELL_ACCOUNT" in found["account"]


async def test_a_clock_that_is_off_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as surgery:
        ahead = float(surgery.words["OPENBELL_CLOCK_AHEAD_SECONDS"])
        well = await surgery.examine(clock_ahead_seconds=str(ahead - 60))

    assert not well
    assert findings(capsys)["clock"].startswith("MEND +6")


async def test_a_wrong_token_is_named_and_not_shown(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        well = await surgery.examine(telegram_token=NO_BOTS_TOKEN)

    printed = capsys.readouterr().out
    assert not well
    assert "it does not know the token" in printed
    assert "@BotFather" in printed
    assert NO_BOTS_TOKEN not in printed


async def test_a_telegram_out_of_reach_is_not_blamed_on_the_token(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        nowhere = f"http://127.0.0.1:{PORT_OF_NOBODY}"
        well = await surgery.examine(telegram_api_url=nowhere)

    found = findings(capsys)
    assert not well
    assert "no answer" in found["telegram"]
    assert nowhere in found["telegram"]


async def test_an_owner_who_never_pressed_start_is_told_to(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        well = await surgery.examine(telegram_owner_id="4711")

    assert not well
    assert "press Start" in findings(capsys)["owner"]


async def test_a_webhook_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path) as surgery:
        surgery.chat.chats.webhook = "https://example.org/a-secret-path"
        well = await surgery.examine()

    told = findings(capsys)["telegram"]
    assert not well
    assert "MEND its messages go to a webhook at example.org " in told
    assert "a-secret-path" not in told
    assert "@BotFather" in told
    assert surgery.chat.chats.webhook  # it only looked


async def test_delayed_data_is_named_unless_it_is_allowed(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path, DataPermission.DELAYED) as surgery:
        well = await surgery.examine()
        named = findings(capsys)["quotes"]
        well_when_allowed = await surgery.examine(allow_delayed="true")

    assert not well
    assert "MEND SPY is quoted delayed" in named
    assert "OPENBELL_ALLOW_DELAYED" in named
    assert well_when_allowed
    assert findings(capsys)["quotes"] == "ok SPY is quoted delayed"


async def test_no_data_at_all_is_named(tmp_path: Path, capsys: Printed) -> None:
    async with opened(tmp_path, DataPermission.NONE) as surgery:
        well = await surgery.examine()

    assert not well
    assert "Subscribe to US stock data" in findings(capsys)["quotes"]


async def test_settings_that_are_missing_are_the_first_finding(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        bare = surgery.settings(account="", gateway_port=PORT_OF_NOBODY)
        bare = bare.model_copy(update={"telegram_token": None})
        well = await doctor(bare)

    found = findings(capsys)
    assert not well
    assert "OPENBELL_ACCOUNT is not set" in found["settings"]
    assert next(iter(found)) == "settings"
    assert "telegram" not in found


async def test_a_token_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        lost = {"telegram_token": None, "telegram_token_file": tmp_path / "lost"}
        well = await doctor(surgery.settings().model_copy(update=lost))

    assert not well
    assert "TELEGRAM_TOKEN_FILE cannot be read" in findings(capsys)["telegram"]


async def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: Printed
) -> None:
    (tmp_path / "file").touch()
    async with opened(tmp_path) as surgery:
        well = await surgery.examine(data_dir=str(tmp_path / "file" / "data"))

    assert not well
    assert "cannot be written" in findings(capsys)["folder"]


@pytest.mark.attack(29)
async def test_a_proxy_of_no_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    async with opened(tmp_path) as surgery:
        monkeypatch.setenv("ALL_PROXY", "nonsense://me:secret@nowhere")
        well = await surgery.examine(telegram_api_url="https://api.telegram.org")

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

    async with opened(tmp_path) as surgery:
        well = await surgery.examine()

    assert not well
    assert "chmod 600 .env" in capsys.readouterr().out
