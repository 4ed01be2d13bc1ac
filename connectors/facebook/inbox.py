"""A page's private messages: read from its conversations, answered in them.

https://developers.facebook.com/docs/graph-api/reference/page/conversations for reading,
https://developers.facebook.com/docs/messenger-platform/reference/send-api for answering: within 24 hours of what the
person wrote last. A webhook of `messages` names nobody, so it only says that it is time to read.
"""

import json
from datetime import UTC, datetime

from pydantic import BaseModel, Field

from bot.network import Author, Draft, Gone, Item, ItemKind, Page, Prepared, Ref
from bot.network.waits import http_date
from connectors.facebook.graph import Graph
from connectors.facebook.objects import Messaged, Paging, Who, same_text
from connectors.facebook.window import Window

ANSWER_WITHIN = 24 * 3600.0
LENGTH = 2_000
THREADS = 25
PAGES = 20
NEWEST = 20  # the Graph tells no more of a conversation
FIELDS = "id,created_time,from,message,attachments"


class MessageImage(BaseModel):
    """A picture that came with a private message."""

    url: str = ""


class MessageFile(BaseModel):
    """What came with a private message."""

    image_data: MessageImage | None = None


class MessageFiles(BaseModel):
    """A list of them."""

    data: list[MessageFile] = []


class MessageNode(BaseModel):
    """A private message, ours or theirs."""

    id: str
    message: str = ""
    who: Who | None = Field(default=None, alias="from")
    created_time: datetime
    attachments: MessageFiles = MessageFiles()

    @property
    def second(self) -> int:
        """Seconds since the epoch."""
        return int(self.created_time.timestamp())


class MessageNodes(BaseModel):
    """The newest messages of a conversation, newest first."""

    data: list[MessageNode] = []


class ThreadNode(BaseModel):
    """A conversation of the page's inbox."""

    id: str
    updated_time: datetime
    messages: MessageNodes = MessageNodes()

    @property
    def second(self) -> int:
        """When the last message came."""
        return int(self.updated_time.timestamp())


class ThreadNodes(BaseModel):
    """A page of them, whoever wrote last first."""

    data: list[ThreadNode]
    paging: Paging = Paging()


def private(node: MessageNode, thread: ThreadNode, page: str) -> Item:
    """A private message; its conversation is what it answers."""
    who = node.who or Who()
    return Item(
        ref=Ref(node.id),
        kind=ItemKind.MESSAGE,
        author=Author(id=who.id, handle="", name=who.name),
        text=node.message,
        at=node.created_time.astimezone(UTC),
        parent=Ref(thread.id),
        media=[one.image_data.url for one in node.attachments.data if one.image_data and one.image_data.url],
        own=who.id == page,
    )


class PageInbox:
    """The private messages of one page."""

    def __init__(self, graph: Graph, page: str) -> None:
        self._graph, self._page = graph, page

    async def messages(self, cursor: str) -> Page:
        """What people wrote since `cursor`, oldest first; what the page itself wrote isn't told."""
        window = Window.read(cursor)
        found: dict[str, Item] = {}
        after: str | None = None
        for _ in range(PAGES):
            more = {"after": after} if after else {}
            inner = f"messages.limit({NEWEST}){{{FIELDS}}}"
            page = await self._graph.read(
                f"{self._page}/conversations",
                ThreadNodes,
                platform="MESSENGER",
                fields=f"id,updated_time,{inner}",
                limit=THREADS,
                **more,
            )
            for thread in page.data:
                found |= {node.id: private(node, thread, self._page) for node in thread.messages.data}
            after = page.paging.after
            if after is None or any(thread.second < window.since for thread in page.data):
                break
        seconds = {name: int(item.at.timestamp()) for name, item in found.items()}
        fresh = [name for name, second in seconds.items() if window.is_fresh(name, second)]
        told = sorted((found[name] for name in fresh), key=lambda item: (item.at, item.ref.id))
        kept = {name: second for name, second in seconds.items() if second >= window.since}
        return Page([item for item in told if not item.own], window.after(kept, http_date(self._graph.date)).write())

    async def prepare(self, draft: Draft) -> Prepared:
        """Notes which messages are there already."""
        known = [node.id for node in await self._said(draft.private_to)]
        return Prepared(draft.key, {"known": known})

    async def send(self, draft: Draft) -> Ref:
        """`POST /{page}/messages` to the person."""
        data = {
            "recipient": json.dumps({"id": draft.private_to}),
            "messaging_type": "RESPONSE",
            "message": json.dumps({"text": draft.text}),
        }
        return Ref((await self._graph.create(self._page, "messages", Messaged, **data)).message_id)

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """The oldest message of ours that is new since `prepare` and says the same."""
        given = prepared.notes.get("known")
        known = {str(one) for one in given} if isinstance(given, list) else set()
        for node in reversed(await self._said(draft.private_to)):
            ours = node.who is not None and node.who.id == self._page
            if ours and node.id not in known and same_text(node.message, draft.text):
                return Ref(node.id)
        return None

    async def _said(self, person: str) -> list[MessageNode]:
        """The newest messages of the conversation with somebody, newest first."""
        page = await self._graph.read(
            f"{self._page}/conversations",
            ThreadNodes,
            platform="MESSENGER",
            user_id=person,
            fields=f"id,updated_time,messages.limit({NEWEST}){{{FIELDS}}}",
        )
        if not page.data:
            raise Gone("there is no conversation with them")
        return page.data[0].messages.data
