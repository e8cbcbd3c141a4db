"""The files in which a mistake costs money, and the tests that speak of each."""

from collections.abc import Mapping, Sequence
from typing import Final


_RULES: Final = "tests/core/rules/"
_FLOWS: Final = "tests/core/flows/"
_LEDGER: Final = "tests/core/ledger/"
_GUARDS: Final = (
    *(f"{_RULES}test_guards.py", f"{_RULES}test_common_guards.py"),
    *(f"{_RULES}test_order_guards.py", f"{_RULES}test_money_guards.py"),
    *(f"{_RULES}test_margins.py", f"{_RULES}limits"),
)
_STATES: Final = (
    *(f"{_RULES}test_order_states.py", f"{_RULES}test_steps.py"),
    *(f"{_RULES}test_fills.py", f"{_LEDGER}test_ghosts.py"),
    f"{_RULES}test_margins.py",
)
_COPIES: Final = tuple(
    f"{_RULES}{each}.py" for each in ("test_copies", "test_stale_listings")
)
_JUDGING: Final = (
    *(f"{_RULES}test_absence.py", f"{_RULES}test_reconciliation.py"),
    *(f"{_RULES}test_order_messages.py", f"{_RULES}test_fills.py"),
    *(f"{_RULES}test_followed.py", f"{_RULES}test_whose.py"),
    *(f"{_RULES}test_margins.py", *_COPIES),
    *(f"{_FLOWS}test_{each}.py" for each in ("doubt", "listen", "resized")),
    *(f"{_FLOWS}exits/test_{each}.py" for each in ("changed_at_ib", "reduced")),
)
_RECONCILING: Final = (
    *(f"{_FLOWS}test_reconcile.py", f"{_FLOWS}test_recovery.py"),
    *(f"{_FLOWS}test_doubt.py", f"{_FLOWS}test_listen.py"),
    *(f"{_FLOWS}test_comparing.py", f"{_FLOWS}test_new_day.py"),
)
_TRADING: Final = (
    *(f"{_FLOWS}test_trade.py", f"{_FLOWS}test_refusals.py"),
    *(f"{_FLOWS}test_sending.py", f"{_FLOWS}test_comparing.py"),
    f"{_FLOWS}test_new_day.py",
)
_LEDGERS: Final = (
    *(f"{_LEDGER}test_orders.py", f"{_LEDGER}test_ghosts.py"),
    *(f"{_LEDGER}test_cards.py", f"{_LEDGER}test_unit_of_work.py"),
    *(f"{_LEDGER}test_card_records.py", f"{_LEDGER}test_order_records.py"),
)

_SALES: Final = (f"{_RULES}selling", f"{_FLOWS}named", *_COPIES)
_EXITS: Final = (f"{_RULES}exits", f"{_FLOWS}exits", *_COPIES)
_ROUND_TRIPS: Final = (
    f"{_RULES}scoring/test_round_trips.py",
    f"{_RULES}scoring/test_round_trip_kinds.py",
)

FILES: Final[Mapping[str, Sequence[str]]] = {
    "core/flows/trade.py": (*_TRADING, f"{_FLOWS}test_doubt.py"),
    "core/flows/send.py": (*_TRADING, f"{_FLOWS}test_doubt.py"),
    "core/flows/offer.py": (
        *(f"{_FLOWS}test_offer.py", f"{_FLOWS}test_offering.py"),
        f"{_FLOWS}test_scanning.py",
        *(f"{_FLOWS}test_report.py", *_TRADING),
    ),
    "core/flows/reconcile.py": _RECONCILING,
    "core/flows/decide.py": (f"{_FLOWS}test_offer.py", f"{_FLOWS}test_offering.py"),
    "core/rules/order_states.py": (
        *(*_STATES, f"{_RULES}test_any_order.py", *_COPIES),
        *(f"{_FLOWS}test_{each}.py" for each in ("resized", "busts", "doubt")),
        *(
            f"{_FLOWS}exits/test_{each}.py"
            for each in ("changed_at_ib", "closed_by_word")
        ),
        "tests/core/ledger",
    ),
    "core/rules/order_guards.py": _GUARDS,
    "core/ledger/halts.py": (f"{_LEDGER}test_halts.py", *_LEDGERS),
    "core/ledger/others.py": (
        *(f"{_LEDGER}test_others.py", *_LEDGERS),
        f"{_FLOWS}test_other_name.py",
    ),
    "core/ledger/orders.py": (
        *(*_LEDGERS, *_TRADING),
        *(f"{_FLOWS}{each}.py" for each in ("test_recovery", "test_doubt")),
        *(f"{_FLOWS}test_{each}.py" for each in ("cancelling", "busts", "copies")),
        *(f"{_FLOWS}test_{each}.py" for each in ("listen", "resized")),
        *(f"{_FLOWS}exits/test_{each}.py" for each in ("changed_at_ib", "reduced")),
        *(f"{_FLOWS}exits/test_{each}.py" for each in ("closed_by_word", "exposure")),
        f"{_LEDGER}test_exit_ends.py",
        f"{_LEDGER}test_given_away.py",
    ),
    "core/rules/listings/reconciliation.py": _JUDGING,
    "core/rules/listings/absence.py": _JUDGING,
    "core/rules/order_messages.py": _JUDGING,
    "core/rules/common_guards.py": (*_GUARDS, f"{_FLOWS}amending/test_check.py"),
    "core/rules/sessions.py": (f"{_RULES}test_sessions.py",),
    "core/ledger/cards.py": (*_LEDGERS, f"{_FLOWS}test_offer.py"),
    "core/model/order.py": (*_STATES, "tests/core/model/test_model.py"),
    "core/flows/listen.py": (*_RECONCILING, f"{_FLOWS}test_outage.py"),
    "core/rules/circumstances.py": _GUARDS,
    "core/rules/guards.py": (
        *(*_GUARDS, f"{_RULES}selling/test_guards.py"),
        *(f"{_FLOWS}named/test_panic.py", f"{_FLOWS}exits/test_cards.py"),
    ),
    "core/rules/outlook.py": (f"{_RULES}test_outlook.py",),
    "core/rules/listings/found.py": _JUDGING,
    "core/rules/sending.py": (
        f"{_RULES}test_sending.py",
        f"{_FLOWS}test_before_it_leaves.py",
        *(f"{_FLOWS}test_late_yes.py", "tests/bot/test_waits.py", *_LEDGERS),
    ),
    "core/rules/listings/unknown_orders.py": tuple(
        f"{_RULES}test_{each}.py" for each in ("unknown_orders", "whose", "copies")
    ),
    "core/rules/halts.py": (f"{_RULES}test_halts.py", f"{_LEDGER}test_halts.py"),
    "core/rules/limits/session.py": _GUARDS,
    "core/rules/limits/stock.py": _GUARDS,
    "core/ledger/exits.py": (*_EXITS, f"{_LEDGER}test_exit_ends.py"),
    "core/rules/selling/holding.py": (*_SALES, f"{_FLOWS}exits"),
    **{
        f"core/rules/selling/{each}.py": _SALES
        for each in ("fresh", "guards", "amount", "left", "legs")
    },
    **{
        f"core/rules/exits/{each}.py": _EXITS
        for each in (
            *(
                "approval",
                "coverage",
                "covered",
                "exposure",
                "guards",
                "orders",
                "prices",
            ),
            *("reduced", "split_ends", "splits", "timing", "written"),
        )
    },
    **{
        f"core/flows/exits/{each}.py": _EXITS
        for each in (
            *("judge", "keeper", "late", "needs", "pauses", "planned", "plans"),
            *("built", "pricing", "split_ends", "timed"),
        )
    },
    "core/rules/next_id.py": (f"{_RULES}test_absence.py", f"{_FLOWS}test_restored.py"),
    "core/rules/scoring/lots.py": _ROUND_TRIPS,
    "core/rules/scoring/round_trips.py": _ROUND_TRIPS,
    "core/ledger/unit_of_work.py": _LEDGERS,
    "core/flows/statuses_during_pass.py": _RECONCILING,
    "core/chance.py": ("tests/core/test_chance.py",),
    "bot/gate.py": ("tests/bot/test_gate.py", "tests/bot/test_gate_alone.py"),
    "bot/callback_data.py": ("tests/bot/test_callback_data.py",),
    "bot/keyboards.py": (
        *("tests/bot/test_keyboards.py", "tests/bot/test_every_button.py"),
    ),
}
"""Tests of a whole folder, or of one file of it."""
