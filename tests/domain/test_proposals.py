"""Two people: the life of a proposal cell by cell, who may second what, and what makes it lapse."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import proposals
from bot.domain.brands import Brand, Channels, Policies, Role, Standing
from bot.domain.deliveries import Delivery
from bot.domain.proposals import RIGHTS, Act, Proposal, State, Step, Target
from bot.errors import AlreadyDone, NotAllowed, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ROLES: Mapping[str, Role] = {
    "T:VIEWER": Role.VIEWER,
    "T:AUTHOR": Role.AUTHOR,
    "T:APPROVER": Role.APPROVER,
    "T:MODERATOR": Role.MODERATOR,
    "T:TRAINEE": Role.TRAINEE,
    "T:CLIENT": Role.CLIENT,
    "T:ADMIN": Role.ADMIN,
}
BOSS = "T:BOSS"


def brand(**roles: Role) -> Brand:
    held = {f"T:{name}": frozenset({role}) for name, role in roles.items()} or {
        member: frozenset({role}) for member, role in ROLES.items()
    }
    return Brand(id="agora", name="Café Ágora", channels=Channels(review="C1"), roles=held)


def proposal(state: State = State.OPEN, act: Act = Act.UNPUBLISH, by: str = "T:X", **more: object) -> Proposal:
    given = {
        "id": "q1",
        "act": act,
        "brand": "agora",
        "subject": "p1",
        "by": by,
        "at": AT,
        "expires_at": AT + timedelta(hours=24),
        "state": state,
    }
    return Proposal.model_validate(given | more)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_cell(state: State, step: Step) -> None:
    wanted = proposals.LIFE.get((state, step))
    decided = proposal(state, decided_by="T:B", decided_at=AT)
    if wanted is None:
        with pytest.raises(UserError):
            decided.step(step)
    else:
        assert decided.step(step) is wanted


def test_nothing_is_carried_out_that_was_not_seconded() -> None:
    assert {before for (before, _), after in proposals.LIFE.items() if after is State.DONE} == {State.SECONDED}
    assert {step for (before, step), after in proposals.LIFE.items() if after is State.SECONDED} == {
        Step.SECOND,
        Step.RETRY,
    }


@pytest.mark.parametrize(("act", "member"), list(product(Act, ROLES)))
def test_who_may_propose(act: Act, member: str) -> None:
    allowed = ROLES[member] in RIGHTS[act].propose | {Role.ADMIN}
    if allowed:
        proposals.may_propose(act, brand(), Standing(id=member))
    else:
        with pytest.raises(NotAllowed):
            proposals.may_propose(act, brand(), Standing(id=member))


@pytest.mark.parametrize(("act", "member"), list(product(Act, [*ROLES, BOSS, "T:STRANGER"])))
def test_who_may_second(act: Act, member: str) -> None:
    allowed = {
        Act.UNPUBLISH: {"T:APPROVER", "T:MODERATOR", "T:ADMIN", BOSS},
        Act.DELETE_COMMENT: {"T:APPROVER", "T:MODERATOR", "T:ADMIN", BOSS},
    }.get(act, {"T:ADMIN", BOSS})
    asked = proposal(act=act)
    if member in allowed:
        proposals.may_second(asked, brand(), {BOSS}, Standing(id=member))
    else:
        with pytest.raises(NotAllowed):
            proposals.may_second(asked, brand(), {BOSS}, Standing(id=member))


@pytest.mark.parametrize(("act", "member"), list(product(Act, [*ROLES, BOSS])))
def test_nobody_seconds_their_own(act: Act, member: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        proposals.may_second(proposal(act=act, by=member), brand(), {BOSS}, Standing(id=member, admin=member == BOSS))
    assert refusal.value.key == "error.own_proposal"


def test_where_there_is_one_admin_only_an_approver_seconds() -> None:
    small = brand(BOSS=Role.ADMIN, BRUNO=Role.APPROVER, CARLA=Role.MODERATOR)
    for act in (Act.DISCONNECT, Act.POLICIES, Act.ROLES):
        assert proposals.seconders(act, small, {BOSS}, BOSS) == ("T:BRUNO",)
        assert proposals.seconders(act, small, {BOSS, "T:OTHER"}, BOSS) == ("T:OTHER",)
    alone = brand(BOSS=Role.ADMIN)
    assert proposals.seconders(Act.POLICIES, alone, {BOSS}, BOSS) == ()


def test_only_the_proposer_takes_it_back() -> None:
    assert proposals.withdraw(proposal(), "T:X", AT).state is State.WITHDRAWN
    with pytest.raises(NotAllowed):
        proposals.withdraw(proposal(), "T:ADMIN", AT)


def test_what_was_shown_binds() -> None:
    shown = proposal(bound={"account:x-1": "active:1", "post:d1": "9"})
    assert proposals.changed(shown, {"account:x-1": "active:1", "post:d1": "9", "more": "1"}) == ""
    assert proposals.changed(shown, {"account:x-1": "active:2", "post:d1": "9"}) == "account:x-1"
    assert proposals.changed(shown, {"account:x-1": "active:1"}) == "post:d1"


def test_what_the_engine_does_is_due_at_once_and_what_is_done_here_is_not() -> None:
    assert proposals.second(proposal(), "T:B", AT).attention == AT
    assert proposals.second(proposal(act=Act.POLICIES), "T:B", AT).attention is None
    assert "removals" in proposals.second(proposal(), "T:B", AT).indexes()
    assert "proposals" in proposal().indexes()


def test_an_old_button_says_who_and_when() -> None:
    for state, key in (
        (State.SECONDED, "seconded"),
        (State.DONE, "seconded"),
        (State.FAILED, "seconded"),
        (State.DECLINED, "declined"),
        (State.WITHDRAWN, "withdrawn"),
    ):
        with pytest.raises(AlreadyDone) as refusal:
            proposal(state, decided_by="T:B", decided_at=AT).step(Step.SECOND)
        assert refusal.value.key == f"error.proposal_{key}"
    with pytest.raises(UserError) as lapsed:
        proposal(State.EXPIRED, decided_at=AT).step(Step.SECOND)
    assert lapsed.value.key == "error.proposal_over"


def test_an_emergency_is_soon_after_going_live_or_during_a_stop() -> None:
    delivery = Delivery(
        id="d1", brand="agora", account="x-1", network="x", generation=1, due=AT, created_at=AT, settled_at=AT
    )
    assert proposals.emergency(delivery, AT + timedelta(minutes=60), stopped=False)
    assert not proposals.emergency(delivery, AT + timedelta(minutes=60, seconds=1), stopped=False)
    assert proposals.emergency(delivery, AT + timedelta(days=9), stopped=True)


def test_what_needs_two_people() -> None:
    old = Policies()
    for name, value in (("four_eyes", False), ("late_minutes", 5), ("close_on_answer", False)):
        assert proposals.sensitive(old, old.model_copy(update={name: value})) == {name: value}
    assert not proposals.sensitive(old, old.model_copy(update={"digest_channel": True}))
    for role in Role:
        assert proposals.gives_power({role}, ()) is (role in {Role.APPROVER, Role.ADMIN})
        assert proposals.gives_power((), {role}) is (role in {Role.APPROVER, Role.ADMIN})
    assert not proposals.gives_power({Role.ADMIN}, {Role.ADMIN, Role.AUTHOR})


def test_a_target_is_done_when_all_its_parts_are_gone() -> None:
    assert not Target(account="x-1", refs=("1", "2"), gone=("1",)).done
    assert Target(account="x-1", refs=("1", "2"), gone=("2", "1")).done
