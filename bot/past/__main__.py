"""`python -m bot.past JOURNAL SEED UNTIL`: writes the demo's past and prints its
progress. *UNTIL* is a time in ISO format, in UTC.

Tested by tests/bot/test_demo.py.
"""

import sys
from datetime import datetime
from pathlib import Path

from bot.demo import HOLDER
from bot.past.writing import SESSIONS, write


def main(journal: str, seed: str, until: str) -> None:
    """Raises:
    StoreError: the journal cannot be written.
    """
    moment = datetime.fromisoformat(until)
    for number in write(Path(journal), seed=int(seed), holder=HOLDER, until=moment):
        print(f"\r  Making up a past: day {number} of {SESSIONS}", end="", flush=True)
    print("\r  Sixty days of a past are made up: /score, /history, /pnl.", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
