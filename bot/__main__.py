"""The command line: `python -m bot COMMAND`.

Nothing heavy is imported before it is known which command was meant, so that
`--help` answers at once.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.exits import OK
from core.sandbox.clock import parse_clock
from core.sandbox.latency import Profile


INTERRUPTED: Final = 130
"""Exit code after Ctrl-C while there was nothing yet to close (the shells' number)."""
HIGHEST_PORT: Final = 65_535


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the process's exit code."""
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    if others and arguments.command is not _gateway:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.flags = others
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Openbell: scan, read the card, tap Yes, and Interactive Brokers "
        "holds the orders.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    run = commands.add_parser("run", help="trade, with the settings in .env")
    run.set_defaults(command=_run)
    demo = commands.add_parser("demo", help="try all of it here, without any account")
    demo.set_defaults(command=_demo)
    _add_demo_flags(demo)
    doctor = commands.add_parser("doctor", help="check the settings and both lines")
    doctor.set_defaults(command=_doctor)
    export = commands.add_parser("export", help="write the audit trail as CSV")
    export.set_defaults(command=_export)
    verify = commands.add_parser("verify", help="check that the audit trail is whole")
    verify.set_defaults(command=_verify)
    backup = commands.add_parser("backup", help="copy the journal, also while it runs")
    backup.add_argument("to", type=Path, help="a new file")
    backup.set_defaults(command=_backup)
    gateway = commands.add_parser(
        "gateway", help="a simulated IB Gateway for any TWS client", add_help=False
    )
    gateway.set_defaults(command=_gateway)
    return parser


def _add_demo_flags(demo: argparse.ArgumentParser) -> None:
    demo.add_argument(
        "--port",
        type=_port,
        help="of the chat page; 0: any free one (default: 8480, or the next free one)",
    )
    demo.add_argument("--seed", type=int, default=7, help="of the simulated market")
    demo.add_argument(
        "--profile",
        choices=[str(profile) for profile in Profile],
        default=str(Profile.TYPICAL),
        help="how slow IB answers",
    )
    demo.add_argument(
        "--clock",
        type=_moment,
        default="2026-11-23T09:34:40-05:00",
        help="when the simulated day begins (ISO, with zone), or 'real'",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to {HIGHEST_PORT}")


def _moment(text: str) -> datetime | None:
    try:
        return parse_clock(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


# Each command imports its own part of the house, and only when it is meant.


def _run(_arguments: argparse.Namespace) -> int:
    from bot.run import run  # noqa: PLC0415  see above

    return run()


def _demo(arguments: argparse.Namespace) -> int:
    from bot.demo import demo  # noqa: PLC0415  see above

    return asyncio.run(demo(arguments))


def _doctor(_arguments: argparse.Namespace) -> int:
    from bot.run import examine  # noqa: PLC0415  see above

    return examine()


def _export(_arguments: argparse.Namespace) -> int:
    from bot.records import export  # noqa: PLC0415  see above

    return export()


def _verify(_arguments: argparse.Namespace) -> int:
    from bot.records import verify  # noqa: PLC0415  see above

    return verify()


def _backup(arguments: argparse.Namespace) -> int:
    from bot.records import backup  # noqa: PLC0415  see above

    return backup(arguments.to)


def _gateway(arguments: argparse.Namespace) -> int:
    from core.sandbox.cli import add_arguments, run  # noqa: PLC0415  see above

    parser = argparse.ArgumentParser(prog="python -m bot gateway")
    add_arguments(parser)
    asyncio.run(run(parser.parse_args(arguments.flags)))
    return OK


if __name__ == "__main__":
    sys.exit(main())
