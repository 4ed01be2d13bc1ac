"""The team at work on a conversation: assign, take by a sign, snooze and wake, escalate, topics, who is answering."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.domain import handling as rules
from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import ANSWERING, SNOOZED, Conversation, ConversationStatus, Escalation
from bot.domain.deliveries import Delivery
from bot.domain.events import ConversationChanged
from bot.domain.handling import Collision, Later
from bot.domain.records import MemberId, score
from bot.domain.suggestions import WRITERS, Suggestion
from bot.errors import AlreadyDone, FieldErrors, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.desk.inbox import ConversationPage

Rule = Callable[[Conversation, Brand, datetime], Conversation]
ENGINE = "engine"
BATCH = 100
"""Conversations that one tick brings back, or looks at."""


class Handling:
    """The verbs of working on conversations."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def assign(self, id_: str, to: MemberId, who: Standing) -> Conversation:
        """Give it to somebody who may answer there. Raises FieldErrors for somebody who may not, AlreadyDone when they
        have it."""
        await self._refuse_unfit(id_, to, who)
        return await self._change(id_, who, "assign", lambda old, _, now: rules.assign(old, to, now), detail=to)

    async def take(self, id_: str, who: Standing) -> Conversation:
        """Claim it by a sign that may come twice: whoever has it already keeps it and hears nothing."""
        talk = await self._mine(id_, who)
        try:
            return talk or await self._desk.conversations.claim(id_, who)
        except AlreadyDone:
            if talk := await self._mine(id_, who):
                return talk  # the same sign came twice at once
            raise

    async def let_go(self, id_: str, who: Standing) -> None:
        """The sign is taken back: release what is still theirs; anything else stays as it is."""
        talk = await self._mine(id_, who)
        if talk is not None and talk.status is ConversationStatus.OWNED:
            await self._desk.conversations.release(id_, who)

    async def _mine(self, id_: str, who: Standing) -> Conversation | None:
        talk, _ = await self._looked_at(id_, who)
        return talk if talk.owner == who.id and talk.status is not ConversationStatus.CLOSED else None

    async def snooze(self, id_: str, until: datetime | Later, who: Standing) -> Conversation:
        """Put it off until a moment, or as a choice means it in the brand's zone. Raises UserError for one that isn't
        to come, or lies too far ahead."""

        def rule(old: Conversation, brand: Brand, now: datetime) -> Conversation:
            moment = rules.later(until, now, brand.clock) if isinstance(until, Later) else until
            return rules.snooze(old, moment, who.id, now)

        return await self._change(id_, who, "snooze", rule)

    async def wake(self, id_: str, who: Standing) -> Conversation:
        """Bring it back before its time."""
        return await self._change(id_, who, "wake", lambda old, _, now: rules.wake(old, now))

    async def escalate(self, id_: str, kind: str, to: str, note: str, who: Standing) -> Conversation:
        """Ask a person (`kind` "person"), everybody with a role ("role") or a channel ("channel") to take it. Raises
        FieldErrors for somebody who has no say in the brand, a role that nobody holds, another brand's channel."""
        talk, brand = await self._looked_at(id_, who)
        await self._refuse_deaf(brand, kind, to)
        if talk.private and kind == "channel" and not await self._desk.private.fits(brand, to):
            raise FieldErrors({"place": UserError("error.private_channel")})

        def rule(old: Conversation, _: Brand, now: datetime) -> Conversation:
            asked = Escalation(to=to, kind=kind, by=who.id, at=now, note=note.strip()[: rules.NOTE])
            return rules.escalate(old, asked)

        return await self._change(id_, who, "escalate", rule, detail=f"{kind} {to}")

    async def set_topics(self, id_: str, topics: Sequence[str], who: Standing) -> Conversation:
        """Say what it is about: exactly these of the brand's topics. Saying the same again changes nothing."""

        def rule(old: Conversation, brand: Brand, now: datetime) -> Conversation:
            return rules.talk_about(old, topics, brand.topics, now)

        return await self._change(id_, who, "topics", rule, detail=", ".join(topics))

    async def switch_topic(self, id_: str, topic: str, who: Standing) -> Conversation:
        """Put a topic on, or take it off again."""

        def rule(old: Conversation, brand: Brand, now: datetime) -> Conversation:
            without = [each for each in old.topics if each != topic]
            wanted = without if topic in old.topics else [*old.topics, topic]
            return rules.talk_about(old, wanted, brand.topics, now)

        return await self._change(id_, who, "topics", rule, detail=topic)

    # --- who is answering

    async def answering(self, id_: str, who: Standing) -> None:
        """Somebody has the form open; a sign of that every minute is enough."""
        await self._present(id_, who, lambda old, now: rules.answering(old, who.id, now))

    async def not_answering(self, id_: str, who: Standing) -> None:
        """Their form is closed."""
        await self._present(id_, who, lambda old, _: rules.not_answering(old, who.id))

    def collision(self, page: "ConversationPage", who: Standing) -> Collision:
        """What stands against one more answer by them, as the page was read."""
        return rules.collision(page.conversation, page.replies, who.id, self._desk.now())

    async def crossed(self, id_: str, reply: str, seen: Sequence[str], who: Standing) -> tuple[str, ...]:
        """All that stands against the answer `reply`, where there is anything that they did not see when they pressed
        before; empty when it may go out, as it may when the same form arrives again."""
        if await self._store.find(Delivery, reply) or await self._store.find(Suggestion, reply):
            return ()
        talk, _ = await self._looked_at(id_, who, *WRITERS)
        answers = await self._desk.conversations.replies(id_)
        marks = rules.collision(talk, answers, who.id, self._desk.now()).marks
        return tuple(sorted(marks)) if marks - set(seen) else ()

    async def _present(self, id_: str, who: Standing, rule: Callable[[Conversation, datetime], Conversation]) -> None:
        async def attempt() -> None:
            old, _ = await self._looked_at(id_, who, *WRITERS)
            await self._seen(rule(old, self._desk.now()), old)

        await self._desk.again(attempt)

    async def _seen(self, new: Conversation, old: Conversation) -> None:
        """Who is at it changed: the card follows. That somebody looks at a form is no act, so it isn't on record."""
        if new is old:
            return
        change = self._store.begin()
        change.put(new, old)
        change.emit(ConversationChanged(conversation=new.id, act="answering", correlation=correlation.get()))
        await change.commit()

    # --- what happens by itself

    async def wake_due(self) -> int:
        """Bring back what was put off until now; answers how many."""
        due = await self._store.listed(Conversation, SNOOZED, high=score(self._desk.now()), limit=BATCH)
        for talk in due:
            await self._desk.again(partial(self._woken, talk.id))
        return len(due)

    async def _woken(self, id_: str) -> None:
        old, now = await self._desk.conversations.get(id_), self._desk.now()
        if old.status is not ConversationStatus.SNOOZED or old.snoozed_until is None or old.snoozed_until > now:
            return  # somebody was faster, or put it off once more
        change = self._store.begin()
        await self._desk.conversations.put(change, rules.wake(old, now), old, ENGINE, "woke")
        await change.commit()

    async def look_after_forms(self) -> int:
        """Forget forms of which there was no sign for too long, and have the age of the others drawn again; answers
        how many conversations were looked at."""
        now = self._desk.now()
        found = await self._store.listed(Conversation, ANSWERING, high=score(now - rules.SIGN), limit=BATCH)
        for talk in found:
            await self._desk.again(partial(self._aged, talk.id))
        return len(found)

    async def _aged(self, id_: str) -> None:
        old = await self._desk.conversations.get(id_)
        await self._seen(rules.aged(old, self._desk.now()), old)

    # --- the change itself

    async def _looked_at(self, id_: str, who: Standing, *any_of: Role) -> tuple[Conversation, Brand]:
        talk = await self._desk.conversations.get(id_)
        brand = await self._desk.brand(talk.brand)
        who.require(brand, *(any_of or (Role.MODERATOR,)))
        return talk, brand

    async def _change(self, id_: str, who: Standing, act: str, rule: Rule, *, detail: str = "") -> Conversation:
        async def attempt() -> Conversation:
            old, brand = await self._looked_at(id_, who)
            new, said = rule(old, brand, self._desk.now()), detail
            if new is not old:
                change = self._store.begin()
                if act == "snooze" and new.snoozed_until is not None:
                    said = new.snoozed_until.isoformat(timespec="minutes")
                await self._desk.conversations.put(change, new, old, who.id, act, said)
                await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _refuse_unfit(self, id_: str, to: MemberId, who: Standing) -> None:
        _, brand = await self._looked_at(id_, who)
        if Role.MODERATOR not in brand.roles_of(await self._desk.standing(to)):
            raise FieldErrors({"person": UserError("error.assignee_role", brand=brand.name)})

    async def _refuse_deaf(self, brand: Brand, kind: str, to: str) -> None:
        if not to:
            raise FieldErrors({"person": UserError("error.escalate_nobody")})
        if kind == "person" and not brand.roles_of(await self._desk.standing(to)) - {Role.CLIENT}:
            raise FieldErrors({"person": UserError("error.escalate_person", brand=brand.name)})
        if kind == "role" and (to not in set(Role) or not await self.holders(brand, Role(to))):
            raise FieldErrors({"role": UserError("error.escalate_role")})
        if kind == "channel":
            await self._desk.brands.refuse_channel(brand, to)

    async def holders(self, brand: Brand, role: Role) -> Sequence[MemberId]:
        """Everybody who was given a role in the brand and can still hold it."""
        found = [(member, await self._desk.standing(member)) for member in brand.holders(role)]
        return [member for member, standing in found if role in brand.roles_of(standing)]
