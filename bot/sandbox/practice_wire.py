"""What the practice network takes and gives: bodies, texts, pictures, times, refusals."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.sandbox.pictures import Picture, measure

MAX_TEXT = 500
MAX_MEDIA = 4
MAX_ALT = 1000
MAX_BYTES = 8 << 20


class Refused(Exception):
    """Becomes `{error, message}`."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


def iso(at: float) -> str:
    """`2026-11-22T10:00:00.000000Z`."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body; Refused 422 when it isn't a JSON object."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(422, "invalid", "the body must be a JSON object")
    return body


def sound(text: str) -> bool:
    """Whether it is text: JSON can smuggle in half a character."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def checked_text(given: object) -> str:
    """A text that isn't too long, without the space around it."""
    if not isinstance(given, str) or len(given.strip()) > MAX_TEXT or not sound(given):
        raise Refused(422, "invalid", f"text must be a string of at most {MAX_TEXT} characters")
    return given.strip()


def checked_media(given: object) -> list[tuple[dict[str, str], bytes, Picture | None]]:
    """Each picture's fields, bytes and size; a picture may come without bytes, by name and alt text alone."""
    if not isinstance(given, list) or len(given) > MAX_MEDIA or not all(isinstance(one, dict) for one in given):
        raise Refused(422, "invalid", f"media must be a list of at most {MAX_MEDIA} objects")
    found = []
    for one in given:
        if set(one) - {"name", "alt", "base64"} or not all(isinstance(value, str) for value in one.values()):
            raise Refused(422, "invalid", "a medium has name, alt and base64")
        try:
            data = base64.b64decode(one.get("base64", ""), validate=True)
        except binascii.Error:
            raise Refused(422, "invalid", "base64 can't be read") from None
        if len(data) > MAX_BYTES or len(one.get("alt", "")) > MAX_ALT:
            raise Refused(
                422, "invalid", f"a picture has at most {MAX_BYTES} bytes and {MAX_ALT} characters of alt text"
            )
        picture = measure(data)
        if data and picture is None:
            raise Refused(422, "invalid", "not a picture (png, jpeg, gif, webp)")
        found.append((one, data, picture))
    return found
