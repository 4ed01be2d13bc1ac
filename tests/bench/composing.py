"""Writing a post in a team that planned months ahead: form, checks and card come while somebody waits."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.discovery import find_router
from bot.domain.brands import Account, Brand, Member, Role, Standing
from bot.domain.posts import Post
from bot.sandbox import world
from bot.slack.call import Scene
from bot.slack.client import SlackApi
from bot.slack.dispatch import Arrival, Dispatcher
from bot.slack.people import People
from bot.slack.perform import Performer
from bot.store.launcher import connect
from handlers.views.review import ReviewCard
from tests.bench import slack_stub
from tests.bench.instant import Instant, open_desk, put, settle_in
from tests.bench.planned import TEXT, spread
from tests.bench.processes import folder_with_store
from tests.bench.scale import Scale
from tests.bench.scheduled import timed
from tests.bench.table import Line, Wrong, median, ms, quantile

BRANDS, EACH = 4, 5
"""A post goes on all five accounts of a brand."""
FEW = 100
"""Planned posts of the baseline: a team in its first week."""
DAYS = 140
TIMES = 40
MOST = 0.15
TEAM = "T01BENCH001"
ME = f"{TEAM}:UANA"
ROLES = frozenset({Role.AUTHOR, Role.APPROVER})


async def run(scale: Scale) -> list[Line]:
    """The same in a store with few plans, and in one that is full of them."""
    few, many = await _writing(FEW), await _writing(scale.scheduled)
    said = ("form", "checks", "card")
    told = ", ".join(f"{name} {ms(median(took))}" for name, took in zip(said, many, strict=True))
    whole = [sum(parts) for parts in zip(*many, strict=True)]
    base = median([sum(parts) for parts in zip(*few, strict=True)])
    slow = quantile(whole, 0.95)
    return [
        Line(
            "compose_p95",
            f"a post on {EACH} accounts: form opened, checked and sent in, card drawn; {scale.scheduled:,} planned",
            f"< {MOST * 1000:.0f} ms",
            f"p50 {ms(median(whole))} ({told}), p95 {ms(slow)}",
            f"with {FEW} planned p50 {ms(base)}",
            median(whole) / base,
            slow < MOST,
            slow,
            "s",
            base,
        )
    ]


async def _writing(planned: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each form, of each sending in, of each card."""
    async with folder_with_store() as (_, url), slack_stub.listening() as stub:
        client = connect(url)
        api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{stub.url}/api/")
        try:
            desk = open_desk(client, Instant())
            brands, accounts = await settle_in(desk, brands=BRANDS, accounts=EACH)
            await _inhabit(desk, brands)
            every = timedelta(days=DAYS) / planned
            made = spread(accounts, planned, desk.now() + timedelta(hours=1), every)
            await put(desk, [record for pair in made for record in pair])
            found = await _measured(desk, brands[0], accounts[:EACH], api, stub.url)
            if stub.asked["views.open"] != TIMES:
                raise Wrong(f"{stub.asked['views.open']} of {TIMES} forms were opened")
            return found
        finally:
            await api.close()
            await client.aclose()


async def _inhabit(desk: Desk, brands: Sequence[Brand]) -> None:
    """Somebody who writes and approves in every brand."""
    for brand in brands:
        kept = await desk.brand(brand.id)
        change = desk.store.begin()
        change.put(kept.model_copy(update={"roles": {ME: ROLES}}), kept)
        await change.commit()
    await put(desk, [Member(id=ME, name="Ana", seen_at=desk.now())])


async def _measured(
    desk: Desk, brand: Brand, accounts: Sequence[Account], api: SlackApi, url: str
) -> tuple[list[float], list[float], list[float]]:
    router, people = find_router(), People(desk.store, api, desk.now)
    dispatcher = Dispatcher(router, desk=desk, people=people, performer=Performer(api, desk.store))
    scene = Scene(desk=desk, member=people.member, where=_nowhere, link=_no_link, channel=brand.channel("review"))
    draw, who, numbers = router.routes().cards[ReviewCard], await desk.standing(ME), itertools.count(1)

    async def form() -> None:
        await dispatcher.take(_command(next(numbers), brand, url), Arrival(at=desk.now(), correlation="c"))

    async def sent_in() -> None:
        await _submit(desk, f"new{next(numbers)}", brand, accounts, who)

    async def card() -> None:
        if await draw(ReviewCard(post=f"new{next(numbers) - 1}"), scene) is None:
            raise Wrong("a post in review has no card")

    forms, checks, cards = list[float](), list[float](), list[float]()
    for _ in range(TIMES):
        forms += await timed(form, 1)
        checks += await timed(sent_in, 1)
        cards += await timed(card, 1)
    return forms, checks, cards


async def _submit(desk: Desk, id_: str, brand: Brand, accounts: Sequence[Account], who: Standing) -> Post:
    text, ids = f"{TEXT} ({id_})", tuple(account.id for account in accounts)
    return await desk.posts.submit(id_, Content(brand=brand.id, text=text, accounts=ids), who)


def _command(number: int, brand: Brand, url: str) -> dict[str, Any]:
    return {
        "command": "/vocero", "text": f"post {TEXT}", "user_id": "UANA", "user_name": "ana", "team_id": TEAM,
        "channel_id": brand.channel("review"), "trigger_id": f"t.{number}", "response_url": f"{url}/respond/{number}",
    }  # fmt: skip


async def _nowhere(_: object) -> None:
    return None


async def _no_link(_: object) -> str:
    return ""
