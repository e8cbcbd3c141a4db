"""`openbell setup`: writes a .env and has the doctor check it.

It asks for what only the owner knows, finds the rest, and shows what it would write
before it writes. Started again, it offers the present values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telegram.error import TelegramError

from bot.exits import OK, WRONG
from bot.prompt.doctor import doctor
from bot.prompt.env_text import with_values, write_privately
from bot.prompt.gateways import USUAL, currency_of, found_on, login_at
from bot.prompt.pairing import Paired, greet, name_of, new_code, paired
from core.broker.connection import Address
from core.chance import RandomBytes, system_random_bytes
from core.clock import SystemClock
from core.model.errors import SettingsWrong
from core.model.proposal import Mode
from core.settings.connection import REAL_MONEY
from core.settings.loading import load_settings, settings_of
from core.settings.settings import PREFIX, Settings
from core.settings.types import TOKEN
from core.store.disk import is_held


_WHAT_BOTFATHER_SAID: Final = (
    "1. The bot's token. In Telegram, send /newbot to @BotFather and paste the token\n"
    "   from its answer here: "
)
_START_ONE: Final = (
    "No TWS or IB Gateway answers there. Start it, log in, and in its API settings enable\n"
    "socket clients and switch Read-Only API off. A port, or Enter to look again: "
)

_ID_IN_USE: Final = (
    "Another program is connected there under client id {}, which Openbell would use. End\n"
    "that program, or set OPENBELL_GATEWAY_CLIENT_ID to a number that nobody uses."
)

_TELEGRAM_SILENT: Final = (
    "Telegram cannot be reached ({}). Nothing was written. Check this machine's internet\n"
    "connection, and HTTPS_PROXY if it needs a proxy, then start openbell setup again."
)

EnvValues = dict[str, str]


class _Stopped(Exception):
    """The owner has stopped, or a question cannot be answered; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The terminal: ``ask`` shows a question and returns the answer; it raises EOFError
    at the end of the input."""

    ask: Callable[[str], str]
    say: Callable[[str], None]

    def agrees(self, question: str) -> bool:
        """Yes unless the answer begins with an n."""
        return not self.ask(f"{question} [Y/n] ").strip().lower().startswith("n")


async def setup(
    console: Console,
    env_file: Path,
    *,
    random_bytes: RandomBytes = system_random_bytes,
    ports: tuple[int, ...] = tuple(USUAL),
) -> int:
    """Ask, write *env_file*, and run the doctor. Returns the process's exit code."""
    try:
        settings = _settings(env_file)
        steps = _Steps(console, settings, random_bytes, ports)
        values = await steps.values()
        _write(console, env_file, values)
        settings = load_settings(env_file)
        for owner in steps.new_owners:
            await greet(owner, settings.token(), settings, starts=False)
        console.say("\nThe doctor checks everything:\n")
        return OK if await doctor(settings) else WRONG
    except EOFError:
        console.say("\nNo answer: nothing was written.")
    except TelegramError as problem:
        console.say(f"\n{_TELEGRAM_SILENT.format(problem)}")
    except (_Stopped, SettingsWrong) as problem:
        console.say(f"\n{problem}\nNothing was written.")
    except OSError as problem:
        console.say(f"\n{env_file} cannot be written: {problem.strerror}.")
    return WRONG


def _settings(env_file: Path) -> Settings:
    settings = load_settings(env_file)
    if is_held(settings.journal):
        raise _Stopped("Openbell is running: stop it first.")
    return settings


@dataclass(frozen=True, slots=True)
class _Steps:
    """The questions in order; each returns the settings it determines."""

    console: Console
    settings: Settings
    random_bytes: RandomBytes
    ports: tuple[int, ...]
    new_owners: list[Paired] = field(default_factory=list)
    """Who has become the owner by a code just now; empty if nobody."""

    async def values(self) -> EnvValues:
        token, values = await self._token()
        values |= await self._owner(token)
        return values | await self._gateway()

    # Telegram

    async def _token(self) -> tuple[str, EnvValues]:
        there = self.settings.telegram_token or self.settings.telegram_token_file
        if there:
            token = self.settings.token()
            name = await name_of(token, self.settings)
            if name and self.console.agrees(f"1. Keep the token of @{name}?"):
                return token, {}
        return await self._new_token()

    async def _new_token(self) -> tuple[str, EnvValues]:
        if self.settings.telegram_token_file:
            raise _Stopped("OPENBELL_TELEGRAM_TOKEN_FILE is set: put the token there.")
        while True:
            token = self.console.ask(_WHAT_BOTFATHER_SAID).strip()
            if not token:
                raise EOFError
            name = None
            if TOKEN.fullmatch(token):
                name = await name_of(token, self.settings)
            if name:
                self.console.say(f"   It opens @{name}.")
                return token, {"TELEGRAM_TOKEN": token}
            self.console.say("   Telegram does not know that token.")

    async def _owner(self, token: str) -> EnvValues:
        number = self.settings.telegram_owner_id
        if number and self.console.agrees(f"2. Keep {number} as the owner?"):
            return {}
        name, code = await name_of(token, self.settings), new_code(self.random_bytes)
        self.console.say(
            f"2. Your own number. Open https://t.me/{name}?start={code} on your phone and\n"
            f"   press Start, or send {code} to @{name}. I wait five minutes ..."
        )
        owner = await paired(token, code, self.settings)
        if owner is None:
            raise _Stopped("The code has not come, or others have seen it.")
        if not self.console.agrees(f"   It came from {owner.name}. Is that you?"):
            raise _Stopped("Then somebody else saw the code: start again.")
        self.new_owners.append(owner)
        return {"TELEGRAM_OWNER_ID": str(owner.number)}

    # IB

    async def _gateway(self) -> EnvValues:
        port = await self._port()
        clock = SystemClock(ahead=self.settings.clock_ahead_seconds)
        host, client_id = self.settings.gateway_host, self.settings.gateway_client_id
        line = await login_at(host, port, client_id=client_id, clock=clock)
        if line.id_in_use:
            raise _Stopped(_ID_IN_USE.format(client_id))
        if not line.accounts:
            raise _Stopped(f"Port {port} answers and lets nobody in: is it logged in?")
        account = self._chosen("4. Which account?", line.accounts)
        address = Address(host=host, port=port, client_id=client_id, account=account)
        currency = await currency_of(address, clock=clock)
        kept = (
            f"It is kept in {currency}" if currency else "IB has not sent its currency"
        )
        self.console.say(f"   {kept}.")
        return {"GATEWAY_PORT": str(port), "ACCOUNT": account} | self._mode(account)

    async def _port(self) -> int:
        host, ports = self.settings.gateway_host, self._likely()
        while not (found := await found_on(host, ports)):
            answer = self.console.ask(f"3. {_START_ONE}").strip()
            if answer.isascii() and answer.isdigit():
                ports = (int(answer),)
        names = [f"{each} ({USUAL.get(each, 'another port')})" for each in found]
        chosen = self._chosen("3. Which TWS or IB Gateway?", tuple(names))
        return found[names.index(chosen)]

    def _likely(self) -> tuple[int, ...]:
        """The port of the settings first, then the usual ones."""
        return tuple(dict.fromkeys((self.settings.gateway_port, *self.ports)))

    def _chosen(self, question: str, among: tuple[str, ...]) -> str:
        """The only one, or the one whose number is answered; Enter takes the first."""
        if len(among) == 1:
            self.console.say(f"{question} {among[0]}")
            return among[0]
        for number, each in enumerate(among, start=1):
            self.console.say(f"   {number}  {each}")
        while True:
            answer = self.console.ask(f"{question} [1] ").strip() or "1"
            if answer in map(str, range(1, len(among) + 1)):
                return among[int(answer) - 1]

    def _mode(self, account: str) -> EnvValues:
        if self.settings.mode is Mode.SANDBOX:
            return {}
        if account.startswith("D"):
            return {"MODE": "paper", "LIVE_TRADING": ""}
        answer = self.console.ask(
            f"   {account} holds real money. Type {REAL_MONEY} to trade with it: "
        )
        if answer.strip() != REAL_MONEY:
            raise _Stopped("Log in with the paper account, whose id begins with D.")
        return {"MODE": "live", "LIVE_TRADING": REAL_MONEY}


def _write(console: Console, env_file: Path, values: Mapping[str, str]) -> None:
    """Show the change, and write it once the owner agrees.

    Raises:
        SettingsWrong: the bot would not start with it.
    """
    before = env_file.read_text(encoding="utf-8") if env_file.exists() else ""
    after = with_values(before, {PREFIX + name: each for name, each in values.items()})
    if after == before:
        console.say(f"\n{env_file} already has all of that.")
        return
    settings_of(after, env_file=env_file)
    for name, value in values.items():
        shown = "(the token)" if name == "TELEGRAM_TOKEN" else value
        console.say(f"   {PREFIX}{name}={shown}")
    if not console.agrees(f"5. Write this to {env_file.absolute()}?"):
        raise _Stopped("As you wish.")
    write_privately(env_file, after)
