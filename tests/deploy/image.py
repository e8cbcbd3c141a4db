"""`make image`: run the steps of docs/deploy/Dockerfile without a Docker engine, and the
bot in what comes out of them, held as docs/deploy/compose.yaml holds it.

Needs root and buildah, whose chroot isolation runs each step in a root of its own. The
base comes from a registry, or with BASE=FILE from a tar of a root file system that stands
in for it. What an engine alone can do (networks, limits of memory, restarts) is not run.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from argparse import ArgumentParser
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.bot.processes import Running
from tests.harness.product import at, opened
from tests.harness.waiting import SOON
from tests.source_tree import ROOT


DOCKERFILE: Final = ROOT / "docs" / "deploy" / "Dockerfile"
IGNORED: Final = DOCKERFILE.with_name("Dockerfile.dockerignore")
USER: Final = 10001
BUILD: Final = (
    *("bud", "--isolation", "chroot", "--network", "host", "--format", "docker"),
    *("--layers", "-t", "openbell-tried", "--ignorefile", str(IGNORED)),
)

HELD: Final = """
set -e
mount --bind "$1" "$1"
mount --bind "$2" "$1/data"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$1/tmp"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount -o remount,bind,ro "$1"
root=$1; shift 2
exec chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups \\
  --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
"""
"""Read-only root, /tmp in memory, the volume, no capability and no way to one, a user of
no rights: compose.yaml's read_only, tmpfs, cap_drop and no-new-privileges."""

PROBE: Final = """
import os, pathlib
def can_write(folder):
    try:
        pathlib.Path(folder, "probe").touch()
        return True
    except OSError:
        return False
said = dict(l.split(":\\t", 1) for l in pathlib.Path("/proc/self/status").read_text().splitlines())
print(os.getuid(), os.getgid(), said["CapEff"], said["CapBnd"], said["NoNewPrivs"])
print(*(can_write(f) for f in ("/", "/venv", "/etc", "/usr", "/data", "/tmp")))
"""


def buildah(*words: str) -> str:
    """What buildah answers; its progress goes to the terminal."""
    run = subprocess.run(["buildah", *words], check=True, stdout=PIPE, text=True)  # noqa: S603, S607  words of this module
    return run.stdout.strip()


def build(base: Path | None) -> dict[str, Any]:
    """Every step of the Dockerfile; what the image then says of itself."""
    if base is not None:
        stand_in(base)
    certificates = "/etc/ssl/certs:/etc/ssl/certs:ro"
    words = (*BUILD, "-v", certificates, "-f", str(DOCKERFILE), str(ROOT))
    print(buildah(*words).splitlines()[-1])
    found: dict[str, Any] = json.loads(
        buildah("inspect", "--type", "image", "openbell-tried")
    )
    config: dict[str, Any] = found["Docker"]["config"]
    return config


def stand_in(base: Path) -> None:
    """An image of *base* under the name that the Dockerfile begins from."""
    named = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(), re.MULTILINE)[0]
    working = buildah("from", "scratch")
    buildah("add", working, str(base), "/")
    buildah("config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin", working)
    buildah("commit", "--format", "docker", working, f"docker.io/library/{named}")
    buildah("rm", working)


@contextmanager
def mounted() -> Iterator[Path]:
    """The image's files."""
    working = buildah("from", "openbell-tried")
    try:
        yield Path(buildah("mount", working))
    finally:
        buildah("rm", working)


def held(root: Path, data: Path, *words: str) -> tuple[str, ...]:
    """The command that runs *words* in the image."""
    return (
        *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
        *("sh", "-c", HELD, "sh", str(root), str(data), *words),
    )


async def said_by(root: Path, data: Path, *words: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *held(root, data, *words), stdout=PIPE, stderr=STDOUT, env={"PATH": PATH}
    )
    said, _ = await process.communicate()
    return await process.wait(), said.decode().strip()


PATH: Final = "/venv/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


async def live(root: Path, config: dict[str, Any], folder: Path) -> None:
    """Run the bot in the image between both sandboxes until it is told to end."""
    data = folder / "data"
    data.mkdir()
    health = tuple(config["Healthcheck"]["Test"][1:])
    async with opened(data, clock=at(9, 41)) as harness:
        for each in (data, *data.iterdir()):
            os.chown(each, USER, USER)
        told = dict(each.split("=", 1) for each in config["Env"])
        settings = {**harness.settings, **told}
        process = await asyncio.create_subprocess_exec(
            *held(root, data, *config["Entrypoint"], *config["Cmd"]),
            env=settings,
            stdout=PIPE,
            stderr=STDOUT,
        )
        run = Running(process)
        async with asyncio.TaskGroup() as tasks:
            run.listening = tasks.create_task(run.listen(), name="listening")
            await run.says(lambda said: "ready mode=" in said, within=SOON)
            await harness.ready()
            check("healthy while it runs", (await said_by(root, data, *health))[0], 0)
            await end(process.pid)
            check("ends in order when it is told to", await run.ends(), 0)
        check("not healthy then", (await said_by(root, data, *health))[0], 1)


async def end(leader: int) -> None:
    """SIGTERM to the bot, which unshare started."""
    killing = await asyncio.create_subprocess_exec("pkill", "-TERM", "-P", str(leader))
    await killing.wait()


def check(what: str, found: object, wanted: object) -> None:
    """Say it; ends the program when it is not so."""
    print(f"{'ok' if found == wanted else 'WRONG':5} {what}: {found}")
    if found != wanted:
        sys.exit(1)


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """One to work in, and an empty volume of the image's user in it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        empty = folder / "empty"
        empty.mkdir()
        os.chown(empty, USER, USER)
        yield folder, empty


async def tried(config: dict[str, Any]) -> None:
    with folders() as (folder, empty), mounted() as root:
        check("user", config["User"], f"{USER}:{USER}")
        _, said = await said_by(root, empty, "openbell", "--version")
        check("version", said.split()[0], "openbell")
        _, said = await said_by(root, empty, "python", "-c", PROBE)
        who, where = said.splitlines()
        check("user, no capability", who, f"{USER} {USER} {'0' * 16} {'0' * 16} 1")
        check("writes only in /data, /tmp", where, "False False False False True True")
        code, said = await said_by(root, empty, "python", "-m", "pip", "--version")
        check("pip stayed behind", (code, "No module named pip" in said), (1, True))
        await live(root, config, folder)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="a tar that stands in for the base")
    asyncio.run(tried(build(parser.parse_args().base)))


if __name__ == "__main__":
    main()
