"""Check of the journal, also beside a running bot."""

from pathlib import Path
from typing import Final

from bot.checks.finding import Finding
from core.model.errors import StoreError, StoreOlder
from core.store.inspection import JournalBlocks, standing


_RESUME: Final = "Nothing is sent while it is halted: look into it, then send /resume."
_DOUBT: Final = "Nothing more is sent for these stocks: /orders asks you about them."
_OLDER: Final = "The next start migrates it, and keeps a copy of it as it is."
_RESTORED: Final = "The next start halts and compares everything with IB's."


def journal_finding(path: Path) -> Finding:
    """Whether the journal shows anything that would keep an order back."""
    try:
        found = standing(path)
    except StoreOlder:
        return Finding(what="journal", found="an older Openbell's", note=_OLDER)
    except StoreError as problem:
        mend = (
            "Start the Openbell that wrote it, or restore a copy made by this version."
        )
        return Finding(what="journal", found=str(problem), mend=mend)
    if found is None:
        return Finding(what="journal", found="none yet: the first start makes it")
    return _of(found)


def _of(found: JournalBlocks) -> Finding:
    if found.halts:
        why = "; ".join(each.reason for each in found.halts)
        return Finding(what="journal", found=f"halted: {why}", mend=_RESUME)
    if found.stale:
        return Finding(what="journal", found=found.stale, mend=_RESTORED)
    if found.in_doubt:
        names = ", ".join(found.in_doubt)
        return Finding(what="journal", found=f"in doubt: {names}", mend=_DOUBT)
    return Finding(what="journal", found="not halted, and nothing in doubt")
