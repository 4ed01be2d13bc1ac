"""What becomes of things that a person said: edits are followed, we hide and delete, moods are put right, and people
are forgotten."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from bot.domain.conversations import (
    ClosedAs,
    Conversation,
    ConversationStatus,
    Outsider,
    Targets,
    Words,
)
from bot.domain.conversing import AWAKE, close
from bot.domain.courtesy import Usage
from bot.domain.moods import Tone
from bot.domain.records import MemberId
from bot.domain.ruled import Ruled, Strength
from bot.domain.sightings import Sighting, erase, see
from bot.domain.sightings import hide as hidden_by


def sight(conversation: Conversation, sighting: Sighting, at: datetime) -> Conversation:
    """The network tells of something that the person said."""
    return _rewritten(conversation, {sighting.ref}, lambda words: see(words, sighting), at)


def hide(conversation: Conversation, ref: str, hidden: bool, who: MemberId, at: datetime) -> Conversation:
    """One of us hid something that the person said, or showed it again."""
    return _rewritten(conversation, {ref}, lambda words: hidden_by(words, hidden, who, at), at)


def erase_old(conversation: Conversation, before: datetime, at: datetime) -> Conversation:
    """What the person deleted before an instant isn't kept any longer."""
    old = {words.ref for words in conversation.heard if words.gone_at and words.gone_at <= before and words.kept}
    return _rewritten(conversation, old, lambda words: erase(words, at).model_copy(update={"ruled": None}), at)


def _rewritten(
    conversation: Conversation, refs: Collection[str], change: Callable[[Words], Words], at: datetime
) -> Conversation:
    heard = tuple(change(words) if words.ref in refs else words for words in conversation.heard)
    if heard == conversation.heard:
        return conversation
    return conversation.model_copy(update={"heard": heard, "changed_at": at})


def remove(conversation: Conversation, refs: Iterable[str], who: MemberId, evidence: str, at: datetime) -> Conversation:
    """We deleted some of what the person said: that it was there stays, what it said is kept elsewhere.

    Where nothing is left nobody waits for an answer, so it is closed.
    """
    gone = {
        "text": "",
        "media": (),
        "versions": (),
        "ruled": None,
        "removed_by": who,
        "removed_at": at,
        "evidence": evidence,
    }
    taken = set(refs)
    heard = tuple(each.model_copy(update=gone) if each.ref in taken else each for each in conversation.heard)
    left = conversation.model_copy(update={"heard": heard, "changed_at": at})
    if left.status is ConversationStatus.CLOSED or not all(each.removed_by for each in heard):
        return left
    return close(left, who, at, ClosedAs.DELETED)


def judge(conversation: Conversation, mark: str, tone: Tone, who: MemberId) -> Conversation:
    """Somebody says what a thing that the person said sounds like."""
    judged = {"tone": tone, "judged_by": who}
    heard = tuple(each.model_copy(update=judged) if each.mark == mark else each for each in conversation.heard)
    return conversation.model_copy(update={"heard": heard})


def ruled(conversation: Conversation, acts: Mapping[str, Ruled]) -> Conversation:
    """Rules of the brand did this, by what was said; or somebody took it back."""
    heard = tuple(
        each.model_copy(update={"ruled": acts[each.ref]}) if each.ref in acts else each for each in conversation.heard
    )
    return conversation.model_copy(update={"heard": heard})


def flag_instead(conversation: Conversation, ref: str) -> Conversation:
    """What a rule wanted hidden stays public: it is flagged."""
    words = conversation.said(ref)
    if words is None or words.ruled is None:
        return conversation
    return ruled(conversation, {ref: words.ruled.model_copy(update={"strength": Strength.FLAG})})


def forget_person(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """Its person is forgotten: nobody's name, nobody's words; it is closed for good. The network's ids stay, so that
    what is still public there isn't taken for new."""
    gone = {"url": "", "judged_by": "", "language": "", "tone": Tone.UNSURE, "ruled": None}
    update = {
        **AWAKE,
        "topics": (),
        "use": Usage(),
        "answering": (),
        "suggested": (),
        "targets": Targets(),
        "person": Outsider(id="", handle="", name=""),
        "heard": tuple(erase(each, at).model_copy(update=gone) for each in conversation.heard),
        "status": ConversationStatus.CLOSED,
        "closed_as": conversation.closed_as or ClosedAs.NO_REPLY,
        "closed_by": conversation.closed_by or who,
        "changed_at": at,
        "forgotten_at": at,
        "forgotten_by": who,
    }
    return conversation.model_copy(update=update)
