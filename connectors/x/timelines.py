"""Reads an account's timelines on X in whole sweeps, and searches for what its mentions timeline no longer holds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from tweepy.asynchronous import AsyncClient

from bot.network import AuthFailed, Transient
from bot.network.waits import http_date
from connectors.x.answers import lost
from connectors.x.posts import (
    EXPANSIONS,
    MEDIA_FIELDS,
    POST_FIELDS,
    SEARCHED,
    USER_FIELDS,
    Includes,
    Me,
    Post,
    Timeline,
    id_at,
    time_of,
)
from connectors.x.wire import Answer

PAGE = 100
PAGES = 40  # more than both timelines hold
SEARCHES = 250  # of a quarter of an hour's 300
READ = 0.005
"""Dollars for a post that is read, once a day; $0.001 where the app is the account's own, which nothing tells."""
QUOTED = 10  # our newest posts whose quotes are looked for: what a query of 512 characters holds
KEPT = 800  # what the mentions timeline holds
FULL = KEPT * 9 // 10
"""As many posts as this, down to its end, and the timeline may have let older ones go; deleted ones leave gaps."""

Shape = TypeVar("Shape", bound=BaseModel)
Reader = Callable[..., Awaitable[Answer]]


@dataclass
class Sweep:
    """Every post above a floor, newest first, what belongs to them, and X's own time of the first page."""

    posts: list[Post] = field(default_factory=list)
    includes: Includes = field(default_factory=Includes)
    at: datetime | None = None
    reads: dict[str, float] = field(default_factory=dict)
    ours: frozenset[str] = frozenset()  # our posts that were looked for in quotes

    def add(self, page: Timeline, answered_at: datetime | None) -> None:
        """One more page."""
        self.at = self.at or answered_at
        self.posts += page.data
        self.reads |= {post.id: READ for post in page.data}
        self.includes.users += page.includes.users
        self.includes.media += page.includes.media

    def join(self, other: "Sweep") -> None:
        """Each post once."""
        known = {post.number for post in self.posts}
        self.posts += [post for post in other.posts if post.number not in known]
        self.includes.users += other.includes.users
        self.includes.media += other.includes.media
        self.ours |= other.ours
        self.reads |= other.reads


class Timelines:
    """One account's; `client` opens its API."""

    def __init__(self, client: Callable[[], AsyncClient], account: str) -> None:
        self._client, self._account = client, account

    async def mentions(self, floor: int) -> Sweep:
        """Every mention above `floor`. The timeline holds the newest 800; those before are searched for, as far as
        seven days back."""
        sweep = await self.whole(self._client().get_users_mentions, floor)
        if len(sweep.posts) >= FULL:
            await self._searched(sweep, floor)
        return sweep

    async def quotes(self, floor: int) -> Sweep:
        """What quotes one of our ten newest posts, above `floor` and as far as seven days back.

        Nothing where the app's access level has no search: that must not keep mentions from being read.
        """
        newest = await self.newest(QUOTED)
        ours = [post.stable_id for post in newest]
        own = Sweep(reads={post.id: READ for post in newest})
        if not ours:
            return own
        options = _options(max(floor, id_at(datetime.now(UTC) - SEARCHED)))
        query = f"({' OR '.join(f'quotes_of_tweet_id:{one}' for one in ours)}) -from:{self._account}"
        try:
            found = await self.search(query, options)
        except AuthFailed as error:
            if error.code != "client-forbidden":
                raise
            return own
        found.ours = frozenset(ours)
        found.reads |= own.reads
        return found

    async def own(self, floor: int) -> Sweep:
        """Every post of the account itself above `floor`."""
        return await self.whole(self._client().get_users_tweets, floor)

    async def newest(self, results: int) -> Sequence[Post]:
        """The account's own newest posts."""
        answer = await self._client().get_users_tweets(self._account, user_auth=True, max_results=results)
        return (await read(answer, Timeline)).data

    async def whole(self, reader: Reader, floor: int) -> Sweep:
        """Pages down to `floor`, or nothing. Raises Transient for a timeline that doesn't end."""
        options = _options(floor)
        sweep = Sweep()
        for _ in range(PAGES):
            response = await reader(self._account, user_auth=True, **options)
            page = await read(response, Timeline)
            sweep.add(page, http_date(response.headers.get("Date")))
            if not page.meta.next_token:
                return sweep
            options["pagination_token"] = page.meta.next_token
        raise Transient("the timeline does not end")

    async def _searched(self, sweep: Sweep, floor: int) -> None:
        oldest = min(post.number for post in sweep.posts)
        handle = (await read(await self._client().get_me(user_auth=True, user_fields=USER_FIELDS), Me)).data.username
        reach = id_at((sweep.at or time_of(oldest)) - SEARCHED)
        options = _options(max(floor, reach)) | {"until_id": str(oldest)}
        sweep.join(await self.search(f"@{handle} -from:{handle}", options))

    async def search(self, query: str, options: dict[str, object]) -> Sweep:
        """Everything that the query finds. Raises Transient when it doesn't end."""
        sweep = Sweep()
        for _ in range(SEARCHES):
            response = await self._client().search_recent_tweets(query, user_auth=True, **options)
            page = await read(response, Timeline)
            sweep.add(page, http_date(response.headers.get("Date")))
            if not page.meta.next_token:
                return sweep
            options = options | {"next_token": page.meta.next_token}
        raise Transient("the search does not end")


def _options(floor: int) -> dict[str, object]:
    options: dict[str, object] = {
        "max_results": PAGE,
        "tweet_fields": POST_FIELDS,
        "user_fields": USER_FIELDS,
        "media_fields": MEDIA_FIELDS,
        "expansions": EXPANSIONS,
    }
    if floor:
        options["since_id"] = str(floor)
    return options


async def read(response: Answer, model: type[Shape], *, write: bool = False) -> Shape:
    """The body as `model`, or the error of an answer that can't be trusted."""
    try:
        return model.model_validate_json(await response.read())
    except ValidationError:
        error = lost(write, f"{response.status} with an unexpected shape")
    raise error
