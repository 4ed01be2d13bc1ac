"""What an app wants to show: text, blocks, attachments and metadata of a message, checked as Slack checks them."""

import json
from typing import Any

from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.kit.finish import finished
from bot.sandbox.slack.kit.surfaces import MESSAGE_CHARACTERS, characters, check_blocks, check_view
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.typed import posted
from bot.sandbox.slack.views import too_large
from bot.sandbox.slack.workspace import Workspace

LONGEST = 40_000
ATTACHMENTS = 100
# assumed: Slack names no figure for metadata_too_large.
METADATA = 8_000
_SIMPLE = (str, int, float, bool)


def message(call: Call, workspace: Workspace, *, cut: bool = True) -> Json:
    """text, blocks, attachments and metadata as Slack keeps them.

    `cut`: a text over 40,000 characters is truncated (chat.postMessage); otherwise msg_too_long. Raises no_text,
    invalid_blocks and the others that the method's page names.
    """
    text, markdown = call.text("text"), call.text("markdown_text")
    given = call.structure("blocks", "invalid_blocks_format")
    attachments = call.structure("attachments", "invalid_attachments") or []
    if markdown:
        if text or given:
            raise SlackError("markdown_text_conflict")
        given = [{"type": "markdown", "text": markdown}]
    if not text and not given and not attachments:
        raise SlackError("no_text")
    blocks = checked(given or [], workspace)
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for one in attachments:
        if "blocks" in one:
            one["blocks"] = checked(one["blocks"], workspace)
    if len(text) > LONGEST and not cut:
        raise SlackError("msg_too_long")
    content = workspace.bot_message(posted(text[:LONGEST]), blocks)
    if attachments:
        content["attachments"] = [{"id": place + 1, **one} for place, one in enumerate(attachments)]
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = meta(metadata)
    return content


def checked(blocks: Any, workspace: Workspace) -> list[Json]:
    """Blocks of a message, finished; raises invalid_blocks_format, invalid_blocks or msg_blocks_too_long."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    wrong = check_blocks(blocks, "message", workspace.files.named)
    if wrong:
        raise SlackError("invalid_blocks", *wrong, errors=[one.removeprefix("[ERROR] ") for one in wrong])
    if characters(blocks) > MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    return finished(blocks)


def view(given: Any, workspace: Workspace, *kinds: str) -> Json:
    """A view of one of these kinds, checked; raises invalid_arguments or view_too_large."""
    wrong = check_view(given, workspace.files.named)
    if not wrong and given["type"] not in kinds:
        wrong = [f"[ERROR] unsupported type: {given['type']} [json-pointer:/view/type]"]
    if wrong:
        raise SlackError("invalid_arguments", *wrong)
    if too_large(given):
        raise SlackError("view_too_large")
    result: Json = given
    return result


def meta(value: Any) -> Json:
    """Message metadata; raises invalid_metadata_format, invalid_metadata_schema or metadata_too_large."""
    if not isinstance(value, dict) or not value.keys() <= {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    kind, payload = value.get("event_type"), value.get("event_payload")
    if not isinstance(kind, str) or not 1 <= len(kind) <= 255 or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    for one in payload.values():
        flat = isinstance(one, dict) and all(isinstance(inner, _SIMPLE) for inner in one.values())
        rows = isinstance(one, list) and all(_flat(inner) for inner in one)
        if not (isinstance(one, _SIMPLE) or flat or rows):
            raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value)) > METADATA:
        raise SlackError("metadata_too_large")
    return value


def _flat(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, _SIMPLE) for one in value.values())
