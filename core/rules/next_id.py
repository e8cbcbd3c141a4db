"""What IB's next order id says of the journal: who else counts, and who forgot.

IB counts the order ids of each client id, and names the next one at every handshake.
A data folder that was restored whole agrees with its own high-water mark; only IB's
count shows that there were orders since.
"""

from enum import Enum, auto


class NextId(Enum):
    """How IB's next id stands to what this journal knows."""

    EXPECTED = auto()
    AHEAD = auto()  # ids were used that this journal never gave
    FELL_BACK = auto()  # the gateway's count was reset


def compare_next_id(next_id: int, *, high: int, seen: int | None) -> NextId:
    """*high* is the highest id that this journal ever gave, *seen* the next id that IB
    named before in the same name; None the first time, which proves nothing.

    It is not ahead for an id of ours that never reached IB, nor behind for one.
    """
    if seen is None:
        return NextId.EXPECTED
    if next_id > max(high + 1, seen):
        return NextId.AHEAD
    return NextId.FELL_BACK if next_id < seen else NextId.EXPECTED
