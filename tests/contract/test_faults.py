"""What every connector makes of an answer that is late, lost, wrong or a refusal."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.network import (
    AuthFailed,
    Capability,
    Connector,
    Draft,
    Duplicate,
    Media,
    NetworkError,
    RateLimited,
    Ref,
    Rejected,
    Transient,
    UnknownOutcome,
)
from connectors.facebook.graph import Secrets
from tests.contract.conftest import Opener, Sandbox, sweep
from tests.contract.networks import DEAD, HTML, Network, near, provider

Write = Callable[..., Draft]
Publish = Callable[..., Awaitable[Ref]]

IMPATIENT = 0.4
LOST: dict[str, dict[str, Any]] = {
    "time-out": {"delay": 1.0},
    "reset": {"drop": True},
    "502 with HTML": {"status": 502, "body": HTML},
    "503 with JSON": {"status": 503, "body": {"title": "Service Unavailable"}},
    "500 with nothing": {"status": 500, "body": ""},
    "200 with HTML": {"status": 200, "body": HTML},
    "200 with half a body": {
        "status": 200,
        "body": '{"data": {"id": "1',
        "headers": {"Content-Type": "application/json"},
    },
    "200 with something else": {"status": 200, "body": {"hello": "world"}},
    "200 with a list": {"status": 200, "body": []},
    "302": {"status": 302, "headers": {"Location": "/elsewhere"}, "body": ""},
}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("lost", LOST)
async def test_a_lost_answer_leaves_the_outcome_unknown(
    sandbox: Sandbox, network: Network, opened: Opener, connector: Connector, write: Write, lost: str, when: str
) -> None:
    draft = write("¿Salió o no salió?")
    prepared = await connector.prepare(draft)
    hasty = opened(network, timeout=IMPATIENT) if lost == "time-out" else connector
    await sandbox.fault(network, network.publishing, when=when, **LOST[lost])
    with pytest.raises(UnknownOutcome):
        await hasty.publish(draft, prepared)
    ref = await connector.find(draft, prepared)
    public = await sandbox.posts(network)
    if when == "before":
        assert ref is None
        assert public == []
    else:
        assert ref is not None
        assert [post["id"] for post in public] == [ref.id]
    if Capability.IDEMPOTENT in provider(network.account.network).capabilities:
        again = await connector.publish(draft, prepared)
        assert [post["id"] for post in await sandbox.posts(network)] == [again.id]


@pytest.mark.parametrize("lost", LOST)
async def test_a_lost_read_is_transient_and_loses_nothing(
    sandbox: Sandbox, network: Network, opened: Opener, connector: Connector, publish: Publish, lost: str
) -> None:
    post = await publish("Hola")
    _, cursor = await sweep(connector, None)
    said = await sandbox.comment(network, "¿Hay alguien?", post.id)
    hasty = opened(network, timeout=IMPATIENT) if lost == "time-out" else connector
    # A client library may repeat a read that was cut off by itself, so the fault stays until it is cleared.
    await sandbox.fault(network, network.reading, **{**LOST[lost], "times": 9})
    with pytest.raises(Transient):
        await hasty.fetch(cursor)
    await sandbox.ask("DELETE", "/faults")
    items, _ = await sweep(connector, cursor)
    assert [item.ref.id for item in items] == [said]


@pytest.mark.parametrize("answer", ["expired", "duplicate", "limited", "rejected"])
async def test_a_refusal_wrote_nothing(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, answer: str
) -> None:
    draft = write("No, gracias")
    prepared = await connector.prepare(draft)
    await sandbox.refuse(network, network.publishing, getattr(network, answer))
    expected = {"expired": AuthFailed, "duplicate": Duplicate, "limited": RateLimited, "rejected": Rejected}[answer]
    with pytest.raises(expected) as caught:
        await connector.publish(draft, prepared)
    if isinstance(caught.value, RateLimited):
        assert near(caught.value.until, network.wait)
    assert await sandbox.posts(network) == []
    assert await connector.find(draft, prepared) is None


@pytest.mark.parametrize("lost", [name for name in LOST if name != "time-out"])
async def test_looking_in_vain_is_not_finding_nothing(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, lost: str
) -> None:
    draft = write("¿Está?")
    prepared = await connector.prepare(draft)
    await connector.publish(draft, prepared)
    await sandbox.fault(network, "GET", **{**LOST[lost], "times": 9})
    with pytest.raises(Transient):
        await connector.find(draft, prepared)


@pytest.mark.parametrize("answer", ["expired", "limited"])
async def test_a_refused_read(sandbox: Sandbox, network: Network, connector: Connector, answer: str) -> None:
    _, cursor = await sweep(connector, None)
    await sandbox.refuse(network, network.reading, getattr(network, answer))
    with pytest.raises({"expired": AuthFailed, "limited": RateLimited}[answer]):
        await connector.fetch(cursor)


async def test_credentials_that_the_network_ended(sandbox: Sandbox, network: Network, connector: Connector) -> None:
    await sandbox.ask("POST", "/audience/expire", {"account": network.account.id})
    with pytest.raises(AuthFailed):
        await connector.whoami()
    await sandbox.ask("POST", "/audience/expire", {"account": network.account.id, "restore": True})
    assert (await connector.whoami()).id == network.account.id


@pytest.mark.parametrize("lost", [name for name in LOST if name != "time-out"])
async def test_a_lost_upload_is_never_an_unknown_post(
    sandbox: Sandbox, network: Network, connector: Connector, write: Write, picture: Media, lost: str
) -> None:
    if network.uploading is None:
        pytest.skip("pictures travel with the post")
    draft = write("Con foto", media=[picture])
    await sandbox.fault(network, network.uploading, when="after", **LOST[lost])
    with pytest.raises(Transient):
        await connector.prepare(draft)
    assert await sandbox.posts(network) == []
    await connector.publish(draft, await connector.prepare(draft))
    (post,) = await sandbox.posts(network)
    assert len(post["media"]) == 1


async def test_a_slow_preparation_is_transient(
    sandbox: Sandbox, network: Network, opened: Opener, write: Write
) -> None:
    if network.uploading is None:
        pytest.skip("nothing is asked beforehand")
    await sandbox.fault(network, "GET", delay=1.0)
    with pytest.raises(Transient):
        await opened(network, timeout=IMPATIENT).prepare(write("Hola"))


async def test_nobody_there(network: Network, opened: Opener, write: Write, connector: Connector) -> None:
    draft = write("¿Hola?")
    prepared = await connector.prepare(draft)
    lonely = opened(network, url=DEAD)
    for attempt in (
        lonely.publish(draft, prepared),
        lonely.fetch(lonely.begin(datetime.now(UTC))),
        lonely.whoami(),
        lonely.delete(Ref("1")),
    ):
        with pytest.raises(Transient):
            await attempt


async def test_no_tls_there(sandbox: Sandbox, network: Network, opened: Opener, write: Write) -> None:
    connector = opened(network)
    draft = write("¿Hola?")
    prepared = await connector.prepare(draft)
    sealed = opened(network, url=sandbox.url.replace("http://", "https://"))
    with pytest.raises(Transient):
        await sealed.publish(draft, prepared)
    assert await sandbox.posts(network) == []


async def test_secrets_never_show(
    sandbox: Sandbox, network: Network, opened: Opener, connector: Connector, write: Write
) -> None:
    secrets = [*network.secrets, *(f"Bearer {secret}" for secret in network.secrets)]
    echo = {"title": " ".join(secrets), "error": " ".join(secrets), "message": " ".join(secrets)}
    graph = {"error": {"message": " ".join(secrets), "code": 100}}
    draft = write("Hola")
    prepared = await connector.prepare(draft)
    shown = [repr(connector), repr(prepared), str(vars(connector).get("endpoint"))]
    for status in (200, 302, 400, 401, 403, 404, 409, 422, 429, 500):
        for body in (echo, graph, " ".join(secrets)):
            await sandbox.fault(network, network.publishing, status=status, body=body)
            with pytest.raises(NetworkError) as caught:
                await connector.publish(draft, prepared)
            error = caught.value
            shown += [str(error), repr(error), error.detail, error.code, *traceback.format_exception(error)]
            assert error.__context__ is None
    lonely = opened(network, url=DEAD)
    with pytest.raises(Transient) as refused:
        await lonely.publish(draft, prepared)
    shown += [repr(refused.value), *traceback.format_exception(refused.value)]
    for secret in network.secrets:
        assert not any(secret in text for text in shown)


async def test_secrets_are_never_logged(
    network: Network, connector: Connector, publish: Publish, picture: Media, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await publish("Hola", media=[picture])
    await sweep(connector, None)
    proof = Secrets(network.credentials.get("page_token", ""), network.app.get("app_secret", "")).proof
    assert not any(secret in caplog.text for secret in (*network.secrets, proof))


async def test_secrets_travel_in_headers_only(
    sandbox: Sandbox, network: Network, connector: Connector, publish: Publish
) -> None:
    post = await publish("Hola")
    await sweep(connector, None)
    await connector.whoami()
    await connector.delete(post)
    for call in await sandbox.calls(network):
        assert "access_token" not in call["args"]
        assert not any(secret in f"{call['path']} {call['args']}" for secret in network.secrets)
