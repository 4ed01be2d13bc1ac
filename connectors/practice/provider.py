"""What the practice network lets us do, its limits as data, and what it would refuse."""

from collections.abc import Sequence
from datetime import date

from bot.network import (
    Capability,
    Connector,
    CredentialField,
    Credentials,
    Endpoint,
    Hook,
    Limits,
    MediaFacts,
    Problem,
    problems,
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
        | Capability.LIKE
        | Capability.DELETE
        | Capability.DELETE_COMMENT
        | Capability.EDIT
        | Capability.METRICS
        | Capability.THREAD
        | Capability.IDEMPOTENT
        | Capability.PRACTICE
        | Capability.SENT
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
    hook: Hook | None = None

    def length(self, text: str) -> int:
        """Characters."""
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Blockers are what the service refuses; a missing alt text is a warning."""
        return list(problems(self.limits, text, self.length(text.strip()), media))

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """Any account that the service knows."""
        return PracticeAccount(endpoint, credentials, account)
