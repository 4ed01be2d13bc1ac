"""Urgent: whoever approves hears at once; an author whom nobody answers may send alone, and everybody hears of that."""

from collections.abc import Sequence

from bot.domain.events import PostChanged
from bot.domain.posts import Post, PostStatus
from bot.domain.urgency import mark_of
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.faces import names_of
from handlers.views.urgency import (
    AloneForm,
    MarkUrgent,
    OfferCard,
    SendAlone,
    SentAloneCard,
    UrgentCard,
    alone_view,
    offer_message,
    sent_message,
    urgent_message,
)

router = Router()
MARK = 16
"""Characters of a hash that tell contents apart in a card's key."""
_TOLD = frozenset({"urgent", "urgent_offer", "send_alone"})


@router.on(MarkUrgent)
async def mark(press: MarkUrgent, call: Call) -> Reply:
    """Whoever is asked hears of it now."""
    await call.desk.urgency.mark(press.post, call.who)
    return await after_press(call)


@router.on(SendAlone)
async def begin(press: SendAlone, call: Call) -> Reply:
    """One question: why."""
    page = await call.desk.urgency.to_send(press.post, call.who, revision=press.revision)
    form = AloneForm(
        post=press.post, revision=press.revision, content=page.post.current.hash, channel=call.channel or ""
    )
    return Open(alone_view(form, page, call.words))


@router.on(AloneForm)
async def send(form: AloneForm, call: Call) -> Reply:
    """It goes out at its time, and everybody who had a say hears why."""
    await call.desk.urgency.send(form.post, form.reason, call.who, revision=form.revision, content=form.content)
    return Close()


@router.on(PostChanged)
async def post_changed(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    """The messages of what is urgent; the card is drawn as for any change (`handlers/review.py`)."""
    post = await scene.desk.store.find(Post, event.post) if event.act in _TOLD else None
    if post is None:
        return []
    content = post.current.hash[:MARK]
    if event.act == "urgent":
        told = await scene.desk.urgency.whom(post)
        return [Draw(f"@{who}", UrgentCard(post=post.id, content=content, to=who)) for who in told]
    if event.act == "urgent_offer":
        return [Draw(f"@{post.author}", OfferCard(post=post.id, content=content))]
    return await _sent(post, scene)


async def _sent(post: Post, scene: Scene) -> list[Draw]:
    brand = await scene.desk.brand(post.brand)
    draws: list[Draw] = []
    everyone = await scene.desk.urgency.everyone(post)
    for number in (n for n, each in enumerate(post.decisions, start=1) if each.alone):
        draws.append(Draw(brand.channel("alerts"), SentAloneCard(post=post.id, number=number)))
        draws += [Draw(f"@{who}", SentAloneCard(post=post.id, number=number, to=who)) for who in everyone]
    return draws


@router.draws(UrgentCard)
async def urgent_card(card: UrgentCard, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language, while it waits."""
    page = await scene.desk.pages.post(card.post)
    if mark_of(page.post) is None or page.post.current.hash[:MARK] != card.content:
        return None
    names = await names_of(scene.member, [page.post.author])
    return Sheet(urgent_message(page, await scene.words_of(card.to), names), page.version, pinned=True)


@router.draws(OfferCard)
async def offer_card(card: OfferCard, scene: Scene) -> Sheet | None:
    """Said once, in the author's language, while it waits."""
    page = await scene.desk.pages.post(card.post)
    if page.post.status is not PostStatus.IN_REVIEW or page.post.current.hash[:MARK] != card.content:
        return None
    return Sheet(offer_message(page, await scene.words_of(page.post.author)), page.version, pinned=True)


@router.draws(SentAloneCard)
async def sent_card(card: SentAloneCard, scene: Scene) -> Sheet | None:
    """Said once, in the reader's or the channel's language."""
    page = await scene.desk.pages.post(card.post)
    decision = page.post.decisions[card.number - 1]
    names = await names_of(scene.member, [decision.by])
    words = await scene.words_of(card.to) if card.to else words_for(page.brand.language)
    return Sheet(sent_message(page, decision, words, names), page.version, pinned=True)
