"""Approving a week, cell by cell: what belongs to it, what is ticked unasked, what a form may claim to have shown."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import posts
from bot.domain.checks import Finding
from bot.domain.posts import Act, Picture, Post, Revision
from bot.domain.week import AHEAD, Choice, Shown, choice_of, place, this_week
from bot.errors import UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
BLOCKER = Finding(key="check.empty", blocks=True)
WARNING = Finding(key="check.empty", blocks=False)
NOTE = Finding(key="check.empty", blocks=False, note=True)


def post(due: datetime | None = AT, id_: str = "p1", *pictures: Picture) -> Post:
    first = Revision(number=1, text="hola", accounts=("x-1",), by="T:ANA", at=AT, pictures=pictures)
    draft = Post(id=id_, brand="agora", author="T:ANA", revisions=(first,), created_at=AT, changed_at=AT)
    return posts.write(draft, first, Act.SUBMIT, due=due)


@pytest.mark.parametrize(
    ("due", "there"),
    [
        (None, True),
        (AT - timedelta(days=30), True),
        (AT, True),
        (AT + AHEAD, True),
        (AT + AHEAD + timedelta(seconds=1), False),
    ],
)
def test_the_week_is_what_is_due_within_seven_days_or_has_no_time(due: datetime | None, there: bool) -> None:
    assert this_week(post(due), AT) is there


@pytest.mark.parametrize(
    ("findings", "stopped", "choice"),
    [
        ([], False, Choice.TICKED),
        ([NOTE], False, Choice.TICKED),
        ([WARNING], False, Choice.OPEN),
        ([NOTE, WARNING], False, Choice.OPEN),
        ([BLOCKER], False, Choice.CLOSED),
        ([BLOCKER, WARNING], True, Choice.CLOSED),
        ([], True, Choice.OPEN),
    ],
)
def test_what_has_to_be_read_is_not_ticked_and_what_is_blocked_cannot_be(
    findings: list[Finding], stopped: bool, choice: Choice
) -> None:
    assert choice_of(post(), findings, stopped=stopped) is choice


def test_a_picture_on_its_way_cannot_be_ticked() -> None:
    coming = Picture(file="F1", name="a.png", type="image/png", size=1)
    assert choice_of(post(AT, "p1", coming), [], stopped=False) is Choice.CLOSED
    assert choice_of(post(AT, "p1", coming.model_copy(update={"blob": "b"})), [], stopped=False) is Choice.TICKED


def test_the_order_is_by_time_and_what_goes_out_at_once_comes_first() -> None:
    listed = [post(AT, "b"), post(AT + timedelta(days=1), "a"), post(None, "z"), post(AT, "a")]
    assert [each.id for each in sorted(listed, key=place)] == ["z", "a", "b", "a"]
    assert len({place(each) for each in listed}) == 4


def test_what_was_shown_rides_along_exactly() -> None:
    shown = Shown.of(post(id_="row:7:x"))
    assert Shown.unpacked(shown.packed) == shown
    assert shown.seen_at == AT
    assert (shown.revision, shown.hash) == (1, post().current.hash)


@pytest.mark.parametrize("forged", ["", "p1", "p1:1:h", "p1:x:h:0", "p1:1:h:-1", "p1:1:h:x", f"{'p' * 300}:1:h:0"])
def test_what_never_was_shown_is_refused(forged: str) -> None:
    with pytest.raises(UserError):
        Shown.unpacked(forged)


def test_a_moment_that_no_clock_shows_is_refused() -> None:
    with pytest.raises(UserError):
        _ = Shown.unpacked(f"p1:1:h:{10**30}").seen_at
