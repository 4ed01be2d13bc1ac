"""Reviewing: the card follows the post, and one press decides about exactly the revision that was read."""

from collections.abc import Sequence

from bot.desk.pages import PostPage
from bot.domain.deliveries import Delivery, soon
from bot.domain.events import AccountChanged, BrandChanged, DeliveryChanged, FactChanged, PostChanged, StopChanged
from bot.domain.posts import Act, Post, PostStatus
from bot.domain.reminding import Rung, rung_of
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply, Say
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.checks import LinkWarning, link_warning_message
from handlers.views.decisions import (
    Approve,
    ChangesForm,
    DecisionCard,
    Reject,
    RejectForm,
    RequestChanges,
    WithdrawPost,
    ask_again,
    changes_form,
    decision_notice,
    despite,
    reject_form,
)
from handlers.views.faces import names_of
from handlers.views.fixing import FixedCard
from handlers.views.reminding import ExpiredCard, RemindCard, micros
from handlers.views.review import (
    Detail,
    ReviewCard,
    SeeChanges,
    SeeChecks,
    SeeText,
    changes_view,
    checks_view,
    people,
    review_message,
    text_view,
)
from handlers.views.stages import NAMED, StageCard, your_turn

router = Router()

TOLD = {Act.REQUEST_CHANGES, Act.REJECT}
"""Decisions that the author hears of by direct message; everything else waits for the digest."""


@router.on(Approve)
async def approve(press: Approve, call: Call) -> Reply:
    """Signs the revision that was read; a card from long ago asks first when the time has come near, or when it didn't
    say yet that publishing is stopped."""
    page = await call.desk.pages.to_sign(press.post, call.who)
    unseen = bool(despite(page)) and press.despite != despite(page)
    near = page.stop is None and soon(page.post.due, page.now) and not press.sure
    if page.post.status is PostStatus.IN_REVIEW and (unseen or near):
        return Say(ask_again(page, call.words))
    await call.desk.posts.approve(
        press.post, call.who, revision=press.revision, seen=press.seen_at, despite=press.despite
    )
    return await after_press(call)


@router.on(RequestChanges)
async def request_changes(press: RequestChanges, call: Call) -> Reply:
    """Asks what should change."""
    await call.desk.pages.to_decide(press.post, call.who, revision=press.revision)
    form = ChangesForm(post=press.post, revision=press.revision, channel=call.channel or "")
    return Open(changes_form(form, call.words))


@router.on(ChangesForm)
async def send_back(form: ChangesForm, call: Call) -> Reply:
    """Back to its author, with the reason and what it is about."""
    await call.desk.posts.request_changes(
        form.post, call.who, revision=form.revision, reason=form.reason, concern=form.concern
    )
    return Close()


@router.on(Reject)
async def reject(press: Reject, call: Call) -> Reply:
    """Asks why."""
    await call.desk.pages.to_decide(press.post, call.who, revision=press.revision)
    form = RejectForm(post=press.post, revision=press.revision, channel=call.channel or "")
    return Open(reject_form(form, call.words))


@router.on(RejectForm)
async def say_no(form: RejectForm, call: Call) -> Reply:
    """No for good, with the reason."""
    await call.desk.posts.reject(form.post, call.who, revision=form.revision, reason=form.reason)
    return Close()


@router.on(WithdrawPost)
async def withdraw(press: WithdrawPost, call: Call) -> Reply:
    """The author or an approver takes it back."""
    await call.desk.posts.withdraw(press.post, call.who)
    return await after_press(call)


@router.on(SeeText)
async def see_text(press: SeeText, call: Call) -> Reply:
    """The whole text."""
    page = await _seen(press.post, call)
    return Open(text_view(page, press.revision, call.words))


@router.on(SeeChanges)
async def see_changes(press: SeeChanges, call: Call) -> Reply:
    """Before and now, in full, and what the team said about each."""
    page = await _seen(press.post, call)
    remarks = await call.desk.remarks.of(page.post, call.who)
    names = await names_of(call.desk.member, [each.by for each in remarks])
    return Open(changes_view(page, call.words, remarks, names))


@router.on(SeeChecks)
async def see_checks(press: SeeChecks, call: Call) -> Reply:
    """All that the checks say."""
    return Open(checks_view(await _seen(press.post, call), call.words))


@router.on(Detail)
async def looked(form: Detail, call: Call) -> Reply:
    """There is nothing to submit."""
    return Close()


async def _seen(post: str, call: Call) -> PostPage:
    return await call.desk.pages.seen(post, call.who)


@router.on(PostChanged)
async def post_changed(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    """Redraws the card, and tells whoever has to hear of it."""
    post = await scene.desk.store.find(Post, event.post)
    if post is None or post.status is PostStatus.DRAFT:
        return []
    return [*await _cards(scene, [post.id]), *await _told(event.act, post, scene)]


async def _told(act: str, post: Post, scene: Scene) -> list[Draw]:
    """The direct messages that what happened to a post brings: to its author, or to whose turn it is."""
    author, draws = f"@{post.author}", list[Draw]()
    match act:
        case "links" if post.status is PostStatus.APPROVED:
            draws = [Draw(author, LinkWarning(post=post.id))]
        case Act.APPROVE:
            draws = await _next_stage(post, scene)
        case "fix":
            draws = [*await _next_stage(post, scene, anew=True), *_fixed(post)]
        case "remind" | "again":
            draws = await _reminded(post, scene, again=act == "again")
        case Act.EXPIRE if post.status is PostStatus.EXPIRED:
            draws = [Draw(author, ExpiredCard(post=post.id, at=micros(post.changed_at)))]
        case Act.REQUEST_CHANGES | Act.REJECT:
            numbered = enumerate(post.decisions, start=1)
            back = [n for n, decision in numbered if decision.act in TOLD and decision.by != post.author]
            draws = [Draw(author, DecisionCard(post=post.id, number=n)) for n in back]
    return draws


async def _reminded(post: Post, scene: Scene, *, again: bool) -> list[Draw]:
    """Whoever is asked hears of what waits too long, or is asked for again; after them those above. Each rung up to the
    one that was reached: what was said already stays as it is."""
    if post.status is not PostStatus.IN_REVIEW:
        return []
    brand, since = await scene.desk.brand(post.brand), micros(post.changed_at)
    rungs = [Rung.NOBODY] if again else [rung for rung in Rung if Rung.NOBODY < rung <= rung_of(post)]
    draws: list[Draw] = []
    for rung in rungs:
        told = await scene.desk.reminding.told(post, brand, rung)
        draws += [Draw(f"@{who}", RemindCard(post=post.id, since=since, rung=int(rung), to=who)) for who in told]
    return draws


def _fixed(post: Post) -> list[Draw]:
    """Its author hears what somebody made of it."""
    numbered = enumerate(post.decisions, start=1)
    return [Draw(f"@{post.author}", FixedCard(post=post.id, number=n)) for n, each in numbered if each.fixed]


async def _next_stage(post: Post, scene: Scene, *, anew: bool = False) -> list[Draw]:
    """Whose turn it is now hears of it: a card that changes in place rings nobody. anew: also of the first stage."""
    review = (await scene.desk.pages.post(post.id)).review
    if post.status is not PostStatus.IN_REVIEW or not (review.done or anew):
        return []
    number, stage = post.current.number, review.done
    told = review.asked[:NAMED]
    return [Draw(f"@{who}", StageCard(post=post.id, revision=number, stage=stage, to=who)) for who in told]


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """The card shows how each account is doing."""
    return await _cards(scene, [event.post] if event.post else [])


@router.on(AccountChanged)
async def account_changed(event: AccountChanged, scene: Scene) -> Sequence[Draw]:
    """What waits for an account can be kept once it is back."""
    return await _cards(scene, [delivery.post for delivery in await scene.desk.accounts.held(event.account)])


@router.on(StopChanged)
async def stop_changed(event: StopChanged, scene: Scene) -> Sequence[Draw]:
    """What was held can be kept once publishing goes on; what is in review says that it would wait."""
    brands = await scene.desk.brands.all()
    posts: list[str] = []
    for brand in brands:
        if event.scope in {brand.id, "all"}:
            posts += [held.post for held in await scene.desk.store.listed(Delivery, f"asks:{brand.id}")]
            posts += await _in_review(scene, brand.id)
    return await _cards(scene, posts)


@router.on(BrandChanged)
async def brand_changed(event: BrandChanged, scene: Scene) -> Sequence[Draw]:
    """Another language, zone or approver: what is in review shows it."""
    return await _cards(scene, await _in_review(scene, event.brand))


@router.on(FactChanged)
async def fact_changed(event: FactChanged, scene: Scene) -> Sequence[Draw]:
    """What is in review may say what a fact says, and what is blocked by it changes; what leans on it shows how it
    stands."""
    fact = await scene.desk.facts.get(event.fact)
    leaning = await scene.desk.facts.leaning(fact.id)
    return await _cards(scene, [*await _in_review(scene, fact.brand), *(post.id for post in leaning)])


async def _in_review(scene: Scene, brand: str) -> list[str]:
    found = await scene.desk.store.listed(Post, f"posts:{brand}:{PostStatus.IN_REVIEW}")
    return [post.id for post in found]


async def _cards(scene: Scene, posts: Sequence[str]) -> list[Draw]:
    found = await scene.desk.store.find_many(Post, dict.fromkeys(id_ for id_ in posts if id_))
    brands = {brand.id: brand for brand in await scene.desk.brands.all()}
    return [
        Draw(brands[post.brand].channel("review"), ReviewCard(post=post.id)) for post in found if post.brand in brands
    ]


@router.draws(LinkWarning)
async def link_warning(card: LinkWarning, scene: Scene) -> Sheet | None:
    """In the author's language, while it can still be mended."""
    page = await scene.desk.pages.post(card.post)
    found = await scene.desk.links.findings(page.post, page.brand)
    if not found:
        return None
    words = await scene.words_of(page.post.author)
    return Sheet(link_warning_message(page, found, words), page.version)


@router.draws(ReviewCard)
async def review_card(card: ReviewCard, scene: Scene) -> Sheet | None:
    """The card, in its channel's language."""
    page = await scene.desk.pages.post(card.post)
    names = await names_of(scene.member, people(page))
    return Sheet(review_message(page, words_for(page.brand.language), names), page.version)


@router.draws(DecisionCard)
async def decision_card(card: DecisionCard, scene: Scene) -> Sheet | None:
    """Said once, in the author's language."""
    page = await scene.desk.pages.post(card.post)
    decision = page.post.decisions[card.number - 1]
    names = await names_of(scene.member, [decision.by])
    words = await scene.words_of(page.post.author)
    return Sheet(decision_notice(page, decision, words, names), page.version, pinned=True)


@router.draws(StageCard)
async def stage_card(card: StageCard, scene: Scene) -> Sheet | None:
    """Said once, in the reader's language, while it is their turn."""
    page = await scene.desk.pages.post(card.post)
    if page.post.status is not PostStatus.IN_REVIEW or page.post.current.number != card.revision:
        return None
    names = await names_of(scene.member, [page.post.author])
    return Sheet(your_turn(page, await scene.words_of(card.to), names), page.version, pinned=True)
