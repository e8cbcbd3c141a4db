"""`python -m tests.model.run`: the whole protocol, then each of its rules left out."""

import sys
from typing import Final

from tests.model.explore import Findings, explore
from tests.model.protocol import Rules


REMOVALS: Final = {
    "the same-client fence": Rules(fence=False),
    "the midnight rule": Rules(zones=()),
    "never resend": Rules(never_resend=False),
}
ENOUGH: Final = 20_000


def main() -> int:
    """Print the figures. Non-zero when a promise breaks, or a removal is not caught."""
    whole = explore(Rules(), to_the_first=False)
    print(f"{whole.states:,} states, {whole.transitions:,} transitions")
    print(f"{sum(whole.violations.values())} violations {whole.violations or ''}")
    _print_example(whole)
    missed = bool(whole.violations) or whole.states < ENOUGH
    for name, rules in REMOVALS.items():
        found = explore(rules, to_the_first=False)
        missed |= not found.violations
        print(f"\nwithout {name}: {found.states:,} states, {found.violations}")
        _print_example(found)
    return int(missed)


def _print_example(found: Findings) -> None:
    if found.example:
        print("  " + " > ".join(found.example))


if __name__ == "__main__":
    sys.exit(main())
