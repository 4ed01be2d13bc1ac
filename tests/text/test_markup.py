"""What was typed comes out of Slack's markup unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.emoji import emojify
from bot.text.markup import cut, from_slack, link, to_mrkdwn

NAMES = {"U2": "bruno", "C2": "general", "S2": "equipo"}.get


@pytest.mark.parametrize(
    ("arrived", "typed"),
    [
        ("caf&amp;té &lt;3 &gt; &copy;", "caf&té <3 > &copy;"),
        ("&amp;lt;", "&lt;"),
        ("<https://x.com/a?b=1&amp;c=2>", "https://x.com/a?b=1&c=2"),
        ("<http://example.com|example.com>", "example.com"),
        ("<http://example.com/|example.com>", "example.com"),
        ("<https://example.com|pulsa aquí>", "https://example.com"),
        ("<mailto:hola@agora.es|hola@agora.es>", "hola@agora.es"),
        ("<@U1|ana> y <@U2> y <@U3>", "@ana y @bruno y @U3"),
        ("<#C1|promo> <#C2>", "#promo #general"),
        ("<!here> <!channel|channel>", "@here channel"),
        ("<!subteam^S1|@marketing> <!subteam^S2> <!subteam^S3>", "@marketing @equipo @S3"),
        ("<!date^1392734382^{date}|18 feb>", "18 feb"),
        ("hola :wave::skin-tone-3:, todo :+1: :heart:", "hola 👋🏼, todo 👍 ❤️"),
        ("a las 10:30:45, :nuestro_logo: y 2:100:3", "a las 10:30:45, :nuestro_logo: y 2:100:3"),
        (":man-woman-girl-boy::flag-es::woman-running::skin-tone-6:", "👨‍👩‍👧‍👦🇪🇸🏃🏿‍♀️"),
        ("<https://x.com/:smile:>", "https://x.com/:smile:"),
        ("*negrita* _cursiva_ `código`", "*negrita* _cursiva_ `código`"),
    ],
)
def test_from_slack(arrived: str, typed: str) -> None:
    assert from_slack(arrived, NAMES) == typed


@given(st.text())
def test_what_slack_escapes_comes_back(typed: str) -> None:
    """Slack escapes three signs and leaves the rest; a short name typed by hand is the emoji that Slack shows."""
    assert from_slack(to_mrkdwn(typed)) == emojify(typed)


@given(st.text(alphabet="<>@#!|&;:/ahttps.", max_size=200))
def test_any_markup_is_read(arrived: str) -> None:
    from_slack(arrived)


def test_skin_tone_on_what_takes_none() -> None:
    assert emojify(":pizza::skin-tone-2:") == "🍕🏻"


def test_link() -> None:
    assert link("https://x.com/a?b=1&c=2", "Ver <b>|x") == "<https://x.com/a?b=1&amp;c=2|Ver &lt;b&gt;¦x>"
    assert link("javascript:alert(1)", "Ver") == "Ver"
    assert link("https://x.com/a|<!here>", "Ver") == "Ver"
    assert link("https://[x", "Ver") == "Ver"


FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("hola", 4, "hola"),
        ("hola!", 4, "hol…"),
        (FAMILY + FAMILY, 12, FAMILY + "…"),
        ("cafe\u0301s", 5, "caf…"),
        (FAMILY, 3, "👨\u200d…"),
        ("ab", 1, "…"),
    ],
)
def test_cut(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(st.text(), st.integers(1, 60))
def test_cut_fits(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
