"""What a brand's admins let happen by itself to what people say: what is hidden, where it goes, when it is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from pydantic import AwareDatetime, Field

from bot.domain.records import Record
from bot.domain.routing import ROUTES, Route
from bot.domain.ruling import RULES, ModerationRule
from bot.errors import UserError

R = TypeVar("R", ModerationRule, Route)
GRACE = timedelta(days=1)
"""In which an admin can still take back that things are forgotten sooner."""
SHORTEST = 30
"""Days for which what people said is kept at the least, where anything is forgotten by itself."""


class Rulebook(Record):
    """One brand's; `id` is the brand's. keep_days: so long conversations and persons are kept after the last word; 0:
    until somebody asks to be forgotten. keep_from: nothing is forgotten by itself before."""

    KIND: ClassVar[str] = "rulebook"
    READ_OFTEN: ClassVar[bool] = True

    moderation: tuple[ModerationRule, ...] = ()
    routes: tuple[Route, ...] = ()
    keep_days: int = Field(default=0, ge=0, le=3650)
    keep_from: AwareDatetime | None = None

    def rule(self, id_: str) -> ModerationRule | None:
        """A moderation rule."""
        return next((rule for rule in self.moderation if rule.id == id_), None)

    def route(self, id_: str) -> Route | None:
        """A route."""
        return next((route for route in self.routes if route.id == id_), None)


def with_rule(book: Rulebook, rule: ModerationRule) -> Rulebook:
    """A moderation rule new or changed; raises UserError for one too many, or a name that another one has."""
    return book.model_copy(update={"moderation": _with(book.moderation, rule, RULES)})


def with_route(book: Rulebook, route: Route) -> Rulebook:
    """A route new, at the end, or changed in its place; raises the same."""
    return book.model_copy(update={"routes": _with(book.routes, route, ROUTES)})


def _with(known: tuple[R, ...], new: R, most: int) -> tuple[R, ...]:
    if any(each.name.casefold() == new.name.casefold() and each.id != new.id for each in known):
        raise UserError("ruling.name_taken", name=new.name)
    kept: list[R] = [new if each.id == new.id else each for each in known]
    if all(each.id != new.id for each in known):
        if len(known) >= most:
            raise UserError("ruling.full", most=most)
        kept.append(new)
    return tuple(kept)


def without(book: Rulebook, id_: str) -> Rulebook:
    """Neither a rule nor a route of that id."""
    rules = tuple(each for each in book.moderation if each.id != id_)
    routes = tuple(each for each in book.routes if each.id != id_)
    return book.model_copy(update={"moderation": rules, "routes": routes})


def earlier(book: Rulebook, id_: str) -> Rulebook:
    """A route one place further to the front, where the first that fits wins."""
    at = next((n for n, each in enumerate(book.routes) if each.id == id_), 0)
    if at == 0:
        return book
    routes = list(book.routes)
    routes[at - 1], routes[at] = routes[at], routes[at - 1]
    return book.model_copy(update={"routes": tuple(routes)})


def in_order(book: Rulebook, ids: Sequence[str]) -> Rulebook:
    """These routes first, as they are named here; the others follow as they stand."""
    place = {id_: number for number, id_ in enumerate(ids)}
    routes = tuple(sorted(book.routes, key=lambda each: place.get(each.id, len(place))))
    return book.model_copy(update={"routes": routes})


def keeping(book: Rulebook, days: int, at: datetime) -> Rulebook:
    """Kept for so many days, from a day after `at` where that is shorter than it was. Raises UserError for fewer than
    a month, which a slip of the finger could be."""
    if days and days < SHORTEST:
        raise UserError("keeping.too_short", least=SHORTEST)
    if days == book.keep_days:
        return book
    longer = book.keep_days and days > book.keep_days
    begins = book.keep_from if longer else at + GRACE if days else None
    return book.model_copy(update={"keep_days": days, "keep_from": begins})
