"""An account's direct messages: read seldom and in small pages, because each one costs; answered, and found again.

https://docs.x.com/x-api/direct-messages/lookup/introduction and …/manage/introduction; the routes and their fields are
those of X's OpenAPI file. Only conversations with one person are told: an answer goes to a person, and one in a group
would leave it.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from oauthlib.oauth1 import Client as Signer
from pydantic import BaseModel, Field, model_validator
from tweepy.asynchronous import AsyncClient

from bot.network import AuthFailed, Author, Draft, Item, ItemKind, Page, Prepared, Ref, Rejected, RejectKind
from bot.network.waits import http_date
from connectors.x.posts import (
    MEDIA_FIELDS,
    USER_FIELDS,
    Attachments,
    Entities,
    Includes,
    Meta,
    User,
    bare,
    id_at,
    time_of,
    unwrapped,
)
from connectors.x.timelines import read

LENGTH = 10_000
"""Characters of one (https://docs.x.com/x-api/direct-messages/manage/introduction, seen 2026-11)."""
READ, SENT = 0.010, 0.015
"""Dollars for one that is read, ours too, and for one that is sent (https://docs.x.com/x-api/getting-started/pricing,
seen 2026-11)."""
EVERY = 180.0
"""Seconds between two looks. Reading is limited to 15 requests in a quarter of an hour
(https://docs.x.com/x-api/fundamentals/rate-limits), and every answer needs one to be found again by. Five looks take
five of them, ten when each finds more than one page holds: at least five are always left, usually ten."""
NEED = "Read and write and Direct message"
"""The app's permission, as X's developer portal calls it."""
FIRST, SECOND, REST = 5, 20, 50
"""How many are asked for: X lists the newest anew each time and charges for each once a day, so a first page is small.
What a look doesn't get to is read by those that follow, in larger pages."""
LOOK_PAGE, LOOK_PAGES = 5, 4
LATE = timedelta(seconds=120)  # assumed: none shows up in the list later than this
KIND = "MessageCreate"
FIELDS = ["attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "text"]
EXPANSIONS = ["sender_id", "attachments.media_keys"]
LACKING = frozenset({"oauth1-permissions", "client-forbidden", "unsupported-authentication"})
"""Refusals that mean direct messages alone: the keys are good for everything else."""
PICTURES = frozenset({"ton.twitter.com", "ton.x.com"})  # the second is assumed
PICTURE_PATH = "/1.1/ton/data/dm/"
_IN_PLACE_OF_PICTURE = "/messages/media/"  # assumed: as in API v1.1, the link that stands for one leads here

Answer = TypeVar("Answer")


class Event(BaseModel):
    """One message, ours or theirs, with what `FIELDS` and `EXPANSIONS` ask for. Only the id is sure to be there."""

    id: str = Field(pattern=r"^\d{1,19}$")
    event_type: str = KIND
    text: str = ""
    sender_id: str = ""
    dm_conversation_id: str = ""
    created_at: datetime | None = None
    attachments: Attachments = Attachments()
    entities: Entities = Entities()

    @model_validator(mode="before")
    @classmethod
    def _said(cls, value: object) -> object:
        """X's description lets lists and addresses in it be null: that says as little as leaving them out."""
        return _without_nulls(value)

    @property
    def number(self) -> int:
        """Ids grow with time, and begin with it as a post's do."""
        return int(self.id)

    @property
    def said(self) -> str:
        """The text as it was typed."""
        pictures = [link.url for link in self.entities.urls if _IN_PLACE_OF_PICTURE in link.expanded_url]
        return unwrapped(self.text, self.entities.urls, left_out=pictures)


class Events(BaseModel):
    """A page of them, newest first. An empty one still has `meta`."""

    data: list[Event] = []
    includes: Includes = Includes()
    meta: Meta


class SentData(BaseModel):
    """Which message it became."""

    dm_event_id: str = Field(pattern=r"^\d{1,19}$")


class SentAnswer(BaseModel):
    """Answer to sending one."""

    data: SentData


@dataclass(frozen=True)
class Place:
    """The cursor: everything up to the id `floor` is done, and of what is newer, `seen`. A look ends at the floor, or
    with a page, larger than the first, of which all was seen.

    `older`: a look came to its end before it came down to the floor; the next one goes on from there, page by page,
    and only then is what came meanwhile read. So a flood takes its time, and nothing of it is left out.
    """

    floor: int
    seen: frozenset[int] = frozenset()
    older: str = ""

    @classmethod
    def read(cls, cursor: str) -> "Place":
        """`floor`, `floor:id,id,…` or `floor:id,id,…:token`. Raises ValueError."""
        floor, _, rest = cursor.partition(":")
        seen, _, older = rest.partition(":")
        return cls(int(floor), frozenset(map(int, seen.split(","))) if seen else frozenset(), older)

    def write(self) -> str:
        """The text that `read` takes."""
        return f"{self.floor}:{','.join(map(str, sorted(self.seen)))}:{self.older}".rstrip(":")

    def fresh(self, events: Iterable[Event]) -> list[Event]:
        """Those that are new, each once, oldest first."""
        unseen = {one.number: one for one in events if one.number > self.floor and one.number not in self.seen}
        return [unseen[number] for number in sorted(unseen)]

    def after(self, numbers: Collection[int], now: datetime, older: str) -> "Place":
        """The place once what was read is saved; `now` is the network's own clock."""
        seen = {*self.seen, *(number for number in numbers if number > self.floor)}
        if older:
            return Place(self.floor, frozenset(seen), older)
        settled = id_at(now - LATE)
        floor = max([self.floor, *(number for number in seen if number < settled)])
        return Place(floor, frozenset(number for number in seen if number > floor))


class Messages:
    """One account's; `client` opens its API. `keys`: the app's and the account's, in the order of OAuth's names."""

    def __init__(self, client: Callable[[], AsyncClient], account: str, keys: Collection[str], url: str) -> None:
        self._client, self._account = client, account
        self._keys, self._url = tuple(keys), url

    async def messages(self, cursor: str) -> Page:
        """`GET /2/dm_events`, in two pages at the most: what people wrote since `cursor`, oldest first. All that was
        read is counted, what we wrote ourselves too, because X charges for it."""
        place = Place.read(cursor)
        try:
            return await self._look(place)
        except Rejected as error:
            if not place.older or error.kind is not RejectKind.VALIDATION:
                raise
        # X doesn't know any more where we stopped: from the newest down again, what was told isn't told twice
        return await self._look(Place(place.floor, place.seen), again=True)

    async def _look(self, place: Place, *, again: bool = False) -> Page:
        token, found, includes = place.older, list[Event](), Includes()
        now: datetime | None = None
        for size in (REST, REST) if token or again else (FIRST, SECOND):
            more = {"pagination_token": token} if token else {}
            page, told = await self._page(size, **more)
            now = now or told
            found += page.data
            includes.users += page.includes.users
            includes.media += page.includes.media
            known = not place.fresh(page.data) and size != FIRST and not again
            over = known or any(one.number <= place.floor for one in page.data)
            token = "" if over else page.meta.next_token or ""
            if not token:
                break
        items = [self._item(one, includes) for one in place.fresh(found) if self._for_us(one)]
        after = place.after([one.number for one in found], now or datetime.now(UTC), token)
        return Page(items, after.write(), reads={one.id: READ for one in found})

    async def _page(self, size: int, **more: str) -> tuple[Events, datetime | None]:
        asked = self._client().get_direct_message_events(
            user_auth=True, max_results=size, event_types=KIND, dm_event_fields=FIELDS, expansions=EXPANSIONS,
            user_fields=USER_FIELDS, media_fields=MEDIA_FIELDS, **more,
        )  # fmt: skip
        answer = await permitted(asked)
        return await read(answer, Events), http_date(answer.headers.get("Date"))

    def _for_us(self, event: Event) -> bool:
        """Somebody's words to us alone."""
        both, who = event.dm_conversation_id.split("-"), event.sender_id
        numbered = who.isascii() and who.isdecimal()  # it becomes part of an address
        return event.event_type == KIND and numbered and sorted(both) == sorted((self._account, who))

    def _item(self, event: Event, includes: Includes) -> Item:
        known = {user.id: user for user in includes.users}
        who = known.get(event.sender_id) or User(id=event.sender_id)
        shown = {one.media_key: one.url or one.preview_image_url for one in includes.media}
        at = event.created_at or time_of(event.number)
        return Item(
            ref=Ref(event.id),
            kind=ItemKind.MESSAGE,
            author=Author(who.id, who.username, who.name, who.profile_image_url, who.public_metrics.followers_count),
            text=event.said,
            at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
            parent=Ref(event.dm_conversation_id),
            media=[url for key in event.attachments.media_keys if (url := shown.get(key))],
        )

    # --- answering

    async def prepare(self, draft: Draft) -> Prepared:
        """Notes the newest message of the conversation: one request, and $0.010 where it wasn't read today."""
        newest = (await self._with(draft.private_to, 1)).data
        answered = int(draft.reply_to.id) if draft.reply_to and draft.reply_to.id.isdecimal() else 0
        floor = max([answered, *(one.number for one in newest)])
        return Prepared(draft.key, {"message_floor": str(floor)}, reads={one.id: READ for one in newest})

    async def send(self, draft: Draft) -> Ref:
        """`POST /2/dm_conversations/with/:participant_id/messages`."""
        asked = self._client().create_direct_message(participant_id=draft.private_to, text=draft.text, user_auth=True)
        return Ref((await read(await permitted(asked), SentAnswer, write=True)).data.dm_event_id)

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """The oldest message of ours above the noted floor that says the same. The newest messages of the conversation
        come with the next look anyway, and are counted there."""
        floor = int(str(prepared.notes.get("message_floor") or 0))
        found: Ref | None = None
        token = ""
        for _ in range(LOOK_PAGES):
            page = await self._with(draft.private_to, LOOK_PAGE, token)
            for one in page.data:
                if one.number > floor and one.sender_id == self._account and bare(one.said) == bare(draft.text):
                    found = Ref(one.id)
            token = page.meta.next_token or ""
            if not token or any(one.number <= floor for one in page.data):
                break
        return found

    async def _with(self, person: str, size: int, token: str = "") -> Events:
        more = {"pagination_token": token} if token else {}
        asked = self._client().get_direct_message_events(
            participant_id=person, user_auth=True, max_results=size, event_types=KIND, dm_event_fields=FIELDS,
            expansions=["sender_id"], **more,
        )  # fmt: skip
        return await read(await permitted(asked), Events)

    # --- pictures

    def signed(self, url: str) -> dict[str, str]:
        """Pictures of direct messages are only given to whoever signs with the account's keys
        (https://developer.x.com/en/docs/x-api/v1/direct-messages/message-attachments/guides/retrieving-media). assumed:
        v2 names the same addresses."""
        try:
            if not self._is_ours(url):
                return {}
            _, headers, _ = Signer(*self._keys).sign(url, "GET", headers={})
        except ValueError:  # what can't be read or signed is no address of X's
            return {}
        return {name: str(value) for name, value in headers.items()}

    def _is_ours(self, url: str) -> bool:
        """X's own address of such a picture, or that of the copy of X that we are told to ask: nobody else may see a
        signature."""
        asked, ours = urlsplit(url), urlsplit(self._url)
        x = asked.scheme == "https" and asked.netloc in PICTURES
        return asked.path.startswith(PICTURE_PATH) and (x or (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc))


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


async def permitted(asked: Awaitable[Answer]) -> Answer:
    """The answer; or Rejected, where the app or its keys lack what direct messages need, in place of AuthFailed."""
    try:
        return await asked
    except AuthFailed as error:
        if error.code not in LACKING:
            raise
        refused = Rejected(error.detail, kind=RejectKind.PERMISSION, code=error.code)
    raise refused
