"""Several scanners' answers become one list."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from core.model.market import ScannedRow


def merged(answers: Sequence[Sequence[ScannedRow]]) -> tuple[ScannedRow, ...]:
    """The firsts of all answers, then the seconds, and so on; an earlier answer's row
    comes before a later one's. A stock that several found keeps its best place."""
    abreast = chain.from_iterable(zip_longest(*answers))
    found: dict[tuple[int, str], ScannedRow] = {}
    for row in abreast:
        if row is not None:
            found.setdefault((row.instrument.con_id, row.instrument.symbol), row)
    return tuple(found.values())
