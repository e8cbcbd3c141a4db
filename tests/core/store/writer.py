"""A process that writes to a journal until it is killed or the disk is full.

It prints a number as soon as everything that belongs to it has been committed.
"""

import itertools
import resource
import sys
from dataclasses import replace
from pathlib import Path

from core.model.errors import StoreError
from core.model.proposal import ProposalId, Token
from core.store.journal import Journal
from tests.builders import NOW, a_proposal, an_order
from tests.core.store.journals import open_in


def write_one(journal: Journal, number: int) -> None:
    """A card, its order, a line and a mark: together, or not at all."""
    card = replace(a_proposal(), id=ProposalId(f"p{number}"), token=Token(f"t{number}"))
    with journal.transaction():
        journal.proposals.add(card)
        journal.orders.add(an_order(proposal_id=card.id))
        journal.trail.append(at=NOW, ref=card.id, kind="offered", payload=str(number))
        journal.memory.raise_order_id_high(number)


def main(directory: str, largest_file: str) -> None:
    if int(largest_file):
        limit = int(largest_file), resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    with open_in(Path(directory)) as journal:
        for number in itertools.count():
            try:
                write_one(journal, number)
            except StoreError as error:
                print(error, flush=True)
                return
            print(number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
