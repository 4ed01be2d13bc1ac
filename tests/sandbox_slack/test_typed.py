"""What people type, as Slack sends it."""

import pytest

from bot.sandbox.slack.typed import Names, encoded, posted

NAMES = Names(user={"ana": "U1"}.get, channel={"general": "C1"}.get)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("see https://x.example/a?b=1&c=2, ok", "see <https://x.example/a?b=1&amp;c=2>, ok"),
        ("(https://en.example/wiki/A_(b))", "(<https://en.example/wiki/A_(b)>)"),
        ("cafeagora.es/menu y punto.", "<http://cafeagora.es/menu|cafeagora.es/menu> y punto."),
        ("mail a.b@c.example now", "mail <mailto:a.b@c.example|a.b@c.example> now"),
        ("@ana, @zoe y #general #none", "<@U1>, @zoe y <#C1|general> #none"),
        ("@here hola", "<!here> hola"),
        ("☕️ y ❤️ 👍🏽 🦄", ":coffee: y :heart: :+1::skin-tone-4: 🦄"),
        ("<@U1> literal", "&lt;@U1&gt; literal"),
        ("mañana a las 9:30", "mañana a las 9:30"),
    ],
)
def test_as_slack_sends_it(typed: str, sent: str) -> None:
    assert encoded(typed, NAMES)[0] == sent


def test_a_command_names_people() -> None:
    assert encoded("@ana", NAMES, command=True)[0] == "<@U1|ana>"


def test_rich_text_keeps_what_was_typed() -> None:
    pieces = encoded("a & b ☕ https://x.example", NAMES)[1]
    assert pieces == [
        {"type": "text", "text": "a & b "},
        {"type": "emoji", "name": "coffee", "unicode": "2615"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://x.example"},
    ]


def test_what_an_app_posts_keeps_its_markup() -> None:
    assert posted("1 < 2 & <!here> &lt;") == "1 &lt; 2 &amp; <!here> &lt;"
    assert posted("<!date^1796000000^{date}|x> > y") == "<!date^1796000000^{date}|x> &gt; y"
