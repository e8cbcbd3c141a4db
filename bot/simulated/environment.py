"""Settings as a process would read them that has nothing else in its environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.settings.loading import load_settings
from core.settings.settings import PREFIX, Settings


def settings_of(words: Mapping[str, str]) -> Settings:
    """What an environment with these *words*, and no `.env`, says.

    Raises:
        SettingsWrong: it says what cannot be.
    """
    with _only(words):
        return load_settings(Path(words["OPENBELL_DATA_DIR"]) / ".env")


@contextmanager
def _only(words: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ[name] for name in os.environ if name.startswith(PREFIX)}
    for name in before:
        del os.environ[name]
    os.environ |= words
    try:
        yield
    finally:
        for name in words:
            os.environ.pop(name, None)
        os.environ |= before
