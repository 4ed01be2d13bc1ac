"""The press on a conversation's card that asks about what was said there: small, because many screens draw the card."""

from bot.slack.wire import Button


class CheckComment(Button, id="facts.comment"):
    """Opens the form that asks about it, with what was said as the statement."""

    conversation: str
