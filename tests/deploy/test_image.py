"""The image and the compose file name what is there, and give nothing away."""

import re

import pytest

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
