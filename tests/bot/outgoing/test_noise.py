"""What may ring: an alarm always, the rest as it is set, and not while it is quiet."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bot.outgoing.noise import (
    CAN_BE_OFF,
    NewsKind,
    Noise,
    QuietHours,
    Treatment,
    Volume,
    kind_of,
    noise_of,
)
from core.model.exits.news import (
    ChangedAtIb,
    ExitPartFilled,
    ExitsLate,
    HoldingGone,
    TimedExitMissed,
)
from core.model.news import (
    AskedAgain,
    CardChanged,
    ClosedToday,
    CountFellBack,
    Ghost,
    InDoubt,
    LineLost,
    News,
    NothingToSell,
    OtherName,
    ReportMissed,
    ScanFailed,
    Settled,
    TradingHalted,
)
from core.model.order_news import CancelUnconfirmed, Enlarged, PartFilled
from core.rules.new_york import NEW_YORK
from core.settings.noise import NoiseSettings
from tests.builders import CLOSES, MONDAY, NOW, PROPOSAL_ID, QRVX, a_sent_order, a_shown


REF = a_sent_order().ref
ALARMS: tuple[News, ...] = (
    InDoubt(ref=REF, position_now=Decimal(100)),
    Ghost(ref=REF, text="IB lists it"),
    TradingHalted(at=NOW, reason="a ghost"),
    CountFellBack(at=NOW, next_id=1),
    Enlarged(ref=REF, shares=200),
    CancelUnconfirmed(ref=REF),
    ExitsLate(at=NOW, con_id=QRVX.con_id, symbol="QRVX", reason="no answer"),
    HoldingGone(at=NOW, con_id=QRVX.con_id, symbol="QRVX", shares=100),
    TimedExitMissed(
        con_id=QRVX.con_id, symbol="QRVX", shares=100, missed=MONDAY, closes=CLOSES
    ),
    OtherName(ref=REF, text="another login"),
    ChangedAtIb(at=NOW, ref=REF, shares=200, was_shares=100, tif="DAY", was_tif="GTC"),
    NothingToSell(at=NOW),
)
CAN_WAIT: tuple[News, ...] = (
    Settled(proposal_id=PROPOSAL_ID),
    PartFilled(proposal_id=PROPOSAL_ID, filled_orders=1),
    ExitPartFilled(ref=REF),
    LineLost(since=NOW, reason="no route"),
    ClosedToday(day=MONDAY, next_report=None, closes_early=None),
)
WAITED_FOR: tuple[News, ...] = (
    CardChanged(proposal_id=PROPOSAL_ID),
    ScanFailed(shown=a_shown(), problem="no data"),
    AskedAgain(proposal_id=PROPOSAL_ID, reason="the price moved"),
    ReportMissed(day=MONDAY, reason="no line"),
)
NIGHT = QuietHours(begins=time(22), ends=time(7))
volumes = st.dictionaries(st.sampled_from(NewsKind), st.sampled_from(Volume))


def name(value: object) -> str:
    return type(value).__name__


@given(volumes, st.datetimes(timezones=st.just(NEW_YORK)), st.integers(-5, 5))
def test_an_alarm_rings_whatever_is_set(
    set_to: dict[NewsKind, Volume], now: datetime, lasts: int
) -> None:
    noise = Noise(volumes=set_to, quiet=NIGHT)
    until = now + timedelta(hours=lasts)

    treated = {noise.treatment(news, now, muted_until=until) for news in ALARMS}

    assert treated == {Treatment.RING}


@given(volumes)
def test_what_was_waited_for_always_comes(set_to: dict[NewsKind, Volume]) -> None:
    noise = Noise(volumes=set_to)
    treated = {noise.treatment(news, NOW, muted_until=None) for news in WAITED_FOR}

    assert treated <= {Treatment.RING, Treatment.SILENT}


@pytest.mark.parametrize("news", CAN_WAIT, ids=name)
def test_what_can_wait_is_held_while_it_is_quiet(news: News) -> None:
    later = NOW + timedelta(hours=1)

    assert Noise().treatment(news, NOW, muted_until=later) is Treatment.HOLD
    assert Noise().treatment(news, later, muted_until=later) is Treatment.RING


@pytest.mark.parametrize("news", WAITED_FOR, ids=name)
def test_what_was_waited_for_is_silent_while_it_is_quiet(news: News) -> None:
    later = NOW + timedelta(hours=1)

    assert Noise().treatment(news, NOW, muted_until=later) is Treatment.SILENT


@pytest.mark.parametrize("kind", CAN_BE_OFF)
def test_what_is_off_is_not_told(kind: NewsKind) -> None:
    noise = Noise(volumes={kind: Volume.OFF})
    treated = {
        noise.treatment(news, NOW, muted_until=None)
        for news in CAN_WAIT
        if kind_of(news) is kind
    }

    assert treated == {Treatment.DROP}


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("21:59", False),
        ("22:00", True),
        ("23:59", True),
        ("06:59", True),
        ("07:00", False),
    ],
)
def test_hours_of_quiet_go_past_midnight(at: str, *, quiet: bool) -> None:
    moment = datetime.combine(MONDAY, time.fromisoformat(at), NEW_YORK)

    assert NIGHT.hold(moment) is quiet


def test_hours_of_quiet_of_one_day() -> None:
    lunch = QuietHours(begins=time(12), ends=time(13))

    assert lunch.hold(datetime.combine(MONDAY, time(12, 30), NEW_YORK))
    assert not lunch.hold(datetime.combine(MONDAY, time(13), NEW_YORK))


def test_the_settings_say_how_loud() -> None:
    said = NoiseSettings(quiet_hours="22:00-07:00", noise_fills="off")

    noise = noise_of(said.volumes(), said.quiet_hours)

    assert noise.volume(NewsKind.FILL) is Volume.OFF
    assert noise.volume(NewsKind.CARD) is Volume.LOUD
    assert noise.quiet == NIGHT


@pytest.mark.parametrize("text", ["22:00", "22-7", "25:00-07:00", "07:00-07:00", "now"])
def test_hours_of_quiet_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quiet_hours"):
        NoiseSettings(quiet_hours=text)
