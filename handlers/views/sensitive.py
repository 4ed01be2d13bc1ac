"""The presses that begin a sensitive act, or show what was done: small, because many cards draw them."""

from bot.slack.blocks import Element
from bot.slack.wire import Button, menu
from bot.text.words import Words


class Unpublish(Button, id="proposals.unpublish"):
    """Opens the form that takes a post, or our answer, down."""

    delivery: str


class DeleteComment(Button, id="proposals.delete_comment"):
    """Opens the form that deletes what an outside person wrote."""

    conversation: str


class Disconnect(Button, id="proposals.disconnect"):
    """Opens the form that takes an account's credentials away."""

    account: str


class SeeEvidence(Button, id="proposals.evidence"):
    """Opens what was kept of something that was taken down."""

    proposal: str


class SeeRecord(Button, id="audit.see"):
    """Opens the history of one thing: who wrote, approved, sent, answered."""

    subject: str


def unpublish_button(delivery: str, words: Words, *, suffix: str) -> Element:
    """Beside what is live."""
    return Unpublish(delivery=delivery).draw(words("button.unpublish"), suffix=suffix)


def record_menu(subject: str, words: Words) -> Element:
    """The ⋯ of a post's cards."""
    return menu([(words("audit.record"), SeeRecord(subject=subject))], suffix="card")
