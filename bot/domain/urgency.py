"""Urgent: whoever approves is told at once; after ten minutes, where a brand allows it, its author may send alone."""

from datetime import datetime, timedelta

from bot.domain import posts
from bot.domain.brands import Brand, Role, Standing
from bot.domain.posts import Act, Decision, Post, PostStatus, Urgent
from bot.domain.records import MemberId
from bot.domain.reviewing import principals, stages_of
from bot.domain.watch import Team
from bot.errors import AlreadyDone, NotAllowed, UserError

WAIT = timedelta(minutes=10)
"""For so long an author waits for an answer before they may send alone."""


def mark_of(post: Post) -> Urgent | None:
    """The mark, while it is about what the post says now and nobody has decided."""
    mark = post.urgent
    return mark if mark and mark.hash == post.current.hash and post.status is PostStatus.IN_REVIEW else None


def mark(post: Post, who: Standing, brand: Brand, at: datetime) -> Post:
    """It is urgent. Raises NotAllowed for whoever may not edit it, AlreadyDone where it is marked, UserError where
    nobody is asked about it now."""
    posts.may_edit(post, who, brand)
    if post.status is not PostStatus.IN_REVIEW:
        raise posts.decided(post)
    if (known := mark_of(post)) is not None:
        raise AlreadyDone("urgency.already", who=known.by, at=known.at)
    return post.model_copy(update={"urgent": Urgent(by=who.id, at=at, hash=post.current.hash)})


def whom(post: Post, brand: Brand, team: Team) -> tuple[MemberId, ...]:
    """Whoever is asked, and the deputy of their stage whether or not somebody is missing."""
    review = posts.review_of(post, brand, team)
    deputy = review.stage.deputy
    there = (deputy,) if deputy and deputy not in team.missing(review.stage) else ()
    return tuple(each for each in dict.fromkeys((*review.asked, *there)) if each != post.author)


def everyone(post: Post, brand: Brand, team: Team) -> tuple[MemberId, ...]:
    """All who had a say in it, and the brand's admins: they hear of what was sent without them."""
    stages = stages_of(brand, post.current.accounts)
    named = (
        member
        for stage in stages
        for member in (*principals(stage, brand), stage.deputy)
        if member and member not in team.missing(stage)
    )
    admins = [each for each in brand.holders(Role.ADMIN) if each not in team.gone] or sorted(team.admins - team.gone)
    return tuple(each for each in dict.fromkeys((*named, *admins)) if each != post.author)


def offered(post: Post, brand: Brand, now: datetime) -> bool:
    """Whether its author is to be told now that they may send it alone."""
    known = mark_of(post)
    allowed = known is not None and brand.policies.urgent_alone and not known.offered
    return allowed and known is not None and now - known.at >= WAIT


def may_send_alone(post: Post, who: Standing, brand: Brand, number: int, now: datetime) -> None:
    """Raise NotAllowed unless this is its author; UserError where the brand doesn't allow it, while it isn't time, or
    where it isn't about this revision. A trainee's posts are always approved."""
    if post.author != who.id:
        raise NotAllowed("urgency.author_alone")
    who.require(brand, Role.AUTHOR, Role.APPROVER, Role.ADMIN)
    if post.status is not PostStatus.IN_REVIEW:
        raise posts.decided(post)
    if not brand.policies.urgent_alone:
        raise UserError("urgency.not_allowed")
    if post.current.number != number:
        raise UserError("error.newer_revision")
    known = mark_of(post)
    if known is None:
        raise UserError("urgency.not_marked")
    if now - known.at < WAIT:
        raise UserError("urgency.too_soon", at=known.at + WAIT)


def send_alone(
    post: Post, who: Standing, brand: Brand, number: int, now: datetime, reason: str, *, blocked: bool
) -> Post:
    """Let it out without an approval, and say so for ever. Raises what `may_send_alone` raises, UserError for a blocker
    and for a picture that isn't here."""
    may_send_alone(post, who, brand, number, now)
    if not post.current.ready:
        raise UserError("error.pictures_not_ready")
    if blocked:
        raise UserError("error.blocked")
    hash_ = post.current.hash
    made = Decision(act=Act.APPROVE, revision=number, hash=hash_, by=who.id, at=now, reason=reason, alone=True)
    update = {"approved": hash_, "signatures": (), "decisions": (*post.decisions, made), "changed_at": now}
    return post.model_copy(update={"status": posts.LIFE[post.status, Act.APPROVE], **update})
