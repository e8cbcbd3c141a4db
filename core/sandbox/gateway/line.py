"""The connection between the gateway and the broker, and the notices about it."""

from types import MappingProxyType
from typing import Final

from core.sandbox.timers import Callback


FARM: Final = "openbell-sandbox"
"""The farm of contract definitions, which every client is told of when it connects: no
real gateway knows one of this name, so it proves that nothing here is real."""

LINE_TEXT: Final = MappingProxyType(
    {
        1100: "Connectivity between IBKR and Trader Workstation has been lost.",
        1101: "Connectivity between IBKR and Trader Workstation has been restored"
        " - data lost.",
        1102: "Connectivity between IBKR and Trader Workstation has been restored"
        " - data maintained. All data farms are connected: usfarm; ushmds; secdefil.",
        2103: "Market data farm connection is broken:usfarm",
        2104: "Market data farm connection is OK:usfarm",
        2105: "HMDS data farm connection is broken:ushmds",
        2106: "HMDS data farm connection is OK:ushmds",
        2110: "Connectivity between Trader Workstation and server is broken."
        " It will be restored automatically.",
        2157: f"Sec-def data farm connection is broken:{FARM}",
        2158: f"Sec-def data farm connection is OK:{FARM}",
    },
)
FARM_CODES: Final = MappingProxyType(
    {
        2103: ("market", False),
        2104: ("market", True),
        2105: ("history", False),
        2106: ("history", True),
        2157: ("definitions", False),
        2158: ("definitions", True),
    },
)
NEEDS: Final = MappingProxyType({9: "definitions", 81: "definitions", 87: "history"})
ANSWERED_ALONE: Final = frozenset({8, 14, 15, 17, 49, 59})  # needs no broker
LOST: Final = frozenset({1100, 2110})


class UpstreamLine:
    """Whether the broker and its farms can be reached, and the requests that wait for
    them.
    """

    def __init__(self) -> None:
        self.up = True
        self.farms_down: set[str] = set()
        self._kept: list[Callback] = []

    def holds(self, request: int) -> bool:
        """Whether a request has to wait for the broker or for its farm."""
        if request in ANSWERED_ALONE:
            return False
        return not self.up or NEEDS.get(request) in self.farms_down

    def reaches(self, farm: str) -> bool:
        """Whether the farm "market", "history" or "definitions" can be reached."""
        return self.up and farm not in self.farms_down

    def keep(self, callback: Callback) -> None:
        """Call *callback* when the broker or a farm can be reached again."""
        self._kept.append(callback)

    def learn(self, code: int) -> list[Callback]:
        """Change the state as *code* says; return the callbacks to call now."""
        if code in FARM_CODES:
            farm, up = FARM_CODES[code]
            (self.farms_down.discard if up else self.farms_down.add)(farm)
        else:
            self.up = code not in LOST
        if code in LOST or not FARM_CODES.get(code, ("", True))[1]:
            return []
        kept, self._kept = self._kept, []
        return kept

    def notices(self) -> list[tuple[int, str]]:
        """Code and text of each notice that a new client gets."""
        codes = [
            code
            for code, (farm, up) in FARM_CODES.items()
            if up is (farm not in self.farms_down)
        ]
        lost = [] if self.up else [1100]
        return [(code, LINE_TEXT[code]) for code in (*lost, *codes)]
