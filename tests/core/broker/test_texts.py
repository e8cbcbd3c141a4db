"""IB's texts and moments, decoded once."""

import pytest

from core.broker.texts import SHORT_ZONES, execution_moment, known_zone, plain
from core.model.evidence import CodeMessage
from core.sandbox.trouble.faults import Action, Trouble
from tests.harness.connection import STOCKS, both_ends


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
        ("/rules?id=4&currency=EUR&region=US", "/rules?id=4&currency=EUR&region=US"),
        ("AT&T; size &lt; 5; &#8364;5 &#x20AC;5", "AT&T; size < 5; €5 €5"),
        ("price < 5 and > 3", "price < 5 and > 3"),
        (r"\\u59d4", "委"),
        (r"first\\nsecond", "first second"),
        (r"plac\\xe9 \\303\\251t\\303\\251", "placé été"),
        (r"plac\xe9 avant", "placé avant"),
        (r"\xe5\xa7\x94", "委"),
        (r"\xce\xaf\xcd\xd0 09:30", "委托 09:30"),
        (r"it\'s \"so\" a\/b", 'it\'s "so" a/b'),
        ("first&#10;second&#x0a;third", "first second third"),
        ("a&lt;br&gt;b", "a b"),
        (r"a\u003cbr\u003eb", "a b"),
        ("&#xD800;&#99999999999;", "\ufffd\ufffd"),
        ("a\x00b\u202ec\ufeff", "abc"),
        ("a\xadb\u061cc\u180ed\U000e0041e\ufff9", "abcde"),
        (r"\U000059d4\u6258", "委托"),
        (r"\u{59d4}\u{1F600}", "委\U0001f600"),
        (r"\UFFFFFFFF", r"\UFFFFFFFF"),
        (r"\345\247\224", "委"),
        (r"plac\303\251", "placé"),
        ("a<hr/>b<tr><td>c</td><td>d</td></tr>e", "a b c d e"),
        ("a<!-- not seen -->b", "ab"),
        ("a<!-- not\nseen -->b", "ab"),
        ("a<h2>b</h2>c<option>d", "a b c d"),
        ("reason: <ABC> was not found", "reason: <ABC> was not found"),
        ("&lt;QRVX&gt; &lt;b&gt;held&lt;/b&gt;", "<QRVX> held"),
        ("", ""),
    ],
)
def test_a_text_is_read_without_its_escapes(raw: str, read: str) -> None:
    assert plain(raw) == read


@pytest.mark.attack(23)
@pytest.mark.parametrize("sign", ["\\", "<!--", "<b ", "<b '\"", "&"])
async def test_a_long_text_is_read_at_once(sign: str) -> None:
    """tests/promptness.py measures what each step takes."""
    async with both_ends() as ends:
        note = Trouble(
            message="placeOrder", action=Action.NOTE, code=10349, text=sign * 5000
        )
        ends.server.add_trouble(note)
        ends.broker.place(ends.order(STOCKS[1]))
        received = await ends.received(CodeMessage)

    assert received.code == 10349


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
        ("20261123 15:41:03 GMT+01:00", "20261123 14:41:03 UTC"),
        ("20261123 09:41:03 (GMT-05:00)", "20261123 14:41:03 UTC"),
        ("2026-11-23T20:11:03+0530", "20261123 14:41:03 UTC"),
        ("20261123 15:41:03 UTC+1", "20261123 14:41:03 UTC"),
        ("20261123 14:41:03 +99:00", "20261123 19:41:03 UTC"),
        ("20261123 09:41:03 EDT", "20261123 14:41:03 UTC"),
        ("20261123 14:41:03 BST", "20261123 14:41:03 UTC"),
        ("20261123 22:41:03 HKT", "20261123 14:41:03 UTC"),
        ("20261123 23:41:03 JST", "20261123 14:41:03 UTC"),
        ("1795444863", "1795444863"),
        ("1795444863123", "1795444863"),
        ("20261123  9:41:03", "20261123 14:41:03 UTC"),
        ("20261123 02:41:03 PM US/Eastern", "20261123 19:41:03 UTC"),
        ("20261123 12:01:03 AM US/Eastern", "20261123 05:01:03 UTC"),
        ("20261123 12:01:03 p.m.", "20261123 17:01:03 UTC"),
        ("20261123, 09:41:03", "20261123 14:41:03 UTC"),
        ("20261123;09:41:03 US/Eastern", "20261123 14:41:03 UTC"),
        ("20261123 14:41:03 z", "20261123 14:41:03 UTC"),
        ("20261123 05:41:03 AKST", "20261123 14:41:03 UTC"),
        ("20280229-14:41:03", "20280229 14:41:03 UTC"),
        ("20270314 02:30:00 US/Eastern", "20270314 07:30:00 UTC"),
        ("20270229-14:41:03", None),
        ("99991231 23:59:59 US/Eastern", None),
        ("00010101-00:00:00", None),
        ("20261123 13:41:03 PM", None),
        ("20261123 0:41:03 AM", None),
        ("whenever", None),
        ("20261399-14:41:03", None),
        ("20261123-25:00:00", None),
        ("", None),
    ],
)
def test_an_execution_has_the_moment_that_it_says(raw: str, utc: str | None) -> None:
    assert execution_moment(raw) == utc


@pytest.mark.parametrize("name", SHORT_ZONES)
def test_every_short_name_has_its_zone(name: str) -> None:
    assert str(known_zone(name)) == SHORT_ZONES[name]
