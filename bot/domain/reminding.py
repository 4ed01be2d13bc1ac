"""A review that nobody answers: whoever is asked is reminded once, then somebody above them, then it stops; and a post
whose time has passed without approval has missed its review."""

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain import posts
from bot.domain.brands import Brand, Role
from bot.domain.hours import after, is_open
from bot.domain.posts import Post, PostStatus, Reminded
from bot.domain.records import MemberId
from bot.domain.watch import Team


class Rung(IntEnum):
    """How far up a reminder went."""

    NOBODY = 0
    ASKED = 1
    ABOVE = 2  # the stage's deputy, else admins; the last


class Step(StrEnum):
    """What is due."""

    REMIND = "remind"
    EXPIRE = "expire"


def rung_of(post: Post) -> Rung:
    """How far up it went since the post was submitted, changed, moved or signed last: each begins anew."""
    told = post.reminded
    return Rung(told.rung) if told is not None and told.since == post.changed_at else Rung.NOBODY


def due_step(post: Post, brand: Brand, now: datetime) -> Step | None:
    """What is to happen now, if anything.

    A post expires where it would be too late to go out by itself, so an approval until then still sends it. People are
    reminded within working hours only, and after so many of them; in practice nobody is.
    """
    if post.status is not PostStatus.IN_REVIEW:
        return None
    if post.due is not None and now - post.due > timedelta(minutes=brand.policies.late_minutes):
        return Step.EXPIRE
    rung, hours = rung_of(post), brand.policies.review_hours
    if brand.practice or not hours or rung is Rung.ABOVE:
        return None
    since = post.reminded.at if rung is not Rung.NOBODY and post.reminded is not None else post.changed_at
    at = after(brand.hours, brand.clock, since, timedelta(hours=hours))
    return Step.REMIND if at is not None and at <= now and is_open(brand.hours, brand.clock, now) else None


def reminded(post: Post, now: datetime) -> Post:
    """One rung further up."""
    rung = Rung(min(rung_of(post) + 1, Rung.ABOVE))
    return post.model_copy(update={"reminded": Reminded(since=post.changed_at, rung=int(rung), at=now)})


def told(post: Post, brand: Brand, team: Team, rung: Rung) -> tuple[MemberId, ...]:
    """Whom a reminder of that rung goes to."""
    review = posts.review_of(post, brand, team)
    if rung is not Rung.ABOVE:
        return review.asked
    stage = review.stage
    out = {*review.asked, *team.missing(stage), post.author, post.current.by}
    if stage.deputy and stage.deputy not in out:
        return (stage.deputy,)
    for group in (brand.holders(Role.ADMIN), sorted(team.admins)):
        if left := tuple(member for member in group if member not in {*out, *team.gone}):
            return left
    return ()
