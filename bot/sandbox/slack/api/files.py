"""files.*: uploads in three steps and what is known of a file."""

from bot.sandbox import world
from bot.sandbox.slack import content
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.files import ALT_MOST, LENGTH_MOST
from bot.sandbox.slack.paging import size
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.typed import posted
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.storage import Row


def reserve(workspace: Workspace, call: Call) -> Json:
    """files.getUploadURLExternal."""
    length = call.number("length", 0)
    if length < 1:
        raise SlackError("invalid_arguments", "[ERROR] must be greater than or equal to 1 [json-pointer:/length]")
    if length > LENGTH_MOST:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > ALT_MOST:
        raise SlackError("alt_txt_too_large")
    return workspace.files.reserve(call.text("filename"), length, call.text("alt_txt"), world.BOT_USER_ID)


def complete(workspace: Workspace, call: Call) -> Json:
    """files.completeUploadExternal: ends the upload and shares the files, if a place is given.

    assumed: sharing is done when the call answers; Slack's comes a moment later.
    """
    files = call.structure("files")
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) and one.get("id") for one in files):
        raise SlackError("invalid_arguments", "[ERROR] must provide an array of {id, title} [json-pointer:/files]")
    places = [_place(workspace, name) for name in [call.text("channel_id"), *call.words("channels")] if name]
    thread = call.text("thread_ts")
    if thread and len(places) > 1:
        raise SlackError("invalid_arguments", "[ERROR] thread_ts goes with one channel")
    if thread and places:
        parent = workspace.messages.get(places[0]["id"], thread)
        if parent is None or parent.get("thread_ts", thread) != thread:
            raise SlackError("invalid_arguments", "[ERROR] thread_ts must be a parent's [json-pointer:/thread_ts]")
    if call.given("blocks") and call.given("initial_comment"):
        raise SlackError("invalid_arguments", "[ERROR] only one of blocks and initial_comment is allowed")
    blocks = content.checked(call.structure("blocks", "invalid_blocks") or [], workspace)
    done = [workspace.files.complete(str(one["id"]), one.get("title")) for one in files]
    for channel in places:
        shared = [workspace.files.share(one["id"], channel["id"], channel["kind"]) for one in done]
        body = {
            **workspace.bot_message(posted(call.text("initial_comment")), blocks),
            "subtype": "file_share", "files": shared, "upload": True,
        }  # fmt: skip
        workspace.posting.say(channel, {**body, **({"thread_ts": thread} if thread else {})})
    return {"files": [workspace.files.get(one["id"]) for one in done]}


def _place(workspace: Workspace, channel_id: str) -> Row:
    channel = workspace.channels.get(channel_id)
    if channel is None or not workspace.readable(channel, world.BOT_USER_ID):
        raise SlackError("channel_not_found")
    if not workspace.channels.has(channel["id"], world.BOT_USER_ID):
        raise SlackError("not_in_channel")
    if channel["archived"]:
        raise SlackError("posting_to_channel_denied")
    return channel


def info(workspace: Workspace, call: Call) -> Json:
    """files.info."""
    file = workspace.files.get(call.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    size(call, 100, 1000)
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(workspace: Workspace, call: Call) -> Json:
    """files.delete: of one's own files."""
    file = workspace.files.get(call.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file["user"] != world.BOT_USER_ID:
        raise SlackError("cant_delete_file")
    workspace.files.delete(file["id"])
    return {}


HANDLERS = {
    "files.getUploadURLExternal": reserve,
    "files.completeUploadExternal": complete,
    "files.delete": delete,
    "files.info": info,
}
