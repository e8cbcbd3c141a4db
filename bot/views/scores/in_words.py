"""What the recordings say of the picks, in words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.views import words
from bot.views.scores.sketch import span
from core.model.proposal import Mode
from core.model.scoring.following import Horizon
from core.model.scoring.score import Against, Conclusion, Result, Score
from core.rules.figures import percent
from core.rules.scoring.results import LEAST_DAYS, SURE


_COLUMNS: Final = (
    words.Column(width=12, right=False),
    words.Column(width=10),
    words.Column(width=11),
)
_VERDICTS: Final = {
    Conclusion.NO_DIFFERENCE: "No difference from SPY is visible.",
    Conclusion.BETTER: "The picks did better than SPY.",
    Conclusion.WORSE: "The picks did worse than SPY.",
}
_HOW: Final = (
    "Every scan is recorded when it is made, and every row is followed, bought or not.",
    "Bought at the ask of the card or at the real fills, sold at the bid, IB's fees paid.",
    "A day is one bet, however many picks it had. The measure named beforehand is the",
    "close against SPY; the p of all others is corrected for there being several.",
)

LEAST_SPREAD: Final = 2
"""Sessions that have a spread, and so an interval."""


def score(score: Score | None, *, mode: Mode) -> str:
    """/score: how the picks have done against SPY and against chance."""
    head = f"<b>Picks against SPY</b> · {words.bold(words.mode_word(mode))}"
    if score is None or not score.results:
        return words.paragraphs(
            head,
            "Nothing to show yet: each scan of an open market is followed after the "
            "close, and counted from that evening on.",
        )
    return words.paragraphs(
        words.lines(head, _span(score), _verdict(score.results[0])),
        words.lines(*_primary(score.results[0]), *_apart(score)),
        words.lines(words.pre(_table(score.results)), _starred(score.results)),
        words.lines(
            _slippage(score.slippage, score.fees), _unpriced(score), _others(score)
        ),
        words.details((*_HOW, f"Settings: {words.safe(score.settings)}.")),
    )


def caption(mode: Mode) -> str:
    """The line under the picture."""
    return f"<b>Picks at the close</b> · {words.bold(words.mode_word(mode))}"


def line(score: Score | None) -> str:
    """One line for a card and the report; "" when there is nothing to say."""
    if score is None or not score.results:
        return ""
    first = score.results[0]
    mean, likely = _mean(first)
    return (
        f"{_sessions(first.days)} of such picks: {mean} vs SPY "
        f"by the close{f' (95%: {likely})' if likely else ''}"
    )


def _sessions(days: int) -> str:
    return f"{days} session{'s' if days != 1 else ''}"


def _span(score: Score) -> str:
    return (
        f"{_sessions(len(score.days))}, "
        f"{' to '.join(dict.fromkeys(span(score.days[0].day, score.days[-1].day)))}"
        if score.days
        else ""
    )


def _verdict(first: Result) -> str:
    if first.verdict is Conclusion.TOO_EARLY:
        return (
            f"<b>Too early to tell</b>: {LEAST_DAYS} sessions are needed, and so far "
            f"there {'is' if first.days == 1 else 'are'} {first.days}."
        )
    return f"<b>{_VERDICTS[first.verdict]}</b>"


def _primary(first: Result) -> Iterator[str]:
    share = first.hit_interval
    mean, likely = _mean(first)
    before = f"95%: {likely}; " if likely else ""
    chance = words.together(f"p {words.thousandth(first.p)}")
    yield f"At the close: <b>{mean}</b> a day against SPY ({before}{chance})"
    low, high = map(percent.of_fraction, (share.low, share.high))
    likely = words.together(f"{words.whole(low)}% to {words.whole(high)}%")
    ahead = percent.share(Decimal(first.hits), Decimal(first.days))
    yield (
        f"Ahead of SPY on {first.hits} of {first.days} days "
        f"({words.whole(ahead)}%; 95%: {likely})"
    )


def _apart(score: Score) -> Iterator[str]:
    """What was bought, and what was not; one of them alone is all of them."""
    if score.bought is None:
        yield "None of them was bought."
        return
    yield f"Only what was bought: {_over(score.bought)}"
    if score.not_bought is not None:
        yield f"Only what was not: {_over(score.not_bought)}"


def _over(part: Result) -> str:
    mean, likely = _mean(part)
    range_ = f" (95%: {likely})" if likely else ""
    return f"{mean} a day over {_sessions(part.days)}{range_}"


def _mean(result: Result) -> tuple[str, str]:
    """The mean and its interval, in the same digits; one session has none, for nothing
    can be told of its spread."""
    interval = result.interval
    mean, low, high = _in_digits(result.mean, interval.low, interval.high)
    if result.days < LEAST_SPREAD:
        return _points(result.mean), ""
    return mean, words.together(f"{low} to {high}")


def _table(results: Sequence[Result]) -> Iterator[str]:
    """The mean of each measure; all with the same digits, so that they line up."""
    yield words.row(("after", "vs SPY", "vs random"), _COLUMNS)
    told = dict(zip(results, _in_digits(*(r.mean for r in results)), strict=True))
    for horizon in Horizon:
        cells = [
            _cell(told, horizon, against) for against in (Against.SPY, Against.RANDOM)
        ]
        if any(cell != words.UNKNOWN for cell in cells):
            yield words.row((horizon, *cells), _COLUMNS)


def _cell(told: Mapping[Result, str], horizon: Horizon, against: Against) -> str:
    for result, mean in told.items():
        if result.measure.horizon is horizon and result.measure.against is against:
            return f"{mean}{'*' if _is_sure(result) else ''}"
    return words.UNKNOWN


def _is_sure(result: Result) -> bool:
    return result.verdict in {Conclusion.BETTER, Conclusion.WORSE}


def _starred(results: Sequence[Result]) -> str:
    random = "“random” is a random row of the same scan"
    if any(map(_is_sure, results)):
        return f"% points a day; {random}; * p at most {SURE}, corrected"
    return f"% points a day; {random}; none is sure"


def _slippage(slippage: float | None, fees: float | None) -> str:
    if slippage is None:
        return ""
    where = "above" if slippage > 0 else "below"
    charged = "" if fees is None else f"; IB's fee was {words.hundredth(fees)}%"
    far = words.hundredth(abs(slippage))
    return f"Fills were {far}% {where} the card's ask on average{charged}."


def _unpriced(score: Score) -> str:
    if not score.unpriced:
        return ""
    reasons = "; ".join(
        f"{count}x {words.safe(words.fit(why, words.LONGEST // 4))}"
        for why, count in score.unpriced[:3]
    )
    count = sum(count for _, count in score.unpriced)
    return f"Picks without a price, not counted: {count} ({reasons})"


def _others(score: Score) -> str:
    if not score.other_series:
        return ""
    many = score.other_series > 1
    return f"{score.other_series} earlier series of other settings {'are' if many else 'is'} kept apart."


def _points(points: float) -> str:
    """Percent points with their sign, two decimals where they are small."""
    return _in_digits(points)[0]


def _in_digits(*points: float) -> list[str]:
    """Several percent points in one row: all with two decimals if one is small."""
    exact = [Decimal(str(each)) for each in points]
    if any(abs(each) < 1 for each in exact):
        return [f"{words.signed(each)}%" for each in exact]
    return list(map(words.percent, exact))
