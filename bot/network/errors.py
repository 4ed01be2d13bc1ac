"""How a network may fail, in one vocabulary: each branch decides what the engine does next."""

from datetime import datetime
from enum import Enum

from bot.errors import VoceroError
from bot.network.refs import Ref


class NetworkError(VoceroError):
    """The base: `detail` is the network's own words, cleaned of secrets, for the log; people get a sentence by kind.

    NetworkError
    ├── AuthFailed       the token is dead or may not do this: hold the account's deliveries, tell people
    ├── RateLimited      not written; `until` is when to come back (UTC)
    ├── Rejected         not written and never will be as it is; `kind` says why
    │   └── Gone         what we answered or changed no longer exists
    ├── Duplicate        the network has this text already: look for it
    ├── Transient        surely not sent: try again later
    └── UnknownOutcome   perhaps written: look, never send blindly
    """

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class AuthFailed(NetworkError):
    """The credentials are dead, expired or lack a permission."""


class RateLimited(NetworkError):
    """Too many requests; `until` is the network's own time, or the caller's default when it gave none."""

    def __init__(self, detail: str = "", *, until: datetime | None = None, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.until = until


class RejectKind(Enum):
    """Why a network refuses something for good."""

    VALIDATION = "validation"
    POLICY = "policy"
    PERMISSION = "permission"
    GONE = "gone"
    LATE = "late"  # the network's time for a private answer is over


class Rejected(NetworkError):
    """Refused, nothing was written."""

    def __init__(self, detail: str = "", *, kind: RejectKind = RejectKind.VALIDATION, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.kind = kind


class Gone(Rejected):
    """What the request points at does not exist (any more)."""

    def __init__(self, detail: str = "", *, code: str = "") -> None:
        super().__init__(detail, kind=RejectKind.GONE, code=code)


class Duplicate(NetworkError):
    """The network says it has this already; `existing` where it says which."""

    def __init__(self, detail: str = "", *, existing: Ref | None = None, code: str = "") -> None:
        super().__init__(detail, code=code)
        self.existing = existing


class Transient(NetworkError):
    """Surely not written: the request did not leave, or a read failed."""


class UnknownOutcome(NetworkError):
    """The request left and no trustworthy answer came back."""
