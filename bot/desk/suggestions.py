"""Trainees' answers: written, written anew, let out with or without other words, sent back, taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.answers import answered
from bot.desk.checking import answer_findings, refuse_unfit
from bot.desk.handling import ENGINE
from bot.domain import suggestions as rules
from bot.domain.brands import Account, Brand, Standing
from bot.domain.checks import Finding
from bot.domain.conversations import Conversation
from bot.domain.conversations import Step as TalkStep
from bot.domain.deliveries import Reply
from bot.domain.events import SuggestionChanged
from bot.domain.handling import not_answering
from bot.domain.records import MemberId
from bot.domain.suggestions import REASON, WRITERS, Since, Step, Suggestion, Version, Way
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.journal import correlation
from bot.store.records import Transaction

if TYPE_CHECKING:
    from bot.desk.desk import Desk
    from bot.desk.inbox import ConversationPage

ASKED = 3
"""People who are rung for one suggestion, at most."""


@dataclass(frozen=True)
class SuggestionPage:
    """A suggestion with all that its card shows. since: what happened after it was written; around: the mark of all
    that an approver has to have seen; asked: who is rung for it; findings: what the checks say, while it waits."""

    suggestion: Suggestion
    talk: "ConversationPage"
    since: Since
    around: str
    asked: Sequence[MemberId]
    findings: Sequence[Finding] = ()

    @property
    def version(self) -> int:
        """Grows with everything that the card shows."""
        return self.suggestion.version + self.talk.version

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name the card says."""
        mine = self.suggestion
        answered = [each.approved_by for each in self.since.answers]
        closed = self.talk.conversation.closed_by
        return [who for who in (mine.by, mine.decided_by, mine.versions[-1].by, closed, *answered) if who]


class Suggestions:
    """The verbs of a trainee, and of whoever lets their words out."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> Suggestion:
        """One by id; raises UserError when there is none."""
        found = await self._store.find(Suggestion, id_)
        if found is None:
            raise UserError("error.no_such_suggestion")
        return found

    async def of(self, conversation: str) -> Sequence[Suggestion]:
        """All that was suggested in a conversation, oldest first."""
        return await self._store.listed(Suggestion, f"suggestions:{conversation}")

    async def page(self, id_: str) -> SuggestionPage:
        """All that its card shows; raises UserError."""
        found = await self.get(id_)
        talk = await self._desk.inbox.page(found.conversation)
        return SuggestionPage(
            suggestion=found,
            talk=talk,
            since=rules.since(found, talk.conversation, talk.replies),
            around=rules.around(talk.conversation, talk.replies),
            asked=await self._asked(found, talk),
            findings=await self._findings(found, talk) if found.state is rules.State.OPEN else (),
        )

    async def _findings(self, suggestion: Suggestion, talk: "ConversationPage") -> Sequence[Finding]:
        """What its writer was told too, as far as it is still so: whoever lets it out answers for it."""
        private = talk.conversation.private or suggestion.way is Way.PRIVATE
        ref = suggestion.ref if suggestion.way is Way.PUBLIC else ""  # of an edit it is our own answer
        return await answer_findings(
            self._desk,
            talk.brand,
            talk.account,
            suggestion.text,
            public=suggestion.exact if suggestion.way is Way.PUBLIC and not private else "",
            answered=None if private else answered(talk.conversation, talk.known, ref),
        )

    async def to_decide(self, id_: str, who: Standing) -> SuggestionPage:
        """One that somebody may decide about; raises what deciding would raise."""
        page = await self.page(id_)
        rules.may_decide(page.suggestion, page.talk.brand, who)
        page.suggestion.step(Step.APPROVE)
        return page

    async def to_change(self, id_: str, who: Standing) -> SuggestionPage:
        """One that its writer may write anew; raises what that would raise."""
        page = await self.page(id_)
        rules.may_change(page.suggestion, page.talk.brand, who)
        page.suggestion.step(Step.REVISE)
        return page

    async def _asked(self, suggestion: Suggestion, talk: "ConversationPage") -> Sequence[MemberId]:
        """Whoever has the conversation, where they may decide; else some who may."""
        found: list[MemberId] = []
        for role in rules.DECIDING:
            found += await self._desk.handling.holders(talk.brand, role)
        may = [who for who in dict.fromkeys(found) if who != suggestion.by]
        owner = talk.conversation.owner
        return [owner] if owner in may else may[:ASKED]

    # --- the trainee

    async def suggest(
        self,
        id_: str,
        conversation: str,
        way: Way,
        text: str,
        who: Standing,
        *,
        ref: str = "",
        delivery: str = "",
        before: str = "",
        shown: str | None = None,
    ) -> Suggestion:
        """What they would say, where somebody approves it. `id_` was made with the form: one that comes twice is one.
        ref: what it answers, if not what was said last; delivery and before: of an edit; shown: the signature that they
        saw. Raises FieldErrors for what couldn't go out."""

        async def attempt() -> Suggestion:
            talk = await self._desk.conversations.get(conversation)
            brand = await self._desk.brand(talk.brand)
            who.require(brand, *WRITERS)
            known = await self._store.find(Suggestion, id_)
            if known is not None:
                if (known.conversation, known.by) != (conversation, who.id):
                    raise NotAllowed("error.button_old")
                return known
            sign = await self._desk.answers.shown(brand, who.id, shown) if way is not Way.EDIT else ""
            now, about = self._desk.now(), talk.latest if way is Way.EDIT else talk.said(ref or talk.latest.ref)
            new = Suggestion(
                id=id_,
                brand=brand.id,
                conversation=conversation,
                way=way,
                ref=ref or talk.latest.ref,
                delivery=delivery,
                before=before,
                signature=sign,
                last=talk.latest.ref,
                heard=about.digest if about else "",
                versions=(Version(text=text, by=who.id, at=now),),
                by=who.id,
                at=now,
                correlation=correlation.get(),
            )
            talk.step(TalkStep.ANSWER)  # nobody writes to who was forgotten
            await self._refuse(new, text, talk, brand)
            change = self._store.begin()
            self._put(change, new, None, talk, who.id, "suggest")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def revise(self, id_: str, revision: int, text: str, who: Standing) -> Suggestion:
        """Its writer writes it anew, from the text numbered `revision`."""

        async def attempt() -> Suggestion:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            rules.may_change(old, brand, who)
            if old.versions[-1].text == text and old.state is rules.State.OPEN:
                return old
            old.step(Step.REVISE)
            _refuse_other(old, revision)
            talk = await self._desk.conversations.get(old.conversation)
            sign = await self._desk.answers.sign(brand, who.id) if old.way is not Way.EDIT else ""
            new = rules.revise(old, text, who.id, self._desk.now(), signature=sign, talk=talk)
            await self._refuse(new, text, talk, brand)
            change = self._store.begin()
            self._put(change, new, old, talk, who.id, "revise")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def withdraw(self, id_: str, who: Standing) -> Suggestion:
        """Its writer takes it back."""

        def step(old: Suggestion, now: datetime) -> Suggestion:
            return rules.end(old, Step.WITHDRAW, who.id, now)

        return await self._end(id_, who, "withdraw", rules.may_change, step)

    async def _refuse(self, suggestion: Suggestion, text: str, talk: Conversation, brand: Brand) -> None:
        """Nobody is asked to approve what couldn't go out."""
        account = await self._store.get(Account, talk.account)
        if suggestion.way is Way.EDIT:
            found = await self._desk.deliveries.get(suggestion.delivery)
            await self._desk.moderation.refuse_edit(found, suggestion.before, text)
            return
        about = rules.answered(suggestion, talk)
        if about is None or not about.there:
            raise UserError("error.comment_gone")
        if suggestion.way is Way.PRIVATE:
            await self._desk.moderation.refuse_private(brand, account, text, suggestion.signature)
            return
        self._desk.private.refuse_late(talk)
        await refuse_unfit(self._desk, brand, account, text, sign=suggestion.signature, private=talk.private)

    # --- whoever decides

    async def approve(
        self, id_: str, revision: int, around: str, who: Standing, *, text: str | None = None
    ) -> Suggestion:
        """Let it out: the text numbered `revision`, in the circumstances `around` that were shown, or with another text
        instead. It goes the way of every answer. Raises UserError where it isn't what was shown any more, AlreadyDone
        when somebody was faster; where what it answers is gone it lapses."""

        async def attempt() -> Suggestion:
            old = await self.get(id_)
            brand = await self._desk.brand(old.brand)
            rules.may_decide(old, brand, who)
            old.step(Step.APPROVE)
            talk = await self._desk.conversations.get(old.conversation)
            answers = await self._desk.conversations.replies(talk.id)
            if rules.since(old, talk, answers).gone:
                change = self._store.begin()
                lapsed = rules.end(old, Step.LAPSE, ENGINE, self._desk.now())
                self._put(change, lapsed, old, talk, ENGINE, "lapse")
                await change.commit()
                raise UserError("error.suggestion_gone")
            _refuse_other(old, revision)
            if rules.around(talk, answers) != around:
                raise UserError("error.suggestion_moved")
            words = old.text if text is None else text
            change = self._store.begin()
            outcome = await self._let_out(change, old, words, talk, who.id)
            new = rules.approve(old, who.id, self._desk.now(), text=words, outcome=outcome)
            self._record(change, new, old, who.id, "fix" if words != old.text else "approve")
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def _let_out(self, change: Transaction, old: Suggestion, text: str, talk: Conversation, by: MemberId) -> str:
        left = tuple(each for each in talk.suggested if each != old.id)
        if old.way is Way.PUBLIC:
            said = Reply(
                conversation=talk.id,
                text=text,
                signature=old.signature,
                answers=old.ref,
                root=talk.root,
                by=old.by,
            )
            delivery = await self._desk.conversations.planned(change, old.id, said, talk, by, suggested=left)
            return delivery.id
        change.put(talk.model_copy(update={"suggested": left}), talk)
        moderation = self._desk.moderation
        if old.way is Way.PRIVATE:
            return (await moderation.planned_private(change, talk, old.ref, text, old.signature, by)).id
        return (await moderation.planned_edit(change, old.delivery, old.before, text, by)).id

    async def send_back(self, id_: str, revision: int, reason: str, who: Standing) -> Suggestion:
        """Its writer has to change something, and is told what. Raises FieldErrors without a reason."""
        reason = reason.strip()[:REASON]
        if not reason:
            raise FieldErrors({"reason": UserError("error.field_required")})

        def step(old: Suggestion, now: datetime) -> Suggestion:
            _refuse_other(old, revision)
            return rules.send_back(old, who.id, now, reason)

        return await self._end(id_, who, "send_back", rules.may_decide, step)

    async def _end(
        self,
        id_: str,
        who: Standing,
        act: str,
        may: Callable[[Suggestion, Brand, Standing], None],
        step: Callable[[Suggestion, datetime], Suggestion],
    ) -> Suggestion:
        async def attempt() -> Suggestion:
            old = await self.get(id_)
            may(old, await self._desk.brand(old.brand), who)
            new = step(old, self._desk.now())
            talk = await self._desk.conversations.get(old.conversation)
            change = self._store.begin()
            self._put(change, new, old, talk, who.id, act)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    def _put(
        self, change: Transaction, new: Suggestion, old: Suggestion | None, talk: Conversation, who: str, act: str
    ) -> None:
        """With its conversation, which knows what waits; so nothing is said there unseen while this is decided."""
        others = tuple(each for each in talk.suggested if each != new.id)
        waits = (*others, new.id) if new.state is rules.State.OPEN else others
        changed = not_answering(talk, new.by) if act == "suggest" else talk
        change.put(changed.model_copy(update={"suggested": waits}), talk)
        self._record(change, new, old, who, act)

    def _record(self, change: Transaction, new: Suggestion, old: Suggestion | None, who: str, act: str) -> None:
        change.put(new, old)
        change.emit(SuggestionChanged(suggestion=new.id, act=act, by=who, correlation=correlation.get()))
        about = {"brand": new.brand, "subject": new.conversation, "delivery": new.outcome}
        detail = new.reason or (new.by if who != new.by else "")
        entry = self._desk.entry(who, f"suggestion.{act}", detail=detail, **about)
        kept = {"text": new.exact} if act != "fix" else {"before": new.asked, "after": new.exact}
        change.audit(entry.model_copy(update={"evidence": {**kept, "writer": new.by}}))


def _refuse_other(suggestion: Suggestion, revision: int) -> None:
    if suggestion.revision != revision:
        raise UserError("error.suggestion_changed")
