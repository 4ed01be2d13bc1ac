"""A brand's inbox in the configuration file: what goes out comes in again, and what is wrong is said before."""

import re

import pytest

from bot.desk.config import ConfigFile, Importer, export_config, parse_config
from bot.desk.desk import Desk
from bot.domain.brands import Role
from bot.domain.routing import Route
from bot.domain.rulebook import Rulebook
from bot.domain.ruled import Strength
from bot.domain.ruling import ModerationRule
from bot.errors import ConfigurationError
from tests.desk.conftest import Team

RULE = ModerationRule(id="one", name="Insultos", strength=Strength.HIDE, words=("tonto",), on=True)
ROUTES = (
    Route(id="press", name="Prensa", words=("periodista",), channel="C0PRESS", role=Role.MODERATOR),
    Route(id="orders", name="Pedidos", accounts=("letters-agora",), language="es", channel="C0ORDERS"),
)


class Known:
    """Everybody and every channel is there, by id."""

    def __init__(self, team: str) -> None:
        self.team = team

    async def member(self, name: str) -> str | None:
        return None if name == "@nobody" else f"{self.team}:{name}"

    async def channel(self, name: str) -> str | None:
        return None if name == "#nowhere" else name


async def written(desk: Desk, people: Team) -> ConfigFile:
    """Agora with a rule, two routes, two saved replies and a time to keep things, as a file without accounts."""
    await desk.rulebooks.save_rule("agora", RULE, people.admin)
    for route in (*ROUTES, Route(id="carla", name="Carla", words=("carla",), member=people.carla.id)):
        await desk.routing.save("agora", route, people.admin)
    await desk.retention.set_days("agora", 365, people.admin)
    await desk.saved_replies.save("s1", "agora", "Horario", "Abrimos a las {enlace}", "es", people.admin)
    await desk.saved_replies.save("s2", "agora", "Hours", "We open at 8.", "en", people.admin)
    return without_accounts(await export_config(desk))


def without_accounts(text: str) -> ConfigFile:
    config = parse_config(text, "brands.yaml")
    for brand in config.brands:
        brand.accounts.clear()
    return config


async def load(desk: Desk, config: ConfigFile) -> str:
    return "\n".join(await Importer(desk, Known(desk.store.team), {}).load(config))


def kept(book: Rulebook) -> object:
    """All of it but what the names became."""
    bare = [each.model_copy(update={"id": "", "revision": 1}) for each in (*book.moderation, *book.routes)]
    return bare, book.keep_days


async def test_what_goes_out_comes_in_again(desk: Desk, people: Team) -> None:
    config = await written(desk, people)
    before = await desk.rulebooks.of("agora")
    replies = {(each.title, each.text, each.language) for each in await desk.saved_replies.of("agora")}
    assert "inbox of Agora: as it was" in await load(desk, config)
    assert (await desk.rulebooks.of("agora")) == before
    for id_ in ("one", "press", "orders", "carla"):
        await desk.rulebooks.drop("agora", id_, people.admin)
    for id_ in ("s1", "s2"):
        await desk.saved_replies.remove(id_, people.admin)
    await desk.retention.set_days("agora", 0, people.admin)
    assert "inbox of Agora: changed" in await load(desk, config)
    assert kept(await desk.rulebooks.of("agora")) == kept(before)
    assert {(each.title, each.text, each.language) for each in await desk.saved_replies.of("agora")} == replies
    assert "inbox of Agora: as it was" in await load(desk, config)


async def test_what_the_file_does_not_name_stays_and_its_order_counts(desk: Desk, people: Team) -> None:
    config = await written(desk, people)
    (agora,) = [brand for brand in config.brands if brand.id == "agora"]
    agora.inbox.rules.clear()
    agora.inbox.saved_replies.clear()
    agora.inbox.keep_days = None
    agora.inbox.routes = [agora.inbox.routes[1], agora.inbox.routes[0]]
    await load(desk, config)
    book = await desk.rulebooks.of("agora")
    assert [route.id for route in book.routes] == ["orders", "press", "carla"]
    assert [rule.id for rule in book.moderation] == ["one"]
    assert (book.keep_days, len(await desk.saved_replies.of("agora"))) == (365, 2)


async def test_a_rule_that_stopped_itself_is_not_set_going_by_the_same_file(desk: Desk, people: Team) -> None:
    config = await written(desk, people)
    book = await desk.rulebooks.of("agora")
    change = desk.store.begin()
    desk.rulebooks.pause(change, book, [RULE.model_copy(update={"paused_at": desk.now(), "paused_for": 9})])
    await change.commit()
    await load(desk, config)
    rule = (await desk.rulebooks.of("agora")).rule("one")
    assert rule is not None
    assert not rule.acts


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("C0PRESS", "'#nowhere'", "inbox.routes: Prensa: no Slack channel '#nowhere'"),
        ("member: UCARLA", "member: '@nobody'", "inbox.routes: Carla: no Slack member '@nobody'"),
        ("{enlace}", "{precio}", "inbox.saved_replies: Horario: .*{precio}"),
        ("- tonto", "- ''", "inbox.rules: Insultos: "),
        ("title: Hours\n      text: We open at 8.\n      language: en",
         "title: HORARIO\n      text: x\n      language: es", "'horario es' is there twice"),
        ("- letters-agora", "- letters-northwind", r"inbox.routes: Pedidos \(accounts\)"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_with_its_place(desk: Desk, people: Team, old: str, new: str, said: str) -> None:
    await written(desk, people)
    text = await export_config(desk)
    assert old in text
    before = await desk.rulebooks.of("agora")
    with pytest.raises(ConfigurationError) as told:
        await load(desk, without_accounts(text.replace(old, new)))
    assert re.search(said, "\n".join(map(str, told.value.args)))
    assert (await desk.rulebooks.of("agora")).moderation == before.moderation


def test_a_misspelt_part_is_refused() -> None:
    text = "brands: [{id: a, name: A, channels: {review: '#a'}, inbox: {rule: []}}]"
    with pytest.raises(ConfigurationError, match=r"inbox\.rule"):
        parse_config(text, "brands.yaml")
