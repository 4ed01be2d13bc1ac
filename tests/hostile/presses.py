"""Forged presses and forms: every button and form that we draw, with fields that we never drew, by who may not."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox import world
from bot.slack.forms import Form, typed_fields
from bot.slack.wire import MENU, Button, Interaction, MessageShortcut, Shortcut, all_known
from tests.hostile.bodies import MISSING, WRONG, changed, paths
from tests.hostile.strings import STRINGS

FORGED = (
    "",
    "x",
    "nope",
    "p-1",
    "../agora",
    "agora:roles",
    "*",
    "{T01VOCERO01}:brand:agora",
    "0",
    "a" * 2100,
    "é\u202e",
    "\x00",
    "all",
)
"""Ids of nothing."""
NUMBERS = (-1, 0, 1, 2, 24, 2**31, 2**62, -(2**62), 1.5, "1", "x", None, True, 10**17)


@dataclass(frozen=True)
class Forger:
    """Makes payloads by chance. `real` are ids of things that are there."""

    chance: random.Random
    real: Sequence[str]
    channels: Sequence[str]

    def payload(self, number: int) -> dict[str, Any]:
        """One payload. Who holds a role somewhere only names things that don't exist."""
        stranger = self.chance.random() < 0.7
        ids = [*self.real, *FORGED] if stranger else FORGED
        body = self._about(number, stranger) | self._act(ids)
        if self.chance.random() < 0.25:
            place = self.chance.choice([path for path in paths(body) if path[0] not in {"team", "user", "trigger_id"}])
            body = changed(body, place, self.chance.choice((*WRONG, MISSING)))
        return body

    def _about(self, number: int, stranger: bool) -> dict[str, Any]:
        staff = [user.id for user in world.USERS if user.name in {"ana", "bruno", "carla", "diego"}]
        names = {user.name: user.id for user in world.USERS}
        foreign = {"id": self.chance.choice([*staff, names["admin"]]), "team_id": "T0ELSEWHERE"}
        nobody = {"id": self.chance.choice(("U0NOBODY", "W1", "USLACKBOT", names["eva"])), "team_id": world.TEAM_ID}
        user = (
            self.chance.choice((foreign, nobody))
            if stranger
            else {"id": self.chance.choice(staff), "team_id": world.TEAM_ID}
        )
        return {"team": {"id": world.TEAM_ID}, "user": user, "trigger_id": f"f.{number}", "api_app_id": world.APP_ID}

    def _act(self, ids: Sequence[str]) -> dict[str, Any]:
        kind = self.chance.choice(("press", "press", "press", "live", "submission", "submission", "closed", "shortcut"))
        if kind == "shortcut":
            known = [each.ID for each in (*all_known(Shortcut), *all_known(MessageShortcut))]
            named = {
                "callback_id": self.chance.choice([*known, "x", ""]),
                "message": {"ts": "1.0", "text": self._text(), "files": [{}]},
            }
            return {
                "type": self.chance.choice(("shortcut", "message_action")),
                "channel": {"id": "C01GENERAL1"},
            } | named
        if kind == "press":
            where = self.chance.choice(
                (self._message(), {"view": self._view(ids)}, {"view": self._view(ids) | {"type": "home"}})
            )
            actions = [self._action(ids) for _ in range(self.chance.choice((1, 1, 1, 2, 5)))]
            return {"type": "block_actions", "actions": actions, "response_url": "http://127.0.0.1:9/x"} | where
        view = self._view(ids)
        if kind == "live":
            field = next((id_ for block in view["state"]["values"].values() for id_ in block), "x")
            return {
                "type": "block_actions",
                "view": view,
                "actions": [{"action_id": field, "type": "plain_text_input", "value": self._text()}],
            }
        return {"type": "view_closed" if kind == "closed" else "view_submission", "view": view}

    def _message(self) -> dict[str, Any]:
        channel = self.chance.choice((*self.channels, "C0NOWHERE", "D1"))
        about = {
            "type": "message",
            "message_ts": "1.0",
            "channel_id": channel,
            "is_ephemeral": self.chance.random() < 0.5,
        }
        return {
            "channel": {"id": channel},
            "container": about,
            "message": {"ts": "1.0", "blocks": [{"block_id": self._text()}]},
        }

    def _action(self, ids: Sequence[str]) -> dict[str, Any]:
        button = self.chance.choice(all_known(Button))
        fields, id_ = (
            self._fields(button, ids),
            self.chance.choice((button.ID, button.ID, f"{button.ID}:{self._text()[:99]}")),
        )
        if self.chance.random() < 0.2:
            option = {
                "text": {"type": "plain_text", "text": self._text()},
                "value": self._packed({"!": button.ID, **fields}),
            }
            return {"type": "overflow", "action_id": MENU, "selected_option": option}
        id_ = self.chance.choice((id_, id_, id_, id_, "x.y", "link:x", MENU, self._text()[:200] or "x"))
        return {"type": "button", "action_id": id_, "value": self._packed(fields), "text": {"text": self._text()}}

    def _view(self, ids: Sequence[str]) -> dict[str, Any]:
        form = self.chance.choice(all_known(Form))
        typed = typed_fields(form)
        carried = {name: value for name, value in self._fields(form, ids).items() if name not in typed}
        values = {f"{name}:{number}": {f"{form.ID}.{name}": self._state(ids)} for number, name in enumerate(typed)}
        inputs = {id_: {"type": "plain_text_input", "action_id": next(iter(each))} for id_, each in values.items()}
        blocks = [{"type": "input", "block_id": id_, "element": element} for id_, element in inputs.items()]
        return {
            "id": self.chance.choice(("V1", "V0NOTHING", self._text())), "hash": "1.x",
            "type": "modal", "blocks": blocks,
            "callback_id": self.chance.choice((form.ID, form.ID, form.ID, form.ID, "x.form", self._text())),
            "private_metadata": self._packed(carried), "state": {"values": values},
            "title": {"type": "plain_text", "text": "x"},
        }  # fmt: skip

    def _state(self, ids: Sequence[str]) -> dict[str, Any]:
        """What was entered: of any element, whatever the field is."""
        option = {"text": {"type": "plain_text", "text": "x"}, "value": self.chance.choice((*ids, self._text()))}
        return self.chance.choice(
            (
                {"type": "plain_text_input", "value": self._text()},
                {"type": "plain_text_input", "value": self.chance.choice(WRONG)},
                {"type": "static_select", "selected_option": self.chance.choice((option, None))},
                {"type": "checkboxes", "selected_options": [option] * self.chance.choice((0, 1, 3))},
                {"type": "datetimepicker", "selected_date_time": self.chance.choice(NUMBERS)},
                {"type": "users_select", "selected_user": self.chance.choice(ids)},
                {"type": "conversations_select", "selected_conversation": self.chance.choice(self.channels)},
                {
                    "type": "file_input",
                    "files": self.chance.choice(([], [{"id": "F0NOTHING"}], [{}], [None], {"id": 1}, None)),
                },
            )
        )

    def _fields(self, kind: type[Interaction], ids: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, field in kind.model_fields.items():
            numeric = field.annotation in {int, bool}
            value: Any = self.chance.choice(NUMBERS) if numeric else self.chance.choice(ids)
            if self.chance.random() < 0.08:
                value = self.chance.choice(WRONG)
            if self.chance.random() > 0.05:
                found[name] = value
        if self.chance.random() < 0.1:
            found[self.chance.choice(("brand", "post", "sure", "__class__", "ID", "x"))] = self.chance.choice(WRONG)
        return found

    def _packed(self, fields: Mapping[str, Any]) -> Any:
        text = json.dumps(fields)
        odd = (
            text[:-1],
            f"[{text}]",
            "null",
            "{}",
            "",
            "x" * 2001,
            "[" * 3000,
            text + "x",
            None,
            7,
            "NaN",
            '{"post":NaN}',
        )
        return self.chance.choice(odd) if self.chance.random() < 0.12 else text

    def _text(self) -> str:
        return self.chance.choice((*self.chance.choices(STRINGS, k=3), "x" * 2500))
