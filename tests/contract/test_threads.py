"""What a network with threads must do: a reply to our own post continues it, each segment is found by itself."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.network import Capability, Connector, Draft, Gone, Media, Ref
from tests.contract.conftest import Opener, Sandbox, sweep
from tests.contract.networks import NETWORKS, Network, found, provider

Write = Callable[..., Draft]
Publish = Callable[..., Awaitable[Ref]]
THREADED = [name for name in found() if Capability.THREAD in provider(name).capabilities]


def test_who_has_threads() -> None:
    assert THREADED == ["practice", "x"]


@pytest.fixture(params=THREADED)
def network(request: pytest.FixtureRequest) -> Network:
    """Each network that has threads."""
    return NETWORKS[request.param]


def below(post: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The only chain of answers under a post."""
    chain = []
    while post["replies"]:
        (post,) = post["replies"]
        chain.append((post["id"], post["text"], post["by_account"]))
    return chain


async def test_a_thread_is_a_chain_of_our_own_answers(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, picture: Media
) -> None:
    first = write("Cinco cosas del café, con @rosa", media=[picture])
    refs = [await connector.publish(first, await connector.prepare(first))]
    for text in ("Una: se muele al momento", "Dos: el agua no hierve & <ya>"):
        draft = write(text, reply_to=refs[-1], root=refs[0])
        prepared = await connector.prepare(draft)
        assert await connector.find(draft, prepared) is None
        refs.append(await connector.publish(draft, prepared))
        again = await connector.find(draft, prepared)
        assert again is not None
        assert again.id == refs[-1].id
    (post,) = await sandbox.posts(network)
    assert (post["id"], len(post["media"])) == (refs[0].id, 1)
    texts = ["Una: se muele al momento", "Dos: el agua no hierve & <ya>"]
    assert [(id_, own) for id_, _, own in below(post)] == [(ref.id, True) for ref in refs[1:]]
    assert all(said.endswith(text) for (_, said, _), text in zip(below(post), texts, strict=True))


async def test_a_segment_is_told_from_the_same_words_elsewhere(
    connector: Connector, write: Write, publish: Publish
) -> None:
    """In another thread, or under another segment: only an answer to the very segment before it is it."""
    one, other = await publish("Lo de hoy"), await publish("Lo de mañana")
    await publish("Y más cosas", reply_to=other, root=other)
    draft = write("Y más cosas", reply_to=one, root=one)
    noted = await connector.prepare(draft)
    await publish("Otra respuesta", reply_to=one, root=one)
    assert await connector.find(draft, noted) is None


async def test_our_own_segments_are_no_comments(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    _, cursor = await sweep(connector, None)
    first = await publish("Empieza un hilo")
    second = await publish("Sigue", reply_to=first, root=first)
    said = await sandbox.comment(network, "¿Y luego?", second.id)
    items, _ = await sweep(connector, cursor)
    (item,) = [each for each in items if not each.own]
    assert (item.ref.id, item.parent and item.parent.id, item.root and item.root.id) == (said, second.id, first.id)


async def test_nothing_follows_a_segment_that_is_gone(
    network: Network, opened: Opener, write: Write, publish: Publish
) -> None:
    """A thread whose last segment somebody deleted can't go on under it."""
    connector = opened(network)
    first = write("Se borra")
    ref = await connector.publish(first, await connector.prepare(first))
    await connector.delete(ref)
    draft = write("Sigue", reply_to=ref, root=ref)
    with pytest.raises(Gone):
        await connector.publish(draft, await connector.prepare(draft))
