"""conversations.* and users.conversations: channels, their history and their members."""

from bot.sandbox import world
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.paging import mark, offset, page, size
from bot.sandbox.slack.payloads import without_metadata
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.storage import Row

_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
HISTORY_MOST = 999


def find(workspace: Workspace, call: Call) -> Row:
    """The conversation that `channel` (an id) means, if the bot may see it."""
    channel = workspace.channels.get(call.text("channel"))
    if channel is None or not workspace.readable(channel, world.BOT_USER_ID):
        raise SlackError("channel_not_found")
    return channel


def _wanted(call: Call) -> set[str]:
    types = call.words("types") or ["public_channel"]
    if not set(types) <= _KINDS.keys():
        raise SlackError("invalid_types")
    return {_KINDS[one] for one in types}


def _visible(workspace: Workspace, call: Call) -> list[Row]:
    kinds, without_archived = _wanted(call), call.flag("exclude_archived")
    return [
        channel
        for channel in workspace.channels.all()
        if channel["kind"] in kinds
        and workspace.readable(channel, world.BOT_USER_ID)
        and not (without_archived and channel["archived"])
    ]


def listed(workspace: Workspace, call: Call) -> Json:
    """conversations.list."""
    every = [{**workspace.channels.outward(one), **_count(workspace, one)} for one in _visible(workspace, call)]
    return page(call, every, "channels")


def _count(workspace: Workspace, channel: Row) -> Json:
    return {} if channel["kind"] == "im" else {"num_members": len(workspace.channels.members(channel["id"]))}


def of_member(workspace: Workspace, call: Call) -> Json:
    """users.conversations: those of the bot, or what it shares with a member."""
    user = call.text("user") or world.BOT_USER_ID
    if workspace.people.get(user) is None:
        raise SlackError("user_not_found")
    mine = [one for one in _visible(workspace, call) if workspace.channels.has(one["id"], user)]
    return page(call, [workspace.channels.outward(one) for one in mine], "channels")


def info(workspace: Workspace, call: Call) -> Json:
    """conversations.info."""
    locale, count = call.flag("include_locale"), call.flag("include_num_members")
    return {"channel": workspace.channels.outward(find(workspace, call), locale=locale, count=count)}


def history(workspace: Workspace, call: Call) -> Json:
    """conversations.history: newest first, without replies."""
    channel = find(workspace, call)
    if not workspace.channels.has(channel["id"], world.BOT_USER_ID):
        raise SlackError("not_in_channel")
    for name in ("latest", "oldest"):
        if call.given(name) and not _is_stamp(call.text(name)):
            raise SlackError(f"invalid_ts_{name}")
    limit = size(call, 100, HISTORY_MOST)
    # A cursor of history is the stamp below which the next page begins.
    latest, inclusive = call.text("latest"), call.flag("inclusive")
    if call.given("cursor"):
        below = offset(call)
        latest, inclusive = f"{below // 1_000_000}.{below % 1_000_000:06d}", False
    found = workspace.messages.history(channel["id"], call.text("oldest"), latest, inclusive=inclusive, limit=limit)
    more, found = len(found) > limit, found[:limit]
    answer: Json = {"messages": [_shown(call, one) for one in found], "has_more": more, "pin_count": 0}
    if more:
        whole, _, part = found[-1]["ts"].partition(".")
        answer["response_metadata"] = {"next_cursor": mark(int(whole) * 1_000_000 + int(part))}
    return answer


def replies(workspace: Workspace, call: Call) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = find(workspace, call)
    parent = workspace.messages.get(channel["id"], call.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.get("thread_ts", parent["ts"]) != parent["ts"]:
        return {"messages": [_shown(call, parent)], "has_more": False}
    oldest, latest = call.text("oldest", "0"), call.text("latest", "9")
    inclusive = call.flag("inclusive")
    thread = [
        one
        for one in workspace.messages.replies(channel["id"], parent["ts"])
        if oldest < one["ts"] < latest or (inclusive and one["ts"] in (oldest, latest))
    ]
    every = [workspace.messages.threaded(channel["id"], parent), *thread]
    answer = page(call, [_shown(call, one) for one in every], "messages", most=HISTORY_MOST)
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}


def _shown(call: Call, message: Json) -> Json:
    return message if call.flag("include_all_metadata") else without_metadata(message)


def _is_stamp(text: str) -> bool:
    whole, _, part = text.partition(".")
    return whole.isdigit() and (not part or part.isdigit())


def opened(workspace: Workspace, call: Call) -> Json:
    """conversations.open: the direct message with one member."""
    if call.given("channel"):
        channel = find(workspace, call)
        if channel["kind"] != "im":
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = call.words("users")
        if not users:
            raise SlackError("users_list_not_supplied")
        if len(users) > 1:
            # Group messages aren't part of this workspace.
            raise SlackError("method_not_supported_for_channel_type")
        user = workspace.people.get(users[0])
        if user is None:
            raise SlackError("user_not_found")
        if user["deleted"]:
            raise SlackError("user_disabled")
        if user["is_bot"]:
            raise SlackError("invalid_user_combination")
        channel = workspace.channels.direct(users[0])
    if call.flag("return_im"):
        return {"channel": workspace.channels.outward(channel)}
    return {"channel": {"id": channel["id"]}}


def members(workspace: Workspace, call: Call) -> Json:
    """conversations.members."""
    return page(call, workspace.channels.members(find(workspace, call)["id"]), "members")


def join(workspace: Workspace, call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = find(workspace, call)
    if channel["kind"] != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel["archived"]:
        raise SlackError("is_archived")
    already = workspace.channels.has(channel["id"], world.BOT_USER_ID)
    workspace.channels.join(channel["id"], world.BOT_USER_ID)
    answer: Json = {"channel": workspace.channels.outward(channel)}
    return {**answer, "warning": "already_in_channel"} if already else answer


HANDLERS = {
    "conversations.list": listed,
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.open": opened,
    "conversations.members": members,
    "conversations.join": join,
    "users.conversations": of_member,
}
