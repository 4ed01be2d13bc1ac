"""Fix and approve: an approver changes a word, sees what differs, and signs it."""

from bot.desk.pages import PostPage
from bot.slack.call import Call, Scene
from bot.slack.cards import Sheet
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from handlers.views.decisions import FixPost, despite, goes_public
from handlers.views.faces import names_of
from handlers.views.fixing import FixedCard, FixForm, fix_view, fixed_notice, look_view

router = Router()


@router.on(FixPost)
async def fix(press: FixPost, call: Call) -> Reply:
    """The words as they are."""
    page = await call.desk.fixing.to_fix(press.post, call.who, revision=press.revision)
    form = FixForm(post=press.post, revision=press.revision, channel=call.channel or "")
    return Open(fix_view(form, page, call.words))


@router.on(FixForm)
async def fixed(form: FixForm, call: Call) -> Reply:
    """First it is shown what differs; what was shown is signed. Words that changed since are shown once more, and so is
    a post that has come near, or a stop that began."""
    page = await call.desk.fixing.look(form.post, form.text, call.who, revision=form.revision)
    if not _as_shown(form, page):
        return Update(look_view(form, page, call.words))
    await call.desk.fixing.fix(
        form.post, form.text, call.who, revision=form.revision, content=form.shown, despite=form.despite
    )
    return Close()


def _as_shown(form: FixForm, page: PostPage) -> bool:
    same = form.shown == page.post.current.hash and form.despite == despite(page)
    return same and (form.public or not goes_public(page))


@router.draws(FixedCard)
async def fixed_card(card: FixedCard, scene: Scene) -> Sheet | None:
    """Said once, in the author's language."""
    page = await scene.desk.pages.post(card.post)
    decision = page.post.decisions[card.number - 1]
    names = await names_of(scene.member, [decision.by])
    words = await scene.words_of(page.post.author)
    return Sheet(fixed_notice(page, decision, words, names), page.version, pinned=True)
