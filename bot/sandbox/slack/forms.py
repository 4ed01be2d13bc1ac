"""What people do with modals: fill in, submit, close; and what the app's answer to a submission does."""

from bot.sandbox.slack import content, payloads
from bot.sandbox.slack.delivery import INTERACTIVE, Reply
from bot.sandbox.slack.fields import complaint, holds_state, stateful
from bot.sandbox.slack.presses import Presses
from bot.sandbox.slack.screen import TROUBLE
from bot.sandbox.slack.terms import Json, Refusal, SlackError
from bot.sandbox.slack.views import View


class Forms(Presses):
    """Submits, closes and fills in modals."""

    async def submit(self, user_name: str, view_id: str, values: Json) -> Json:
        """Enters `values` (by action_id, or `block_id/action_id`) and submits; other fields stay as they are."""
        user = self.user(user_name)
        view = self.view(view_id, user)
        if not view.modal:
            raise Refusal("Home can't be submitted")
        self.reachable(view)
        if not view.body.get("submit"):
            raise Refusal("this view has no submit button")
        since = self.workspace.messages.stamp()
        await self._fill(user, view, values)
        self._complete(view)
        view.errors, view.problem = {}, ""
        trigger = self.workspace.triggers.issue(user["id"], view.channel, view.id)
        payload = payloads.submission(
            user, self.workspace.views.outward(view), trigger, self._response_urls(user, view)
        )
        reply = await self.workspace.delivery.ask(INTERACTIVE, payload)
        error = await self._answered(user, view, reply) if reply.acked else ""
        if error or not reply.acked:
            view.problem = TROUBLE
            self.workspace.sandbox.changes.tell("views", view.user)
        outcome = await self.settled(user, since, [reply], ok=not error, error=TROUBLE if error else "")
        return {**outcome, "reason": error} if error else outcome

    async def fill(self, user_name: str, view_id: str, values: Json) -> Json:
        """Enters values without submitting; inputs with dispatch_action tell the bot."""
        user = self.user(user_name)
        view = self.view(view_id, user)
        self.reachable(view)
        since = self.workspace.messages.stamp()
        answer: Json | None = None
        for block, element, value in await self._fill(user, view, values):
            if block["type"] != "input" or block.get("dispatch_action"):
                answer = await self.dispatched(user, view, block, element, value, since)
        return answer or self.outcome(user, since)

    async def _fill(self, user: Json, view: View, values: Json) -> list[tuple[Json, Json, object]]:
        """Enters each value; says into which elements."""
        touched = []
        for name, value in values.items():
            block, element = _field(view, name)
            await self.enter(user, view, block, element, value)
            touched.append((block, element, value))
        return touched

    def _complete(self, view: View) -> None:
        """Refuses what Slack's client would refuse to send."""
        wrong = []
        for block, element in stateful(view.blocks):
            if block["type"] != "input":
                continue
            words = complaint(block, element, view.values[block["block_id"]][element["action_id"]])
            if words:
                wrong.append(f"{block['label']['text']} ({element['action_id']}): {words}")
        if wrong:
            raise Refusal("; ".join(wrong))

    def _response_urls(self, user: Json, view: View) -> list[Json]:
        urls = []
        for block, element in stateful(view.blocks):
            state = view.values[block["block_id"]][element["action_id"]]
            channel = state.get("selected_conversation") or state.get("selected_channel")
            if element.get("response_url_enabled") and channel:
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel,
                        "response_url": self.workspace.response_urls.issue("actions", user["id"], channel),
                    }
                )
        return urls

    async def _answered(self, user: Json, view: View, reply: Reply) -> str:
        """Does what the app answered; says what is wrong with an answer that Slack can't follow."""
        body = reply.body or {}
        action = body.get("response_action")
        if action == "errors":
            return self._errors(view, body.get("errors"))
        if action not in (None, "clear", "update", "push") or (body and action is None):
            return f"there is no response_action {action!r}"
        try:
            if action is None:
                # assumed: an update that came before the ack doesn't keep the view open.
                self.workspace.views.close(view)
            elif action == "clear":
                self.workspace.views.clear(view.user)
            elif action == "update":
                self.workspace.views.update(view, content.view(body.get("view"), self.workspace, "modal"))
            else:
                self.workspace.views.push(view, content.view(body.get("view"), self.workspace, "modal"))
        except SlackError as error:
            return " ".join([error.name, *error.messages])
        return ""

    def _errors(self, view: View, errors: object) -> str:
        inputs = {block["block_id"] for block, _ in stateful(view.blocks) if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not all(isinstance(one, str) for one in errors.values()):
            return "errors must be an object of sentences by block_id"
        strangers = sorted(errors.keys() - inputs)
        if strangers:
            return f"no input block has the block_id {', '.join(strangers)}"
        view.errors = dict(errors)
        self.workspace.sandbox.changes.tell("views", view.user)
        return ""

    async def close(self, user_name: str, view_id: str, *, every: bool) -> Json:
        """Cancel, or with `every` the cross that closes the whole stack. view_closed goes to apps that asked."""
        user = self.user(user_name)
        view = self.view(view_id, user)
        if not view.modal:
            raise Refusal("Home can't be closed")
        self.reachable(view)
        since = self.workspace.messages.stamp()
        gone = self.workspace.views.clear(user["id"]) if every else self.workspace.views.close(view)
        cleared = every or bool(view.body.get("clear_on_close"))
        replies = [
            await self.workspace.delivery.ask(
                INTERACTIVE, payloads.closing(user, self.workspace.views.outward(one), cleared=cleared)
            )
            for one in gone
            if one.body.get("notify_on_close")
        ]
        if not replies:
            return self.outcome(user, since)
        return await self.settled(user, since, replies)


def _field(view: View, name: str) -> tuple[Json, Json]:
    """The element that a name in `values` means."""
    every = list(stateful(view.blocks))
    found = [pair for pair in every if pair[1]["action_id"] == name]
    found = found or [pair for pair in every if f"{pair[0]['block_id']}/{pair[1]['action_id']}" == name]
    if not found:
        fields = ", ".join(element["action_id"] for _, element in every if holds_state(element))
        raise Refusal(f"this view has no field {name!r}; it has: {fields or 'none'}", 404)
    if len(found) > 1:
        raise Refusal(f"{name!r} is there {len(found)} times: say block_id/action_id")
    return found[0]
