"""The facts that a post leans on: the choice in its form, and how each stands, on the card."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.pages import PostPage
from bot.domain.facts import Fact
from bot.slack.blocks import Block, context, multi_select, option
from bot.slack.forms import Form
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.words import Words
from handlers.views.facts import MARKS

_OPTION, _STATEMENT = 75, 52
"""Characters of an option, and of the statement in it."""
_LINE, _SHOWN = 160, 10
"""Characters of a statement on the card, and how many of them it shows."""


def leans_blocks(
    chosen: Sequence[str], kind: type[Form], facts: Sequence[Fact], now: datetime, words: Words, *, brand: str
) -> list[Block]:
    """The choice among a brand's facts, each with how it stands; nothing where there are none. `kind` is the form that
    it is a field of."""
    if not facts:
        return []
    options = [option(_label(each, now, words), each.id) for each in facts]
    pick = multi_select(options, chosen, placeholder=words("compose.leans.placeholder"))
    hint = words("compose.leans.hint")
    return [
        kind.input("leans", words("compose.leans"), pick, hint=hint, optional=True, live=True, fresh=brand),
    ]


def _label(fact: Fact, now: datetime, words: Words) -> str:
    standing = fact.standing(now)
    statement = cut(relay_plain(fact.statement, _STATEMENT), _STATEMENT)
    return cut(f"{MARKS[standing]} {statement} · {words(f'fact_status.{standing}')}", _OPTION)


def leaning_blocks(page: PostPage, words: Words) -> list[Block]:
    """For the card: on which facts it leans, and how each stands now."""
    lines = []
    for fact in page.leans[:_SHOWN]:
        standing = fact.standing(page.now)
        told = {"statement": relay(cut(fact.statement, _LINE), _LINE), "status": words(f"fact_status.{standing}")}
        lines.append(f"{MARKS[standing]} {words('review.leans', **told)}")
    left = len(page.leans) - len(lines)
    more = [words.n("check.more", left)] if left else []
    return [context("\n".join([*lines, *more]))] if lines else []
