"""What every network must do when nothing goes wrong."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.network import (
    AuthFailed,
    Capability,
    Connector,
    Draft,
    Duplicate,
    Gone,
    ItemKind,
    Media,
    MediaFacts,
    ProblemKind,
    Ref,
    Rejected,
    RejectKind,
)
from tests.contract.conftest import Opener, Sandbox, known, sweep
from tests.contract.networks import NETWORKS, Network, account_of, found, provider

Write = Callable[..., Draft]
Publish = Callable[..., Awaitable[Ref]]


def test_every_connector_has_a_sandbox() -> None:
    assert found() == sorted(NETWORKS)


def test_a_connector_without_a_sandbox_fails() -> None:
    with pytest.raises(AssertionError, match="has no sandbox"):
        known("myspace")


@pytest.mark.parametrize("name", found())
def test_declares_itself(name: str) -> None:
    declared = provider(name)
    assert declared.name == name
    assert declared.title
    assert declared.fields
    assert all(field.secret for field in declared.fields)
    assert Capability.PUBLISH in declared.capabilities
    limits = declared.limits
    assert limits.as_of.year >= 2026
    assert min(limits.max_length, limits.max_media, limits.media_bytes, limits.alt_text_length) > 0
    assert {"image/png", "image/jpeg"} <= limits.media_types


@pytest.mark.parametrize("name", found())
def test_check_finds_what_the_network_would_refuse(name: str) -> None:
    declared = provider(name)
    limits = declared.limits
    fine = MediaFacts("taza.png", "image/png", 1000, "Una taza")
    assert not declared.check("Buenos días", [fine])
    assert not declared.check("x" * limits.max_length, [])
    (too_long,) = declared.check("x" * (limits.max_length + 1), [])
    assert (too_long.kind, too_long.blocks) == (ProblemKind.TOO_LONG, True)
    assert too_long.args == {"count": limits.max_length + 1, "limit": limits.max_length}
    assert [problem.kind for problem in declared.check(" \n", [])] == [ProblemKind.EMPTY]
    assert not declared.check("", [fine])
    bad = {
        ProblemKind.NO_ALT: MediaFacts("a.png", "image/png", 1, " "),
        ProblemKind.ALT_TOO_LONG: MediaFacts("a.png", "image/png", 1, "x" * (limits.alt_text_length + 1)),
        ProblemKind.MEDIA_TYPE: MediaFacts("a.exe", "application/octet-stream", 1, "x"),
        ProblemKind.MEDIA_SIZE: MediaFacts("a.png", "image/png", limits.media_bytes + 1, "x"),
    }
    for kind, one in bad.items():
        (problem,) = declared.check("Hola", [one])
        assert problem.kind is kind
        assert problem.args["name"] == one.name
        assert problem.blocks is (kind is not ProblemKind.NO_ALT)
    (problem,) = declared.check("Hola", [fine] * (limits.max_media + 1))
    assert problem.kind is ProblemKind.TOO_MANY_MEDIA
    assert problem.args == {"count": limits.max_media + 1, "limit": limits.max_media}


async def test_whoami(network: Network, connector: Connector) -> None:
    identity = await connector.whoami()
    assert identity.id == network.account.id
    assert identity.name == network.account.name
    assert identity.handle in {network.account.handle, ""}


async def test_whoami_before_the_account_is_known(network: Network, opened: Opener) -> None:
    """How an account is connected: there are only its credentials."""
    assert (await opened(network, account="").whoami()).id == network.account.id


async def test_wrong_credentials(network: Network, opened: Opener) -> None:
    for wrong in ("wrong", "señal ✗", "a\nb"):
        connector = opened(network, **dict.fromkeys(network.credentials, wrong))
        with pytest.raises(AuthFailed):
            await connector.whoami()


async def test_publish_and_find(sandbox: Sandbox, network: Network, connector: Connector, write: Write) -> None:
    draft = write("¡Buenos días! Hoy hay torrijas & café <3 en https://example.com/carta?a=1&b=2")
    prepared = await connector.prepare(draft)
    assert await connector.find(draft, prepared) is None
    assert await sandbox.posts(network) == []
    ref = await connector.publish(draft, prepared)
    assert ref.url
    assert ref.url.startswith("http")
    found_again = await connector.find(draft, prepared)
    assert found_again is not None
    assert found_again.id == ref.id
    (post,) = await sandbox.posts(network)
    assert (post["id"], post["text"]) == (ref.id, draft.text)


async def test_find_ignores_what_was_there_before(connector: Connector, write: Write, publish: Publish) -> None:
    await publish("Abrimos a las nueve")
    await publish("Hoy, menú del día")
    draft = write("Abrimos a las nueve")
    assert await connector.find(draft, await connector.prepare(draft)) is None


async def test_prepare_again_is_harmless(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, picture: Media
) -> None:
    draft = write("Dos veces preparado", media=[picture])
    await connector.prepare(draft)
    ref = await connector.publish(draft, await connector.prepare(draft))
    (post,) = await sandbox.posts(network)
    assert post["id"] == ref.id
    assert len(post["media"]) == 1


async def test_a_picture_arrives_with_its_alt_text(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, picture: Media
) -> None:
    for text in ("Nuestra taza", ""):
        draft = write(text, media=[picture])
        prepared = await connector.prepare(draft)
        assert await connector.find(draft, prepared) is None
        ref = await connector.publish(draft, prepared)
        assert await connector.find(draft, prepared) is not None
        post = next(post for post in await sandbox.posts(network) if post["id"] == ref.id)
        assert [medium["alt"] for medium in post["media"]] == [picture.alt]
        async with sandbox.session.get(post["media"][0]["url"]) as response:
            assert await response.read() == picture.content


async def test_reply(sandbox: Sandbox, network: Network, connector: Connector, write: Write, publish: Publish) -> None:
    post = await publish("¿Qué os apetece?")
    _, cursor = await sweep(connector, None)
    asked = await sandbox.comment(network, "¿Tenéis sin gluten?", post.id)
    (item,), _ = await sweep(connector, cursor)
    draft = write("Sí, todos los días", reply_to=item.ref, root=item.root)
    prepared = await connector.prepare(draft)
    assert await connector.find(draft, prepared) is None
    ref = await connector.publish(draft, prepared)
    again = await connector.find(draft, prepared)
    assert again is not None
    assert again.id == ref.id
    (seen,) = await sandbox.posts(network)
    (comment,) = seen["replies"]
    assert comment["id"] == asked
    assert [(one["id"], one["text"], one["by_account"]) for one in comment["replies"]] == [(ref.id, draft.text, True)]


async def test_reply_to_a_reply(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, publish: Publish
) -> None:
    post = await publish("Cerramos el lunes")
    _, cursor = await sweep(connector, None)
    first = await sandbox.comment(network, "¿Y el martes?", post.id)
    (item,), cursor = await sweep(connector, cursor)
    answer = await publish("Abrimos", reply_to=item.ref, root=item.root)
    second = await sandbox.comment(network, "¡Gracias!", answer.id)
    items, _ = await sweep(connector, cursor)
    (thanks,) = [item for item in items if not item.own]
    assert (item.ref.id, thanks.ref.id, thanks.kind) == (first, second, ItemKind.REPLY)
    assert thanks.root is not None
    assert thanks.root.id == post.id
    draft = write("A ti", reply_to=thanks.ref, root=thanks.root)
    prepared = await connector.prepare(draft)
    ref = await connector.publish(draft, prepared)
    again = await connector.find(draft, prepared)
    assert again is not None
    assert again.id == ref.id


async def test_the_first_comment_is_not_missed(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    items, cursor = await sweep(connector, None)
    assert items == []
    post = await publish("Hola")
    said = await sandbox.comment(network, "¡Hola! <b>&amp;</b>", post.id, author="Rosa Díaz")
    items, cursor = await sweep(connector, cursor)
    (item,) = [item for item in items if not item.own]
    assert item.ref.id == said
    assert item.text.endswith("¡Hola! <b>&amp;</b>")
    assert item.author.name == "Rosa Díaz"
    assert item.author.id
    assert item.at.utcoffset() is not None
    assert item.root is not None
    assert item.root.id == post.id
    assert await sweep(connector, cursor) == ([], cursor)


async def test_a_mention(sandbox: Sandbox, network: Network, connector: Connector) -> None:
    _, cursor = await sweep(connector, None)
    said = await sandbox.comment(network, "¿Alguien conoce este café?")
    (item,), _ = await sweep(connector, cursor)
    assert (item.ref.id, item.kind, item.root, item.own) == (said, ItemKind.MENTION, None, False)


async def test_begins_with_the_moment_that_was_named(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    """What was said between connecting an account and the first look at it is told; what was said before isn't."""
    connected = datetime.now(UTC)
    post = await publish("Hoy")
    said = await sandbox.storm(network, 5, post.id)
    items, cursor = await sweep(connector, connector.begin(connected))
    assert [item.ref.id for item in items if not item.own] == said
    assert (await sweep(connector, cursor))[0] == []
    assert (await sweep(connector, connector.begin(connected + timedelta(hours=1))))[0] == []


@pytest.mark.slow
async def test_a_burst_of_five_thousand_loses_none(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    """More than any timeline or page of a network holds, since the last look."""
    post = await publish("Sorteo de verdad")
    _, cursor = await sweep(connector, None)
    expected = await sandbox.storm(network, 5_000, post.id)
    items, cursor = await sweep(connector, cursor)
    told = [item.ref.id for item in items if not item.own]
    assert len(told) == len(set(told))
    assert set(told) == set(expected)
    late = await sandbox.comment(network, "¿Quién ganó?", post.id)
    assert [item.ref.id for item in (await sweep(connector, cursor))[0]] == [late]


async def test_a_burst_comes_in_order_once_each(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    post = await publish("Sorteo")
    _, cursor = await sweep(connector, None)
    expected = await sandbox.storm(network, 250, post.id)
    items, cursor = await sweep(connector, cursor)
    assert [item.ref.id for item in items if not item.own] == expected
    assert [item.at for item in items] == sorted(item.at for item in items)
    late = await sandbox.comment(network, "¿Quién ganó?", post.id)
    items, cursor = await sweep(connector, cursor)
    assert [item.ref.id for item in items] == [late]
    assert (await sweep(connector, cursor))[0] == []


async def followed(connector: Connector, cursor: str, ref: Ref) -> dict[str, object]:
    """What is told of a comment after it changed, by reading on or, where that shows nothing, by looking at it."""
    page = await connector.fetch(cursor)
    told: dict[str, object] = {}
    for item in page.items:
        if item.ref.id == ref.id:
            told |= {"text": item.text, "gone": False}
            assert item.edited or item.seen
    for change in [*page.changes, *(await connector.look([ref]))]:
        if change.ref.id == ref.id:
            assert change.at.utcoffset() is not None
            told |= {"gone": change.gone} | ({"text": change.text} if change.text is not None else {})
            told |= {"hidden": change.hidden} if change.hidden is not None else {}
    return told


async def test_an_edit_and_a_deletion_follow(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    post = await publish("Abrimos el domingo")
    _, cursor = await sweep(connector, None)
    account = network.account.id
    said = await sandbox.comment(network, "Me encanta", post.id)
    (item,), cursor = await sweep(connector, cursor)
    assert item.ref.id == said
    await sandbox.ask("POST", "/audience/edit", {"account": account, "id": said, "text": "Lo odio"})
    told = await followed(connector, cursor, item.ref)
    assert str(told["text"]).endswith("Lo odio")
    assert told["gone"] is False
    await sandbox.ask("POST", "/audience/delete", {"account": account, "id": said})
    assert (await followed(connector, cursor, item.ref))["gone"] is True
    assert (await followed(connector, cursor, item.ref))["gone"] is True


async def test_own_words_are_marked(sandbox: Sandbox, network: Network, connector: Connector, publish: Publish) -> None:
    post = await publish("Hola")
    _, cursor = await sweep(connector, None)
    await sandbox.comment(network, "¿Dónde estáis?", post.id)
    (item,), cursor = await sweep(connector, cursor)
    await publish(f"@{network.account.handle} En la plaza", reply_to=item.ref, root=item.root)
    items, _ = await sweep(connector, cursor)
    assert all(item.own for item in items)


async def test_hide_and_show(sandbox: Sandbox, network: Network, connector: Connector, publish: Publish) -> None:
    post = await publish("Hola")
    said = await sandbox.comment(network, "Compra aquí", post.id)
    for hidden in (True, True, False, False):
        await connector.hide(Ref(said), hidden)
        (seen,) = await sandbox.posts(network)
        assert seen["replies"][0]["hidden"] is hidden


async def test_like_and_take_it_back(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    assert Capability.LIKE in provider(network.account.network).capabilities
    post = await publish("Hola")
    said = await sandbox.comment(network, "¡Qué bien!", post.id)
    if network.account.network == "x":  # likes aren't part of self-serve access
        with pytest.raises(Rejected) as refused:
            await connector.like(Ref(said), True)
        assert refused.value.kind is RejectKind.PERMISSION
        await sandbox.ask("POST", "/audience/enrol", {"likes": True})
    for liked in (True, True, False, False):
        await connector.like(Ref(said), liked)
        (seen,) = await sandbox.posts(network)
        assert seen["replies"][0]["liked"] is liked
    with pytest.raises(Gone):
        await connector.like(Ref("1234567890" if network.account.network != "facebook" else "1_2"), True)


async def test_a_private_reply_is_private_and_only_one(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    post = await publish("Hola")
    said = Ref(await sandbox.comment(network, "Mi pedido no llegó", post.id, author="Rosa"))
    if Capability.PRIVATE_REPLY not in provider(network.account.network).capabilities:
        with pytest.raises(Rejected):
            await connector.reply_privately(said, "Te escribimos")
        return
    await connector.reply_privately(said, "¿Nos das tu número & correo?")
    told = (await sandbox.ask("GET", "/audience/private", account=network.account.id))["messages"]
    assert [(one["recipient"], one["text"]) for one in told] == [("Rosa", "¿Nos das tu número & correo?")]
    with pytest.raises(Duplicate):
        await connector.reply_privately(said, "Otra vez")
    (seen,) = await sandbox.posts(network)
    assert seen["replies"][0]["replies"] == []


async def test_delete(sandbox: Sandbox, network: Network, connector: Connector, publish: Publish) -> None:
    post = await publish("Con una falta")
    await connector.delete(post)
    assert await sandbox.posts(network) == []
    await connector.delete(post)


async def test_edit(sandbox: Sandbox, network: Network, connector: Connector, publish: Publish) -> None:
    post = await publish("Con una falta")
    if Capability.EDIT not in provider(network.account.network).capabilities:
        with pytest.raises(Rejected):
            await connector.edit(post, "Sin faltas")
        return
    for _ in range(2):
        post = await connector.edit(post, "Sin faltas")
        (seen,) = await sandbox.posts(network)
        assert (seen["id"], seen["text"]) == (post.id, "Sin faltas")


async def test_metrics(sandbox: Sandbox, network: Network, connector: Connector, publish: Publish) -> None:
    post = await publish("Hola")
    await sandbox.comment(network, "Hola", post.id)
    numbers = await connector.metrics(post)
    assert numbers.comments == 1


async def test_closing_twice_is_harmless(connector: Connector) -> None:
    await connector.whoami()
    await connector.aclose()
    await connector.aclose()


def test_the_world_has_an_account_on_each_network() -> None:
    for name in found():
        assert account_of(name).token
