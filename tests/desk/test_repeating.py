"""Repeating over the real store: each once, skipped days told, and what was withdrawn stays so."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.desk import Desk
from bot.domain.house_rules import HouseRules, SpecialDay
from bot.domain.posts import PostStatus
from bot.domain.recurrence import Every
from bot.errors import NotAllowed, UserError
from tests.desk.conftest import Team
from tests.desk.test_posts import content

DUE = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


async def test_each_goes_to_review_once_however_often_it_is_asked(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(due=DUE), people.ana)
    first = await desk.repeating.repeat("p1", Every.WEEK, 2, people.ana, revision=1)
    assert list(first.made) == [DUE + timedelta(weeks=1), DUE + timedelta(weeks=2)]
    (waiting,) = [each for each in await desk.agenda.queue(people.ana) if each.brand.id == "agora"]
    ids = [entry.post.id for entry in waiting.entries if entry.post.id != "p1"]
    assert {entry.post.status for entry in waiting.entries} == {PostStatus.IN_REVIEW}
    await desk.posts.withdraw(ids[0], people.ana)  # this one is skipped
    again = await desk.repeating.repeat("p1", Every.WEEK, 3, people.ana, revision=1)
    assert (list(again.made), again.before) == ([DUE + timedelta(weeks=3)], 2)
    assert (await desk.posts.get(ids[0])).status is PostStatus.WITHDRAWN


async def test_a_day_without_posts_is_left_out_and_told(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(due=DUE), people.ana)
    closed = HouseRules(days=(SpecialDay(name="Luto", month=3, day=12),))
    await desk.brands.change("agora", people.admin, rules=closed)
    done = await desk.repeating.repeat("p1", Every.WEEK, 2, people.ana, revision=1)
    assert list(done.made) == [DUE + timedelta(weeks=2)]
    ((at, why),) = done.left
    assert (at, why.key) == (DUE + timedelta(weeks=1), "check.blackout")


async def test_what_has_no_time_changed_or_isnt_theirs_is_refused(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    await desk.posts.submit("p2", content(due=DUE), people.ana)
    for id_, revision, key in (("p1", 1, "repeat.no_time"), ("p2", 7, "error.newer_revision")):
        with pytest.raises(UserError) as refused:
            await desk.repeating.repeat(id_, Every.MONTH, 1, people.ana, revision=revision)
        assert refused.value.key == key
    with pytest.raises(NotAllowed):
        await desk.repeating.repeat("p2", Every.MONTH, 1, people.eva, revision=1)
