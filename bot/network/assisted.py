"""Networks that no connector reaches: what a person publishes there by hand, as data.

They are networks like any other for the form, the checks and the preview; nobody opens an account there, so whatever
needs one (`Capability`) is not offered. Lengths are counted in characters. The limits are those of each network's own
app as of their date, assumed: most of them are told on no page that stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import ConfigurationError
from bot.network import Capability, Connector, CredentialField, Credentials, Endpoint, Feed, Limits, MediaFacts, Problem
from bot.network.hooks import Hook
from bot.network.limits import ProblemKind, problems

BY_HAND = Capability.PUBLISH | Capability.MEDIA | Capability.ASSISTED
OTHER = "other-assisted"
"""A network whose name an admin writes."""
_AS_OF = date(2026, 11, 30)
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_MEGABYTE = 1024 * 1024


@dataclass
class AssistedNetwork:
    """One of them; a `Provider`. hosts: where its pages are, empty: anywhere. linked: whether what is published there
    has an address. pictured: whether it takes nothing without a picture or a video."""

    name: str
    title: str
    limits: Limits
    hosts: tuple[str, ...] = ()
    linked: bool = True
    pictured: bool = False
    capabilities: Capability = BY_HAND
    fields: Sequence[CredentialField] = ()
    app_fields: Sequence[str] = ()
    hook: Hook | None = None

    def length(self, text: str) -> int:
        """Characters."""
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """As everywhere; a picture that lacks is a warning, because whoever publishes may have a video."""
        found = list(problems(self.limits, text, self.length(text), media))
        if self.pictured and not media and not is_reply:
            found.append(Problem(ProblemKind.NO_MEDIA, False))
        return found

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """Raises ConfigurationError: there is nothing to open."""
        raise ConfigurationError(f"{self.title} is published by hand: there is no way in.")


def _limits(length: int, pictures: int, *, alt: int = 1000, feed: Feed | None = None, text: bool = True) -> Limits:
    return Limits(
        as_of=_AS_OF,
        max_length=length,
        max_media=pictures,
        media_types=_PICTURES,
        media_bytes=20 * _MEGABYTE,
        text_required=text,
        alt_text_length=alt,
        feed=feed or Feed(),
    )


_COMMENTED = BY_HAND | Capability.FIRST_COMMENT
_ALL = (
    AssistedNetwork(
        "instagram-assisted",
        "Instagram",
        _limits(2200, 20, feed=Feed(fold=125, widest=1.91, tallest=0.8), text=False),
        hosts=("instagram.com", "instagr.am"),
        pictured=True,
        capabilities=_COMMENTED,
    ),
    AssistedNetwork(
        "tiktok-assisted",
        "TikTok",
        _limits(2200, 35, feed=Feed(fold=100), text=False),
        hosts=("tiktok.com",),
        pictured=True,
        capabilities=_COMMENTED,
    ),
    AssistedNetwork(
        "linkedin-assisted",
        "LinkedIn",
        _limits(3000, 20, feed=Feed(fold=210, fold_lines=3, card=True)),
        hosts=("linkedin.com", "lnkd.in"),
        capabilities=_COMMENTED,
    ),
    AssistedNetwork(
        "threads-assisted",
        "Threads",
        _limits(500, 20),
        hosts=("threads.com", "threads.net"),
        capabilities=BY_HAND | Capability.THREAD,
    ),
    AssistedNetwork(
        "youtube-assisted",
        "YouTube",
        _limits(5000, 10, feed=Feed(fold=150)),
        hosts=("youtube.com", "youtu.be"),
        capabilities=_COMMENTED,
    ),
    AssistedNetwork(
        "pinterest-assisted",
        "Pinterest",
        _limits(500, 5, alt=500, text=False),
        pictured=True,
    ),
    AssistedNetwork(
        "telegram-assisted", "Telegram", _limits(1024, 10, feed=Feed(card=True)), hosts=("t.me", "telegram.me")
    ),
    AssistedNetwork(
        "whatsapp-assisted",
        "WhatsApp",
        _limits(1024, 10, feed=Feed(card=True)),
        hosts=("whatsapp.com", "wa.me"),
        linked=False,
    ),
    AssistedNetwork("newsletter-assisted", "Newsletter", _limits(50_000, 20), linked=False),
    AssistedNetwork("blog-assisted", "Blog", _limits(50_000, 20)),
    AssistedNetwork(OTHER, "Web", _limits(50_000, 20, text=False), linked=False),
)
ASSISTED: Mapping[str, AssistedNetwork] = {network.name: network for network in _ALL}
"""By name, in the order in which the form shows them."""
