"""Disclosure: which relationship a post comes of, the press that puts the words into its text, and the card's line."""

from bot.domain.people import Relationship
from bot.domain.posts import Revision
from bot.slack.blocks import Block, actions, context, option, select
from bot.slack.forms import Form
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.words import Words

_LABEL = 40
"""Characters of the words on their button, which has room for 75."""


class TellFirst(Button, id="compose.tell_first"):
    """Puts the words that tell the relationship at the beginning of every text where they are missing."""


def chosen(revision: Revision) -> str:
    """The form's value for what a post tells."""
    return "" if revision.disclosure is Relationship.NONE else revision.disclosure.value


def choice_blocks(value: str, kind: type[Form], telling: str, words: Words) -> list[Block]:
    """The choice; where there is something to tell, the rule in a sentence and the press that does it. `kind` is the
    form that it is a field of, `telling` the words."""
    options = [option(words(f"disclosure.{each}"), each.value) for each in Relationship]
    pick = select(options, value or None, placeholder=words("form.choose"))
    blocks = [
        kind.input("disclosure", words("compose.disclosure"), pick, optional=True, live=True,
                   hint=words("compose.disclosure.hint")),
    ]  # fmt: skip
    if not telling:
        return blocks
    label = words("compose.disclosure.put", words=cut(telling, _LABEL))
    return [*blocks, context(words("compose.disclosure.rule")), actions(TellFirst().draw(label))]


def disclosure_lines(revision: Revision, words: Words) -> list[str]:
    """For the card: what it tells; nothing for most posts."""
    if revision.disclosure is Relationship.NONE:
        return []
    return [f"🤝 {words('compose.disclosure')}: {words(f'disclosure.{revision.disclosure}')}"]
