"""What people press and choose in messages, modals and Home, and the suggestions that external selects ask for."""

from bot.sandbox.slack import payloads
from bot.sandbox.slack.delivery import INTERACTIVE
from bot.sandbox.slack.fields import entered, holds_state, initial, stateful
from bot.sandbox.slack.kit.check import Findings, many, record
from bot.sandbox.slack.kit.finish import texts
from bot.sandbox.slack.kit.objects import option, option_group
from bot.sandbox.slack.kit.surfaces import elements
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.terms import Json, Refusal
from bot.sandbox.slack.views import View
from bot.sandbox.storage import Row

_PRESSED = {"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"}
_suggestions = record({}, {"options": many(option, 0, 100), "option_groups": many(option_group, 0, 100)})


class Presses(Screen):
    """Each act delivers block_actions, waits for the ack and lets the bot finish."""

    async def on_message(
        self, user_name: str, channel_name: str, ts: str, action_id: str, value: object, block_id: str | None
    ) -> Json:
        """A press on a message, also on what it showed before it changed: screens can be stale."""
        user = self.user(user_name)
        channel = self.place_of(channel_name, user)
        message, reader = self.message(channel, ts, user)
        block, element = self._on_screen(channel, ts, action_id, value, block_id)
        since = self.workspace.messages.stamp()
        values = self._chosen(channel, message, user)
        if holds_state(element):
            if "external" in element["type"]:
                await self._ask(user, block, element, _query(value), self._place(channel, message, reader))
            state = entered(element, value, self.workspace)
            values.setdefault(block["block_id"], {})[action_id] = state
        payload = payloads.message_press(
            user,
            channel,
            message,
            reader,
            values,
            self.workspace.response_urls.issue("actions", user["id"], channel["id"], ts),
            self.workspace.triggers.issue(user["id"], channel["id"]),
        )
        action = _action(block, element, value, values, since)
        return await self._deliver(user, since, {**payload, "actions": [action]})

    def _on_screen(
        self, channel: Row, ts: str, action_id: str, value: object, block_id: str | None
    ) -> tuple[Json, Json]:
        """The newest appearance of the message that showed this action, with this value if one is given."""
        trouble = Refusal(f"that message has never shown an action {action_id!r}", 404)
        for blocks in self.workspace.messages.appearances(channel["id"], ts):
            try:
                return find(blocks, action_id, value, block_id)
            except Refusal as refusal:
                if refusal.status != 404:
                    trouble = refusal
        raise trouble

    def _chosen(self, channel: Row, message: Json, user: Json) -> dict[str, dict[str, Json]]:
        """What this person has chosen in the message so far."""
        values = self.workspace.chosen.setdefault((channel["id"], message["ts"], user["id"]), {})
        for block, element in stateful(message.get("blocks", [])):
            kept = values.setdefault(block["block_id"], {})
            kept.setdefault(element["action_id"], initial(element, channel["id"]))
        return values

    def _place(self, channel: Row, message: Json, reader: str | None) -> Json:
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel["id"]}
        place: Json = {
            "container": {**container, "is_ephemeral": bool(reader)},
            "channel": {"id": channel["id"], "name": payloads.channel_name(channel)},
        }
        return place if reader else {**place, "message": payloads.without_metadata(message)}

    async def in_view(self, user_name: str, view_id: str, action_id: str, value: object, block_id: str | None) -> Json:
        """A press in a modal or Home. In an input without dispatch_action it only enters the value."""
        user = self.user(user_name)
        view = self.view(view_id, user)
        self.reachable(view)
        block, element = find(view.blocks, action_id, value, block_id)
        since = self.workspace.messages.stamp()
        if holds_state(element):
            await self.enter(user, view, block, element, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return self.outcome(user, since)
        return await self.dispatched(user, view, block, element, value, since)

    def reachable(self, view: View) -> None:
        """Only the top modal can be touched."""
        if view.modal and self.workspace.views.top(view.user) is not view:
            raise Refusal("another view lies on top of that one")

    async def enter(self, user: Json, view: View, block: Json, element: Json, value: object) -> None:
        """Puts a value into an element of a view."""
        if "external" in element["type"]:
            place = {"container": {"type": "view", "view_id": view.id}, "view": self.workspace.views.outward(view)}
            await self._ask(user, block, element, _query(value), place)
        state = entered(element, value, self.workspace)
        self.workspace.views.enter(view, block["block_id"], element["action_id"], state)

    async def dispatched(self, user: Json, view: View, block: Json, element: Json, value: object, since: str) -> Json:
        """Tells the bot at once of something pressed or entered in a view."""
        trigger = self.workspace.triggers.issue(user["id"], view.channel, view.id if view.modal else None)
        payload = payloads.view_press(user, self.workspace.views.outward(view), trigger)
        action = _action(block, element, value, view.values, since)
        return await self._deliver(user, since, {**payload, "actions": [action]})

    async def suggest(
        self, user_name: str, view_id: str | None, channel_name: str | None, ts: str | None, action_id: str, query: str
    ) -> Json:
        """The options that an external select offers for what was typed so far."""
        user = self.user(user_name)
        if view_id is not None:
            view = self.view(view_id, user)
            block, element = find(view.blocks, action_id, None, None)
            place: Json = {
                "container": {"type": "view", "view_id": view.id}, "view": self.workspace.views.outward(view),
            }  # fmt: skip
        else:
            channel = self.place_of(channel_name or "", user)
            message, reader = self.message(channel, ts or "", user)
            block, element = find(message.get("blocks", []), action_id, None, None)
            place = self._place(channel, message, reader)
        if "external" not in element["type"]:
            raise Refusal(f"a {element['type']} asks for no suggestions")
        return {"ok": True, "options": await self._ask(user, block, element, query, place)}

    async def _ask(self, user: Json, block: Json, element: Json, query: str, place: Json) -> list[Json]:
        payload = payloads.suggestion(user, block["block_id"], element["action_id"], query, place)
        reply = await self.workspace.delivery.ask(INTERACTIVE, payload)
        if not reply.acked:
            raise Refusal("operation_timeout", 200)
        body = reply.body or {}
        found = Findings("modal", self.workspace.files.named)
        _suggestions(body, "", found)
        if found.messages:
            raise Refusal(f"the app's options are invalid: {' '.join(found.messages)}", 200)
        groups = [one for group in body.get("option_groups", []) for one in group["options"]]
        options: list[Json] = texts([*body.get("options", []), *groups])
        # What was offered before stays choosable: a person scrolls back.
        earlier = [one for one in self.workspace.offered.get(element["action_id"], []) if one not in options]
        self.workspace.offered[element["action_id"]] = [*options, *earlier][:500]
        return options

    async def _deliver(self, user: Json, since: str, payload: Json) -> Json:
        return await self.settled(user, since, [await self.workspace.delivery.ask(INTERACTIVE, payload)])


def find(blocks: list[Json], action_id: str, value: object, block_id: str | None) -> tuple[Json, Json]:
    """(block, element) with this action; the value tells buttons of one action apart. A screen that was drawn
    anew since may name its blocks otherwise: then it is the action wherever it is now."""
    there = [
        (one, element)
        for block in blocks
        for one in block.get("child_blocks", [block])
        for element in elements(one)
        if element.get("action_id") == action_id
    ]
    found = [pair for pair in there if block_id in (None, pair[0]["block_id"])] or there
    if not found:
        shown = sorted({str(one.get("action_id")) for block in blocks for one in elements(block)} - {"None"})
        raise Refusal(f"there is no action {action_id!r}; shown are: {', '.join(shown) or 'none'}", 404)
    if found[0][1]["type"] == "button" and value is not None:
        valued = [pair for pair in found if pair[1].get("value") == value]
        if not valued:
            raise Refusal(f"no button {action_id!r} has the value {value!r}", 404)
        return valued[0]
    if len({str(element.get("value")) for _, element in found}) < len(found) and found[0][1]["type"] == "button":
        return found[0]
    if len(found) > 1:
        raise Refusal(f"{action_id!r} is there {len(found)} times: say which by value or block_id")
    if found[0][1]["type"] == "overflow" and value is not None:
        _overflow(found[0][1], value)
    return found[0]


def _query(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return "" if first is None else str(first)


def _action(block: Json, element: Json, value: object, values: dict[str, dict[str, Json]], stamp: str) -> Json:
    """One entry of `actions`."""
    action: Json = {
        "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"], "action_ts": stamp,
    }  # fmt: skip
    if holds_state(element):
        kept = values[block["block_id"]][element["action_id"]]
        shown = {key: element[key] for key in element if key.startswith(("initial_", "placeholder"))}
        return {**action, **shown, **kept}
    if element["type"] not in _PRESSED:
        raise Refusal(f"a {element['type']} can't be pressed")
    if element["type"] == "overflow":
        return {**action, "selected_option": _overflow(element, value)}
    if element["type"] == "feedback_buttons":
        both = [element["positive_button"], element["negative_button"]]
        if value not in [one["value"] for one in both]:
            raise Refusal("a press on feedback_buttons needs the value of one of them")
        return {**action, "value": value, "text": next(one["text"] for one in both if one["value"] == value)}
    for key in ("text", "value", "style", "url", "confirm", "icon"):
        if key in element:
            action[key] = element[key]
    return action


def _overflow(element: Json, value: object) -> Json:
    for one in element["options"]:
        if one["value"] == value:
            return dict(one)
    offered = ", ".join(one["value"] for one in element["options"])
    raise Refusal(f"{value!r} isn't in that menu; it offers: {offered}")
