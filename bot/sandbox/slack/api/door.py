"""The door of the Web API: decodes a call, checks token, scopes, arguments and pace, and lets its method answer."""

from collections.abc import Callable, Mapping

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.context import ARGS, METHOD
from bot.sandbox.slack.api import basics, chat, conversations, files, members, reactions, views
from bot.sandbox.slack.arguments import Call, decoded
from bot.sandbox.slack.methods import METHODS, Method
from bot.sandbox.slack.scopes import lacking
from bot.sandbox.slack.terms import Json, SlackError, missing
from bot.sandbox.slack.workspace import Workspace

Handler = Callable[[Workspace, Call], Json]

_FAMILIES = (basics, chat, conversations, files, members, reactions, views)
HANDLERS: Mapping[str, Handler] = {name: one for family in _FAMILIES for name, one in family.HANDLERS.items()}
_BACKGROUND = {"apps.connections.open"}


class Api:
    """Serves `/api/{method}`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def handle(self, request: web.Request) -> web.Response:
        """One call. Slack answers errors with status 200, but for the rate limit."""
        name = request.match_info["method"]
        request[METHOD] = name
        if name in _BACKGROUND:
            return await self._answer(request, name)
        with self.workspace.activity.request():
            return await self._answer(request, name)

    async def _answer(self, request: web.Request, name: str) -> web.Response:
        try:
            args = await decoded(request)
            token = _token(request, args)
            request[ARGS] = _readable(args)
            method = METHODS.get(name)
            if method is None or name not in HANDLERS:
                raise SlackError("unknown_method", req_method=name)
            call = Call(name, args)
            self._authorise(call, method, token)
            _complete(method, call)
            wait = self.workspace.limiter.wait(name, method.tier, self._channel(call))
            if wait:
                return web.json_response(
                    SlackError("ratelimited").body(), status=429, headers={"Retry-After": str(wait)}
                )
            answer = {"ok": True, **HANDLERS[name](self.workspace, call)}
            granted = self.workspace.scopes
            # https://docs.slack.dev/authentication/installing-with-oauth: every answer lists what the token may do
            listed = {"x-oauth-scopes": ",".join(sorted(granted))} if granted is not None else None
            return web.json_response(answer | _warning(answer, method, call), headers=listed)
        except SlackError as error:
            return web.json_response(error.body())

    def _authorise(self, call: Call, method: Method, token: str | None) -> None:
        if call.method == "api.test" and token is None:
            return
        if token is None:
            raise SlackError("not_authed")
        kinds = {world.BOT_TOKEN: "bot", world.APP_TOKEN: "app"}
        if token not in kinds:
            raise SlackError("invalid_auth")
        if kinds[token] != method.holder and call.method != "api.test":
            raise SlackError("not_allowed_token_type")
        if lacks := lacking(call, method, self.workspace):
            provided = ",".join(sorted(self.workspace.scopes or ()))
            raise SlackError("missing_scope", needed=",".join(lacks), provided=provided)

    def _channel(self, call: Call) -> str:
        """One conversation is one bucket, however it is named."""
        if call.method != "chat.postMessage":
            return ""
        name = str(call.args.get("channel"))
        channel = self.workspace.channels.named(name)
        return str(channel["id"]) if channel else name.replace("U", "D", 1) if name.startswith("U") else name


def _token(request: web.Request, args: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    given = args.pop("token", None)
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return str(given) if given else None


def _complete(method: Method, call: Call) -> None:
    absent = sorted(name for name in method.required if not call.given(name))
    if absent:
        raise missing(*absent)


def _warning(answer: Json, method: Method, call: Call) -> Json:
    """Slack ignores arguments that it doesn't know; here they are named, because they are mistakes (assumed)."""
    # Every method takes team_id, for tokens of whole organisations; slack_sdk sends it to auth.test.
    unknown = sorted(call.args.keys() - method.known - {"team_id"})
    if not unknown or call.method == "api.test":
        return {}
    meta = answer.get("response_metadata", {})
    return {"warning": "unknown_arguments", "response_metadata": {**meta, "warnings": unknown}}


def _readable(args: Json) -> Json:
    """The arguments for the call log, with JSON written as strings unfolded."""
    folded = {"blocks", "view", "metadata", "files", "attachments", "message"}
    shown: Json = {}
    for name, value in args.items():
        shown[name] = value
        if name in folded and isinstance(value, str):
            try:
                shown[name] = Call("", {name: value}).structure(name)
            except SlackError:
                shown[name] = value
    return shown
