"""Every request to Slack leaves here: within Slack's limits, by name, and answered as `bot.slack.asking` says."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Self
from weakref import WeakValueDictionary

import aiohttp
from pydantic_core import to_json
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.slack.asking import TIMEOUT, Answer, Asking, SlackError, SlackLimited, SlackRefused, SlackSilent, retry_after
from bot.slack.blocks import Message, View
from bot.slack.limits import check_message, check_view
from bot.slack.uploads import OwnFile, place, share, show
from bot.text.markup import cut

__all__ = ["SlackApi", "SlackError", "SlackLimited", "SlackRefused", "SlackSilent"]

DOWNLOAD = (1.0, 5.0, 30.0, 60.0)
"""Seconds before a file is fetched again; nobody waits for it but its post's approval."""
_SERVER = 500
_JSON = {"Content-Type": "application/json;charset=utf-8"}
_END_OF_TIME = 253_370_764_800  # the year 9999
ALT = 1000
"""Characters of a file's description; https://docs.slack.dev/reference/methods/files.getUploadURLExternal."""


class SlackApi:
    """The calls that we make, and no others.

    base_url ends in a slash. What may be repeated is, and most calls wait out a rate limit; posting and updating
    don't, because the deck keeps their pace, and a message has no idempotency key.
    """

    def __init__(self, token: str, *, base_url: str, session: aiohttp.ClientSession) -> None:
        if not base_url.endswith("/"):
            raise ValueError("Slack's base URL ends in a slash")
        self._session = session
        self.web = AsyncWebClient(token, base_url, session=session, retry_handlers=[])
        self._sound: WeakValueDictionary[int, Message] = WeakValueDictionary()
        self._asking = Asking(self.web, session)
        self._ask = self._asking.ask

    @classmethod
    def opened(cls, token: str, *, base_url: str) -> Self:
        """With a session of its own, whose requests end after ten seconds."""
        return cls(
            token,
            base_url=base_url,
            session=aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT), cookie_jar=aiohttp.DummyCookieJar()
            ),
        )

    async def close(self) -> None:
        """Closes the session."""
        await self._session.close()

    async def who(self) -> Mapping[str, Any]:
        """`auth.test`: team_id at least, user_id and bot_id of this bot."""
        answer = await self._ask("auth.test", {})
        answer.at(str, "team_id")
        return answer.data

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        thread_ts: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        broadcast: bool = False,
        patient: bool = False,
    ) -> str:
        """Posts and returns the message's ts. Never tried twice but after a limit, if `patient`."""
        arguments = self._message(message) | {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        optional = {"thread_ts": thread_ts, "metadata": metadata, "reply_broadcast": broadcast or None}
        arguments |= {name: value for name, value in optional.items() if value is not None}
        answer = await self._ask("chat.postMessage", arguments, patient=patient)
        return answer.at(str, "ts")

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Draws a message again."""
        await self._ask("chat.update", self._message(message) | {"channel": channel, "ts": ts})

    async def whisper(self, channel: str, user: str, message: Message, thread_ts: str | None = None) -> None:
        """An ephemeral message."""
        arguments = self._message(message) | {"channel": channel, "user": user}
        await self._ask("chat.postEphemeral", arguments | ({"thread_ts": thread_ts} if thread_ts else {}))

    async def respond(self, url: str, message: Message) -> None:
        """Answers through a response_url, to the person only; https://docs.slack.dev/interactivity/handling-user-interaction."""
        body = self._message(message) | {"response_type": "ephemeral", "replace_original": False}
        try:
            async with self._session.post(url, data=to_json(body), headers=_JSON) as answer:
                text = (await answer.read()).decode("utf-8", "replace")
                if answer.status == 429:
                    raise SlackLimited("response_url", retry_after(answer.headers))
                if answer.status >= _SERVER:
                    raise SlackSilent("response_url", f"HTTP {answer.status}")
                if answer.status >= 400 or '"ok":false' in text.replace(" ", ""):
                    raise SlackRefused("response_url", text[:100])
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SlackSilent("response_url", type(error).__name__) from error

    async def open_view(self, trigger: str, view: View) -> None:
        """Opens a modal."""
        await self._window("views.open", trigger, view)

    async def push_view(self, trigger: str, view: View) -> None:
        """Puts a modal on top of the open one."""
        await self._window("views.push", trigger, view)

    async def _window(self, method: str, trigger: str, view: View) -> None:
        """A trigger works once, so a second try after silence says whether the first one worked."""
        check_view(view)
        arguments = {"trigger_id": trigger, "view": view}
        try:
            await self._ask(method, arguments)
        except SlackSilent:
            try:
                await self._ask(method, arguments)
            except SlackRefused as error:
                if error.error != "exchanged_trigger_id":
                    raise

    async def update_view(self, view_id: str, view: View, hash_: str | None = None) -> None:
        """Draws a modal again; with a hash only if nobody else did in the meantime."""
        check_view(view)
        arguments = {"view_id": view_id, "view": view} | ({"hash": hash_} if hash_ else {})
        await self._ask("views.update", arguments)

    async def publish_home(self, user: str, view: View) -> None:
        """Draws somebody's Home."""
        check_view(view)
        await self._ask("views.publish", {"user_id": user, "view": view})

    async def direct(self, user: str, *, patient: bool = False) -> str:
        """The channel of the direct messages with a member."""
        answer = await self._ask("conversations.open", {"users": user}, patient=patient)
        return answer.at(str, "channel", "id")

    async def quiet(self, user: str) -> tuple[float, float] | None:
        """`dnd.info`: from when until when, in seconds since the epoch, a member's notifications are kept back next,
        or are now; None without do-not-disturb. https://docs.slack.dev/reference/methods/dnd.info"""
        answer = await self._ask("dnd.info", {"user": user})
        if answer.data.get("snooze_enabled"):
            return 0.0, _moment(answer, "snooze_endtime")
        if not answer.data.get("dnd_enabled"):
            return None
        return _moment(answer, "next_dnd_start_ts"), _moment(answer, "next_dnd_end_ts")

    async def member(self, user: str) -> Mapping[str, Any]:
        """`users.info` with the locale."""
        answer = await self._ask("users.info", {"user": user, "include_locale": True})
        return answer.at(dict, "user")

    async def recent(
        self, channel: str, oldest: str, latest: str, *, thread_ts: str | None = None, cursor: str | None = None
    ) -> tuple[Sequence[Mapping[str, Any]], str | None]:
        """Up to 15 messages between two stamps with their metadata, and the cursor of the next page."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "limit": 15, "include_all_metadata": True}
        arguments |= {"oldest": oldest, "latest": latest}
        optional = {"ts": thread_ts, "cursor": cursor}
        arguments |= {name: value for name, value in optional.items() if value}
        answer = await self._ask(method, arguments)
        return answer.all("messages"), answer.cursor

    async def channel(self, channel: str) -> Mapping[str, Any]:
        """`conversations.info`: whether we are a member, whether it is archived, whether others share it."""
        answer = await self._ask("conversations.info", {"channel": channel})
        return answer.at(dict, "channel")

    async def members(self, channel: str, *, most: int) -> Sequence[str]:
        """The first members of a channel, as user ids, bots included. SlackSilent where nobody is named, because we are
        one."""
        found: list[str] = []
        asked: dict[str, Any] = {"channel": channel, "limit": min(most, 200)}
        while True:
            answer = await self._ask("conversations.members", asked)
            found += [each for each in answer.at(list, "members") if isinstance(each, str) and each]
            if len(found) >= most or answer.cursor is None or answer.cursor == asked.get("cursor"):
                break
            asked["cursor"] = answer.cursor
        if not found:
            raise SlackSilent("conversations.members", "no members")
        return found[:most]

    async def permalink(self, channel: str, ts: str) -> str:
        """A message's address."""
        answer = await self._ask("chat.getPermalink", {"channel": channel, "message_ts": ts})
        return answer.at(str, "permalink")

    async def keep(self, name: str, content: bytes, alt: str, pauses: Sequence[float] = DOWNLOAD) -> str:
        """The id of a new file that is in no channel, once it can be shown. Raises SlackError, also when that takes
        Slack too long. https://docs.slack.dev/messaging/working-with-files"""
        about = {"filename": name, "length": len(content)} | ({"alt_txt": alt} if alt else {})
        place = await self._ask("files.getUploadURLExternal", about, patient=True)
        id_, url = place.at(str, "file_id"), place.at(str, "upload_url")
        if not self._slacks(url):
            raise SlackRefused("files.getUploadURLExternal", "not_slacks")
        try:
            async with self._session.post(url, data=content, allow_redirects=False) as found:
                if found.status != 200:
                    raise SlackSilent("upload", f"HTTP {found.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackSilent("upload", type(error).__name__) from error
        await self._ask("files.completeUploadExternal", {"files": [{"id": id_, "title": name}]}, patient=True)
        for pause in (*pauses, 0.0):
            answer = await self._ask("files.info", {"file": id_}, patient=True)
            if answer.at(dict, "file").get("original_w"):  # measured: until then blocks can't name it
                return id_
            await asyncio.sleep(pause)
        raise SlackSilent("files.info", "not processed")

    async def drop(self, file: str) -> None:
        """Deletes a file of ours; one that is gone is done."""
        try:
            await self._ask("files.delete", {"file": file}, patient=True)
        except SlackRefused as error:
            if error.error not in {"file_not_found", "file_deleted"}:
                raise

    async def names_of_members(self) -> Mapping[str, str]:
        """User ids by handle and id; not by display name, because anybody may choose any."""
        return {
            str(name): str(found["id"])
            for found in await self._listed("users.list", "members", {})
            for name in (found.get("name"), found.get("id"))
            if name and found.get("id") and not found.get("deleted")
        }

    async def names_of_channels(self) -> Mapping[str, str]:
        """Channel ids by name and id: public ones, and private ones that we are in."""
        asked = {"types": "public_channel,private_channel", "exclude_archived": True}
        found = await self._listed("conversations.list", "channels", asked)
        named = [each for each in found if each.get("id")]
        return {str(name): str(each["id"]) for each in named for name in (each.get("name"), each["id"]) if name}

    async def share(self, channel: str, file: OwnFile) -> None:
        """Puts a file of ours into a channel."""
        await share(self._asking, self._session, file, channel, self._slacks)

    async def place(self, name: str, content: bytes, alt: str) -> str:
        """The id of a file that is with Slack and shown nowhere yet. Raises SlackError."""
        return await place(self._asking, self._session, name, content, cut(alt, ALT), self._slacks)

    async def show(self, file: str, title: str, channel: str, thread: str) -> None:
        """Shows a file that was placed under a message; one that was shown before is done. Raises SlackError."""
        await show(self._asking, file, title, channel, thread)

    async def download(self, file: str, *, most: int, pauses: Sequence[float] = DOWNLOAD) -> bytes:
        """The first `most` bytes of a file in Slack. Raises SlackRefused when it is gone or not ours to read; what says
        nothing about the file is tried again after each pause, in seconds."""
        for pause in pauses:
            try:
                return await self._download(file, most)
            except (SlackLimited, SlackSilent) as error:
                await asyncio.sleep(max(pause, error.seconds if isinstance(error, SlackLimited) else 0.0))
        return await self._download(file, most)

    async def _download(self, file: str, most: int) -> bytes:
        answer = await self._ask("files.info", {"file": file})
        shared = answer.at(dict, "file")
        url = str(shared.get("url_private_download") or shared.get("url_private") or "")
        if not self._slacks(url):
            raise SlackRefused("files.info", "no_file_data")
        try:
            headers = {"Authorization": f"Bearer {self.web.token}"}
            async with self._session.get(url, headers=headers, allow_redirects=False) as found:
                if found.status == 429:
                    raise SlackLimited("download", retry_after(found.headers))
                if found.status >= _SERVER:
                    raise SlackSilent("download", f"HTTP {found.status}")
                if found.status != 200:  # Slack redirects to a login page what the token may not read
                    raise SlackRefused("download", f"HTTP {found.status}")
                taken = bytearray()
                async for part in found.content.iter_any():
                    taken += part
                    if len(taken) >= most:
                        break
                return bytes(taken[:most])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackSilent("download", type(error).__name__) from error

    def _slacks(self, url: str) -> bool:
        """Whether our token may go there: to Slack's own hosts, or to where the Web API is."""
        try:
            host = URL(url).host or ""
        except ValueError:
            return False
        return host == URL(self.web.base_url).host or host == "slack.com" or host.endswith(".slack.com")

    async def _listed(self, method: str, name: str, arguments: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        asked = dict(arguments) | {"limit": 200}
        while True:
            answer = await self._ask(method, asked)
            found += answer.all(name)
            if answer.cursor is None or answer.cursor == asked.get("cursor"):
                return found
            asked["cursor"] = answer.cursor

    def _message(self, message: Message) -> dict[str, Any]:
        if self._sound.get(id(message)) is not message:  # the same one again, as help is, was looked at before
            check_message(message.text, message.blocks)
            self._sound[id(message)] = message
        return {"text": message.text} | ({"blocks": list(message.blocks)} if message.blocks else {})


def _moment(answer: Answer, name: str) -> float:
    """Seconds since the epoch; raises SlackSilent where Slack doesn't say."""
    value = answer.at(object, name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _END_OF_TIME:
        raise SlackSilent(answer.method, f"no {name}")
    return float(value)
