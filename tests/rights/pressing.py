"""Any interaction by anybody about anything, as Slack would send it, without the screen that would have offered it."""

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from bot.domain.conversations import mark_of
from bot.domain.errands import digest
from bot.sandbox import world
from bot.slack.forms import Form, typed_fields
from bot.slack.wire import Button, Command, Interaction, MessageShortcut, Shortcut, SlackEvent
from tests.rights.cast import SOMEBODY, Person, card_ts, stop_of

_TRIGGERS = itertools.count(1)
MOVED = round(time.time()) + 2 * 24 * 3600
FIXED: Mapping[str, Any] = {
    "revision": 2, "seen": 0, "sure": True, "number": -1, "asked": 1, "hour": 9, "on": True, "epoch": 1,
    "reason": "spam", "note": "", "text": "", "word": "x", "nearest": None, "tab": "home", "ts": "1.0",
    "thread_ts": "", "held": "nothing", "network": "x", "drawn": "x", "name": "Nueva", "face": "", "language": "es",
    "zone": "Europe/Madrid", "ticks": ["four_eyes", "digest"], "off_hours": "admins", "rota": "", "end": [],
    "silence": [], "url": "https://pager.example.com/x", "words": "secret", "person": SOMEBODY.partition(":")[2],
    "account": "", "since": "", "until": "", "place": "", "only": "", "ref": "", "alone": [], "when": "now",
    "at": None, "began": None, "kept": [], "redrawn": 0, "more": False, "picture": [], "remove": [], "alt": "",
    "kind": "", "disclosure": "", "leans": [],
    "thread": "", "first": None, "second": None, "third": None, "fourth": None, "roles": ["viewer"],
    "text2": "", "text3": "", "text4": "", "text5": "", "channel": "", "review": "C01GENERAL1", "inbox": "",
    "tags": "vip", "relationship": "gift", "yes": True, "apart": False,
    "way": "review", "mark": "", "tone": "positive",
    "alerts": "", "digest": "", "choice": "hour", "topic": "x", "topics": "x", "week": "", "holidays": "",
    "answer": "", "resolve": "",
    "role": "moderator", "title": "x", "around": "", "page": 0, "view": "all", "shown": "all",
    "reaction": "eyes", "item": {"type": "message", "channel": "C01GENERAL1", "ts": "1.0"},
    "monday": "", "whose": "*", "slots": "",
    "phrase": "", "heard": "", "spoken": None, "cleared": 0, "active": [],
    "blockers": "", "warnings": "", "notes": "", "blackout": "", "sensitive": "", "spacing": 30, "hashtags": 5,
    "rule": "insultos", "strength": "flag", "terms": "tonto",
    "known": False, "handle": "", "link": "https://www.instagram.com/p/1", "publisher": "", "deputy": "",
    "concern": "facts", "reviews": 8, "practice": False, "after": "", "last": "",
    "days": 30, "hidden": True, "liked": True, "before": "", "numbered": True,
}  # fmt: skip
LETTERS = {
    "post": "p", "delivery": "h", "conversation": "c", "proposal": "o", "alarm": "m", "handover": "w", "foreign": "f",
    "outsider": "n", "other": "b",
    "passed": "q", "crowd": "k", "bulk": "u", "saved": "s", "suggestion": "g", "fact": "e",
    "correction": "v",
}  # fmt: skip


def fields_of(kind: type[Interaction], brand: str, name: str, account: str, *, live: bool = False) -> dict[str, Any]:
    """What an interaction carries about a brand's thing of somebody's."""
    at, fresh = f"{brand}-{name}", f"new{next(_TRIGGERS)}"
    ids = {field: f"{letter}-{at}" for field, letter in LETTERS.items()}
    ids |= {"brand": brand, "scope": brand, "subject": f"p-{at}", "account": account, "reply": fresh}
    special: Mapping[str, Mapping[str, Any]] = {
        "review.approve": {"despite": stop_of(brand).note},
        "compose.continue": {"post": f"d-{at}"},
        "compose.discard": {"post": f"d-{at}"},
        "inbox.undo": {"delivery": f"r-{at}"},
        "proposals.unpublish": {"delivery": f"l-{at}"},
        "proposals.unpublish_form": {"delivery": f"l-{at}", "accounts": [f"l-{at}"], "proposal": fresh},
        "proposals.delete_form": {"proposal": fresh, "ref": f"ref-{at}"},
        "proposals.disconnect_form": {"proposal": fresh},
        "settings.roles": {"proposal": fresh, "drawn": FIXED["person"]},
        "settings.brand": {"proposal": fresh},
        "duty.offer": {"handover": fresh, "brands": [brand]},
        "audit.search_form": {"account": ""},
        "accounts.form": {"account": "", "drawn": "facebook" if brand != "ensayo" else "practice", "network": ""},
        "assisted.form": {"account": f"hand-{fresh}", "drawn": "tiktok-assisted", "handle": fresh,
                          "network": "tiktok-assisted", "link": "", "whose": "company"},
        **{f"by_hand.{press}": {"delivery": f"j-{at}", "number": 0}
           for press in ("cant", "cant_form", "published", "published_form")},
        "compose.form": {"draft": f"d-{at}" if live else f"p-{at}", "drawn": brand, "accounts": [account],
                         "text": "Otra cosa", "when": "draft" if live else "now", "revision": 0 if live else 2},
        "looks.form": {"look": fresh, "text": "Sí"},
        "reply_in_public": {"channel": "C90CARDS", "thread_ts": card_ts(at), "ts": "1.5", "text": "Sí", "author": "U1"},
        "inbox.reply": {"text": "Sí", "seen": []},
        "mood.correct": {"mark": mark_of(f"ref-{at}")},
        **{f"moderation.{press}": {"ref": f"ref-{at}"} for press in ("hide", "like", "private")},
        "ruling.undo": {"ref": f"ref-{at}", "person": False},
        "routing.form": {"seen": "", "rule": fresh, "accounts": [], "spoken": "es", "moods": [], "person": ""},
        "keeping.form": {"seen": 90, "days": 90},
        "rulebook.rule_form": {"seen": "", "rule": fresh},
        "moderation.private_form": {"ref": f"ref-{at}", "text": "Sí"},
        **{f"moderation.{press}": {"delivery": f"r-{at}", "text": "Sí"} for press in ("edit", "edit_form")},
        **{f"suggestions.{f}_form": {"revision": 1, "text": "Sí"} for f in ("fix", "return", "rewrite")},
        "suggestions.approve": {"revision": 1},
        **{f"corrections.{press}": {"delivery": f"l-{at}"} for press in ("correct", "write")},
        "corrections.form": {"delivery": f"l-{at}", "correction": fresh, "text": "Otra cosa",
                             "before": digest(f"secret of {brand}")},
        "passing.form": {"passed": fresh, "text": "Sí", "topic": ""},
        "passing.answer_form": {"text": "Sí"},
        "check_fact": {"channel": "C90CARDS", "ts": card_ts(at), "text": "Sí", "author": "U1"},
        "facts.form": {"fact": fresh, "statement": "Sí", "official": "-", "about": "other"},
        "facts.verdict": {"seen": 0, "verdict": "rumour", "official": "-"},
        "work.form": {"text": "Sí", "seen": [], "at": 0.0, "topics": [], "view": "mine", "last": "", "person": ""},
        "handling.snooze_form": {"when": int(time.time()) + 3600},
        "queue.move_form": {"when": "at", "at": MOVED, "spoken": None},
        "slots.form": {"drawn": "*"},
        "post.repeat_form": {"every": "week", "times": "1"},
        "sheets.import_form": {"file": [{"id": "F1", "size": 1}]},
        "sheets.confirm_form": {"file": "F1", "review": True},
        "client_links.form": {"link": fresh},
        "client_links.revoke": {"holder": f"link:{at}"},
        **{f"calendar_links.{press}": {"seen": ""} for press in ("make", "revoke")},
        "compose.when_is": {"at": MOVED},
        **{f"storms.{press}": {"until": 10**15} for press in ("claim", "close", "hide")},
        "storms.answer_form": {"act": fresh, "until": 10**15, "text": "Sí", "text2": "Claro"},
        "queue.when_is": {"at": MOVED},
        "review.fix_form": {"shown": "", "public": True, "text": "Otra cosa"},
        "urgency.form": {"content": "x"},
        "week.form": {"shown": [f"p-{at}:2:{'0' * 64}:0"], "ticked": ["0"]},
        "week.sure": {"shown": [f"p-{at}:2:{'0' * 64}:0"], "asked": [f"p-{at}"]},
    }  # fmt: skip
    found = {**FIXED, **ids, **special.get(kind.ID, {})}
    if kind.ID == "accounts.form":
        found["network"] = found["drawn"]
    return {field: found[field] for field in kind.model_fields if field in found}


def payload(
    kind: type[Interaction], fields: Mapping[str, Any], person: Person, *, url: str, channel: str, live: bool = False
) -> dict[str, Any]:
    """As Slack sends it."""
    team, _, user = person.id.partition(":")
    trigger = f"t.{next(_TRIGGERS)}"
    base = {
        "user": {"id": user, "name": "x", "team_id": team}, "team": {"id": world.TEAM_ID}, "trigger_id": trigger,
        "api_app_id": world.APP_ID, "token": "x",
    }  # fmt: skip
    here = {"channel": {"id": channel, "name": "x"}, "response_url": url}
    if issubclass(kind, Button):
        packed = json.dumps({name: value for name, value in fields.items() if name in kind.model_fields})
        action = {"type": "button", "action_id": kind.ID, "block_id": "b", "value": packed, "action_ts": trigger[2:]}
        container = {"type": "message", "message_ts": "1.0", "channel_id": channel}
        return {**base, **here, "type": "block_actions", "actions": [action], "container": container}
    if issubclass(kind, Form):
        seen = view(kind, fields)
        if not live:
            return {**base, "type": "view_submission", "view": seen, "response_urls": []}
        # a form without inputs is drawn again after a press in it that shows nothing itself
        block, element = next(iter(seen["state"]["values"].items()), ("b", {"compose.more": {}}))
        action_id = next(iter(element))
        at = f"{next(_TRIGGERS)}.0"
        action = {"action_id": action_id, "block_id": block, "action_ts": at, "type": "x", "value": "{}"}
        base.pop("trigger_id")  # without one, what is refused is said by response_url and not by a window on top
        return {**base, "type": "block_actions", "actions": [action], "view": seen, "response_url": url}
    if issubclass(kind, Command):
        text = {"": "", "?": "xyzzy"}.get(kind.ID, kind.ID)
        # Slack names a command's own workspace only: somebody of another one is that workspace's
        return {
            "command": "/vocero", "text": text, "user_id": user, "user_name": "x", "team_id": team,
            "channel_id": channel, "trigger_id": trigger, "response_url": url,
        }  # fmt: skip
    if issubclass(kind, MessageShortcut):
        message = {"type": "message", "user": fields["author"], "text": fields["text"], "ts": fields["ts"]}
        where = {"channel": {"id": fields["channel"], "name": "x"}, "response_url": url}
        said = message | {"thread_ts": fields["thread_ts"]}
        return {**base, **where, "type": "message_action", "callback_id": kind.ID, "message": said, "action_ts": "1.0"}
    if issubclass(kind, Shortcut):
        return {**base, "type": "shortcut", "callback_id": kind.ID, "action_ts": "1.0"}
    assert issubclass(kind, SlackEvent)
    event = {"type": kind.ID, "user": user, "user_team": team, "channel": channel, "ts": "1.0", **dict(fields)}
    return {
        "type": "event_callback", "team_id": world.TEAM_ID, "event_id": trigger, "event": event | {"channel": channel},
        "authorizations": [{"team_id": world.TEAM_ID, "user_id": world.BOT_USER_ID, "is_bot": True}],
    }  # fmt: skip


def view(kind: type[Form], fields: Mapping[str, Any]) -> dict[str, Any]:
    """An open form, with private_metadata and values of one's own making."""
    typed = typed_fields(kind)
    values = {name: {f"{kind.ID}.{name}": _element(kind, name, fields[name])} for name in typed if name in fields}
    carried = {name: value for name, value in fields.items() if name not in typed}
    return {
        "id": f"V{next(_TRIGGERS)}", "type": "modal", "callback_id": kind.ID, "hash": "1.x", "blocks": [],
        "private_metadata": json.dumps(carried), "state": {"values": values},
    }  # fmt: skip


def _element(kind: type[Form], name: str, value: Any) -> dict[str, Any]:
    if name in {"picture"}:
        return {"type": "file_input", "files": []}
    if isinstance(value, list):
        return {"type": "checkboxes", "selected_options": [{"value": each} for each in value]}
    if name == "person":
        return {"type": "users_select", "selected_user": value}
    if "datetime" in str(kind.model_fields[name].annotation) or name == "at":
        return {"type": "datetimepicker", "selected_date_time": value}
    return {"type": "plain_text_input", "value": str(value) if value not in (None, "") else None}
