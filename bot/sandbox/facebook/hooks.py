"""Webhooks of a page: queued in the database, signed, batched, sent again when the bot doesn't answer 200."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
from typing import Any

import aiohttp

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.storage import row, rows

# Real retries go on for 36 hours, ever more slowly; the sandbox gives up sooner (assumed).
RETRIES = (1, 5, 15, 60, 300)
MESSAGES = "messages"
TICK = 0.2
BATCH = 1000  # assumed: as many changes as one request carries


class Hooks:
    """Off until `POST /{page}/subscribed_apps`. Sent to what the app subscribed, else `bot_url`/webhooks/facebook."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sandbox.db.executescript(
            """
            CREATE TABLE IF NOT EXISTS facebook_numbers (n INTEGER PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS facebook_subscriptions (page TEXT PRIMARY KEY, fields TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS facebook_callbacks (object TEXT PRIMARY KEY, url TEXT, fields TEXT);
            CREATE TABLE IF NOT EXISTS facebook_hooks (
              n INTEGER PRIMARY KEY AUTOINCREMENT, page TEXT, field TEXT, value TEXT, due REAL,
              tries INTEGER DEFAULT 0);
            CREATE INDEX IF NOT EXISTS facebook_hooks_due ON facebook_hooks (due);
            """
        )

    def fields(self, page: str) -> list[str]:
        """What the page tells the app; empty: nothing."""
        found = row(self.sandbox.db, "SELECT fields FROM facebook_subscriptions WHERE page = ?", page)
        return str(found["fields"]).split(",") if found else []

    def subscribe(self, page: str, fields: list[str]) -> None:
        """The page tells the app about these from now on; none: it is silent."""
        self.sandbox.db.execute("DELETE FROM facebook_subscriptions WHERE page = ?", (page,))
        if fields:
            self.sandbox.db.execute("INSERT INTO facebook_subscriptions VALUES (?,?)", (page, ",".join(fields)))

    @property
    def url(self) -> str:
        """Where changes are sent."""
        found = row(self.sandbox.db, "SELECT url FROM facebook_callbacks WHERE object = 'page'")
        return str(found["url"]) if found else self.sandbox.bot_url + "/webhooks/facebook"

    async def call_back(self, url: str, fields: str, verify_token: str) -> bool:
        """Set the app's callback after it repeated our challenge."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            try:
                async with session.get(url, params=query) as answer:
                    agreed = answer.status == 200 and await answer.text() == challenge
            except (aiohttp.ClientError, TimeoutError):
                agreed = False
        if agreed:
            self.sandbox.db.execute("INSERT OR REPLACE INTO facebook_callbacks VALUES ('page',?,?)", (url, fields))
        return agreed

    def tell(self, page: str, field: str, value: dict[str, Any], due: float | None = None) -> None:
        """Queue one change, for `due` when it lies in the future."""
        if field in self.fields(page):
            at = self.sandbox.now() if due is None else due
            self.sandbox.db.execute(
                "INSERT INTO facebook_hooks (page, field, value, due) VALUES (?,?,?,?)",
                (page, field, json.dumps(value, ensure_ascii=False), at),
            )

    async def send_due(self, session: aiohttp.ClientSession) -> int:
        """Send what is due, one request per page; returns how many changes were taken."""
        sent = 0
        due = rows(
            self.sandbox.db, "SELECT * FROM facebook_hooks WHERE due <= ? ORDER BY n LIMIT ?", self.sandbox.now(), BATCH
        )
        for page in dict.fromkeys(one["page"] for one in due):
            batch = [one for one in due if one["page"] == page]
            if await self._send(session, page, batch):
                sent += len(batch)
                numbers = [(one["n"],) for one in batch]
                self.sandbox.db.executemany("DELETE FROM facebook_hooks WHERE n = ?", numbers)
            else:
                self._later(batch)
        return sent

    def _later(self, batch: list[dict[str, Any]]) -> None:
        now = self.sandbox.now()
        for one in batch:
            if one["tries"] >= len(RETRIES):
                self.sandbox.db.execute("DELETE FROM facebook_hooks WHERE n = ?", (one["n"],))
            else:
                self.sandbox.db.execute(
                    "UPDATE facebook_hooks SET due = ?, tries = tries + 1 WHERE n = ?",
                    (now + RETRIES[one["tries"]], one["n"]),
                )

    async def _send(self, session: aiohttp.ClientSession, page: str, batch: list[dict[str, Any]]) -> bool:
        body = json.dumps({"object": "page", "entry": self._entries(page, batch)}).encode()
        signature = hmac.new(world.FACEBOOK_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        try:
            async with session.post(self.url, data=body, headers=headers) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _entries(self, page: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Changes of one kind, messages of another: https://developers.facebook.com/docs/messenger-platform/webhooks."""
        told = [(one["field"], json.loads(one["value"])) for one in batch]
        changes = [{"value": value, "field": field} for field, value in told if field != MESSAGES]
        messaging = [value for field, value in told if field == MESSAGES]
        now = self.sandbox.now()
        entries: list[dict[str, Any]] = []
        if changes:
            entries.append({"id": page, "time": int(now), "changes": changes})
        if messaging:
            entries.append({"id": page, "time": int(now * 1000), "messaging": messaging})
        return entries

    async def run(self) -> None:
        """Until cancelled."""
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                await self.send_due(session)
                await asyncio.sleep(TICK)


@contextlib.asynccontextmanager
async def running(hooks: Hooks) -> Any:
    """The sender as long as the server lives."""
    task = asyncio.create_task(hooks.run())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
