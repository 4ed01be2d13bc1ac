"""Reviews that nobody answers: whoever is reminded, and the author of what missed its review."""

from bot.domain.posts import PostStatus
from bot.domain.reminding import Rung
from bot.slack.call import Call, Scene
from bot.slack.cards import Sheet
from bot.slack.reply import Reply
from bot.slack.router import Router
from handlers.drawn import after_press
from handlers.views.faces import names_of
from handlers.views.reminding import AskAgain, ExpiredCard, RemindCard, expired_notice, micros, reminder

router = Router()


@router.on(AskAgain)
async def ask_again(press: AskAgain, call: Call) -> Reply:
    """Whoever approves is told; it goes out as soon as somebody does."""
    await call.desk.reminding.again(press.post, call.who)
    return await after_press(call)


@router.draws(RemindCard)
async def remind_card(card: RemindCard, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language, while it still waits."""
    page = await scene.desk.pages.post(card.post)
    if page.post.status is not PostStatus.IN_REVIEW or micros(page.post.changed_at) != card.since:
        return None
    names = await names_of(scene.member, [page.post.author])
    words = await scene.words_of(card.to)
    return Sheet(reminder(page, Rung(card.rung), words, names), page.version, pinned=True)


@router.draws(ExpiredCard)
async def expired_card(card: ExpiredCard, scene: Scene) -> Sheet | None:
    """Said once, in the author's language, while it is so."""
    page = await scene.desk.pages.post(card.post)
    if page.post.status is not PostStatus.EXPIRED or micros(page.post.changed_at) != card.at:
        return None
    return Sheet(expired_notice(page, await scene.words_of(page.post.author)), page.version, pinned=True)
