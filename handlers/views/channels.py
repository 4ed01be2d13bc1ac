"""A channel or a member out of reach, events that Slack holds back: what people hear instead."""

from bot.domain.brands import Brand
from bot.slack.blocks import Message, context, section
from bot.slack.cards import Card
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import brand_face, mention


class ChannelOutOfReach(Card, id="channel.lost"):
    """Told once for each outage of a channel (`since`, in ms), to one member."""

    channel: str
    reason: str
    since: int
    to: str


class SlackHoldsBack(Card, id="channel.events_held"):
    """Told once for each time that Slack held events back, to one admin."""

    minute: str
    to: str


def held_message(words: Words) -> Message:
    """What happened, and what it means."""
    said = words("slack.events_held")
    return Message(said, [section(f"⏳ {said}"), context(words("slack.events_held.means"))])


def lost_message(card: ChannelOutOfReach, brand: Brand | None, words: Words) -> Message:
    """Which channel or member, why, and how to mend it."""
    if card.channel.startswith("@"):
        return _member_lost(card, words)
    lost = words("slack.channel_lost", where=_where(card, brand))
    key = f"slack.channel_lost.{card.reason}"
    why = words(key) if key in words else words("slack.channel_lost.other", reason=relay(card.reason, 80))
    return Message(lost, [section(f"🔇 {lost}\n{why}"), context(words("slack.channel_lost.waits"))])


def back_message(card: ChannelOutOfReach, brand: Brand | None, words: Words) -> Message:
    """It is over."""
    back = words("slack.channel_back", where=_where(card, brand))
    return Message(back, [section(f"🔈 {back}")])


def _where(card: ChannelOutOfReach, brand: Brand | None) -> str:
    channel = f"<#{card.channel}>"
    return f"{channel} ({relay(brand_face(brand), 120)})" if brand else channel


def _member_lost(card: ChannelOutOfReach, words: Words) -> Message:
    lost = words("slack.member_lost", who=mention(card.channel.removeprefix("@")))
    key = f"slack.member_lost.{card.reason}"
    why = words(key) if key in words else words("slack.channel_lost.other", reason=relay(card.reason, 80))
    return Message(lost, [section(f"🔇 {lost}\n{why}")])
