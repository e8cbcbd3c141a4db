"""The command line: `openbell COMMAND`, or `python -m bot COMMAND` in a checkout.

Each command imports only what it needs, so that `--help` answers at once.
"""

import argparse
import asyncio
import gc
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from errno import EDQUOT, EFBIG, EIO, ENOSPC, EPIPE
from pathlib import Path
from typing import Final

from bot.exits import BROKE, OK
from bot.version import openbell_version


INTERRUPTED: Final = 130
"""Exit code after Ctrl-C before anything was opened (128 + SIGINT, as in shells)."""


_UNWRITTEN: Final = frozenset({EPIPE, ENOSPC, EDQUOT, EFBIG, EIO})
"""What a disk or a reader says that does not take what is printed."""

Subcommand = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the process's exit code."""
    _open_standard_streams()
    parser = _parser()
    arguments, others = parser.parse_known_args(argv)
    if others and arguments.command not in {_demo, _gateway, _replay}:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.flags = others
    command: Subcommand = arguments.command
    try:
        code = command(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as problem:
        if problem.errno not in _UNWRITTEN:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if problem.errno != EPIPE:  # else nobody reads on, as in `... export | head`
            why = f"This was not written to its end: {problem.strerror}.\n"
            sys.stderr.write(why)
        return BROKE
    return code


def _open_standard_streams() -> None:
    """Open standard streams that the parent process has closed. Otherwise a file opened
    later would get the number of standard error, whose output would then go into that
    file; and Python has None for a closed stream."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "r" if number == 0 else "w"))  # noqa: PTH123, SIM115  it stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openbell",
        description="Scan, read the card, tap Yes, and Interactive Brokers holds the "
        "orders.",
    )
    parser.add_argument(
        "--version", action="version", version=f"openbell {openbell_version()}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (command, line) in _PLAIN.items():
        commands.add_parser(name, help=line).set_defaults(command=command)
    backup = commands.add_parser(
        "backup", help="copy the journal, safe while the bot runs"
    )
    backup.add_argument("to", type=Path, help="a new file; with --keep, a folder")
    backup.add_argument(
        "--keep",
        type=_count,
        help="name the copy after the current time, and keep only the newest KEEP copies",
    )
    backup.set_defaults(command=_backup)
    score = commands.add_parser("score", help="show how the picks have done")
    score.add_argument("--csv", action="store_true", help="print every outcome as CSV")
    score.set_defaults(command=_score)
    chosen = commands.add_parser(
        "settings", help="show the settings that were changed in the chat"
    )
    chosen.add_argument(
        "--forget", metavar="NAME", help="use the value in .env again for this setting"
    )
    chosen.set_defaults(command=_settings)
    restore = commands.add_parser("restore", help="restore the journal from a copy")
    restore.add_argument(
        "copy", type=Path, help="a copy made by backup or before a migration"
    )
    restore.set_defaults(command=_restore)
    for name, (command, line) in _WITH_FLAGS.items():
        simulation = commands.add_parser(name, help=line, add_help=False)
        simulation.set_defaults(command=command)
    return parser


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of copies: 1 or more")


# Each command imports its own part of the program. The two that start a simulation, and
# the replay, parse their own flags.


def _run(_arguments: argparse.Namespace) -> int:
    gc.disable()  # until everything is imported: imports create no garbage
    try:
        from bot.run import run  # noqa: PLC0415  see above

        return run()
    finally:
        gc.enable()


def _demo(arguments: argparse.Namespace) -> int:
    from bot.demo import add_arguments, demo  # noqa: PLC0415  see above

    parser = argparse.ArgumentParser(prog="openbell demo")
    add_arguments(parser)
    flags = parser.parse_args(arguments.flags)
    if (flags.day, flags.speed, flags.scenario) == (None, None, None):
        return asyncio.run(demo(flags))
    from bot.simulated.demo import run  # noqa: PLC0415  see above

    return run(flags)


def _setup(_arguments: argparse.Namespace) -> int:
    from bot.run import set_up  # noqa: PLC0415  see above

    return set_up()


def _doctor(_arguments: argparse.Namespace) -> int:
    from bot.run import examine  # noqa: PLC0415  see above

    return examine()


def _export(_arguments: argparse.Namespace) -> int:
    from bot.prompt.records import export  # noqa: PLC0415  see above

    return export()


def _verify(_arguments: argparse.Namespace) -> int:
    from bot.prompt.records import verify  # noqa: PLC0415  see above

    return verify()


def _backup(arguments: argparse.Namespace) -> int:
    from bot.prompt.records import backup, backup_into  # noqa: PLC0415  see above

    if arguments.keep is not None:
        return backup_into(arguments.to, keep=arguments.keep)
    return backup(arguments.to)


def _score(arguments: argparse.Namespace) -> int:
    from bot.prompt.score import score  # noqa: PLC0415  see above

    return score(as_csv=arguments.csv)


def _settings(arguments: argparse.Namespace) -> int:
    from bot.prompt.chosen import settings  # noqa: PLC0415  see above

    return settings(forget=arguments.forget)


def _restore(arguments: argparse.Namespace) -> int:
    from bot.prompt.records import restore  # noqa: PLC0415  see above

    return restore(arguments.copy)


def _replay(arguments: argparse.Namespace) -> int:
    from bot.prompt.replay import add_arguments, run  # noqa: PLC0415  see above

    parser = argparse.ArgumentParser(prog="openbell replay")
    add_arguments(parser)
    return run(parser.parse_args(arguments.flags))


def _gateway(arguments: argparse.Namespace) -> int:
    from core.sandbox.cli import add_arguments, run  # noqa: PLC0415  see above

    parser = argparse.ArgumentParser(prog="openbell gateway")
    add_arguments(parser)
    asyncio.run(run(parser.parse_args(arguments.flags)))
    return OK


_PLAIN: Final[Mapping[str, tuple[Subcommand, str]]] = {
    "run": (_run, "trade, with the settings in .env"),
    "setup": (_setup, "ask for the settings, find the gateway, write .env"),
    "doctor": (_doctor, "check settings, gateway and Telegram, and say what to mend"),
    "export": (_export, "print the audit trail as CSV"),
    "verify": (_verify, "check that the audit trail is complete and unchanged"),
}
"""Commands without flags."""

_WITH_FLAGS: Final[Mapping[str, tuple[Subcommand, str]]] = {
    "demo": (_demo, "try everything on this machine, without any account"),
    "replay": (_replay, "try other rankings and exits on your own recordings"),
    "gateway": (_gateway, "serve a simulated IB Gateway to any TWS client"),
}
"""Commands that read their own flags."""


if __name__ == "__main__":
    sys.exit(main())
