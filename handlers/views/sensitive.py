"""Presses that many cards draw: they begin a sensitive act, show what was done, or do it once more."""

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


class DuplicatePost(Button, id="post.duplicate"):
    """Opens a draft with the same content, for another time."""

    post: str


class RepeatPost(Button, id="post.repeat"):
    """Opens the form that makes the same again, week by week or month by month."""

    post: str


class Correct(Button, id="corrections.correct"):
    """Opens the form with other words for what is live."""

    delivery: str


class WriteCorrection(Button, id="corrections.write"):
    """Opens a draft that puts right what is, or was, public."""

    delivery: str


class SeeRecord(Button, id="audit.see"):
    """Opens the history of one thing: who wrote, approved, sent, answered."""

    subject: str


def unpublish_button(delivery: str, words: Words, *, suffix: str) -> Element:
    """Beside what is live."""
    return Unpublish(delivery=delivery).draw(words("button.unpublish"), suffix=suffix)


def record_menu(post: str, words: Words) -> Element:
    """The ⋯ of a post's cards."""
    choices: list[tuple[str, Button]] = [
        (words("button.duplicate"), DuplicatePost(post=post)),
        (words("repeat.button"), RepeatPost(post=post)),
        (words("audit.record"), SeeRecord(subject=post)),
    ]
    return menu(choices, suffix="card")
