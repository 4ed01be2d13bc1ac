"""What every network tells of our own account: what it published, by whatever hand, and how long our access lasts."""

import time
from collections.abc import Awaitable, Callable

import pytest

from bot.network import AuthFailed, Capability, Connector, Ref
from tests.contract.conftest import Opener, Sandbox
from tests.contract.networks import NETWORKS, Network, provider

Publish = Callable[..., Awaitable[Ref]]


async def by_hand(sandbox: Sandbox, network: Network, text: str) -> str:
    """Somebody with the account's password posts; the id."""
    return str((await sandbox.ask("POST", "/audience/publish", {"account": network.account.id, "text": text}))["id"])


async def test_own_posts_are_told_once_in_order(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    assert Capability.SENT in provider(network.account.network).capabilities
    await publish("Antes")
    start = await connector.sent(None)
    assert start.posts == ()
    ours = await publish("Con <b> & más")
    theirs = await by_hand(sandbox, network, "De otra mano")
    page = await connector.sent(start.cursor)
    assert [(one.ref.id, one.text) for one in page.posts] == [(ours.id, "Con <b> & más"), (theirs, "De otra mano")]
    assert all(one.at.tzinfo and abs(one.at.timestamp() - time.time()) < 60 for one in page.posts)
    again = await connector.sent(page.cursor)
    assert list(again.posts) == []
    later = await by_hand(sandbox, network, "Y otra")
    assert [one.ref.id for one in (await connector.sent(again.cursor)).posts] == [later]


async def test_what_others_say_is_not_ours(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    post = await publish("¿Qué tal?")
    cursor = (await connector.sent(None)).cursor
    await sandbox.comment(network, "Bien", post.id)
    await sandbox.comment(network, "Os nombro")
    assert list((await connector.sent(cursor)).posts) == []


async def test_an_account_that_never_posted(sandbox: Sandbox, network: Network, connector: Connector) -> None:
    start = await connector.sent(None)
    first = await by_hand(sandbox, network, "La primera")
    assert [one.ref.id for one in (await connector.sent(start.cursor)).posts] == [first]


async def test_access_without_an_end(connector: Connector) -> None:
    assert (await connector.access()).ends_at is None


async def test_the_end_of_a_page_token(sandbox: Sandbox, opened: Opener) -> None:
    network = NETWORKS["facebook"]
    ends = int(time.time()) + 86_400
    await sandbox.ask("POST", "/audience/expire", {"account": network.account.id, "at": ends})
    connector = opened(network)
    access = await connector.access()
    assert access.ends_at is not None
    assert access.ends_at.timestamp() == ends
    assert "pages_manage_posts" in access.may
    await sandbox.ask("POST", "/audience/expire", {"account": network.account.id, "at": time.time() - 1})
    with pytest.raises(AuthFailed):
        await connector.access()
    with pytest.raises(AuthFailed):
        await connector.whoami()


async def test_the_token_asked_about_is_in_no_address(sandbox: Sandbox, opened: Opener) -> None:
    network = NETWORKS["facebook"]
    await opened(network).access()
    (call,) = await sandbox.calls(network)
    assert call["method"] is None
    assert (call["http"], call["path"]) == ("POST", "/v26.0/debug_token")
