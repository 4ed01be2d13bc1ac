"""A file of ours in Slack, in three steps: a place for it, its bytes, and the message that shows it.

https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from collections.abc import Callable
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
    place = await asking.ask(
        "files.getUploadURLExternal", {"filename": file.name, "length": len(file.data)}, patient=True
    )
    url, id_ = place.at(str, "upload_url"), place.at(str, "file_id")
    if not ours(url):
        raise SlackRefused("upload", "not Slack's address")
    try:
        await _sent(session, url, file.data)
    except SlackSilent:
        with suppress(SlackRefused):  # it may have arrived the first time: what follows says so
            await _sent(session, url, file.data)
    arguments = {"files": [{"id": id_, "title": file.title}], "channel_id": channel, "initial_comment": file.said}
    try:
        await asking.ask("files.completeUploadExternal", arguments, patient=True)
    except SlackSilent:
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
