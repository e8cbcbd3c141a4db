"""Scenarios about connecting, the connection, and delays."""

from typing import Final

from core.sandbox.latency import Profile
from core.sandbox.trouble.faults import Action, Happening, LineEvent, Scenario, Trouble


ALWAYS: Final = 0  # "times": every one of them
PAPER_MARK: Final = "D"
PAPER_ACCOUNT: Final = "DU1234567"

CONNECTING: Final = (
    Scenario(
        name="hello-unanswered",
        seen="Docker's socat accepts TCP while the gateway waits for its second factor.",
        troubles=(Trouble(message="serverVersion", action=Action.DROP, times=ALWAYS),),
    ),
    Scenario(
        name="client-id-in-use",
        seen="A session that died is still open for a while: ib_async issue 152.",
        troubles=(
            Trouble(
                message="startApi",
                action=Action.REFUSE,
                times=2,
                code=326,
                text="Unable to connect as the client id is already in use."
                " Retry with a unique client id.",
            ),
        ),
    ),
    Scenario(
        name="no-accounts",
        seen="A login that is not complete names no accounts; ib_async waits for them.",
        troubles=(
            Trouble(
                message="managedAccounts",
                action=Action.REPLACE,
                times=ALWAYS,
                field=2,
            ),
        ),
    ),
    Scenario(
        name="live-account",
        seen="A paper port that leads to a live gateway: ids without the leading D.",
        troubles=(
            Trouble(
                message="managedAccounts",
                action=Action.REPLACE,
                times=ALWAYS,
                field=2,
                text=PAPER_ACCOUNT.removeprefix(PAPER_MARK),
            ),
        ),
    ),
    Scenario(
        name="accounts-after-ids",
        seen="Captures show nextValidId before and after managedAccounts.",
        troubles=(
            Trouble(message="managedAccounts", action=Action.SWAP, times=ALWAYS),
        ),
    ),
    Scenario(
        name="rate-rejects",
        seen="The setting that rejects what is over the message rate: 100, three strikes.",
        settings={"reject_over_rate": True},
    ),
    Scenario(
        name="read-only",
        seen="Read-only API is the default of a fresh installation: 321.",
        settings={"read_only": True},
    ),
    Scenario(
        name="executions-never-end",
        seen="Message 55 missing when there are no fills: ib_async issues 82 and 84.",
        troubles=(Trouble(message="execDetailsEnd", action=Action.DROP, times=ALWAYS),),
    ),
    Scenario(
        name="completed-orders-never-end",
        seen="reqCompletedOrders times out: ib_insync issues 224 and 355.",
        troubles=(
            Trouble(message="completedOrdersEnd", action=Action.DROP, times=ALWAYS),
        ),
    ),
    Scenario(
        name="open-orders-never-end",
        seen="A timed-out listing swallows later live events: ib_async wrapper.py:706.",
        troubles=(Trouble(message="openOrderEnd", action=Action.DROP, times=ALWAYS),),
    ),
    Scenario(
        name="positions-never-end",
        seen="Positions that never end: ib_async issue 82.",
        troubles=(Trouble(message="positionEnd", action=Action.DROP, times=ALWAYS),),
    ),
)

LINE: Final = (
    Scenario(
        name="line-lost-and-back",
        seen="1100 then 1102, ordinary in the nightly reset.",
        line=(
            Happening(after=2, event=LineEvent.LOST),
            Happening(after=5, event=LineEvent.BACK),
        ),
    ),
    Scenario(
        name="line-back-data-lost",
        seen="1101: every subscription has to be asked for again.",
        line=(
            Happening(after=2, event=LineEvent.LOST),
            Happening(after=5, event=LineEvent.BACK_DATA_LOST),
        ),
    ),
    Scenario(
        name="line-flaps",
        seen="A night of 1100/1102 pairs kept one bot in 322 for four hours.",
        line=tuple(
            Happening(after=1 + beat * 0.5, event=event)
            for beat, event in enumerate((LineEvent.LOST, LineEvent.BACK) * 20)
        ),
    ),
    Scenario(
        name="farms-flap",
        seen="2103/2104 once a second: nautilus_trader issue 4412.",
        line=tuple(
            Happening(after=1 + beat * 0.5, event=event)
            for beat, event in enumerate(
                (LineEvent.MARKET_FARM_DOWN, LineEvent.MARKET_FARM_UP) * 10,
            )
        ),
    ),
    Scenario(
        name="history-farm-down",
        seen="2105: history requests get no answer until 2106.",
        line=(
            Happening(after=1, event=LineEvent.HISTORY_FARM_DOWN),
            Happening(after=20, event=LineEvent.HISTORY_FARM_UP),
        ),
    ),
    Scenario(
        name="nightly-restart",
        seen="The gateway restarts itself at 23:45 and is away for minutes.",
        line=(Happening(after=3, event=LineEvent.RESTART, down=5),),
    ),
    Scenario(
        name="restart-rolls-ids-back",
        seen="nextValidId lower after the restart: Lean issue 242.",
        line=(Happening(after=3, event=LineEvent.RESTART, rollback=1, down=2),),
    ),
    Scenario(
        name="frozen",
        seen="Orders went into a dead socket for 50 s: OpenAlice issue 294.",
        line=(
            Happening(after=3, event=LineEvent.FREEZE),
            Happening(after=63, event=LineEvent.THAW),
        ),
    ),
    Scenario(
        name="cut-in-mid-scan",
        seen="A socket that dies while quotes are coming in.",
        troubles=(Trouble(message="tickPrice", action=Action.CUT, nth=20),),
    ),
    Scenario(
        name="cut-before-bars",
        seen="A socket that dies between the quotes and the bars.",
        troubles=(Trouble(message="historicalData", action=Action.CUT_BEFORE),),
    ),
    Scenario(
        name="slow-gateway",
        seen="Answers after seconds, as on a loaded machine.",
        settings={"profile": Profile.SLOW},
    ),
    Scenario(
        name="nightly-slowness",
        seen="IB's daily reset: brief drops, order actions may be delayed.",
        settings={"profile": Profile.NIGHTLY},
    ),
    Scenario(
        name="wild-length",
        seen="ib_async waits for ever behind a length that is none (measured).",
        troubles=(Trouble(message="tickPrice", action=Action.WILD_LENGTH, nth=10),),
    ),
    Scenario(
        name="undecodable-open-order",
        seen="ib_async logs the order and skips it (measured).",
        troubles=(Trouble(message="openOrder", action=Action.CORRUPT),),
    ),
    Scenario(
        name="short-messages",
        seen="A decoder that runs out of fields drops the message (measured).",
        troubles=(Trouble(message="openOrder", action=Action.SHORTEN, times=ALWAYS),),
    ),
    Scenario(
        name="unknown-fields",
        seen="Newer servers add fields at the end of openOrder.",
        troubles=(Trouble(message="openOrder", action=Action.EXTEND, times=ALWAYS),),
    ),
    Scenario(
        name="heartbeat-dies",
        seen="A wedged gateway answers no one: nautilus_trader issue 4796.",
        troubles=(
            Trouble(message="currentTime", action=Action.DROP, nth=2, times=ALWAYS),
        ),
    ),
)
