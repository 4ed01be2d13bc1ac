"""A brand's rulebook: its admins write rules, see what they would have done, switch them on and off."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.desk.routing import arrived
from bot.desk.ruling import WEEK, Talk, paused_name
from bot.domain import ruling as rules
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.conversations import Conversation, Words
from bot.domain.events import BrandChanged
from bot.domain.records import score
from bot.domain.routing import Route, first
from bot.domain.rulebook import Rulebook, with_rule, without
from bot.domain.ruled import Strength
from bot.domain.ruling import ModerationRule
from bot.errors import UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LOOKED_AT = 2_000
"""Conversations of the last week that a rehearsal looks at: the newest."""
SAMPLES = 3


@dataclass(frozen=True)
class Rehearsal:
    """What a rule would have done. heard: comments that were looked at, `cut` when there were more; count: those that
    fit; samples: the newest of them. done: how many of those by what would really have been done about them, which is
    less than a rule says where that isn't possible; less: there, on which accounts."""

    heard: int
    count: int
    samples: Sequence[tuple[Conversation, Words]]
    cut: bool = False
    done: Mapping[Strength, int] = field(default_factory=dict)
    less: Mapping[Strength, Sequence[str]] = field(default_factory=dict)


class Rulebooks:
    """The verbs of admins."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def of(self, brand: str) -> Rulebook:
        """A brand's rulebook; an empty one where nobody wrote anything."""
        return await self._store.find(Rulebook, brand) or Rulebook(id=brand)

    async def open(self, brand: str, who: Standing) -> tuple[Brand, Rulebook]:
        """For an admin to look at. Raises NotAllowed for others."""
        found = await self._desk.brand(brand)
        who.require(found, Role.ADMIN)
        return found, await self.of(brand)

    async def change(
        self, brand: str, who: Standing, act: str, change_it: Callable[[Rulebook], Rulebook], detail: str = ""
    ) -> Rulebook:
        """One act of an admin, on record; changing nothing is none. Raises NotAllowed."""

        async def attempt() -> Rulebook:
            _, old = await self.open(brand, who)
            new = change_it(old)
            if new == old:
                return old
            change = self._store.begin()
            change.put(new, old if old.version else None)
            change.emit(BrandChanged(brand=brand, by=who.id, correlation=correlation.get()))
            change.audit(self._desk.entry(who.id, f"rulebook.{act}", brand=brand, subject=brand, detail=detail))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    # --- moderation

    async def save_rule(self, brand: str, rule: ModerationRule, who: Standing) -> Rulebook:
        """A rule new or changed, switched on or off as it says. Raises UserError for one that can't be kept."""
        clean = rules.rule_of(rule)
        _, book = await self.open(brand, who)
        known = book.rule(rule.id)
        if known is not None:
            changed = (known.conditions, known.name) != (clean.conditions, clean.name)
            clean = clean.model_copy(update={"revision": known.revision + changed})
        saved = await self.change(brand, who, "save_rule", lambda old: with_rule(old, clean), _told(clean))
        await self._not_paused(brand, known)
        return saved

    async def switch_rule(self, brand: str, id_: str, on: bool, who: Standing) -> Rulebook:
        """On, also again after it stopped itself; or off."""
        _, book = await self.open(brand, who)
        known = book.rule(id_)
        if known is None:
            raise UserError("error.button_old")
        new = known.model_copy(update={"on": on, "paused_at": None, "paused_for": 0})
        act = "rule_on" if on else "rule_off"
        saved = await self.change(brand, who, act, lambda old: with_rule(old, new), _told(new))
        await self._not_paused(brand, known)
        return saved

    async def drop(self, brand: str, id_: str, who: Standing) -> Rulebook:
        """Without this rule or route; what it did stays done."""
        _, book = await self.open(brand, who)
        known = book.rule(id_)
        named = known or book.route(id_)
        saved = await self.change(brand, who, "drop", lambda old: without(old, id_), named.name if named else "")
        await self._not_paused(brand, known)
        return saved

    async def _not_paused(self, brand: str, known: ModerationRule | None) -> None:
        """Somebody saw to it: nobody is rung any more."""
        if known is not None and known.paused_at is not None:
            await self._desk.alarms.over(AlarmKind.RULE_PAUSED, paused_name(brand, known))

    def pause(self, change: Transaction, book: Rulebook, paused: Sequence[ModerationRule]) -> None:
        """Part of a change: rules of a book, as it was read, stopped themselves."""
        new = book
        for rule in paused:
            new = with_rule(new, rule)
            about = {"brand": book.id, "subject": book.id, "detail": f"{_told(rule)}; {rule.paused_for} in ten minutes"}
            change.audit(self._desk.entry("engine", "rulebook.pause", **about))
        change.put(new, book)

    async def rehearse(self, brand: str, rule: ModerationRule, who: Standing) -> Rehearsal:
        """What a rule would have done in the last seven days, whatever it is to do and whether or not it is on. Raises
        UserError for one that can't be kept."""
        await self.open(brand, who)
        clean = rules.rule_of(rule)
        talks, cut = await self.last_week(brand)
        since = self._desk.now() - WEEK
        said = [(talk, each) for talk in talks for each in talk.heard if each.at >= since and each.text]
        known = await self._desk.ruling.known(talks)
        found = [(talk, each) for talk, each in said if rules.fits(clean, known.look(talk, each)) is not None]
        found.sort(key=lambda one: one[1].at, reverse=True)
        done, less = await self._possible(clean, found)
        return Rehearsal(len(said), len(found), found[:SAMPLES], cut, done, less)

    async def _possible(
        self, rule: ModerationRule, found: Sequence[tuple[Conversation, Words]]
    ) -> tuple[Mapping[Strength, int], Mapping[Strength, Sequence[str]]]:
        """What could be done about what fits, on the accounts as they are now, had it just been said."""
        accounts = {each.id: each for each in await self._store.find_many(Account, {talk.account for talk, _ in found})}
        done: Counter[Strength] = Counter()
        less: dict[Strength, dict[str, None]] = {}
        for talk, words in found:
            account = accounts[talk.account]
            arrived_so = words.model_copy(update={"removed_by": "", "gone_at": None})
            strength = self._desk.ruling.possible(rule, talk, arrived_so, account)
            done[strength] += 1
            if strength is not rule.strength:
                title = self._desk.providers[account.network].title
                less.setdefault(strength, {})[f"{title} {account.name}"] = None
        return done, {strength: list(names) for strength, names in less.items()}

    async def applied(self, change: Transaction, brand: Brand, talks: Sequence[Talk]) -> list[Talk]:
        """Part of the change that stores what was said: all that the brand's admins let happen by itself then."""
        book = await self.of(brand.id)
        ruled = await self._desk.ruling.applied(change, book, talks)
        return await self._desk.routing.placed(change, brand, book, ruled)

    async def rehearse_route(self, brand: str, routes: Sequence[Route], id_: str) -> Rehearsal:
        """Of the conversations that began in the last seven days those that one of these routes would take."""
        talks, cut = await self.last_week(brand)
        since = self._desk.now() - WEEK
        begun = [talk for talk in talks if talk.created_at >= since and talk.heard[0].text]
        known = await self._desk.ruling.known(begun)
        found = []
        for talk in begun:
            taken = first(routes, arrived(talk, talk.heard[0], known))
            if taken is not None and taken.id == id_:
                found.append((talk, talk.heard[0]))
        return Rehearsal(len(begun), len(found), found[:SAMPLES], cut)

    async def last_week(self, brand: str) -> tuple[list[Conversation], bool]:
        """Conversations in which somebody spoke in the last seven days, open or not, the newest first; and whether
        there were more than are read."""
        key, low = self._store.key("index", f"heard:{brand}"), score(self._desk.now() - WEEK)
        ids = await self._store.client.zrange(key, "+inf", low, desc=True, byscore=True, offset=0, num=LOOKED_AT)
        return await self._store.find_many(Conversation, [str(id_) for id_ in ids]), len(ids) == LOOKED_AT


def _told(rule: ModerationRule) -> str:
    """A rule for the record."""
    parts = [f"{rule.name} (r{rule.revision})", rule.strength.value, "on" if rule.on else "off"]
    parts += [f"words {', '.join(rule.words)}"] if rule.words else []
    parts += ["links of strangers"] if rule.links else []
    parts += [f"tags {', '.join(rule.tags)}"] if rule.tags else []
    return "; ".join(parts)
