"""A network that answers at once and remembers what reached it, and a desk whose accounts all live there."""

import asyncio
import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from redis.asyncio import Redis

from bot.desk.desk import Desk
from bot.domain.brands import Account, Brand, Channels
from bot.domain.records import Record
from bot.network import (
    Access,
    Capability,
    Change,
    CredentialField,
    Credentials,
    Draft,
    Endpoint,
    Hook,
    Identity,
    Item,
    Limits,
    MediaFacts,
    Metrics,
    Page,
    Prepared,
    Problem,
    Ref,
    SentPage,
)
from bot.store.records import Store
from bot.store.vault import Vault
from tests.bench.table import Wrong

NAME = "instant"
CHUNK = 100
LIMITS = Limits(date(2026, 1, 1), 280, 4, frozenset({"image/png"}), 1000, True, 100)


@dataclass
class Instant:
    """The provider. requests: (draft's key, seconds since the epoch). waiting: what each account will be told."""

    name: str = NAME
    title: str = "Instant"
    capabilities: Capability = Capability.PUBLISH | Capability.REPLY | Capability.FETCH
    limits: Limits = LIMITS
    fields: Sequence[CredentialField] = (CredentialField("token"),)
    app_fields: Sequence[str] = ()
    hook: Hook | None = None
    requests: list[tuple[str, float]] = field(default_factory=list)
    waiting: Mapping[str, Sequence[Page]] = field(default_factory=dict)
    another: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, count: int, *, patience: float) -> None:
        """Waits for so many requests, for at most `patience` seconds more; raises Wrong."""
        try:
            async with asyncio.timeout(patience):
                while len(self.requests) < count:
                    self.another.clear()
                    await self.another.wait()
        except TimeoutError:
            raise Wrong(f"{len(self.requests)} of {count} reached the network") from None

    def length(self, text: str) -> int:
        """Code points."""
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Nothing is wrong."""
        return []

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> "InstantAccount":
        """An account."""
        return InstantAccount(self, account)


@dataclass(frozen=True)
class InstantAccount:
    """The connector."""

    network: Instant
    account: str

    async def whoami(self) -> Identity:
        """Itself."""
        return Identity(self.account, self.account, self.account)

    async def prepare(self, draft: Draft) -> Prepared:
        """Nothing to upload."""
        return Prepared(draft.key, {})

    async def publish(self, draft: Draft, prepared: Prepared) -> Ref:
        """The request that is measured."""
        self.network.requests.append((draft.key, time.time()))
        self.network.another.set()
        return Ref(f"r{draft.key}", f"https://instant.example/{draft.key}")

    async def find(self, draft: Draft, prepared: Prepared) -> Ref | None:
        """Never asked here."""
        return None

    def begin(self, since: datetime) -> str:
        """The first page, whenever."""
        return "0"

    async def fetch(self, cursor: str) -> Page:
        """The page after the cursor."""
        pages = self.network.waiting.get(self.account, ())
        at = int(cursor)
        return pages[at] if at < len(pages) else Page((), str(at))

    async def look(self, refs: Sequence[Ref], mentions: Collection[str] = ()) -> Sequence[Change]:
        """Nothing ever changes here."""
        return []

    async def access(self) -> Access:
        """Nothing is told of its end."""
        return Access()

    async def sent(self, cursor: str | None) -> SentPage:
        """Never asked here."""
        return SentPage((), cursor or "0")

    async def messages(self, cursor: str) -> Page:
        """Nobody writes in private here."""
        return Page((), cursor)

    def signed(self, url: str) -> Mapping[str, str]:
        """Nothing."""
        return {}

    async def subscribe(self, url: str) -> None:
        """Nothing is told here."""

    async def like(self, ref: Ref, liked: bool) -> None:
        """Nothing is shown here."""

    async def reply_privately(self, ref: Ref, text: str) -> None:
        """Nobody is there."""

    async def hide(self, ref: Ref, hidden: bool) -> None:
        """Done."""

    async def delete(self, ref: Ref) -> None:
        """Done."""

    async def edit(self, ref: Ref, text: str) -> Ref:
        """Done."""
        return ref

    async def metrics(self, ref: Ref) -> Metrics:
        """None."""
        return Metrics()

    async def aclose(self) -> None:
        """Nothing to close."""


def open_desk(client: Redis, network: Instant) -> Desk:
    """A desk on a workspace of its own."""
    ids = count(1)
    return Desk(
        Store(client, "T01BENCH001"),
        providers={NAME: network},
        endpoints={NAME: Endpoint("http://127.0.0.1:9")},
        vault=Vault([b"k" * 32]),
        now=lambda: datetime.now(UTC),
        new_id=lambda: f"n{next(ids)}",
    )


async def settle_in(desk: Desk, *, brands: int, accounts: int) -> tuple[list[Brand], list[Account]]:
    """So many brands, and so many accounts in each."""
    made = [Brand(id=f"b{n}", name=f"Brand {n}", channels=Channels(review=f"C{n}")) for n in range(brands)]
    opened = [
        Account(
            id=f"{brand.id}a{n}",
            brand=brand.id,
            network=NAME,
            remote_id=f"{brand.id}a{n}",
            handle=f"{brand.id}a{n}",
            name=f"Account {n} of {brand.name}",
            sealed=desk.vault.seal(json.dumps({"token": "t"}), f"{brand.id}a{n}"),
            connected_at=desk.now(),
        )
        for brand in made
        for n in range(accounts)
    ]
    await put(desk, [*made, *opened])
    return made, opened


async def put(desk: Desk, records: Sequence[Record]) -> None:
    """Stores new records, many in one script."""
    for some in _chunks(records):
        change = desk.store.begin()
        for record in some:
            change.put(record)
        await change.commit()


def _chunks(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]


def comments_of(pages: Sequence[Sequence[Item]]) -> Sequence[Page]:
    """Pages with their cursors; each says whether another follows."""
    return [Page(items, str(n + 1), n + 1 < len(pages)) for n, items in enumerate(pages)]
