"""Whatever is chosen, every message about it fits a phone and changes nothing it says."""

import pytest
from hypothesis import given, settings as how, strategies as st

from bot.views.settings import changes, export, shown
from core.model.chosen.news import LimitRaised, SettingSetAside
from core.model.chosen.setting import InForce, JudgedSetting, Setting
from tests.bot.views.hands import check, read
from tests.builders import NOW
from tests.harness.choices import a_catalogue


words = st.text(st.sampled_from("ab <>&\"'_.…,$%é\n"), max_size=300)
whatever = how(max_examples=60, deadline=None)
_FLAGS = (True, False)
SETTINGS = a_catalogue().settings({})
GROUPS = sorted({one.group for one in SETTINGS})


def judged(was: str, value: str, *, loosens: bool = True) -> JudgedSetting:
    return JudgedSetting(
        name="max_order_dollars",
        to=value,
        was=was,
        value=value,
        loosens=loosens,
        in_force=InForce.AT_ONCE,
    )


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_fits(group: str) -> None:
    check(shown.group(group, SETTINGS))


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_every_setting_fits_and_says_its_value_and_what_it_takes(one: Setting) -> None:
    html = shown.setting(one)

    check(html)
    text = read(html)
    said = {"": "none", "true": "on", "false": "off"}.get(one.value, one.value)
    assert text.splitlines()[0] == f"{one.name.replace('_', ' ')}: {said}"
    assert one.takes.replace("true or false", "on or off") in text


@whatever
@given(
    words,
    words,
    st.sampled_from([(a, b, c) for a in _FLAGS for b in _FLAGS for c in _FLAGS]),
)
def test_any_question_fits(
    was: str, value: str, flags: tuple[bool, bool, bool]
) -> None:
    sure, late, loosens = flags
    change = judged(was, value, loosens=loosens)

    check(changes.ask(change, sure=sure, late=late))
    check(changes.changed(change))


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.name)
def test_only_a_limit_is_said_to_count_for_open_cards(one: Setting) -> None:
    """Hours of quiet, too, were said to."""
    stricter = JudgedSetting(
        name=one.name,
        to="1",
        was="2",
        value="1",
        loosens=False,
        in_force=one.in_force,
    )

    text = read(changes.ask(stricter, sure=False, late=False))

    assert ("open cards" in text) is (one.group == "trading")


@whatever
@given(words, words)
def test_any_refusal_fits(said: str, problem: str) -> None:
    for one in SETTINGS[:6]:
        check(changes.refused(one, said, problem))
    check(changes.not_known(said, ("shares", "size")))
    check(changes.cannot(problem))


@whatever
@given(words, words, words)
def test_any_news_of_a_setting_fits(by: str, was: str, value: str) -> None:
    check(
        changes.raised(LimitRaised(at=NOW, by=by, name="shares", was=was, value=value))
    )
    check(
        changes.set_aside(SettingSetAside(at=NOW, name="shares", value=was, why=value))
    )


def test_everything_chosen_at_once_still_fits() -> None:
    chosen = {one.name: one.value for one in SETTINGS}
    check(shown.overview(a_catalogue().settings(chosen)))


def test_the_export_is_a_env_file_that_is_taken_as_it_stands() -> None:
    lines = export.env_text(SETTINGS).splitlines()
    names = [line.partition("=")[0] for line in lines if line and line[0] != "#"]

    assert names == [f"OPENBELL_{one.name.upper()}" for one in SETTINGS]
    assert not any(word in "".join(names) for word in ("TOKEN", "SECRET", "ACCOUNT"))


@pytest.mark.parametrize("said", ["alarms off", "noise halts silent", "Doubts off"])
def test_what_always_rings_is_no_unknown_setting(said: str) -> None:
    text = changes.not_known(said, ())

    check(text)
    assert "always ring" in text.splitlines()[0]
