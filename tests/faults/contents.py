"""What a cell publishes: a brand of its own with one account, and an approved post or an answer that is due now."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from PIL import Image

from bot.desk.desk import Desk
from bot.desk.posts import Content as Form
from bot.domain.brands import Account, Brand, Channels, Role, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import UNDO, Delivery
from bot.domain.posts import Picture
from bot.network import Draft, Page
from bot.sandbox import world
from bot.store.blobs import Blobs
from tests.faults.cells import SEGMENTS, Content
from tests.faults.stage import Stage
from tests.publishing import settle_in

USERS = {user.name: user.id for user in world.USERS}
ROLES = {"ana": Role.AUTHOR, "bruno": Role.APPROVER, "carla": Role.MODERATOR}
CHANNELS = Channels(review="C01AGORREV1", inbox="C01AGORINB1", alerts="C01AGORALE1")


@dataclass(frozen=True)
class Order:
    """A delivery, and the words that it makes public, in order."""

    delivery: Delivery
    texts: Sequence[str]


def member(desk: Desk, name: str) -> Standing:
    """One of the people of Slack, in the workspace that is the run's own: a stranger could press nothing."""
    return Standing(id=f"{desk.store.team}:{USERS[name]}")


async def move_in(desk: Desk, profile: world.Account) -> Account:
    """A brand with one account, whose people and channels are those of the outside world's Slack."""
    account = await settle_in(desk, profile)
    brand = await desk.store.get(Brand, account.brand)
    roles = {member(desk, name).id: frozenset({role}) for name, role in ROLES.items()}
    change = desk.store.begin()
    change.put(brand.model_copy(update={"roles": roles, "channels": CHANNELS}), brand)
    await change.commit()
    return account


async def order(desk: Desk, stage: Stage, account: Account, content: Content, id_: str) -> Order:
    """Something that is approved and due now, as people would have made it."""
    text = f"El café de hoy, {id_}"
    if content is Content.REPLY:
        return Order(await _answer(desk, stage, account, text, id_), [text])
    pictures = (await picture(desk, stage),) if content is Content.PICTURE else ()
    form = Form(brand=account.brand, text=text, accounts=(account.id,), pictures=pictures)
    texts = [text]
    if content is Content.THREAD:
        more = tuple(f"{text}, y sigue {number}" for number in range(2, SEGMENTS + 1))
        form, texts = form.model_copy(update={"thread": more}), [text, *more]
    await desk.posts.submit(id_, form, member(desk, "ana"))
    await desk.posts.approve(id_, member(desk, "bruno"), revision=1)
    (delivery,) = await desk.posts.deliveries(id_)
    return Order(delivery, texts)


async def picture(desk: Desk, stage: Stage) -> Picture:
    """One that Ana put into Slack, and that was fetched and measured."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "brown").save(file, "PNG")
    content, name, alt = file.getvalue(), "taza.png", "Una taza de café"
    slack = stage.upload(name, content, alt, USERS["ana"])
    size = {"size": len(content), "width": 8, "height": 8}
    blob = await Blobs(desk.store).put(content)
    return Picture(file=slack, name=name, type="image/png", alt=alt, blob=blob, **size)


async def _answer(desk: Desk, stage: Stage, account: Account, text: str, id_: str) -> Delivery:
    """Somebody comments on our post; Carla answers, and the time for *Undo* is over."""
    connector = desk.accounts.open(account)
    try:
        draft = Draft(key=f"{id_}-root", text=f"¿Qué tomáis hoy? {id_}")
        root = await connector.publish(draft, await connector.prepare(draft))
        page = Page((), connector.begin(datetime.now(UTC)))
        await desk.receiving.receive(account, page, None)
        await comment(stage, account, f"Un cortado, {id_}", post=root.id)
        before = await desk.receiving.cursor(account.id)
        await desk.receiving.receive(account, await connector.fetch(page.cursor), before)
    finally:
        await connector.aclose()
    (talk,) = await desk.store.listed(Conversation, f"open:{account.brand}")
    now = desk.now
    desk.now = lambda: datetime.now(UTC) - UNDO - timedelta(seconds=1)
    try:
        return await desk.conversations.reply(talk.id, f"{id_}-answer", text, member(desk, "carla"))
    finally:
        desk.now = now


async def comment(stage: Stage, account: Account, text: str, post: str = "") -> str:
    """An outsider writes under a post, or mentions the account; answers the network's id."""
    body = {"account": f"{account.network}:{account.handle}", "author": "Lucía", "text": text, "post": post or None}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{stage.url}/audience/comment", json=body) as answer,
    ):
        result = await answer.json()
        assert answer.status == 200, result
        return str(result["id"])
