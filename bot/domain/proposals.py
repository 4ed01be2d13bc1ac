"""Acts that need two people: who may propose, who may second, what was shown, and what became of it."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import AwareDatetime, Field

from bot.domain.brands import Brand, Policies, Role, Standing
from bot.domain.deliveries import Delivery
from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, NotAllowed, UserError

OPEN_FOR = timedelta(hours=24)
"""How long a proposal waits for a second person."""
EMERGENCY = timedelta(minutes=60)
"""How long after going live one person alone may take something down."""
TRIES = 10
"""How often the network is asked to take something down before a person is."""


class Act(StrEnum):
    """What needs two people. Resuming after a stop has its own way: whoever resumes is the second person."""

    UNPUBLISH = "unpublish"
    DELETE_COMMENT = "delete_comment"
    DISCONNECT = "disconnect"
    POLICIES = "policies"
    ROLES = "roles"


ON_A_NETWORK = frozenset({Act.UNPUBLISH, Act.DELETE_COMMENT})
"""Acts that the engine carries out; the others happen with the second press."""


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    SECONDED = "seconded"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody in time, or what it was about has changed
    WITHDRAWN = "withdrawn"
    FAILED = "failed"  # the network said no


class Step(StrEnum):
    """What can happen to a proposal."""

    SECOND = "second"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    FINISH = "finish"
    FAIL = "fail"
    RETRY = "retry"


S = State
LIFE: Mapping[tuple[State, Step], State] = {
    (S.OPEN, Step.SECOND): S.SECONDED,
    (S.OPEN, Step.DECLINE): S.DECLINED,
    (S.OPEN, Step.WITHDRAW): S.WITHDRAWN,
    (S.OPEN, Step.EXPIRE): S.EXPIRED,
    (S.SECONDED, Step.FINISH): S.DONE,
    (S.SECONDED, Step.FAIL): S.FAILED,
    (S.FAILED, Step.RETRY): S.SECONDED,
}
"""Every permitted step."""


class Right(Value):
    """The roles of which one is needed to propose, and to second."""

    propose: frozenset[Role]
    second: frozenset[Role]


_ADMINS = Right(propose=frozenset({Role.ADMIN}), second=frozenset({Role.ADMIN}))
RIGHTS: Mapping[Act, Right] = {
    Act.UNPUBLISH: Right(
        propose=frozenset({Role.APPROVER, Role.MODERATOR}),
        second=frozenset({Role.APPROVER, Role.MODERATOR, Role.ADMIN}),
    ),
    Act.DELETE_COMMENT: Right(
        propose=frozenset({Role.MODERATOR}), second=frozenset({Role.MODERATOR, Role.APPROVER, Role.ADMIN})
    ),
    Act.DISCONNECT: _ADMINS,
    Act.POLICIES: _ADMINS,
    Act.ROLES: _ADMINS,
}
"""Deny by default. Where a brand has one admin only, an approver seconds what admins propose."""

SECONDERS = frozenset({Role.APPROVER, Role.MODERATOR, Role.ADMIN})
"""Nobody without one of these seconds anything."""
SENSITIVE = (
    "four_eyes",
    "late_minutes",
    "close_on_answer",
    "outside_posts",
    "urgent_alone",
    "stages",
    "account_stages",
)
"""The policies that no admin changes alone."""
POWERS = frozenset({Role.APPROVER, Role.ADMIN})
"""The roles that no admin gives or takes alone."""


class Target(Value):
    """One thing to take down: the network's ids of it, and of those what is gone by now."""

    account: str
    refs: tuple[str, ...]
    delivery: str = ""
    gone: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether all of it is gone."""
        return set(self.refs) <= set(self.gone)


class Proposal(Record):
    """Somebody's wish that somebody else has to confirm.

    subject is the id of what it is about: a post, a conversation, an account, a brand. bound is what was shown, by
    name: if any of it differs at the second press, the proposal lapses. change is what will be. copy_ is what is kept
    of what is taken down. alone: one person was enough (practice; an emergency). attention is when the engine acts.
    """

    KIND: ClassVar[str] = "proposal"

    act: Act
    brand: str
    subject: str
    bound: Mapping[str, str] = Field(default_factory=dict)
    change: Mapping[str, Any] = Field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    copy_: Mapping[str, str] = Field(default_factory=dict)
    reason: str = ""
    by: MemberId
    at: AwareDatetime
    expires_at: AwareDatetime
    state: State = State.OPEN
    alone: bool = False
    emergency: bool = False
    decided_by: MemberId = ""
    decided_at: AwareDatetime | None = None
    lapsed: str = ""  # what had changed
    problem: str = ""  # why the network didn't, by kind
    detail: str = ""  # the network's own words
    attempts: int = 0
    attention: AwareDatetime | None = None
    correlation: str = ""

    def indexes(self) -> Mapping[str, float]:
        """What is about a thing; what waits for a second person; what the engine has to do."""
        names = {f"proposals:{self.subject}": score(self.at)}
        if self.state is S.OPEN:
            names["proposals"] = score(self.expires_at)
            names[f"proposals_of:{self.brand}"] = score(self.at)
        if self.state is S.SECONDED and self.attention is not None:
            names["removals"] = score(self.attention)
        return names

    @property
    def over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state not in {S.OPEN, S.SECONDED}

    def step(self, step: Step) -> State:
        """The state that a step leads to; raises AlreadyDone or UserError where the table has none."""
        try:
            return LIFE[self.state, step]
        except KeyError:
            raise decided(self) from None


def decided(proposal: Proposal) -> UserError:
    """What an old button answers."""
    if proposal.decided_by and proposal.decided_at:
        state = "seconded" if proposal.state in {S.SECONDED, S.DONE, S.FAILED} else proposal.state.value
        return AlreadyDone(f"error.proposal_{state}", who=proposal.decided_by, at=proposal.decided_at)
    return UserError("error.proposal_over", status=f"proposal.status.{proposal.state}")


def admins_of(brand: Brand, admins: Iterable[MemberId]) -> frozenset[MemberId]:
    """The brand's own admins and the workspace's."""
    return frozenset(admins) | frozenset(brand.holders(Role.ADMIN))


def seconders(
    act: Act, brand: Brand, admins: Iterable[MemberId], by: MemberId, gone: Collection[MemberId] = ()
) -> tuple[MemberId, ...]:
    """Who may second what `by` proposes, in a stable order; never the proposer, nor those who are gone."""
    out = {by, *gone}
    all_admins = admins_of(brand, admins)
    right = RIGHTS[act]
    held = {member for member, roles in brand.roles.items() if roles & right.second}
    found = (all_admins | held) - out
    if not found and right == _ADMINS:
        found = frozenset(brand.holders(Role.APPROVER)) - out
    return tuple(sorted(found))


def may_propose(act: Act, brand: Brand, who: Standing) -> None:
    """Raise NotAllowed for somebody whose role doesn't reach."""
    who.require(brand, *sorted(RIGHTS[act].propose))


def may_second(
    proposal: Proposal, brand: Brand, admins: Iterable[MemberId], who: Standing, gone: Collection[MemberId] = ()
) -> None:
    """Raise NotAllowed for the proposer, and for anybody who isn't asked."""
    if who.id == proposal.by:
        raise NotAllowed("error.own_proposal")
    if who.id not in seconders(proposal.act, brand, admins, proposal.by, gone) or not who.within:
        raise NotAllowed("error.may_not_second", brand=brand.name)


def still_stands(proposal: Proposal, brand: Brand, admins: Iterable[MemberId], gone: Collection[MemberId] = ()) -> bool:
    """Whether the proposer is still there and could propose it now: two people who may, at the moment it is done."""
    held = brand.roles.get(proposal.by, frozenset())
    may = proposal.by in admins_of(brand, admins) or bool(held & RIGHTS[proposal.act].propose)
    return may and proposal.by not in gone


def second(proposal: Proposal, who: MemberId, at: datetime) -> Proposal:
    """Confirmed: what the engine carries out is due at once."""
    state = proposal.step(Step.SECOND)
    due = at if proposal.act in ON_A_NETWORK else None
    return proposal.model_copy(update={"state": state, "decided_by": who, "decided_at": at, "attention": due})


def decline(proposal: Proposal, who: MemberId, at: datetime) -> Proposal:
    """Somebody who could have seconded said no."""
    return proposal.model_copy(update={"state": proposal.step(Step.DECLINE), "decided_by": who, "decided_at": at})


def withdraw(proposal: Proposal, who: MemberId, at: datetime) -> Proposal:
    """Whoever proposed it takes it back."""
    if who != proposal.by:
        raise NotAllowed("error.not_your_proposal")
    return proposal.model_copy(update={"state": proposal.step(Step.WITHDRAW), "decided_by": who, "decided_at": at})


def expire(proposal: Proposal, at: datetime, lapsed: str = "") -> Proposal:
    """Nobody seconded it in time, or what it was about is no longer what was shown (`lapsed` says what)."""
    return proposal.model_copy(update={"state": proposal.step(Step.EXPIRE), "decided_at": at, "lapsed": lapsed})


def finish(proposal: Proposal) -> Proposal:
    """Carried out."""
    done = {"state": proposal.step(Step.FINISH), "attention": None, "problem": "", "detail": ""}
    return proposal.model_copy(update=done)


def fail(proposal: Proposal, problem: str, detail: str) -> Proposal:
    """The network won't; a person may try again."""
    update = {"state": proposal.step(Step.FAIL), "attention": None, "problem": problem, "detail": detail}
    return proposal.model_copy(update=update)


def retry(proposal: Proposal, at: datetime) -> Proposal:
    """A person asks the network once more."""
    update = {"state": proposal.step(Step.RETRY), "attention": at, "attempts": 0, "problem": "", "detail": ""}
    return proposal.model_copy(update=update)


def backoff(attempts: int, now: datetime) -> datetime:
    """When the engine tries again after so many attempts: 2, 4, 8 … seconds, 2 minutes at most."""
    return now + timedelta(seconds=min(2**attempts, 120))


def changed(proposal: Proposal, now: Mapping[str, str]) -> str:
    """The name of the first thing that is not as it was shown, "" when all is."""
    return next((name for name, value in proposal.bound.items() if now.get(name) != value), "")


def emergency(delivery: Delivery, now: datetime, *, stopped: bool) -> bool:
    """Whether one person alone may take it down: soon after it went live, or while the brand is stopped."""
    live = delivery.settled_at or delivery.created_at
    return stopped or now - live <= EMERGENCY


def sensitive(old: Policies, new: Policies) -> Mapping[str, Any]:
    """The policies that need two people and differ, as they would be, in the shape in which they are stored."""
    dumped = new.model_dump(mode="json")
    return {name: dumped[name] for name in SENSITIVE if getattr(new, name) != getattr(old, name)}


def policies_shown(policies: Policies) -> Mapping[str, str]:
    """Each policy as a text, to which a proposal is bound."""
    dumped = policies.model_dump(mode="json")
    return {
        name: json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else str(value)
        for name, value in dumped.items()
    }


def gives_power(old: Iterable[Role], new: Iterable[Role]) -> bool:
    """Whether a role of weight is given or taken."""
    return bool((frozenset(old) ^ frozenset(new)) & POWERS)
