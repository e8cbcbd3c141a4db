"""``python -m bot gateway``: serve a simulated gateway until a signal ends it."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from typing import Final

from core.loopback import in_address, own_address
from core.sandbox.clock import parse_clock
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.latency import Profile
from core.sandbox.market.hours import NEW_YORK
from core.sandbox.market.permission import DataPermission
from core.sandbox.market.universe import DEFAULT_SEED
from core.sandbox.script_file import load_scenario
from core.sandbox.server import GatewayServer, serve
from core.sandbox.trading.holdings import AccountSpec
from core.sandbox.trouble.faults import QUIET_DAY, Scenario
from core.sandbox.trouble.scenarios import BY_NAME


USUAL_PORT: Final = 4002
LIST: Final = "list"
STOPS: Final = (signal.SIGINT, signal.SIGTERM)
RELOAD: Final = "SIGHUP"  # which Windows has not


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the gateway to *parser*."""
    parser.add_argument(
        "--port", type=int, default=USUAL_PORT, help="0: any free port (default: 4002)"
    )
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="seed of the simulated market"
    )
    parser.add_argument(
        "--profile",
        type=Profile,
        choices=list(Profile),
        default=Profile.TYPICAL,
        help="how slowly it answers",
    )
    parser.add_argument(
        "--clock",
        default="real",
        help="'real', or the time to start at, such as 2026-07-30T09:45:00-04:00",
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds per second"
    )
    parser.add_argument(
        "--scenario",
        default=QUIET_DAY.name,
        help="what goes wrong: a name, or a TOML file; 'list' shows all names",
    )
    parser.add_argument(
        "--reject",
        action="store_true",
        help="answer messages over 50 a second with code 100 instead of pacing them",
    )
    parser.add_argument(
        "--permission",
        type=DataPermission,
        choices=list(DataPermission),
        default=DataPermission.LIVE,
        help="which market data the account may see",
    )
    parser.add_argument(
        "--read-only",
        action="store_true",
        help="refuse orders, as with Read-Only API on",
    )
    parser.add_argument(
        "--accounts",
        default=AccountSpec().account,
        help="account numbers, separated by commas",
    )
    parser.add_argument(
        "--state", type=Path, help="a file that keeps orders, holdings and order ids"
    )


def config_from(args: argparse.Namespace) -> GatewayConfig:
    """Return the configuration that the flags ask for.

    Raises:
        ValueError: a flag has a value that is not possible.
    """
    return GatewayConfig(
        port=args.port,
        seed=args.seed,
        profile=args.profile,
        clock=parse_clock(args.clock),
        speed=args.speed,
        scenario=find_scenario(args.scenario),
        state=args.state,
        reject_over_rate=args.reject,
        permission=args.permission,
        read_only=args.read_only,
        accounts=_accounts(args.accounts),
    )


def _accounts(text: str) -> tuple[AccountSpec, ...]:
    named = [each.strip() for each in text.split(",")]
    if not all(named) or len(set(named)) < len(named):
        raise ValueError(f"--accounts names one twice, or leaves one empty: {text!r}")
    return tuple(AccountSpec(account=each) for each in named)


def find_scenario(name: str) -> Scenario:
    """Return the scenario of that name in the library, or the one in a TOML file.

    Raises:
        ValueError: there is no such name and no such file, or it holds no scenario.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    path = Path(name)
    if not path.is_file():
        what = "no file" if path.suffix == ".toml" else "no scenario"
        raise ValueError(f"{what} {name!r}; --scenario list shows what there is")
    return load_scenario(path)


async def run(args: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM; one line says that it is ready, and at which
    address.

    Raises:
        SystemExit: a flag has a value that is not possible, or the port is taken.
    """
    if args.scenario == LIST:
        sys.stdout.write(catalogue())
        return
    try:
        await _serve(config_from(args), args.scenario)
    except (ValueError, OSError, OverflowError) as problem:  # a port above 65535
        raise SystemExit(f"gateway: {problem}") from problem


def catalogue() -> str:
    """Return the library's scenarios, a line each: the name, and where it was seen."""
    width = max(map(len, BY_NAME))
    return "".join(f"{name:{width}}  {each.seen}\n" for name, each in BY_NAME.items())


async def _serve(config: GatewayConfig, scenario: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in STOPS:
        loop.add_signal_handler(each, stop.set)
    async with serve(config) as server:
        if hasattr(signal, RELOAD):
            loop.add_signal_handler(signal.SIGHUP, _reload, server, scenario)
        accounts = ", ".join(server.gateway.exchange.accounts())
        sys.stdout.write(
            f"Gateway ready on {in_address(own_address())}:{server.port}: connect with any client id,"
            f" account {accounts}; Ctrl-C ends it\n"
            f"A simulation: made-up prices, seed {config.seed}; its clock says"
            f" {server.clock.now().astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S} in New York\n"
        )
        sys.stdout.flush()
        await stop.wait()


def _reload(server: GatewayServer, name: str) -> None:
    """Read the scenario again; if it cannot be read, the present one stays."""
    try:
        server.reload(find_scenario(name))
    except (ValueError, OSError) as problem:
        sys.stdout.write(f"The scenario stays as it was: {problem}\n")
    else:
        sys.stdout.write(f"Scenario {name} read again; it is in force from now on\n")
    sys.stdout.flush()


def main() -> None:
    """Serve as a program of its own: ``python -m core.sandbox.cli``.

    Raises:
        SystemExit: as ``run``.
    """
    parser = argparse.ArgumentParser(description="A simulated IB Gateway")
    add_arguments(parser)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
