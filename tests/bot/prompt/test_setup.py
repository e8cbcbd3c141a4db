"""From nothing to a .env that the doctor finds well, between both sandboxes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.demo import ACCOUNT
from bot.prompt.setup import Console, setup
from bot.sandbox.api_types import User
from core.clock import SystemClock
from core.model.proposal import Mode
from core.sandbox.trading.holdings import AccountSpec
from core.settings.loading import load_settings
from core.store.journal import Journal
from tests.bot.processes import contents, running
from tests.bot.prompt.doctor_harness import DoctorHarness, opened
from tests.harness.ib_client import a_client, a_server


SAM = 1001
"""The number of the sandbox's owner."""


@dataclass(kw_only=True)
class Terminal:
    """Answers the questions in their order, and keeps all that was shown."""

    answers: list[str]
    shown: list[str] = field(default_factory=list)
    on_code: Callable[[str], None] = lambda _code: None

    def ask(self, question: str) -> str:
        self.shown.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def say(self, text: str) -> None:
        self.shown.append(text)
        if "?start=" in text:
            self.on_code(text.partition("?start=")[2].split()[0])

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


@asynccontextmanager
async def a_setup(
    folder: Path, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> AsyncIterator[DoctorHarness]:
    """Both sandboxes; the environment only says that all this is simulated."""
    async with opened(folder / "data", **more) as doctor_harness:
        monkeypatch.chdir(folder)
        for name in ("MODE", "TELEGRAM_API_URL", "DATA_DIR", "CLOCK_AHEAD_SECONDS"):
            monkeypatch.setenv(
                f"OPENBELL_{name}", doctor_harness.words[f"OPENBELL_{name}"]
            )
        yield doctor_harness


async def run(
    doctor_harness: DoctorHarness,
    folder: Path,
    *answers: str,
    sender: User | None = None,
) -> tuple[int, Terminal]:
    """The whole conversation. The code is sent by the owner, or by *sender*."""
    chat = doctor_harness.chat
    phone = chat.phone_of(sender) if sender else chat.phone
    async with asyncio.TaskGroup() as tasks:

        def send(code: str) -> None:
            tasks.create_task(phone.send(f"/start {code}"), name="the owner's tap")

        terminal = Terminal(answers=list(answers), on_code=send)
        console = Console(ask=terminal.ask, say=terminal.say)
        ports = (1, doctor_harness.gateway.port)
        code = await setup(console, folder / ".env", ports=ports)
    return code, terminal


async def test_it_asks_finds_writes_and_lets_the_doctor_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "", ""
        )
        written = load_settings(tmp_path / ".env")

    assert code == 0, terminal.text + capsys.readouterr().out
    assert written.token() == doctor_harness.chat.token
    assert written.telegram_owner_id == SAM
    assert (written.gateway_port, written.account) == (
        doctor_harness.gateway.port,
        ACCOUNT,
    )
    assert "It is kept in USD" in terminal.text
    assert "MEND" not in capsys.readouterr().out
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert doctor_harness.chat.token not in terminal.text


async def test_who_became_the_owner_is_told_so_in_the_chat_once_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        token = doctor_harness.chat.token
        await run(doctor_harness, tmp_path, token, "", "")
        (told,) = doctor_harness.chat.phone.received
        await run(doctor_harness, tmp_path, "", "", "")

        assert told.text.startswith("You own this bot now, ")
        assert "I answer once I am started" in told.text
        assert doctor_harness.chat.phone.received == (told,)


async def test_who_did_not_let_it_be_written_is_not_called_the_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        token = doctor_harness.chat.token
        await run(doctor_harness, tmp_path, token, "", "n")

        assert doctor_harness.chat.phone.received == ()


async def test_the_bot_will_not_answer_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        await run(doctor_harness, tmp_path, doctor_harness.chat.token, "", "")

        assert doctor_harness.chat.chats.updates.pending == ()


async def test_started_again_it_keeps_what_is_there_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        await run(doctor_harness, tmp_path, doctor_harness.chat.token, "", "")
        before = (tmp_path / ".env").read_bytes()
        code, terminal = await run(doctor_harness, tmp_path, "", "")

    assert code == 0
    assert "already has all of that" in terminal.text
    assert (tmp_path / ".env").read_bytes() == before


async def test_nothing_is_overwritten_against_the_owners_will(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = "# mine\nOPENBELL_ACCOUNT=DU7654321\n"
    (tmp_path / ".env").write_text(mine)
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "", "no"
        )

    assert code == 2
    assert "Nothing was written" in terminal.text
    assert (tmp_path / ".env").read_text() == mine


async def test_a_token_that_telegram_does_not_know_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz_0123456"
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, "hello", wrong, doctor_harness.chat.token, "", ""
        )

    assert code == 0
    assert terminal.text.count("does not know that token") == 2


async def test_who_sent_the_code_is_named_and_can_be_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eve = User(id=666, first_name="Eve")
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "n", sender=eve
        )

    assert code == 2
    assert "It came from Eve" in terminal.text
    assert not (tmp_path / ".env").exists()


async def test_a_gateway_on_no_usual_port_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        port = doctor_harness.gateway.port
        monkeypatch.setattr(doctor_harness.gateway, "port", 1, raising=True)
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "", "", str(port), ""
        )

    assert code == 0
    assert "No TWS or IB Gateway answers there" in terminal.text


async def test_beside_a_running_bot_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        with Journal.opened(doctor_harness.settings().journal, clock=SystemClock()):
            code, terminal = await run(doctor_harness, tmp_path)

    assert code == 2
    assert "Openbell is running: stop it first." in terminal.text


async def test_real_money_is_only_written_by_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = (AccountSpec(account="U7654321"),)
    async with a_setup(tmp_path, monkeypatch, accounts=live) as doctor_harness:
        monkeypatch.delenv("OPENBELL_MODE")
        monkeypatch.delenv("OPENBELL_CLOCK_AHEAD_SECONDS")
        token = doctor_harness.chat.token
        refused, _ = await run(doctor_harness, tmp_path, token, "", "yes")
        untouched = not (tmp_path / ".env").exists()
        await run(doctor_harness, tmp_path, token, "", "yes-real-money", "")

    assert refused == 2
    assert untouched
    assert load_settings(tmp_path / ".env").mode is Mode.LIVE


async def test_what_the_bot_would_not_start_with_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = "OPENBELL_AUTOMATIC=true\n"
    (tmp_path / ".env").write_text(mine)
    live = (AccountSpec(account="U7654321"),)
    async with a_setup(tmp_path, monkeypatch, accounts=live) as doctor_harness:
        monkeypatch.delenv("OPENBELL_MODE")
        monkeypatch.delenv("OPENBELL_CLOCK_AHEAD_SECONDS")
        token = doctor_harness.chat.token
        code, terminal = await run(
            doctor_harness, tmp_path, token, "", "yes-real-money", ""
        )

    assert code == 2
    assert "OPENBELL_AUTOMATIC_LIVE=true" in terminal.text
    assert "Nothing was written." in terminal.text
    assert (tmp_path / ".env").read_text() == mine


@pytest.mark.parametrize("answered", [0, 1, 2])
async def test_interrupted_at_any_question_it_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        token = doctor_harness.chat.token
        code, terminal = await run(
            doctor_harness, tmp_path, *[token, "", ""][:answered]
        )

    assert code == 2
    assert "nothing was written" in terminal.text
    assert set(contents(tmp_path)) <= {"data"}


async def test_the_command_stops_when_nobody_answers(tmp_path: Path) -> None:
    async with running("setup", cwd=tmp_path) as process:
        code = await process.ends()

    assert code == 2
    assert "nothing was written" in process.said


async def test_of_two_accounts_and_two_gateways_the_owner_chooses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = (AccountSpec(account="DU1234567"), AccountSpec(account="DU7654321"))
    async with (
        a_setup(tmp_path, monkeypatch, accounts=two) as doctor_harness,
        a_server() as other,
    ):
        monkeypatch.setenv("OPENBELL_GATEWAY_PORT", str(other.port))
        _, terminal = await run(
            doctor_harness,
            tmp_path,
            doctor_harness.chat.token,
            "",
            "3",
            "2",
            "x",
            "2",
            "",
        )

    said = (tmp_path / ".env").read_text()
    assert f"OPENBELL_GATEWAY_PORT={doctor_harness.gateway.port}" in said, terminal.text
    assert "OPENBELL_ACCOUNT=DU7654321" in said


async def test_comments_and_other_settings_of_a_linked_file_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "elsewhere" / "openbell.env"
    real.parent.mkdir()
    mine = "# für später\n\nexport OPENBELL_ACCOUNT = DU7654321 # alt\n#OPENBELL_MODE=live\n"
    real.write_text(mine, encoding="utf-8")
    (tmp_path / ".env").symlink_to(real)
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "", ""
        )

    assert code == 0, terminal.text
    assert (tmp_path / ".env").is_symlink()
    said = real.read_text(encoding="utf-8").splitlines()
    assert said[:2] == ["# für später", ""]
    assert said[2:4] == [f"OPENBELL_ACCOUNT={ACCOUNT}", "#OPENBELL_MODE=live"]
    assert real.stat().st_mode & 0o777 == 0o600


async def test_a_gateway_that_has_its_client_id_in_use_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        client_id = doctor_harness.settings().gateway_client_id
        async with a_client(doctor_harness.gateway, client_id=client_id):
            code, terminal = await run(
                doctor_harness, tmp_path, doctor_harness.chat.token, ""
            )

    assert code == 2
    assert f"under client id {client_id}, which Openbell would use" in terminal.text
    assert not (tmp_path / ".env").exists()


async def test_a_file_that_cannot_be_written_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.new").mkdir()
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        code, terminal = await run(
            doctor_harness, tmp_path, doctor_harness.chat.token, "", ""
        )

    assert code == 2
    assert "cannot be written" in terminal.text
    assert not (tmp_path / ".env").exists()


async def test_without_telegram_it_says_so_and_leaves_the_file_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = f"OPENBELL_ACCOUNT={ACCOUNT}\n"
    (tmp_path / ".env").write_text(mine)
    async with a_setup(tmp_path, monkeypatch) as doctor_harness:
        monkeypatch.setenv("OPENBELL_TELEGRAM_API_URL", "http://127.0.0.1:1")
        code, terminal = await run(doctor_harness, tmp_path, doctor_harness.chat.token)

    assert code == 2
    assert "Telegram cannot be reached" in terminal.text
    assert "Nothing was written." in terminal.text
    assert (tmp_path / ".env").read_text() == mine
