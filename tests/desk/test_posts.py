"""Drafting and review through the real store: one act each, however often and by however many."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.deliveries import State
from bot.domain.posts import PostStatus
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from tests.desk.conftest import Clock, Team


def content(**more: object) -> Content:
    return Content.model_validate({"brand": "agora", "text": "hola", "accounts": ("letters-agora",), **more})


async def audit(desk: Desk) -> list[str]:
    entries: Any = await desk.store.client.xrange(desk.store.key("audit"))
    return [json.loads(fields["entry"])["act"] for _, fields in entries]


async def test_what_is_typed_is_kept_and_can_be_continued(desk: Desk, people: Team) -> None:
    for text in ("h", "ho", "hol &amp; <b>"):
        await desk.posts.save("p1", content(text=text), people.ana)
    (draft,) = await desk.posts.drafts(people.ana)
    assert (draft.current.text, draft.current.number) == ("hol &amp; <b>", 1)
    await desk.posts.submit("p1", content(), people.ana)
    assert not await desk.posts.drafts(people.ana)


async def test_a_late_keystroke_does_not_pull_a_post_out_of_review(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    post = await desk.posts.save("p1", content(text="later"), people.ana)
    assert (post.status, post.current.text) == (PostStatus.IN_REVIEW, "hola")


async def test_the_same_form_at_once_is_one_post(desk: Desk, people: Team) -> None:
    posts = await asyncio.gather(*(desk.posts.submit("p1", content(), people.ana) for _ in range(6)))
    assert {len(post.revisions) for post in posts} == {1}
    assert (await audit(desk)).count("post.submit") == 1


async def test_approving_plans_one_delivery_an_account(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    post = await desk.posts.approve("p1", people.bruno, revision=1)
    (delivery,) = await desk.posts.deliveries("p1")
    assert (delivery.state, delivery.hash, delivery.account) == (State.PLANNED, post.approved, "letters-agora")
    assert await desk.store.client.zcard(desk.store.key("index", "due")) == 1


async def test_two_approvers_in_the_same_moment_are_one_act(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    answers = await asyncio.gather(
        desk.posts.approve("p1", people.bruno, revision=1),
        desk.posts.approve("p1", people.admin, revision=1),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDone", "Post"]
    assert len(await desk.posts.deliveries("p1")) == 1
    assert (await audit(desk)).count("post.approve") == 1


async def test_strangers_and_other_brands_change_nothing(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    before = await desk.posts.get("p1")
    for who in (people.eva, people.diego, people.carla, people.ana):
        with pytest.raises(NotAllowed):
            await desk.posts.approve("p1", who, revision=1)
    with pytest.raises(NotAllowed):
        await desk.posts.submit("p2", content(), people.diego)
    assert await desk.posts.get("p1") == before


async def test_an_edit_voids_the_approval_and_withdraws_what_was_planned(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(due=desk.now() + timedelta(hours=2)), people.ana)
    await desk.posts.approve("p1", people.bruno, revision=1)
    edited = await desk.posts.submit("p1", content(text="otra"), people.ana)
    assert (edited.status, edited.approved) == (PostStatus.IN_REVIEW, "")
    assert [d.state for d in await desk.posts.deliveries("p1")] == [State.WITHDRAWN]
    assert await desk.store.client.zcard(desk.store.key("index", "due")) == 0
    await desk.posts.approve("p1", people.bruno, revision=2)
    states = sorted(d.state for d in await desk.posts.deliveries("p1"))
    assert states == [State.PLANNED, State.WITHDRAWN]


async def test_the_same_content_can_be_approved_again_after_its_time_moved(
    desk: Desk, people: Team, clock: Clock
) -> None:
    await desk.posts.submit("p1", content(due=desk.now() + timedelta(hours=2)), people.ana)
    await desk.posts.approve("p1", people.bruno, revision=1)
    await desk.posts.submit("p1", content(due=desk.now() + timedelta(hours=3)), people.ana)
    await desk.posts.approve("p1", people.bruno, revision=1)
    assert sorted(d.state for d in await desk.posts.deliveries("p1")) == [State.PLANNED, State.WITHDRAWN]


async def test_blockers_stand_beside_their_fields(desk: Desk, people: Team, clock: Clock) -> None:
    wrong = content(text="x" * 21, accounts=(), due=clock.at - timedelta(hours=1))
    with pytest.raises(FieldErrors) as refusal:
        await desk.posts.submit("p1", wrong, people.ana)
    assert set(refusal.value.fields) == {"accounts", "at"}
    with pytest.raises(FieldErrors) as refusal:
        await desk.posts.submit("p1", content(text="x" * 21), people.ana)
    assert refusal.value.fields["text"].key == "check.too_long"
    with pytest.raises(FieldErrors) as refusal:
        await desk.posts.submit("p1", content(accounts=("letters-northwind",)), people.ana)
    assert refusal.value.fields["accounts"].key == "check.foreign_account"
    assert await desk.posts.drafts(people.ana) == []


async def test_withdrawn_is_withdrawn_everywhere(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    await desk.posts.approve("p1", people.bruno, revision=1)
    await desk.posts.withdraw("p1", people.ana)
    assert [d.state for d in await desk.posts.deliveries("p1")] == [State.WITHDRAWN]
    with pytest.raises(AlreadyDone):
        await desk.posts.withdraw("p1", people.ana)


async def test_what_may_be_public_is_neither_edited_nor_withdrawn(desk: Desk, people: Team) -> None:
    await desk.posts.submit("p1", content(), people.ana)
    await desk.posts.approve("p1", people.bruno, revision=1)
    (delivery,) = await desk.posts.deliveries("p1")
    await desk.deliveries.live(delivery.id, "r1", "")
    for attempt in (desk.posts.withdraw("p1", people.ana), desk.posts.submit("p1", content(text="z"), people.ana)):
        with pytest.raises(UserError, match="already_out"):
            await attempt


async def test_only_the_author_discards_a_draft(desk: Desk, people: Team) -> None:
    await desk.posts.save("p1", content(), people.ana)
    with pytest.raises(UserError):
        await desk.posts.discard("p1", people.bruno)
    await desk.posts.discard("p1", people.ana)
    assert await desk.posts.drafts(people.ana) == []
