"""A part of receiving: what is said is counted, who says the same is found, and who comes in a storm is gathered."""

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import storms as rules
from bot.domain.alike import Sketch, alike, sketch
from bot.domain.brands import Account
from bot.domain.conversations import Conversation
from bot.domain.events import CrowdChanged, StormChanged
from bot.domain.storms import Crowd, Storm, Tide
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

Talks = MutableMapping[str, tuple[Conversation, Conversation | None]]


class Gathering:
    """Adds to the change that stores what was said, so that it is counted once, as it is stored once."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def gather(self, change: Transaction, account: Account, talks: Talks) -> None:
        """Part of a change that stores what was said: it is counted, who says the same is found, and each new
        conversation gets a card of its own or is `gathered`. What is said in private is nobody else's: it always has
        its own."""
        public = [(new, old) for new, old in talks.values() if not new.private]
        said = [words.at for new, old in public for words in new.heard[len(old.heard) if old is not None else 0 :]]
        if not said:
            return
        now = self._desk.now()
        before = await self._store.find(Tide, account.id)
        tide = rules.rise(before or rules.tide(account.id, account.network, now), said, now)
        fresh = [new for new, old in public if old is None]
        placed = {talk.id: talk for talk in await self._among_others(change, account, fresh, now)}
        room, without = tide.room, 0
        for talk in placed.values():
            gathered = talk.gathered
            if not gathered and room >= 1:
                room -= 1
            elif not gathered:
                gathered, without = True, without + 1
            talks[talk.id] = (talk.model_copy(update={"gathered": gathered}), None)
        usual = before.usual if before else tide.usual
        storm = await self._storm(change, account, tide, said, without, usual)
        change.put(tide.model_copy(update={"room": room, "storm": storm}), before)

    async def _storm(
        self, change: Transaction, account: Account, tide: Tide, said: Sequence[datetime], without: int, usual: float
    ) -> str:
        """The id of the storm that is on, with what was said counted; "" for none."""
        now = self._desk.now()
        old = await self._store.find(Storm, tide.storm) if tide.storm else None
        usual = old.usual if old is not None else usual
        surge, limit = rules.surge(tide, said, now), rules.threshold(usual)
        if old is None and surge < limit and not without:
            return ""
        spike = surge >= limit
        update: dict[str, object] = {"heard_at": now, "spike": spike or (old is not None and old.spike)}
        if spike or surge * 2 >= limit or without:
            update["surge_at"] = now
        if old is not None:
            counted = {"count": old.count + len(said), "gathered": old.gathered + without}
            change.put(old.model_copy(update={**update, **counted, "peak": max(old.peak, surge)}), old)
            return old.id
        began = min(min(at, now) for at in said)
        storm = Storm(
            id=self._desk.new_id(),
            brand=account.brand,
            account=account.id,
            network=account.network,
            spike=spike,
            usual=usual,
            peak=surge,
            count=max(len(said), surge),
            gathered=without,
            began_at=max(began, now - rules.WINDOW) if spike else began,
            heard_at=now,
            surge_at=now,
        )
        change.put(storm)
        change.emit(StormChanged(storm=storm.id, act="began", correlation=correlation.get()))
        change.audit(self._desk.entry("engine", "storm.began", brand=storm.brand, subject=storm.id, detail=account.id))
        return storm.id

    async def _among_others(
        self, change: Transaction, account: Account, fresh: Sequence[Conversation], now: datetime
    ) -> list[Conversation]:
        """The new conversations, each with its crowd; those of a crowd that people see are gathered."""
        sketches = {talk.id: found for talk in fresh if (found := sketch(talk.latest.text)) is not None}
        crowds = _Crowds(await self._known(account, sketches.values()))
        placed = []
        for talk in fresh:
            found = sketches.get(talk.id)
            if found is None:
                placed.append(talk)
                continue
            crowd = crowds.for_(found, now) or self._founded(account, found, talk, now)
            crowd = crowds.take(rules.join(crowd, talk.who, now), talk.who)
            placed.append(talk.model_copy(update={"crowd": crowd.id, "gathered": crowd.formed_at is not None}))
        for crowd, old, who in crowds.touched():
            self._put(change, account, crowd, old, who)
        return placed

    async def _known(self, account: Account, sketches: Iterable[Sketch]) -> dict[str, Crowd]:
        """Those that the texts may belong to, by the keys that led there."""
        keys = list(dict.fromkeys(key for found in sketches for key in found.keys))
        if not keys:
            return {}
        rows = await self._store.client.mget([self._key(account, key) for key in keys])
        led = {key: str(row) for key, row in zip(keys, rows, strict=True) if row}
        found = {each.id: each for each in await self._store.find_many(Crowd, dict.fromkeys(led.values()))}
        return {key: found[id_] for key, id_ in led.items() if id_ in found}

    def _key(self, account: Account, key: str) -> str:
        return self._store.key("alike", account.id, key)

    def _founded(self, account: Account, found: Sketch, talk: Conversation, now: datetime) -> Crowd:
        return Crowd(
            id=self._desk.new_id(),
            brand=account.brand,
            account=account.id,
            network=account.network,
            keys=found.keys,
            marks=found.marks,
            first=talk.id,
            began_at=now,
            joined_at=now,
            keyed_at=now,
        )

    def _put(self, change: Transaction, account: Account, crowd: Crowd, old: Crowd | None, who: Sequence[str]) -> None:
        now = self._desk.now()
        if old is None or now - crowd.keyed_at >= rules.TOGETHER:
            crowd = crowd.model_copy(update={"keyed_at": now})
            for key in crowd.keys:
                seconds = round(rules.REMEMBERED.total_seconds())
                change.do("SET", self._key(account, key), crowd.id, "EX", str(seconds))
        change.put(crowd, old)
        people, formed = self._desk.storms.people_key(crowd.id), crowd.formed_at is not None
        kept = rules.KEPT if formed else rules.REMEMBERED
        change.do("SADD", people, *dict.fromkeys(who))
        change.do("EXPIRE", people, str(round(kept.total_seconds())))
        if not formed:
            change.do("EXPIRE", self._store.key_of(crowd), str(round(kept.total_seconds())))
        elif old is None or old.formed_at is None:
            change.do("PERSIST", self._store.key_of(crowd))
            change.emit(CrowdChanged(crowd=crowd.id, act="formed", correlation=correlation.get()))
            change.audit(
                self._desk.entry("engine", "crowd.formed", brand=crowd.brand, subject=crowd.id, detail=account.id)
            )


class _Crowds:
    """The crowds of what is being stored: as they are by now, as they were, and who joined."""

    def __init__(self, known: dict[str, Crowd]) -> None:
        self._by_key = {key: crowd.id for key, crowd in known.items()}
        self._now = {crowd.id: crowd for crowd in known.values()}
        self._stored = dict(self._now)
        self._who: dict[str, list[str]] = {}

    def for_(self, found: Sketch, now: datetime) -> Crowd | None:
        """The one that a text belongs to."""
        ids = dict.fromkeys(self._by_key[key] for key in found.keys if key in self._by_key)
        fitting = (self._now[id_] for id_ in ids if rules.open_to(self._now[id_], now))
        return next((crowd for crowd in fitting if alike(found.marks, crowd.marks)), None)

    def take(self, crowd: Crowd, who: str) -> Crowd:
        """As it is now, with one more."""
        if crowd.id not in self._now:
            self._by_key |= dict.fromkeys(crowd.keys, crowd.id)
        self._now[crowd.id] = crowd
        self._who.setdefault(crowd.id, []).append(who)
        return crowd

    def touched(self) -> Iterator[tuple[Crowd, Crowd | None, Sequence[str]]]:
        """All that changed."""
        for id_, who in self._who.items():
            yield self._now[id_], self._stored.get(id_), who
