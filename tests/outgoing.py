"""Everything that left for Slack in a test: within Slack's limits and, where the reference is present, its schema."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from bot.errors import VoceroError
from bot.slack.limits import check_message, check_view

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT / os.environ.get("VOCERO_REFERENCE", "../shared") / "slack" / "blocks.schema.json"
MESSAGES = {"chat.postMessage", "chat.update", "chat.postEphemeral"}
VIEWS = {"views.open", "views.push", "views.update", "views.publish"}
KINDS = {"modal": "ModalView", "home": "HomeView"}


def unfit(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What Slack would not take among calls, as `GET /calls` lists them: a line for each mistake."""
    found = []
    for call in calls:
        method, args = str(call.get("method") or call.get("path", "")), call.get("args") or {}
        found += [f"{method}: {problem}" for problem in wrong_in(method, args)]
    return list(dict.fromkeys(found))


def unfit_ack(response: object) -> list[str]:
    """What Slack would not take in the answer that rode on an acknowledgement."""
    view = response.get("view") if isinstance(response, Mapping) else None
    return [f"ack: {problem}" for problem in _view(view)] if isinstance(view, Mapping) else []


def wrong_in(method: str, args: Mapping[str, Any]) -> Iterator[str]:
    """The mistakes in one call, or in one post to a response_url (its path)."""
    if method in VIEWS:
        yield from _view(_parsed(args.get("view")))
    elif method in MESSAGES or method.startswith("/response/"):
        yield from _message(args)


def _message(args: Mapping[str, Any]) -> Iterator[str]:
    blocks = _parsed(args.get("blocks") or [])
    yield from _within(lambda: check_message(str(args.get("text", "")), blocks))
    for block in blocks:
        yield from _against(_definition(str(block.get("type"))), block)
    if args.get("metadata"):
        yield from _against("MessageMetadata", _parsed(args["metadata"]))


def _view(view: Any) -> Iterator[str]:
    yield from _within(lambda: check_view(view))
    yield from _against(KINDS[str(view.get("type"))], {**view, "blocks": []})
    for block in view.get("blocks", ()):
        yield from _against(_definition(str(block.get("type"))), block)


def _within(check: Any) -> Iterator[str]:
    try:
        check()
    except VoceroError as error:
        yield str(error)


def _against(definition: str, value: object) -> Iterator[str]:
    if SCHEMA.exists():
        yield from _errors(definition, json.dumps(value, sort_keys=True))


@cache
def _errors(definition: str, value: str) -> tuple[str, ...]:
    """The same block is drawn again and again, and looked at once."""
    if not definition:
        return (f"no block of Slack's: {value[:200]}",)
    found = _validator(definition).iter_errors(json.loads(value))
    return tuple(f"{definition}{error.json_path[1:]}: {error.message[:300]}" for error in found)


@cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return found


@cache
def _validator(definition: str) -> Draft7Validator:
    return Draft7Validator({**_schema(), "$ref": f"#/definitions/{definition}"})


@cache
def _definition(kind: str) -> str:
    """The schema's name for a kind of block; empty for none."""
    if not SCHEMA.exists():
        return ""
    schema = _schema()["definitions"]
    blocks = [each["$ref"].rpartition("/")[2] for each in schema["KnownBlock"]["anyOf"]]
    shapes = {name: schema[name].get("anyOf", [schema[name]]) for name in blocks}
    named = (name for name in blocks if any(each["properties"]["type"].get("const") == kind for each in shapes[name]))
    return next(named, "")


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
