"""What is particular to Facebook: error codes, usage headers, the SDK's session, comments that come late."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.network import (
    Credentials,
    Draft,
    Duplicate,
    Endpoint,
    Gone,
    ItemKind,
    Media,
    MediaFacts,
    ProblemKind,
    Ref,
    Rejected,
    Transient,
)
from connectors.facebook import PROVIDER
from connectors.facebook.graph import VERSION, Exchange, Graph, Secrets
from connectors.facebook.window import LATE, REMEMBERED, Window
from tests.contract.conftest import Opener, Sandbox, sweep
from tests.contract.networks import NETWORKS

FACEBOOK = NETWORKS["facebook"]
Write = Callable[..., Draft]


def test_app_keys_are_needed() -> None:
    with pytest.raises(ConfigurationError, match="app_id and app_secret"):
        PROVIDER.open(Endpoint("https://graph.facebook.com"), Credentials(FACEBOOK.credentials), "1")


def test_the_sdk_is_quiet_when_it_is_compiled(tmp_path: object) -> None:
    """Its source holds an escape that Python remarks on; a fresh cache makes Python compile it again."""
    code = "import connectors.facebook"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", f"pycache_prefix={tmp_path}", "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_nothing_prints_the_token() -> None:
    secrets = Secrets("EAAtoken", "app-secret")
    shown = repr(secrets) + repr(Credentials({"page_token": "EAAtoken"})) + repr(Graph("http://x", 1.0, secrets))
    assert "EAAtoken" not in shown
    assert "app-secret" not in shown
    assert secrets.clean(f"EAAtoken {secrets.proof} app-secret".encode()) == b"... ... ..."


async def test_every_call_names_the_version_and_carries_its_proof(
    sandbox: Sandbox, opened: Opener, write: Write, picture: Media
) -> None:
    connector = opened(FACEBOOK)
    draft = write("Hola", media=[picture])
    ref = await connector.publish(draft, await connector.prepare(draft))
    await connector.edit(ref, "Adiós")
    await connector.fetch('{"since": 5, "seen": []}')
    await connector.metrics(ref)
    await connector.delete(ref)
    calls = await sandbox.calls(FACEBOOK)
    assert len(calls) >= 8
    for call in calls:
        assert call["path"].startswith(f"/{VERSION}/")
        assert call["args"]["appsecret_proof"] == "[redacted]"
        assert call["status"] == 200


async def test_a_wrong_app_secret(opened: Opener) -> None:
    with pytest.raises(Rejected):
        await opened(FACEBOOK, app={"app_secret": "wrong"}).whoami()


async def test_an_album(sandbox: Sandbox, opened: Opener, write: Write, picture: Media) -> None:
    connector = opened(FACEBOOK)
    draft = write("", media=[picture, picture, picture])
    prepared = await connector.prepare(draft)
    assert await sandbox.posts(FACEBOOK) == []
    ref = await connector.publish(draft, prepared)
    (seen,) = await sandbox.posts(FACEBOOK)
    assert len(seen["media"]) == 3
    found = await connector.find(draft, prepared)
    assert found is not None
    assert found.id == ref.id
    with pytest.raises(Duplicate):
        await connector.publish(draft, prepared)


async def test_a_comment_with_a_picture(sandbox: Sandbox, opened: Opener, write: Write, picture: Media) -> None:
    connector = opened(FACEBOOK)
    draft = write("Hola")
    post = await connector.publish(draft, await connector.prepare(draft))
    answer = write("Así queda", media=[picture], reply_to=post, root=post)
    ref = await connector.publish(answer, await connector.prepare(answer))
    (seen,) = await sandbox.posts(FACEBOOK)
    assert [(one["id"], len(one["media"])) for one in seen["replies"]] == [(ref.id, 1)]


async def test_comments_under_posts_made_elsewhere(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(FACEBOOK)
    _, cursor = await sweep(connector, None)
    secrets = Secrets(FACEBOOK.credentials["page_token"], FACEBOOK.app["app_secret"])
    form = {"message": "Desde el móvil", "access_token": secrets.token, "appsecret_proof": secrets.proof}
    async with sandbox.session.post(f"{sandbox.url}/v26.0/me/feed", data=form) as response:
        post = (await response.json())["id"]
    first = await sandbox.comment(FACEBOOK, "¡Bonito!", post)
    nested = await sandbox.comment(FACEBOOK, "Sí", first)
    items, _ = await sweep(connector, cursor)
    assert [(item.ref.id, item.kind) for item in items] == [(first, ItemKind.COMMENT), (nested, ItemKind.REPLY)]
    assert [item.parent.id if item.parent else None for item in items] == [post, first]


async def test_a_storm_is_read_in_pieces(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(FACEBOOK)
    posts = []
    for text in ("Uno", "Dos"):
        draft = write(text)
        posts.append(await connector.publish(draft, await connector.prepare(draft)))
    _, cursor = await sweep(connector, None)
    expected = set(await sandbox.storm(FACEBOOK, 1500, posts[0].id)) | set(
        await sandbox.storm(FACEBOOK, 900, posts[1].id)
    )
    page = await connector.fetch(cursor)
    assert page.more
    rest, cursor = await sweep(connector, page.cursor)
    told = [item.ref.id for item in [*page.items, *rest]]
    assert len(told) == len(set(told))
    assert set(told) == expected
    assert (await sweep(connector, cursor))[0] == []


async def test_a_reply_to_what_is_gone(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(FACEBOOK)
    draft = write("Hola")
    post = await connector.publish(draft, await connector.prepare(draft))
    said = await sandbox.comment(FACEBOOK, "Hola", post.id)
    answer = write("¿Qué tal?", reply_to=Ref(said), root=post)
    prepared = await connector.prepare(answer)
    await sandbox.ask("POST", "/audience/delete", {"account": FACEBOOK.account.id, "id": said})
    with pytest.raises(Gone):
        await connector.publish(answer, prepared)
    with pytest.raises(Gone):
        await connector.prepare(answer)


async def test_a_slow_page_keeps_the_loop_free(sandbox: Sandbox, opened: Opener) -> None:
    """Calls run in threads of their own, four at a time."""
    slow, quick = opened(FACEBOOK), opened(FACEBOOK)
    await sandbox.fault(FACEBOOK, FACEBOOK.reading, delay=1.0)
    waiting = asyncio.create_task(slow.fetch(slow.begin(datetime.now(UTC))))
    assert (await quick.whoami()).id == FACEBOOK.account.id
    assert not waiting.done()
    assert any(thread.name.startswith("facebook") for thread in threading.enumerate())
    await waiting


async def test_what_nobody_waits_for_is_not_sent(sandbox: Sandbox) -> None:
    """A call may find its thread only after its time is over."""
    secrets = Secrets(FACEBOOK.credentials["page_token"], FACEBOOK.app["app_secret"])
    address = f"https://graph.facebook.com/{VERSION}/me/feed"
    late = Exchange(sandbox.url, secrets, write=True)
    assert late.abandon()
    with pytest.raises(Transient):
        late.request("POST", address, timeout=(1, 1), data={"message": "Hola"})
    assert await sandbox.posts(FACEBOOK) == []
    begun = Exchange(sandbox.url, secrets, write=True)
    await asyncio.to_thread(begun.request, "POST", address, timeout=(1, 1), data={"message": "Hola"})
    assert not begun.abandon()
    assert len(await sandbox.posts(FACEBOOK)) == 1


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = int(NOON.timestamp())


def test_a_window_stays_open_for_what_comes_late() -> None:
    window = Window().after({"a": START, "b": START + 30}, NOON + timedelta(seconds=31))
    assert window == Window(START + 31 - LATE, frozenset("ab"))
    assert Window.read(window.write()) == window
    assert window.is_fresh("c", START + 10)
    assert not window.is_fresh("a", START)
    settled = window.after({"a": START, "b": START + 30}, NOON + timedelta(hours=1))
    assert settled == Window(START + 30, frozenset("b"))
    assert settled.after({}, NOON) == settled


def test_a_window_never_passes_what_was_not_read() -> None:
    found = {"a": START, "b": START + 5, "far": START + 5000}
    assert Window().after(found, NOON + timedelta(hours=9), START + 5).since == START + 5
    many = {str(number): START + number // 10 for number in range(REMEMBERED + 500)}
    window = Window().after(many, None)
    assert (window.since, len(window.seen)) == (START + 50, REMEMBERED)
    assert Window().after(many, None, START + 3).since == START + 3


def test_a_comment_is_shorter_and_takes_one_picture() -> None:
    picture = MediaFacts("a.png", "image/png", 1, "Una taza")
    assert not PROVIDER.check("x" * 8_001, [picture, picture])
    kinds: list[Any] = [problem.kind for problem in PROVIDER.check("x" * 8_001, [picture, picture], is_reply=True)]
    assert kinds == [ProblemKind.TOO_LONG, ProblemKind.TOO_MANY_MEDIA]
