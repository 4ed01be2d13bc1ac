"""What Slack adds to blocks that it takes: ids for those without, and the defaults of texts."""

from typing import Any

from bot.sandbox.slack.terms import Json, short_id

_SILENT = {"image", "plain_text", "mrkdwn"}


def finished(blocks: list[Json]) -> list[Json]:
    """A copy of checked blocks as Slack keeps and returns them."""
    return [_block(block) for block in blocks]


def texts(value: Any) -> Any:
    """A copy in which every text object has its default fields."""
    if isinstance(value, list):
        return [texts(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {key: texts(one) for key, one in value.items()}
    if value.get("type") == "plain_text":
        return {**inner, "emoji": inner.get("emoji", True)}
    if value.get("type") == "mrkdwn":
        return {**inner, "verbatim": inner.get("verbatim", False)}
    return inner


def _block(block: Json) -> Json:
    done: Json = texts(block)
    done.setdefault("block_id", short_id())
    if done["type"] == "input":
        done.setdefault("optional", False)
        done.setdefault("dispatch_action", False)
    for key in ("accessory", "element"):
        if key in done:
            _named(done[key])
    for key in ("elements", "actions"):
        if done["type"] != "rich_text":
            for one in done.get(key, []):
                if one.get("type") == "card":
                    for inner in one.get("actions", []):
                        _named(inner)
                else:
                    _named(one)
    if "child_blocks" in done:
        done["child_blocks"] = [_block(one) for one in done["child_blocks"]]
    return done


def _named(element: Json) -> None:
    if element.get("type") not in _SILENT:
        element.setdefault("action_id", short_id())
