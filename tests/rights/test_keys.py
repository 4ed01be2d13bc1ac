"""Rights hang on team and user id and on nothing that somebody can write themselves; and they end with the person."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.brands import Member, Role
from bot.domain.duty import OffHours, Shift
from bot.domain.posts import PostStatus
from bot.errors import NotAllowed
from bot.sandbox import world
from bot.slack.gate import Gate
from bot.slack.people import People
from handlers.views.decisions import Approve
from tests.handlers.demo import NAMES, Town, open_town
from tests.handlers.test_review import sent
from tests.rights.cast import CAST, OTHER_TEAM, OWN, put, stop_of
from tests.rights.pressing import payload
from tests.rights.test_matrix import Stage, open_stage

REVIEW = "C01AGORREV1"


@pytest.fixture
async def town(client: Any, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(client, tmp_path) as opened:
        yield opened


@pytest.fixture
async def stage(client: Any, tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(client, tmp_path) as opened:
        yield opened


async def admin_does(town: Town, act: str, user: str) -> None:
    """Slack's own administrator."""
    await town.act("admin", act=act, user=user)


async def test_who_was_deactivated_loses_everything_at_the_next_press(town: Town) -> None:
    post = await sent(town)
    found = await town.button("agora-review", "Aprobar y publicar")
    await admin_does(town, "deactivate", "bruno")
    town.clock.skip(minutes=6)
    people = People(town.desk.store, town.api, town.clock)
    assert (await people.acting(NAMES["bruno"])).gone
    who = await town.desk.standing(NAMES["bruno"])
    assert not (await town.desk.brand(OWN)).roles_of(who)
    with pytest.raises(NotAllowed):
        await town.desk.posts.approve(post.id, who, revision=1)
    page = await town.desk.pages.post(post.id)
    assert page.approvers == (NAMES["admin"],), "the brand has no other approver and no admin of its own"
    assert found["action_id"] == "review.approve"
    assert (await town.desk.posts.get(post.id)).status is PostStatus.IN_REVIEW


async def test_a_press_within_slacks_guest_account_counts_for_less(town: Town) -> None:
    await sent(town)
    await admin_does(town, "guest", "bruno")
    town.clock.skip(minutes=6)
    found = await town.button("agora-review", "Aprobar y publicar")
    answer = await town.press("bruno", "agora-review", "", ts=found["ts"], action=found["action_id"])
    assert "hace falta el rol" in str(answer["ephemeral"])
    await admin_does(town, "member", "bruno")
    town.clock.skip(minutes=6)
    await town.press("bruno", "agora-review", "Aprobar y publicar")
    assert await town.desk.store.listed(type(await _only(town)), f"posts:agora:{PostStatus.APPROVED}")


async def _only(town: Town) -> Any:
    for status in PostStatus:
        async for key in town.desk.store.client.scan_iter(town.desk.store.key("index", f"posts:agora:{status}")):
            (id_, *_) = await town.desk.store.client.zrange(key, 0, 0)
            return await town.desk.posts.get(str(id_))
    raise AssertionError("no post")


async def test_duty_and_seconding_skip_who_left(stage: Stage) -> None:
    desk, admin = stage.desk, await stage.desk.standing(CAST["workspace_admin"].id)
    brand = await desk.brand(OWN)
    shift = Shift(days=frozenset(range(7)), start=0, end=0, member=CAST["approver"].id, deputy=CAST["author"].id)
    written = await desk.duty.set_rota(OWN, [shift], OffHours.ADMINS, admin)
    assert (await desk.duty.watch(written)).members == (CAST["approver"].id,)
    await put(desk, Member(id=CAST["approver"].id, gone=True, seen_at=desk.now()))
    watch = await desk.duty.watch(written)
    assert CAST["approver"].id not in watch.members
    assert CAST["approver"].id in watch.skipped
    made = await desk.proposing.disconnect("new1", next(iter(await desk.accounts.of(OWN))).id, "x", admin)
    asked = await desk.proposals.asked(made, brand)
    assert CAST["brand_admin"].id in asked
    out = {CAST[name].id for name in ("gone", "guest", "stranger", "bot", "approver", "workspace_admin")}
    assert not out & set(asked)


async def test_names_give_nothing(stage: Stage) -> None:
    desk = stage.desk
    none, approver = CAST["none"].id, CAST["approver"].id
    for name in ("Sr. approver", "Ana (admin)", f"<@{approver.partition(':')[2]}>", "*admin*", "</b>", "a" * 3000):
        await put(desk, Member(id=none, name=name, handle="approver", seen_at=desk.now()))
        assert not (await desk.brand(OWN)).roles_of(await desk.standing(none)), name
    await put(desk, Member(id=approver, name="Nadie", handle="none", seen_at=desk.now()))
    assert Role.APPROVER in (await desk.brand(OWN)).roles_of(await desk.standing(approver))
    for id_ in (approver.lower(), approver.upper() + " ", f"{OTHER_TEAM}:{approver.partition(':')[2]}", f":{approver}"):
        assert not (await desk.brand(OWN)).roles_of(await desk.standing(id_)), id_


async def test_an_owner_elsewhere_with_the_same_user_id_is_nobody_here(town: Town) -> None:
    user = NAMES["admin"].partition(":")[2]
    found = await People(town.desk.store, town.api, town.clock).member(f"{OTHER_TEAM}:{user}")
    assert found.outside
    assert not found.owner
    assert not await town.desk.brands.first_admin(found)


TEAMS = {
    "another workspace's press": {"team": {"id": OTHER_TEAM}},
    "two workspaces in one payload": {"team_id": OTHER_TEAM},
    "a person of another workspace": {"user": {"id": "U90APPROVER", "team_id": OTHER_TEAM}},
    "a person of no workspace in another": {"user": {"id": "U90APPROVER"}, "team": {"id": OTHER_TEAM}},
    "an organisation instead of a workspace": {"team": None, "enterprise": {"id": "E1"}, "is_enterprise_install": True},
    "another id's letters": {"user": {"id": "u90approver", "team_id": world.TEAM_ID}},
    "nobody": {"user": {}},
}


@pytest.mark.parametrize("forged", TEAMS.values(), ids=TEAMS.keys())
async def test_a_payload_that_contradicts_itself_does_nothing(stage: Stage, forged: dict[str, Any]) -> None:
    fields = {"post": "p-agora-somebody", "revision": 2, "seen": 0, "sure": True, "despite": stop_of("agora").note}
    body = payload(Approve, fields, CAST["approver"], url=stage.url, channel=REVIEW)
    before = await stage.dump()
    gate = Gate(stage.desk.store, stage.dispatcher, team=world.TEAM_ID, me="r", bot_user=world.BOT_USER_ID, settle=0.0)
    async with gate:
        await gate.take(body | forged, {})
        await gate.idle()
        assert not await stage.put_back(before)
        await gate.take(body | {"trigger_id": "another"}, {})
        await gate.idle()
    assert await stage.put_back(before), "the same press without the forgery does something"


async def test_an_event_that_another_workspace_authorized_is_not_ours(stage: Stage) -> None:
    event = {"type": "app_home_opened", "user": "U90APPROVER", "channel": "D1", "tab": "home", "event_ts": "1.0"}
    body = {
        "type": "event_callback", "team_id": world.TEAM_ID, "event_id": "E9", "event": event,
        "authorizations": [{"team_id": OTHER_TEAM, "user_id": "UX", "is_bot": True}],
    }  # fmt: skip
    gate = Gate(stage.desk.store, stage.dispatcher, team=world.TEAM_ID, me="r", bot_user="UB", settle=0.0)
    async with gate:
        assert (await gate.take(body, {})).status == 200
        assert not await stage.desk.store.client.xlen(stage.desk.store.key("inbox"))


async def test_only_ones_own_is_listed(stage: Stage) -> None:
    desk = stage.desk
    for name in ("none", "guest", "gone", "stranger", "bot", "twin"):
        who = await desk.standing(CAST[name].id)
        assert not await desk.brands.mine(who), name
        assert not await desk.stops.scopes(who), name
        page = await desk.days.home(who, await desk.member(who.id), zone="UTC")
        assert not page.day.day.brands, name
        assert not page.day.alarms, name
        assert not page.brands, name
    author = await desk.standing(CAST["author"].id)
    assert {part.brand.id for part in (await desk.days.today(author, zone="UTC")).day.brands} == {OWN}
    assert {post.id for post in await desk.posts.drafts(author)} == {"d-agora-author"}
    found = await desk.audit.reach(author)
    assert set(found.brands) == {OWN}
    assert {account.brand for account in found.accounts.values()} == {OWN}
