"""The words that every part of the sandbox's Slack workspace shares: JSON objects, ids and Slack's errors."""

import secrets
import string
from typing import Any

Json = dict[str, Any]

_LETTERS = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits


class SlackError(Exception):
    """A Web API call that Slack refuses; `name` is what stands in `error`.

    messages: what stands in `response_metadata.messages`. extra: further keys of the answer.
    """

    def __init__(self, name: str, *messages: str, **extra: object) -> None:
        super().__init__(name)
        self.name = name
        self.messages = list(messages)
        self.extra = extra

    def body(self) -> Json:
        """The answer as Slack gives it."""
        answer: Json = {"ok": False, "error": self.name, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class Refusal(Exception):
    """Something that a person can't do on the screen they see, in plain words; `status` is the HTTP status."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


def missing(*names: str) -> SlackError:
    """The error for required arguments that were not given."""
    return SlackError("invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in names))


def new_id(prefix: str) -> str:
    """An id of Slack's shape: `F` and ten capitals and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(10))


def short_id() -> str:
    """The id that Slack gives to a block or an action without one."""
    return "".join(secrets.choice(_MIXED) for _ in range(5))


def secret() -> str:
    """The unguessable part of a URL or trigger."""
    return secrets.token_hex(16)
