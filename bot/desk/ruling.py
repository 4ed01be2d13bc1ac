"""What a brand's rules do by themselves to what people say, within the change that stores it; and one press back.

Rules flag, propose to hide, or hide. One that would hide far more than the brand's usual stops itself instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain import ruling as rules
from bot.domain.alarms import AlarmKind
from bot.domain.brands import Account, AccountState, Role, Standing
from bot.domain.conversations import Conversation, Words
from bot.domain.errands import Errand, Facet, id_of
from bot.domain.events import ConversationChanged
from bot.domain.heard import ruled as with_acts
from bot.domain.people import Person
from bot.domain.records import score
from bot.domain.rulebook import Rulebook
from bot.domain.ruled import Ruled, Strength
from bot.domain.ruling import ModerationRule, said
from bot.errors import AlreadyDone, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

WINDOW = timedelta(minutes=10)
"""In which a rule may hide only so much."""
WEEK = timedelta(days=7)
"""How far back a brand's usual is measured, and how long acts of rules are counted."""
Talk = tuple[Conversation, Conversation | None]
"""A conversation as it will be, and as it is stored."""


@dataclass(frozen=True)
class Fit:
    """Something said that a rule fits, and by which of its words."""

    talk: Conversation
    words: Words
    rule: ModerationRule
    word: str


@dataclass
class Acts:
    """What rules do in one change: by conversation and by what was said; and the rules that stop themselves."""

    done: dict[str, dict[str, Ruled]] = field(default_factory=dict)
    paused: dict[str, ModerationRule] = field(default_factory=dict)


class Ruling:
    """The verbs of rules at work."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def applied(self, change: Transaction, book: Rulebook, talks: Sequence[Talk]) -> list[Talk]:
        """Part of the change that stores what was said: the conversations with what the brand's rules did about what is
        new or written anew. What is hidden is an errand, done on the network as a moderator's is."""
        acting = [rule for rule in book.moderation if rule.acts]
        fresh = [(new, words) for new, old in talks for words in _fresh(new, old)] if acting else []
        if not fresh:
            return list(talks)
        known = await self.known([talk for talk, _ in fresh])
        fits = []
        for talk, words in fresh:
            found = rules.strongest(acting, known.look(talk, words))
            if found is not None and not _known_already(words, found[0]):
                fits.append(Fit(talk, words, *found))
        acts = await self._decided(book.id, fits)
        await self._pause(change, book, list(acts.paused.values()))
        for fit in fits:
            await self._do(change, fit, acts.done[fit.talk.id][fit.words.ref])
        if fits:
            self._forget_counts(change, book.id)
        return [(with_acts(new, acts.done.get(new.id, {})), old) for new, old in talks]

    async def known(self, talks: Sequence[Conversation]) -> "Known":
        """What rules have to know of the people in some conversations, read together."""
        people = await self._store.find_many(Person, dict.fromkeys(talk.who for talk in talks))
        first = {talk.id: talk for talk in talks}
        async with self._store.client.pipeline(transaction=False) as pipe:
            for talk in first.values():
                pipe.zcount(self._store.key("index", f"said:{talk.who}"), "-inf", f"({score(talk.created_at)}")
            before = await pipe.execute()
        strangers = frozenset(id_ for id_, count in zip(first, before, strict=True) if not int(count))
        return Known({person.id: person for person in people}, strangers)

    async def _decided(self, brand: str, fits: Sequence[Fit]) -> Acts:
        acts = Acts()
        hides: dict[str, list[Fit]] = {}
        accounts: dict[str, Account] = {}
        for fit in fits:
            if fit.talk.account not in accounts:
                accounts[fit.talk.account] = await self._store.get(Account, fit.talk.account)
            strength = self.possible(fit.rule, fit.talk, fit.words, accounts[fit.talk.account])
            acts.done.setdefault(fit.talk.id, {})[fit.words.ref] = self._act(fit, strength)
            if strength is Strength.HIDE:
                hides.setdefault(fit.rule.id, []).append(fit)
        for id_, found in hides.items():
            hidden = len(found) + await self._lately(brand, id_)
            if hidden > await self.most(brand):
                acts.paused[id_] = found[0].rule.model_copy(
                    update={"paused_at": self._desk.now(), "paused_for": hidden}
                )
                for fit in found:
                    acts.done[fit.talk.id][fit.words.ref] = self._act(fit, Strength.PROPOSE)
        return acts

    def possible(self, rule: ModerationRule, talk: Conversation, words: Words, account: Account) -> Strength:
        """What a rule can do about something said there: where nothing can be hidden it is flagged, for people to see
        to; where the account has to be reconnected first it is proposed."""
        if rule.strength is Strength.FLAG:
            return Strength.FLAG
        if not self._desk.moderation.can(talk, words, Facet.HIDE, self._desk.now()):
            return Strength.FLAG
        return rule.strength if account.state is AccountState.ACTIVE else Strength.PROPOSE

    def _act(self, fit: Fit, strength: Strength) -> Ruled:
        about = {"rule": fit.rule.id, "name": fit.rule.name, "revision": fit.rule.revision, "word": fit.word}
        return Ruled.model_validate({**about, "strength": strength, "at": self._desk.now()})

    async def most(self, brand: str) -> int:
        """How many comments one rule may hide in ten minutes, by what the brand heard in a week."""
        low = score(self._desk.now() - WEEK)
        return rules.most(int(await self._store.client.zcount(self._store.key("index", f"heard:{brand}"), low, "+inf")))

    async def _lately(self, brand: str, rule: str) -> int:
        low = score(self._desk.now() - WINDOW)
        return int(await self._store.client.zcount(self._store.key("ruled", brand, rule), low, "+inf"))

    async def _do(self, change: Transaction, fit: Fit, act: Ruled) -> None:
        """The errand where it is hidden; the counts; the line in the record, with the rule's revision."""
        now = score(self._desk.now())
        if act.strength is Strength.HIDE:
            await self._desk.moderation.hide_by_rule(change, fit.talk, fit.words.ref, act.name)
            mine = self._store.key("ruled", fit.talk.brand, act.rule)
            change.do("ZADD", mine, str(now), fit.words.ref)
            change.do("EXPIRE", mine, str(round(WEEK.total_seconds())))
        member = f"{act.strength}|{act.rule}|{fit.words.ref}"
        change.do("ZADD", self._store.key("ruled", fit.talk.brand), str(now), member)
        about = {"brand": fit.talk.brand, "subject": fit.talk.id, "detail": told(act)}
        change.audit(self._desk.entry("engine", f"conversation.rule_{act.strength}", **about))

    def _forget_counts(self, change: Transaction, brand: str) -> None:
        name = self._store.key("ruled", brand)
        change.do("ZREMRANGEBYSCORE", name, "-inf", str(score(self._desk.now() - WEEK)))
        change.do("EXPIRE", name, str(round(WEEK.total_seconds())))

    async def _pause(self, change: Transaction, book: Rulebook, paused: Sequence[ModerationRule]) -> None:
        """They stop themselves, in the same change as what they would have hidden is proposed; and somebody is told."""
        if paused:
            self._desk.rulebooks.pause(change, book, paused)
        for rule in paused:
            detail = {"rule": rule.name, "count": str(rule.paused_for)}
            subject = paused_name(book.id, rule)
            await self._desk.alarms.add(change, AlarmKind.RULE_PAUSED, subject=subject, brand=book.id, detail=detail)

    async def counts(self, brand: str, hours: int = 24) -> Mapping[Strength, int]:
        """How often rules acted lately, by what they did."""
        low = score(self._desk.now() - timedelta(hours=hours))
        found = await self._store.client.zrangebyscore(self._store.key("ruled", brand), low, "+inf")
        acts = [str(each).partition("|")[0] for each in found]
        return {strength: acts.count(strength.value) for strength in Strength if strength.value in acts}

    # --- what people do

    async def undo(self, conversation: str, ref: str, who: Standing, *, person: bool = False) -> Conversation:
        """The rule was wrong: what it hid is shown again, and it leaves that alone; with `person`, whatever they say.
        Raises AlreadyDone when somebody said so before."""

        async def attempt() -> Conversation:
            old = await self._desk.conversations.get(conversation)
            who.require(await self._desk.brand(old.brand), Role.MODERATOR)
            words = old.said(ref)
            if words is None or words.ruled is None:
                raise UserError("error.button_old")
            act, now = words.ruled, self._desk.now()
            if not act.stands:
                raise AlreadyDone("ruling.already_undone", who=act.undone_by, at=act.undone_at)
            taken = act.model_copy(update={"undone_by": who.id, "undone_at": now})
            new = with_acts(old, {ref: taken})
            change = self._store.begin()
            change.put(new, old)
            change.emit(self._changed(new, "ruled", who))
            known = await self._store.find(Errand, id_of(old.account, ref, Facet.HIDE))
            hides = known is not None and known.asked and known.wanted
            if words.there and (words.hidden or hides):
                await self._desk.moderation.show_again(change, old, ref, who)
            if person:
                await self._spare(change, old, act, who)
            about = {"brand": old.brand, "subject": old.id, "detail": told(act)}
            change.audit(self._desk.entry(who.id, f"conversation.rule_{'spare' if person else 'undo'}", **about))
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _spare(self, change: Transaction, talk: Conversation, act: Ruled, who: Standing) -> None:
        person = await self._store.find(Person, talk.who)
        if person is not None and act.rule not in person.spared:
            change.put(person.model_copy(update={"spared": (*person.spared, act.rule)}), person)

    def _changed(self, talk: Conversation, act: str, who: Standing) -> ConversationChanged:
        return ConversationChanged(conversation=talk.id, act=act, by=who.id, correlation=correlation.get())


@dataclass(frozen=True)
class Known:
    """Who somebody is, as far as rules ask: their records by id, and the conversations that are somebody's first."""

    people: Mapping[str, Person]
    strangers: frozenset[str]

    def look(self, talk: Conversation, words: Words) -> rules.Said:
        """Something said, as rules look at it."""
        person = self.people.get(talk.who)
        tags, spared = (person.tags, person.spared) if person is not None else ((), ())
        return said(words.text, stranger=talk.id in self.strangers, tags=tags, spared=spared)


def paused_name(brand: str, rule: ModerationRule) -> str:
    """What the alarm about a rule that stopped itself is about: each revision's own."""
    return f"{brand}:{rule.id}:{rule.revision}"


def told(act: Ruled) -> str:
    """An act for the record: the rule, its revision and its word."""
    return f"{act.name} (r{act.revision})" + (f": {act.word}" if act.word else "")


def _fresh(new: Conversation, old: Conversation | None) -> list[Words]:
    """What is new or written anew, still there, and about which nobody of us decided."""
    before = {each.ref: each.text for each in old.heard} if old is not None else {}
    return [each for each in new.heard if each.text != before.get(each.ref) and _open(each)]


def _open(words: Words) -> bool:
    shown_by_us = words.hidden_at is not None and not words.hidden and bool(words.hidden_by)
    undone = words.ruled is not None and not words.ruled.stands
    return words.there and words.kept and not words.hidden and not shown_by_us and not undone


def _known_already(words: Words, rule: ModerationRule) -> bool:
    """Whether the same rule, as it is, acted on it before it was written anew."""
    act = words.ruled
    return act is not None and (act.rule, act.revision) == (rule.id, rule.revision)
