"""chat.*: posting, changing and deleting messages."""

from bot.sandbox import world
from bot.sandbox.slack import content
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.storage import Row


def place(workspace: Workspace, name: str) -> Row:
    """Where to post: a conversation's id, a channel's name, or a member's id for their direct message."""
    user = workspace.people.get(name)
    if user is not None:
        if user["deleted"] or user["is_bot"]:
            raise SlackError("channel_not_found")
        return workspace.channels.direct(name)
    channel = workspace.channels.get(name) or workspace.channels.named(name)
    if channel is None or not workspace.readable(channel, world.BOT_USER_ID):
        raise SlackError("channel_not_found")
    return channel


def _open_to_bot(workspace: Workspace, channel: Row) -> None:
    if channel["archived"]:
        raise SlackError("is_archived")
    if channel["kind"] == "im" and (workspace.people.get(channel["user"]) or {}).get("deleted"):
        raise SlackError("channel_not_found")  # assumed: a deactivated member's direct messages are gone
    if not workspace.channels.has(channel["id"], world.BOT_USER_ID):
        raise SlackError("not_in_channel")


def _thread(workspace: Workspace, call: Call, channel: Row) -> Json:
    """The thread that is posted to. A reply's `ts` leads to its parent's thread being missed, as in Slack."""
    thread = call.text("thread_ts")
    if not thread:
        return {}
    parent = workspace.messages.get(channel["id"], thread)
    if parent is None or parent.get("thread_ts", thread) != thread:
        # assumed: Slack lets such a message fall into the channel; a refusal shows the mistake.
        raise SlackError("cannot_reply_to_message")
    return {"thread_ts": thread, "parent_user_id": parent.get("user")}


def _looks(call: Call) -> Json:
    looks = {name: call.text(name) for name in ("username", "icon_emoji", "icon_url") if call.given(name)}
    icons = {name.removeprefix("icon_"): looks.pop(name) for name in ("icon_emoji", "icon_url") if name in looks}
    return {**looks, **({"icons": icons} if icons else {})}


def post(workspace: Workspace, call: Call) -> Json:
    """chat.postMessage."""
    channel = place(workspace, call.text("channel"))
    _open_to_bot(workspace, channel)
    body = {**content.message(call, workspace), **_looks(call), **_thread(workspace, call, channel)}
    if "thread_ts" in body and call.flag("reply_broadcast"):
        body["subtype"] = "thread_broadcast"
    message, _ = workspace.posting.say(channel, body)
    return {"channel": channel["id"], "ts": message["ts"], "message": message}


def whisper(workspace: Workspace, call: Call) -> Json:
    """chat.postEphemeral."""
    channel = place(workspace, call.text("channel"))
    _open_to_bot(workspace, channel)
    reader = call.text("user")
    if not workspace.channels.has(channel["id"], reader):
        raise SlackError("user_not_in_channel")
    body = {**content.message(call, workspace, cut=False), **_looks(call), **_thread(workspace, call, channel)}
    body.pop("metadata", None)
    message = workspace.posting.whisper(channel, body, reader)
    return {"message_ts": message["ts"]}


def _own(workspace: Workspace, call: Call, refusal: str) -> tuple[Row, Json]:
    """The app's message that `channel` (an id here) and `ts` mean."""
    channel = workspace.channels.get(call.text("channel"))
    if channel is None or not workspace.readable(channel, world.BOT_USER_ID):
        raise SlackError("channel_not_found")
    message = workspace.messages.get(channel["id"], call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != world.BOT_ID:
        raise SlackError(refusal)
    return channel, message


def update(workspace: Workspace, call: Call) -> Json:
    """chat.update: text alone removes the blocks; blocks and text both absent keep them. Metadata stays."""
    channel, before = _own(workspace, call, "cant_update_message")
    if channel["archived"]:
        raise SlackError("is_inactive")
    said = any(call.given(name) for name in ("text", "markdown_text")) or "blocks" in call.args
    if not said and (call.given("metadata") or call.given("attachments")):
        call = Call(call.method, {**call.args, "text": before["text"] or " ", "blocks": before["blocks"]})
    fresh = content.message(call, workspace, cut=False)
    if "metadata" not in fresh and "metadata" in before:
        fresh["metadata"] = before["metadata"]
    kept = {key: before[key] for key in before if key not in ("text", "blocks", "attachments", "metadata", "edited")}
    stamp = workspace.messages.stamp()
    after = {**kept, **fresh, "edited": {"user": world.BOT_USER_ID, "ts": stamp}}
    workspace.posting.redraw(channel, before, after)
    return {"channel": channel["id"], "ts": before["ts"], "text": after["text"], "message": after}


def delete(workspace: Workspace, call: Call) -> Json:
    """chat.delete."""
    channel, message = _own(workspace, call, "cant_delete_message")
    workspace.posting.take_away(channel, message)
    return {"channel": channel["id"], "ts": message["ts"]}


def permalink(workspace: Workspace, call: Call) -> Json:
    """chat.getPermalink; it leads to the sandbox's own page."""
    channel = workspace.channels.get(call.text("channel"))
    if channel is None or not workspace.readable(channel, world.BOT_USER_ID):
        raise SlackError("channel_not_found")
    message = workspace.messages.get(channel["id"], call.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{workspace.url}/archives/{channel['id']}/p{message['ts'].replace('.', '')}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={channel['id']}"
    return {"channel": channel["id"], "permalink": link}


HANDLERS = {
    "chat.postMessage": post,
    "chat.postEphemeral": whisper,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
}
