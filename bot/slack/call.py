"""The circumstances of a press, and of a drawing: all that a handler may know besides the interaction itself."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.brands import Member, Standing
from bot.domain.records import MemberId
from bot.slack.cards import Card
from bot.slack.forms import Form
from bot.text.words import Words, words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class OpenView:
    """The view that something was pressed in: its ids, and what it holds as Slack sent it."""

    id: str
    hash: str
    type: str  # modal or home
    callback_id: str
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Call:
    """One press by one person.

    who is checked on the server, now; words are in the reader's language; channel, message and thread are where it
    happened, if anywhere. late: the press was taken over from a process that died, so forms can't be opened.
    fleeting: the label of what was pressed, where nothing is drawn again. typed: the moment of a change in a form by
    Slack's clock (`action_ts`), by which two changes are put in order whichever arrives first.
    trigger and response_url are for the router.
    """

    who: Standing
    member: Member
    words: Words
    desk: "Desk"
    at: datetime
    channel: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None
    view: OpenView | None = None
    late: bool = False
    correlation: str = ""
    fleeting: str | None = None
    typed: str = ""
    trigger: str | None = field(default=None, repr=False)
    response_url: str | None = field(default=None, repr=False)

    @property
    def user(self) -> str:
        """The Slack user id, without the team."""
        return self.who.id.partition(":")[2]

    def colleague(self, user: str) -> MemberId:
        """A Slack user that was picked in a form, as a member of the same team; empty for nobody."""
        return f"{self.who.id.partition(':')[0]}:{user}" if user else ""

    @property
    def zone(self) -> ZoneInfo:
        """The reader's zone."""
        return zone_of(self.member)

    def filled(self, form: type[F]) -> F | None:
        """The open form as far as it is filled in, None when another or none is open. Raises BadPress."""
        if self.view is None or self.view.callback_id != form.ID:
            return None
        return form.glimpse(self.view.payload)


@dataclass(frozen=True)
class Scene:
    """Where cards are drawn, by an event and not by a person. `channel` is where, empty while an event is handled.

    link: a card's address, "" where it doesn't stand anywhere or Slack doesn't say.
    """

    desk: "Desk"
    member: Callable[[MemberId], Awaitable[Member]]
    where: Callable[[Card], Awaitable[tuple[str, str] | None]]
    link: Callable[[Card], Awaitable[str]]
    channel: str = ""

    async def words_of(self, member: MemberId) -> Words:
        """The words of one person, for a direct message."""
        return words_for((await self.member(member)).locale)


def zone_of(member: Member) -> ZoneInfo:
    """A member's zone; UTC where Slack names one that this machine doesn't know."""
    try:
        return ZoneInfo(member.zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
