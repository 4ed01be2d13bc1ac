"""Whatever a stranger writes stays words: no ping, no formatting, no fake, no disorder, no flood."""

import re
import time
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.text.relaying import hosts, relay, relay_plain

# Slack's reading of mrkdwn, generously: what might be formatted counts as formatted.
SPECIAL = re.compile(r"<[^>]*>?")
FORMATS = [
    re.compile(r"(?<![A-Za-z0-9])\*[^*\n]+\*"),
    re.compile(r"\*[^*\n]+\*(?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9])_[^_\n]+_"),
    re.compile(r"_[^_\n]+_(?![A-Za-z0-9])"),
    re.compile(r"(?<![A-Za-z0-9])~[^~\n]+~"),
    re.compile(r"~[^~\n]+~(?![A-Za-z0-9])"),
    re.compile(r"`"),
    re.compile(r":[\w+'-]+:"),
    re.compile(r"@(here|channel|everyone|group)", re.IGNORECASE),
]
ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
DISORDER = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066\u2067\ufeff]"
)

HOSTILE = st.text(
    alphabet=st.sampled_from("*_~`:<>&@!#|\n abhere.smile/\u202e\u200b\u200d\u0301שא😀👩🏽\ud800"), max_size=120
)
ANYTHING = st.one_of(HOSTILE, st.text(max_size=200))


def assert_harmless(shown: str) -> None:
    assert not SPECIAL.search(shown)
    assert not ENTITY.search(shown)
    for form in FORMATS:
        assert not form.search(shown), (form.pattern, shown)
    assert not DISORDER.search(shown)
    assert not any(unicodedata.category(character) == "Cs" for character in shown)
    assert shown.count("\u2068") == shown.count("\u2069")


@given(ANYTHING, st.integers(20, 400))
def test_relay_is_one_harmless_line(text: str, limit: int) -> None:
    shown = relay(text, limit)
    assert len(shown) <= limit
    assert_harmless(shown)
    assert "\n" not in shown
    assert not shown.lstrip("\u2068 ").startswith((">", "&gt;"))


@given(ANYTHING, st.integers(20, 400))
def test_every_relayed_line_is_quoted(text: str, limit: int) -> None:
    shown = relay(text, limit, quote=True)
    assert len(shown) <= limit
    for line in shown.split("\n"):
        assert line.startswith("&gt; ")
        assert_harmless(line)
        assert not line.removeprefix("&gt; ").lstrip("\u2068 ").startswith("&gt;")


@given(ANYTHING, st.integers(20, 400))
def test_relay_plain_keeps_lines_and_order(text: str, limit: int) -> None:
    shown = relay_plain(text, limit)
    assert len(shown) <= limit
    assert not DISORDER.search(shown)
    assert not any(unicodedata.category(character) == "Cs" for character in shown)
    for line in shown.split("\n"):
        assert line.count("\u2068") == line.count("\u2069")
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("¡Qué café más rico! 😍👩🏽‍🍳🇪🇸", "¡Qué café más rico! 😍👩🏽‍🍳🇪🇸"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣"),
        ("uno\r\ndos\u2028tres\n\n\n\ncuatro", "uno\ndos\ntres\n\ncuatro"),
        ("a\u200bb\ufeffc\u00add\u2060e", "abcde"),
        ("ok\u202egnp.exe", "okgnp.exe"),
        ("שלום\nhola", "\u2068שלום\u2069\nhola"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("\ud83d roto \x00\x1b[31m", "\ufffd roto [31m"),
        ("a" + "\u0301" * 100, "a\u0301\u0301\u0301\u0301"),
    ],
)
def test_only_what_cannot_be_seen_goes(text: str, plain: str) -> None:
    assert relay_plain(text, 500) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel> <@U1> &lt;", "&lt;!channel&gt; &lt;@U1&gt; &amp;lt;"),
        ("2*3*4 y foto_de_ayer", "2*3*4 y foto_de_ayer"),
        ("*Aprobado por Ana*", "∗Aprobado por Ana∗"),
        (">>> cita", "››› cita"),
        ("https://x.com:80/a_b", "https://x.com:80/a_b"),
        ("gracias @cafe_agora", "gracias @cafe_agora"),
        ("uno\n\n:white_check_mark: Aprobada", "uno ∶white_check_mark: Aprobada"),
    ],
)
def test_relay_reads_as_it_was_written(text: str, shown: str) -> None:
    assert relay(text, 500) == shown


def test_cut_is_marked_and_never_in_an_entity() -> None:
    assert relay("&" * 100, 23) == "&amp;&amp;&amp;&amp;…"
    assert relay("hola " * 20, 20).endswith("…")
    assert relay_plain("hola " * 20, 20).endswith("…")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mira https://agora.es/a y http://www.x.com.", ["agora.es", "www.x.com"]),
        ("https://banco.es@evil.example/login", ["evil.example"]),
        ("https://banco.es\\@evil.example", ["banco.es"]),
        ("https://аррӏе.com", ["xn--80ak6aa92e.com"]),
        ("https://ex%61mple.com/x https://[::1]:80/", ["example.com", "::1"]),
        ("www.agora.es y evil.com/x, hola.Que tal", ["www.agora.es", "evil.com"]),
        ("ana@agora.es fin.", []),
        ("https://a.es https://a.es/2", ["a.es"]),
        ("https://[roto", ["roto"]),
        ("e\u200bvil.com", ["evil.com"]),
    ],
)
def test_hosts(text: str, found: list[str]) -> None:
    assert hosts(text) == found


@given(ANYTHING)
def test_hosts_reads_anything(text: str) -> None:
    for host in hosts(text):
        assert not regex.search(r"\s", host)


FLOODS = [
    "a" + "\u0301" * 200_000, "&" * 200_000, "*" * 200_000, ":a" * 100_000, "\n" * 200_000, ">" * 200_000,
    "a." * 100_000, "a-" * 100_000, "http://" * 30_000, "😀\u200d" * 100_000, "שa\n" * 60_000, "@here" * 40_000,
    "\u200d" * 200_000, "🏴\U000e0067" * 100_000, "https://" + "а" * 200_000 + ".com", "<" * 200_000,
    ":" + "a" * 200_000, "www." * 50_000, "\u2068" * 200_000, " " * 200_000 + "x",
]  # fmt: skip


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: ascii(flood[:6]))
def test_a_flood_is_bounded(flood: str) -> None:
    started = time.perf_counter()
    for shown in (relay(flood, 3000), relay(flood, 3000, quote=True), relay_plain(flood, 3000)):
        assert len(shown) <= 3000
    hosts(flood)
    assert time.perf_counter() - started < 5  # measured: under 0.1 s; anything quadratic takes minutes
