"""Where a new conversation goes, by a brand's ordered rules: a channel of its own, somebody who has it, or a role."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.brands import CHANNEL_ID, Role
from bot.domain.checks.wording import Spoken, occurs
from bot.domain.finding import folded
from bot.domain.moods import SURE, Tone
from bot.domain.records import MemberId, Record, Value
from bot.domain.ruling import NAME, TAGS, WORDS, clean_tags, clean_words, known_by, name_of
from bot.errors import UserError

ROUTES = 20
"""Rules that a brand has."""
LANGUAGES = ("es", "en", "pt", "fr", "it", "de", "ca")
"""Those that can be told apart."""


class Route(Value):
    """Takes what fits all of its conditions; one that is empty doesn't count.

    channel: where its cards stand, the brand's inbox where empty. member: who has it from the beginning; role: who is
    asked to take it. revision grows with every change.
    """

    id: str
    name: str = Field(max_length=NAME)
    accounts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    language: str = ""
    moods: tuple[Tone, ...] = ()
    tags: tuple[str, ...] = ()
    channel: str = ""
    member: MemberId = ""
    role: Role | None = None
    revision: int = 1


@dataclass(frozen=True)
class Arrived:
    """A conversation as routes look at it. tags: its person's, folded."""

    account: str
    spoken: Spoken
    language: str = ""
    tone: Tone = Tone.UNSURE
    tags: frozenset[str] = frozenset()


def takes(route: Route, what: Arrived) -> bool:
    """Whether a route's conditions hold."""
    return (
        (not route.accounts or what.account in route.accounts)
        and (not route.language or what.language == route.language)
        and (not route.moods or what.tone in route.moods)
        and (not route.tags or bool(what.tags & {folded(tag) for tag in route.tags}))
        and (not route.words or any(occurs(word, what.spoken) for word in route.words))
    )


def first(routes: Iterable[Route], what: Arrived) -> Route | None:
    """The first that takes it."""
    return next((route for route in routes if takes(route, what)), None)


def route_of(route: Route) -> Route:
    """A route as it may be kept. Raises UserError for one that takes everything, leads nowhere, or says too much."""
    known_by(route.id)
    words, tags = clean_words(route.words), clean_tags(route.tags)
    if len(words) > WORDS or len(tags) > TAGS:
        raise UserError("ruling.too_many", words=WORDS, tags=TAGS)
    if not (route.accounts or words or route.language or route.moods or tags):
        raise UserError("routing.no_condition")
    if not (route.channel or route.member or route.role):
        raise UserError("routing.nowhere")
    if route.member and route.role:
        raise UserError("routing.one_of")
    unknown = route.language not in {"", *LANGUAGES} or set(route.moods) - set(SURE)
    if unknown or (route.channel and not CHANNEL_ID.fullmatch(route.channel)):
        raise UserError("error.field")
    return route.model_copy(update={"name": name_of(route.name), "words": words, "tags": tags})


PUBLIC = frozenset({"comment", "mention", "reply", "quote"})
"""Kinds of what everybody can read; anything else is private."""


class Place(Record):
    """What Slack says of a channel to which a route leads; `id` is the channel's.

    usable: we are in it and it isn't archived. outsiders: people of another workspace, guests or clients read it, so
    nothing private goes there.
    """

    KIND: ClassVar[str] = "place"
    READ_OFTEN: ClassVar[bool] = True

    name: str = ""
    usable: bool = False
    outsiders: bool = True
    seen_at: AwareDatetime

    def open_to(self, kind: str) -> bool:
        """Whether the card of something of that kind may stand there."""
        return self.usable and (kind in PUBLIC or not self.outsiders)
