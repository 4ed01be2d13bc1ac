"""Files: the three steps of an upload, sharing, private download, pictures in blocks."""

import struct

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import world
from bot.sandbox.slack.images import size
from tests.sandbox_slack.conftest import Place, Starter, section

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 480) + b"rest"


async def test_an_upload_from_end_to_end(start: Starter) -> None:
    place = await start()
    shared = await place.bot.files_upload_v2(
        channel="C01GENERAL1",
        content=PNG,
        filename="cup.png",
        title="A cup",
        alt_txt="Cup",
        initial_comment="Look & see",
    )
    file = shared["file"]
    assert (file["original_w"], file["original_h"], file["alt_txt"]) == (640, 480, "Cup")
    assert (file["mimetype"], file["size"], file["title"]) == ("image/png", len(PNG), "A cup")
    message = (await place.messages())[0]
    assert message["text"] == "Look &amp; see"
    assert message["files"][0]["id"] == file["id"]
    assert (await place.bot.files_info(file=file["id"]))["file"]["channels"] == ["C01GENERAL1"]
    bearer = {"Authorization": f"Bearer {world.BOT_TOKEN}"}
    async with place.session.get(file["url_private"], headers=bearer) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PNG)
    async with place.session.get(file["url_private"]) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    block = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "Cup"}
    await place.bot.chat_postMessage(channel="#general", text="x", blocks=[block])
    await start.stop(place)
    again = await start()
    async with again.session.get(f"{again.url}/human/files/{file['id']}") as answer:
        assert await answer.read() == PNG


async def test_steps_out_of_order(place: Place) -> None:
    reserved = await place.bot.files_getUploadURLExternal(filename="a.txt", length=5)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await place.bot.files_completeUploadExternal(files=[{"id": reserved["file_id"], "title": "A"}])
    async with place.session.post(reserved["upload_url"], data=b"six...") as answer:
        assert answer.status == 400
    async with place.session.post(reserved["upload_url"], data=b"five!") as answer:
        assert (answer.status, await answer.text()) == (200, "OK - 5")
    async with place.session.post(reserved["upload_url"], data=b"five!") as answer:
        assert answer.status == 404
    done = [{"id": reserved["file_id"], "title": "A"}]
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await place.bot.files_completeUploadExternal(files=done, channel_id="C404")
    parent = await place.bot.chat_postMessage(channel="#general", text="x")
    await place.bot.files_completeUploadExternal(files=done, channel_id="C01GENERAL1", thread_ts=parent["ts"])
    assert (await place.messages())[1]["thread_ts"] == parent["ts"]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await place.bot.files_completeUploadExternal(files=done)
    assert (await place.call("files.info", file="F404"))["error"] == "file_not_found"
    unknown = {"type": "image", "slack_file": {"id": "F404"}, "alt_text": "A"}
    refused = await place.call("chat.postMessage", channel="#general", text="x", blocks=[section(), unknown])
    assert refused["error"] == "invalid_blocks"


def test_sizes_of_pictures() -> None:
    assert size(PNG) == (640, 480)
    assert size(b"GIF89a" + struct.pack("<HH", 3, 2)) == (3, 2)
    jpeg = (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 4) + b"ab" + b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 20, 30) + b"xx"
    )
    assert size(jpeg) == (30, 20)
    assert size(b"hello") is None
