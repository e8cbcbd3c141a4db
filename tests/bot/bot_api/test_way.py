"""The token never goes to a proxy on the way to this machine, and whatever the
environment says about proxies and certificates is used, or refused in one sentence."""

import os
from collections.abc import Iterator

import httpx
import pytest

from bot.bot_api import way
from bot.bot_api.way import way_to
from core.model.errors import SettingsWrong


TELEGRAM = "https://api.telegram.org/bot"
PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL"):
            monkeypatch.delenv(name)
    way._trusted.cache_clear()
    yield
    way._trusted.cache_clear()


def proxy_for(address: str) -> str | None:
    proxy = way_to(address).proxy
    return str(proxy) if proxy else None


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.1.1", "127.1", "[::1]", "LOCALHOST", "localhost.", "0x7f.1"],
)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_this_machine_is_never_reached_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str, name: str
) -> None:
    monkeypatch.setenv(name, PROXY)

    assert proxy_for(f"http://{host}:8081/bot") is None


@pytest.mark.attack(29)
def test_a_proxy_that_is_named_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")

    assert proxy_for(TELEGRAM) == PROXY


@pytest.mark.attack(29)
@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_proxy_of_blanks_is_none(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", blank)

    assert proxy_for(TELEGRAM) is None


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    "proxy",
    ["http://[2001:db8::5]:3128", "http://proxy_1.example:1", "http://\xe9.example:1"],
)
def test_a_proxy_of_any_real_name_is_used(
    monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f" {proxy} ")

    assert proxy_for(TELEGRAM) == str(httpx.URL(proxy))


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    ("spared", "host", "is_spared"),
    [
        ("[::1],10.0.0.0/8,fe80::/10", "api.telegram.org", False),
        ("[::1],10.0.0.0/8,fe80::/10", "10.1.2.3", True),
        ("[::1],10.0.0.0/8,fe80::/10", "[fe80::1]", True),
        ("[2001:db8::5]:8443", "[2001:db8::5]:8443", True),
        ("[2001:db8::5]:8443", "[2001:db8::5]:9443", False),
        ("2001:db8::5", "[2001:db8::5]", True),
        ("telegram.org", "api.telegram.org", True),
        (".telegram.org", "api.telegram.org", True),
        ("*.telegram.org", "api.telegram.org", True),
        ("API.Telegram.org.", "api.telegram.org", True),
        ("gram.org", "api.telegram.org", False),
        ("api.telegram.org:443", "api.telegram.org", True),
        ("api.telegram.org:80", "api.telegram.org", False),
        ("a b api.telegram.org", "api.telegram.org", True),
        ("*", "api.telegram.org", True),
        (", ,,", "api.telegram.org", False),
        ("[,]:,:80,%%,/,//,::/x,[::1", "api.telegram.org", False),
    ],
)
def test_no_proxy_is_read_as_curl_reads_it(
    monkeypatch: pytest.MonkeyPatch, *, spared: str, host: str, is_spared: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", spared)

    assert (proxy_for(f"https://{host}/bot") is None) == is_spared


@pytest.mark.attack(29)
@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("socks5://127.0.0.1:1080", "SOCKS proxy"),
        ("socks5h://me:secret@127.0.0.1:1080", "SOCKS proxy"),
        ("socks4://127.0.0.1:1080", "not a proxy's address"),
        ("ftp://me:secret@127.0.0.1:1080", "not a proxy's address"),
        ("http://me:secret@:x", "not a proxy's address"),
        ("http://", "not a proxy's address"),
        ("http://[::1", "not a proxy's address"),
        ("http://127.0.0.1:99999", "not a proxy's address"),
        ("http://127.0.0.1:0", "not a proxy's address"),
        ("http://127.0.0.1:-1", "not a proxy's address"),
        ("http://a b:3128", "not a proxy's address"),
        ("http://%zz:3128", "not a proxy's address"),
        ("http://me:secret@..:3128", "not a proxy's address"),
        ("http://xn--:3128", "not a proxy's address"),
        ("http://\udce9", "not a proxy's address"),
    ],
)
def test_a_proxy_of_no_use_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, proxy: str, told: str
) -> None:
    monkeypatch.setattr(way, "find_spec", lambda _: None)
    monkeypatch.setenv("ALL_PROXY", proxy)

    with pytest.raises(SettingsWrong, match=told) as problem:
        way_to(TELEGRAM)

    assert "secret" not in str(problem.value)


@pytest.mark.attack(29)
@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_are_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/nowhere")

    with pytest.raises(SettingsWrong, match=name):
        way_to(TELEGRAM)


@pytest.mark.attack(29)
def test_nobody_asks_for_certificates_on_the_way_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")

    assert way_to("http://[::1]:8081/bot").trusted is False
