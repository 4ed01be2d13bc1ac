"""What a person said, as a card shows it: before and after an edit, who hid it, what is left once it was deleted."""

from bot.desk.inbox import ConversationPage
from bot.domain.conversations import Words as Heard
from bot.domain.ruled import RULE
from bot.domain.shown import EACH
from bot.slack.blocks import Block, context, image, rich, section
from bot.text.relaying import relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names
from handlers.views.ruled import ruled_line

BEFORE = 600
"""Characters of an earlier wording that a card shows."""
WORDINGS = 4
"""Earlier wordings that are shown where everything is."""


def heard_blocks(
    heard: Heard, most: int, page: ConversationPage, words: Words, names: Names, *, wordings: int = 1
) -> list[Block]:
    """The words with what became of them. Of what we deleted, who did and when; of what the person deleted, the words
    until the brand's time for keeping them is over."""
    if page.conversation.forgotten_at is not None:
        return [section(f":wastebasket: {words('people.words_forgotten')}")]
    if heard.removed_by:
        when = moment(heard.removed_at or page.now, page.brand.clock, words, page.now)
        return [section(f":wastebasket: {words('inbox.deleted', name=names.get(heard.removed_by, ''), when=when)}")]
    if not heard.kept:
        return [section(f":wastebasket: {words('inbox.gone_erased', when=_gone(heard, page, words))}")]
    marks = _marks(heard, page, words, names)
    return [
        *_before(heard, min(most, BEFORE), page, words, wordings),
        *([rich(relay_plain(heard.text, most), quote=True)] if heard.text or not heard.media else []),
        *pictures(heard, page, words),
        *([context(*marks)] if marks else []),
    ]


def pictures(heard: Heard, page: ConversationPage, words: Words) -> list[Block]:
    """Our own copies of what came with it; never an address outside."""
    shown = [file for url in heard.media[:EACH] if (file := page.pictures.get(url))]
    person = relay_plain(page.conversation.person.name, 80)
    return [image(words("inbox.picture_of", person=person), file=file) for file in shown]


def _gone(heard: Heard, page: ConversationPage, words: Words) -> str:
    return moment(heard.gone_at or page.now, page.brand.clock, words, page.now)


def _before(heard: Heard, most: int, page: ConversationPage, words: Words, wordings: int) -> list[Block]:
    edits = heard.edits
    blocks: list[Block] = []
    for old in edits[:-1][-wordings:]:
        blocks += [context(words("inbox.edit_before")), rich(relay_plain(old.text, most), quote=True)]
    if blocks:
        when = moment(edits[-1].at, page.brand.clock, words, page.now)
        blocks.append(context(f":pencil2: {words('inbox.edited', when=when)}"))
    return blocks


def _marks(heard: Heard, page: ConversationPage, words: Words, names: Names) -> list[str]:
    lines: list[str] = []
    if heard.gone_at:
        days = page.brand.policies.deleted_days
        gone = words("inbox.gone", when=_gone(heard, page, words))
        lines.append(f":wastebasket: {gone} {words.n('inbox.gone_kept', days)}")
    lines += ruled_line(heard, page, words, names)
    if heard.hidden and heard.hidden_by != RULE:
        when = moment(heard.hidden_at or page.now, page.brand.clock, words, page.now)
        by = names.get(heard.hidden_by, "")
        said = words("inbox.hidden_by", name=by, when=when) if heard.hidden_by else words("inbox.hidden", when=when)
        lines.append(f":see_no_evil: {said}")
    return lines
