"""Where something is on a network."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ref:
    """Where something is on a network: `id` as the network writes it, `url` for people."""

    id: str
    url: str | None = None
