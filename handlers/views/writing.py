"""What every form that answers in public has: the text as it will be read, its count, and what speaks against it."""

from bot.desk.answers import Written
from bot.desk.inbox import ConversationPage
from bot.domain.deliveries import UNDO
from bot.slack.blocks import Block, context, rich, text_input
from bot.slack.forms import Form, Typed
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.checks import answer_checks
from handlers.views.looks import heat_blocks
from handlers.views.private import answer_hint, answer_label
from handlers.views.saved_replies import saved_choice

MOST = 3000
"""Characters that Slack's input takes."""


class Writing(Form):
    """A public answer. `reply` is its id, made when the form opened: it arrives once.

    seen: what stood against one more answer when it was submitted before, so that the second press counts. sign: the
    signature that is shown. placed: by what the text is known that a saved reply put there, as the `fills`-th.
    """

    conversation: str
    reply: str
    seen: tuple[str, ...] = ()
    sign: str = ""
    placed: str = ""
    fills: int = 0
    saved: Typed[str] = ""
    text: Typed[str] = ""


def writing_blocks(
    form: Writing, page: ConversationPage, written: Written, words: Words, *, fresh: str = ""
) -> list[Block]:
    """The saved replies, the field, the count with the signature, all of it as it will be read where it is more than
    what was typed, and what the checks say. A new `fresh` empties the fields."""
    limit, count = min(page.limit, MOST), written.count
    field = text_input(form.text, lines=True, most=MOST, placeholder=answer_hint(page.conversation, words), focus=True)
    name = f"{fresh}.{form.fills}" if form.fills else fresh
    return [
        *_saved(form, written, words, fresh),
        type(form).input("text", words("reply.text"), field, typing=True, fresh=name),
        *(
            [context(f":pencil2: {words('saved.fill_in', names=relay(', '.join(written.left), 200))}")]
            if written.left
            else []
        ),
        *_preview(form, written, words),
        context(
            words("reply.count", count=count, limit=limit) if count else words("reply.limit", limit=limit),
            words("suggestion.hint") if written.waits else words("reply.undo_hint", seconds=int(UNDO.total_seconds())),
        ),
        *answer_checks(written.findings, page.brand, words),
        *heat_blocks(page, written, words),
    ]


def _saved(form: Writing, written: Written, words: Words, fresh: str) -> list[Block]:
    if not written.saved:
        return []
    pick = saved_choice(written.saved, form.saved, words)
    return [type(form).input("saved", words("saved.title"), pick, optional=True, live=True, fresh=fresh)]


def _preview(form: Writing, written: Written, words: Words) -> list[Block]:
    if not written.sign:
        return []
    sign = relay(written.sign, 40)
    if not form.text.strip():
        return [context(words("reply.signed_with", sign=sign))]
    return [context(words("reply.signed", sign=sign)), rich(cut(written.exact, MOST), quote=True)]


def submit_label(form: Writing, page: ConversationPage, written: Written, words: Words) -> str:
    """What the form's button says."""
    if written.waits:
        return words("suggestion.submit")
    return words("reply.anyway") if form.seen else answer_label(page.conversation, words)
