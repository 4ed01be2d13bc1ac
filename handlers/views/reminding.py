"""A review that nobody answered: the reminder, and what its author is told when its time has passed."""

from datetime import UTC, datetime, timedelta

from bot.desk.pages import PostPage
from bot.domain.posts import PostStatus
from bot.domain.reminding import Rung
from bot.slack.blocks import Block, Element, Message, actions, context, section
from bot.slack.cards import Card
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment, spoken
from bot.text.words import Words
from handlers.views.day import SeePost
from handlers.views.decisions import approve_button, excerpt
from handlers.views.faces import Names, face_mark, practice_mark
from handlers.views.queue import MovePost

_EPOCH = datetime.fromtimestamp(0, UTC)
_KEYS = {Rung.NOBODY: "reminding.again", Rung.ASKED: "reminding.asked", Rung.ABOVE: "reminding.above"}


class RemindCard(Card, id="review.reminder"):
    """Reminds somebody, once, of a post that waits for an approval. `since`: when it was changed last, in µs; rung 0:
    its author asks again."""

    post: str
    since: int
    rung: int
    to: str


class ExpiredCard(Card, id="review.expired"):
    """Tells the author, once, that a post missed its review. `at`: when, in µs."""

    post: str
    at: int


class AskAgain(Button, id="review.again"):
    """Sends a post that missed its review to review once more."""

    post: str


def micros(instant: datetime) -> int:
    """An instant as cards carry it, in µs."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def reminder(page: PostPage, rung: Rung, words: Words, names: Names) -> Message:
    """Which post waits since when, and the one press; the rest stands on the card."""
    post, brand = page.post, f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    since = spoken(post.changed_at, page.brand.clock, words, page.now)
    text = words(_KEYS[rung], brand=brand, author=names[post.author], since=since)
    may = not any(each.blocks for each in page.findings) and not (rung is Rung.ABOVE and page.review.stage.client)
    see = SeePost(post=post.id).draw(words("button.see_post"))
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    due = [f"🕘 {moment(post.due, page.brand.clock, words, page.now)}"] if post.due else []
    return Message(
        text,
        [
            section("\n".join([text, *due])),
            *excerpt(post.current.text),
            actions(*([approve_button(page, words)] if may else []), see),
            context(where, *practice_mark(page.brand, words)),
        ],
    )


def expired_notice(page: PostPage, words: Words) -> Message:
    """Nobody approved it in time, and both ways on."""
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    when = moment(page.post.due, page.brand.clock, words, page.now) if page.post.due else ""
    text = words("reminding.expired", brand=brand, when=when)
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    blocks: list[Block] = [section(text), *excerpt(page.post.current.text)]
    blocks += [actions(*again_buttons(page, words)), context(where, *practice_mark(page.brand, words))]
    return Message(text, blocks)


def again_buttons(page: PostPage, words: Words) -> list[Element]:
    """Another time, or as soon as it is approved; for what missed its review."""
    if page.post.status is not PostStatus.EXPIRED:
        return []
    return [
        MovePost(post=page.post.id).draw(words("button.move"), style="primary"),
        AskAgain(post=page.post.id).draw(words("reminding.ask_again")),
    ]
