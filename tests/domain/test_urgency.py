"""Urgent, cell by cell: who is told, and everything that must be so before an author sends alone."""

from datetime import datetime, timedelta

import pytest

from bot.domain import posts, urgency
from bot.domain.brands import Brand, Role, Standing
from bot.domain.posts import Act, Post, PostStatus, Revision
from bot.domain.reviewing import ONE_APPROVER
from bot.domain.urgency import WAIT
from bot.domain.watch import Team
from bot.errors import AlreadyDone, NotAllowed, UserError
from tests.domain.test_reviewing import ADMIN, ANA, AT, BRUNO, CARLA, CLIENT, DAVID, EVA, LEGAL, LUZ, brand, in_review

THEN = AT + WAIT


def allowed() -> Brand:
    return brand(urgent_alone=True)


def marked(post: Post | None = None, who: Standing = ANA) -> Post:
    return urgency.mark(post or in_review(), who, brand(), AT)


def send(
    post: Post,
    who: Standing = ANA,
    where: Brand | None = None,
    *,
    number: int = 1,
    now: datetime = THEN,
    blocked: bool = False,
) -> Post:
    return urgency.send_alone(post, who, where or allowed(), number, now, "ya", blocked=blocked)


def test_an_author_sends_alone_after_ten_minutes_and_it_says_so_for_ever() -> None:
    sent = send(marked())
    assert (sent.status, sent.approved, sent.signatures) == (PostStatus.APPROVED, sent.current.hash, ())
    made = sent.decisions[-1]
    assert (made.act, made.by, made.reason, made.alone, made.fixed) == (Act.APPROVE, ANA.id, "ya", True, False)


def test_nobody_else_and_no_trainee() -> None:
    for who in (BRUNO, CARLA, EVA, LUZ, ADMIN):
        with pytest.raises(NotAllowed):
            send(marked(), who)
    trainee = allowed().model_copy(update={"roles": {ANA.id: frozenset({Role.TRAINEE})}})
    with pytest.raises(NotAllowed):
        send(marked(), where=trainee)


@pytest.mark.parametrize(
    ("number", "now", "blocked", "key"),
    [
        (1, THEN - timedelta(seconds=1), False, "urgency.too_soon"),
        (2, THEN, False, "error.newer_revision"),
        (1, THEN, True, "error.blocked"),
    ],
)
def test_what_keeps_it_back(number: int, now: datetime, blocked: bool, key: str) -> None:
    with pytest.raises(UserError) as refusal:
        send(marked(), number=number, now=now, blocked=blocked)
    assert refusal.value.key == key


def test_only_where_the_brand_allows_it_and_only_what_was_marked() -> None:
    with pytest.raises(UserError) as policy:
        send(marked(), where=brand())
    assert policy.value.key == "urgency.not_allowed"
    with pytest.raises(UserError) as unmarked:
        send(in_review())
    assert unmarked.value.key == "urgency.not_marked"


def test_other_words_are_not_urgent_any_more() -> None:
    other = posts.write(
        marked(), Revision(number=1, text="otra", accounts=("x-1",), by=ANA.id, at=AT), Act.SUBMIT, due=None
    )
    assert urgency.mark_of(other) is None
    with pytest.raises(UserError):
        send(other, number=2)
    again = urgency.mark(other, ANA, brand(), THEN)
    assert urgency.mark_of(again) is not None


def test_it_is_marked_once_by_who_may_edit_and_only_in_review() -> None:
    with pytest.raises(AlreadyDone):
        urgency.mark(marked(), BRUNO, brand(), THEN)
    for who in (EVA, LUZ, DAVID):
        with pytest.raises(NotAllowed):
            urgency.mark(in_review(), who, brand(), AT)
    for status in set(PostStatus) - {PostStatus.IN_REVIEW, PostStatus.DRAFT}:
        with pytest.raises(UserError):
            urgency.mark(in_review().model_copy(update={"status": status}), ANA, brand(), AT)


def test_who_is_told() -> None:
    nobody = Team()
    assert urgency.whom(in_review(), brand(), nobody) == (BRUNO.id, CARLA.id)
    assert urgency.whom(in_review(), brand(LEGAL), nobody) == (DAVID.id, CARLA.id)
    assert urgency.whom(in_review(), brand(LEGAL), Team(gone=frozenset({CARLA.id}))) == (DAVID.id,)


def test_who_hears_of_what_was_sent_without_them() -> None:
    admins = Team(admins=frozenset({ADMIN.id}))
    staged = brand(ONE_APPROVER, LEGAL, CLIENT)
    assert set(urgency.everyone(in_review(), staged, admins)) == {BRUNO.id, CARLA.id, DAVID.id, LUZ.id, ADMIN.id}
    assert ANA.id not in urgency.everyone(in_review(), staged, Team(admins=frozenset({ANA.id})))


def test_its_author_is_told_once_and_only_where_it_is_allowed() -> None:
    post = marked()
    assert not urgency.offered(post, allowed(), THEN - timedelta(seconds=1))
    assert urgency.offered(post, allowed(), THEN)
    assert not urgency.offered(post, brand(), THEN)
    assert not urgency.offered(in_review(), allowed(), THEN)
    assert post.urgent is not None
    told = post.model_copy(update={"urgent": post.urgent.model_copy(update={"offered": True})})
    assert not urgency.offered(told, allowed(), THEN)
