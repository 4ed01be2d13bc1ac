"""Reviews that nobody answers, cell by cell: when somebody is reminded, who that is, and when it is over."""

from datetime import datetime, timedelta

import pytest

from bot.domain import posts
from bot.domain.brands import Brand, Role, Stage
from bot.domain.hours import Hours, Opening
from bot.domain.posts import Act, Post, PostStatus
from bot.domain.reminding import Rung, Step, due_step, reminded, rung_of, told
from bot.domain.reviewing import ONE_APPROVER
from bot.domain.watch import Team
from bot.errors import NotAllowed, UserError
from tests.domain.test_reviewing import (
    ADMIN,
    ANA,
    AT,
    BRUNO,
    CARLA,
    CLIENT,
    DAVID,
    EVA,
    LEGAL,
    LUZ,
    brand,
    in_review,
    sign,
)

HOUR = timedelta(hours=1)


def waiting(due: datetime | None = None, status: PostStatus = PostStatus.IN_REVIEW) -> Post:
    return in_review().model_copy(update={"due": due, "status": status})


def where(*stages: Stage, **more: object) -> Brand:
    found = brand(*stages)
    policies = found.policies.model_copy(update={"review_hours": more.pop("hours", 4)})
    return found.model_copy(update={"policies": policies, **more})


def test_nobody_is_reminded_before_the_time_then_one_after_the_other_then_nobody() -> None:
    post = waiting()
    assert due_step(post, where(), AT + 4 * HOUR - timedelta(seconds=1)) is None
    assert due_step(post, where(), AT + 4 * HOUR) is Step.REMIND
    first = reminded(post, AT + 5 * HOUR)  # the worker was late: the next follows four hours later all the same
    assert rung_of(first) is Rung.ASKED
    assert due_step(first, where(), AT + 9 * HOUR - timedelta(seconds=1)) is None
    assert due_step(first, where(), AT + 9 * HOUR) is Step.REMIND
    second = reminded(first, AT + 9 * HOUR)
    assert rung_of(second) is Rung.ABOVE
    assert due_step(second, where(), AT + 1000 * HOUR) is None


@pytest.mark.parametrize("more", [{"hours": 0}, {"practice": True}])
def test_a_brand_may_want_none_and_practice_has_none(more: dict[str, object]) -> None:
    assert due_step(waiting(), where(**more), AT + 1000 * HOUR) is None


@pytest.mark.parametrize("status", sorted(set(PostStatus) - {PostStatus.IN_REVIEW}))
def test_only_what_is_in_review_is_looked_at(status: PostStatus) -> None:
    assert due_step(waiting(AT, status), where(), AT + 1000 * HOUR) is None


def test_working_time_counts_and_nobody_is_reminded_outside_of_it() -> None:
    week = Hours(week=(Opening(days=frozenset(range(5)), start=9 * 60, end=14 * 60),))
    open_ = where(hours=4).model_copy(update={"hours": week, "zone": "UTC"})
    post = waiting()  # Tuesday, nine o'clock
    assert due_step(post, open_, AT + 4 * HOUR) is Step.REMIND
    assert due_step(post, open_, AT + 6 * HOUR) is None  # closed: who was away then waits for the morning
    assert due_step(post, open_, AT + 24 * HOUR) is Step.REMIND
    late = post.model_copy(update={"changed_at": AT + 3 * HOUR})
    assert due_step(late, open_, AT + 24 * HOUR) is None
    assert due_step(late, open_, AT + 26 * HOUR) is Step.REMIND


def test_any_change_begins_anew() -> None:
    post = reminded(waiting(), AT + 4 * HOUR)
    changed = post.model_copy(update={"changed_at": AT + 5 * HOUR})
    assert rung_of(changed) is Rung.NOBODY
    assert due_step(changed, where(), AT + 8 * HOUR) is None
    assert due_step(changed, where(), AT + 9 * HOUR) is Step.REMIND


@pytest.mark.parametrize(
    ("due", "after", "step"),
    [
        (None, 1000 * HOUR, None),
        (AT + HOUR, HOUR, None),
        (AT + HOUR, HOUR + timedelta(minutes=30), None),
        (AT + HOUR, HOUR + timedelta(minutes=30, seconds=1), Step.EXPIRE),
    ],
)
def test_it_misses_its_review_when_it_would_be_too_late_to_go_out(
    due: datetime | None, after: timedelta, step: Step | None
) -> None:
    assert due_step(waiting(due), where(hours=0), AT + after) is step


def test_who_hears_of_it() -> None:
    nobody = Team()
    asked = waiting()
    assert told(asked, where(), nobody, Rung.ASKED) == (BRUNO.id, CARLA.id)
    assert told(asked, where(), nobody, Rung.NOBODY) == (BRUNO.id, CARLA.id)
    admins = Team(admins=frozenset({ADMIN.id}))
    assert told(asked, where(), admins, Rung.ABOVE) == (ADMIN.id,)
    here = where().model_copy(update={"roles": {**where().roles, EVA.id: frozenset({Role.ADMIN})}})
    assert told(asked, here, admins, Rung.ABOVE) == (EVA.id,)
    assert told(asked, where(LEGAL), admins, Rung.ABOVE) == (CARLA.id,)
    gone = Team(gone=frozenset({CARLA.id}), admins=frozenset({ADMIN.id}))
    assert told(asked, where(LEGAL), gone, Rung.ABOVE) == (ADMIN.id,)
    assert told(asked, where(), nobody, Rung.ABOVE) == ()
    author = Team(admins=frozenset({ANA.id}))
    assert told(asked, where(), author, Rung.ABOVE) == ()


def test_in_stages_it_is_the_open_one_that_hears_of_it() -> None:
    staged = where(ONE_APPROVER, CLIENT)
    assert told(in_review(), staged, Team(), Rung.ASKED) == (BRUNO.id, CARLA.id)
    assert told(sign(in_review(), BRUNO, staged), staged, Team(), Rung.ASKED) == (LUZ.id,)


def test_what_missed_its_review_holds_no_signature_and_comes_back() -> None:
    staged = where(ONE_APPROVER, Stage(people=(DAVID.id,)))
    post = sign(waiting(AT + HOUR), BRUNO, staged)
    late = posts.expire(post, AT + 2 * HOUR)
    assert (late.status, late.signatures, late.approved, late.changed_at) == (
        PostStatus.EXPIRED,
        (),
        "",
        AT + 2 * HOUR,
    )
    again = posts.ask_again(late, ANA, staged, AT + 3 * HOUR)
    assert (again.status, again.due, again.was_due, again.claims) == (PostStatus.IN_REVIEW, None, AT + HOUR, ())
    assert due_step(again, staged, AT + 4 * HOUR) is None
    moved = posts.move(late, ANA, staged, AT + 9 * HOUR, AT + 3 * HOUR)
    assert (moved.status, moved.due) == (PostStatus.IN_REVIEW, AT + 9 * HOUR)
    edited = posts.write(late, late.current, Act.SUBMIT, due=AT + 9 * HOUR)
    assert edited.status is PostStatus.IN_REVIEW
    assert posts.withdraw(late, ANA, staged, AT + 3 * HOUR).status is PostStatus.WITHDRAWN


def test_only_who_may_edit_asks_again_and_only_what_missed_its_review() -> None:
    late = posts.expire(waiting(AT), AT + HOUR)
    with pytest.raises(NotAllowed):
        posts.ask_again(late, EVA, where(), AT + HOUR)
    with pytest.raises(UserError):
        posts.ask_again(waiting(AT), ANA, where(), AT + HOUR)
