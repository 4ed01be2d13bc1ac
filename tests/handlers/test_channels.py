"""A channel that can't be written to: its people hear of it, once for each outage, and nothing is lost."""

import pytest

from bot.domain.brands import Role
from tests.handlers.demo import NAMES, Town

REVIEW = "#northwind-review"


async def submitted(town: Town, text: str) -> None:
    """A post of Northwind's in review, its card not yet drawn."""
    view = (await town.command("diego", "post", "northwind-review"))["view"]
    await town.act("submit", user="diego", view_id=view["id"], values={"compose.form.text": text})


async def step(town: Town, times: int = 4) -> None:
    """Events become cards, as far as channels can be written to."""
    for _ in range(times):
        await town.relay.step()
        await town.deck.serve()
        town.clock.skip(seconds=2)


@pytest.mark.parametrize(
    ("act", "undo", "said"),
    [("archive", "unarchive", "It is archived"), ("kick", "invite", "not a member")],
)
async def test_admins_hear_of_it_once_and_the_card_comes_later(town: Town, act: str, undo: str, said: str) -> None:
    await town.act("admin", act=act, channel="northwind-review", user="vocero")
    await submitted(town, "Nobody reads this yet")
    await step(town)
    told = await town.text("@admin")
    assert said in told
    assert "Northwind Books" in told
    town.clock.skip(minutes=3)
    await step(town)
    assert (await town.text("@admin")).count(said) == 1
    assert (await town.text("@diego")).count(said) == 1  # he approves, and would wait for a card
    assert said not in await town.text("@bruno")  # of another brand
    await town.act("admin", act=undo, channel="northwind-review", user="vocero")
    town.clock.skip(minutes=11)
    await town.settle()
    assert "Nobody reads this yet" in await town.text(REVIEW)
    assert (await town.text("@admin")).count(said) == 1


async def test_whoever_was_told_reads_that_it_is_back(town: Town) -> None:
    await town.act("admin", act="kick", channel="northwind-review", user="vocero")
    await submitted(town, "Nobody reads this yet")
    await step(town)
    assert "not a member" in await town.text("@admin")
    await town.act("admin", act="invite", channel="northwind-review", user="vocero")
    for _ in range(3):
        town.clock.skip(minutes=11)
        await town.settle()
        await town.alarming.tick()
    await town.settle()
    for member in ("@admin", "@diego"):
        told = await town.text(member)
        assert "again" in told, member
        assert "not a member" not in told, member


async def test_the_brands_own_admins_hear_too_and_read_their_language(town: Town) -> None:
    brand = next(each for each in await town.desk.brands.all() if each.name == "Northwind Books")
    roles, admin = frozenset({Role.ADMIN}), town.standing("admin")
    assert await town.desk.proposing.roles("r1", brand.id, NAMES["ana"], roles, "", admin)
    await town.desk.proposals.confirm("r1", town.standing("diego"))
    await town.settle()
    await town.act("admin", act="archive", channel="northwind-review")
    await submitted(town, "Ana hears")
    await step(town)
    assert "Está archivado" in await town.text("@ana")
    assert "It is archived" in await town.text("@admin")
