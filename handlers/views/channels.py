"""A channel that nothing can be written to: what its people hear instead."""

from bot.domain.brands import Brand
from bot.slack.blocks import Message, context, section
from bot.slack.cards import Card
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import brand_face


class ChannelOutOfReach(Card, id="channel.lost"):
    """Told once for each outage of a channel (`since`, in ms), to one member."""

    channel: str
    reason: str
    since: int
    to: str


def lost_message(card: ChannelOutOfReach, brand: Brand | None, words: Words) -> Message:
    """Which channel, why, and how to mend it."""
    channel = f"<#{card.channel}>"
    where = f"{channel} ({relay(brand_face(brand), 120)})" if brand else channel
    lost = words("slack.channel_lost", where=where)
    key = f"slack.channel_lost.{card.reason}"
    why = words(key) if key in words else words("slack.channel_lost.other", reason=relay(card.reason, 80))
    return Message(lost, [section(f"🔇 {lost}\n{why}"), context(words("slack.channel_lost.waits"))])
