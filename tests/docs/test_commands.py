"""Every command in the pages is one that there is, and ours are run as they stand."""

import re
import shlex
import subprocess
from pathlib import Path
from shutil import copyfile
from typing import Final

import pytest

from bot.__main__ import _parser
from tests.bot.processes import running
from tests.docs.pages import PAGES, commands, mentioned
from tests.harness.product import at, opened
from tests.harness.waiting import SOON
from tests.source_tree import ROOT


NOT_RUN: Final = {
    "pipx": "installs for the user",
    "uv": "installs for the user",
    "ufw": "changes the machine's firewall",
    "ssh": "needs another machine",
    "systemctl": "needs a running systemd",
    "journalctl": "needs a running systemd",
    "docker": "needs an engine",
    "litestream": "runs in tests/deploy/test_litestream.py",
    "curl": "its page is asked for in tests/bot/health/test_endpoint.py",
}
"""Programs of others that the pages use, and why no test runs them."""

OURS: Final = ("openbell", "python -m bot", ".venv/bin/python -m bot")


def ours(command: str) -> list[str] | None:
    """The words behind our program's name; None for another program."""
    for name in OURS:
        if command == name or command.startswith(f"{name} "):
            return shlex.split(command.removeprefix(name))
    return None


def named(page: Path) -> str:
    return page.name


ALL: Final = sorted({line for page in PAGES for line in commands(page)})
RUNNING: Final = [
    words
    for line in commands(ROOT / "docs" / "running.md")
    if (words := ours(line)) is not None
]


@pytest.mark.parametrize("line", ALL)
def test_every_command_in_a_block_is_known(line: str) -> None:
    words = shlex.split(line, comments=True)

    assert (
        ours(line) is not None
        or words[0] in {"make", *NOT_RUN}
        or is_a_module_of_the_tests(words)
    )


def is_a_module_of_the_tests(words: list[str]) -> bool:
    """`python -m tests.campaign.run`: for developers, and run by their own targets."""
    path = words[2].replace(".", "/") if words[:2] == ["python", "-m"] else ""
    return path.startswith("tests/") and (ROOT / f"{path}.py").exists()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_target_that_is_named_is_in_the_makefile(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = [*commands(page), *mentioned(page)]
    used = {line.split()[1] for line in told if re.match(r"make [a-z]", line)}

    assert used <= targets


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_of_ours_that_is_named_is_one(page: Path) -> None:
    words = [ours(told) for told in (*commands(page), *mentioned(page))]
    named_here = {each[0] for each in words if each and each[0][:1] != "-"}

    assert named_here <= _command_names()


def _command_names() -> set[str]:
    usage = _parser().format_help()
    return set(re.findall(r"^    ([a-z]+)  ", usage, re.MULTILINE))


@pytest.mark.timeout(900)  # ten processes one after the other, each starts the program
async def test_the_commands_of_running_md_do_what_they_say_one_after_the_other(
    tmp_path: Path,
) -> None:
    """Between both sandboxes, in their order, in one folder. Setup has no answers here,
    and says so; the conversation itself is in tests/bot/prompt/test_setup.py."""
    async with opened(tmp_path, clock=at(9, 41)) as harness:
        for words in RUNNING:
            _the_copy_of_that_day(tmp_path, words)
            async with running(
                *words, cwd=tmp_path, settings=harness.settings
            ) as process:
                if words == ["run"]:
                    await process.says(lambda said: "ready mode=" in said, within=SOON)
                    process.process.terminate()
                code = await process.ends()
            expected = 2 if words == ["setup"] else 0
            assert code == expected, (words, process.said)


def _the_copy_of_that_day(folder: Path, words: list[str]) -> None:
    """The page names copies of its own; the one that was made has this day's name."""
    if words[0] == "restore":
        copy, *_ = (folder / "copies").iterdir()
        copyfile(copy, folder / words[1])


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_in_a_block_can_be_read_by_a_shell(page: Path) -> None:
    text = "\n".join(commands(page))
    read = subprocess.run(
        ["/bin/sh", "-n"], input=text, text=True, capture_output=True, check=False
    )

    assert read.stderr == ""
