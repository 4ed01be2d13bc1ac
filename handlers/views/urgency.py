"""Urgent: the press, what whoever approves is told, and the way of an author whom nobody answers."""

from bot.desk.pages import PostPage
from bot.desk.urgency import REASON
from bot.domain.posts import Decision, PostStatus
from bot.domain.urgency import mark_of
from bot.slack.blocks import Block, Element, Message, View, actions, context, plain, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import spoken
from bot.text.words import Words
from handlers.views.day import SeePost
from handlers.views.decisions import approve_button, excerpt, public_line
from handlers.views.faces import Names, brand_face, face_mark, practice_mark


class MarkUrgent(Button, id="urgency.mark"):
    """Tells whoever approves, and their deputy, at once."""

    post: str


class SendAlone(Button, id="urgency.send"):
    """Opens the form in which an author whom nobody answers says why."""

    post: str
    revision: int


class AloneForm(Form, id="urgency.form"):
    """Why it is sent without an approval; `content`: the hash of what was shown."""

    post: str
    revision: int
    content: str
    channel: str = ""
    reason: Typed[str] = ""


class UrgentCard(Card, id="urgency.asks"):
    """Tells somebody, once, that a post is urgent; `content` begins the hash of what it says."""

    post: str
    content: str
    to: str


class OfferCard(Card, id="urgency.offer"):
    """Tells the author, once, that nobody has answered and what they may do."""

    post: str
    content: str


class SentAloneCard(Card, id="urgency.sent"):
    """Tells everybody who had a say what was sent without them; `to` is empty in the alerts channel."""

    post: str
    number: int
    to: str = ""


def urgent_line(page: PostPage, words: Words, names: Names) -> list[str]:
    """Since when it is urgent, on the card."""
    known = mark_of(page.post)
    if known is None:
        return []
    since = spoken(known.at, page.brand.clock, words, page.now)
    return [f"🚨 *{words('urgency.since', since=since, name=names[known.by])}*"]


def urgent_buttons(page: PostPage, words: Words) -> list[Element]:
    """*Urgent* once; then, where the brand allows it, the author's own way."""
    post = page.post
    if post.status is not PostStatus.IN_REVIEW:
        return []
    if mark_of(post) is None:
        return [MarkUrgent(post=post.id).draw(words("urgency.mark"))]
    return [_send(page, words)] if page.brand.policies.urgent_alone else []


def _send(page: PostPage, words: Words) -> Element:
    return SendAlone(post=page.post.id, revision=page.post.current.number).draw(words("urgency.send"), style="danger")


def urgent_message(page: PostPage, words: Words, names: Names) -> Message:
    """Which post can't wait, and the one press."""
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    text = words("urgency.told", brand=brand, author=names[page.post.author])
    may = not any(each.blocks for each in page.findings)
    see = SeePost(post=page.post.id).draw(words("button.see_post"))
    buttons = actions(*([approve_button(page, words)] if may else []), see)
    return Message(text, [section(f"🚨 {text}"), *excerpt(page.post.current.text), buttons, _where(page, words)])


def offer_message(page: PostPage, words: Words) -> Message:
    """Nobody has answered; what its author may do now."""
    text = words("urgency.offer", brand=f"{face_mark(page.brand)} {relay(page.brand.name, 80)}")
    blocks = [section(text), *excerpt(page.post.current.text), actions(_send(page, words)), _where(page, words)]
    return Message(text, blocks)


def alone_view(form: AloneForm, page: PostPage, words: Words) -> View:
    """What goes out, where, and the question why."""
    blocks: list[Block] = [
        section(f"*{relay(brand_face(page.brand), 150)}*"),
        *excerpt(page.post.current.text),
        section(plain(public_line(page, words))),
        AloneForm.input(
            "reason", words("urgency.reason"), text_input(form.reason, lines=True, most=REASON, focus=True)
        ),
        context(words("urgency.all_told")),
    ]
    return form.open(
        title=words("urgency.send"), submit=words("urgency.send"), close=words("button.cancel"), blocks=blocks
    )


def sent_message(page: PostPage, decision: Decision, words: Words, names: Names) -> Message:
    """Who sent what without an approval, and why."""
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    text = words("urgency.sent", brand=brand, name=names[decision.by], reason=relay(decision.reason, 600))
    see = SeePost(post=page.post.id).draw(words("button.see_post"))
    said = page.post.revision(decision.revision).text
    return Message(text, [section(f"🚨 {text}"), *excerpt(said), actions(see), _where(page, words)])


def _where(page: PostPage, words: Words) -> Block:
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    return context(where, *practice_mark(page.brand, words))
