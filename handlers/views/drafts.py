"""A draft and its buttons, and what is said once a form was sent."""

from collections.abc import Sequence

from bot.domain.brands import Brand
from bot.domain.posts import Post
from bot.slack.blocks import Element, Message, actions, section
from bot.slack.wire import Button
from bot.text.words import Words
from handlers.views.decisions import EditPost, excerpt
from handlers.views.faces import face_mark


class ContinueDraft(Button, id="compose.continue"):
    """Opens the form with what a draft of mine holds."""

    post: str


class DiscardDraft(Button, id="compose.discard"):
    """Throws a draft of mine away."""

    post: str


def saved_message(post: Post, words: Words) -> Message:
    """The draft is kept, and how to go on with it."""
    text = words("compose.saved")
    return Message(text, [section(text), *excerpt(post.current.text), actions(*draft_buttons(post, words))])


def draft_buttons(post: Post, words: Words) -> list[Element]:
    """*Continue the draft*, *Discard the draft*: also for Home and the digest."""
    return [
        ContinueDraft(post=post.id).draw(words("button.continue_draft"), style="primary", suffix=post.id),
        DiscardDraft(post=post.id).draw(words("button.discard_draft"), suffix=post.id),
    ]


def submitted_message(post: Post, brand: Brand, warnings: Sequence[str], words: Words) -> Message:
    """Where the card is, what the checks would still mend, and the way back into the form."""
    text = words("compose.submitted", channel=f"<#{brand.channel('review')}>")
    lines = "\n".join([f"{face_mark(brand)} {text}", *warnings])
    edit = EditPost(post=post.id).draw(words("button.edit"))
    return Message(text, [section(lines), *([actions(edit)] if warnings else [])])
