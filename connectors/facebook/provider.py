"""What Facebook lets a page do, its limits as data, and what it would refuse."""

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
from connectors.facebook.hook import FacebookHook
from connectors.facebook.inbox import ANSWER_WITHIN, LENGTH
from connectors.facebook.page import FacebookPage

COMMENT_LENGTH = 8_000  # https://developers.facebook.com/docs/graph-api/reference/object/comments (assumed to hold)
COMMENT_MEDIA = 1  # a comment takes one `attachment_id`


class Facebook:
    """The provider. There is no key against doubles; the Graph only refuses the post that repeats the last one."""

    name = "facebook"
    title = "Facebook"
    capabilities = (
        Capability.PUBLISH
        | Capability.MEDIA
        | Capability.REPLY
        | Capability.FIRST_COMMENT
        | Capability.FETCH
        | Capability.HIDE
        | Capability.DELETE
        | Capability.DELETE_COMMENT
        | Capability.EDIT
        | Capability.METRICS
        | Capability.SENT
        | Capability.LIKE
        | Capability.PRIVATE_REPLY
        | Capability.WEBHOOK
        | Capability.MESSAGES
    )
    # Length: 63,206 as answered by the Graph. Pictures: https://developers.facebook.com/docs/graph-api/reference/page/photos
    # (10 MB; "Photos Should Be Smaller Than 10 MB" is subcode 1366046). How many, alt text and lag: assumed.
    limits = Limits(
        as_of=date(2026, 11, 1),
        max_length=63_206,
        max_media=10,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        media_bytes=10 * 1024 * 1024,
        text_required=False,
        alt_text_length=1_000,
        timeline_lag=10.0,
        # The page's quota grows with its public (4,800 calls a day for each engaged person), so no pace is right for
        # all; a used-up quota says itself when to come back. assumed: this is never too fast for a page with a public.
        poll_every=5.0,
        # assumed: "See more" after 477 characters or five lines, a single picture whole between 1.91:1 and 4:5, and a
        # card of the first link
        feed=Feed(fold=477, fold_lines=5, widest=1.91, tallest=0.8, card=True),
        look_every=600.0,  # a page with a public of one has 4,800 calls a day: polling takes 1,440, these 2,880
        look_at=20,
        message_length=LENGTH,
        answer_within=ANSWER_WITHIN,
        messages_need="pages_messaging",
    )
    fields: Sequence[CredentialField] = (CredentialField("page_token"),)
    app_fields: Sequence[str] = ("app_id", "app_secret")
    hook: Hook | None = FacebookHook()

    def length(self, text: str) -> int:
        """Characters."""
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        """Blockers are what the Graph refuses; a missing alt text is a warning."""
        longest, most = (COMMENT_LENGTH, COMMENT_MEDIA) if is_reply else (None, None)
        return list(problems(self.limits, text, self.length(text), media, longest=longest, most=most))

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        """Raises ConfigurationError when the operator's app keys are missing."""
        missing = [name for name in self.app_fields if not endpoint.app.get(name)]
        if missing:
            raise ConfigurationError(f"Facebook needs the app's {' and '.join(missing)}.")
        return FacebookPage(endpoint, credentials, account)
