"""Assisted accounts in the configuration file: what goes out comes in again as the same, and mistakes are said."""

import pytest

from bot.desk.assisted import Details
from bot.desk.config import ConfigFile, Importer, export_config, parse_config
from bot.desk.desk import Desk
from bot.errors import ConfigurationError
from bot.network.assisted import ASSISTED
from tests.desk.conftest import Team
from tests.desk.test_config_inbox import Known


@pytest.fixture(autouse=True)
def networks(desk: Desk) -> None:
    desk.providers = {**desk.providers, **ASSISTED}


def by_hand_only(text: str) -> ConfigFile:
    config = parse_config(text, "brands.yaml")
    for brand in config.brands:
        brand.accounts[:] = [account for account in brand.accounts if account.by_hand is not None]
    return config


async def load(desk: Desk, config: ConfigFile) -> str:
    return "\n".join(await Importer(desk, Known(desk.store.team), {}).load(config))


async def test_what_goes_out_comes_in_again(desk: Desk, people: Team) -> None:
    details = Details(
        "instagram-assisted",
        "Café Ágora",
        handle="cafe_agora",
        link="https://www.instagram.com/cafe_agora",
        publisher=people.ana.id,
        deputy=people.bruno.id,
    )
    first = await desk.assisted.save("hand-1", "agora", details, people.admin)
    other = Details("other-assisted", "Ana", title="Bluesky de Ana", personal=True)
    await desk.assisted.save("hand-2", "agora", other, people.admin)
    before = [each for each in await desk.accounts.of("agora") if each.by_hand]
    exported = await export_config(desk)
    assert "published by hand" in await load(desk, by_hand_only(exported))
    assert [each for each in await desk.accounts.of("agora") if each.by_hand] == before
    assert await export_config(desk) == exported
    changed = exported.replace("handle: cafe_agora", "handle: Cafe_Agora").replace("personal: true", "personal: false")
    await load(desk, by_hand_only(changed))
    after = {each.id: each for each in await desk.accounts.of("agora") if each.by_hand}
    assert len(after) == 2
    assert after[first.id].handle == "Cafe_Agora"
    assert not after["hand-2"].personal


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("{network: instagram-assisted}", "by_hand"),
        ("{network: letters, by_hand: {name: x}}", "by_hand"),
        ("{network: instagram-assisted, by_hand: {}}", "name"),
        ("{network: instagram-assisted, by_hand: {name: x, token: y}}", "token"),
        ("{network: instagram-assisted, by_hand: {name: x, publisher: '@nobody'}}", "no Slack user '@nobody'"),
        ("{network: instagram-assisted, by_hand: {name: x, link: 'javascript:1'}}", "web address"),
        ("{network: other-assisted, by_hand: {name: x}}", "title"),
        ("{network: instagram-assisted, by_hand: {name: x, publisher: UNOROLE}}", "publisher"),
    ],
)
async def test_what_is_wrong_is_said(desk: Desk, people: Team, account: str, said: str) -> None:
    text = f"brands: [{{id: agora, name: Agora, channels: {{review: C-agora-review}}, accounts: [{account}]}}]"
    with pytest.raises(ConfigurationError) as told:
        await load(desk, parse_config(text, "brands.yaml"))
    assert said in str(told.value)
    assert not [each for each in await desk.accounts.of("agora") if each.by_hand]
