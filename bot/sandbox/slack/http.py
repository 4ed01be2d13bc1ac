"""Delivery by signed HTTP to the app's one request URL."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import aiohttp

from bot.sandbox import world
from bot.sandbox.slack.delivery import COMMAND, EVENT, Reply
from bot.sandbox.slack.terms import Json, secret

PATH = "/slack/events"
_FORM = "application/x-www-form-urlencoded"


class Http:
    """Posts each payload; anything but a 2xx within three seconds is a failure."""

    def __init__(self, bot_url: str, now: Callable[[], float], ack_seconds: float) -> None:
        self.bot_url = bot_url
        self.now = now
        self.ack_seconds = ack_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Opened on first use, inside the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
            )
        return self._session

    def signed(self, body: bytes) -> dict[str, str]:
        """Slack's version 0 signature over the raw body."""
        stamp = str(int(self.now()))
        base = f"v0:{stamp}:".encode() + body
        mark = hmac.new(world.SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str) -> Reply:
        """One POST: a command as a form, an interaction as `payload=`, an event as JSON."""
        content = _FORM
        if kind == EVENT:
            body, content = json.dumps(payload).encode(), "application/json"
        elif kind == COMMAND:
            body = urlencode(payload).encode()
        else:
            body = urlencode({"payload": json.dumps(payload)}).encode()
        headers = {"Content-Type": content, **self.signed(body)}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        start = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        try:
            async with self.session.post(
                self.bot_url + PATH, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                text = await answer.text(errors="replace")
                took = round((time.monotonic() - start) * 1000)
                if not 200 <= answer.status < 300:
                    final = answer.headers.get("X-Slack-No-Retry") == "1"
                    return Reply(False, took, reason="http_error", final=final)
                return Reply(True, took, None if kind == EVENT else _body(kind, answer.content_type, text))
        except TimeoutError:
            return Reply(False, round((time.monotonic() - start) * 1000), reason="http_timeout")
        except aiohttp.ClientError:
            return Reply(False, round((time.monotonic() - start) * 1000), reason="connection_failed")

    async def verify(self) -> bool:
        """Does what Slack does when a request URL is entered: sends a challenge and expects it back."""
        challenge = secret()
        body = json.dumps({"token": world.APP_ID, "challenge": challenge, "type": "url_verification"}).encode()
        headers = {"Content-Type": "application/json", **self.signed(body)}
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        async with self.session.post(self.bot_url + PATH, data=body, headers=headers, timeout=timeout) as answer:
            text = await answer.text()
            if answer.status != 200:
                return False
            return text == challenge or (text.startswith("{") and json.loads(text).get("challenge") == challenge)

    async def healthy(self) -> bool:
        """Whether the bot's own server answers."""
        try:
            timeout = aiohttp.ClientTimeout(total=1)
            async with self.session.get(self.bot_url + "/healthz", timeout=timeout) as answer:
                return answer.status == 200
        except (TimeoutError, aiohttp.ClientError):
            return False

    async def close(self) -> None:
        """Ends the client session."""
        if self._session is not None:
            await self._session.close()


def _body(kind: str, content_type: str, text: str) -> Json | None:
    """What rode on the ack. A command may answer in plain text."""
    if content_type.endswith("json") and text.strip():
        try:
            value = json.loads(text)
        except ValueError:
            return {"text": text}
        return value if isinstance(value, dict) else {"text": text}
    return {"text": text} if kind == COMMAND and text.strip() else None
