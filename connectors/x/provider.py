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
    Feed,
    Hook,
    Limits,
    MediaFacts,
    Problem,
    problems,
)
from connectors.x import messages
from connectors.x.account import XAccount
from connectors.x.length import weighted_length
from connectors.x.timelines import READ

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
        | Capability.LIKE
        | Capability.MESSAGES
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
        # The same page: 100 posts and 50 hidings in a quarter of an hour; a tenth is left for everything else.
        answers_every=10.0,
        hides_every=20.0,
        # A look costs $0.005 a post, once a day; X's developer policy wants deleted posts gone within 24 hours.
        look_every=86_400.0,
        look_at=100,
        look_price=READ,
        # https://docs.x.com/x-api/getting-started/pricing, seen 2026-11: an answer to a mention, a post with a URL
        answer_price=0.01,
        linked_price=0.20,
        message_length=messages.LENGTH,
        message_price=messages.READ,
        sent_price=messages.SENT,
        messages_every=messages.EVERY,
        messages_need=messages.NEED,
        # assumed: all 280 are shown, a single picture whole between 2:1 and 3:4, and a card of the first link. Opening:
        # ours, two lines on a phone; the FTC wants a disclosure at the beginning of a tweet (.com Disclosures, 2013).
        feed=Feed(opening=80, widest=2.0, tallest=0.75, card=True),
        windows_apart=True,  # the same page: each endpoint has its own
    )
    fields: Sequence[CredentialField] = (CredentialField("access_token"), CredentialField("access_token_secret"))
    app_fields: Sequence[str] = ("consumer_key", "consumer_secret")
    hook: Hook | None = None

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
