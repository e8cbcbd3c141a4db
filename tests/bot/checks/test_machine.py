"""What this machine gives: each finding by what would make it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.checks.finding import Grade
from bot.checks.machine import (
    kind_of_disk,
    of_the_disk,
    of_the_folder,
    of_the_space,
    of_the_zones,
    zones_version,
)


NOW = datetime(2026, 11, 29, tzinfo=UTC)

MOUNTS = """\
overlay / overlay rw 0 0
tmpfs /srv tmpfs rw 0 0
nas:/vol /srv/data nfs4 rw 0 0
sam@nas:/vol /srv/my\\040drive fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind", "grade"),
    [
        ("/var/openbell", "overlay", Grade.OK),
        ("/srv/bot", "tmpfs", Grade.OK),
        ("/srv/data/openbell", "nfs4", Grade.MEND),
        ("/srv/my drive/openbell", "fuse.sshfs", Grade.MEND),
        ("/srv/database", "tmpfs", Grade.OK),
    ],
)
def test_a_journal_on_a_network_drive_is_named(
    folder: str, kind: str, grade: Grade
) -> None:
    assert kind_of_disk(Path(folder), MOUNTS) == kind
    assert of_the_disk(kind).grade is grade


def test_where_no_table_of_mounts_is_the_kind_is_not_known() -> None:
    found = of_the_disk(kind_of_disk(Path("/var/openbell"), ""))

    assert (found.grade, found.found) == (Grade.OK, "kind not known")


@pytest.mark.parametrize(
    ("free", "grade"), [(1_000_000_000, Grade.OK), (100_000_000, Grade.MEND)]
)
def test_a_disk_that_is_nearly_full_is_named(free: int, grade: Grade) -> None:
    assert of_the_space(free).grade is grade


@pytest.mark.parametrize(
    ("version", "grade"),
    [
        ("2026b", Grade.OK),
        ("2025c", Grade.OK),
        ("2025.3", Grade.OK),
        ("2024a", Grade.MEND),
        ("", Grade.NOTE),
    ],
)
def test_an_old_table_of_time_zones_is_named(version: str, grade: Grade) -> None:
    assert of_the_zones(version, now=NOW).grade is grade


def test_this_machines_table_says_its_year() -> None:
    assert zones_version()[:2] == "20"


def test_a_folder_that_others_may_enter_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "chmod 700" in (of_the_folder(tmp_path).mend or "")

    tmp_path.chmod(0o700)
    assert of_the_folder(tmp_path).grade is Grade.OK
