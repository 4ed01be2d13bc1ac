"""Hide and show, like, reply privately, edit our answer: one moderator asks, the engine does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.checking import refuse_unfit
from bot.domain import errands as rules
from bot.domain.brands import Account, AccountState, Brand, Role, Standing
from bot.domain.conversations import PRIVATE, Conversation, Words
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand, Facet
from bot.domain.events import ConversationChanged
from bot.domain.records import MemberId
from bot.domain.ruled import RULE, Strength
from bot.domain.signing import signed
from bot.domain.suggestions import WRITERS
from bot.errors import AlreadyDone, FieldErrors, UserError
from bot.journal import correlation
from bot.network import Capability
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk

PRIVATE_MOST = 2000
"""Characters of a private reply (https://developers.facebook.com/docs/messenger-platform/reference/send-api)."""
NEEDED = {
    Facet.HIDE: Capability.HIDE,
    Facet.LIKE: Capability.LIKE,
    Facet.PRIVATE: Capability.PRIVATE_REPLY,
    Facet.EDIT: Capability.EDIT,
}


@dataclass(frozen=True)
class Moderating:
    """What can be done about a conversation's newest words and our answers, and what was. errands: by facet, of the
    newest words; editable: ids of our answers; edits: the errands of answers, by delivery."""

    can: frozenset[Facet] = frozenset()
    errands: Mapping[Facet, Errand] | None = None
    editable: frozenset[str] = frozenset()
    edits: Mapping[str, Errand] | None = None

    def of(self, facet: Facet) -> Errand | None:
        """The newest wish of that kind about the newest words."""
        return (self.errands or {}).get(facet)


NOTHING = Moderating()
"""Where nothing can be done and nothing was."""


class Moderation:
    """The verbs of a moderator, and what the engine reports."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    # --- what can be done

    async def page(self, talk: Conversation, replies: Sequence[Delivery]) -> Moderating:
        """For the card."""
        found = await self._store.listed(Errand, f"errands:{talk.id}")
        latest = {one.facet: one for one in found if one.ref == talk.latest.ref and not one.delivery}
        edits = {one.delivery: one for one in found if one.delivery}
        able = self._able(talk.network, Facet.EDIT)
        public = [r for r in replies if r.reply is not None and not r.reply.to]
        editable = frozenset(r.id for r in public if able and r.state is State.LIVE and r.ref)
        now = self._desk.now()
        return Moderating(
            can=frozenset(facet for facet in Facet if self.can(talk, talk.latest, facet, now)),
            errands=latest,
            editable=editable,
            edits=edits,
        )

    def _able(self, network: str, facet: Facet) -> bool:
        provider = self._desk.providers.get(network)
        return provider is not None and NEEDED[facet] in provider.capabilities

    def can(self, talk: Conversation, words: Words, facet: Facet, now: datetime) -> bool:
        """Whether that can be done about something said, on its network."""
        if facet is Facet.EDIT or not words.there or not self._able(talk.network, facet):
            return False
        if words.kind == PRIVATE:
            return False
        comment = words.kind in {"comment", "reply"}
        if facet is Facet.PRIVATE:
            return comment and now < rules.private_until(words.at)
        return comment if facet is Facet.HIDE else True

    # --- what people ask

    async def hide(self, conversation: str, ref: str, hidden: bool, who: Standing) -> Errand:
        """Hide a comment, or show it again: one person, and reversible. Showing what a rule hid says that the rule was
        wrong about it. Raises AlreadyDone when it is so already."""
        _, _, said = await self._found(conversation, ref, who)
        act = said.ruled if said.ruled is not None and said.ruled.stands else None
        if not hidden and act is not None and act.strength is Strength.HIDE:
            talk = await self._desk.ruling.undo(conversation, ref, who)
            return await self._store.get(Errand, self._id(talk, ref, Facet.HIDE))

        def check(talk: Conversation, words: Words, known: Errand | None) -> None:
            if words.hidden == hidden and not (known and known.asked):
                if hidden and words.hidden_by == RULE:
                    raise UserError("ruling.hidden_already")
                if hidden:
                    raise AlreadyDone("error.already_hidden", who=words.hidden_by, at=words.hidden_at)
                raise UserError("error.not_hidden")

        return await self._ask(conversation, ref, Facet.HIDE, who, wanted=hidden, check=check)

    async def hide_by_rule(self, change: Transaction, talk: Conversation, ref: str, rule: str) -> None:
        """Part of a change: a rule of the brand wants it hidden. Who asked for anything about it before is overruled by
        nobody, because rules look only at what is new."""
        account = await self._store.get(Account, talk.account)
        old = await self._store.find(Errand, self._id(talk, ref, Facet.HIDE))
        new = self._errand(talk.id, account, ref, Facet.HIDE, RULE, old)
        change.put(new.model_copy(update={"rule": rule}), old)
        change.emit(ConversationChanged(conversation=talk.id, act="moderated", correlation=new.correlation))

    async def show_again(self, change: Transaction, talk: Conversation, ref: str, who: Standing) -> None:
        """Part of a change: what a rule hid is shown again, by whoever says that it was wrong."""
        account = await self._store.get(Account, talk.account)
        old = await self._store.find(Errand, self._id(talk, ref, Facet.HIDE))
        new = self._errand(talk.id, account, ref, Facet.HIDE, who.id, old).model_copy(update={"wanted": False})
        self._desk.errands.record(change, new, old, who.id)

    async def like(self, conversation: str, ref: str, liked: bool, who: Standing) -> Errand:
        """Like it as the account, or take that back. Not twice."""

        def check(talk: Conversation, words: Words, known: Errand | None) -> None:
            so = known is not None and known.wanted and known.state is rules.ErrandState.DONE
            if so == liked and not (known and known.asked):
                if known is not None and liked:
                    raise AlreadyDone("error.already_liked", who=known.by, at=known.settled_at)
                raise UserError("error.not_liked")

        return await self._ask(conversation, ref, Facet.LIKE, who, wanted=liked, check=check)

    async def to_reply_privately(self, conversation: str, ref: str, who: Standing) -> Conversation:
        """Whether it can be answered privately now; raises what asking for it, or suggesting it, would raise."""
        talk, brand, words = await self._found(conversation, ref, who, *WRITERS)
        await self._private(talk, brand, words, await self._store.find(Errand, self._id(talk, ref, Facet.PRIVATE)))
        return talk

    async def reply_privately(
        self, conversation: str, ref: str, text: str, who: Standing, *, shown: str | None = None
    ) -> Errand:
        """A message that only the person sees, signed as the brand signs: once a comment, within seven days. `shown` is
        the signature that they saw."""

        async def attempt() -> Errand:
            talk, brand, _ = await self._found(conversation, ref, who)
            sign = await self._desk.answers.shown(brand, who.id, shown)
            change = self._store.begin()
            errand = await self.planned_private(change, talk, ref, text.strip(), sign, who.id)
            await change.commit()
            return errand

        return await self._desk.again(attempt)

    async def planned_private(
        self, change: Transaction, talk: Conversation, ref: str, text: str, sign: str, by: MemberId
    ) -> Errand:
        """Part of a change: a private reply that `by` lets out, signed. Raises what `to_reply_privately` raises, and
        FieldErrors for what may not be said."""
        words = talk.said(ref)
        if words is None:
            raise UserError("error.no_such_conversation")
        brand = await self._desk.brand(talk.brand)
        old = await self._store.find(Errand, self._id(talk, ref, Facet.PRIVATE))
        await self._private(talk, brand, words, old)
        account = await self._store.get(Account, talk.account)
        await self.refuse_private(brand, account, text, sign)
        self._refuse_unable(talk, words, Facet.PRIVATE)
        if account.state is not AccountState.ACTIVE:
            raise UserError("error.account_not_active", account=account.name)
        new = self._errand(talk.id, account, ref, Facet.PRIVATE, by, old)
        new = new.model_copy(update={"text": signed(text, sign)})
        self._desk.errands.record(change, new, old, by)
        return new

    async def refuse_private(self, brand: Brand, account: Account, text: str, sign: str) -> None:
        """Raises FieldErrors for a private reply that may not be said, or is none."""
        if not text:
            raise FieldErrors({"text": UserError("error.field_required")})
        if len(signed(text, sign)) > PRIVATE_MOST:
            raise FieldErrors({"text": UserError("error.private_too_long", limit=PRIVATE_MOST)})
        await refuse_unfit(self._desk, brand, account, text, private=True)

    async def _private(self, talk: Conversation, brand: Brand, words: Words, known: Errand | None) -> None:
        if not words.there:
            raise UserError("error.comment_gone")
        if self._desk.now() >= rules.private_until(words.at):
            raise UserError("error.private_too_late", days=rules.PRIVATE_DAYS)
        if known is not None and (known.asked or known.state is rules.ErrandState.DONE):
            raise AlreadyDone("error.already_private", who=known.by, at=known.at)
        await self._refuse_silenced(brand)

    async def _refuse_silenced(self, brand: Brand) -> None:
        stop = await self._desk.stopped(brand.id)
        if stop is not None and stop.reach == "silence":
            raise UserError("error.brand_silenced")

    async def to_edit(self, delivery: str, who: Standing) -> Delivery:
        """An answer of ours whose words can be changed where it stands, by whoever may or may suggest it; raises
        UserError for any other."""
        found = await self._desk.deliveries.get(delivery)
        who.require(await self._desk.brand(found.brand), *WRITERS)
        self._refuse_unchangeable(found)
        return found

    def _refuse_unchangeable(self, found: Delivery) -> None:
        if found.reply is None or found.reply.to or found.state is not State.LIVE or not found.ref:
            raise UserError("error.not_public_now")
        if not self._able(found.network, Facet.EDIT):
            raise UserError("error.no_edit_there", network=self._desk.providers[found.network].title)

    async def edit(self, delivery: str, before: str, text: str, who: Standing) -> Errand:
        """Change our public answer. `before` is the digest of what it said when the form opened: somebody else's change
        isn't lost.

        Raises FieldErrors for what the network would refuse.
        """

        async def attempt() -> Errand:
            found = await self._desk.deliveries.get(delivery)
            who.require(await self._desk.brand(found.brand), Role.MODERATOR)
            change = self._store.begin()
            errand = await self.planned_edit(change, delivery, before, text, who.id)
            await change.commit()
            return errand

        return await self._desk.again(attempt)

    async def planned_edit(self, change: Transaction, delivery: str, before: str, text: str, by: MemberId) -> Errand:
        """Part of a change: other words for our public answer, which `by` lets out. Raises as `edit` does."""
        found = await self._desk.deliveries.get(delivery)
        self._refuse_unchangeable(found)
        assert found.reply is not None
        await self.refuse_edit(found, before, text)
        account = await self._store.get(Account, found.account)
        old = await self._store.find(Errand, rules.id_of(found.account, found.ref, Facet.EDIT))
        new = self._errand(found.reply.conversation, account, found.ref, Facet.EDIT, by, old)
        new = new.model_copy(update={"text": text, "before": found.reply.text, "delivery": delivery})
        self._desk.errands.record(change, new, old, by)
        return new

    async def refuse_edit(self, found: Delivery, before: str, text: str) -> None:
        """Raises FieldErrors for words that may not take the place of an answer's, for the same ones, and where it says
        something else than `before` by now."""
        account, brand = await self._store.get(Account, found.account), await self._desk.brand(found.brand)
        await refuse_unfit(self._desk, brand, account, text)
        await self._refuse_silenced(brand)
        said = found.reply.text if found.reply else ""
        if rules.digest(said) != before:
            raise FieldErrors({"text": UserError("error.edited_meanwhile")})
        if text == said:
            raise FieldErrors({"text": UserError("error.edit_same")})

    def _id(self, talk: Conversation, ref: str, facet: Facet) -> str:
        return rules.id_of(talk.account, ref, facet)

    async def _found(
        self, conversation: str, ref: str, who: Standing, *any_of: Role
    ) -> tuple[Conversation, Brand, Words]:
        talk = await self._desk.conversations.get(conversation)
        brand = await self._desk.brand(talk.brand)
        who.require(brand, *(any_of or (Role.MODERATOR,)))
        words = talk.said(ref)
        if words is None:
            raise UserError("error.no_such_conversation")
        return talk, brand, words

    async def _ask(
        self,
        conversation: str,
        ref: str,
        facet: Facet,
        who: Standing,
        *,
        check: "Check",
        wanted: bool = True,
    ) -> Errand:
        async def attempt() -> Errand:
            talk, _, words = await self._found(conversation, ref, who)
            if not words.there:
                raise UserError("error.comment_gone")
            self._refuse_unable(talk, words, facet)
            old = await self._store.find(Errand, self._id(talk, ref, facet))
            if old is not None and old.asked and old.wanted == wanted and old.rule:
                raise UserError("ruling.hidden_already")
            if old is not None and old.asked and old.wanted == wanted:
                raise AlreadyDone("error.already_asked", who=old.by, at=old.at)
            check(talk, words, old)
            account = await self._store.get(Account, talk.account)
            if account.state is not AccountState.ACTIVE:
                raise UserError("error.account_not_active", account=account.name)
            new = self._errand(talk.id, account, ref, facet, who.id, old)
            new = new.model_copy(update={"wanted": wanted})
            change = self._store.begin()
            self._desk.errands.record(change, new, old, who.id)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    def _refuse_unable(self, talk: Conversation, words: Words, facet: Facet) -> None:
        if not self.can(talk, words, facet, self._desk.now()):
            raise UserError("error.not_there", network=self._desk.providers[talk.network].title)

    def _errand(
        self, conversation: str, account: Account, ref: str, facet: Facet, by: MemberId, old: Errand | None
    ) -> Errand:
        now = self._desk.now()
        return Errand(
            id=rules.id_of(account.id, ref, facet),
            version=old.version if old else 0,
            facet=facet,
            brand=account.brand,
            account=account.id,
            network=account.network,
            conversation=conversation,
            ref=ref,
            by=by,
            at=now,
            attention=now,
            correlation=correlation.get(),
        )


if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[Conversation, Words, Errand | None], None]
