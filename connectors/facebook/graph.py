"""The Graph API through facebook-sdk: the current version, the configured host, the token in a header, in threads.

facebook-sdk 3.1.0 knows versions up to 3.1, writes the token into addresses, loses status and headers, waits for ever
and raises other libraries' errors. It lets us hand it a session; that is where all of this is put right.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import requests
import urllib3.exceptions as transport
from pydantic import BaseModel, ValidationError
from requests.auth import AuthBase

from bot.network import AuthFailed, NetworkError, Transient
from bot.network.bodies import ANSWER_BYTES
from connectors.facebook.answers import fault, lost, note_allowance

with warnings.catch_warnings():
    # Its source holds "\d" in a plain string, which Python remarks on once, when it compiles the file.
    warnings.filterwarnings("ignore", "(invalid escape sequence|.*is an invalid escape sequence)")
    import facebook

# At DEBUG it writes addresses, and with them the proof.
logging.getLogger("urllib3").setLevel(logging.INFO)

VERSION = "v26.0"
STAND_IN = "in-the-header"  # what the SDK believes to be the token
THREADS = 4
# OpenSSL's reasons that only the handshake knows; other TLS errors may come after the request has left.
HANDSHAKE = (
    "CERTIFICATE_VERIFY_FAILED",
    "HANDSHAKE_FAILURE",
    "PROTOCOL_VERSION",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
)

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Secrets:
    """What opens the page. `proof` shows that the token is used by the app it was given to."""

    token: str = field(repr=False)
    app_secret: str = field(repr=False)

    @property
    def proof(self) -> str:
        """https://developers.facebook.com/docs/graph-api/guides/secure-requests."""
        return hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()

    def clean(self, text: bytes) -> bytes:
        """`text` without them: what is quoted in errors must not repeat them."""
        for secret in sorted((self.token, self.app_secret, self.proof), key=len, reverse=True):
            text = text.replace(secret.encode(), b"...") if secret else text
        return text


class Bearer(AuthBase):
    """The token as a header; an explicit one also keeps a `.netrc` from interfering."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Called by requests on its way out."""
        request.headers["Authorization"] = f"Bearer {self._secrets.token}"
        return request


class Exchange:
    """The one request of one call, shaped like the session that the SDK wants. Raises the port's errors.

    `date`: the Graph's own time, as its header said it.
    """

    def __init__(self, url: str, secrets: Secrets, *, write: bool) -> None:
        self._url, self._secrets, self._write = url.rstrip("/") + "/", secrets, write
        self._lock = threading.Lock()
        self._began = self._abandoned = False
        self.date: str | None = None

    def abandon(self) -> bool:
        """Nobody waits any more. True: nothing has left, and nothing will."""
        with self._lock:
            self._abandoned = True
            return not self._began

    def _begin(self) -> None:
        with self._lock:
            if self._abandoned:
                raise Transient("nobody waits for it any more")
            self._began = True

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout: tuple[float, float],
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> "Answer":
        """Blocks; runs in a thread."""
        if not self._secrets.token.isascii() or not self._secrets.token.isprintable():
            raise AuthFailed("the token holds characters that no token has")
        self._begin()
        error: NetworkError | None
        try:
            # A session of its own: requests' sessions are not made for threads, and an idle connection that the
            # other side has closed would leave a write's outcome unknown.
            with requests.Session() as session:
                response = session.request(
                    method,
                    url.replace(facebook.FACEBOOK_GRAPH_URL, self._url, 1),
                    params=self._proven(params, always=data is None),
                    data=self._proven(data, always=data is not None) or None,
                    files=files,
                    timeout=timeout,
                    auth=Bearer(self._secrets),
                    allow_redirects=False,
                    stream=True,
                )
                # requests counts its time-outs per packet, and would read whatever comes.
                body = _whole(response, time.monotonic() + timeout[1])
        except (requests.RequestException, transport.HTTPError, OSError) as problem:
            name = type(problem).__name__
            before = never_left(problem)
            error = Transient(f"{name} before sending") if before else lost(self._write, f"{name} after sending")
        else:
            self.date = response.headers.get("date")
            body = self._secrets.clean(body)
            note_allowance(response.headers)
            error = fault(response.status_code, response.headers, body, write=self._write)
        if error is not None:
            raise error
        return Answer(body)

    def _proven(self, given: Mapping[str, Any] | None, *, always: bool) -> dict[str, Any]:
        kept = {name: value for name, value in (given or {}).items() if name != "access_token"}
        return {**kept, "appsecret_proof": self._secrets.proof} if always else kept


@dataclass(frozen=True)
class Answer:
    """What the SDK takes of a response: it is a JSON object, whatever it was called."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})

    def json(self) -> object:
        """The body's value."""
        return json.loads(self.body)


def _whole(response: requests.Response, until: float) -> bytes:
    """The body, unpacked. Raises RequestException for more than ANSWER_BYTES, or when it takes longer."""
    taken = bytearray()
    with response:
        for part in response.iter_content(64 << 10):
            taken += part
            if len(taken) > ANSWER_BYTES:
                raise requests.exceptions.ContentDecodingError(f"more than {ANSWER_BYTES} bytes")
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout("the answer does not end")
    return bytes(taken)


class Done(BaseModel):
    """Answer to what makes nothing new."""

    success: Literal[True]


def never_left(problem: BaseException) -> bool:
    """Whether the failure came before any byte of the request could have left."""
    if isinstance(problem, requests.ConnectTimeout | ValueError):
        return True  # a ValueError is an address or a header that can't be
    reason = problem.args[0] if problem.args else None
    if isinstance(reason, transport.MaxRetryError):
        reason = reason.reason
    unverified = isinstance(reason, transport.SSLError) and any(sign in str(reason) for sign in HANDSHAKE)
    connecting = transport.NewConnectionError | transport.ConnectTimeoutError | transport.ProxyError
    return unverified or isinstance(reason, connecting)


class Graph:
    """Every call that the connector makes. Reads and uploads fail as Transient, writes perhaps as UnknownOutcome."""

    def __init__(self, url: str, timeout: float, secrets: Secrets) -> None:
        self._url, self._timeout, self._secrets = url, timeout, secrets
        self._threads: ThreadPoolExecutor | None = None
        self.date: str | None = None

    def close(self) -> None:
        """Let threads end when their requests do."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)

    async def read(self, path: str, shape: type[Shape], **params: object) -> Shape:
        """`GET /{path}`."""
        return self._as(shape, await self._call(lambda sdk: sdk.get_object(path, **params), write=False), write=False)

    async def upload(self, page: str, shape: type[Shape], name: str, content: bytes, type_: str, **data: str) -> Shape:
        """`POST /{page}/photos` of a photo that nobody sees yet."""
        image = (name, content, type_)
        answer = await self._call(lambda sdk: sdk.put_photo(image, f"{page}/photos", **data), write=False)
        return self._as(shape, answer, write=False)

    async def create(self, parent: str, edge: str, shape: type[Shape], **data: str) -> Shape:
        """`POST /{parent}/{edge}`."""
        return self._as(
            shape, await self._call(lambda sdk: sdk.put_object(parent, edge, **data), write=True), write=True
        )

    async def change(self, node: str, **data: str) -> None:
        """`POST /{node}`."""
        answer = await self._call(
            lambda sdk: sdk.request(f"{VERSION}/{node}", post_args=data, method="POST"), write=True
        )
        self._as(Done, answer, write=True)

    async def debug(self, shape: type[Shape]) -> Shape:
        """`GET /debug_token` about our own token, as a POST that says GET, so that the token is in no address.

        https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging. assumed: `method` stands in
        for the verb here as everywhere, and a page token may ask about itself.
        """
        data = {"input_token": self._secrets.token, "method": "GET"}
        path = f"{VERSION}/debug_token"
        answer = await self._call(lambda sdk: sdk.request(path, post_args=data, method="POST"), write=False)
        return self._as(shape, answer, write=False)

    async def delete(self, node: str) -> None:
        """`DELETE /{node}`."""
        self._as(Done, await self._call(lambda sdk: sdk.delete_object(node), write=True), write=True)

    async def _call(self, use: Callable[[Any], object], *, write: bool) -> object:
        exchange = Exchange(self._url, self._secrets, write=write)
        sdk = facebook.GraphAPI(STAND_IN, timeout=(self._timeout / 2, self._timeout), session=exchange)
        sdk.version = VERSION
        if self._threads is None:
            # Its own threads: an account whose network hangs keeps nobody else waiting.
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="facebook")
        future = asyncio.get_running_loop().run_in_executor(self._threads, use, sdk)
        try:
            # requests counts its time-outs per packet; this one is for the whole.
            async with asyncio.timeout(self._timeout):
                answer = await future
        except TimeoutError:
            error = Transient("time-out before sending") if exchange.abandon() else lost(write, "time-out")
        except facebook.GraphAPIError:
            error = lost(write, "an answer that the SDK does not take")
        else:
            self.date = exchange.date
            return answer
        raise error

    def _as(self, shape: type[Shape], answer: object, *, write: bool) -> Shape:
        try:
            return shape.model_validate(answer)
        except ValidationError:
            error = lost(write, "an unexpected shape")
        raise error
