"""Private messages: nobody but the team may see them, an answer has to come in time, and silence begins anew."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.brands import Brand, Role
from bot.domain.conversations import Conversation, ConversationStatus

ANEW = timedelta(days=7)
"""Somebody who writes so long after their conversation was closed begins another one."""


@dataclass(frozen=True)
class Room:
    """Who can read a Slack channel. shared: with another organisation, or about to be. members: Slack user ids of
    people; strangers: those of them who are guests or belong to another workspace. usable: we are in it and it isn't
    archived."""

    shared: bool
    members: frozenset[str]
    strangers: frozenset[str] = frozenset()
    name: str = ""
    usable: bool = True


def discreet(room: Room | None, brand: Brand) -> bool:
    """Whether what was said to a brand in private may stand there: only its team reads it, nobody of its client and
    nobody from outside. Of a channel that nothing is known of, it may not."""
    if room is None or room.shared or room.strangers:
        return False
    clients = {
        member.rpartition(":")[2]
        for member, roles in brand.roles.items()
        if Role.CLIENT in roles and not roles & {Role.MODERATOR, Role.ADMIN}
    }
    return not clients & room.members


def answer_until(talk: Conversation, within: float | None) -> datetime | None:
    """By when an answer has to be sent (`within` seconds of what the person wrote last); None where there is no end."""
    if not talk.private or within is None:
        return None
    return max(each.at for each in talk.heard) + timedelta(seconds=within)


def goes_on(talk: Conversation, now: datetime) -> bool:
    """Whether a new private message belongs to a conversation, rather than beginning another one."""
    closed = talk.status is ConversationStatus.CLOSED
    return talk.forgotten_at is None and not (closed and now - talk.changed_at > ANEW)


def placed(talk: Conversation, places: Collection[str]) -> Conversation:
    """Its card stands there, and no longer anywhere else. A place is a channel, or `@` and a member."""
    new = tuple(dict.fromkeys(places))
    left = tuple(each for each in dict.fromkeys((*talk.left, *talk.places)) if each not in new)
    if (new, left) == (talk.places, talk.left):
        return talk
    return talk.model_copy(update={"places": new, "left": left})
