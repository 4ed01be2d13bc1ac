"""What a network tells of our own account: what it published, by whatever hand, and how long our access lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.network.refs import Ref


@dataclass(frozen=True)
class Sent:
    """One of our account's own posts or answers, whoever sent it. `at` is UTC."""

    ref: Ref
    text: str
    at: datetime


@dataclass(frozen=True)
class SentPage:
    """Oldest first; `cursor` as in `Page`."""

    posts: Sequence[Sent]
    cursor: str
    reads: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Access:
    """What the network says of our access: when it ends (None: it says nothing, or never), and what it may do."""

    ends_at: datetime | None = None
    may: Sequence[str] = ()
