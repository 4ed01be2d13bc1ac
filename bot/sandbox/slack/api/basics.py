"""api.test, auth.test, apps.connections.open and blocks.validate."""

from bot.sandbox import world
from bot.sandbox.slack import content
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.people import BOT_NAME
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.workspace import Workspace


def test(workspace: Workspace, call: Call) -> Json:
    """api.test: gives back what it was given, as an error when asked to."""
    args = {name: value for name, value in call.args.items() if name != "token"}
    if call.given("error"):
        raise SlackError(call.text("error"), args=args)
    return {"args": args}


def who(workspace: Workspace, call: Call) -> Json:
    """auth.test."""
    return {
        "url": workspace.url + "/", "team": world.TEAM_NAME, "user": BOT_NAME, "team_id": world.TEAM_ID,
        "user_id": world.BOT_USER_ID, "bot_id": world.BOT_ID, "is_enterprise_install": False,
    }  # fmt: skip


def connect(workspace: Workspace, call: Call) -> Json:
    """apps.connections.open."""
    if workspace.sandbox.mode != "socket":
        # assumed: what an app without Socket Mode is told.
        raise SlackError("socket_mode_not_enabled")
    return {"url": workspace.sockets.ticket()}


def validate(workspace: Workspace, call: Call) -> Json:
    """blocks.validate: one of blocks, view, message."""
    given = [name for name in ("blocks", "view", "message") if call.given(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
    if given == ["view"]:
        try:
            content.view(call.structure("view", "invalid_view"), workspace, "modal", "home")
        except SlackError as error:
            raise SlackError("invalid_view", *error.messages) from error
    elif given == ["message"]:
        message = call.structure("message", "invalid_message")
        if not isinstance(message, dict):
            raise SlackError("invalid_message")
        content.checked(message.get("blocks", []), workspace)
    else:
        try:
            content.checked(call.structure("blocks", "invalid_blocks"), workspace)
        except SlackError as error:
            # Its page knows no finer word.
            raise SlackError("invalid_blocks", *error.messages) from error
    return {}


HANDLERS = {"api.test": test, "auth.test": who, "apps.connections.open": connect, "blocks.validate": validate}
