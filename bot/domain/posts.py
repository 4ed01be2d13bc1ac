"""Posts, their revisions and the decision about one revision: the life cycle is the table below."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.brands import Brand, Role, Standing
from bot.domain.people import Relationship
from bot.domain.records import MemberId, Record, Value, score
from bot.domain.reviewing import (
    NOBODY_GONE,
    ONE_APPROVER,
    Progress,
    Signed,
    Via,
    may_sign,
    progress,
    stages_of,
)
from bot.domain.watch import Team
from bot.errors import AlreadyDone, NotAllowed, UserError


class PostStatus(StrEnum):
    """Where a post stands; what happens after approval is told by its deliveries."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"  # its time passed, and nobody had approved it
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What people do to a post."""

    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    REJECT = "reject"
    EXPIRE = "expire"  # nobody does: its time does
    WITHDRAW = "withdraw"


S = PostStatus
LIFE: Mapping[tuple[PostStatus, Act], PostStatus] = {
    (S.DRAFT, Act.SAVE): S.DRAFT,
    (S.DRAFT, Act.SUBMIT): S.IN_REVIEW,
    (S.DRAFT, Act.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, Act.SUBMIT): S.IN_REVIEW,
    (S.IN_REVIEW, Act.APPROVE): S.APPROVED,
    (S.IN_REVIEW, Act.REQUEST_CHANGES): S.CHANGES_REQUESTED,
    (S.IN_REVIEW, Act.REJECT): S.REJECTED,
    (S.IN_REVIEW, Act.WITHDRAW): S.WITHDRAWN,
    (S.IN_REVIEW, Act.EXPIRE): S.EXPIRED,
    (S.EXPIRED, Act.SUBMIT): S.IN_REVIEW,
    (S.EXPIRED, Act.WITHDRAW): S.WITHDRAWN,
    (S.CHANGES_REQUESTED, Act.SUBMIT): S.IN_REVIEW,
    (S.CHANGES_REQUESTED, Act.WITHDRAW): S.WITHDRAWN,
    (S.APPROVED, Act.SUBMIT): S.IN_REVIEW,
    (S.APPROVED, Act.WITHDRAW): S.WITHDRAWN,
}
"""Every permitted step; a pair that is not here is refused."""


class Kind(StrEnum):
    """What a post is for."""

    SELL = "sell"
    HELP = "help"
    TALK = "talk"
    COMMUNITY = "community"
    NEWS = "news"


class Picture(Value):
    """A picture of a post. `blob` is the SHA-256 of its stored bytes, empty until they were fetched and measured.

    size in bytes, width and height in pixels; problem is a message key when the picture can't be used.
    """

    file: str
    name: str
    type: str
    size: int
    alt: str = ""
    blob: str = ""
    width: int = 0
    height: int = 0
    problem: str = ""


CONVERTED: Mapping[str, str] = {"image/heic": "image/jpeg", "image/heif": "image/jpeg"}
"""What a picture of a type that no network takes becomes when it is fetched."""


class Revision(Value):
    """One exact content of a post. Its hash is what an approval signs. `thread`: what follows `text`, post by post.

    own: by account id, what its author wrote for that account alone, segment by segment; comment: our own first comment
    where a network takes one. adapted: by account id, all that goes out there where that isn't `segments`, made of both
    when it was submitted (`bot.domain.variants`). disclosure: the relationship that it comes of, which its text tells.
    leans: the facts that it leans on, by id.
    """

    number: int
    text: str
    thread: tuple[str, ...] = ()
    own: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    comment: str = ""
    adapted: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    accounts: tuple[str, ...] = ()
    kind: Kind | None = None
    disclosure: Relationship = Relationship.NONE
    leans: tuple[str, ...] = ()
    by: MemberId
    at: AwareDatetime

    @property
    def segments(self) -> tuple[str, ...]:
        """Every text in order, one unless it is a thread. Pictures go with the first."""
        return (self.text, *self.thread)

    def texts(self, account: str) -> tuple[str, ...]:
        """What goes out on one account, in order."""
        return self.adapted.get(account, self.segments)

    @property
    def hash(self) -> str:
        """SHA-256 over everything the public will see and where, what it has to tell and the facts under it; the
        picture counts by its stored bytes."""
        content: dict[str, object] = {
            "text": self.text,
            "pictures": [[picture.blob or picture.file, picture.alt] for picture in self.pictures],
            "accounts": sorted(self.accounts),
        }
        if self.thread:
            content["thread"] = self.thread
        if self.adapted:
            content["adapted"] = self.adapted
        if self.disclosure is not Relationship.NONE:  # what was approved before there were such has the hash it had
            content["disclosure"] = self.disclosure
        if self.leans:
            content["leans"] = sorted(self.leans)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def ready(self) -> bool:
        """Whether every picture was fetched and measured."""
        return all(picture.blob or picture.problem for picture in self.pictures)


class Concern(StrEnum):
    """What a request for changes is about."""

    WORDS = "words"
    FACTS = "facts"
    PICTURE = "picture"
    TIME = "time"
    VOICE = "voice"
    LEGAL = "legal"
    OTHER = "other"


class Decision(Value):
    """Who decided what about which revision, why, and how it came.

    concern: what changes were asked about, where that was chosen (a client's page doesn't ask). fixed: whoever approved
    it wrote it, upon somebody else's. alone: its author sent it without an approval.
    """

    act: Act
    revision: int
    hash: str
    by: MemberId
    at: AwareDatetime
    reason: str = ""
    via: Via = Via.PRESSED
    concern: Concern | None = None
    fixed: bool = False
    alone: bool = False


class Reminded(Value):
    """How far up reminders of a review went (`bot.domain.reminding`), when, and of the post as it was changed when."""

    since: AwareDatetime
    rung: int
    at: AwareDatetime


class Urgent(Value):
    """Somebody said that it can't wait: of which content. offered: its author was told that they may send it alone."""

    by: MemberId
    at: AwareDatetime
    hash: str
    offered: bool = False


class Post(Record):
    """What we want to say. `approved` is the hash that every stage signed, empty when nothing is approved now.
    signatures: those of the stages on the way there; any change of content takes them away.

    claims: the queue's slots that it holds. queued: its time is the next free slot, taken when it is submitted.
    due None means as soon as it is approved. was_due is its time before the last change, if that moved it (moved_at).
    """

    KIND: ClassVar[str] = "post"
    FIELDS: ClassVar[tuple[str, ...]] = ("approved",)

    brand: str
    author: MemberId
    status: PostStatus = PostStatus.DRAFT
    approved: str = ""
    revisions: tuple[Revision, ...]
    decisions: tuple[Decision, ...] = ()
    signatures: tuple[Signed, ...] = ()
    due: AwareDatetime | None = None
    queued: bool = False
    claims: tuple[str, ...] = ()
    was_due: AwareDatetime | None = None
    moved_at: AwareDatetime | None = None
    reminded: Reminded | None = None
    urgent: Urgent | None = None
    created_at: AwareDatetime
    changed_at: AwareDatetime
    channel: str = ""
    correlation: str = ""

    @property
    def current(self) -> Revision:
        """The newest revision."""
        return self.revisions[-1]

    @property
    def previous(self) -> Revision | None:
        """The revision before the newest, for showing what changed."""
        return self.revisions[-2] if len(self.revisions) > 1 else None

    @property
    def decision(self) -> Decision | None:
        """The last decision, whichever revision it was about."""
        return self.decisions[-1] if self.decisions else None

    def indexes(self) -> Mapping[str, float]:
        """Drafts by author; everything by brand and status; by account and time what is, or may become, public, and by
        each fact that it leans on."""
        names = {f"posts:{self.brand}:{self.status}": score(self.changed_at)}
        if self.status in {S.IN_REVIEW, S.CHANGES_REQUESTED, S.APPROVED}:
            names |= {f"plan:{account}": score(self.due or self.changed_at) for account in self.current.accounts}
            names |= {f"leans:{fact}": -score(self.changed_at) for fact in self.current.leans}
        if self.status is PostStatus.DRAFT:
            names[f"drafts:{self.author}"] = score(self.changed_at)
        return names

    def revision(self, number: int) -> Revision:
        """One revision by its number, from 1."""
        return self.revisions[number - 1]


def _step(post: Post, act: Act) -> PostStatus:
    try:
        return LIFE[post.status, act]
    except KeyError:
        raise decided(post) from None


def decided(post: Post) -> UserError:
    """What an old button answers: who decided, and when."""
    last = post.decision
    if last is None:
        return UserError("error.not_possible_now", status=f"post_status.{post.status}")
    return AlreadyDone(f"error.already_{last.act}", who=last.by, at=last.at)


def may_edit(post: Post, who: Standing, brand: Brand) -> None:
    """Raise NotAllowed unless this is the author, or somebody who approves for the brand; a draft is its author's
    alone."""
    if post.status is S.DRAFT and post.author != who.id:
        raise NotAllowed("error.not_your_draft")
    if post.author != who.id:
        who.require(brand, Role.APPROVER, Role.ADMIN)
    else:
        who.require(brand, Role.AUTHOR, Role.APPROVER, Role.TRAINEE, Role.ADMIN)


def may_see(post: Post, who: Standing, brand: Brand) -> None:
    """Raise NotAllowed unless this is its author, or somebody with a role in the brand and it is no draft any more."""
    if post.status is S.DRAFT and post.author != who.id:
        raise NotAllowed("error.not_your_draft")
    who.require(brand, *Role)


def _writers(post: Post, brand: Brand) -> frozenset[MemberId]:
    """Who may not sign a post because it is theirs."""
    return frozenset({post.author, post.current.by}) if brand.policies.four_eyes else frozenset()


def review_of(post: Post, brand: Brand, team: Team = NOBODY_GONE) -> Progress:
    """How far the review of its newest revision has come, and whom it waits for: with four eyes never for those who
    wrote it, and never for those who are gone."""
    stages = stages_of(brand, post.current.accounts)
    return progress(stages, post.signatures, post.current.hash, brand, team, _writers(post, brand))


def waits_for(post: Post, who: Standing, brand: Brand, team: Team = NOBODY_GONE) -> bool:
    """Whether somebody could sign the open stage now, and hasn't."""
    if post.status is not S.IN_REVIEW or who.id in _writers(post, brand):
        return False
    now = review_of(post, brand, team)
    return may_sign(now.stage, who, brand) and now.signature_of(who.id) is None


def write(post: Post, revision: Revision, act: Act, *, due: datetime | None) -> Post:
    """A new content (SUBMIT) or a saved draft (SAVE). Any change of content voids the approval.

    A draft that is saved again keeps its number; a submitted revision never changes. Submitting what is in review
    already, unchanged, changes nothing: a form that arrives twice is one revision.
    """
    status = _step(post, act)
    last = post.current
    same = revision.hash == last.hash and due == post.due and revision.kind == last.kind
    if post.status is not S.DRAFT and same and status is post.status:
        return post
    if post.status is S.DRAFT:
        revisions = (*post.revisions[:-1], revision.model_copy(update={"number": last.number}))
    elif revision.hash == last.hash and revision.kind == last.kind and post.status is not S.CHANGES_REQUESTED:
        revisions = post.revisions
    else:
        revisions = (*post.revisions, revision.model_copy(update={"number": last.number + 1}))
    moved = post.status is not S.DRAFT and due != post.due
    time = {"due": due, "was_due": post.due if moved else None, "moved_at": revision.at if moved else None}
    changed = {"status": status, "revisions": revisions, "approved": "", "signatures": (), "changed_at": revision.at}
    return post.model_copy(update=changed | time)


def move(post: Post, who: Standing, brand: Brand, due: datetime, at: datetime) -> Post:
    """Another time for the same words. An approval stays within the day that was approved, and where an approver moves
    it who may approve it; otherwise it is asked for again."""
    may_edit(post, who, brand)
    if (post.status, Act.SUBMIT) not in LIFE or post.status is S.DRAFT:
        raise decided(post)
    times = {"due": due, "was_due": post.due, "moved_at": at, "changed_at": at, "queued": False}
    moved = post.model_copy(update=times)
    if post.status is S.EXPIRED:
        return moved.model_copy(update={"status": _step(post, Act.SUBMIT)})
    if post.status not in {S.APPROVED, S.IN_REVIEW} or _signed_for(post, who, brand, due):
        return moved
    return moved.model_copy(update={"status": S.IN_REVIEW, "approved": "", "signatures": ()})


def _signed_for(post: Post, who: Standing, brand: Brand, due: datetime) -> bool:
    """Whether the approval of a post covers another time."""
    day = (post.due or post.changed_at).astimezone(brand.clock).date()
    alone = stages_of(brand, post.current.accounts) == (ONE_APPROVER,)  # of several stages each would have to look
    may = alone and Role.APPROVER in brand.roles_of(who) and who.id not in _writers(post, brand)
    return due.astimezone(brand.clock).date() == day or may


def expire(post: Post, at: datetime) -> Post:
    """Its time passed, and nobody had approved it. What was signed on the way counts no longer."""
    status = _step(post, Act.EXPIRE)
    return post.model_copy(update={"status": status, "approved": "", "signatures": (), "changed_at": at})


def ask_again(post: Post, who: Standing, brand: Brand, at: datetime) -> Post:
    """The same words once more, to go out as soon as they are approved; for what missed its review."""
    may_edit(post, who, brand)
    if post.status is not S.EXPIRED:
        raise decided(post)
    times = {"due": None, "was_due": post.due, "moved_at": at, "changed_at": at, "queued": False, "claims": ()}
    return post.model_copy(update={"status": _step(post, Act.SUBMIT), **times})


def measured(post: Post, number: int, pictures: tuple[Picture, ...]) -> Post:
    """The pictures of a revision were fetched; only their facts change, and only if nothing newer came."""
    if post.current.number != number:
        return post
    revision = post.current.model_copy(update={"pictures": pictures})
    return post.model_copy(update={"revisions": (*post.revisions[:-1], revision)})


def may_decide(post: Post, who: Standing, brand: Brand, via: Via = Via.PRESSED) -> None:
    """Raise NotAllowed unless somebody may decide about a post in some stage of its review.

    What didn't come by a press in Slack is the client's word: whoever calls has proof of it, and it counts only where
    there is a stage for the client. What was recorded was recorded by somebody who didn't write the post.
    """
    stages = stages_of(brand, post.current.accounts)
    if via is Via.PRESSED:
        if not any(may_sign(stage, who, brand) for stage in stages):
            who.require(brand, Role.APPROVER)
        return
    if not any(stage.client for stage in stages):
        raise NotAllowed("reviewing.no_client_stage")
    if via is Via.RECORDED:
        who.require(brand, Role.AUTHOR, Role.APPROVER, Role.ADMIN)
        if who.id in {post.author, post.current.by}:
            raise NotAllowed("error.own_post")


def _decide(
    post: Post, act: Act, who: Standing, brand: Brand, number: int, at: datetime, reason: str, via: Via
) -> Post:
    may_decide(post, who, brand, via)
    status = _step(post, act)
    if post.current.number != number:
        raise UserError("error.newer_revision")
    made = Decision(act=act, revision=number, hash=post.current.hash, by=who.id, at=at, reason=reason, via=via)
    return post.model_copy(update={"status": status, "decisions": (*post.decisions, made), "changed_at": at})


def approve(
    post: Post,
    who: Standing,
    brand: Brand,
    number: int,
    at: datetime,
    *,
    blocked: bool,
    via: Via = Via.PRESSED,
    team: Team = NOBODY_GONE,
) -> Post:
    """Sign one revision for the open stage; it is approved when the last stage is complete.

    `blocked` says whether the checks found a blocker. Raises NotAllowed, AlreadyDone for whoever signed that stage,
    UserError.
    """
    may_decide(post, who, brand, via)
    _step(post, Act.APPROVE)
    if via is Via.PRESSED and who.id in _writers(post, brand):
        raise NotAllowed("error.own_post")
    if not post.current.ready:
        raise UserError("error.pictures_not_ready")
    if blocked:
        raise UserError("error.blocked")
    now = review_of(post, brand, team)
    if not now.complete and (mine := now.signature_of(who.id)) is not None:
        raise AlreadyDone("error.already_approve", who=mine.by, at=mine.at)
    theirs = now.stage.client if via is not Via.PRESSED else may_sign(now.stage, who, brand)
    if not theirs and not now.complete:
        raise NotAllowed("reviewing.other_stage")
    signed = _decide(post, Act.APPROVE, who, brand, number, at, "", via)
    made = Signed(stage=now.stage, hash=post.current.hash, by=who.id, at=at, via=via)
    signed = signed.model_copy(update={"signatures": (*post.signatures, made)})
    if not review_of(signed, brand, team).complete:
        return signed.model_copy(update={"status": S.IN_REVIEW})
    return signed.model_copy(update={"approved": post.current.hash})


def may_fix(post: Post, who: Standing, brand: Brand, number: int, team: Team = NOBODY_GONE) -> None:
    """Raise NotAllowed unless somebody may change a revision and sign what they made of it, UserError where it can't be
    done now.

    The author is the other pair of eyes: with four eyes nobody fixes what they wrote themselves.
    """
    may_edit(post, who, brand)
    may_decide(post, who, brand)
    _step(post, Act.APPROVE)
    if post.current.number != number:
        raise UserError("error.newer_revision")
    if who.id in _writers(post, brand):
        raise NotAllowed("error.own_post")
    if not may_sign(review_of(post, brand, team).stage, who, brand):
        raise NotAllowed("reviewing.other_stage")


def fix(
    post: Post, revision: Revision, who: Standing, brand: Brand, *, blocked: bool, team: Team = NOBODY_GONE
) -> Post:
    """Another content and its signature in one act, for the stage that was open. Whoever signed before signs anew.

    `revision` is what becomes of the newest one, by `who`. Raises what `may_fix` raises, UserError where nothing
    differs, where a picture isn't here, or for a blocker.
    """
    may_fix(post, who, brand, post.current.number, team)
    if revision.hash == post.current.hash:
        raise UserError("fixing.unchanged")
    if not revision.ready:
        raise UserError("error.pictures_not_ready")
    if blocked:
        raise UserError("error.blocked")
    stage = review_of(post, brand, team).stage
    fixed = write(post, revision, Act.SUBMIT, due=post.due)
    signed = _decide(fixed, Act.APPROVE, who, brand, fixed.current.number, revision.at, "", Via.PRESSED)
    decision = signed.decisions[-1].model_copy(update={"fixed": True})
    made = Signed(stage=stage, hash=fixed.current.hash, by=who.id, at=revision.at)
    signed = signed.model_copy(update={"decisions": (*signed.decisions[:-1], decision), "signatures": (made,)})
    if not review_of(signed, brand, team).complete:
        return signed.model_copy(update={"status": S.IN_REVIEW})
    return signed.model_copy(update={"approved": fixed.current.hash})


def request_changes(
    post: Post,
    who: Standing,
    brand: Brand,
    number: int,
    at: datetime,
    reason: str,
    *,
    via: Via = Via.PRESSED,
    concern: Concern | None = None,
) -> Post:
    """Send it back with a reason, and what it is about."""
    back = _decide(post, Act.REQUEST_CHANGES, who, brand, number, at, reason, via)
    made = back.decisions[-1].model_copy(update={"concern": concern})
    return back.model_copy(update={"decisions": (*back.decisions[:-1], made)})


def reject(
    post: Post, who: Standing, brand: Brand, number: int, at: datetime, reason: str, *, via: Via = Via.PRESSED
) -> Post:
    """Say no for good."""
    return _decide(post, Act.REJECT, who, brand, number, at, reason, via)


def withdraw(post: Post, who: Standing, brand: Brand, at: datetime) -> Post:
    """Take it back before anything of it went out; the author or an approver may."""
    may_edit(post, who, brand)
    status = _step(post, Act.WITHDRAW)
    made = Decision(act=Act.WITHDRAW, revision=post.current.number, hash=post.current.hash, by=who.id, at=at)
    update = {"status": status, "approved": "", "decisions": (*post.decisions, made), "changed_at": at}
    return post.model_copy(update=update)
