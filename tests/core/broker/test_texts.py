"""IB's texts and moments, decoded once."""

import pytest

from core.broker.texts import execution_moment, plain


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (r"\u59d4\u6258 ... 09:30:00", "委托 ... 09:30:00"),
        (r"first\nsecond", "first second"),
        ("first\nsecond", "first second"),
        ("a<br>b&amp;c", "a b&c"),
        ("a<BR/>b<b>c</b>", "a bc"),
        (r"\ud83d\ude00 ok", "\U0001f600 ok"),
        (r"half \ud83d a pair", "half \ufffd a pair"),
        ("&amp;lt;", "&lt;"),
        ("price < 5 and > 3", "price < 5 and > 3"),
        ("", ""),
    ],
)
def test_a_text_is_read_without_its_escapes(raw: str, read: str) -> None:
    assert plain(raw) == read


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("raw", "utc"),
    [
        ("20261123-14:41:03", "20261123 14:41:03 UTC"),
        ("20261123 09:41:03 US/Eastern", "20261123 14:41:03 UTC"),
        ("20261123 15:41:03 MET", "20261123 14:41:03 UTC"),
        ("20261123 15:41:03 W. Europe Standard Time", "20261123 14:41:03 UTC"),
        ("20261123  09:41:03", "20261123 14:41:03 UTC"),
        ("20261123 09:41:03 Nowhere/Land", "20261123 14:41:03 UTC"),
        ("20261123-14:41:03.123", "20261123 14:41:03 UTC"),
        ("20261123-14:41", "20261123 14:41:00 UTC"),
        ("20261123-23:59:60", "20261123 23:59:59 UTC"),
        ("2026-11-23T14:41:03Z", "20261123 14:41:03 UTC"),
        ("20261123-09:41:03 US/Eastern", "20261123 14:41:03 UTC"),
        ("20261101 01:30:00 US/Eastern", "20261101 05:30:00 UTC"),
        ("1795444863", "1795444863"),
        ("whenever", None),
        ("20261399-14:41:03", None),
        ("20261123-25:00:00", None),
        ("", None),
    ],
)
def test_an_execution_has_the_moment_that_it_says(raw: str, utc: str | None) -> None:
    assert execution_moment(raw) == utc
