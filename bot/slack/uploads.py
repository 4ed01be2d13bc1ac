"""A file of ours in Slack, in three steps: a place for it, its bytes, and the message that shows it.

https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from bot.slack.asking import Asking, SlackLimited, SlackRefused, SlackSilent, retry_after

_SERVER = 500


@dataclass(frozen=True)
class OwnFile:
    """A file that we made: `said` is the sentence beside it."""

    name: str
    data: bytes
    title: str
    said: str


async def share(
    asking: Asking, session: aiohttp.ClientSession, file: OwnFile, channel: str, ours: Callable[[str], bool]
) -> None:
    """Puts a file into a channel, once. `ours` says whether an address is Slack's. Raises SlackError.

    A place takes bytes once and is completed once, so a second try after silence says whether the first one worked.
    """
    id_ = await place(asking, session, file.name, file.data, "", ours)
    where = {"channel_id": channel, "initial_comment": file.said}
    arguments = {"files": [{"id": id_, "title": file.title}], **where}
    try:
        await asking.ask("files.completeUploadExternal", arguments, patient=True)
    except SlackSilent:
        await _done_before(asking, arguments)


async def place(
    asking: Asking, session: aiohttp.ClientSession, name: str, data: bytes, alt: str, ours: Callable[[str], bool]
) -> str:
    """The id of a file whose bytes are with Slack and that is shown nowhere yet. `ours` as in `share`. Raises
    SlackError."""
    about = {"filename": name, "length": len(data)} | ({"alt_txt": alt} if alt else {})
    found = await asking.ask("files.getUploadURLExternal", about, patient=True)
    url, id_ = found.at(str, "upload_url"), found.at(str, "file_id")
    if not ours(url):
        raise SlackRefused("upload", "not Slack's address")
    try:
        await _sent(session, url, data)
    except SlackSilent:
        with suppress(SlackRefused):  # it may have arrived the first time: what follows says so
            await _sent(session, url, data)
    return id_


async def show(asking: Asking, file: str, title: str, channel: str, thread: str) -> None:
    """Shows what was placed under a message; one that was shown before is done. Raises SlackError."""
    await _done_before(asking, {"files": [{"id": file, "title": title}], "channel_id": channel, "thread_ts": thread})


async def _done_before(asking: Asking, arguments: Mapping[str, object]) -> None:
    """Completes a place that may be completed already, which Slack says by not finding it."""
    try:
        await asking.ask("files.completeUploadExternal", arguments, patient=True)
    except SlackRefused as error:
        if error.error != "file_not_found":
            raise


async def _sent(session: aiohttp.ClientSession, url: str, data: bytes) -> None:
    """Raises SlackError. The address is a secret of its own, so no token goes along."""
    try:
        async with session.post(url, data=data, allow_redirects=False) as answer:
            if answer.status == 429:
                raise SlackLimited("upload", retry_after(answer.headers))
            if answer.status >= _SERVER:
                raise SlackSilent("upload", f"HTTP {answer.status}")
            if answer.status != 200:
                raise SlackRefused("upload", f"HTTP {answer.status}")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SlackSilent("upload", type(error).__name__) from error
