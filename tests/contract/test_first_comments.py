"""What a network with first comments must do: ours hangs under our post, is found by itself, and is nobody's word."""

from collections.abc import Awaitable, Callable

import pytest

from bot.network import Capability, Connector, Draft, Ref
from tests.contract.conftest import Sandbox, sweep
from tests.contract.networks import NETWORKS, Network, found, provider

COMMENTED = [name for name in found() if Capability.FIRST_COMMENT in provider(name).capabilities]


def test_who_takes_first_comments() -> None:
    assert COMMENTED == ["facebook"]


@pytest.fixture(params=COMMENTED)
def network(request: pytest.FixtureRequest) -> Network:
    """Each network that takes them."""
    return NETWORKS[request.param]


async def test_it_hangs_under_the_post_and_is_found_by_itself(
    sandbox: Sandbox,
    network: Network,
    connector: Connector,
    write: Callable[..., Draft],
    publish: Callable[..., Awaitable[Ref]],
) -> None:
    _, cursor = await sweep(connector, None)
    post = await publish("Lo de hoy")
    draft = write("Todo en https://agora.example/hoy", reply_to=post, root=post)
    noted = await connector.prepare(draft)
    assert await connector.find(draft, noted) is None
    ref = await connector.publish(draft, noted)
    again = await connector.find(draft, noted)
    assert again is not None
    assert again.id == ref.id
    (shown,) = await sandbox.posts(network)
    assert [(each["id"], each["by_account"]) for each in shown["replies"]] == [(ref.id, True)]
    items, _ = await sweep(connector, cursor)
    assert [item.ref.id for item in items if not item.own] == []
