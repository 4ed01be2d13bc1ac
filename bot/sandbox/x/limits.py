"""X's rate limits in windows of fifteen minutes, and what each request costs."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.storage import row, rows
from bot.sandbox.x.problems import Problem, plain

WINDOW = 900
# docs.x.com/x-api/fundamentals/rate-limits. assumed: those of tweet, user, like, metadata and search, and that a window
# begins with its first request.
PER_USER = {
    "post": 100,
    "delete": 50,
    "mentions": 300,
    "user tweets": 900,
    "me": 75,
    "hide": 50,
    "like": 50,
    "upload": 500,
    "append": 1875,
    "tweet": 900,
    "user": 900,
    "metadata": 500,
    "search": 300,
    "dm read": 15,
    "dm send": 15,
}
# assumed: all but mentions.
PER_APP = {"mentions": 450, "user tweets": 10_000, "tweet": 450, "user": 300, "search": 450}
DAY = 86_400
PER_DAY = {"post": 10_000, "dm send": 1_440}

# Dollars. Reading one's own timeline and mentions is cheaper than reading others' posts.
PRICES = {
    "post": 0.015,
    "post with url": 0.200,
    "summoned reply": 0.010,
    "delete": 0.010,
    "metadata": 0.005,
    "read": 0.005,
    "owned read": 0.001,
    "dm read": 0.010,
    "dm sent": 0.015,
}


class Limits:
    """Counts requests per user (or per app) and route; windows start with the first request. In memory."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.windows: dict[tuple[str, str, int], tuple[float, int]] = {}

    def _count(self, who: str, route: str, length: int, limit: int) -> tuple[int, int]:
        key = (who, route, length)
        started, used = self.windows.get(key, (self.now(), 0))
        if self.now() >= started + length:
            started, used = self.now(), 0
        self.windows[key] = (started, used + 1)
        return limit - used - 1, int(started) + length

    def take(self, who: str, route: str, *, app_only: bool) -> dict[str, str]:
        """Headers for the answer; raises Problem 429 when the window is used up."""
        limit = (PER_APP if app_only else PER_USER)[route]
        left, reset = self._count(who, route, WINDOW, limit)
        headers = {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(max(left, 0)),
            "x-rate-limit-reset": str(reset),
        }
        refused = left < 0
        if route in PER_DAY:
            left, reset = self._count(who, route, DAY, PER_DAY[route])
            headers |= {
                "x-user-limit-24hour-limit": str(PER_DAY[route]),
                "x-user-limit-24hour-remaining": str(max(left, 0)),
                "x-user-limit-24hour-reset": str(reset),
            }
            refused = refused or left < 0
        if refused:
            problem: Problem = plain(429, "Too Many Requests")
            problem.headers = headers
            raise problem
        return headers


class Costs:
    """What the app's owner will be billed; a resource read twice on one UTC day is paid once."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float]) -> None:
        self.db, self.now = db, now
        db.execute(
            "CREATE TABLE IF NOT EXISTS x_costs (day TEXT, kind TEXT, resource TEXT, account TEXT, dollars REAL,"
            " PRIMARY KEY (day, kind, resource))"
        )

    def charge(self, account: str, kind: str, *resources: str) -> None:
        """Add one price per resource; a URL's price and the like are kinds of their own."""
        day = datetime.fromtimestamp(self.now(), UTC).date().isoformat()
        self.db.executemany(
            "INSERT OR IGNORE INTO x_costs VALUES (?,?,?,?,?)",
            [(day, kind, resource, account, PRICES[kind]) for resource in resources],
        )

    def total(self) -> float:
        """Dollars so far."""
        found = row(self.db, "SELECT COALESCE(SUM(dollars), 0) AS dollars FROM x_costs")
        return round(found["dollars"] if found else 0.0, 3)

    def by_kind(self) -> dict[str, dict[str, float]]:
        """Dollars and number of resources by kind."""
        found = rows(self.db, "SELECT kind, COUNT(*) AS n, SUM(dollars) AS d FROM x_costs GROUP BY kind ORDER BY kind")
        return {one["kind"]: {"count": one["n"], "dollars": round(one["d"], 3)} for one in found}
