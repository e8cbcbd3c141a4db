"""The image and the compose file name what is there, and give nothing away."""

import re

import pytest
from compose_spec import PyCompose

from core.settings.settings import PREFIX, Settings
from tests.source_tree import ROOT


DEPLOY = ROOT / "docs" / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE], ids=["Dockerfile", "compose"])
def test_every_setting_that_is_named_is_one(text: str) -> None:
    assert set(re.findall(rf"\b{PREFIX}\w+", text)) <= KNOWN


def test_everything_that_is_copied_is_there_and_let_through() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+) /build/\S*$", DOCKERFILE, re.MULTILINE)
    copied = [name for line in lines for name in line.split()]
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8")

    assert copied
    for name in copied:
        assert (ROOT / name).exists()
        assert f"!{name}\n" in let_through


def test_it_runs_as_nobody_in_particular_and_writes_nowhere() -> None:
    assert "USER 10001:10001" in DOCKERFILE
    openbell = COMPOSE.partition("\n  openbell:\n")[2].partition("\nnetworks:")[0]
    for line in ("read_only: true", "cap_drop:", "- no-new-privileges:true"):
        assert line in openbell


def test_no_port_is_published_and_no_secret_stands_in_it() -> None:
    assert "ports:" not in COMPOSE
    assert "TWS_PASSWORD_FILE" in COMPOSE
    assert "TWS_PASSWORD:" not in COMPOSE
    assert "TELEGRAM_TOKEN:" not in COMPOSE


def filled_in(text: str) -> str:
    """With the values that an engine puts in for ${NAME:-value} and ${NAME:?why}."""
    return re.sub(
        r"\$\{\w+:(?:-([^}]*)|\?[^}]*)\}", lambda found: found[1] or "x", text
    )


def judged(text: str) -> None:
    """Raises ValueError where *text* is no compose file."""
    read = PyCompose.from_yaml(filled_in(text))
    read.validate()
    read.validate_networks()
    read.validate_secrets()


def test_an_engine_reads_the_compose_file() -> None:
    judged(COMPOSE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("read_only: true", "read_onyl: true"),
        ("- tws-password\n", "- another\n"),
        ("stop_grace_period: 30s", "stop_grace_period: soon"),
    ],
)
def test_it_would_not_read_a_slip(right: str, wrong: str) -> None:
    assert right in COMPOSE

    with pytest.raises(ValueError, match=r"."):
        judged(COMPOSE.replace(right, wrong))
