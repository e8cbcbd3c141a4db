"""Settings from a .env file that a test writes."""

from collections.abc import Mapping
from pathlib import Path

from core.settings.loading import load_settings
from core.settings.settings import PREFIX, Settings


def settings(directory: Path, values: Mapping[str, str] | None = None) -> Settings:
    """Settings from a .env with *values*, named without the prefix."""
    lines = [f"{PREFIX}{name}={value}\n" for name, value in (values or {}).items()]
    return from_text(directory, "".join(lines))


def from_text(directory: Path, text: str) -> Settings:
    env_file = directory / ".env"
    env_file.write_text(text, encoding="utf-8")
    return load_settings(env_file)
