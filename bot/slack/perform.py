"""Performs what handlers answer, by the way that Slack still allows: trigger, response_url, ephemeral or direct."""

import json
import logging
import secrets
from collections.abc import Awaitable, Mapping
from typing import Any

from bot.slack.blocks import Message, View, actions, plain, section
from bot.slack.call import Call
from bot.slack.client import SlackApi, SlackError, SlackLimited, SlackRefused, SlackSilent
from bot.slack.reply import Close, Errors, HomeView, Open, Push, Quiet, Reply, Say, SendFile, Several, Update
from bot.slack.uploads import OwnFile
from bot.slack.wire import BadPress, Reopen
from bot.store.records import Store

KEEP = 24 * 3600
"""Seconds that a form waits to be opened again."""
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
GONE = frozenset({"not_found", "view_not_found", "hash_conflict", "invalid_view_id"})

log = logging.getLogger(__name__)


class Performer:
    """Does what a reply says. Methods raise SlackError only when no way to the person was left."""

    def __init__(self, api: SlackApi, store: Store) -> None:
        self._api = api
        self._store = store

    async def perform(self, reply: Reply, call: Call) -> None:
        """Performs the reply to anything but a form's submission; raises TypeError for Close and Errors."""
        match reply:
            case Quiet():
                pass
            case Say(message):
                await self.say(call, message)
            case Open(view) | Push(view):
                await self._open(call, view)
            case Update(view):
                await self._update(call, view)
            case SendFile(file):
                await self._send(call, file)
            case HomeView(view):
                await self.home(call, view)
            case Several(replies):
                for each in replies:
                    await self.perform(each, call)
            case Close() | Errors():
                raise TypeError(f"{type(reply).__name__} answers only a form's submission")

    async def say(self, call: Call, message: Message | str) -> None:
        """Tells the person privately, where they are if possible."""
        said = Message(message, [section(message)]) if isinstance(message, str) else message
        if call.response_url and not call.thread_ts and await _told(self._api.respond(call.response_url, said)):
            return
        if call.channel and await _told(self._api.whisper(call.channel, call.user, said, call.thread_ts)):
            return
        await self._api.post(await self._api.direct(call.user, patient=True), said, patient=True)

    async def _send(self, call: Call, file: OwnFile) -> None:
        """The file in the direct messages with the person, or a sentence that says that it didn't get there."""
        try:
            await self._api.share(await self._api.direct(call.user, patient=True), file)
        except SlackError as error:
            log.warning("a file could not be sent: %s", error)
            await self.warn(call, call.words("slack.no_file"))

    async def home(self, call: Call, view: View) -> None:
        """Draws this person's Home."""
        await self._api.publish_home(call.user, view)

    async def warn(self, call: Call, text: str) -> None:
        """A sentence that stands in front of the person: on top of the open form, else as `say`."""
        inside = call.view is not None and call.view.type == "modal" and not call.late
        if inside and call.trigger and await _told(self._api.push_view(call.trigger, notice(call, text))):
            return
        await self.say(call, text)

    async def offer(self, call: Call, view: View, key: str = "error.form_expired") -> None:
        """Says that a form waits, with the button that opens it."""
        name = secrets.token_urlsafe(18)
        kept = call.desk.vault.seal(
            json.dumps({"for": call.who.id, "view": view}), f"reopen-{name}"
        )  # may show a secret
        await self._store.client.set(self._store.key("reopen", name), kept, ex=KEEP)
        text = call.words(key)
        button = Reopen(key=name).draw(call.words("slack.open_again"), style="primary")
        await self.say(call, Message(text, [section(text), actions(button)]))

    async def kept(self, press: Reopen, call: Call) -> Open:
        """The form that waits behind the button; raises BadPress when it's gone or somebody else's."""
        found = await self._store.client.get(self._store.key("reopen", press.key))
        kept: Mapping[str, Any] = json.loads(call.desk.vault.open(str(found), f"reopen-{press.key}")) if found else {}
        if kept.get("for") != call.who.id:
            raise BadPress("no form waits there")
        return Open(dict(kept["view"]))

    async def replace(self, call: Call, view: View) -> None:
        """Draws the form of this call again, whatever it shows now; raises SlackRefused when it is closed."""
        if call.view is not None:
            await self._api.update_view(call.view.id, view)

    async def _open(self, call: Call, view: View) -> None:
        inside = call.view is not None and call.view.type == "modal"
        if call.late or not call.trigger:
            return await self.offer(call, view)
        try:
            await (self._api.push_view if inside else self._api.open_view)(call.trigger, view)
        except (SlackLimited, SlackSilent) as error:  # the trigger won't outlive it
            log.info("a form is offered by a button: %s", error)
            return await self.offer(call, view)
        except SlackRefused as error:
            if error.error in TOO_LATE:
                return await self.offer(call, view)
            if error.error == "push_limit_reached":
                return await self._update(call, view)
            raise
        return None

    async def _update(self, call: Call, view: View) -> None:
        if call.view is None:
            raise TypeError("Update needs an open form")
        if view.get("type") == "home":
            return await self._api.publish_home(call.user, view)
        try:
            return await self._api.update_view(call.view.id, view, call.view.hash)
        except SlackRefused as error:
            if error.error not in GONE:
                raise
            log.info("a newer drawing stays: %s", error)


async def _told(attempt: Awaitable[None]) -> bool:
    try:
        await attempt
    except SlackError as error:
        log.info("another way is needed to tell somebody: %s", error)
        return False
    return True


def notice(call: Call, text: str) -> View:
    """A small modal with one sentence."""
    return {
        "type": "modal",
        "title": plain(call.words("slack.notice"), 24),
        "close": plain(call.words("slack.close"), 24),
        "blocks": [section(text)],
    }
