"""Correcting what is public already: other words for a post where it stands, approved like any other words.

A correction is one text for one delivery. It waits for an approver, is then done by the engine as an errand, and ends
in one of four ways; the table below is all that can happen to it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.brands import Brand, Role, Standing
from bot.domain.deliveries import Delivery
from bot.domain.errands import ErrandState, digest
from bot.domain.posts import Post
from bot.domain.records import MemberId, Record, score
from bot.domain.reviewing import NOBODY_GONE, ONE_APPROVER, Progress, Signed, may_sign, progress, stages_of
from bot.domain.watch import Team
from bot.errors import AlreadyDone, NotAllowed, UserError


class CorrectionState(StrEnum):
    """Where a correction stands."""

    WAITING = "waiting"  # for an approver
    ASKED = "asked"  # approved: the engine is at it
    DONE = "done"
    REFUSED = "refused"  # by the network
    FAILED = "failed"  # no attempt came to an answer, or we can't get in
    DROPPED = "dropped"  # by a person: the post stays as it is


class Step(StrEnum):
    """What can happen to it."""

    APPROVE = "approve"
    DROP = "drop"
    DONE = "done"
    REFUSE = "refuse"
    FAIL = "fail"


S = CorrectionState
LIFE: Mapping[tuple[CorrectionState, Step], CorrectionState] = {
    (S.WAITING, Step.APPROVE): S.ASKED,
    (S.WAITING, Step.DROP): S.DROPPED,
    (S.ASKED, Step.DONE): S.DONE,
    (S.ASKED, Step.REFUSE): S.REFUSED,
    (S.ASKED, Step.FAIL): S.FAILED,
}
"""Every permitted step."""

OPEN = frozenset({S.WAITING, S.ASKED})
"""While a correction is in one of these, there is no second one of the same delivery."""


class Correction(Record):
    """One other text for a delivery that is live. before: what it said when it was written. signatures: those of
    the review's stages; settled_by: who gave the last one, or dropped it."""

    KIND: ClassVar[str] = "correction"

    brand: str
    account: str
    network: str
    post: str
    delivery: str
    before: str
    text: str
    state: CorrectionState = CorrectionState.WAITING
    by: MemberId
    at: AwareDatetime
    signatures: tuple[Signed, ...] = ()
    settled_by: MemberId = ""
    settled_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    problem: str = ""
    correlation: str = ""

    def indexes(self) -> Mapping[str, float]:
        """Those of each post, oldest first."""
        return {f"corrections:{self.post}": score(self.at)}

    @property
    def open(self) -> bool:
        """Whether it isn't decided, or not done yet."""
        return self.state in OPEN

    def step(self, step: Step) -> CorrectionState:
        """The state that a step leads to; raises AlreadyDone, naming who decided and when, where there is none."""
        try:
            return LIFE[self.state, step]
        except KeyError:
            act = "drop" if self.state is S.DROPPED else "approve"
            raise AlreadyDone(f"error.correction_{act}", who=self.settled_by, at=self.settled_at) from None


def said_by(delivery: Delivery, post: Post) -> str:
    """What the post itself says in public on one account now, without what follows it."""
    return delivery.corrected or post.revision(delivery.revision).texts(delivery.account)[0]


def newest(corrections: Iterable[Correction]) -> Mapping[str, Correction]:
    """The last correction of each delivery."""
    return {each.delivery: each for each in sorted(corrections, key=lambda one: one.at)}


def whole(delivery: Delivery, post: Post) -> tuple[str, ...]:
    """All that stands in public on one account, in order."""
    first, *rest = post.revision(delivery.revision).texts(delivery.account)
    return (delivery.corrected or first, *rest)


def signs_itself(who: Standing, account: str, brand: Brand) -> bool:
    """Whether an approver's correction is approved by writing it; with four eyes never, nor where a review is more than
    one approver's."""
    alone = stages_of(brand, [account]) == (ONE_APPROVER,)
    return alone and Role.APPROVER in brand.roles_of(who) and not brand.policies.four_eyes


def review_of(correction: Correction, post: Post, brand: Brand, team: Team = NOBODY_GONE) -> Progress:
    """How far its review has come: the same stages as a post's on that account."""
    stages = stages_of(brand, [correction.account])
    writers = _writers(correction, post, brand)
    return progress(stages, correction.signatures, digest(correction.text), brand, team, writers)


def _writers(correction: Correction, post: Post, brand: Brand) -> frozenset[MemberId]:
    return frozenset({post.author, correction.by}) if brand.policies.four_eyes else frozenset()


def may_decide(correction: Correction, who: Standing, brand: Brand) -> None:
    """Raises NotAllowed for whoever signs in none of its stages."""
    if not any(may_sign(stage, who, brand) for stage in stages_of(brand, [correction.account])):
        who.require(brand, Role.APPROVER)


def sign(
    correction: Correction, post: Post, who: Standing, brand: Brand, at: datetime, team: Team = NOBODY_GONE
) -> Correction:
    """One more signature; with the last one it is asked of the network.

    Raises NotAllowed for whoever doesn't sign the open stage, and with four eyes for those who wrote it; AlreadyDone
    when it was decided, or they signed that stage.
    """
    may_decide(correction, who, brand)
    state = correction.step(Step.APPROVE)
    if who.id in _writers(correction, post, brand):
        raise NotAllowed("error.own_post")
    now = review_of(correction, post, brand, team)
    if not now.complete:
        if (mine := now.signature_of(who.id)) is not None:
            raise AlreadyDone("error.correction_approve", who=mine.by, at=mine.at)
        if not may_sign(now.stage, who, brand):
            raise NotAllowed("reviewing.other_stage")
    made = Signed(stage=now.stage, hash=digest(correction.text), by=who.id, at=at)
    signed = correction.model_copy(update={"signatures": (*correction.signatures, made)})
    if not review_of(signed, post, brand, team).complete:
        return signed
    return signed.model_copy(update={"state": state, "settled_by": who.id, "settled_at": at})


def may_drop(correction: Correction, who: Standing, brand: Brand) -> None:
    """Raises NotAllowed but for whoever wrote it, and approvers."""
    if correction.by == who.id:
        who.require(brand, Role.AUTHOR, Role.APPROVER, Role.TRAINEE)
    else:
        may_decide(correction, who, brand)


def ended(correction: Correction, state: ErrandState, problem: str, at: AwareDatetime) -> Correction:
    """What the engine's errand came to."""
    steps = {ErrandState.DONE: Step.DONE, ErrandState.REFUSED: Step.REFUSE, ErrandState.FAILED: Step.FAIL}
    if state not in steps:
        raise UserError("error.not_public_now")
    return correction.model_copy(update={"state": correction.step(steps[state]), "problem": problem, "ended_at": at})
