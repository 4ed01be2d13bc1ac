"""An account on X, opened with its OAuth 1.0a keys: tweepy's client for API v2, and the uploads that it lacks."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import aiohttp
from oauthlib.oauth1 import Client as Signer
from pydantic import BaseModel, ValidationError
from tweepy.asynchronous import AsyncClient

from bot.network import (
    Access,
    Credentials,
    Draft,
    Endpoint,
    Gone,
    Identity,
    Media,
    Metrics,
    Page,
    Prepared,
    Ref,
    Rejected,
    Sent,
    SentPage,
    Transient,
)
from bot.network.waits import http_date
from connectors.x.answers import lost
from connectors.x.posts import (
    EXPANSIONS,
    MEDIA_FIELDS,
    POST_FIELDS,
    USER_FIELDS,
    Deleted,
    Hidden,
    Includes,
    Mark,
    Me,
    Post,
    Single,
    Timeline,
    items,
    metrics,
    same_text,
)
from connectors.x.wire import ORIGIN, Answer, Wire

PAGE = 100
SMALLEST_PAGE = 5
PAGES = 40  # more than both timelines hold

Shape = TypeVar("Shape", bound=BaseModel)
Reader = Callable[..., Awaitable[Answer]]


class Processing(BaseModel):
    """What X still does, or failed to do, with an upload."""

    state: str = "succeeded"


class Uploaded(BaseModel):
    """A picture that X holds for a day."""

    id: str
    processing_info: Processing = Processing()


class UploadAnswer(BaseModel):
    """Answer to `POST /2/media/upload`."""

    data: Uploaded


class XAccount:
    """One account; `endpoint.app` holds the app's keys and, for a copy of X, the `site` that permalinks lead to."""

    def __init__(self, endpoint: Endpoint, credentials: Credentials, account: str) -> None:
        self._endpoint, self._account = endpoint, account
        # assumed: X leads from any post's id to the post, without its author's name.
        self._link = endpoint.app.get("site", "https://x.com").rstrip("/") + "/i/status/{}"
        keys = {**endpoint.app, **credentials.values}
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        self._keys = [keys.get(name, "").strip() for name in names]
        self._client: AsyncClient | None = None
        self._wire: Wire | None = None

    async def aclose(self) -> None:
        """Give connections back."""
        wire, self._wire, self._client = self._wire, None, None
        if wire is not None:
            await wire.close()

    def _open(self) -> tuple[AsyncClient, Wire]:
        # Not in the constructor: a session belongs to the loop that it is used in.
        if self._client is None or self._wire is None:
            self._wire = Wire(self._endpoint.url, self._endpoint.timeout, self._keys)
            key, secret, token, token_secret = self._keys
            self._client = AsyncClient(None, key, secret, token, token_secret, return_type=aiohttp.ClientResponse)
            self._client.session = self._wire
        return self._client, self._wire

    @property
    def _api(self) -> AsyncClient:
        return self._open()[0]

    async def whoami(self) -> Identity:
        """`GET /2/users/me`: 75 in a quarter of an hour."""
        answer = await self._api.get_me(user_auth=True, user_fields=USER_FIELDS)
        me = (await _read(answer, Me)).data
        return Identity(me.id, me.username, me.name, me.profile_image_url)

    # Publishing

    async def prepare(self, draft: Draft) -> Prepared:
        """Uploads pictures and their alt texts, notes the newest own post. Unused uploads expire after a day."""
        media = [await self._upload(one) for one in draft.media]
        page = await self._timeline(self._api.get_users_tweets, max_results=SMALLEST_PAGE)
        floor = max((post.number for post in page.data), default=0)
        return Prepared(draft.key, {"media": media, "floor": str(floor)})

    async def _upload(self, media: Media) -> str:
        path = f"{ORIGIN}/2/media/upload"
        form = aiohttp.FormData()
        form.add_field("media_category", "tweet_gif" if media.type == "image/gif" else "tweet_image")
        form.add_field("media", media.content, filename="picture", content_type=media.type)
        # OAuth signs the address only: the parts of a form are no parameters (RFC 5849, 3.4.1.3.1).
        _, headers, _ = Signer(*self._keys).sign(path, "POST", headers={})
        async with self._open()[1].request("POST", path, data=form, headers=headers) as response:
            uploaded = (await _read(response, UploadAnswer)).data
        if uploaded.processing_info.state == "failed":
            raise Rejected("X could not process the picture")
        if uploaded.processing_info.state != "succeeded":
            # Pictures are ready at once, animated ones soon: asked again with the next attempt, within a post's limit.
            raise Transient("X still works on the picture")
        if media.alt:
            body = {"id": uploaded.id, "metadata": {"alt_text": {"text": media.alt}}}
            await self._api.request("POST", "/2/media/metadata", params={}, json=body, user_auth=True)
        return uploaded.id

    async def publish(self, draft: Draft, prepared: Prepared) -> Ref:
        """`POST /2/tweets`."""
        answer = await self._api.create_tweet(
            text=draft.text or None,
            media_ids=_strings(prepared.notes.get("media")) or None,
            in_reply_to_tweet_id=draft.reply_to.id if draft.reply_to else None,
            user_auth=True,
        )
        return self._ref((await _read(answer, Single, write=True)).data)

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """The oldest own post above the noted floor that says the same, to the same, with as many pictures."""
        floor = int(str(prepared.notes.get("floor") or 0))
        posts, _, _ = await self._sweep(self._api.get_users_tweets, floor)
        parent = draft.reply_to.id if draft.reply_to else None
        for post in sorted(posts, key=lambda one: one.number):
            if post.number <= floor or post.answered != parent:
                continue
            if len(post.attachments.media_keys) == len(draft.media) and same_text(
                post, draft.text, is_reply=parent is not None
            ):
                return self._ref(post)
        return None

    async def edit(self, ref: Ref, text: str) -> Ref:
        """X lets only Premium accounts edit: not offered."""
        raise Rejected("editing is not offered on X")

    async def delete(self, ref: Ref) -> None:
        """`DELETE /2/tweets/:id`."""
        try:
            await _read(await self._api.delete_tweet(ref.id, user_auth=True), Deleted, write=True)
        except Gone:
            return

    # Reading

    async def fetch(self, cursor: str | None) -> Page:
        """The mentions timeline, replies to us included: whole pages down to what is known, or nothing.

        X holds the newest 800; what a longer pause between polls lets go by can't be had.
        """
        if cursor is None:
            page = await self._timeline(self._api.get_users_mentions, max_results=SMALLEST_PAGE)
            return Page((), Mark(max((post.number for post in page.data), default=0)).write())
        mark = Mark.read(cursor)
        posts, includes, answered_at = await self._sweep(self._api.get_users_mentions, mark.floor)
        found = items(mark.fresh(posts), includes, self._account, self._link)
        return Page(found, mark.after(posts, http_date(answered_at)).write())

    async def access(self) -> Access:
        """OAuth 1.0a keys don't end (https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens)
        and X doesn't tell what they may do: nothing is asked."""
        return Access()

    async def sent(self, cursor: str | None) -> SentPage:
        """The account's own timeline, answers and reposts too: $0.001 for each post, nothing while there is none."""
        if cursor is None:
            page = await self._timeline(self._api.get_users_tweets, max_results=SMALLEST_PAGE)
            return SentPage((), Mark(max((post.number for post in page.data), default=0)).write())
        mark = Mark.read(cursor)
        posts, includes, answered_at = await self._sweep(self._api.get_users_tweets, mark.floor)
        found = items(mark.fresh(posts), includes, self._account, self._link)
        told = [Sent(item.ref, item.text, item.at) for item in found]
        return SentPage(told, mark.after(posts, http_date(answered_at)).write())

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """`PUT /2/tweets/:id/hidden`: replies in conversations that we began."""
        change = self._api.hide_reply if hidden else self._api.unhide_reply
        await _read(await change(ref.id, user_auth=True), Hidden, write=True)

    async def metrics(self, ref: Ref) -> Metrics:
        """Public numbers."""
        answer = await self._api.get_tweet(ref.id, user_auth=True, tweet_fields=["public_metrics"])
        return metrics((await _read(answer, Single)).data)

    def _ref(self, post: Post) -> Ref:
        return Ref(post.stable_id, self._link.format(post.stable_id))

    async def _timeline(self, read: Reader, **options: object) -> Timeline:
        return await _read(await read(self._account, user_auth=True, **options), Timeline)

    async def _sweep(self, read: Reader, floor: int) -> tuple[Sequence[Post], Includes, str | None]:
        """Every post above `floor`, what belongs to them, and X's own time of the first page."""
        options: dict[str, object] = {
            "max_results": PAGE,
            "tweet_fields": POST_FIELDS,
            "user_fields": USER_FIELDS,
            "media_fields": MEDIA_FIELDS,
            "expansions": EXPANSIONS,
        }
        if floor:
            options["since_id"] = str(floor)
        posts: list[Post] = []
        includes = Includes()
        answered_at: str | None = None
        for _ in range(PAGES):
            response = await read(self._account, user_auth=True, **options)
            answered_at = answered_at or response.headers.get("Date")
            page = await _read(response, Timeline)
            posts += page.data
            includes.users += page.includes.users
            includes.media += page.includes.media
            if not page.meta.next_token:
                return posts, includes, answered_at
            options["pagination_token"] = page.meta.next_token
        raise Transient("the timeline does not end")


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


async def _read(response: Answer, model: type[Shape], *, write: bool = False) -> Shape:
    """The body as `model`, or the error of an answer that can't be trusted."""
    try:
        return model.model_validate_json(await response.read())
    except ValidationError:
        error = lost(write, f"{response.status} with an unexpected shape")
    raise error
