"""/log, /version and /about: the program itself, without a secret."""

import logging
from collections.abc import Iterator

import pytest

from bot.redact import Recent
from bot.sandbox.phone import Phone
from tests.builders import NOW


TOKEN = "1234567:AbC-dEf_ghIJKlmnopQRSTuvwxyz1234"  # noqa: S105  nobody's


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """A log of which the newest records are kept."""
    recent = Recent(secrets=["hush-hush"])
    root = logging.getLogger()
    root.addHandler(recent)
    yield logging.getLogger("test.log")
    root.removeHandler(recent)


async def test_the_log_comes_without_secrets(phone: Phone, log: logging.Logger) -> None:
    log.warning("posting to /bot%s as DU1234567 hush-hush", TOKEN)
    log.error("broke", exc_info=ValueError(f"no {TOKEN}"))
    await phone.send("/log")
    told = await phone.reads("of the log")

    assert "posting to" in told.text
    for secret in (TOKEN, "DU1234567", "hush-hush"):
        assert secret not in told.text


def test_its_times_are_those_of_the_bot_s_clock() -> None:
    recent = Recent(now=lambda: NOW)

    recent.emit(logging.makeLogRecord({"msg": "a line"}))

    assert [each.at for each in recent.kept()] == [NOW]


async def test_errors_alone(phone: Phone, log: logging.Logger) -> None:
    log.warning("a warning of ours")
    logging.getLogger("test.log").setLevel(logging.INFO)
    log.info("an everyday line")
    await phone.send("/log errors")
    told = await phone.reads("The last warning or error of the log")

    assert "a warning of ours" in told.text
    assert "an everyday line" not in told.text


async def test_everyday_lines_come_in_short_and_without_the_news(
    phone: Phone, log: logging.Logger
) -> None:
    log.setLevel(logging.INFO)
    log.info("to tell: CardChanged card:abc")
    log.info("Acked tb-1-1 acked Acked(ref='tb-1-1', perm_id=7)")
    for _ in range(3):
        log.info("quoted again")
    log.warning("slow: Sent(ref='tb-1-1')")
    await phone.send("/log")
    told = await phone.reads("of the log, in short")

    _, rows, _ = told.text.split("\n\n")
    assert [row.partition(" ET ")[2] for row in rows.splitlines()] == [
        "Acked tb-1-1 acked",
        "quoted again (3 times)",
        "test.log: slow: Sent(ref='tb-1-1')",
    ]


async def test_a_log_without_lines_says_so(phone: Phone) -> None:
    await phone.send("/log")

    told = await phone.reads("No lines since the start")
    assert "/health" in told.text


async def test_version_names_ours_and_the_line_s(phone: Phone) -> None:
    await phone.send("/version")
    told = await phone.reads("Openbell")

    assert "Python" in told.text


async def test_about_says_what_is_trusted_and_what_it_cannot(phone: Phone) -> None:
    await phone.send("/about")
    told = await phone.reads("Trusted")

    assert told.text.startswith("Openbell buys and sells only what you say Yes to.")
    assert "It cannot" in told.text
