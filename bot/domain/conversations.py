"""What an outside person said to a brand and what became of it: claim, answer, done, reopen."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import AwareDatetime

from bot.domain.courtesy import Usage
from bot.domain.finding import topic_index, word_index, words_in
from bot.domain.holds import Hold
from bot.domain.moods import Tone
from bot.domain.records import MemberId, Record, Value, score
from bot.domain.ruled import Ruled, Strength
from bot.domain.sightings import Seen
from bot.errors import AlreadyDone, UserError

if TYPE_CHECKING:
    from bot.domain.brands import Brand


class ConversationStatus(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    OWNED = "owned"
    SNOOZED = "snoozed"  # its owner put it off; it comes back by itself
    ESCALATED = "escalated"  # somebody else is asked to take it
    CLOSED = "closed"


class Step(StrEnum):
    """What can happen to a conversation."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"  # somebody gives it to a person
    SNOOZE = "snooze"
    WAKE = "wake"
    ESCALATE = "escalate"
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
    DELETED = "deleted"  # two people had all of it deleted; nobody chooses this


PRIVATE = "message"
"""The kind of what a person wrote where nobody else reads it."""
BY_HAND = tuple(reason for reason in ClosedAs if reason is not ClosedAs.DELETED)
"""The reasons that a person may choose."""
SNOOZED, WARN, ANSWERING = "snoozed", "warn", "answering"
"""Indexes over all brands that the engine looks into: what comes back, whom to warn, whose form may have lapsed."""
FRONT = 1e13
"""Taken from the score of what a rule flagged, so that it stands before everything that isn't: more than any time's."""
SEARCHED = 3
"""How many of the last things said are found by their words."""

S = ConversationStatus
LIFE: Mapping[tuple[ConversationStatus, Step], ConversationStatus] = {
    (S.NEW, Step.CLAIM): S.OWNED,
    (S.NEW, Step.ANSWER): S.OWNED,
    (S.NEW, Step.CLOSE): S.CLOSED,
    (S.NEW, Step.HEAR): S.NEW,
    (S.NEW, Step.ASSIGN): S.OWNED,
    (S.NEW, Step.SNOOZE): S.SNOOZED,
    (S.NEW, Step.ESCALATE): S.ESCALATED,
    (S.OWNED, Step.RELEASE): S.NEW,
    (S.OWNED, Step.ANSWER): S.OWNED,
    (S.OWNED, Step.CLOSE): S.CLOSED,
    (S.OWNED, Step.HEAR): S.OWNED,
    (S.OWNED, Step.ASSIGN): S.OWNED,
    (S.OWNED, Step.SNOOZE): S.SNOOZED,
    (S.OWNED, Step.ESCALATE): S.ESCALATED,
    (S.SNOOZED, Step.RELEASE): S.NEW,
    (S.SNOOZED, Step.ANSWER): S.OWNED,
    (S.SNOOZED, Step.CLOSE): S.CLOSED,
    (S.SNOOZED, Step.HEAR): S.OWNED,
    (S.SNOOZED, Step.WAKE): S.OWNED,
    (S.SNOOZED, Step.ASSIGN): S.OWNED,
    (S.SNOOZED, Step.SNOOZE): S.SNOOZED,
    (S.SNOOZED, Step.ESCALATE): S.ESCALATED,
    (S.ESCALATED, Step.CLAIM): S.OWNED,
    (S.ESCALATED, Step.RELEASE): S.NEW,
    (S.ESCALATED, Step.ANSWER): S.OWNED,
    (S.ESCALATED, Step.CLOSE): S.CLOSED,
    (S.ESCALATED, Step.HEAR): S.ESCALATED,
    (S.ESCALATED, Step.ASSIGN): S.OWNED,
    (S.ESCALATED, Step.SNOOZE): S.SNOOZED,
    (S.ESCALATED, Step.ESCALATE): S.ESCALATED,
    (S.CLOSED, Step.REOPEN): S.OWNED,
    (S.CLOSED, Step.ANSWER): S.OWNED,
    (S.CLOSED, Step.HEAR): S.NEW,
}
"""Every permitted step."""


def mark_of(ref: str) -> str:
    """A network's id as eight characters, to tell apart what was said in one conversation."""
    return hashlib.sha256(ref.encode()).hexdigest()[:8]


class Words(Seen):
    """One thing that the person said; every string is untrusted.

    Once it was deleted by us its words and pictures are no longer here: `evidence` is the proposal that keeps them.
    language is an ISO 639-1 code, "" where it can't be told; tone is a guess, until `judged_by` said what it is.
    """

    ref: str
    kind: str
    url: str = ""
    removed_by: MemberId = ""
    removed_at: AwareDatetime | None = None
    evidence: str = ""
    language: str = ""
    tone: Tone = Tone.UNSURE
    judged_by: MemberId = ""
    ruled: Ruled | None = None  # what a rule of the brand did about it

    @property
    def mark(self) -> str:
        """Short and stable: tells this apart from what else was said in its conversation."""
        return mark_of(self.ref)

    @property
    def kept(self) -> bool:
        """Whether the text is still ours to keep."""
        return not self.removed_by and super().kept

    @property
    def there(self) -> bool:
        """Whether it still stands on the network, as far as we know."""
        return not self.removed_by and self.gone_at is None

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


def person_id(brand: str, network: str, outsider: str) -> str:
    """The id of what one brand knows of somebody: the same wherever they are met, and without their name."""
    return hashlib.sha256(f"{brand}\0{network}\0{outsider}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Escalation(Value):
    """Who was asked to take a conversation: a member id, a role's name or a channel's id."""

    to: str
    kind: str  # person, role or channel
    by: MemberId
    at: AwareDatetime
    note: str = ""


class Answering(Value):
    """Somebody has the reply's form open: since when, their last sign, and when it was drawn last."""

    who: MemberId
    since: AwareDatetime
    seen: AwareDatetime
    drawn: AwareDatetime


class Targets(Value):
    """By when a conversation wants its first answer and its end, None where nothing is promised or it is there.

    warn: when somebody is told next; rung: how far up that went for the target which is next.
    """

    answer: AwareDatetime | None = None
    resolve: AwareDatetime | None = None
    warn: AwareDatetime | None = None
    rung: int = 0

    @property
    def next(self) -> AwareDatetime | None:
        """The target that comes first."""
        return min((each for each in (self.answer, self.resolve) if each), default=None)


class Conversation(Record):
    """What somebody said to one account and what follows. `root` is the post it hangs under, empty for a mention.

    places: where the card of a private one stands, and nowhere else (any other one's is in its brand's inbox); left:
    where it stood before.
    """

    KIND: ClassVar[str] = "conversation"
    SCHEMA: ClassVar[int] = 3
    OLDER: ClassVar[Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {
        1: dict,  # the same values; from 2 on it is found by person, owner, state, account and words
        2: dict,  # from 3 on also by when it was heard last, and how long it is closed
    }

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
    topics: tuple[str, ...] = ()
    snoozed_until: AwareDatetime | None = None
    escalation: Escalation | None = None
    answering: tuple[Answering, ...] = ()
    suggested: tuple[str, ...] = ()  # trainees' answers that wait for somebody
    targets: Targets = Targets()
    answered_to: str = ""  # what was said last when our newest public answer went live
    settled_to: str = ""  # … when it was closed
    opened_at: AwareDatetime | None = None  # anew, after it was closed
    changed_at: AwareDatetime
    created_at: AwareDatetime
    correlation: str = ""
    places: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    use: Usage = Usage()  # whether we may use what they showed
    crowd: str = ""  # others say nearly the same: the record that counts them
    gathered: bool = False  # it came in a storm or a crowd: no card of its own before somebody takes it
    forgotten_at: AwareDatetime | None = None  # its person is forgotten: only that it was there is left
    forgotten_by: MemberId = ""  # who did it for them; `engine`: it was older than the brand keeps anything
    hold: Hold | None = None  # kept for legal reasons
    channel: str = ""  # where its cards stand, as a route said; empty: the brand's inbox
    route: str = ""  # the route's name

    @property
    def latest(self) -> Words:
        """What the person said last."""
        return self.heard[-1]

    @property
    def private(self) -> bool:
        """Whether nobody but the brand can read it."""
        return self.heard[0].kind == PRIVATE

    def home(self, inbox: str) -> str:
        """Where its card stands first of all; `inbox`: of its brand."""
        return next(iter(self.places), self.channel or inbox)

    @property
    def open(self) -> bool:
        """Whether somebody may still have to do something about it."""
        return self.status is not S.CLOSED

    @property
    def who(self) -> str:
        """The id of the person's record."""
        return person_id(self.brand, self.network, self.person.id)

    def indexes(self) -> Mapping[str, float]:
        """By person, brand, owner, state, account and word, who waits longest first, before them what a rule flagged;
        what the engine has to look at."""
        names = {topic_index(self.brand, topic): score(self.changed_at) for topic in self.topics}
        if self.forgotten_at is None:
            names[f"heard:{self.brand}"] = score(self.latest.at)
        names[f"said:{self.who}"] = score(self.created_at)
        if self.crowd:
            names[f"crowd:{self.crowd}"] = score(self.created_at)
        gone = [words.gone_at for words in self.heard if words.gone_at and words.kept]
        if gone and self.hold is None:
            names[f"gone:{self.brand}"] = score(min(gone))
        if self.answering:
            names[ANSWERING] = min(score(each.drawn) for each in self.answering)
        if self.status is S.CLOSED:
            ages = self.forgotten_at is None and self.hold is None
            return names | ({f"aged:{self.brand}": score(max(self.latest.at, self.changed_at))} if ages else {})
        at, asleep = score(self.latest.at) - (FRONT if self.flagged else 0), self.status is S.SNOOZED
        places = [f"open:{self.brand}", f"owned:{self.owner}" if self.owner else f"unowned:{self.brand}"]
        places += [f"state:{self.brand}:{self.status}", f"open_at:{self.account}"]
        places += [f"mine:{self.brand}:{self.owner}"] if self.owner and not asleep else []
        places += [f"placed_in:{self.channel}"] if self.channel else []
        places += [f"upset:{self.brand}"] if self.latest.tone is Tone.NEGATIVE else []
        names |= dict.fromkeys([*places, *(word_index(self.brand, word) for word in self.words)], at)
        if self.snoozed_until is not None:
            names[SNOOZED] = score(self.snoozed_until)
        elif (due := self.targets.next) is not None:
            names[f"due:{self.brand}"] = score(due)
            if self.targets.warn is not None:
                names[WARN] = score(self.targets.warn)
        return names

    @property
    def flagged(self) -> bool:
        """Whether a rule asks somebody to look at what was said last, and nobody answered or closed it since."""
        ruled, latest = self.latest.ruled, self.latest
        waits = ruled is not None and ruled.stands and ruled.strength is not Strength.HIDE
        return waits and latest.there and not latest.hidden and latest.ref not in {self.answered_to, self.settled_to}

    def place(self, brand: "Brand") -> str:
        """The channel in which its cards stand."""
        return self.home(brand.channel("inbox"))

    def said(self, ref: str) -> Words | None:
        """What the person said there."""
        return next((words for words in self.heard if words.ref == ref), None)

    @property
    def unanswered_since(self) -> datetime | None:
        """When the person said the first thing that nobody answered; None when all is answered or settled."""
        done = [n for n, each in enumerate(self.heard) if each.ref in {self.answered_to, self.settled_to}]
        left = self.heard[max(done) + 1 :] if done else self.heard
        return left[0].at if left else None

    @property
    def words(self) -> frozenset[str]:
        """What the person said lately and what they are called, as it is searched for."""
        said = [each.text for each in self.heard[-SEARCHED:] if not each.removed_by]
        return words_in(" ".join([self.person.name, self.person.handle, *reversed(said)]))

    def step(self, step: Step) -> ConversationStatus:
        """The status that a step leads to; raises AlreadyDone or UserError where the table has none."""
        if self.forgotten_at is not None:
            raise UserError("error.forgotten")
        try:
            return LIFE[self.status, step]
        except KeyError:
            if self.status is S.CLOSED:
                raise AlreadyDone("error.already_closed", who=self.closed_by, at=self.changed_at) from None
            if self.owner and step in {Step.CLAIM, Step.REOPEN}:
                raise AlreadyDone("error.already_owned", who=self.owner, at=self.owned_at) from None
            raise UserError("error.not_possible_now", status=f"conversation_status.{self.status}") from None
