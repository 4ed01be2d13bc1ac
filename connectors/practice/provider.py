"""What the practice network lets us do, its limits as data, and what it would refuse."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.network import (
    Capability,
    Connector,
    CredentialField,
    Credentials,
    Endpoint,
    Limits,
    MediaFacts,
    Problem,
    ProblemKind,
)
from connectors.practice.account import PracticeAccount


class Practice:
    """The provider: everything can be practised."""

    name = "practice"
    title = "Ensayo"
    capabilities = (
        Capability.PUBLISH
        | Capability.MEDIA
        | Capability.REPLY
        | Capability.FETCH
        | Capability.HIDE
        | Capability.DELETE
        | Capability.EDIT
        | Capability.METRICS
        | Capability.IDEMPOTENT
    )
    # Ours: `bot/sandbox/practice.py`.
    limits = Limits(
        as_of=date(2026, 11, 1),
        max_length=500,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
        media_bytes=8 * 1024 * 1024,
        text_required=False,
        alt_text_length=1_000,
    )
    fields: Sequence[CredentialField] = (CredentialField("key"),)
    app_fields: Sequence[str] = ()

    def length(self, text: str) -> int:
        """Characters."""
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Blockers are what the service refuses; a missing alt text is a warning."""
        return list(self._problems(text.strip(), media))

    def _problems(self, text: str, media: Sequence[MediaFacts]) -> Iterator[Problem]:
        limits = self.limits
        if self.length(text) > limits.max_length:
            yield Problem(ProblemKind.TOO_LONG, True, {"count": self.length(text), "limit": limits.max_length})
        if not text and not media:
            yield Problem(ProblemKind.EMPTY, True)
        if len(media) > limits.max_media:
            yield Problem(ProblemKind.TOO_MANY_MEDIA, True, {"count": len(media), "limit": limits.max_media})
        for one in media:
            if one.type not in limits.media_types:
                yield Problem(ProblemKind.MEDIA_TYPE, True, {"name": one.name, "type": one.type})
            if one.size > limits.media_bytes:
                size = {"name": one.name, "size": one.size, "limit": limits.media_bytes}
                yield Problem(ProblemKind.MEDIA_SIZE, True, size)
            if not one.alt.strip():
                yield Problem(ProblemKind.NO_ALT, False, {"name": one.name})
            elif len(one.alt) > limits.alt_text_length:
                alt = {"name": one.name, "count": len(one.alt), "limit": limits.alt_text_length}
                yield Problem(ProblemKind.ALT_TOO_LONG, True, alt)

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """Any account that the service knows."""
        return PracticeAccount(endpoint, credentials, account)
