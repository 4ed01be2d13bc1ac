"""The stages of a review: who signs, how many of them, whom it waits for, and when it is done."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from pydantic import AwareDatetime

from bot.domain.brands import Brand, Role, Stage, Standing
from bot.domain.records import MemberId, Value
from bot.domain.watch import Team
from bot.errors import UserError

NOBODY_GONE = Team()
MOST = 5
"""Stages of one review."""
ALL = 0
"""As many as may sign."""
ONE_APPROVER = Stage(roles=(Role.APPROVER,))
"""The review of a brand that says nothing of stages."""


class Via(StrEnum):
    """How a decision came. All but the first are the client's alone."""

    PRESSED = "pressed"
    LINK = "link"  # by a secret link
    RECORDED = "recorded"  # a colleague wrote down what the client said elsewhere
    SHARED_CHANNEL = "shared_channel"  # in a channel that another workspace shares


class Signed(Value):
    """One signature: on which content, for which stage as it was. `by` of a link is whatever names its holder."""

    stage: Stage
    hash: str
    by: MemberId
    at: AwareDatetime
    via: Via = Via.PRESSED


class Progress(Value):
    """How far a review has come. signed: the signatures that count, stage by stage. done: how many stages are complete.

    asked: whom the open stage waits for. missing: signatures that it still needs; 0 when all is signed.
    """

    stages: tuple[Stage, ...] = (ONE_APPROVER,)
    signed: tuple[tuple[Signed, ...], ...] = ((),)
    done: int = 0
    asked: tuple[MemberId, ...] = ()
    missing: int = 1

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.done == len(self.stages)

    @property
    def stage(self) -> Stage:
        """The open stage, the last one when all is signed."""
        return self.stages[min(self.done, len(self.stages) - 1)]

    @property
    def simple(self) -> bool:
        """Whether one approver is all that it takes."""
        return self.stages == (ONE_APPROVER,)

    def signature_of(self, member: MemberId) -> Signed | None:
        """What somebody signed in the open stage."""
        here = self.signed[min(self.done, len(self.stages) - 1)]
        return next((each for each in here if each.by == member), None)


def stages_of(brand: Brand, accounts: Iterable[str]) -> tuple[Stage, ...]:
    """The stages of a post on these accounts: all that any of them asks for, each once, the client's last."""
    policies = brand.policies
    lists = [policies.account_stages.get(id_) or policies.stages or (ONE_APPROVER,) for id_ in accounts]
    found = dict.fromkeys(stage for stages in lists for stage in stages)
    return tuple(sorted(found or policies.stages or (ONE_APPROVER,), key=lambda stage: stage.client))


def principals(stage: Stage, brand: Brand) -> tuple[MemberId, ...]:
    """Whom a stage is for, by name or by a role that they were given, before anybody is missing."""
    held = sorted({member for role in stage.roles for member in brand.holders(role)})
    return tuple(dict.fromkeys((*stage.people, *held)))


def may_sign(stage: Stage, who: Standing, brand: Brand) -> bool:
    """Whether somebody may sign a stage. Admins may do all that the team may, but never speak for the client."""
    roles = brand.roles_of(who)
    if who.id in {*stage.people, stage.deputy}:
        return bool(roles)
    if stage.client:
        return Role.CLIENT in brand.roles.get(who.id, frozenset()) & who.within
    return bool(roles & set(stage.roles))


def _present(stage: Stage, brand: Brand, out: Collection[MemberId]) -> tuple[MemberId, ...]:
    """Who is there to sign; with the deputy where that isn't enough."""
    meant = principals(stage, brand)
    there = tuple(member for member in meant if member not in out)
    short = len(there) < (stage.many or len(meant) or 1)
    deputy = (stage.deputy,) if short and stage.deputy and stage.deputy not in out else ()
    return tuple(dict.fromkeys((*there, *deputy)))


def _whom(stage: Stage, brand: Brand, admins: Iterable[MemberId], out: Collection[MemberId]) -> tuple[MemberId, ...]:
    """Who is asked to sign a stage, none of those who are `out`. Where nobody is left an admin of the brand is asked,
    else one of the workspace; for the client nobody else is."""
    found = _present(stage, brand, out)
    if found or stage.client or stage.people:
        return found
    for asked in (brand.holders(Role.ADMIN), sorted(admins)):
        if left := tuple(member for member in asked if member not in out):
            return left
    return ()


def _missing(stage: Stage, brand: Brand, signed: Sequence[Signed], out: Collection[MemberId]) -> int:
    """How many signatures a stage still needs."""
    if stage.client and any(each.via is not Via.PRESSED for each in signed):
        return 0  # it came from outside: whoever sent it speaks for the client
    by = {each.by for each in signed}
    if stage.many == ALL:
        left = [member for member in _present(stage, brand, out) if member not in by]
        return len(left) or (0 if by else 1)
    return max(stage.many - len(by), 0)


def progress(
    stages: Sequence[Stage],
    signatures: Iterable[Signed],
    hash_: str,
    brand: Brand,
    team: Team = NOBODY_GONE,
    writers: frozenset[MemberId] = frozenset(),
) -> Progress:
    """How far the review of one content has come. writers: who may not sign it; what somebody signed before they were
    gone still counts."""
    counting = [each for each in signatures if each.hash == hash_]
    signed = tuple(tuple(each for each in counting if each.stage == stage) for stage in stages)
    missing = [
        _missing(stage, brand, each, team.missing(stage) | writers) for stage, each in zip(stages, signed, strict=True)
    ]
    done = next((number for number, lacking in enumerate(missing) if lacking), len(stages))
    if done == len(stages):
        return Progress(stages=tuple(stages), signed=signed, done=done, missing=0)
    stage, by = stages[done], {each.by for each in signed[done]}
    asked = _whom(stage, brand, team.admins, team.missing(stage) | writers)
    return Progress(
        stages=tuple(stages),
        signed=signed,
        done=done,
        asked=tuple(member for member in asked if member not in by),
        missing=missing[done],
    )


def refuse_wrong(stages: Sequence[Stage], brand: Brand, team: Team = NOBODY_GONE) -> None:
    """Raise UserError for stages that can't work; `line` in it is the number of the stage, from 1."""
    if len(stages) > MOST:
        raise UserError("reviewing.too_many", most=MOST)
    for number, stage in enumerate(stages, start=1):
        if not stage.roles and not stage.people:
            raise UserError("reviewing.nobody_named", line=number)
        if stage.client and len(stage.roles) > 1:
            raise UserError("reviewing.client_alone", line=number)
        if stage in stages[: number - 1]:
            raise UserError("reviewing.twice", line=number)
        if stage.client and number < len(stages):
            raise UserError("reviewing.client_last", line=number)
        named = [member for member in (*stage.people, stage.deputy) if member]
        if any(not brand.roles.get(member) for member in named):
            raise UserError("reviewing.outsider", line=number)
        meant = dict.fromkeys((*principals(stage, brand), *filter(None, [stage.deputy])))
        fit = [member for member in meant if member not in team.missing(stage)]
        if len(fit) < (stage.many or 1):
            raise UserError("reviewing.too_few", line=number, count=len(fit))
