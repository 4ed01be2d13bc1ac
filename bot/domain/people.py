"""The people outside, as one brand knows them: what they said, what we noted, what they allowed, who they may be to us.

What somebody said is never copied here: it stands in their conversations, which are found by the person. A record
holds only what the team adds. Two brands never share what they know of somebody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import regex
from pydantic import AwareDatetime

from bot.domain.conversations import Conversation, Outsider, person_id
from bot.domain.courtesy import Consent
from bot.domain.finding import folded
from bot.domain.holds import Hold
from bot.domain.moods import Tone
from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, UserError

NOTE = 1_000
"""Characters of a note."""
TAGS = 20
TAG = 30
"""How many tags somebody may have, and the characters of one."""
NOTES = 200
RECENT = timedelta(days=180)
"""How far back behaviour tells something."""
FRIENDLY_DAYS = 3
"""On so many different days somebody said something kind, before they are suggested as an advocate."""
HOSTILE = 3
"""So many hostile things within a month, before somebody is flagged."""
MONTH = timedelta(days=30)
_WORD = regex.compile(r"[\p{L}\p{N}]+")


class Relationship(StrEnum):
    """What somebody is to the brand; all but NONE have to be said in public when they speak for it."""

    NONE = "none"
    EMPLOYEE = "employee"
    GIFT = "gift"
    PAID = "paid"
    PARTNER = "partner"


class Note(Value):
    """What somebody of the team wrote down about a person."""

    by: MemberId
    at: AwareDatetime
    text: str


class Person(Record):
    """What the team knows of somebody, in one brand. `id` comes from brand, network and the network's own id.

    seen_at is when they last said something, to the day or so. advocate_by is who confirmed them as an advocate.
    linked are other ids of the same human, as somebody of the team says. consents: what they let us use. spared: the
    brand's rules that leave them alone, because one was wrong about them.
    """

    KIND: ClassVar[str] = "person"
    SCHEMA: ClassVar[int] = 2
    OLDER: ClassVar[Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {
        1: dict,  # the same values; from 2 on those who are something to the brand are found by that
    }

    brand: str
    network: str
    outsider: Outsider
    seen_at: AwareDatetime
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    relationship: Relationship = Relationship.NONE
    advocate_by: MemberId = ""
    advocate_at: AwareDatetime | None = None
    linked: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    spared: tuple[str, ...] = ()
    hold: Hold | None = None  # they and all that they said are kept for legal reasons

    def indexes(self) -> Mapping[str, float]:
        """Everybody of a brand by when they last spoke; by the words of their names; by tag; those who have a
        relationship; the advocates."""
        at = score(self.seen_at)
        names = {f"people:{self.brand}": at}
        names |= {f"people:{self.brand}:named:{word}": at for word in name_keys(self.outsider)}
        names |= {f"people:{self.brand}:tagged:{folded(tag)}": at for tag in self.tags}
        if self.relationship is not Relationship.NONE:
            names[f"people:{self.brand}:related"] = -at
        return names | ({f"advocates:{self.brand}": at} if self.advocate_by else {})


def name_keys(outsider: Outsider) -> frozenset[str]:
    """What a person is found by: the words of name and handle, and their first three letters."""
    words = [folded(word) for text in (outsider.name, outsider.handle) for word in _WORD.findall(text)][:12]
    return frozenset(word[:40] for word in words) | frozenset(word[:3] for word in words if len(word) > 3)


def met(outsider: Outsider, brand: str, network: str, at: datetime) -> Person:
    """Somebody who was never met before."""
    id_ = person_id(brand, network, outsider.id)
    return Person(id=id_, brand=brand, network=network, outsider=outsider, seen_at=at)


def met_again(person: Person, outsider: Outsider, at: datetime) -> Person:
    """The same person, when their name or picture changed or they were away for a day; else unchanged."""
    same = person.outsider.model_copy(update={"followers": outsider.followers}) == outsider
    if same and at - person.seen_at < timedelta(days=1):
        return person
    return person.model_copy(update={"outsider": outsider, "seen_at": max(at, person.seen_at)})


def tag(person: Person, tags: Iterable[str]) -> Person:
    """These tags and no others. Raises UserError for too many or too long ones."""
    clean = tuple(dict.fromkeys(" ".join(each.split()).strip("#") for each in tags))
    clean = tuple(each for each in clean if each)
    if len(clean) > TAGS or any(len(each) > TAG for each in clean):
        raise UserError("error.tags", most=TAGS, letters=TAG)
    return person.model_copy(update={"tags": clean})


def note(person: Person, text: str, who: MemberId, at: datetime) -> Person:
    """One more note; the same again by the same person is one. Raises UserError for an empty one, a long one, or too
    many."""
    text = text.strip()
    if person.notes and (person.notes[-1].by, person.notes[-1].text) == (who, text):
        return person
    if not text or len(text) > NOTE:
        raise UserError("error.note", letters=NOTE)
    if len(person.notes) >= NOTES:
        raise UserError("error.notes_full", most=NOTES)
    return person.model_copy(update={"notes": (*person.notes, Note(by=who, at=at, text=text))})


def relate(person: Person, relationship: Relationship) -> Person:
    """What they are to the brand."""
    return person.model_copy(update={"relationship": relationship})


def confirm(person: Person, who: MemberId, at: datetime) -> Person:
    """Somebody says that this person speaks well of the brand of their own will. Raises AlreadyDone."""
    if person.advocate_by:
        raise AlreadyDone("error.already_advocate", who=person.advocate_by, at=person.advocate_at)
    return person.model_copy(update={"advocate_by": who, "advocate_at": at})


def unconfirm(person: Person) -> Person:
    """They are no advocate any more."""
    return person.model_copy(update={"advocate_by": "", "advocate_at": None})


def link(person: Person, other: Person) -> tuple[Person, Person]:
    """Both are one human. Raises UserError for the same record, or one of another brand."""
    if person.id == other.id or person.brand != other.brand:
        raise UserError("error.not_to_link")
    return _with(person, other.id), _with(other, person.id)


def unlink(person: Person, other: Person) -> tuple[Person, Person]:
    """They are two humans after all."""
    return _without(person, other.id), _without(other, person.id)


def consented(person: Person, consent: Consent) -> Person:
    """They said yes; a second yes about the same replaces the first."""
    others = tuple(each for each in person.consents if each.conversation != consent.conversation)
    return person.model_copy(update={"consents": (*others, consent)})


def unconsented(person: Person, conversation: str, who: MemberId, at: datetime) -> Person:
    """They took it back. Raises AlreadyDone where they did before, UserError where they never agreed."""
    found = next((each for each in person.consents if each.conversation == conversation), None)
    if found is None:
        raise UserError("error.no_consent")
    if found.withdrawn_at is not None:
        raise AlreadyDone("error.already_settled", who=found.withdrawn_by, at=found.withdrawn_at)
    over = found.model_copy(update={"withdrawn_at": at, "withdrawn_by": who})
    return person.model_copy(update={"consents": tuple(over if each is found else each for each in person.consents)})


def _with(person: Person, id_: str) -> Person:
    return person.model_copy(update={"linked": tuple(dict.fromkeys((*person.linked, id_)))})


def _without(person: Person, id_: str) -> Person:
    return person.model_copy(update={"linked": tuple(each for each in person.linked if each != id_)})


# --- what behaviour tells


class Sign(StrEnum):
    """Why somebody is suggested or flagged; each is said with its numbers, none is acted on by itself."""

    KIND_WORDS = "kind_words"  # kind things on several days
    NEVER_CROSS = "never_cross"  # nothing hostile in that time
    HOSTILE = "hostile"  # several hostile things within a month
    REPEATS = "repeats"  # the same words again and again
    LINKS = "links"  # links in most of what they say, and nothing else of theirs


@dataclass(frozen=True)
class History:
    """What somebody said, counted: by month and tone, oldest month first, and what it suggests."""

    conversations: int
    heard: int
    first: datetime | None
    last: datetime | None
    tones: Mapping[Tone, int]
    months: Sequence[tuple[str, Mapping[Tone, int]]]
    advocate: Mapping[Sign, int]
    flagged: Mapping[Sign, int]


def history(talks: Iterable[Conversation], now: datetime) -> History:
    """What somebody's conversations tell, as of `now`."""
    talks = list(talks)
    heard = sorted((each for talk in talks for each in talk.heard), key=lambda each: each.at)
    tones = {tone: sum(each.tone is tone for each in heard) for tone in Tone}
    months: dict[str, dict[Tone, int]] = {}
    for each in heard:
        counts = months.setdefault(f"{each.at:%Y-%m}", dict.fromkeys(Tone, 0))
        counts[each.tone] += 1
    recent = [each for each in heard if now - each.at <= RECENT]
    kind_days = len({each.at.date() for each in recent if each.tone is Tone.POSITIVE})
    cross = [each for each in recent if each.tone is Tone.NEGATIVE]
    fresh_cross = sum(now - each.at <= MONTH for each in cross)
    texts = [" ".join(folded(each.text).split()) for each in recent if each.text]
    repeats = max((texts.count(text) for text in set(texts)), default=0)
    linking = sum("http" in text or "www." in text for text in texts)
    advocate = {}
    if kind_days >= FRIENDLY_DAYS and not cross:
        advocate = {Sign.KIND_WORDS: kind_days, Sign.NEVER_CROSS: len(recent)}
    flagged = {}
    if fresh_cross >= HOSTILE:
        flagged[Sign.HOSTILE] = fresh_cross
    if repeats >= 3:
        flagged[Sign.REPEATS] = repeats
    if linking >= 3 and linking * 3 >= len(texts) * 2:
        flagged[Sign.LINKS] = linking
    return History(
        conversations=len(talks),
        heard=len(heard),
        first=heard[0].at if heard else None,
        last=heard[-1].at if heard else None,
        tones=tones,
        months=sorted(months.items()),
        advocate=advocate,
        flagged=flagged,
    )
