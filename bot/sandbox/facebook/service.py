"""What every edge of the Graph shares: pages, ids, paging, usage headers, and what changes look like to webhooks."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from bot.sandbox import world
from bot.sandbox.context import Sandbox
from bot.sandbox.facebook import errors
from bot.sandbox.facebook.hooks import Hooks
from bot.sandbox.public import Item, Person, Public
from bot.sandbox.storage import row, rows

NETWORK = "facebook"
SCOPES = (
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_manage_posts",
    "pages_messaging",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_show_list",
    "read_insights",
)
MAX_PAGE = 100  # assumed: more is cut to this
DEFAULT_PAGE = 25


def graph_time(at: float) -> str:
    """`2024-02-06T09:31:16+0000`."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def point(text: str, name: str) -> float:
    """A Unix time or an ISO date, as `since` and `until` take it."""
    if text.lstrip("-").isdigit():
        return float(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise errors.parameter(f"Param {name} must be a unix timestamp or a date") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


class Facebook:
    """One network. Its pages are the world's Facebook accounts."""

    def __init__(self, sandbox: Sandbox, public: Public, accounts: tuple[world.Account, ...]) -> None:
        self.sandbox, self.public = sandbox, public
        self.pages = {account.id: account for account in accounts if account.network == NETWORK}
        self.by_token = {account.token: account for account in self.pages.values()}
        public.know(NETWORK, (Person(one.id, one.handle, one.name) for one in self.pages.values()))
        self.hooks = Hooks(sandbox)
        self.calls: dict[str, int] = {}
        self._next: dict[int, int] = {}
        sandbox.db.execute("CREATE TABLE IF NOT EXISTS facebook_ends (page TEXT PRIMARY KEY, at REAL)")
        sandbox.db.execute("CREATE TABLE IF NOT EXISTS facebook_withheld (page TEXT, scope TEXT)")
        sandbox.db.execute(
            "CREATE TABLE IF NOT EXISTS facebook_messages (id TEXT PRIMARY KEY, page TEXT, comment TEXT UNIQUE,"
            " recipient TEXT, text TEXT, at REAL)"
        )

    # Ids

    def number(self, at: float) -> str:
        """Fifteen digits that grow with time."""
        moment = max(int(at * 100_000), 100_000_000_000_000)
        number = self._next.get(moment, moment)
        while self.public.db.execute("SELECT 1 FROM facebook_numbers WHERE n = ?", (number,)).fetchone():
            number += 1
        self.public.db.execute("INSERT INTO facebook_numbers VALUES (?)", (number,))
        self._next = {moment: number + 1}
        return str(number)

    # Tokens

    def is_expired(self, page: str) -> bool:
        """Whether the page's token has been ended, or its time is over (`POST /audience/expire`)."""
        ends = self.ends_at(page)
        return ends is not None and ends <= self.sandbox.now()

    def ends_at(self, page: str) -> float | None:
        """When the page's token ends, or ended; None for never."""
        found = row(self.sandbox.db, "SELECT at FROM facebook_ends WHERE page = ?", page)
        return float(found["at"]) if found else None

    def expire(self, page: str, *, restore: bool = False, at: float | None = None) -> None:
        """End the page's token now or at a time, or bring it back. assumed: by itself, time never ends it."""
        self.sandbox.db.execute("DELETE FROM facebook_ends WHERE page = ?", (page,))
        ends = at if at is not None else None if restore else 0.0
        if ends is not None:
            self.sandbox.db.execute("INSERT INTO facebook_ends VALUES (?, ?)", (page, ends))

    def scopes(self, page: str) -> list[str]:
        """What the page's token may do."""
        asked = "SELECT scope FROM facebook_withheld WHERE page = ?"
        withheld = {one["scope"] for one in rows(self.sandbox.db, asked, page)}
        return [scope for scope in SCOPES if scope not in withheld]

    def withhold(self, page: str, scopes: list[str]) -> None:
        """The page's people gave everything but these."""
        self.sandbox.db.execute("DELETE FROM facebook_withheld WHERE page = ?", (page,))
        self.sandbox.db.executemany("INSERT INTO facebook_withheld VALUES (?, ?)", [(page, one) for one in scopes])

    # Objects

    def item(self, ident: str) -> Item | None:
        """A post, somebody's mention or a comment."""
        return self.public.find(NETWORK, ident)

    def top(self, item: Item) -> str:
        """The comment right under the post that a comment belongs to; Facebook nests one level."""
        return str(item.extra.get("top") or item.id)

    def permalink(self, item: Item) -> str:
        """Where people read it: here, on a page of the sandbox's own, not on the real site, which has none of it."""
        page = item.account if item.kind == "comment" else item.author
        return self._read_at(page, item.id)

    def _read_at(self, page: str, ident: str) -> str:
        return f"{self.sandbox.url}/facebook/{page}/posts/{ident}"

    def address(self, ident: str) -> str:
        """Where a picture's bytes are."""
        return f"{self.sandbox.url}/audience/media/{ident}"

    def person(self, item: Item) -> dict[str, str]:
        """`from`."""
        who = self.public.person(NETWORK, item.author)
        return {"id": who.id, "name": who.name}

    # Paging

    def page(
        self, condition: str, args: tuple[object, ...], params: dict[str, str], *, newest: bool, base: str
    ) -> tuple[list[Item], dict[str, Any]]:
        """One page of items and its `paging`; cursors stay right while new items arrive."""
        limit = limit_of(params)
        for name, sign in (("since", ">="), ("until", "<=")):
            if name in params:
                condition, args = f"({condition}) AND at {sign} ?", (*args, point(params[name], name))
        backwards = "before" in params
        cursor = params.get("before") or params.get("after")
        descending = newest != backwards
        if cursor:
            at, n = self._cursor(cursor)
            sign = "<" if descending else ">"
            condition = f"({condition}) AND (at {sign} ? OR (at = ? AND n {sign} ?))"
            args = (*args, at, at, n)
        order = "at DESC, n DESC" if descending else "at, n"
        found = self.public.where(condition, *args, order=order, limit=limit + 1)
        more, found = len(found) > limit, found[:limit]
        if backwards:
            found.reverse()
        if not found:
            return [], {}
        first, last = _cursor_of(found[0]), _cursor_of(found[-1])
        paging: dict[str, Any] = {"cursors": {"before": first, "after": last}}
        url = f"{self.sandbox.url}{base}?limit={limit}"
        if more or backwards:
            paging["next"] = f"{url}&after={last}"  # without the token, which real answers repeat
        if cursor and not backwards:
            paging["previous"] = f"{url}&before={first}"
        return found, paging

    def _cursor(self, cursor: str) -> tuple[float, int]:
        try:
            at, n = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            return float(at), int(n)
        except (binascii.Error, ValueError, TypeError):
            raise errors.parameter("Invalid cursors values.") from None

    # Usage

    def usage(self, page: str | None) -> dict[str, str]:
        """Headers that say how much of the quota is used (assumed figures)."""
        key = page or "app"
        self.calls[key] = self.calls.get(key, 0) + 1
        share = min(self.calls[key] // 100, 90)
        used = {"call_count": share, "total_cputime": share, "total_time": share}
        headers = {"X-App-Usage": json.dumps(used), "facebook-api-version": "v26.0"}
        if page:
            one = {"type": "pages", **used, "estimated_time_to_regain_access": 0}
            headers["X-Business-Use-Case-Usage"] = json.dumps({page: [one]})
        return headers

    # What webhooks are told

    def tell_comment(self, item: Item, verb: str, due: float | None = None) -> None:
        """A comment was added, edited, removed, hidden or unhidden."""
        root = item.root or item.id
        answered = self.top(item) if item.id != self.top(item) else root
        value: dict[str, Any] = {
            "from": self.person(item),
            "post": {
                "status_type": "mobile_status_update",
                "is_published": True,
                "updated_time": graph_time(item.changed or item.at),
                "permalink_url": self._read_at(item.account, root),
                "promotion_status": "inactive",
                "id": root,
            },
            "message": item.text,
            "post_id": root,
            "comment_id": item.id,
            "created_time": int(item.at),
            "item": "comment",
            "parent_id": answered,
            "verb": verb,
        }
        if item.media:
            value["photo"] = self.address(item.media[0])
        self.hooks.tell(item.account, "feed", value, due)

    def tell_post(self, item: Item, verb: str) -> None:
        """The page's own posts are told too."""
        value: dict[str, Any] = {"post_id": item.id, "created_time": int(item.at), "verb": verb}
        if verb == "remove":
            value |= {"item": "post", "recipient_id": item.account}
        else:
            kind = "photo" if item.media else "status"
            value |= {"from": self.person(item), "message": item.text, "item": kind, "published": 1}
        self.hooks.tell(item.account, "feed", value)

    def tell_mention(self, item: Item, verb: str, due: float | None = None) -> None:
        """Somebody's post names the page."""
        value = {
            "from": self.person(item),
            "message": item.text,
            "post_id": item.id,
            "sender_name": self.person(item)["name"],
            "item": "post",
            "verb": verb,
            "created_time": int(item.at),
        }
        if item.media:
            value["photo"] = self.address(item.media[0])  # assumed: as for a comment
        self.hooks.tell(item.account, "mention", value, due)


def limit_of(params: dict[str, str]) -> int:
    """How many a page of a list holds."""
    given = params.get("limit", str(DEFAULT_PAGE))
    if not given.isdigit():
        raise errors.parameter("Param limit must be a number")
    return min(int(given), MAX_PAGE)


def _cursor_of(item: Item) -> str:
    return base64.urlsafe_b64encode(json.dumps([item.at, item.n]).encode()).decode().rstrip("=")
