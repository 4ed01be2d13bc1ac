"""What a network tells us by itself: how we know that it is the network, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.network.refs import Ref

if TYPE_CHECKING:
    from bot.network import Change, Endpoint, Item


@dataclass(frozen=True)
class Notice:
    """What one request tells of one account, by the network's id.

    look: comments of which only the network itself knows how they stand now, because such requests overtake each other
    and don't say when something happened. mentions: the ids of those that are posts of their own.
    messages: there are private ones to read.
    """

    account: str
    items: Sequence["Item"] = ()
    changes: Sequence["Change"] = ()
    look: Sequence[Ref] = ()
    mentions: frozenset[str] = frozenset()
    messages: bool = False


class Hook(Protocol):
    """A network's way to reach us. Pure; `endpoint` is the operator's app there.

    path: of our address. largest: bytes of one request, at most.
    """

    path: str
    largest: int

    def challenge(self, endpoint: "Endpoint", query: Mapping[str, str]) -> str | None:
        """What to answer when the network asks whether the address is ours; None: it isn't the network that asks."""
        ...

    def signed(self, endpoint: "Endpoint", headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the network sent these very bytes. Takes as long for a wrong signature as for the right one."""
        ...

    def read(self, endpoint: "Endpoint", body: bytes) -> Sequence[Notice]:
        """What it says; what isn't about comments or mentions is left out. Raises ValueError for another shape."""
        ...
