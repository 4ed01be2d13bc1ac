"""What an outside person said to a brand and what became of it: claim, answer, done, reopen."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, UserError


class ConversationStatus(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    OWNED = "owned"
    CLOSED = "closed"


class Step(StrEnum):
    """What can happen to a conversation."""

    CLAIM = "claim"
    RELEASE = "release"
    ANSWER = "answer"  # a public reply was written: claims
    CLOSE = "close"
    REOPEN = "reopen"
    HEAR = "hear"  # the person wrote again


class ClosedAs(StrEnum):
    """Why a conversation was closed."""

    ANSWERED = "answered"
    NO_REPLY = "no_reply"
    SPAM = "spam"
    LEGAL = "legal"
    MOVED_PRIVATE = "moved_private"
    DUPLICATE = "duplicate"
    DONT_FEED = "dont_feed"


S = ConversationStatus
LIFE: Mapping[tuple[ConversationStatus, Step], ConversationStatus] = {
    (S.NEW, Step.CLAIM): S.OWNED,
    (S.NEW, Step.ANSWER): S.OWNED,
    (S.NEW, Step.CLOSE): S.CLOSED,
    (S.NEW, Step.HEAR): S.NEW,
    (S.OWNED, Step.RELEASE): S.NEW,
    (S.OWNED, Step.ANSWER): S.OWNED,
    (S.OWNED, Step.CLOSE): S.CLOSED,
    (S.OWNED, Step.HEAR): S.OWNED,
    (S.CLOSED, Step.REOPEN): S.OWNED,
    (S.CLOSED, Step.ANSWER): S.OWNED,
    (S.CLOSED, Step.HEAR): S.NEW,
}
"""Every permitted step."""


class Words(Value):
    """One thing that the person said; every string is untrusted.

    Once it was deleted by us its words and pictures are no longer here: `evidence` is the proposal that keeps them.
    """

    ref: str
    kind: str
    text: str
    at: AwareDatetime
    url: str = ""
    media: tuple[str, ...] = ()
    removed_by: MemberId = ""
    removed_at: AwareDatetime | None = None
    evidence: str = ""

    @property
    def digest(self) -> str:
        """What these words are known by, to tell whether they changed."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Outsider(Value):
    """Who said it, as the network shows them."""

    id: str
    handle: str
    name: str
    picture: str | None = None
    followers: int | None = None


class Conversation(Record):
    """What somebody said to one account and what follows. `root` is the post it hangs under, empty for a mention."""

    KIND: ClassVar[str] = "conversation"

    brand: str
    account: str
    network: str
    person: Outsider
    heard: tuple[Words, ...]
    root: str = ""
    root_url: str = ""
    root_post: str = ""
    status: ConversationStatus = ConversationStatus.NEW
    owner: MemberId = ""
    owned_at: AwareDatetime | None = None
    closed_as: ClosedAs | None = None
    closed_by: MemberId = ""
    changed_at: AwareDatetime
    created_at: AwareDatetime
    correlation: str = ""

    @property
    def latest(self) -> Words:
        """What the person said last."""
        return self.heard[-1]

    def indexes(self) -> Mapping[str, float]:
        """Open ones by brand, oldest unanswered first; mine by owner."""
        names: dict[str, float] = {}
        if self.status is not S.CLOSED:
            names[f"open:{self.brand}"] = score(self.latest.at)
            if self.owner:
                names[f"owned:{self.owner}"] = score(self.latest.at)
        return names

    def step(self, step: Step) -> ConversationStatus:
        """The status that a step leads to; raises AlreadyDone or UserError where the table has none."""
        try:
            return LIFE[self.status, step]
        except KeyError:
            if self.status is S.CLOSED:
                raise AlreadyDone("error.already_closed", who=self.closed_by, at=self.changed_at) from None
            if self.owner:
                raise AlreadyDone("error.already_owned", who=self.owner, at=self.owned_at) from None
            raise UserError("error.not_possible_now", status=f"conversation_status.{self.status}") from None


def claim(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """Somebody takes it; a second person is told who has it."""
    status = conversation.step(Step.CLAIM)
    return conversation.model_copy(update={"status": status, "owner": who, "owned_at": at, "changed_at": at})


def release(conversation: Conversation, at: datetime) -> Conversation:
    """Give it back to everyone."""
    status = conversation.step(Step.RELEASE)
    return conversation.model_copy(update={"status": status, "owner": "", "owned_at": None, "changed_at": at})


def pass_on(conversation: Conversation, to: MemberId, at: datetime) -> Conversation:
    """A shift was handed over: whoever took it has the conversation now."""
    return conversation.model_copy(update={"owner": to, "owned_at": at, "changed_at": at})


def answer(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """A public reply was written: whoever wrote it has the conversation."""
    status = conversation.step(Step.ANSWER)
    update = {"status": status, "owner": who, "owned_at": at, "closed_as": None, "closed_by": "", "changed_at": at}
    return conversation.model_copy(update=update)


def close(conversation: Conversation, who: MemberId, at: datetime, reason: ClosedAs) -> Conversation:
    """Done, with a reason."""
    status = conversation.step(Step.CLOSE)
    update = {"status": status, "closed_as": reason, "closed_by": who, "changed_at": at}
    return conversation.model_copy(update=update)


def reopen(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """Open it again; whoever does has it."""
    status = conversation.step(Step.REOPEN)
    update = {"status": status, "owner": who, "owned_at": at, "closed_as": None, "closed_by": "", "changed_at": at}
    return conversation.model_copy(update=update)


def hear(conversation: Conversation, words: Words, at: datetime) -> Conversation:
    """The person wrote again; a closed conversation is new again."""
    if any(words.ref == known.ref for known in conversation.heard):
        return conversation
    status = conversation.step(Step.HEAR)
    update: dict[str, object] = {"status": status, "heard": (*conversation.heard, words), "changed_at": at}
    if conversation.status is S.CLOSED:
        update |= {"owner": "", "owned_at": None, "closed_as": None, "closed_by": ""}
    return conversation.model_copy(update=update)


def remove(conversation: Conversation, refs: Iterable[str], who: MemberId, evidence: str, at: datetime) -> Conversation:
    """We deleted some of what the person said: that it was there stays, what it said is kept elsewhere."""
    gone = {"text": "", "media": (), "removed_by": who, "removed_at": at, "evidence": evidence}
    taken = set(refs)
    heard = tuple(each.model_copy(update=gone) if each.ref in taken else each for each in conversation.heard)
    return conversation.model_copy(update={"heard": heard, "changed_at": at})
