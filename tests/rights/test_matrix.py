"""Everybody tries everything, on everybody's things in every brand: only what the table says happens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk.desk import Desk
from bot.discovery import find_router
from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.slack.wire import Interaction
from bot.text.words import words_for
from tests.handlers.demo import Town, open_town
from tests.rights.cast import CAST, OTHER, OWN, PRACTICE, settle_in
from tests.rights.pressing import fields_of, payload
from tests.rights.table import INTERACTIONS, Rule

ROUTES = find_router().routes()
KINDS: dict[str, tuple[type[Interaction], bool]] = {
    f"{kind.KIND} {kind.ID}": (kind, False) for kind in ROUTES.interactions
} | {f"live {kind.ID}": (kind, True) for kind in (*ROUTES.live, *ROUTES.closed)}
REVIEW = "C01AGORREV1"
CHANNELS = (REVIEW, "C01NORTREV1", "G90PRIVATE", "C90SHARED", "D90DIRECT")
COMES_AND_GOES = ("audit", "commit", "member", "index:members", "reopen", "inbox", "answer", "seen")
BUGS = ("Algo ha fallado", "bug")


@dataclass
class Stage:
    """The town with the cast in it, a dispatcher, and what people were told."""

    town: Town
    dispatcher: Dispatcher
    url: str
    told: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """The desk."""
        return self.town.desk

    async def dump(self) -> dict[str, bytes]:
        """Everything that is stored, but for what may come and go."""
        store, raw = self.desk.store, self.desk.store.client
        keys = [str(key) async for key in raw.scan_iter("{" + store.team + "}:*", count=5000)]
        kept = sorted(key for key in keys if not key.partition(":")[2].startswith(COMES_AND_GOES))
        async with raw.pipeline(transaction=False) as pipe:
            for key in kept:
                pipe.execute_command("DUMP", key, NEVER_DECODE=True)
            found: list[Any] = await pipe.execute()
        return {key: bytes(value) for key, value in zip(kept, found, strict=True) if value}

    async def put_back(self, before: dict[str, bytes]) -> set[str]:
        """As it was; answers what had changed. What is restored may be dumped in another order from then on."""
        after = await self.dump()
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        raw: Any = self.desk.store.client
        for key in changed:
            await self.desk.store.client.delete(key)
            if key in before:
                await raw.execute_command("RESTORE", key, 0, before[key], "REPLACE")
        if changed:
            before.clear()
            before.update(await self.dump())
        return changed

    async def refused_since(self, last: str) -> list[str]:
        """The refusals on record after an entry."""
        store = self.desk.store
        entries: Any = await store.client.xrange(store.key("audit"), min=f"({last}" if last else "-")
        return [str(fields["entry"]) for _, fields in entries if "denied:" in fields["entry"]]

    async def last(self) -> str:
        """The newest entry of the record."""
        entries: Any = await self.desk.store.client.xrevrange(self.desk.store.key("audit"), count=1)
        return str(entries[0][0]) if entries else ""

    async def do(self, body: Mapping[str, Any]) -> str:
        """One payload, whole; answers what the person was told."""
        self.told.clear()
        ack = await self.dispatcher.take(body, Arrival(at=self.desk.now(), correlation="c"))
        return "\n".join([*self.told, str(ack) if ack else ""])


@asynccontextmanager
async def open_stage(client: Any, folder: Path) -> AsyncIterator[Stage]:
    """Slack takes whatever it is told; what people are told by response_url is kept."""
    told: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        told.append(await request.text())
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_post("/", hear)
    async with open_town(client, folder) as town, TestServer(app) as server:
        taken = {"ok": True, "ts": "1.0", "channel": {"id": "D1"}, "user": {"id": "U1"}, "view": {"id": "V1"}}
        await town.fault(target="slack", status=200, body=taken, times=10**9)
        await settle_in(town.desk)
        now = town.desk.now()
        people = People(town.desk.store, town.api, lambda: now)
        dispatcher = Dispatcher(
            find_router(), desk=town.desk, people=people, performer=Performer(town.api, town.desk.store)
        )
        yield Stage(town, dispatcher, str(server.make_url("/")), told)


def cases(rule: Rule, name: str) -> list[tuple[str, str, bool]]:
    """Brand, whose thing, and whether this person may: all that the table says of one act and one person."""
    everywhere = name if name in rule.others else ""
    found = [(OWN, "somebody", bool(everywhere))]
    if rule.anywhere:
        return found
    abroad = bool(everywhere) and name == "workspace_admin"
    found += [(OTHER, "somebody", abroad), (PRACTICE, "somebody", abroad)]
    return [*found, (OWN, name, name in (rule.others if rule.mine is None else rule.mine))]


def test_everything_that_is_routed_has_a_row() -> None:
    assert set(KINDS) == set(INTERACTIONS)


def test_everything_is_pressed_with_all_that_it_carries() -> None:
    """A press that lacks a part is refused before anybody's role is looked at, and proves nothing."""
    lacking = {
        id_: missing
        for id_, (kind, live) in KINDS.items()
        if (
            missing := {name for name, about in kind.model_fields.items() if about.is_required()}
            - fields_of(kind, OWN, "somebody", "a", live=live).keys()
        )
    }
    assert not lacking


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_every_interaction_by_everybody(client: Any, tmp_path: Path) -> None:
    wrong, tried = [], 0
    english = words_for("en-US")
    async with open_stage(client, tmp_path) as stage:
        before = await stage.dump()
        accounts = {brand: await account_in(stage.desk, brand) for brand in (OWN, OTHER, PRACTICE)}
        for id_, (kind, live) in KINDS.items():
            for name, person in CAST.items():
                for brand, owner, may in cases(INTERACTIONS[id_], name):
                    channel = CHANNELS[tried % len(CHANNELS)]  # where it is pressed changes nothing
                    fields = fields_of(kind, brand, owner, accounts[brand], live=live)
                    body = payload(kind, fields, person, url=stage.url, channel=channel, live=live)
                    last = await stage.last()
                    said = await stage.do(body)
                    refused = await stage.refused_since(last)
                    changed = await stage.put_back(before)
                    tried += 1
                    case = f"{id_} by {name} on {owner}'s in {brand}"
                    if may and refused:
                        wrong.append(f"refused: {case}")
                    if not may and not refused:
                        wrong.append(f"let through: {case}: {said[:150]}")
                    if not may and changed:
                        wrong.append(f"changed {sorted(changed)[:3]}: {case}")
                    if not may and f"secret of {brand}" in said:
                        wrong.append(f"shown: {case}")
                    heard = said.strip() and english("error.admins_only") not in said and "This needs the" not in said
                    if not may and not heard and kind.KIND in {"button", "command", "form"}:
                        wrong.append(f"not told why: {case}: {said[:100]}")
    assert tried >= 500
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong[:60])


async def account_in(desk: Desk, brand: str) -> str:
    """An account of a brand, by id."""
    found = await desk.accounts.of(brand)
    return next((each.id for each in found if each.network != "x"), found[0].id)
