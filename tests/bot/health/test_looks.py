"""Who watches sees a loop that looks at nothing any more, and news that nobody is told."""

from datetime import timedelta
from pathlib import Path

from bot.health.looks import Looks
from core.model.news import Ghost
from tests.core.store.journals import open_in, write
from tests.fakes.clock import HandClock
from tests.monday import NOW


NEWS = Ghost(ref="tb-y", text="An order turned up.")


def test_the_last_look_and_the_oldest_news_have_an_age(tmp_path: Path) -> None:
    clock, done = HandClock(NOW), []
    with open_in(tmp_path) as journal:
        looks = Looks(journal.outbox, clock)
        look = looks.watching(lambda: done.append(True))
        assert (looks.ago(NOW), looks.waited(NOW)) == (None, 0)

        write(journal, lambda: journal.outbox.notify(NEWS))
        look()
        later = NOW + timedelta(seconds=40)
        assert (done, looks.ago(later), looks.waited(later)) == ([True], 40, 40)

        write(journal, lambda: journal.outbox.mark_sent(NEWS, edition=1, message=7))
        look()
        assert looks.waited(later) == 0
