"""Ids that nobody was shown, carried by forms of one's own making; and acts that one person tries to do alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.discovery import find_router
from bot.domain.brands import Role, Standing, Stop
from bot.errors import NotAllowed, UserError
from bot.sandbox import world
from bot.sandbox.slack.payloads import suggestion
from bot.slack.wire import Interaction, Reopen
from tests.rights.cast import CAST, OTHER, OWN, put
from tests.rights.pressing import fields_of, payload
from tests.rights.test_matrix import Stage, open_stage

REVIEW = "C01AGORREV1"
KINDS: dict[str, type[Interaction]] = {f"{kind.KIND} {kind.ID}": kind for kind in find_router().routes().interactions}


@pytest.fixture
async def stage(client: Any, tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(client, tmp_path) as opened:
        yield opened


async def account_of(stage: Stage, brand: str) -> str:
    """An account of a brand, by id."""
    return next(each.id for each in await stage.desk.accounts.of(brand) if each.network == "facebook")


MIXED: dict[str, tuple[str, str, bool, dict[str, Any]]] = {
    "one's brand with another's account": ("brand_admin", "form accounts.form", True, {"account": "facebook-other"}),
    "the same, sent": ("brand_admin", "form accounts.form", False, {"account": "facebook-other"}),
    "another's posts in one's own form": (
        "approver", "form proposals.unpublish_form", False,
        {"delivery": "l-agora-somebody", "accounts": ["l-northwind-somebody"]},
    ),
    "another's answer as one's own": (
        "moderator", "form inbox.reply", False, {"conversation": "c-agora-somebody", "reply": "r-northwind-somebody"},
    ),
    "another's comment": (
        "moderator", "form proposals.delete_form", False,
        {"conversation": "c-agora-somebody", "ref": "ref-northwind-somebody"},
    ),
    "another's brand in one's own draft": (
        "author", "form compose.form", True, {"draft": "d-agora-author", "brand": OTHER, "drawn": OWN},
    ),
    "the same, while editing": (
        "author", "form compose.form", True, {"draft": "p-agora-author", "brand": OTHER, "drawn": OWN, "revision": 2},
    ),
    "another brand, sent": (
        "author", "form compose.form", False, {"draft": "p-agora-author", "brand": OTHER, "drawn": OTHER},
    ),
    "another's draft": ("approver", "form compose.form", False, {"draft": "d-agora-somebody"}),
    "another's accounts in one's own post": (
        "author", "form compose.form", False, {"draft": "new", "accounts": ["facebook-other"], "revision": 0},
    ),
    "another's hand over": ("author", "form duty.offer", False, {"handover": "w-northwind-somebody"}),
    "two brands, one of them one's own": ("author", "form duty.offer", False, {"brands": [OWN, OTHER]}),
    "another's stop": ("author", "form stop.form", False, {"scope": OTHER}),
    "all of them": ("author", "form stop.form", False, {"scope": "all"}),
    "another's record": ("author", "button audit.see", False, {"subject": "p-northwind-somebody"}),
    "another's account in the record": ("author", "button audit.see", False, {"subject": "facebook-other"}),
    "an older revision": ("approver", "button review.approve", False, {"post": "p-agora-somebody", "revision": 1}),
    "a revision to come": ("approver", "button review.approve", False, {"post": "p-agora-somebody", "revision": 3}),
    "another question": ("approver", "button publishing.send_again", False, {"asked": 7}),
    "a post where an answer belongs": ("moderator", "button inbox.undo", False, {"delivery": "h-agora-somebody"}),
    "a draft where a post belongs": ("approver", "button review.see_text", False, {"post": "d-agora-somebody"}),
    "a draft, whole": ("viewer", "button digest.see_post", False, {"post": "d-agora-somebody"}),
    "a draft, taken back": ("approver", "button review.withdraw", False, {"post": "d-agora-somebody"}),
    "a form that waits for somebody else": ("approver", "button form.reopen", False, {"key": "nothing"}),
}  # fmt: skip


@pytest.mark.parametrize(("name", "id_", "live", "forged"), MIXED.values(), ids=MIXED.keys())
async def test_ids_that_were_never_shown(stage: Stage, name: str, id_: str, live: bool, forged: dict[str, Any]) -> None:
    other = await account_of(stage, OTHER)
    kind = KINDS.get(id_, Reopen)
    fields = fields_of(kind, OWN, "somebody", await account_of(stage, OWN), live=live) | forged
    for field, value in fields.items():
        if value == "facebook-other":
            fields[field] = other
        if value == ["facebook-other"]:
            fields[field] = [other]
    before = await stage.dump()
    said = await stage.do(payload(kind, fields, CAST[name], url=stage.url, channel=REVIEW, live=live))
    assert said, "it is said why"
    assert not await stage.put_back(before)
    shown = await stage.desk.accounts.get(other)
    hidden = ["secret of northwind", *([] if name in {"approver", "moderator"} else ["secret of agora"])]
    for secret in filter(None, (*hidden, shown.handle)):  # a brand's name may be said: whom to ask
        assert secret not in said, said


async def test_a_select_suggests_nothing_that_is_not_drawn(stage: Stage) -> None:
    user = {"id": "U90NONE", "name": "x"}
    for action in ("compose.form.brand", "audit.search_form.account", "settings.roles.person"):
        body = suggestion(user, "b", action, "", {"view": {"id": "V", "type": "modal", "callback_id": "compose.form"}})
        assert await stage.do(body) == ""


async def test_ephemeral_buttons_and_home_belong_to_whoever_presses(stage: Stage) -> None:
    kind = KINDS["button review.approve"]
    fields = fields_of(kind, OWN, "somebody", "x")
    for place in ({"container": {"type": "message", "is_ephemeral": True}}, {"view": {"id": "V", "type": "home"}}):
        before = await stage.dump()
        await stage.do(payload(kind, fields, CAST["author"], url=stage.url, channel="D1") | place)
        assert not await stage.put_back(before)
        await stage.do(payload(kind, fields, CAST["approver"], url=stage.url, channel="D1") | place)
        assert await stage.put_back(before)


async def alone(stage: Stage, who: Standing) -> list[str]:
    """Every way by which one person might do a sensitive act; answers those that worked."""
    desk, account = stage.desk, await account_of(stage, OWN)
    brand = await desk.brand(OWN)
    await put(desk, Stop(id=OWN, by=who.id, at=desk.now()))
    loose = brand.policies.model_copy(update={"four_eyes": False})
    wanted = brand.model_copy(update={"policies": loose, "version": 0})
    power = frozenset({Role.APPROVER})
    made = {
        "disconnect": await desk.proposing.disconnect("one1", account, "x", who),
        "policies": await desk.proposing.policies("one2", OWN, loose, "x", who),
        "roles": await desk.proposing.roles("one3", OWN, CAST["none"].id, power, "x", who),
        "unpublish": await desk.proposing.unpublish("one4", ["l-agora-somebody"], "x", who),
        "comment": await desk.proposing.delete_comment("one5", "c-agora-somebody", "ref-agora-somebody", "x", who),
    }
    tries = {
        "resume": lambda: desk.stops.resume(OWN, who),
        "change": lambda: desk.brands.change(OWN, who, policies=loose),
        "replace": lambda: desk.brands.replace(wanted, who),
        "give": lambda: desk.brands.set_roles(OWN, CAST["none"].id, power, who),
        "take": lambda: desk.brands.set_roles(OWN, CAST["approver"].id, frozenset(), who),
        "again": lambda: desk.proposing.disconnect("two1", account, "y", who),
    }
    for name, proposal in made.items():
        assert proposal is not None
        assert not proposal.over
        tries[f"second {name}"] = lambda id_=proposal.id: desk.proposals.confirm(id_, who)  # type: ignore[misc]
        shouted = who.model_copy(update={"admin": True})
        tries[f"second {name} as an admin"] = lambda id_=proposal.id, s=shouted: desk.proposals.confirm(id_, s)  # type: ignore[misc]
    worked = []
    for name, attempt in tries.items():
        try:
            await attempt()  # type: ignore[no-untyped-call]
        except UserError:
            continue
        worked.append(name)
    return worked


@pytest.mark.parametrize("name", ["brand_admin", "workspace_admin"])
async def test_nobody_is_two_people(stage: Stage, name: str) -> None:
    desk, before = stage.desk, await stage.desk.brand(OWN)
    who = await desk.standing(CAST[name].id)
    assert await alone(stage, who) == []
    after = await desk.brand(OWN)
    assert (after.policies, after.roles) == (before.policies, before.roles)
    assert (await desk.accounts.get(await account_of(stage, OWN))).sealed
    assert await desk.stopped(OWN)
    for written in (who.id.lower(), who.id.replace(world.TEAM_ID, "T99OTHER001"), f"{who.id} "):
        twice = await desk.standing(written)
        with pytest.raises(NotAllowed):
            await desk.proposals.confirm("one1", twice)
        with pytest.raises(NotAllowed):
            await desk.stops.resume(OWN, twice)
    second = await desk.standing(CAST["workspace_admin" if name == "brand_admin" else "brand_admin"].id)
    assert (await desk.proposals.confirm("one2", second)).decided_by == second.id
    assert not (await desk.brand(OWN)).policies.four_eyes
