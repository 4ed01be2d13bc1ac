"""What X lets us do, its limits as data, and what it would refuse."""

from collections.abc import Sequence
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
    problems,
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
        | Capability.THREAD
        | Capability.SENT
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
        # https://docs.x.com/x-api/fundamentals/rate-limits: mentions 300 in a quarter of an hour for an account, 450
        # for the app; a tenth is left for a second page.
        poll_every=3.3,
        poll_every_app=2.2,
        windows_apart=True,  # the same page: each endpoint has its own
    )
    fields: Sequence[CredentialField] = (CredentialField("access_token"), CredentialField("access_token_secret"))
    app_fields: Sequence[str] = ("consumer_key", "consumer_secret")

    def length(self, text: str) -> int:
        """Weighted characters."""
        return weighted_length(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Blockers are what X refuses; a missing alt text is a warning."""
        most = GIFS if any(one.type == "image/gif" for one in media) else None
        return list(problems(self.limits, text, self.length(text), media, most=most))

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """Raises ConfigurationError when the operator's app keys are missing."""
        missing = [name for name in self.app_fields if not endpoint.app.get(name)]
        if missing:
            raise ConfigurationError(f"X needs the app's {' and '.join(missing)}.")
        return XAccount(endpoint, credentials, account)
