"""What only a person can decide about a delivery, and who hears at once when one did not go out as it should."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.pages import PostPage
from bot.domain.brands import Account, AccountState, Brand, Role
from bot.domain.deliveries import ASKS, Delivery, State, soon
from bot.domain.events import AccountChanged, DeliveryChanged
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Reply, Say
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.alarms import (
    AccessBack,
    AccessLost,
    AskCard,
    access_back,
    access_lost,
    ask_message,
)
from handlers.views.faces import names_of
from handlers.views.publishing import ItsLive, LeaveIt, SendAgain, WithdrawHere, ask_first
from handlers.views.review import people

router = Router()

TOLD_ELSEWHERE = {"stopped", "auth"}
"""Held for these: the stop's card, and the notice about the account, speak for all that waits."""


@router.on(SendAgain)
async def send_again(press: SendAgain, call: Call) -> Reply:
    """Retry, send now, keep: only this account; asks first when a card from long ago could not know how near it is."""
    delivery = await call.desk.deliveries.get(press.delivery)
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
    await call.desk.deliveries.confirm_live(press.delivery, call.who)
    return await after_press(call)


@router.on(LeaveIt)
async def leave_it(press: LeaveIt, call: Call) -> Reply:
    """Nobody looks any more."""
    await call.desk.deliveries.leave(press.delivery, call.who)
    return await after_press(call)


@router.on(WithdrawHere)
async def withdraw_here(press: WithdrawHere, call: Call) -> Reply:
    """This account's part won't go out."""
    await call.desk.deliveries.withdraw(press.delivery, call.who)
    return await after_press(call)


@router.on(DeliveryChanged)
async def delivery_changed(event: DeliveryChanged, scene: Scene) -> Sequence[Draw]:
    """A new question goes to the author, to who approved, and to the alerts channel; an answered one is said there."""
    if not event.post:
        return []
    delivery = await scene.desk.store.find(Delivery, event.delivery)
    post = await scene.desk.store.find(Post, event.post)
    if delivery is None or post is None or not delivery.asked:
        return []
    kind = delivery.trouble.kind if delivery.trouble else ""
    if delivery.state is State.HELD and kind in TOLD_ELSEWHERE:
        return await _waits(delivery, post, scene) if kind == "auth" else []
    asked = await _asks(delivery, post, scene)
    if delivery.state in ASKS:
        return asked
    return [draw for draw in asked if await scene.where(draw.card) is not None]


async def _asks(delivery: Delivery, post: Post, scene: Scene) -> list[Draw]:
    brand = await scene.desk.brand(delivery.brand)
    asked = [Draw(brand.channel("alerts"), AskCard(delivery=delivery.id, asked=delivery.asked))]
    members = [member for member in dict.fromkeys((post.author, delivery.approved_by)) if member]
    asked += [Draw(f"@{each}", AskCard(delivery=delivery.id, asked=delivery.asked, to=each)) for each in members]
    return asked


async def _waits(delivery: Delivery, post: Post, scene: Scene) -> list[Draw]:
    """One more author whose post waits for an account that lost its access."""
    account = await scene.desk.store.find(Account, delivery.account)
    if account is None or account.dead_since is None:
        return []
    return [_lost(account, account.dead_since, post.author)]


def _lost(account: Account, since: datetime, member: MemberId) -> Draw:
    return Draw(f"@{member}", AccessLost(account=account.id, since=round(since.timestamp() * 1000), to=member))


@router.on(AccountChanged)
async def account_changed(event: AccountChanged, scene: Scene) -> Sequence[Draw]:
    """A dead account: its brand's admins, the workspace's, and the authors of what waits are told once each."""
    account = await scene.desk.store.find(Account, event.account)
    if account is None:
        return []
    brand = await scene.desk.brand(account.brand)
    if account.state is AccountState.ACTIVE:
        return await _back(account, brand, scene) if event.act == "reconnect" else []
    since = account.dead_since or scene.desk.now()
    alert = AccessLost(account=account.id, since=round(since.timestamp() * 1000))
    members = dict.fromkeys([*await _admins(brand, scene), *await _authors(account, scene)])
    return [Draw(brand.channel("alerts"), alert), *(_lost(account, since, member) for member in members)]


async def _back(account: Account, brand: Brand, scene: Scene) -> list[Draw]:
    """It is connected again: what waited for it asks its people, post by post."""
    at = round(account.connected_at.timestamp() * 1000)
    draws = [Draw(brand.channel("alerts"), AccessBack(account=account.id, at=at))]
    held = [delivery for delivery in await scene.desk.accounts.held(account.id) if delivery.post]
    posts = {post.id: post for post in await scene.desk.store.find_many(Post, {each.post for each in held})}
    for delivery in held:
        draws += await _asks(delivery, posts[delivery.post], scene)
    return draws


async def _admins(brand: Brand, scene: Scene) -> list[MemberId]:
    workspace = await scene.desk.workspace()
    own = [member for member, roles in brand.roles.items() if Role.ADMIN in roles]
    return sorted({*own, *workspace.admins})


async def _authors(account: Account, scene: Scene) -> list[MemberId]:
    waiting = await scene.desk.accounts.waiting(account)
    posts = await scene.desk.store.find_many(Post, dict.fromkeys(d.post for d in waiting if d.post))
    return [post.author for post in posts]


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


@router.draws(AccessLost)
async def access_lost_card(card: AccessLost, scene: Scene) -> Sheet | None:
    """Said once."""
    account = await scene.desk.accounts.get(card.account)
    brand = await scene.desk.brand(account.brand)
    words = await scene.words_of(card.to) if card.to else words_for(brand.language)
    waiting = len([d for d in await scene.desk.accounts.waiting(account) if d.post])
    title = scene.desk.pages.titles()[account.network]
    return Sheet(access_lost(account, brand, title, waiting, words), account.version, pinned=True)


@router.draws(AccessBack)
async def access_back_card(card: AccessBack, scene: Scene) -> Sheet | None:
    """Said once."""
    account = await scene.desk.accounts.get(card.account)
    brand = await scene.desk.brand(account.brand)
    title = scene.desk.pages.titles()[account.network]
    return Sheet(access_back(account, brand, title, words_for(brand.language)), account.version, pinned=True)
