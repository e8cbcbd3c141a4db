"""This machine is known in every spelling, and nothing else is taken for it."""

import pytest

from core.loopback import is_loopback


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "Localhost"),
        *("127.0.0.1", "127.0.1.1", "127.255.255.254", "127.0.0.1."),
        *("127.1", "127.0.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001"),
        *("::1", "[::1]", "0:0:0:0:0:0:0:1", "::1%lo"),
        *("::ffff:127.0.0.1", "[::FFFF:7f00:1]"),
    ],
)
def test_every_spelling_of_this_machine_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "[]", "example.com", "localhost.example.com", "notlocalhost"),
        *("evil.localhost", "localhost..", "127.0.0.1.nip.io", "127.0.0.1 evil.com"),
        *("127.0.0.1%lo", "127.0.0.1%00.evil.com", "127.1%.evil.com", "localhost%lo"),
        *("128.0.0.1", "10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "fe80::1"),  # noqa: S104  not bound
        *("12７.0.0.1", "ｌocalhost", "ﬁle"),  # noqa: RUF001  that is the point
    ],
)
def test_nothing_else_is_taken_for_this_machine(host: str) -> None:
    assert not is_loopback(host)
