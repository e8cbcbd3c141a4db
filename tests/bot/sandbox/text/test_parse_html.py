"""HTML is read as the real server reads it.

The cases marked TDLib follow the public tests of the library beneath the real server.
"""

import pytest
from hypothesis import given, strategies as st

from bot.sandbox.text.entities import Entity, clean, from_json, tidy, to_html, units
from bot.sandbox.text.parse_html import Unparsable, parse_html


def shape(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Return the text, and kind, offset and length (UTF-16) of what lies over it."""
    text, entities = parse_html(source)
    found = [entity.to_json(text) for entity in entities]
    return text, [(e["type"], e["offset"], e["length"]) for e in found]


# TDLib
@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟&lt;<i aba  = 190azAz-.,", "Unexpected end of name token at byte offset 18"),
        ('🏟 🏟&lt;<i aba = "&lt;&quot;>', "Unclosed start tag at byte offset 13"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<i ", "Unclosed start tag at byte offset 0"),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (
            "🏟 🏟&lt;<i>a</em   >",
            'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
        ),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-time unix="12345" format="rt">x</tg-time>', "Invalid date format used"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid date specified"),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#57311;",
            "Text contains invalid Unicode characters after decoding HTML entities",
        ),
    ],
)
def test_wrong_markup_is_refused_in_the_real_words(source: str, complaint: str) -> None:
    with pytest.raises(Unparsable) as refusal:
        parse_html(source)

    assert refusal.value.description.startswith(
        f"Bad Request: can't parse entities: {complaint}"
    )


# TDLib
@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("&ge;&lt;&gt;&amp;&quot;&laquo;&#12345678;", '&ge;<>&"&laquo;&#12345678;', []),
        ("AT&T &", "AT&T &", []),
        ("➡️ ➡️<em>➡️ ➡️</em>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
        ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [("italic", 5, 6)]),
        ("<i>&#65;&#x42;</>", "AB", [("italic", 0, 2)]),
        ("🏟 🏟&lt;<b></b>", "🏟 🏟<", []),
        ("<SPAN class = 'tg-spoiler'>a</SPAN>", "a", [("spoiler", 0, 1)]),
        (
            "<ins>a</ins><del>b</del>",
            "ab",
            [("underline", 0, 1), ("strikethrough", 1, 1)],
        ),
        ("<a> </a>", " ", []),
        ("<a href=telegram.org>x</a>", "x", [("text_link", 0, 1)]),
        ("<blockquote   expandable   asd>a</>", "a", [("expandable_blockquote", 0, 1)]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", 0, 1)]),
        ("<tg-emoji emoji-id='1'>👍</tg-emoji>", "👍", []),
    ],
)
def test_markup_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    assert shape(source) == (text, entities)


def test_details_of_an_entity_are_kept() -> None:
    source = (
        '<pre><code class="language-py">x</code></pre>'
        '<a href="https://example.org/?a&amp;b">y</a>'
        '<tg-time unix="12345" format="wDT">z</tg-time>'
    )

    text, entities = parse_html(source)

    assert [entity.to_json(text) for entity in entities] == [
        {"type": "pre", "offset": 0, "length": 1, "language": "py"},
        {
            "type": "text_link",
            "offset": 1,
            "length": 1,
            "url": "https://example.org/?a&b",
        },
        {
            "type": "date_time",
            "offset": 2,
            "length": 1,
            "unix_time": 12345,
            "date_time_format": "wDT",
        },
    ]


def test_a_text_is_trimmed_up_to_its_first_entity() -> None:
    text, entities = tidy(*parse_html(" \n a <b> b </b> \n"))

    assert (text, [(e.kind, e.start, e.end) for e in entities]) == (
        "a  b",
        [("bold", 2, 4)],
    )


def test_nothing_lies_over_code() -> None:
    text, entities = tidy(*parse_html("<b>a <code>/b <i>c</i></code> d</b>"))

    assert [(e.kind, text[e.start : e.end]) for e in entities] == [
        ("bold", "a "),
        ("code", "/b c"),
        ("bold", " d"),
    ]


def test_commands_tags_and_addresses_are_found() -> None:
    words = "/scan $FDMX #open @sam_x https://a.org/b, 1/2 a/b $5 <b>"

    text, entities = tidy(words, ())

    assert [(e.kind, text[e.start : e.end]) for e in entities] == [
        ("bot_command", "/scan"),
        ("cashtag", "$FDMX"),
        ("hashtag", "#open"),
        ("mention", "@sam_x"),
        ("url", "https://a.org/b"),
    ]


def test_tabs_become_spaces() -> None:
    assert clean("a\tb\r\nc\u202e") == "a b\nc"


def test_entities_from_a_bot_count_utf_16_units() -> None:
    text = "🏟x"

    entities = from_json(
        text,
        [
            {"type": "bold", "offset": 2, "length": 1},
            {"type": "bold", "offset": 3, "length": 9},
        ],
    )

    assert entities == (Entity(kind="bold", start=1, end=2),)


TAGGED = st.recursive(
    st.text("ab <&>\"'🏟\n", max_size=6).map(
        lambda words: to_html(words, ()),
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(
            [
                "b",
                "i",
                "u",
                "s",
                "code",
                "pre",
                "tg-spoiler",
                "blockquote",
                "blockquote expandable",
                'a href="https://example.org/?q=1&amp;r"',
                'tg-time unix="1795444200" format="r"',
                'tg-time unix="1795444200"',
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(TAGGED, max_size=4).map("".join))
def test_what_was_stored_reads_back_the_same(source: str) -> None:
    text, entities = tidy(*parse_html(source))

    again = tidy(*parse_html(to_html(text, entities)))

    assert again == (text, entities)


@given(st.lists(TAGGED, max_size=4).map("".join))
def test_entities_lie_inside_the_text_and_are_not_empty(source: str) -> None:
    text, entities = tidy(*parse_html(source))

    stretches = [entity.to_json(text) for entity in entities]

    assert all(
        0 <= e["offset"] < e["offset"] + e["length"] <= units(text) for e in stretches
    )


@given(st.text("<>/&;=\"' abi#x1🏟", max_size=40))
def test_any_nonsense_is_read_or_refused(source: str) -> None:
    refusals = []
    text = ""

    try:
        text, _ = parse_html(source)
    except Unparsable as refusal:
        refusals.append(refusal.description)

    assert all("can't parse entities: " in words for words in refusals)
    assert len(text) <= len(source)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"])))
def test_escaped_words_arrive_as_they_are(words: str) -> None:
    assert parse_html(to_html(words, ())) == (words, ())
