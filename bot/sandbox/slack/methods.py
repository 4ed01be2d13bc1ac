"""Which Web API methods the workspace serves: required and known arguments, rate tier, scopes (docs.slack.dev)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """required: refused without these. known: every argument. tier: t1 to t5. scopes: one of these is needed.

    holder: whose token opens it: bot (xoxb) or app (xapp).
    """

    required: frozenset[str]
    known: frozenset[str]
    tier: str
    scopes: tuple[str, ...] = ()
    holder: str = "bot"


def _method(required: str, known: str, tier: str, scopes: str = "", holder: str = "bot") -> Method:
    needs = frozenset(required.split())
    return Method(needs, needs | frozenset(known.split()), tier, tuple(scopes.split()), holder)


_READ = "channels:read groups:read im:read mpim:read"
_HISTORY = "channels:history groups:history im:history mpim:history"

_SAID = "as_user attachments blocks link_names markdown_text metadata parse text"
_LOOKS = "icon_emoji icon_url username"

METHODS = {
    "api.test": _method("", "error", "t4"),
    "auth.test": _method("", "", "t5"),
    "apps.connections.open": _method("", "", "t3", holder="app"),
    "blocks.validate": _method("", "blocks message view", "t4"),
    "bots.info": _method("", "bot team_id", "t3", "users:read"),
    "chat.delete": _method("channel ts", "as_user", "t3", "chat:write"),
    "chat.getPermalink": _method("channel message_ts", "", "t5"),
    "chat.postEphemeral": _method(
        "channel user",
        f"{_SAID} {_LOOKS} thread_ts",
        "t4",
        "chat:write",
    ),
    "chat.postMessage": _method(
        "channel",
        f"{_SAID} {_LOOKS} current_draft_last_updated_ts mrkdwn reply_broadcast thread_ts unfurl_links unfurl_media",
        "t5",
        "chat:write",
    ),
    "chat.update": _method(
        "channel ts",
        f"{_SAID} file_ids reply_broadcast unfurled_attachments",
        "t3",
        "chat:write",
    ),
    "conversations.history": _method(
        "channel",
        "cursor include_all_metadata inclusive latest limit oldest",
        "t3",
        "channels:history groups:history im:history mpim:history",
    ),
    "conversations.info": _method(
        "channel", "include_locale include_num_members", "t3", "channels:read groups:read im:read mpim:read"
    ),
    "conversations.join": _method("channel", "", "t3", "channels:join"),
    "conversations.list": _method(
        "", "cursor exclude_archived limit team_id types", "t2", "channels:read groups:read im:read mpim:read"
    ),
    "conversations.members": _method("channel", "cursor limit", "t4", _READ),
    "conversations.open": _method(
        "", "channel prevent_creation return_im users", "t3", "channels:manage groups:write im:write mpim:write"
    ),
    "conversations.replies": _method(
        "channel ts",
        "cursor include_all_metadata inclusive latest limit oldest",
        "t3",
        "channels:history groups:history im:history mpim:history",
    ),
    "dnd.info": _method("", "team_id user", "t3", "dnd:read"),
    "files.completeUploadExternal": _method(
        "files",
        "blocks channel_id channels icon_emoji icon_url initial_comment thread_ts username",
        "t4",
        "files:write",
    ),
    "files.delete": _method("file", "", "t3", "files:write"),
    "files.getUploadURLExternal": _method("filename length", "alt_txt snippet_type", "t4", "files:write"),
    "files.info": _method("file", "count cursor limit page", "t4", "files:read"),
    "reactions.add": _method("channel name timestamp", "", "t3", "reactions:write"),
    "reactions.get": _method("", "channel file file_comment full timestamp", "t3", "reactions:read"),
    "reactions.remove": _method("name", "channel file file_comment timestamp", "t2", "reactions:write"),
    "team.info": _method("", "domain team", "t3", "team:read"),
    "usergroups.list": _method(
        "",
        "include_count include_disabled include_users team_id",
        "t2",
        "usergroups:read",
    ),
    "users.conversations": _method(
        "",
        "cursor exclude_archived exclude_muted limit team_id types user",
        "t3",
        "channels:read groups:read im:read mpim:read",
    ),
    "users.info": _method("user", "include_locale", "t4", "users:read"),
    "users.list": _method("", "cursor include_locale limit team_id", "t2", "users:read"),
    "views.open": _method("view", "interactivity_pointer trigger_id", "t4"),
    "views.publish": _method("user_id view", "hash interactivity_pointer", "t4"),
    "views.push": _method("view", "interactivity_pointer trigger_id", "t4"),
    "views.update": _method("view", "external_id hash view_id", "t4"),
}
