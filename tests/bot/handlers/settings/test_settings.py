"""/settings on the phone: shown, changed, refused, reset, exported."""

import pytest

from bot.sandbox.api_types import Message
from bot.sandbox.phone import Phone
from tests.bot.handlers.scripted import ScriptedEngine
from tests.bot.hands import RingingJournal, Watch


async def asked(phone: Phone, said: str) -> Message:
    sent = await phone.send(said)
    return await phone.reads("", after=sent)


async def tapped(phone: Phone, message: Message, label: str, *, shows: str) -> Message:
    """Tap the button, and return the message as it stands when it says *shows*."""
    await phone.tap(message, label)

    def look(here: Phone) -> Message | None:
        current = here.now(message)
        return current if shows in current.text else None

    return await phone.wait_for(look)


async def test_all_settings_are_shown_group_by_group(phone: Phone) -> None:
    overview = await asked(phone, "/settings")

    assert overview.text.startswith("All settings are as .env has them.")
    group = await tapped(phone, overview, "Trading", shows="max order dollars")
    assert "shares" in group.text
    one = await tapped(phone, group, "max order dollars", shows="dollars above 0")
    assert one.text.startswith("max order dollars: 5000")
    assert "up\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}100,000,000" in one.text


async def test_a_switch_is_shown_and_set_as_on_or_off(phone: Phone) -> None:
    group = await asked(phone, "/settings")
    group = await tapped(phone, group, "Reporting", shows="report minutes")
    assert " on" in group.text.splitlines()[1]
    one = await tapped(phone, group, "report", shows="on or off")
    question = await tapped(phone, one, "off", shows="→")

    assert "true" not in f"{group.text}{one.text}"
    assert question.text.startswith("Report on → off?")
    done = await tapped(phone, question, "Yes, off", shows="is off")
    assert done.text.startswith("Report is off, was on.")


async def test_a_value_is_typed_confirmed_and_counts(
    phone: Phone, engine: ScriptedEngine
) -> None:
    question = await asked(phone, "/settings shares 50")

    assert question.text.startswith("Shares 100 → 50?")
    done = await tapped(phone, question, "Yes, 50", shows="is 50")
    assert done.text.startswith("Shares is 50, was 100.")
    assert engine.settings.current.read().limits.shares == 50
    overview = await asked(phone, "/settings")
    assert overview.text.startswith("1 setting chosen here, over .env:")


async def test_words_after_the_question_are_its_answer(phone: Phone) -> None:
    await asked(phone, "/settings max order")

    question = await asked(phone, "$2,000")

    assert question.text.startswith("Max order dollars 5000 → 2000?")


async def test_after_another_command_nothing_typed_is_its_value(phone: Phone) -> None:
    await asked(phone, "/settings shares")
    await asked(phone, "/noise")

    later = await asked(phone, "50")

    assert "Shares" not in later.text
    assert later.labels == ()


async def test_a_command_after_the_question_is_a_command(phone: Phone) -> None:
    await asked(phone, "/settings scan instrument")

    answer = await asked(phone, "status")

    assert "Ready" in answer.text


@pytest.mark.parametrize("said", ["Halt!", "please halt", "pause", "freeze now"])
async def test_a_word_for_halting_is_never_taken_for_a_value(
    phone: Phone, engine: ScriptedEngine, said: str
) -> None:
    """Who wants out does not remember that he was asked for a number."""
    await asked(phone, "/settings shares")

    await asked(phone, said)

    assert [each.split()[0] for each in engine.asked] == ["halt"]


@pytest.mark.parametrize("said", ["stop?", "stop the bot", "omg stop"])
@pytest.mark.parametrize("before", ["/settings shares", "/sell macv lots"])
async def test_what_may_be_a_cry_to_stop_is_never_taken_for_an_answer(
    phone: Phone, engine: ScriptedEngine, said: str, before: str
) -> None:
    await asked(phone, before)

    answer = await asked(phone, said)

    assert answer.text.startswith("Stop? Nothing was stopped yet.")
    assert engine.asked == []


async def test_a_raised_limit_is_asked_twice(
    phone: Phone, engine: ScriptedEngine
) -> None:
    question = await asked(phone, "/settings max order 8000")
    assert "I ask twice" in question.text

    really = await tapped(phone, question, "Yes, 8000", shows="Really")

    assert engine.settings.current.read().limits.max_order == 5000
    await tapped(phone, really, "Yes, really 8000", shows="is 8000")
    assert engine.settings.current.read().limits.max_order == 8000


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/settings shares many", "a whole number of shares"),
        ("/settings shares 0", "For example:\n/settings shares"),
        ("/settings shares \N{SNOWMAN} <b>&", "Not changed: shares stays 100."),
        ("/settings max day 10", "Max day dollars is less than max order dollars"),
        ("/settings mode live", "mode is set in .env only."),
        ("/settings automatic live true", "automatic live is set in .env only."),
        ("/settings live_trading yes-real-money", "live trading is set in .env only."),
        ("/settings OPENBELL_ACCOUNT=U1", "account is set in .env only."),
        ("/settings sharse 5", "Did you mean shares?"),
        ("/settings nonsense", "No setting is called “nonsense”."),
    ],
)
async def test_what_cannot_be_has_a_sentence_and_changes_nothing(
    phone: Phone, journal: RingingJournal, said: str, answer: str
) -> None:
    told = await asked(phone, said)

    assert answer in told.text
    assert not told.buttons
    assert journal.setting_changes.all() == ()


@pytest.mark.parametrize(
    "said",
    ["OPENBELL_SHARES=50", "shares=50", "Shares 50", "share 50 shares", "SHARES = 50"],
)
async def test_a_setting_is_named_as_env_names_it_or_in_words(
    phone: Phone, said: str
) -> None:
    answer = await asked(phone, f"/settings {said}")

    if said.startswith("share "):
        assert "Did you mean" in answer.text
    else:
        assert answer.text.startswith("Shares 100 → 50?")


@pytest.mark.parametrize(
    "said", ["shares reset", "reset shares", "Reset OPENBELL_SHARES", "default shares"]
)
async def test_a_setting_is_reset_whichever_word_comes_first(
    phone: Phone, said: str
) -> None:
    question = await asked(phone, "/settings shares 50")
    await tapped(phone, question, "Yes, 50", shows="is 50")

    answer = await asked(phone, f"/settings {said}")

    assert answer.text.startswith("Shares 50 → 100?")


@pytest.mark.parametrize("said", ["Trading", "noise", "scanning"])
async def test_a_group_is_shown_by_the_name_on_its_button(
    phone: Phone, said: str
) -> None:
    overview = await asked(phone, "/settings")
    by_tap = await tapped(phone, overview, said.capitalize(), shows="Tap one to change")

    typed = await asked(phone, f"/settings {said}")

    assert typed.text == by_tap.text
    assert typed.labels == by_tap.labels


async def test_two_short_names_stand_in_a_row_over_a_long_one(phone: Phone) -> None:
    answer = await asked(phone, "/settings trading")

    *rows, back = answer.buttons
    short = [name for row in rows for name in row if len(name) <= 15]
    assert back == ("All groups",)
    assert sum(len(row) == 2 for row in rows) == len(short) // 2


async def test_set_before_a_name_is_no_part_of_it(phone: Phone) -> None:
    answer = await asked(phone, "/settings set shares 50")

    assert answer.text.startswith("Shares 100 → 50?")


@pytest.mark.parametrize(
    "said",
    ["/settings shares default", "/settings shares .env", "reset shares to default"],
)
async def test_what_would_change_nothing_is_not_asked_about(
    phone: Phone, said: str
) -> None:
    """ "Shares stays 100?" was a question whose Yes did nothing."""
    answer = await asked(phone, said)

    assert answer.text.startswith("Shares is 100 already. Nothing was changed.")
    assert "Yes, 100" not in answer.labels


async def test_a_value_chosen_here_that_is_the_same_can_still_follow_the_file_again(
    phone: Phone,
) -> None:
    question = await asked(phone, "/settings shares 50")
    await tapped(phone, question, "Yes, 50", shows="is 50")
    same = await asked(phone, "/settings shares 50")
    assert same.text.startswith("Shares is 50 already. Nothing was changed.")

    back = await asked(phone, "/settings shares default")
    assert back.text.startswith("Shares 50 → 100?")


async def test_buttons_set_an_option_half_double_and_the_default(phone: Phone) -> None:
    one = await asked(phone, "/settings rank by")
    question = await tapped(phone, one, "open", shows="scanner → open")
    await tapped(phone, question, "Yes, open", shows="is open")
    again = await asked(phone, "/settings rank by")
    back = await tapped(phone, again, "Default: scanner", shows="open → scanner")
    await tapped(phone, back, "Yes, scanner", shows="It follows .env again.")
    shares = await asked(phone, "/settings shares")
    await tapped(phone, shares, "Half", shows="100 → 50")


async def test_a_no_changes_nothing(phone: Phone, journal: RingingJournal) -> None:
    question = await asked(phone, "/settings shares 50")

    await tapped(phone, question, "No", shows="Nothing was changed.")

    assert journal.setting_changes.all() == ()


async def test_a_yes_after_ten_minutes_is_over(
    phone: Phone, journal: RingingJournal, clock: Watch
) -> None:
    question = await asked(phone, "/settings shares 50")
    clock.wait(minutes=10)

    await tapped(phone, question, "Yes, 50", shows="That question has expired.")

    assert journal.setting_changes.all() == ()


async def test_the_export_is_a_env_text_without_any_secret(phone: Phone) -> None:
    question = await asked(phone, "/settings shares 50")
    await tapped(phone, question, "Yes, 50", shows="is 50")

    await phone.send("/settings export")

    sent = await phone.reads("as they stand")
    assert sent.text.startswith("The settings as they stand")


async def test_a_bound_is_said_once(phone: Phone) -> None:
    shares = await asked(phone, "/settings shares")

    assert (
        "1 or more (up\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}1,000,000)." in shares.text
    )
