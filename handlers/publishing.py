"""What only a person can decide about a delivery, and who hears at once when one did not go out as it should."""

from collections.abc import Sequence

from bot.desk.pages import PostPage
from bot.domain.brands import Account, AccountState, Brand
from bot.domain.deliveries import ASKS, Delivery, State, soon
from bot.domain.events import AccountChanged, DeliveryChanged
from bot.domain.facts import FELL
from bot.domain.posts import Post
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Reply, Say
from bot.slack.router import Router
from bot.slack.sentences import sentence
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.alarms import (
    AccessBack,
    AskCard,
    access_back,
    ask_message,
)
from handlers.views.faces import names_of
from handlers.views.held import kept_message
from handlers.views.publishing import (
    HoldPost,
    ItsLive,
    LeaveIt,
    ReleasePost,
    SendAgain,
    WithdrawHere,
    ask_first,
    release_asked,
)
from handlers.views.review import people

router = Router()

TOLD_ELSEWHERE = {"stopped", "auth", "state_missing", "key_missing"}
"""Held for these: the stop's card, and the notice about the account or the store, speak for all that waits."""


@router.on(SendAgain)
async def send_again(press: SendAgain, call: Call) -> Reply:
    """Retry, send now, keep: only this account; asks first when a card from long ago could not know how near it is."""
    delivery = await call.desk.deliveries.get(press.delivery)
    await call.desk.deliveries.permit(delivery, call.who)
    if (
        not press.sure
        and delivery.state in ASKS
        and delivery.asked == press.asked
        and soon(delivery.due, call.desk.now())
    ):
        page = await call.desk.pages.post(delivery.post)
        return Say(ask_first(delivery, page, call.words))
    await call.desk.deliveries.send_again(press.delivery, call.who, asked=press.asked)
    return await after_press(call)


@router.on(ItsLive)
async def its_live(press: ItsLive, call: Call) -> Reply:
    """A person saw it."""
    await call.desk.deliveries.confirm_live(press.delivery, call.who, asked=press.asked or None)
    return await after_press(call)


@router.on(LeaveIt)
async def leave_it(press: LeaveIt, call: Call) -> Reply:
    """Nobody looks any more."""
    await call.desk.deliveries.leave(press.delivery, call.who, asked=press.asked or None)
    return await after_press(call)


@router.on(HoldPost)
async def hold(press: HoldPost, call: Call) -> Reply:
    """It stays where it is until somebody releases it."""
    await call.desk.pausing.hold(press.post, call.who)
    return await after_press(call)


@router.on(ReleasePost)
async def release(press: ReleasePost, call: Call) -> Reply:
    """On every account at once; asks first when it would go public at once and the card couldn't know."""
    held = await call.desk.pausing.to_release(press.post, call.who)
    page = await call.desk.pages.post(press.post)
    if not press.sure and soon(page.post.due, page.now):
        return Say(release_asked(page, call.words))
    done = await call.desk.held.keep(held, call.who)
    if done.refused:
        reasons = [await sentence(error, call, call.desk.member) for error in done.reasons]
        return Say(kept_message(done.kept, done.refused, reasons, call.words))
    return await after_press(call)


@router.on(WithdrawHere)
async def withdraw_here(press: WithdrawHere, call: Call) -> Reply:
    """This account's part won't go out."""
    await call.desk.deliveries.withdraw(press.delivery, call.who)
    return await after_press(call)


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """A held one asks the author, who approved, and the alerts channel, for a fact that fell whoever is on duty too;
    once it is answered that is said there. What was refused, missed or is unknown is an alarm (see `alarms.py`)."""
    if not event.post:
        return []
    delivery = await scene.desk.store.find(Delivery, event.delivery)
    post = await scene.desk.store.find(Post, event.post)
    if delivery is None or post is None or not delivery.asked:
        return []
    kind = delivery.trouble.kind if delivery.trouble else ""
    if delivery.state is State.HELD and kind in TOLD_ELSEWHERE:
        return []
    asked = await _asks(delivery, post, scene)
    if delivery.paused:  # whoever did it knows; it rings nobody else
        return [draw for draw in asked if draw.channel in _others(delivery, post)]
    if delivery.state is State.HELD:
        return asked
    return [draw for draw in asked if await scene.where(draw.card) is not None]


def _others(delivery: Delivery, post: Post) -> set[str]:
    """The direct messages of its author and of who approved it, but for whoever holds it."""
    return {f"@{each}" for each in (post.author, delivery.approved_by) if each != delivery.settled_by}


async def _asks(delivery: Delivery, post: Post, scene: Scene) -> list[Draw]:
    brand = await scene.desk.brand(delivery.brand)
    asked = [Draw(brand.channel("alerts"), AskCard(delivery=delivery.id, asked=delivery.asked))]
    members = [post.author, delivery.approved_by]
    if delivery.trouble is not None and delivery.trouble.kind in FELL and not brand.practice:
        members += (await scene.desk.duty.watch(brand)).members
    members = [member for member in dict.fromkeys(members) if member]
    asked += [Draw(f"@{each}", AskCard(delivery=delivery.id, asked=delivery.asked, to=each)) for each in members]
    return asked


@router.on(AccountChanged)
async def account_changed(event: AccountChanged, scene: Scene) -> Sequence[Draw]:
    """A dead account is an alarm; one that is connected again asks what becomes of the posts that waited."""
    account = await scene.desk.store.find(Account, event.account)
    if account is None or account.state is not AccountState.ACTIVE or event.act != "reconnect":
        return []
    return await _back(account, await scene.desk.brand(account.brand), scene)


async def _back(account: Account, brand: Brand, scene: Scene) -> list[Draw]:
    """It is connected again: what waited for it asks its people, post by post."""
    at = round(account.connected_at.timestamp() * 1000)
    draws = [Draw(brand.channel("alerts"), AccessBack(account=account.id, at=at))]
    waits = await scene.desk.accounts.held(account.id)
    held = [delivery for delivery in waits if delivery.post and not delivery.paused]
    posts = {post.id: post for post in await scene.desk.store.find_many(Post, {each.post for each in held})}
    for delivery in held:
        draws += await _asks(delivery, posts[delivery.post], scene)
    return draws


@router.draws(AskCard)
async def ask_card(card: AskCard, scene: Scene) -> Sheet | None:
    """The question as it stands now; a later one has its own message."""
    delivery = await scene.desk.deliveries.get(card.delivery)
    if delivery.asked != card.asked:
        return None
    page: PostPage = await scene.desk.pages.post(delivery.post)
    words = await scene.words_of(card.to) if card.to else words_for(page.brand.language)
    names = await names_of(scene.member, people(page))
    return Sheet(ask_message(delivery, page, words, names), page.version)


@router.draws(AccessBack)
async def access_back_card(card: AccessBack, scene: Scene) -> Sheet | None:
    """Said once."""
    account = await scene.desk.accounts.get(card.account)
    brand = await scene.desk.brand(account.brand)
    title = scene.desk.pages.titles()[account.network]
    waiting = len(await scene.desk.held.of_account(account.id))
    return Sheet(access_back(account, brand, title, words_for(brand.language), waiting), account.version, pinned=True)
