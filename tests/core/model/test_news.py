"""The key of a piece of news: the same key is the same news, told once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.model.exits.news import (
    ChangedAtIb,
    ExitDone,
    ExitPartFilled,
    ExitsLate,
    HoldingGone,
    TimedExitMissed,
)
from core.model.news import (
    CardChanged,
    ClosedToday,
    CountFellBack,
    Ghost,
    InDoubt,
    LineBack,
    LineLost,
    LookAlike,
    News,
    OtherName,
    ReportMissed,
    ReportReady,
    ScanFailed,
    Settled,
    TradingHalted,
)
from core.model.order import OrderState
from core.model.order_news import CancelUnconfirmed, Enlarged, PartFilled
from core.model.proposal import Mode
from core.rules.reporting import ReportParts, morning_report
from tests.builders import (
    ACCOUNT,
    CLOSES,
    MONDAY,
    NOW,
    PROPOSAL_ID,
    QRVX,
    a_sent_order,
    a_session,
    a_shown,
)


REF = a_sent_order().ref
REPORT = morning_report(
    ReportParts(
        now=NOW,
        score=None,
        session=a_session(),
        mode=Mode.SANDBOX,
        account=None,
        last_value=None,
        positions=None,
        quotes={},
        open_orders=None,
        last_picks=None,
        away=None,
        last_orders=(),
        trades=None,
    )
)
ALL: list[tuple[News, str]] = [
    (CardChanged(proposal_id=PROPOSAL_ID), "card:abcdefghij"),
    (ScanFailed(shown=a_shown(), problem="refused"), "scan-failed:1001:55"),
    (Settled(proposal_id=PROPOSAL_ID), "settled:abcdefghij"),
    (Settled(proposal_id=PROPOSAL_ID, filled=40), "settled:abcdefghij:40"),
    (
        Settled(proposal_id=PROPOSAL_ID, filled=40, whole=True),
        "settled:abcdefghij:40:whole",
    ),
    (
        Settled(
            proposal_id=PROPOSAL_ID,
            filled=0,
            states=(OrderState.CANCELLED, OrderState.REJECTED),
        ),
        "settled:abcdefghij:cancelled:rejected",
    ),
    (ExitDone(ref=REF), f"exit-done:{REF}"),
    (ExitDone(ref=REF, filled=40), f"exit-done:{REF}:40"),
    (Enlarged(ref=REF, shares=200), f"enlarged:{REF}:200"),
    (
        ChangedAtIb(
            at=NOW, ref=REF, shares=200, was_shares=100, tif="DAY", was_tif="GTC"
        ),
        f"changed-at-ib:{REF}:2026-11-23T14:41:07+00:00",
    ),
    (CancelUnconfirmed(ref=REF), f"cancel-unconfirmed:{REF}"),
    (PartFilled(proposal_id=PROPOSAL_ID, filled_orders=1), "part-filled:abcdefghij:1"),
    (ExitPartFilled(ref=REF), f"exit-part-filled:{REF}"),
    (
        ExitsLate(at=NOW, con_id=QRVX.con_id, symbol="QRVX", reason="no answer"),
        f"exits-late:{QRVX.con_id}:2026-11-23T14:41:07+00:00",
    ),
    (
        HoldingGone(at=NOW, con_id=QRVX.con_id, symbol="QRVX", shares=100),
        f"holding-gone:{QRVX.con_id}:2026-11-23T14:41:07+00:00",
    ),
    (
        TimedExitMissed(
            con_id=QRVX.con_id, symbol="QRVX", shares=100, missed=MONDAY, closes=CLOSES
        ),
        f"timed-exit-missed:{QRVX.con_id}:2026-11-23:2026-11-23T21:00:00+00:00",
    ),
    (
        TimedExitMissed(
            con_id=QRVX.con_id,
            symbol="QRVX",
            shares=100,
            missed=MONDAY,
            closes=CLOSES,
            account=ACCOUNT,
        ),
        f"timed-exit-missed:{QRVX.con_id}:2026-11-23:2026-11-23T21:00:00+00:00:{ACCOUNT}",
    ),
    (InDoubt(ref=REF, position_now=Decimal(100)), f"doubt:{REF}"),
    (InDoubt(ref=REF, position_now=None, number=2), f"doubt:{REF}:2"),
    (Ghost(ref=REF, text="it lives"), f"ghost:{REF}"),
    (
        Ghost(ref=REF, text="it lives", at=NOW),
        f"ghost:{REF}:2026-11-23T14:41:07+00:00",
    ),
    (LookAlike(ref="tb-x", text="a tool's"), "look-alike:tb-x"),
    (
        CountFellBack(at=NOW, next_id=1),
        "count-fell-back:2026-11-23T14:41:07+00:00",
    ),
    (OtherName(ref=REF, text="id 18"), f"other-name:{REF}:id 18"),
    (
        LineLost(since=NOW, reason="refused"),
        "line-lost:2026-11-23T14:41:07+00:00",
    ),
    (
        LineBack(since=NOW, at=NOW + timedelta(minutes=3)),
        "line-back:2026-11-23T14:41:07+00:00",
    ),
    (TradingHalted(at=NOW, reason="by Sam"), "halted:2026-11-23T14:41:07+00:00:by Sam"),
    (ReportReady(shown=a_shown(), report=REPORT), "report:2026-11-23:55"),
    (ReportMissed(day=MONDAY, reason="not running"), "report-missed:2026-11-23"),
    (
        ClosedToday(day=MONDAY, next_report=None, closes_early=None),
        "closed:2026-11-23",
    ),
]


@pytest.mark.parametrize(("news", "key"), ALL)
def test_news_is_known_by_what_it_is_about(news: News, key: str) -> None:
    assert news.key == key


def test_no_two_kinds_of_news_share_a_key() -> None:
    assert len({news.key for news, _ in ALL}) == len(ALL)


def test_doubt_about_an_order_is_one_matter_whatever_is_held_now() -> None:
    assert (
        InDoubt(ref=REF, position_now=None).key
        == InDoubt(ref=REF, position_now=Decimal(100)).key
    )
