"""The command line: `python -m bot COMMAND`.

Nothing heavy is imported before it is known which command was meant, so that
`--help` answers at once.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from typing import Final


OK: Final = 0
WRONG: Final = 2
"""Exit code when the settings or the arguments are wrong: nothing was started."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the process's exit code."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    return command(arguments)


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
    demo.add_argument("--port", type=int, default=8480, help="of the chat page")
    demo.add_argument("--seed", type=int, default=7, help="of the simulated market")
    demo.add_argument("--profile", default="typical", help="how slow IB answers")
    demo.add_argument(
        "--clock",
        default="2026-11-23T09:34:40-05:00",
        help="when the simulated day begins (ISO, with zone)",
    )
    demo.set_defaults(command=_demo)
    doctor = commands.add_parser("doctor", help="check the settings and both lines")
    doctor.set_defaults(command=_doctor)
    gateway = commands.add_parser(
        "gateway", help="a simulated IB Gateway for any TWS client", add_help=False
    )
    gateway.add_argument("flags", nargs=argparse.REMAINDER)
    gateway.set_defaults(command=_gateway)
    return parser


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


def _gateway(arguments: argparse.Namespace) -> int:
    from core.sandbox.cli import add_arguments, run  # noqa: PLC0415  see above

    parser = argparse.ArgumentParser(prog="python -m bot gateway")
    add_arguments(parser)
    asyncio.run(run(parser.parse_args(arguments.flags)))
    return OK


if __name__ == "__main__":
    sys.exit(main())
