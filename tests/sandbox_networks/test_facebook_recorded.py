"""What a page's webhooks tell is shaped as what other people's servers were sent and wrote down."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox_networks.conftest import AGORA_FB, World
from tests.sandbox_networks.graph_clients import graph
from tests.sandbox_networks.test_facebook_webhooks import Bot, bot, changes, there

__all__ = ["bot", "there"]  # fixtures here too
PAGE = AGORA_FB.id
RECORDED = Path(__file__).parents[2] / os.environ.get("VOCERO_REFERENCE", "../shared") / "facebook"
pytestmark = pytest.mark.skipif(not RECORDED.exists(), reason=f"no reference at {RECORDED} (set VOCERO_REFERENCE)")


def recorded(name: str) -> dict[str, str]:
    """The shape of the one change in a file."""
    body = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return shape(body["entry"][0]["changes"][0])


def shape(change: Any) -> dict[str, str]:
    """Each place of a change with the type of what stands there, and the words that choose what it means."""
    return dict(_places(change, ""))


def _places(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, f"{at}.{name}")
    else:
        chooses = at in {".field", ".value.item", ".value.verb"}
        yield at, str(value) if chooses else type(value).__name__


async def test_posts_and_comments(there: World, bot: Bot) -> None:
    await graph(there, "POST", f"{PAGE}/subscribed_apps", subscribed_fields="feed")
    _, post = await graph(there, "POST", f"{PAGE}/feed", message="Hola")
    assert shape((await changes(bot))[0]) == recorded("status_add_by_page")
    comment = await there.comment(PAGE, "+1", post=post["id"])
    assert shape((await changes(bot))[0]) == recorded("comment_add")
    await there.comment(PAGE, "Y yo", post=comment)
    (reply,) = await changes(bot)
    assert shape(reply) == recorded("comment_reply_add")
    assert reply["value"]["parent_id"] == comment
    await graph(there, "DELETE", post["id"])
    assert shape((await changes(bot))[-1]) == recorded("post_remove")
