"""What people outside say, and how the bot comes to hear it."""

from datetime import timedelta
from typing import Any

from bot.domain.conversations import Conversation
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from tests.handlers.demo import Town

INBOX = "#agora-inbox"


async def hear(town: Town) -> None:
    """Every account is asked once, and the cards follow."""
    store = town.desk.store
    for account in await town.desk.accounts.all():
        await store.client.delete(store.key("turn", "poll", account.id), store.key("turn", "letters", account.id))
    await Poller(town.desk, Failpoints(), every=timedelta(seconds=1)).tick()
    await town.settle()


async def comment(town: Town, text: str, *, account: str = "x:cafe_agora", author: str = "Lucía", **more: Any) -> Any:
    """Somebody outside speaks to an account; a mention, unless a post is named. The bot hears it."""
    async with town.session.post(
        f"{town.url}/audience/comment", json={"account": account, "author": author, "text": text, **more}
    ) as answer:
        result = await answer.json()
        assert answer.status in {200, 201}, result
    await hear(town)
    return result


async def message(
    town: Town, text: str, *, author: str = "Lucía", account: str = "facebook:cafe.agora", **more: Any
) -> Any:
    """Somebody outside writes to an account in private, Ágora's page unless another is named. The bot hears it."""
    async with town.session.post(
        f"{town.url}/audience/message", json={"account": account, "author": author, "text": text, **more}
    ) as answer:
        result = await answer.json()
        assert answer.status == 200, result
    await hear(town)
    return result


async def the_conversation(town: Town, brand: str = "agora") -> Conversation:
    """The only open one."""
    (found,) = await town.desk.store.listed(Conversation, f"open:{brand}")
    return found
