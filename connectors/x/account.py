"""An account on X, opened with its OAuth 1.0a keys: tweepy's client for API v2, and the uploads that it lacks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

import aiohttp
from oauthlib.oauth1 import Client as Signer
from pydantic import BaseModel
from tweepy.asynchronous import AsyncClient

from bot.network import (
    Access,
    AuthFailed,
    Change,
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
    RejectKind,
    Sent,
    SentPage,
    Transient,
)
from bot.network.waits import http_date
from connectors.x.messages import Messages
from connectors.x.posts import (
    EXPANSIONS,
    MEDIA_FIELDS,
    POST_FIELDS,
    USER_FIELDS,
    Deleted,
    Hidden,
    Liked,
    Mark,
    Me,
    Post,
    Several,
    Single,
    id_at,
    items,
    metrics,
    same_text,
)
from connectors.x.timelines import READ, Timelines, read
from connectors.x.wire import ORIGIN, Wire

SMALLEST_PAGE = 5


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
        self._timelines = Timelines(lambda: self._api, account)
        self._messages = Messages(lambda: self._api, account, self._keys, endpoint.url)

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
        me = (await read(answer, Me)).data
        return Identity(me.id, me.username, me.name, me.profile_image_url)

    # Publishing

    async def prepare(self, draft: Draft) -> Prepared:
        """Uploads pictures and their alt texts, notes the newest own post. Unused uploads expire after a day."""
        if draft.private_to:
            return await self._messages.prepare(draft)
        media = [await self._upload(one) for one in draft.media]
        newest = await self._timelines.newest(SMALLEST_PAGE)
        floor = max((post.number for post in newest), default=0)
        return Prepared(draft.key, {"media": media, "floor": str(floor)})

    async def _upload(self, media: Media) -> str:
        path = f"{ORIGIN}/2/media/upload"
        form = aiohttp.FormData()
        form.add_field("media_category", "tweet_gif" if media.type == "image/gif" else "tweet_image")
        form.add_field("media", media.content, filename="picture", content_type=media.type)
        # OAuth signs the address only: the parts of a form are no parameters (RFC 5849, 3.4.1.3.1).
        _, headers, _ = Signer(*self._keys).sign(path, "POST", headers={})
        async with self._open()[1].request("POST", path, data=form, headers=headers) as response:
            uploaded = (await read(response, UploadAnswer)).data
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
        if draft.private_to:
            return await self._messages.send(draft)
        answer = await self._api.create_tweet(
            text=draft.text or None,
            media_ids=_strings(prepared.notes.get("media")) or None,
            in_reply_to_tweet_id=draft.reply_to.id if draft.reply_to else None,
            user_auth=True,
        )
        return self._ref((await read(answer, Single, write=True)).data)

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """The oldest own post above the noted floor that says the same, to the same, with as many pictures."""
        if draft.private_to:
            return await self._messages.find(draft, prepared)
        floor = int(str(prepared.notes.get("floor") or 0))
        posts = (await self._timelines.own(floor)).posts
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
            await read(await self._api.delete_tweet(ref.id, user_auth=True), Deleted, write=True)
        except Gone:
            return

    # Reading

    def begin(self, since: datetime) -> str:
        """The id that a post of the moment before would have: X's ids begin with their time."""
        return Mark(id_at(since) - 1).write()

    async def fetch(self, cursor: str) -> Page:
        """The mentions timeline, replies to us included, where that ends too soon a search, and a search for quotes of
        our newest posts: all of it down to what is known, or nothing. What a pause of more than seven days lets go by
        beyond the newest 800 can't be had.
        """
        mark = Mark.read(cursor)
        sweep = await self._timelines.mentions(mark.floor)
        sweep.join(await self._timelines.quotes(mark.floor))
        found = items(mark.fresh(sweep.posts), sweep.includes, self._account, self._link, sweep.ours)
        return Page(found, mark.after(sweep.posts, sweep.at).write(), reads=sweep.reads)

    async def look(self, refs: Sequence[Ref], mentions: Collection[str] = ()) -> Sequence[Change]:
        """`GET /2/tweets?ids=`: $0.005 for each that is there, nothing for one that is gone.

        An edit gives a post a new id; whether an older one still leads to the newest wording is assumed.
        """
        answer = await self._api.get_tweets(
            [ref.id for ref in refs], user_auth=True, tweet_fields=POST_FIELDS, expansions=EXPANSIONS,
            media_fields=MEDIA_FIELDS,
        )  # fmt: skip
        found = await read(answer, Several)
        now = http_date(answer.headers.get("Date")) or datetime.now(UTC)
        here = items(found.data, found.includes, self._account, self._link)
        told = [Change(item.ref, item.seen or now, text=item.text, media=item.media) for item in here]
        return [*told, *(Change(Ref(one.resource_id), now, gone=True) for one in found.errors if one.gone)]

    async def access(self) -> Access:
        """OAuth 1.0a keys don't end (https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens)
        and X doesn't tell what they may do: nothing is asked."""
        return Access()

    async def messages(self, cursor: str) -> Page:
        """See `connectors.x.messages`."""
        return await self._messages.messages(cursor)

    def signed(self, url: str) -> Mapping[str, str]:
        """What opens a picture of a direct message."""
        return self._messages.signed(url)

    async def sent(self, cursor: str | None) -> SentPage:
        """The account's own timeline, answers and reposts too: $0.001 for each post, nothing while there is none."""
        if cursor is None:
            newest = await self._timelines.newest(SMALLEST_PAGE)
            reads = {post.id: READ for post in newest}
            return SentPage((), Mark(max((post.number for post in newest), default=0)).write(), reads)
        mark = Mark.read(cursor)
        sweep = await self._timelines.own(mark.floor)
        found = items(mark.fresh(sweep.posts), sweep.includes, self._account, self._link)
        told = [Sent(item.ref, item.text, item.at) for item in found]
        return SentPage(told, mark.after(sweep.posts, sweep.at).write(), sweep.reads)

    async def subscribe(self, url: str) -> None:
        """X tells by polling; its Activity API would have to be enrolled for."""
        raise Rejected("X is asked, it doesn't tell")

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """`PUT /2/tweets/:id/hidden`: replies in conversations that we began."""
        change = self._api.hide_reply if hidden else self._api.unhide_reply
        await read(await change(ref.id, user_auth=True), Hidden, write=True)

    async def like(self, ref: Ref, liked: bool) -> None:
        """`POST` and `DELETE /2/users/:id/likes`. Went out of self-serve access on 2026-04-20: X refuses it then."""
        path = f"/2/users/{self._account}/likes"
        refused: Rejected | None = None
        try:
            if liked:
                answer = await self._api.request("POST", path, params={}, json={"tweet_id": ref.id}, user_auth=True)
            else:
                answer = await self._api.request("DELETE", f"{path}/{ref.id}", params={}, user_auth=True)
            await read(answer, Liked, write=True)
        except AuthFailed as error:
            if error.code != "client-forbidden":
                raise
            # The keys are good for everything else.
            refused = Rejected(error.detail, kind=RejectKind.PERMISSION, code=error.code)
        if refused is not None:
            raise refused

    async def reply_privately(self, ref: Ref, text: str) -> None:
        """X has no private reply to a post."""
        raise Rejected("X has no private reply")

    async def metrics(self, ref: Ref) -> Metrics:
        """Public numbers."""
        answer = await self._api.get_tweet(ref.id, user_auth=True, tweet_fields=["public_metrics"])
        return metrics((await read(answer, Single)).data)

    def _ref(self, post: Post) -> Ref:
        return Ref(post.stable_id, self._link.format(post.stable_id))


def _strings(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
