"""What the team does with a conversation besides answering it: assign, snooze, wake, escalate, topics, who is at it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.conversations import Answering, Conversation, ConversationStatus, Escalation, Step
from bot.domain.deliveries import Delivery, State
from bot.domain.finding import folded
from bot.domain.records import MemberId, Value
from bot.errors import AlreadyDone, UserError

LAPSES = timedelta(minutes=5)
"""How long an open form that gives no sign counts as somebody answering."""
SIGN = timedelta(minutes=1)
"""Signs of a form are kept so often at most, and its age on the card is redrawn so often."""
FARTHEST = timedelta(days=365)
"""Nothing is put off for longer."""
NOTE = 1000
"""Characters of a note."""
MORNING, AFTERNOON, TOO_LATE = time(9), time(16), time(15)
_NOT_SENT = frozenset({State.WITHDRAWN, State.UNPUBLISHED})


class Later(StrEnum):
    """For how long a conversation is put off, in one press."""

    HOUR = "hour"
    NEXT = "next"  # this afternoon, or tomorrow morning once the afternoon has begun
    TOMORROW = "tomorrow"


def later(choice: Later, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that a choice means at `now` on the brand's wall: 16:00 while it isn't 15:00 yet, tomorrow 9:00."""
    here = now.astimezone(zone)
    if choice is Later.HOUR:
        return now + timedelta(hours=1)
    if choice is Later.NEXT and here.time() < TOO_LATE:
        return datetime.combine(here.date(), AFTERNOON, zone).astimezone(now.tzinfo)
    return datetime.combine(here.date() + timedelta(days=1), MORNING, zone).astimezone(now.tzinfo)


def assign(conversation: Conversation, to: MemberId, at: datetime) -> Conversation:
    """Somebody gets it, whoever had it. Raises AlreadyDone when they have it."""
    status = conversation.step(Step.ASSIGN)
    if conversation.owner == to and conversation.status is ConversationStatus.OWNED:
        raise AlreadyDone("error.already_owned", who=to, at=conversation.owned_at)
    update = {"status": status, "owner": to, "owned_at": at, "changed_at": at}
    return conversation.model_copy(update={**update, "snoozed_until": None, "escalation": None})


def snooze(conversation: Conversation, until: datetime, who: MemberId, at: datetime) -> Conversation:
    """It comes back by itself; where nobody has it, whoever puts it off does. Raises UserError for no time to come."""
    status = conversation.step(Step.SNOOZE)
    if not at < until <= at + FARTHEST:
        raise UserError("error.snooze_when")
    owner = {} if conversation.owner else {"owner": who, "owned_at": at}
    update = {"status": status, "snoozed_until": until, "escalation": None, "changed_at": at}
    return conversation.model_copy(update={**update, **owner})


def wake(conversation: Conversation, at: datetime) -> Conversation:
    """It is back, with whoever had it."""
    status = conversation.step(Step.WAKE)
    return conversation.model_copy(update={"status": status, "snoozed_until": None, "changed_at": at})


def escalate(conversation: Conversation, to: Escalation) -> Conversation:
    """Somebody else is asked to take it; whoever has it keeps it until then."""
    status = conversation.step(Step.ESCALATE)
    update = {"status": status, "escalation": to, "snoozed_until": None, "changed_at": to.at}
    return conversation.model_copy(update=update)


def talk_about(conversation: Conversation, topics: Iterable[str], known: Sequence[str], at: datetime) -> Conversation:
    """Exactly these topics, in the order of the brand's list; one that was taken off the list since stays."""
    listed = {folded(topic): topic for topic in (*known, *conversation.topics)}
    wanted = {folded(topic) for topic in topics}
    kept = tuple(topic for key, topic in listed.items() if key in wanted)
    return (
        conversation
        if kept == conversation.topics
        else conversation.model_copy(update={"topics": kept, "changed_at": at})
    )


def needs(conversation: Conversation, me: MemberId) -> bool:
    """Whether it needs something of somebody who works through what is theirs or nobody's: it isn't closed, put off,
    asked of somebody, or somebody else's."""
    waits = conversation.status in {ConversationStatus.NEW, ConversationStatus.OWNED}
    return waits and conversation.owner in {"", me}


# --- who is answering


def answering(conversation: Conversation, who: MemberId, at: datetime) -> Conversation:
    """A sign that somebody has the form open; unchanged while the last one is fresh."""
    others = [each for each in conversation.answering if each.who != who and at - each.seen < LAPSES]
    mine = next((each for each in conversation.answering if each.who == who and at - each.seen < LAPSES), None)
    if mine is not None and timedelta() <= at - mine.seen < SIGN:
        return conversation
    new = Answering(who=who, since=mine.since if mine else at, seen=at, drawn=mine.drawn if mine else at)
    return conversation.model_copy(update={"answering": (*others, new)})


def not_answering(conversation: Conversation, who: MemberId) -> Conversation:
    """Their form is closed, or was sent."""
    left = tuple(each for each in conversation.answering if each.who != who)
    return conversation if left == conversation.answering else conversation.model_copy(update={"answering": left})


def lapsed(conversation: Conversation, at: datetime) -> Conversation:
    """Without those of whom there was no sign for too long, nor those whose sign lies ahead of a clock put back."""
    left = tuple(each for each in conversation.answering if timedelta(seconds=-30) <= at - each.seen < LAPSES)
    return conversation if left == conversation.answering else conversation.model_copy(update={"answering": left})


def aged(conversation: Conversation, at: datetime) -> Conversation:
    """The same, with the minutes since counted on for those who are still at it: what the card says is true again."""
    left = lapsed(conversation, at).answering
    drawn = tuple(each.model_copy(update={"drawn": at}) for each in left)
    return conversation.model_copy(update={"answering": drawn})


class Collision(Value):
    """What stands against one more answer: who else is at it, and our answers to the same words that weren't undone."""

    others: tuple[Answering, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def marks(self) -> frozenset[str]:
        """What somebody who presses a second time has seen."""
        return frozenset((*(each.who for each in self.others), *self.answers))


def collision(conversation: Conversation, answers: Iterable[Delivery], who: MemberId, at: datetime) -> Collision:
    """Whether an answer by `who` would be a second one, or cross somebody else's."""
    others = tuple(each for each in lapsed(conversation, at).answering if each.who != who)
    given = [each for each in answers if each.reply is not None and each.state not in _NOT_SENT]
    same = tuple(each.id for each in given if each.reply and each.reply.answers == conversation.latest.ref)
    return Collision(others=others, answers=same)
