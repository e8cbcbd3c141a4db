"""What is told to whoever watches from outside, over a real socket."""

import json

import httpx
import pytest

from bot.health.endpoint import watched_from_outside
from bot.health.metrics import CONTENT_TYPE
from core.model.order import OrderState
from tests.bot.health.health_readings import health_readings
from tests.bot.values import a_status
from tests.harness.sockets import a_taken_port


async def get(path: str, *, method: str = "GET", host: str = "") -> httpx.Response:
    async with (
        watched_from_outside(0, health_readings) as port,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        headers = {"Host": host} if host else {}
        return await client.request(
            method, f"http://127.0.0.1:{port}{path}", headers=headers
        )


async def test_healthz_says_how_it_stands_without_a_word_about_money() -> None:
    answer = await get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert "DU1234567" not in answer.text
    assert "5000" not in answer.text


async def test_readyz_is_503_while_a_yes_would_not_be_sent() -> None:
    async with (
        watched_from_outside(
            0, lambda: health_readings(status=a_status(blocks=("no line",)))
        ) as port,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        ready = await client.get(f"http://127.0.0.1:{port}/readyz")
        alive = await client.get(f"http://127.0.0.1:{port}/healthz")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert json.loads(ready.text)["ready"] is False


async def test_metrics_are_in_the_format_of_prometheus() -> None:
    answer = await get("/metrics")

    assert answer.headers["Content-Type"] == CONTENT_TYPE
    lines = answer.text.splitlines()
    assert "openbell_ready 1" in lines
    assert 'openbell_orders{state="filled"} 2' in lines
    assert "openbell_journal_bytes 1234567" in lines
    helped = {each.split()[2] for each in lines if each.startswith("# HELP")}
    named = {each.partition("{")[0].split()[0] for each in lines if each[:1] != "#"}
    assert named == helped
    assert answer.text.endswith("\n")


PROMISED = (
    *("line_up", "reconciled", "last_look_seconds", "telegram_silence_seconds"),
    *("orders", "orders_in_doubt", "outbox_age_seconds", "tap_to_order_seconds"),
    *("scan_seconds", "resident_bytes", "ready", "halted"),
)
"""Line, reconciled, last look, last poll, orders by state, doubts, age of the outbox,
latency from tap to order, scan times, resident memory."""


async def test_everything_that_is_promised_can_be_watched() -> None:
    lines = (await get("/metrics")).text.splitlines()

    served = {each.partition("{")[0].split()[0] for each in lines if each[:1] != "#"}
    assert {f"openbell_{name}" for name in PROMISED} <= served
    states = {
        each.partition('"')[2].partition('"')[0] for each in lines if "{state=" in each
    }
    assert states == {str(state) for state in OrderState}


@pytest.mark.parametrize(
    ("path", "method", "host", "status"),
    [
        ("/", "GET", "", 404),
        ("/healthz", "POST", "", 405),
        ("/healthz", "GET", "evil.example", 403),
        ("/healthz", "GET", "evil.example:8080", 403),
        ("/healthz", "GET", "localhost:1", 200),
        ("/healthz", "GET", "[::1]:1", 200),
    ],
)
async def test_it_answers_nothing_else_and_nobody_else(
    path: str, method: str, host: str, status: int
) -> None:
    assert (await get(path, method=method, host=host)).status_code == status


async def test_without_a_port_nobody_listens() -> None:
    async with watched_from_outside(None, health_readings) as port:
        assert port is None


async def test_a_port_that_is_taken_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        a_taken_port() as taken,
        watched_from_outside(taken, health_readings) as port,
    ):
        assert port is None

    assert "cannot be had" in caplog.text
