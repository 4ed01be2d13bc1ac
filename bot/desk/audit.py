"""Who did what: the history of one thing, and the search that finds the thing, both within the reader's brands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import Delivery
from bot.domain.finding import folded
from bot.domain.posts import Post, PostStatus
from bot.domain.records import AuditEntry, MemberId, score
from bot.domain.remarks import Remark
from bot.domain.variants import every_text
from bot.errors import NotAllowed, UserError
from bot.store.audit import AuditLog

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LISTED = 20
"""Things that one search shows; the newest."""
READ = 2000
"""Posts of a brand, or entries of the record, that one search reads: the newest."""
_IN_LINK = re.compile(r"[A-Za-z0-9_.-]{3,}")

Thing = Post | Conversation | Account | Brand


@dataclass(frozen=True)
class History:
    """All that was written about one thing, oldest first. deliveries, accounts: by id, those that the lines name;
    remarks: what the team said about a post."""

    thing: Thing
    brand: Brand
    entries: Sequence[AuditEntry]
    deliveries: Mapping[str, Delivery]
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    now: datetime
    remarks: Sequence[Remark] = ()

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name it says."""
        named = [who for entry in self.entries for who in (entry.who, named_in(entry))]
        named += [each.by for each in self.remarks]
        return [who for who in named if ":" in who]


def named_in(entry: AuditEntry) -> MemberId:
    """Whom an entry is about besides whoever did it: who got a conversation, was asked to take it or to publish
    something by hand, or wrote what somebody let out, or fixed."""
    if entry.act in {"suggestion.approve", "suggestion.fix", "conversation.ask_look", "post.fix", "delivery.ask"}:
        return entry.detail
    told = entry.act in {"conversation.assign", "conversation.escalate", "conversation.pass_on_company"}
    return entry.detail.removeprefix("person ") if told and "channel " not in entry.detail else ""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty doesn't matter. `place` is a link or an id, dates are instants."""

    words: str = ""
    person: MemberId = ""
    account: str = ""
    since: datetime | None = None
    until: datetime | None = None
    place: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was said."""
        return not (self.words or self.person or self.account or self.since or self.until or self.place)


@dataclass(frozen=True)
class Found:
    """What a search found, the newest first. `cut`: there may be more, so the search should be narrowed."""

    things: Sequence[Thing]
    brands: Mapping[str, Brand]
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    now: datetime
    cut: bool = False


class Audit:
    """Reads of the record; every role sees its own brands and nobody another's."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self._log = AuditLog(desk.store)

    async def history(self, subject: str, who: Standing) -> History:
        """A thing's history. Raises NotAllowed outside one's brands, UserError when there is no such thing."""
        thing = await self._thing(subject)
        if thing is None or (isinstance(thing, Post) and thing.status is PostStatus.DRAFT and thing.author != who.id):
            raise UserError("error.nothing_found")
        brand = thing if isinstance(thing, Brand) else await self._desk.brand(thing.brand)
        if not brand.roles_of(who):
            raise NotAllowed("error.nothing_found")
        entries = await self._log.of(subject)
        named = dict.fromkeys(id_ for entry in entries for id_ in entry.delivery.split(",") if id_)
        deliveries = {each.id: each for each in await self._store.find_many(Delivery, named)}
        return History(
            thing=thing,
            brand=brand,
            entries=entries,
            deliveries=deliveries,
            accounts=await self._accounts(),
            titles=self._desk.pages.titles(),
            now=self._desk.now(),
            remarks=await self._desk.remarks.of(thing, who) if isinstance(thing, Post) else (),
        )

    async def _accounts(self) -> dict[str, Account]:
        return {account.id: account for account in await self._desk.accounts.all()}

    async def _thing(self, id_: str) -> Thing | None:
        kinds: tuple[type[Thing], ...] = (Post, Conversation, Account, Brand)
        for kind in kinds:
            found: Thing | None = await self._store.find(kind, id_)
            if found is not None:
                return found
        delivery = await self._store.find(Delivery, id_)
        if delivery is not None:
            return await self._thing(delivery.reply.conversation if delivery.reply else delivery.post)
        return None

    async def reach(self, who: Standing) -> Found:
        """An empty search: the brands and accounts that somebody may search. Raises NotAllowed for who has none."""
        brands = {brand.id: brand for brand in await self._desk.brands.mine(who)}
        if not brands:
            raise NotAllowed("error.no_brand")
        accounts = {id_: each for id_, each in (await self._accounts()).items() if each.brand in brands}
        return Found((), brands, accounts, self._desk.pages.titles(), self._desk.now())

    async def search(self, wanted: Wanted, who: Standing) -> Found:
        """What fits, in the brands where somebody holds a role; raises what `reach` raises."""
        reach = await self.reach(who)
        brands, accounts = reach.brands, reach.accounts
        if wanted.place:
            things, cut = await self._placed(wanted.place, accounts), False
        elif wanted.words:
            things, cut = await self._said(wanted, brands)
        else:
            things, cut = await self._written(wanted, brands)
        mine = [
            each for each in things if _brand_of(each) in brands and not _draft(each) and await self._fits(each, wanted)
        ]
        cut = cut or len(mine) > LISTED
        return Found(mine[:LISTED], brands, accounts, reach.titles, reach.now, cut)

    async def _fits(self, thing: Thing, wanted: Wanted) -> bool:
        """Whether account, person and dates fit too."""
        if wanted.account and not await self._on(thing, wanted.account):
            return False
        if not (wanted.person or wanted.since or wanted.until):
            return True
        entries = await self._log.of(thing.id)
        return any(
            (not wanted.person or entry.who == wanted.person)
            and (wanted.since is None or entry.at >= wanted.since)
            and (wanted.until is None or entry.at <= wanted.until)
            for entry in entries
        )

    async def _on(self, thing: Thing, account: str) -> bool:
        if isinstance(thing, Post):
            deliveries = await self._desk.posts.deliveries(thing.id)
            return account in thing.current.accounts or any(each.account == account for each in deliveries)
        if isinstance(thing, Conversation):
            return thing.account == account
        return thing.id == account

    async def _placed(self, place: str, accounts: Mapping[str, Account]) -> list[Thing]:
        """By its id here, its id on a network, or a link that holds it."""
        found: dict[str, Thing] = {}
        for part in dict.fromkeys([place.strip(), *reversed(_IN_LINK.findall(place))]):
            thing = await self._thing(part)
            if thing is not None and (part == place.strip() or not isinstance(thing, Brand)):
                found[thing.id] = thing
            keys = [self._store.key(kind, id_, part) for id_ in accounts for kind in ("out", "item")]
            for known in [str(each) for each in await self._store.client.mget(keys) if each] if keys else ():
                if (thing := await self._thing(known)) is not None:
                    found[thing.id] = thing
        return list(found.values())

    async def _said(self, wanted: Wanted, brands: Mapping[str, Brand]) -> tuple[list[Thing], bool]:
        """Posts of which any revision holds all these words, and conversations that do: open ones, and of those that
        are closed what the newest entries of the record are about."""
        words = folded(wanted.words).split()
        low = score(wanted.since) if wanted.since else "-inf"
        things: list[Post | Conversation] = []
        cut = False
        for brand in brands:
            for index in (f"posts:{brand}:{status}" for status in PostStatus if status is not PostStatus.DRAFT):
                ids = await self._store.client.zrange(
                    self._store.key("index", index), "+inf", low, desc=True, byscore=True, offset=0, num=READ
                )
                cut = cut or len(ids) == READ
                posts = await self._store.find_many(Post, (str(id_) for id_ in ids))
                things += [p for p in posts if any(_holds(" ".join(every_text(each)), words) for each in p.revisions)]
            talks = await self._store.listed(Conversation, f"open:{brand}", limit=READ)
            things += [t for t in talks if _in(t, words)]
        subjects, long = await self._subjects(wanted, brands)
        here = {thing.id for thing in things}
        closed = await self._store.find_many(Conversation, (id_ for id_ in subjects if id_ not in here))
        things += [t for t in closed if _in(t, words)]
        cut = cut or long
        things.sort(key=_when, reverse=True)
        return list(things), cut

    async def _written(self, wanted: Wanted, brands: Mapping[str, Brand]) -> tuple[list[Thing], bool]:
        """What the newest entries of the record are about that fit."""
        subjects, cut = await self._subjects(wanted, brands)
        things = [thing for id_ in subjects if (thing := await self._thing(id_)) is not None]
        return things, cut

    async def _subjects(self, wanted: Wanted, brands: Mapping[str, Brand]) -> tuple[list[str], bool]:
        """What the newest entries are about; and whether there are older ones that weren't read."""
        since = wanted.since or datetime.fromtimestamp(0, self._desk.now().tzinfo)
        until = wanted.until or self._desk.now()
        subjects: dict[str, None] = {}
        read = 0
        async for line in self._log.newest(since=since, until=until, most=READ):
            read += 1
            entry = line.entry
            if entry.brand in brands and entry.subject and wanted.person in {"", entry.who}:
                subjects[entry.subject] = None
        return list(subjects), read == READ


def _draft(thing: Thing) -> bool:
    """A draft is its author's alone."""
    return isinstance(thing, Post) and thing.status is PostStatus.DRAFT


def _brand_of(thing: Thing) -> str:
    return thing.id if isinstance(thing, Brand) else thing.brand


def _in(talk: Conversation, words: Sequence[str]) -> bool:
    return _holds(" ".join([talk.person.name, *(heard.text for heard in talk.heard)]), words)


def _when(thing: Post | Conversation) -> datetime:
    return thing.changed_at


def _holds(text: str, words: Sequence[str]) -> bool:
    plain = folded(text)
    return all(word in plain for word in words)
