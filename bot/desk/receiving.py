"""From outside: store what people said, once each and in order, what became of it, and how far we read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.gathering import Gathering
from bot.desk.moods import judged
from bot.domain import conversing as rules
from bot.domain.brands import Account, Brand
from bot.domain.conversations import FRONT, Conversation, Outsider, Words
from bot.domain.events import ConversationChanged
from bot.domain.heard import sight
from bot.domain.private import goes_on
from bot.domain.promises import with_targets
from bot.domain.records import Record, score
from bot.domain.sightings import KEPT, Sighting, Told, Version, see, see_all, shown_otherwise
from bot.network import Change, Connector, Item, ItemKind, Page
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

PATIENCE = timedelta(days=7)
"""How long what was told of words that didn't arrive is kept."""
OPEN = 2_000
"""Open conversations among which those to look at are chosen."""
CHUNK = 50
"""Items stored in one script. The cursor moves with the last of a page, so a crash repeats and never skips."""


class Cursor(Record):
    """How far an account was read; `text` is the connector's own. `id` is the account's."""

    KIND = "cursor"

    text: str


class Foretold(Record):
    """What a network told of words that didn't arrive yet: webhooks overtake each other. `id` is `account:ref`."""

    KIND = "foretold"

    sightings: tuple[Sighting, ...] = ()


@dataclass
class Gathered:
    """What one script will store: conversations as they will be and as they were, and whose each item is.

    known: whose what was heard before is; threads: the network's own private conversations, and ours. told: what was
    told before of words that weren't here. foretold: what is kept for words that aren't here now; used: what isn't
    needed any more.
    """

    brand: Brand
    known: Mapping[str, str]
    told: Mapping[str, Foretold]
    talks: dict[str, tuple[Conversation, Conversation | None]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    foretold: dict[str, tuple[Foretold, Foretold | None]] = field(default_factory=dict)
    used: list[Foretold] = field(default_factory=list)

    def whose(self, ref: str) -> str:
        """The conversation that something on the network belongs to; empty for what is new."""
        return self.names.get(ref) or self.threads.get(ref) or self.known.get(ref, "")

    def put(self, new: Conversation, old: Conversation | None) -> None:
        """Changed once more: what was stored stays what it was."""
        first = self.talks[new.id][1] if new.id in self.talks else old
        self.talks[new.id] = (new, first)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.names or self.talks or self.foretold or self.used)


class Receiving:
    """The verbs of listening."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self._gatherer = Gathering(desk)

    async def cursor(self, account: str) -> Cursor | None:
        """How far the account was read, None before the first time."""
        return await self._store.find(Cursor, account)

    def begin(self, account: Account, connector: Connector) -> str:
        """Where to begin, before the first time: the moment in which the account was connected."""
        return connector.begin(account.since or account.connected_at)

    async def receive(self, account: Account, page: Page, before: Cursor | None) -> int:
        """Store what is new of a page, in order, once each, and the cursor with its last item; answers how many were
        new.

        An empty cursor is no news, the good one stays. Raises Conflict when somebody else moved it: fetch again.
        """
        told: list[Item | Change] = [item for item in page.items if not item.own]
        told += page.changes
        moved = None
        if page.cursor and (before is None or before.text != page.cursor):
            moved = (before or Cursor(id=account.id, text="")).model_copy(update={"text": page.cursor})
        chunks = [told[start : start + CHUNK] for start in range(0, len(told), CHUNK)] or [[]]
        new = 0
        for chunk in chunks[:-1]:
            new += await self._receive_some(account, chunk)
        new += await self._receive_some(account, chunks[-1], moved, before)
        if new:
            name = self._store.key("word", account.id)
            await self._store.client.set(name, str(score(self._desk.now())), ex=round(PATIENCE.total_seconds()))
        return new

    async def quiet(self, account: Account) -> timedelta:
        """For how long nobody has said anything there; since it was connected, at the most."""
        now = self._desk.now()
        found = await self._store.client.get(self._store.key("word", account.id))
        last = datetime.fromtimestamp(float(found) / 1000, UTC) if found else account.connected_at
        return max(now - last, timedelta(0))

    async def _receive_some(
        self, account: Account, told: Sequence[Item | Change], moved: Cursor | None = None, before: Cursor | None = None
    ) -> int:
        async def attempt() -> int:
            found = await self._gathering(account, told)
            for one in told:
                known = found.whose(one.ref.id)
                if known:
                    await self._seen(str(known), sighting(one), found)
                elif isinstance(one, Item):
                    await self._heard(account, one, found)
                else:
                    self._foretell(account, sighting(one), found)
            change = self._store.begin()
            await self._store_all(change, account, found)
            if moved is not None:
                change.put(moved, before)
            if moved is not None or not found.empty:
                await change.commit()
            return len(found.names)

        return await self._desk.again(attempt)

    async def _gathering(self, account: Account, told: Sequence[Item | Change]) -> Gathered:
        """What the store holds of all of these, read together."""
        refs = dict.fromkeys(one.ref.id for one in told)
        parents = [one.parent.id for one in told if isinstance(one, Item) and one.parent]
        about = list(dict.fromkeys([*refs, *parents]))
        rows = await self._store.client.mget([self.name(account, ref) for ref in about]) if about else []
        foretold = await self._store.find_many(Foretold, [_foretold(account, ref) for ref in refs])
        return Gathered(
            brand=await self._desk.brand(account.brand),
            known={ref: str(row) for ref, row in zip(about, rows, strict=True) if row},
            told={each.id: each for each in foretold},
        )

    async def _store_all(self, change: Transaction, account: Account, found: Gathered) -> None:
        await self._gatherer.gather(change, account, found.talks)
        for ref, id_ in found.names.items():
            change.unique("item", account.id, ref, value=id_)
        for thread, id_ in found.threads.items():
            change.do("SET", self.name(account, thread), id_)
        await self._desk.people.note_met(change, [new for new, _ in found.talks.values()])
        talks = [(judged(heard, old, found.brand.language), old) for heard, old in found.talks.values()]
        for heard, old in await self._desk.rulebooks.applied(change, found.brand, talks):
            new = with_targets(heard, found.brand.hours, found.brand.clock)
            change.put(new, old)
            act = "new" if old is None else "heard" if len(new.heard) > len(old.heard) else "rewritten"
            pictures = any(words.media for words in new.heard)
            change.emit(
                ConversationChanged(conversation=new.id, act=act, correlation=new.correlation, pictures=pictures)
            )
        for foretold, stored in found.foretold.values():
            change.put(foretold, stored)
            change.do("EXPIRE", self._store.key_of(foretold), str(round(PATIENCE.total_seconds())))
        for foretold in found.used:
            change.remove(foretold)

    async def _heard(self, account: Account, item: Item, found: Gathered) -> None:
        """Something new: it goes on with a conversation or begins one, as everything that was told of it makes it."""
        base, old = await self._place(account, item, found)
        words = _words(item)
        name = _foretold(account, item.ref.id)
        foretold, stored = found.foretold.pop(name, (None, None))
        if foretold is None:
            foretold = stored = found.told.get(name)
        if foretold is not None:
            words = see_all(words, foretold.sightings)
        if stored is not None:
            found.used.append(stored)
        new = rules.hear(base, words, self._desk.now()) if base else self._opened(account, item, words)
        found.put(new, old)
        found.names[item.ref.id] = new.id
        if item.kind is ItemKind.MESSAGE and item.parent:
            found.threads[item.parent.id] = new.id

    async def _seen(self, id_: str, sighting: Sighting, found: Gathered) -> None:
        """It is known: what it tells anew follows. Our own answers are known as well, and nothing follows."""
        now, old = await self._talk(id_, found)
        if now is None:
            return
        new = sight(now, sighting, self._desk.now())
        if new is not now:
            found.put(new, old)

    def _foretell(self, account: Account, sighting: Sighting, found: Gathered) -> None:
        name = _foretold(account, sighting.ref)
        known, stored = found.foretold.get(name, (None, None))
        if known is None:
            known = stored = found.told.get(name)
        sightings = dict.fromkeys([*(known.sightings if known else ()), sighting])
        new = Foretold(id=name, version=stored.version if stored else 0, sightings=tuple(sightings)[-KEPT:])
        found.foretold[name] = (new, stored)

    async def to_look_at(self, account: Account, most: int, every: timedelta) -> list[Words]:
        """Comments in open conversations, of the last seven days, that nobody looked at for so long, those that wait
        longest first. Never a private message: asked for among comments it isn't there, which would read as deleted."""
        now = self._desk.now()
        oldest, due = score(now - PATIENCE), score(now - every)
        name = self._store.key("looked", account.id)
        await self._store.client.zremrangebyscore(name, "-inf", oldest)
        index = f"open:{account.brand}"  # what a rule flagged stands before everything else, at times of its own
        talks = await self._store.listed(Conversation, index, low=oldest - FRONT, high=0.0, limit=OPEN)
        talks += await self._store.listed(Conversation, index, low=oldest, limit=OPEN)
        open_now = {
            words.ref: words
            for talk in talks
            if talk.account == account.id and not talk.private
            for words in talk.heard
            if words.there and words.kept and score(words.at) >= oldest
        }
        if not open_now:
            return []
        looked = await self._store.client.zmscore(name, list(open_now))
        last = {ref: at or score(open_now[ref].at) for ref, at in zip(open_now, looked, strict=True)}
        return [open_now[ref] for ref in sorted(last, key=last.__getitem__) if last[ref] <= due][:most]

    async def looking(self, account: Account, comments: Sequence[Words]) -> None:
        """They are being looked at now: others come first the next time, also if this fails."""
        now = score(self._desk.now())
        await self._store.client.zadd(self._store.key("looked", account.id), {words.ref: now for words in comments})

    async def looked(self, account: Account, changes: Sequence[Change]) -> None:
        """What a look at single comments tells; what people see already isn't stored again."""
        told = []
        for change in changes:
            id_ = await self._store.client.get(self.name(account, change.ref.id))
            talk = await self._store.find(Conversation, str(id_)) if id_ else None
            words = talk.said(change.ref.id) if talk else None
            if words is not None and shown_otherwise(words, sighting(change)):
                told.append(change)
        for start in range(0, len(told), CHUNK):
            await self._receive_some(account, told[start : start + CHUNK])

    def name(self, account: Account, ref: str) -> str:
        """The key that says whose conversation something on the network belongs to."""
        return self._store.key("item", account.id, ref)

    async def _place(
        self, account: Account, item: Item, found: Gathered
    ) -> tuple[Conversation | None, Conversation | None]:
        """The conversation that an item goes on with (as it is now, as stored), or neither for a new one."""
        if item.parent is None:
            return None, None
        known = found.whose(item.parent.id)
        if not known:
            return None, None
        now, old = await self._talk(str(known), found)
        if now is None or now.person.id != item.author.id:
            return None, None
        if item.kind is ItemKind.MESSAGE and not goes_on(now, self._desk.now()):
            return None, None
        return now, old

    async def _talk(self, id_: str, found: Gathered) -> tuple[Conversation | None, Conversation | None]:
        if id_ in found.talks:
            return found.talks[id_]
        stored = await self._store.find(Conversation, id_)
        return stored, stored

    def _opened(self, account: Account, item: Item, words: Words) -> Conversation:
        now = self._desk.now()
        return Conversation(
            id=self._desk.new_id(),
            brand=account.brand,
            account=account.id,
            network=account.network,
            person=Outsider(
                id=item.author.id,
                handle=item.author.handle,
                name=item.author.name,
                picture=item.author.picture,
                followers=item.author.followers,
            ),
            heard=(words,),
            root=item.root.id if item.root else "",
            root_url=(item.root.url or "") if item.root else "",
            changed_at=now,
            created_at=now,
            correlation=self._desk.new_id(),
        )


def _foretold(account: Account, ref: str) -> str:
    """The id of what was told of words that didn't arrive yet."""
    return f"{account.id}:{ref}"


def _words(item: Item) -> Words:
    seen = sighting(item)
    words = Words(
        ref=item.ref.id,
        kind=item.kind.value,
        text=item.text,
        at=item.at,
        url=item.ref.url or "",
        media=tuple(item.media),
        versions=(Version(at=seen.at, text=item.text, media=tuple(item.media), told=seen.told),),
    )
    return see(words, seen)


def sighting(told: Item | Change) -> Sighting:
    """What an item or a change tells of somebody's words."""
    if isinstance(told, Item):
        how = Told.EDITED if told.edited else Told.READ if told.seen else Told.SAID
        at = told.seen or told.at
        return Sighting(ref=told.ref.id, at=at, text=told.text, media=tuple(told.media), told=how, hidden=told.hidden)
    return Sighting(
        ref=told.ref.id,
        at=told.at,
        text=told.text,
        media=tuple(told.media),
        told=Told.EDITED if told.edited else Told.READ,
        hidden=told.hidden,
        gone=told.gone,
    )
