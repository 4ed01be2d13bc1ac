"""Fix and approve: the words in a field, then what differs marked above it, and one press that signs them."""

from bot.desk.fixing import LONGEST
from bot.desk.pages import PostPage
from bot.domain import threads
from bot.domain.posts import Decision
from bot.slack.blocks import Block, Message, View, context, plain, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views import changes
from handlers.views.checks import findings_told
from handlers.views.decisions import despite, goes_public, public_line
from handlers.views.faces import Names, brand_face, face_mark, practice_mark

WARNINGS = 3


class FixForm(Form, id="review.fix_form"):
    """The words of a revision. shown: the hash of what the form showed as it would be, "" before it did; public and
    despite: whether it said that it goes public at once, and the stop that it told of."""

    post: str
    revision: int
    channel: str = ""
    shown: str = ""
    public: bool = False
    despite: str = ""
    text: Typed[str] = ""


class FixedCard(Card, id="review.fixed"):
    """Tells the author, once, what an approver made of their words. `number` counts the post's decisions."""

    post: str
    number: int


def fix_view(form: FixForm, page: PostPage, words: Words) -> View:
    """The words as they are, to be changed."""
    post, own = page.post, page.post.current.own or page.post.current.comment
    current = threads.joined(post.current.segments)
    field = FixForm.input(
        "text", words("compose.text"), text_input(form.text or current, lines=True, most=LONGEST, focus=True)
    )
    return form.open(
        title=words("button.fix_approve"),
        submit=words("button.see_changes"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(page.brand), 150)}*"),
            field,
            context(words("fixing.hint"), *([words("fixing.own_stay")] if own else [])),
        ],
    )


def look_view(form: FixForm, page: PostPage, words: Words) -> View:
    """What differs, what the checks say of it, and where it goes; the field stays, so it can be put right again."""
    post, public = page.post, goes_public(page)
    before = post.previous or post.current
    found = findings_told(page.findings, page.brand, words)
    stopped = [f"🛑 {words('check.brand_stopped_all_the_same', brand=relay(page.brand.name, 80))}"]
    lines = [*found[:WARNINGS], *(stopped if despite(page) else [])]
    if len(found) > WARNINGS:
        lines.insert(WARNINGS, words.n("check.more", len(found) - WARNINGS))
    shown = form.model_copy(update={"shown": post.current.hash, "public": public, "despite": despite(page)})
    blocks: list[Block] = [
        section(f"*{relay(brand_face(page.brand), 150)}*"),
        *changes.told(before, post.current, words),
        *([context("\n".join(lines))] if lines else []),
        *([section(plain(public_line(page, words)))] if public else []),
        FixForm.input("text", words("compose.text"), text_input(form.text, lines=True, most=LONGEST)),
        context(words("fixing.author_hears")),
    ]
    return shown.open(
        title=words("button.fix_approve"),
        submit=words("button.approve_publish") if public else words("button.fix_approve"),
        close=words("button.cancel"),
        blocks=blocks,
    )


def fixed_notice(page: PostPage, decision: Decision, words: Words, names: Names) -> Message:
    """What somebody made of the author's words, and where the card is."""
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    text = words("fixing.told", name=names[decision.by], brand=brand)
    before, after = page.post.revision(max(decision.revision - 1, 1)), page.post.revision(decision.revision)
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    return Message(
        text, [section(text), *changes.told(before, after, words), context(where, *practice_mark(page.brand, words))]
    )
