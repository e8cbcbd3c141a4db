"""A client that speaks bytes to a session, without sockets and without a clock."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.gateway.gateway import Gateway
from core.sandbox.gateway.handlers import new_gateway
from core.sandbox.gateway.session import ClientSession
from core.sandbox.latency import Profile
from core.sandbox.protocol.placing import (
    FIFTH,
    FIRST,
    FOURTH,
    LAST,
    SECOND,
    SIXTH,
    THIRD,
)
from core.sandbox.protocol.wire import PREFIX, Fields, frame, split
from core.sandbox.trouble.faults import Action, Scenario, Trouble


MORNING: Final = datetime(2026, 7, 30, 14, 45, tzinfo=UTC)  # 10:45 in New York
OFFER: Final = PREFIX + b"\0\0\0\x09v157..178"
AAPL: Final = "265598"
SPY: Final = "756733"


def a_gateway(config: GatewayConfig | None = None, *troubles: Trouble) -> Gateway:
    """A gateway at 10:45 of a trading day that answers at once."""
    scenario = Scenario(name="test", seen="here", troubles=troubles)
    config = config or GatewayConfig(profile=Profile.INSTANT, scenario=scenario)
    gateway = new_gateway(config)
    gateway.now = MORNING
    return gateway


def a_trouble(message: str, action: Action, times: int = 1) -> Trouble:
    return Trouble(message=message, action=action, times=times)


def message(*fields: object) -> bytes:
    """The bytes of one client message."""
    return frame(tuple(map(str, fields)))


def contract(con_id: str) -> tuple[str, ...]:
    """The twelve fields of a contract known by its conId."""
    return (con_id, "", "STK", "", "0.0", "", "", "SMART", "", "USD", "", "")


def frames(data: bytes) -> list[Fields]:
    """The messages in a gateway's bytes."""
    found = []
    while data:
        end = 4 + int.from_bytes(data[:4], "big")
        found.append(split(data[4:end]))
        data = data[end:]
    return found


def of_kind(found: Iterable[Fields], number: int) -> list[Fields]:
    """Only the messages with that id."""
    return [each for each in found if each[0] == str(number)]


class Talker:
    """One client; time passes only when it says so."""

    def __init__(self, gateway: Gateway, *, client_id: int = 7) -> None:
        self.gateway = gateway
        self.client_id = client_id
        self.received: list[Fields] = []
        session = gateway.connect(gateway.now)
        assert session is not None
        self.session: ClientSession = session

    def start(self) -> "Talker":
        """Shake hands and start the API."""
        self.say(OFFER)
        self.say(message(71, 2, self.client_id, ""))
        return self

    def say(self, data: bytes) -> list[Fields]:
        """Send bytes, and return what is answered at once."""
        self.session.receive(data, self.gateway.now)
        return self.wait(0.0)

    def ask(self, *fields: object) -> list[Fields]:
        """Send one message, and return what is answered at once."""
        return self.say(message(*fields))

    def wait(self, seconds: float) -> list[Fields]:
        """Let time pass in steps of a twentieth of a second; return what is said."""
        end, found = self.gateway.now + timedelta(seconds=seconds), list[Fields]()
        while True:
            self.gateway.advance(self.gateway.now)
            if not self.gateway.frozen:
                found += frames(self.session.due(self.gateway.now))
            if self.gateway.now >= end:
                break
            self.gateway.now += timedelta(seconds=0.05)
        self.received += found
        return found


def an_order(
    order_id: object, named: tuple[str, ...] = contract(AAPL), **terms: object
) -> tuple[str, ...]:
    """The fields of placeOrder at 178: BUY 10 AAPL at the market for the day, but for
    those terms, by their names in ``protocol/placing``.
    """
    plain = {"action": "BUY", "totalQuantity": 10, "orderType": "MKT", "tif": "DAY"}
    said = {**plain, "transmit": 1, **terms}

    def of(names: list[str]) -> list[object]:
        return [said.get(name, "") for name in names]

    before = [*of(FIRST), *of(SECOND), *of(THIRD), *of(FOURTH), *of(FIFTH)]
    no_delta_neutral, no_algo, no_conditions = 0, "", 0
    behind = [*of(SIXTH), no_conditions, *of(LAST)]
    fields = (3, order_id, *named, *before, no_delta_neutral, no_algo, *behind)
    return tuple(map(str, fields))
