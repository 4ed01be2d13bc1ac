"""Who is asking X: OAuth 1.0a signatures, OAuth 2.0 user tokens with rotating refresh, app-only bearers."""

import base64
import binascii
import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.storage import row, together
from bot.sandbox.x.problems import unauthorized

APP_BEARER = "sandbox-x-app-bearer"
CLIENT_ID = "sandbox-x-client-id"
CLIENT_SECRET = "sandbox-x-client-secret"
SCOPES = "tweet.read tweet.write users.read media.write tweet.moderate.write like.write dm.read dm.write "
SCOPES += "offline.access"
LIFETIME = 7200  # assumed: "two hours" for access tokens
# assumed: how far a signature's clock may be off; that a nonce counts once is RFC 5849, 3.3.
CLOCK_SKEW = 300
ORIGINS = ("https://api.twitter.com", "https://api.x.com")


@dataclass(frozen=True)
class Caller:
    """Who asks, and by which of the three ways; an app-only caller has no account."""

    kind: str
    account: str
    scopes: frozenset[str] = frozenset()


def _escape(value: str) -> str:
    return quote(value, safe="~")


def base_string(method: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """RFC 5849, 3.4.1."""
    encoded = sorted((_escape(name), _escape(value)) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _escape(url), _escape(joined)))


class Auth:
    """Checks credentials. Access tokens of OAuth 2.0 live two hours; a refresh token works once (assumed)."""

    def __init__(
        self, db: sqlite3.Connection, now: Callable[[], float], accounts: Iterable[world.Account], url: str
    ) -> None:
        self.db, self.now = db, now
        self.accounts = {account.token: account for account in accounts}
        self.origins = (*ORIGINS, url)
        self.nonces: dict[tuple[str, str], float] = {}
        db.execute(
            "CREATE TABLE IF NOT EXISTS x_tokens (token TEXT PRIMARY KEY, kind TEXT, account TEXT, expires REAL,"
            " used INTEGER DEFAULT 0)"
        )
        db.execute("CREATE TABLE IF NOT EXISTS x_revoked (account TEXT PRIMARY KEY)")
        for account in self.accounts.values():
            # Seeds, so that a client which only knows bearers can begin; they never expire by time.
            for kind, token in (("access", f"oauth2-{account.handle}"), ("refresh", f"refresh-{account.handle}")):
                db.execute("INSERT OR IGNORE INTO x_tokens VALUES (?,?,?,NULL,0)", (token, kind, account.id))

    async def caller(self, request: web.Request) -> Caller:
        """Raises Problem 401."""
        header = request.headers.get("Authorization", "")
        if not header.isascii():
            raise unauthorized()
        scheme, _, value = header.partition(" ")
        if scheme == "OAuth":
            return self._signed(request, value, await self._form(request))
        if scheme.lower() != "bearer" or not value:
            raise unauthorized()
        if value == APP_BEARER:
            return Caller("OAuth 2.0 Application-Only", "")
        found = row(self.db, "SELECT * FROM x_tokens WHERE token = ? AND kind = 'access'", value)
        if not found or (found["expires"] is not None and found["expires"] < self.now()):
            raise unauthorized()
        self._not_revoked(found["account"])
        return Caller("OAuth 2.0 User Context", found["account"], frozenset(SCOPES.split()))

    async def _form(self, request: web.Request) -> list[tuple[str, str]]:
        """Only a single-part form is part of the signature; JSON and multipart are not."""
        if request.content_type != "application/x-www-form-urlencoded":
            return []
        return parse_qsl(await request.text(), keep_blank_values=True)

    def _signed(self, request: web.Request, header: str, form: list[tuple[str, str]]) -> Caller:
        given: dict[str, str] = {}
        for part in header.split(","):
            name, _, value = part.strip().partition("=")
            given[unquote(name)] = unquote(value.strip('"'))
        account = self.accounts.get(given.get("oauth_token", ""))
        signature = given.pop("oauth_signature", "")
        if (
            account is None
            or given.get("oauth_consumer_key") != world.X_CONSUMER_KEY
            or given.get("oauth_signature_method") != "HMAC-SHA1"
            or given.get("oauth_version", "1.0") != "1.0"
        ):
            raise unauthorized()
        stamp, nonce = given.get("oauth_timestamp", ""), given.get("oauth_nonce", "")
        if not stamp.isdigit() or abs(int(stamp) - self.now()) > CLOCK_SKEW or not nonce:
            raise unauthorized()
        query = parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True)
        pairs = [*query, *form, *((name, value) for name, value in given.items() if name != "realm")]
        key = f"{_escape(world.X_CONSUMER_SECRET)}&{_escape(account.secret)}".encode()
        texts = (base_string(request.method, origin + request.path, pairs) for origin in self.origins)
        right = [base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha1)).decode() for text in texts]
        if not any(hmac.compare_digest(one.encode(), signature.encode()) for one in right):
            raise unauthorized()
        self._once(account.token, nonce)
        self._not_revoked(account.id)
        return Caller("OAuth 1.0a User Context", account.id, frozenset(SCOPES.split()))

    def _once(self, token: str, nonce: str) -> None:
        old = self.now() - 2 * CLOCK_SKEW
        if len(self.nonces) > 10_000:
            self.nonces = {key: at for key, at in self.nonces.items() if at > old}
        if (token, nonce) in self.nonces:
            raise unauthorized()
        self.nonces[token, nonce] = self.now()

    def _not_revoked(self, account: str) -> None:
        if row(self.db, "SELECT 1 FROM x_revoked WHERE account = ?", account):
            raise unauthorized()

    def expire(self, account: str, *, restore: bool = False) -> None:
        """The person behind the account took the app's access away, or gave it back."""
        sql = "DELETE FROM x_revoked WHERE account = ?" if restore else "INSERT OR IGNORE INTO x_revoked VALUES (?)"
        self.db.execute(sql, (account,))

    async def token(self, request: web.Request) -> web.Response:
        """`POST /2/oauth2/token` with grant_type=refresh_token."""
        if request.content_type != "application/x-www-form-urlencoded":
            return _refused("invalid_request", "The request must be form-encoded.")
        form = dict(parse_qsl(await request.text(), keep_blank_values=True))
        if not self._client(request.headers.get("Authorization", ""), form.get("client_id", "")):
            return _refused("unauthorized_client", "Missing valid authorization header", 401)
        if form.get("grant_type") != "refresh_token":
            return _refused("unsupported_grant_type", "The sandbox knows only grant_type=refresh_token.")
        found = row(
            self.db,
            "SELECT * FROM x_tokens WHERE token = ? AND kind = 'refresh' AND NOT used",
            form.get("refresh_token", ""),
        )
        if found is None or row(self.db, "SELECT 1 FROM x_revoked WHERE account = ?", found["account"]):
            return _refused("invalid_request", "Value passed for the token was invalid.")
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        with together(self.db):
            self.db.execute("UPDATE x_tokens SET used = 1 WHERE token = ?", (found["token"],))
            for token, kind, expires in ((access, "access", self.now() + LIFETIME), (refresh, "refresh", None)):
                row_ = (token, kind, found["account"], expires)
                self.db.execute("INSERT INTO x_tokens VALUES (?,?,?,?,0)", row_)
        body = {"token_type": "bearer", "expires_in": LIFETIME, "access_token": access, "scope": SCOPES}
        return web.json_response({**body, "refresh_token": refresh})

    def _client(self, header: str, client_id: str) -> bool:
        """Confidential clients use Basic; a public one only names itself."""
        scheme, _, value = header.partition(" ")
        if scheme.lower() != "basic":
            return not header and client_id == CLIENT_ID
        try:
            return base64.b64decode(value, validate=True).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"
        except (binascii.Error, UnicodeDecodeError):
            return False


def _refused(error: str, description: str, status: int = 400) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)
