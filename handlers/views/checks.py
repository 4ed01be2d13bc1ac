"""What the checks say, as lines: of a post on its card, of an answer in its form."""

from collections.abc import Sequence

from bot.desk.pages import PostPage
from bot.domain.brands import Brand
from bot.domain.checks import Finding
from bot.domain.house_rules import Level
from bot.slack.blocks import Block, Message, actions, context, section
from bot.slack.cards import Card
from bot.text.relaying import relay
from bot.text.telling import sentence
from bot.text.words import Words
from handlers.views.decisions import EditPost, excerpt
from handlers.views.faces import face_mark

MARKS = {Level.BLOCKER: "⛔", Level.WARNING: "⚠️", Level.NOTE: "💬"}
SHOWN = 3


def findings_told(findings: Sequence[Finding], brand: Brand, words: Words) -> list[str]:
    """One line for each, what is the same on every account once."""
    lines = ((each.level, sentence(words, each.key, each.args, zone=brand.clock)) for each in findings)
    return list(dict.fromkeys(f"{MARKS[level]} {line}" for level, line in lines))


class LinkWarning(Card, id="checks.links"):
    """Tells the author of what is approved already that a link in it doesn't work."""

    post: str


def link_warning_message(page: PostPage, findings: Sequence[Finding], words: Words) -> Message:
    """What is wrong, in which post, and the way to its card."""
    brand = page.brand
    told = words("check.links_before", brand=relay(brand.name, 80))
    lines = findings_told(findings, brand, words)
    blocks = [
        section("\n".join([f"{face_mark(brand)} *{told}*", *lines])),
        *excerpt(page.post.current.text),
        actions(EditPost(post=page.post.id).draw(words("button.edit"))),
        context(words("publish.card_in", channel=f"<#{brand.channel('review')}>")),
    ]
    return Message(told, blocks)


def answer_checks(findings: Sequence[Finding], brand: Brand, words: Words) -> list[Block]:
    """In the form of an answer: the gravest few, and how many more there are."""
    lines = findings_told(findings, brand, words)
    more = [words.n("check.more", len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return [context("\n".join([*lines[:SHOWN], *more]))] if lines else []
