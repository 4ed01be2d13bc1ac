"""Disclosure at the desk itself: whom a text names, what begins a text, what a file keeps of the switch."""

import pytest

from bot.desk.config import Importer, export_config, parse_config
from bot.desk.desk import Desk
from bot.domain.people import Relationship
from bot.errors import ConfigurationError
from tests.desk.conftest import Team
from tests.desk.test_config_inbox import Known, without_accounts
from tests.desk.test_people import MARTA, hear, said


async def named(desk: Desk, people: Team, *texts: str, brand: str = "agora") -> list[str]:
    accounts = [people.accounts["agora"]]
    return list(await desk.disclosing.named(await desk.brand(brand), accounts, texts))


async def test_whom_a_text_names_of_those_who_are_something_to_the_brand(desk: Desk, people: Team) -> None:
    await hear(desk, people, said(1, "hola"), said(2, "hola", author="luis", name="Luis"))
    assert await named(desk, people, "gracias @marta") == []
    await desk.people.describe(MARTA, people.carla, [], "", Relationship.GIFT)
    assert await named(desk, people, "gracias @Marta y @luis", "@marta otra vez") == ["marta"]
    assert await named(desk, people, "@martas, a@marta y marta@marta.es") == []
    assert await named(desk, people, "gracias @marta", brand="northwind") == []
    await desk.people.describe(MARTA, people.carla, [], "", Relationship.NONE)
    assert await named(desk, people, "gracias @marta") == []


async def test_what_begins_a_text_is_put_there_once(desk: Desk, people: Team) -> None:
    brand, accounts = await desk.brand("agora"), [people.accounts["agora"]]
    first = desk.disclosing.begun(brand, accounts, Relationship.GIFT, "qué rico el café de la casa")
    assert first == "Regalo de Agora: qué rico el café de la casa"
    assert desk.disclosing.begun(brand, accounts, Relationship.GIFT, first) == first
    assert desk.disclosing.begun(brand, accounts, Relationship.NONE, "hola") == "hola"
    own = {accounts[0].id: ("the coffee of the house", "and more")}
    both = desk.disclosing.put(brand, accounts, Relationship.PAID, ("el café de la casa", "sigue"), own)
    assert both == (
        ("el café de la casa", "sigue"), {accounts[0].id: ("#ad the coffee of the house", "and more")}
    ), "nobody reads the text that every account replaced"  # fmt: skip
    shared = desk.disclosing.put(brand, accounts, Relationship.PAID, ("el café de la casa", "sigue"), {})
    assert shared == (("Publicidad: el café de la casa", "sigue"), {})


async def test_a_file_keeps_that_a_brand_switched_it_off(desk: Desk, people: Team) -> None:
    rules = (await desk.brand("agora")).rules.model_copy(update={"off": frozenset({"disclosure", "facts"})})
    await desk.brands.change("agora", people.admin, rules=rules)
    exported = await export_config(desk)
    assert "- disclosure" in exported
    config = without_accounts(exported)
    assert "brand Agora: as it was" in await Importer(desk, Known(desk.store.team), {}).load(config)
    await desk.brands.change("agora", people.admin, rules=rules.model_copy(update={"off": frozenset()}))
    await Importer(desk, Known(desk.store.team), {}).load(config)
    assert (await desk.brand("agora")).rules.off == {"disclosure", "facts"}
    with pytest.raises(ConfigurationError, match="no check disclosur;"):
        parse_config(exported.replace("- disclosure", "- disclosur"), "brands.yaml")
