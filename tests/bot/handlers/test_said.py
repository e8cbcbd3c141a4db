"""Bare words that mean /panic, and those that do not."""

from bot.handlers.said import is_panic


def test_a_word_for_wanting_out_is_understood_however_it_is_written() -> None:
    for text in (
        "panic",
        "STOP!",
        "/stop",
        "Sell all.",
        "sell  everything",
        "/sell all",
    ):
        assert is_panic(text), text
    assert not is_panic(None)
    for text in ("stop loss?", "don't panic", "sell all MACV", ""):
        assert not is_panic(text), text
