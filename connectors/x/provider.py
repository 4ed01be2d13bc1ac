"""What X lets us do, its limits as data, and what it would refuse."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.errors import ConfigurationError
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
from connectors.x.account import XAccount
from connectors.x.length import weighted_length

GIFS = 1  # one animated picture stands alone (https://docs.x.com/x-api/media/introduction)


class X:
    """The provider. Editing needs Premium and isn't offered; there is no key against doubles."""

    name = "x"
    title = "X"
    capabilities = (
        Capability.PUBLISH
        | Capability.MEDIA
        | Capability.REPLY
        | Capability.FETCH
        | Capability.HIDE
        | Capability.DELETE
        | Capability.METRICS
    )
    # Length: https://docs.x.com/fundamentals/counting-characters. Pictures: https://docs.x.com/x-api/media/introduction.
    # Alt text: `CreateMediaMetadataMetadataAltText` in X's OpenAPI file. Lag: assumed.
    limits = Limits(
        as_of=date(2026, 11, 1),
        max_length=280,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
        media_bytes=5 * 1024 * 1024,
        text_required=False,
        alt_text_length=1000,
        timeline_lag=20.0,
    )
    fields: Sequence[CredentialField] = (CredentialField("access_token"), CredentialField("access_token_secret"))
    app_fields: Sequence[str] = ("consumer_key", "consumer_secret")

    def length(self, text: str) -> int:
        """Weighted characters."""
        return weighted_length(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Blockers are what X refuses; a missing alt text is a warning."""
        return list(self._problems(text, media))

    def _problems(self, text: str, media: Sequence[MediaFacts]) -> Iterator[Problem]:
        limits = self.limits
        count = self.length(text)
        if count > limits.max_length:
            yield Problem(ProblemKind.TOO_LONG, True, {"count": count, "limit": limits.max_length})
        if not text.strip() and not media:
            yield Problem(ProblemKind.EMPTY, True)
        animated = any(one.type == "image/gif" for one in media)
        most = GIFS if animated else limits.max_media
        if len(media) > most:
            yield Problem(ProblemKind.TOO_MANY_MEDIA, True, {"count": len(media), "limit": most})
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
        """Raises ConfigurationError when the operator's app keys are missing."""
        missing = [name for name in self.app_fields if not endpoint.app.get(name)]
        if missing:
            raise ConfigurationError(f"X needs the app's {' and '.join(missing)}.")
        return XAccount(endpoint, credentials, account)
