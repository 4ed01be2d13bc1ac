"""What is done with a conversation: claimed, released, answered, closed, opened again; and the person writes again."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.conversations import PRIVATE, ClosedAs, Conversation, ConversationStatus, Step, Targets, Words
from bot.domain.records import MemberId

S = ConversationStatus

AWAKE: Mapping[str, object] = {"snoozed_until": None, "escalation": None}
"""What is over as soon as somebody has it, or nobody."""


def claim(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """Somebody takes it; a second person is told who has it."""
    status = conversation.step(Step.CLAIM)
    return conversation.model_copy(update={**AWAKE, "status": status, "owner": who, "owned_at": at, "changed_at": at})


def release(conversation: Conversation, at: datetime) -> Conversation:
    """Give it back to everyone."""
    status = conversation.step(Step.RELEASE)
    return conversation.model_copy(update={**AWAKE, "status": status, "owner": "", "owned_at": None, "changed_at": at})


def pass_on(conversation: Conversation, to: MemberId, at: datetime) -> Conversation:
    """A shift was handed over: whoever took it has the conversation now."""
    return conversation.model_copy(update={"owner": to, "owned_at": at, "changed_at": at})


def answer(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """A public reply was written: whoever wrote it has the conversation."""
    status = conversation.step(Step.ANSWER)
    others = tuple(each for each in conversation.answering if each.who != who)
    update = {
        "answering": others,
        "status": status,
        "owner": who,
        "owned_at": at,
        "closed_as": None,
        "closed_by": "",
        "changed_at": at,
    }
    return conversation.model_copy(update={**AWAKE, **update})


def answered(conversation: Conversation, ref: str) -> Conversation:
    """Our answer to what was said there is public."""
    return conversation.model_copy(update={"answered_to": ref})


def close(conversation: Conversation, who: MemberId, at: datetime, reason: ClosedAs) -> Conversation:
    """Done, with a reason."""
    status = conversation.step(Step.CLOSE)
    update = {"status": status, "closed_as": reason, "closed_by": who, "changed_at": at, "targets": Targets()}
    return conversation.model_copy(update={**AWAKE, **update, "settled_to": conversation.latest.ref})


def reopen(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """Open it again; whoever does has it."""
    status = conversation.step(Step.REOPEN)
    anew: dict[str, object] = {"settled_to": "", "opened_at": at}
    update = {
        **anew,
        "status": status,
        "owner": who,
        "owned_at": at,
        "closed_as": None,
        "closed_by": "",
        "changed_at": at,
    }
    return conversation.model_copy(update=update)


def hear(conversation: Conversation, words: Words, at: datetime) -> Conversation:
    """The person wrote again; a closed conversation is new again."""
    if any(words.ref == known.ref for known in conversation.heard):
        return conversation
    status = conversation.step(Step.HEAR)
    heard = (*conversation.heard, words)
    if words.kind == PRIVATE:  # a flood is read from its end: what comes later may have been said before
        heard = tuple(sorted(heard, key=lambda each: each.at))
    update: dict[str, object] = {"status": status, "heard": heard, "changed_at": at}
    if conversation.status is S.CLOSED:
        update |= {"owner": "", "owned_at": None, "closed_as": None, "closed_by": "", "opened_at": at}
    if status is not S.ESCALATED:
        update |= AWAKE
    return conversation.model_copy(update=update)
