"""A trainee's answer, which somebody else lets out: who may, what exactly, in which circumstances, what became of it.

An approval is bound to one version of the words and to all that stood around them when they were shown.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain import deliveries
from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import Conversation, ConversationStatus, Words
from bot.domain.deliveries import Delivery
from bot.domain.records import MemberId, Record, Value, score
from bot.domain.signing import signed
from bot.errors import AlreadyDone, NotAllowed, UserError

WRITERS = (Role.MODERATOR, Role.TRAINEE)
"""Roles that write to people; the second only what somebody approves."""
DECIDING = (Role.MODERATOR, Role.APPROVER)
"""Roles of which one is needed to let a trainee's words out."""
REASON = 500
"""Characters of why something is sent back."""
VERSIONS = 50
"""How often one can be written anew."""
_NOT_SENT = frozenset({deliveries.State.WITHDRAWN, deliveries.State.UNPUBLISHED})


class Way(StrEnum):
    """Where the words go."""

    PUBLIC = "public"
    PRIVATE = "private"
    EDIT = "edit"  # they take the place of a public answer of ours


class State(StrEnum):
    """Where a suggestion stands."""

    OPEN = "open"
    RETURNED = "returned"  # its writer has to change something
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # what it answers is gone


class Step(StrEnum):
    """What can happen to a suggestion."""

    REVISE = "revise"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


S = State
LIFE: Mapping[tuple[State, Step], State] = {
    (S.OPEN, Step.REVISE): S.OPEN,
    (S.OPEN, Step.APPROVE): S.APPROVED,
    (S.OPEN, Step.RETURN): S.RETURNED,
    (S.OPEN, Step.WITHDRAW): S.WITHDRAWN,
    (S.OPEN, Step.LAPSE): S.LAPSED,
    (S.RETURNED, Step.REVISE): S.OPEN,
    (S.RETURNED, Step.WITHDRAW): S.WITHDRAWN,
}
"""Every permitted step."""


class Version(Value):
    """One exact text, as it was typed."""

    text: str
    by: MemberId
    at: AwareDatetime


class Suggestion(Record):
    """What a trainee wants to say. ref: what it answers, or of an edit our own answer; delivery and before: of an edit
    our answer, and what it said by its digest. signature: the trainee's, as it was shown. last: what the person had
    said last when it was written; heard: what they said there that it answers, by its digest. outcome: what went out.
    """

    KIND: ClassVar[str] = "suggestion"

    brand: str
    conversation: str
    way: Way
    ref: str
    delivery: str = ""
    before: str = ""
    signature: str = ""
    last: str
    heard: str
    versions: tuple[Version, ...]
    by: MemberId
    at: AwareDatetime  # when the trainee wrote it last
    state: State = State.OPEN
    decided_by: MemberId = ""
    decided_at: AwareDatetime | None = None
    reason: str = ""
    outcome: str = ""
    correlation: str = ""

    def indexes(self) -> Mapping[str, float]:
        """Those of a conversation, oldest first."""
        return {f"suggestions:{self.conversation}": score(self.versions[0].at)}

    @property
    def revision(self) -> int:
        """The number of its newest text, from 1."""
        return len(self.versions)

    @property
    def text(self) -> str:
        """Its newest text, as it was typed."""
        return self.versions[-1].text

    @property
    def exact(self) -> str:
        """All that would be read, to the last letter."""
        return signed(self.text, self.signature)

    @property
    def asked(self) -> str:
        """What the trainee wrote last, as it would have been read: an approver may have changed it since."""
        mine = [each for each in self.versions if each.by == self.by]
        return signed(mine[-1].text, self.signature)

    def step(self, step: Step) -> State:
        """The state that a step leads to; raises AlreadyDone or UserError where the table has none."""
        try:
            return LIFE[self.state, step]
        except KeyError:
            if self.decided_by and self.decided_at:
                raise AlreadyDone(f"error.suggestion_{self.state}", who=self.decided_by, at=self.decided_at) from None
            raise UserError("error.suggestion_over") from None


def needs_approval(brand: Brand, who: Standing) -> bool:
    """Whether what they write to people waits for somebody else."""
    roles = brand.roles_of(who)
    return Role.TRAINEE in roles and Role.MODERATOR not in roles


def may_decide(suggestion: Suggestion, brand: Brand, who: Standing) -> None:
    """Raise NotAllowed for its writer, whatever they are besides, and for anybody without a role that decides."""
    if who.id == suggestion.by:
        raise NotAllowed("error.own_suggestion")
    who.require(brand, *DECIDING)


def may_change(suggestion: Suggestion, brand: Brand, who: Standing) -> None:
    """Raise NotAllowed for anybody but its writer, while they may write there."""
    if who.id != suggestion.by:
        raise NotAllowed("error.not_your_suggestion")
    who.require(brand, *WRITERS)


def around(talk: Conversation, answers: Iterable[Delivery]) -> str:
    """All that an approver has to have seen besides the words themselves, as a short mark: what the person said last,
    whether it is still there, whether it was answered, and whether the conversation is closed."""
    latest = talk.latest
    sent = sorted(each.id for each in answers if each.reply is not None and each.state not in _NOT_SENT)
    parts = [latest.ref, latest.digest, str(latest.there), str(talk.status is ConversationStatus.CLOSED), *sent]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Since(Value):
    """What happened after a suggestion was written. gone: what it answers was deleted."""

    said: tuple[Words, ...] = ()
    changed: bool = False
    answers: tuple[Delivery, ...] = ()
    closed: bool = False
    gone: bool = False

    @property
    def anything(self) -> bool:
        """Whether an approver should look twice."""
        return bool(self.said or self.changed or self.answers or self.closed or self.gone)


def since(suggestion: Suggestion, talk: Conversation, answers: Iterable[Delivery]) -> Since:
    """What its writer couldn't know."""
    about = answered(suggestion, talk)
    refs = [each.ref for each in talk.heard]
    known = refs.index(suggestion.last) + 1 if suggestion.last in refs else 0
    sent = [each for each in answers if each.reply is not None and each.state not in _NOT_SENT]
    return Since(
        said=talk.heard[known:],
        changed=about is not None and about.there and about.digest != suggestion.heard,
        answers=tuple(each for each in sent if each.created_at > suggestion.at),
        closed=suggestion.way is not Way.EDIT and talk.status is ConversationStatus.CLOSED,
        gone=suggestion.way is not Way.EDIT and (about is None or not about.there),
    )


def answered(suggestion: Suggestion, talk: Conversation) -> Words | None:
    """The person's words that it is about; those they said last where it changes an answer of ours."""
    if suggestion.way is Way.EDIT:
        return talk.said(suggestion.last)
    return talk.said(suggestion.ref)


def revise(
    suggestion: Suggestion, text: str, who: MemberId, at: datetime, *, signature: str, talk: Conversation
) -> Suggestion:
    """Written anew by the trainee, who has seen what was said until now: an approval of the old words is void."""
    state = suggestion.step(Step.REVISE)
    if len(suggestion.versions) >= VERSIONS:
        raise UserError("error.suggestion_full")
    versions = (*suggestion.versions, Version(text=text, by=who, at=at))
    update = {"state": state, "versions": versions, "at": at, "signature": signature, "last": talk.latest.ref}
    about = talk.latest if suggestion.way is Way.EDIT else talk.said(suggestion.ref)
    update |= {"heard": about.digest if about else "", "reason": "", "decided_by": "", "decided_at": None}
    return suggestion.model_copy(update=update)


def approve(suggestion: Suggestion, who: MemberId, at: datetime, *, text: str, outcome: str) -> Suggestion:
    """Let out, perhaps with other words: both stay."""
    state = suggestion.step(Step.APPROVE)
    fixed = text != suggestion.text
    versions = (*suggestion.versions, Version(text=text, by=who, at=at)) if fixed else suggestion.versions
    update = {"state": state, "versions": versions, "decided_by": who, "decided_at": at, "outcome": outcome}
    return suggestion.model_copy(update=update)


def send_back(suggestion: Suggestion, who: MemberId, at: datetime, reason: str) -> Suggestion:
    """Its writer has to change something."""
    update = {"state": suggestion.step(Step.RETURN), "decided_by": who, "decided_at": at, "reason": reason}
    return suggestion.model_copy(update=update)


def end(suggestion: Suggestion, step: Step, who: MemberId, at: datetime) -> Suggestion:
    """Taken back by its writer, or found to answer nothing any more by whoever would have let it out."""
    return suggestion.model_copy(update={"state": suggestion.step(step), "decided_by": who, "decided_at": at})
