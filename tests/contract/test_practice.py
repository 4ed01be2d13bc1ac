"""What is particular to practice: the key, and an inbox that shows changes again."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.network import Draft, Duplicate
from tests.contract.conftest import Opener, Sandbox, sweep
from tests.contract.networks import NETWORKS

PRACTICE = NETWORKS["practice"]
Write = Callable[..., Draft]


async def test_the_same_key_is_the_same_post(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(PRACTICE)
    draft = write("Una vez")
    prepared = await connector.prepare(draft)
    first = await connector.publish(draft, prepared)
    assert await connector.publish(draft, prepared) == first
    assert len(await sandbox.posts(PRACTICE)) == 1
    with pytest.raises(Duplicate):
        await connector.publish(replace(draft, text="Otra cosa"), prepared)


async def test_a_changed_comment_comes_again_and_a_deleted_one_does_not(
    sandbox: Sandbox, opened: Opener, write: Write
) -> None:
    connector = opened(PRACTICE)
    draft = write("Hola")
    post = await connector.publish(draft, await connector.prepare(draft))
    _, cursor = await sweep(connector, None)
    said = await sandbox.comment(PRACTICE, "Ola", post.id)
    (item,), cursor = await sweep(connector, cursor)
    await sandbox.ask("POST", "/audience/edit", {"account": "ensayo", "id": said, "text": "Hola"})
    (again,), cursor = await sweep(connector, cursor)
    assert (item.ref, item.text, again.ref, again.text) == (again.ref, "Ola", item.ref, "Hola")
    await sandbox.ask("POST", "/audience/delete", {"account": "ensayo", "id": said})
    items, later = await sweep(connector, cursor)
    assert items == []
    assert later != cursor
