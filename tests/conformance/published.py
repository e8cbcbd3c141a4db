"""How many fields each message has at server version 178, id included.

The first table was sent to and decoded by all three released clients without a field
left over; the second was read from their decoders. Neither comes from the gateway.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from tests.conformance.wiretap import Message


Count = Callable[[Message], int]


def _repeated(place: int, size: int, fixed: int) -> Count:
    """*size* fields for each of as many rows as the field at *place* says."""
    return lambda message: fixed + size * int(message[place])


CONDITION_FIELDS: Final = {"1": 7, "3": 4, "4": 4, "5": 5, "6": 6, "7": 6}


def _order(fixed: int, algo: int, conditions: int) -> Count:
    """An order of a stock: *fixed* fields, more with an algo or with conditions."""

    def count(message: Message) -> int:
        more = 1 + 2 * int(message[algo + 1]) if message[algo] else 0
        place = conditions + more
        many = int(message[place])
        for _ in range(many):
            place += CONDITION_FIELDS[message[place + 1]]
        listed = place - conditions - more
        return fixed + more + listed + (2 if many else 0)

    return count


FIXED: Final = MappingProxyType(
    {
        1: 7,  # tickPrice
        2: 5,  # tickSize
        3: 12,  # orderStatus
        4: 6,  # error, with its JSON
        6: 6,  # updateAccountValue
        8: 3,  # updateAccountTime
        9: 3,  # nextValidId
        11: 32,  # execDetails
        15: 3,  # managedAccounts
        45: 5,  # tickGeneric
        46: 5,  # tickString
        49: 3,  # currentTime
        52: 3,  # contractDetailsEnd
        53: 2,  # openOrderEnd
        54: 3,  # accountDownloadEnd
        55: 3,  # execDetailsEnd
        57: 3,  # tickSnapshotEnd
        58: 4,  # marketDataType
        59: 8,  # commissionReport
        61: 16,  # position
        62: 2,  # positionEnd
        63: 7,  # accountSummary
        64: 3,  # accountSummaryEnd
        73: 8,  # accountUpdateMulti
        74: 3,  # accountUpdateMultiEnd
        81: 5,  # tickReqParams
        102: 1,  # completedOrdersEnd
        # from the decoders
        7: 20,  # updatePortfolio
        19: 3,  # scannerParameters
        71: 18,  # positionMulti
        72: 3,  # positionMultiEnd
        88: 3,  # headTimestamp
        90: 10,  # historicalDataUpdate
        94: 5,  # pnl
        95: 7,  # pnlSingle
        107: 3,  # userInfo
    },
)
REPEATING: Final = MappingProxyType(
    {
        5: _order(135, 90, 110),  # openOrder
        101: _order(100, 74, 79),  # completedOrder
        10: _repeated(30, 2, 40),  # contractDetails
        17: _repeated(4, 8, 5),  # historicalData
        20: _repeated(3, 16, 4),  # scannerData
        106: _repeated(5, 3, 6),  # historicalSchedule
        78: _repeated(1, 2, 2),  # familyCodes, from the decoders
        93: _repeated(2, 2, 3),  # marketRule, from the decoders
    },
)


def miscounted(messages: list[Message]) -> list[str]:
    """Return a sentence for each kind of message that has too many or too few fields."""
    faults = {}
    for message in messages:
        number = int(message[0])
        count = REPEATING.get(number)
        wanted = count(message) if count else FIXED.get(number)
        if wanted is not None and len(message) != wanted:
            faults[number] = f"message {number} has {len(message)} fields, not {wanted}"
    return list(faults.values())
