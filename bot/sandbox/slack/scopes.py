"""Which scopes a call needs: where a method lists several, that of each kind of conversation that the call touches."""

from bot.sandbox.slack.arguments import Call
from bot.sandbox.slack.methods import Method
from bot.sandbox.slack.workspace import Workspace

_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def lacking(call: Call, method: Method, workspace: Workspace) -> tuple[str, ...]:
    """The scopes that the app would need and hasn't got; empty when it may.

    docs.slack.dev/reference/methods/conversations.history and the others: "at least one of", by kind of conversation.
    assumed: `needed` names those of the kinds at hand.
    """
    granted = workspace.scopes
    if granted is None or not method.scopes:
        return ()
    every = _by_kind(call, method, workspace)
    if every:
        return tuple(sorted(set(every) - granted))
    return () if granted & set(method.scopes) else method.scopes


def _by_kind(call: Call, method: Method, workspace: Workspace) -> list[str]:
    """One scope for each kind of conversation, none where the method or the call doesn't tell them apart."""
    by_family = {scope.partition(":")[0]: scope for scope in method.scopes}
    if len(by_family) < 2:
        return []
    if call.method in ("conversations.list", "users.conversations"):
        types = call.words("types") or ["public_channel"]
        return [by_family[_TYPES[one]] for one in types if one in _TYPES]
    if call.given("users"):
        return [by_family["im" if len(call.words("users")) == 1 else "mpim"]]
    channel = workspace.channels.get(call.text("channel"))
    return [by_family[_KINDS[channel["kind"]]]] if channel else []
