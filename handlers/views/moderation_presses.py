"""The presses that moderate something said: small, because many screens draw them."""

from bot.slack.wire import Button


class Hide(Button, id="moderation.hide"):
    """Hide what the person said, or show it again."""

    conversation: str
    ref: str
    hidden: bool


class Like(Button, id="moderation.like"):
    """Like it as the account, or take that back."""

    conversation: str
    ref: str
    liked: bool
