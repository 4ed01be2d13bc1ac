"""views.*: opening, stacking and redrawing modals, and drawing Home."""

from bot.sandbox.slack import content
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.terms import Json, SlackError, missing
from bot.sandbox.slack.workspace import Workspace


def _pointer(call: Call) -> str:
    given = [name for name in ("trigger_id", "interactivity_pointer") if call.given(name)]
    if not given:
        raise missing("trigger_id")
    if len(given) > 1:
        raise SlackError("invalid_arguments", "[ERROR] only one of trigger_id and interactivity_pointer is allowed")
    return call.text(given[0])


def opened(workspace: Workspace, call: Call) -> Json:
    """views.open."""
    pointer = _pointer(call)
    body = content.view(call.structure("view"), workspace, "modal")
    trigger = workspace.triggers.spend(pointer)
    return {"view": workspace.views.outward(workspace.views.open(trigger.user, body, trigger.channel))}


def pushed(workspace: Workspace, call: Call) -> Json:
    """views.push: only with a trigger from inside a modal."""
    pointer = _pointer(call)
    body = content.view(call.structure("view"), workspace, "modal")
    trigger = workspace.triggers.spend(pointer)
    if trigger.view is None:
        # assumed: Slack's word for a trigger that no modal stands behind.
        raise SlackError("invalid_trigger_id")
    below = workspace.views.get(trigger.view)
    if below is None:
        raise SlackError("not_found")
    return {"view": workspace.views.outward(workspace.views.push(below, body))}


def updated(workspace: Workspace, call: Call) -> Json:
    """views.update by view_id or external_id, with an optional hash."""
    if not call.given("view_id") and not call.given("external_id"):
        raise missing("view_id")
    body = content.view(call.structure("view"), workspace, "modal", "home")
    if call.given("view_id"):
        view = workspace.views.get(call.text("view_id"))
    else:
        view = workspace.views.external(call.text("external_id"))
    if view is None:
        raise SlackError("not_found")
    if view.body["type"] != body["type"]:
        raise SlackError("invalid_arguments", f"[ERROR] unsupported type: {body['type']} [json-pointer:/view/type]")
    workspace.views.update(view, body, call.text("hash") or None)
    return {"view": workspace.views.outward(view)}


def published(workspace: Workspace, call: Call) -> Json:
    """views.publish."""
    user = workspace.people.get(call.text("user_id"))
    if user is None or user["is_bot"]:
        raise SlackError("invalid_arguments", "[ERROR] user not found [json-pointer:/user_id]")
    body = content.view(call.structure("view"), workspace, "home")
    return {"view": workspace.views.outward(workspace.views.publish(user["id"], body, call.text("hash") or None))}


HANDLERS = {"views.open": opened, "views.push": pushed, "views.update": updated, "views.publish": published}
