"""What a worker does with an event: handlers say which cards to draw, and what can't wait rings people."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.desk.desk import Desk
from bot.domain.events import AnyEvent
from bot.domain.records import MemberId
from bot.engine.alarming import Alarming
from bot.engine.calling import Caller
from bot.engine.shifts import Shifts
from bot.errors import VoceroError
from bot.slack.deck import Deck
from bot.slack.people import People


def telling(desk: Desk, deck: Deck, people: People) -> Callable[[AnyEvent], Awaitable[None]]:
    """For `Relay`. Nobody here has a webhook, or keeps Slack quiet."""
    alarming = Alarming(desk, refresh=people.member, shifts=Shifts(desk, _loud), caller=Caller(desk, _post, _link))

    async def told(event: AnyEvent) -> None:
        await deck.tell(event)
        await alarming.heard(event)

    return told


async def _loud(_: MemberId) -> tuple[datetime, datetime] | None:
    return None


async def _post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    raise VoceroError("there is no webhook")


async def _link(_: str) -> str:
    return ""
