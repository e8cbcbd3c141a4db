"""/noise and /mute: which messages ring the phone."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.handlers.questions import Question
from bot.handlers.schedule.spoken_times import plain
from bot.handlers.services import Received, Services, ask, reply
from bot.outgoing.noise import NewsKind, Volume
from bot.outgoing.page import Page
from bot.views import noise as view, words
from core.rules.new_york import local


_SPAN: Final = re.compile(r"(\d{1,3})\s*(m|min|minutes?|h|hours?)", re.ASCII)
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_MIDNIGHT: Final = "0:00"
_IN_WORDS: Final = {
    **dict.fromkeys(("today", "tonight", "tomorrow", "midnight"), _MIDNIGHT),
    **dict.fromkeys(("rest of daily", "rest of today"), _MIDNIGHT),
    **dict.fromkeys(("hour", "an hour", "one hour", "1 hr"), "1h"),
    **dict.fromkeys(("half an hour", "half hour"), "30m"),
    **dict.fromkeys(("two hours", "a couple of hours"), "2h"),
}
LONGEST: Final = timedelta(hours=24)
"""The longest that may be chosen: who mutes for longer forgets it."""


async def noise(received: Received, services: Services) -> None:
    """/noise: what rings now."""
    bell = services.bell_of(received.message.chat.id)
    rules = bell.noise
    volumes = {str(kind): str(rules.volume(kind)) for kind in NewsKind}
    volumes[NewsKind.ALARM] = Volume.LOUD
    quiet = rules.quiet
    text = view.noise(
        volumes,
        quiet=f"{words.clock(quiet.begins)}-{words.clock(quiet.ends)}"
        if quiet
        else None,
        muted_until=bell.muted_until,
    )
    await reply(received, Page(text=text))


async def mute(received: Received, services: Services) -> None:
    """/mute: send messages that can wait without a sound for a while; "off" ends that."""
    said, bell = received.arguments, services.bell_of(received.message.chat.id)
    if [word.lower() for word in said] == ["off"]:
        bell.mute(None)
        await reply(received, Page(text=view.muted(None)))
        services.told_later()
    elif until := muted_until(said, now=services.clock.now()):
        bell.mute(until)
        await reply(received, Page(text=view.muted(until)))
    else:
        page = Page(text=view.how_to_mute())
        await ask(received, services, Question(name="mute"), page)


def muted_until(said: Sequence[str], *, now: datetime) -> datetime | None:
    """The end, in UTC, of "2h", "30 min", "until 3pm" or "until tomorrow" (New York time);
    None for other text, or more than a day.
    """
    words = plain(" ".join(said)).removeprefix("for ").replace("till ", "until ")
    words = _IN_WORDS.get(words.removeprefix("until "), words)
    if span := _SPAN.fullmatch(words):
        unit = "hours" if span[2].startswith("h") else "minutes"
        lasts = timedelta(**{unit: int(span[1])})
        return now + lasts if timedelta(0) < lasts <= LONGEST else None
    if at := _TIME.fullmatch(words.removeprefix("until ")):
        return _next(time(int(at[1]), int(at[2])), now=now)
    return None


def _next(at: time, *, now: datetime) -> datetime:
    """The next time, in UTC, at which New York has that time of day."""
    here = local(now)
    then = datetime.combine(here.date(), at, here.tzinfo)
    if then <= here:
        then = datetime.combine(here.date() + timedelta(days=1), at, here.tzinfo)
    return then.astimezone(UTC)
