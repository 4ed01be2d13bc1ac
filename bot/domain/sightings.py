"""What networks tell of somebody's words, in any order and as often as they like: one state comes of it.

Polls, webhooks and looks at single comments may overtake and repeat each other. Each sighting says when it was so, by
the network's clock; the newest wording and the newest hiding win, and what is gone stays gone.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Value

KEPT = 20
"""Wordings that are kept of one comment: the first, and the newest of the rest."""


class Told(IntEnum):
    """How we know a wording; of two within the same second the greater one is newer."""

    SAID = 0  # as it was first written
    READ = 1  # it was so when we looked
    EDITED = 2  # the network says that it was changed to this


class Version(Value):
    """One wording, and when it was so."""

    at: AwareDatetime
    text: str
    media: tuple[str, ...] = ()
    told: Told = Told.SAID

    @property
    def order(self) -> tuple[datetime, Told, str, tuple[str, ...]]:
        """Any two wordings have one order, whichever arrives first."""
        return self.at, self.told, self.text, self.media

    @property
    def content(self) -> tuple[str, tuple[str, ...]]:
        """What it says."""
        return self.text, self.media


class Sighting(Value):
    """What a network told of some words at `at`; None where it said nothing of it."""

    ref: str
    at: AwareDatetime
    text: str | None = None
    media: tuple[str, ...] = ()
    told: Told = Told.READ
    hidden: bool | None = None
    gone: bool = False


class Seen(Value):
    """Somebody's words as all sightings together make them.

    gone_at: their author deleted them. hidden_by: which of us hid (or showed) them, empty when it was done elsewhere.
    erased_at: gone, and their text isn't kept any longer.
    """

    text: str
    at: AwareDatetime
    media: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    hidden: bool = False
    hidden_at: AwareDatetime | None = None
    hidden_by: MemberId = ""
    gone_at: AwareDatetime | None = None
    erased_at: AwareDatetime | None = None

    @property
    def history(self) -> tuple[Version, ...]:
        """Every wording that is kept, oldest first."""
        return self.versions or (Version(at=self.at, text=self.text, media=self.media),)

    @property
    def edits(self) -> tuple[Version, ...]:
        """The wordings one after another, each where it was first so: one unless it was edited."""
        found: list[Version] = []
        for version in self.history:
            if not found or version.content != found[-1].content:
                found.append(version)
        return tuple(found)

    @property
    def kept(self) -> bool:
        """Whether the text is still ours to keep."""
        return self.erased_at is None


S = TypeVar("S", bound=Seen)


def see(words: S, sighting: Sighting) -> S:
    """The words with one more sighting. The order of sightings doesn't matter, nor how often each comes."""
    update: dict[str, object] = {}
    if sighting.gone:
        update["gone_at"] = min(words.gone_at or sighting.at, sighting.at)
    if sighting.hidden is not None and _newer(words, sighting.at, sighting.hidden):
        by = words.hidden_by if sighting.hidden == words.hidden else ""
        update |= {"hidden": sighting.hidden, "hidden_at": sighting.at, "hidden_by": by}
    if sighting.text is not None and words.kept:
        version = Version(at=sighting.at, text=sighting.text, media=sighting.media, told=sighting.told)
        versions = _ordered((*words.history, version))
        update |= {"versions": versions, "text": versions[-1].text, "media": versions[-1].media}
    new = words.model_copy(update=update)
    return words if new == words else new


def see_all(words: S, sightings: Iterable[Sighting]) -> S:
    """The same with several."""
    for sighting in sightings:
        words = see(words, sighting)
    return words


def shown_otherwise(words: Seen, sighting: Sighting) -> bool:
    """Whether it tells anything that people don't see yet: text, hidden or gone."""
    said = sighting.text is not None and words.kept and (sighting.text, sighting.media) != (words.text, words.media)
    hides = sighting.hidden is not None and sighting.hidden != words.hidden
    return said or hides or (sighting.gone and words.gone_at is None)


def hide(words: S, hidden: bool, who: MemberId, at: datetime) -> S:
    """One of us hid it, or showed it again."""
    return words.model_copy(update={"hidden": hidden, "hidden_at": at, "hidden_by": who})


def erase(words: S, at: datetime) -> S:
    """Its author deleted it a while ago: that it was there stays, what it said goes, earlier wordings too."""
    return words.model_copy(update={"text": "", "media": (), "versions": (), "erased_at": at})


def _newer(words: Seen, at: datetime, hidden: bool) -> bool:
    return words.hidden_at is None or (at, hidden) > (words.hidden_at, words.hidden)


def _ordered(versions: Iterable[Version]) -> tuple[Version, ...]:
    """In order, each once. Of a wording that was seen many times in a row the first and the last are enough."""
    found: list[Version] = []
    for version in sorted(set(versions), key=lambda one: one.order):
        if len(found) > 1 and found[-1].content == found[-2].content == version.content:
            found.pop()
        found.append(version)
    return tuple(found if len(found) <= KEPT else [found[0], *found[-KEPT + 1 :]])
