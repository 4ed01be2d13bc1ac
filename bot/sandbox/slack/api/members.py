"""users.*, bots.info, dnd.info, team.info and usergroups.list: who is who."""

from bot.sandbox import world
from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.paging import page
from bot.sandbox.slack.payloads import DOMAIN
from bot.sandbox.slack.people import BOT_NAME, outward
from bot.sandbox.slack.terms import Json, SlackError
from bot.sandbox.slack.workspace import BOT_ICON, Workspace


def info(workspace: Workspace, call: Call) -> Json:
    """users.info; `locale` only with include_locale."""
    user = workspace.people.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": outward(user, include_locale=call.flag("include_locale"))}


def listed(workspace: Workspace, call: Call) -> Json:
    """users.list."""
    locale = call.flag("include_locale")
    every = [outward(user, include_locale=locale) for user in workspace.people.all()]
    return {**page(call, every, "members"), "cache_ts": int(workspace.now())}


def bot(workspace: Workspace, call: Call) -> Json:
    """bots.info."""
    if call.text("bot", world.BOT_ID) != world.BOT_ID:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": world.BOT_ID, "deleted": False, "name": BOT_NAME, "updated": 1760000000, "app_id": world.APP_ID,
            "user_id": world.BOT_USER_ID, "icons": BOT_ICON,
        }
    }  # fmt: skip


def dnd(workspace: Workspace, call: Call) -> Json:
    """dnd.info: the snooze and the hours without notifications that `/human/admin` can set."""
    user = call.text("user") or world.BOT_USER_ID
    if workspace.people.get(user) is None:
        raise SlackError("user_not_found")
    until = int(workspace.people.quiet_until(user))
    if until <= workspace.now():
        hours = workspace.people.quiet_hours(user)
        if hours is None or hours[1] <= workspace.now():
            return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}
        begins, ends = (int(each) for each in hours)
        return {"dnd_enabled": True, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends, "snooze_enabled": False}
    # assumed: a snooze is told of as a window that has begun.
    return {
        "dnd_enabled": True, "next_dnd_start_ts": int(workspace.now()) - 1, "next_dnd_end_ts": until,
        "snooze_enabled": True, "snooze_endtime": until, "snooze_remaining": until - int(workspace.now()),
    }  # fmt: skip


def team(workspace: Workspace, call: Call) -> Json:
    """team.info."""
    if call.text("team", world.TEAM_ID) != world.TEAM_ID:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": world.TEAM_ID, "name": world.TEAM_NAME, "url": workspace.url + "/", "domain": DOMAIN,
            "email_domain": "", "icon": {"image_default": True}, "avatar_base_url": workspace.url, "is_verified": False,
        }
    }  # fmt: skip


def groups(workspace: Workspace, call: Call) -> Json:
    """usergroups.list."""
    found = []
    for group in workspace.people.groups():
        if group["date_delete"] and not call.flag("include_disabled"):
            continue
        without = {key: value for key, value in group.items() if key != "users"}
        if call.flag("include_users"):
            without["users"] = group["users"]
        if call.flag("include_count"):
            without["user_count"] = len(group["users"])
        found.append(without)
    return {"usergroups": found}


HANDLERS = {
    "users.info": info,
    "users.list": listed,
    "bots.info": bot,
    "dnd.info": dnd,
    "team.info": team,
    "usergroups.list": groups,
}
