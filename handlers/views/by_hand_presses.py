"""What whoever publishes by hand can press, on what asked them and on the post's card."""

from typing import Literal

from bot.domain.deliveries import Delivery
from bot.slack.blocks import Element
from bot.slack.wire import Button
from bot.text.words import Words


class Published(Button, id="by_hand.published"):
    """*It's published*: opens the form that asks for the link."""

    delivery: str


class CantPublish(Button, id="by_hand.cant"):
    """*I can't*: opens the form that asks why. `number`: of the ask, from 0."""

    delivery: str
    number: int


def published_button(
    delivery: Delivery, words: Words, *, style: Literal["primary"] | None = None, suffix: str | None = None
) -> Element:
    """A fact that can be told for as long as nobody did."""
    return Published(delivery=delivery.id).draw(words("by_hand.published"), style=style, suffix=suffix)
