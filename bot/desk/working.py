"""Working through: which conversation comes next, mine first as they wait, then what nobody has."""

from typing import TYPE_CHECKING

from bot.domain import handling as rules
from bot.domain.brands import Brand, Standing
from bot.domain.conversations import FRONT, Conversation
from bot.domain.errands import Facet
from bot.domain.inbox_views import View, main_index
from bot.domain.records import Value
from bot.errors import UserError
from bot.store.listing import Listing

if TYPE_CHECKING:
    from bot.desk.desk import Desk

START = -FRONT
"""Before what a rule flagged, which stands before everything else."""
STEP = 50
"""Ids that are read at a time where many were said in the same moment."""


class Place(Value):
    """Up to where somebody has worked: the list, and the last conversation there, by when it was said and its id."""

    view: View = View.MINE
    at: float = START
    last: str = ""


class Working(Value):
    """What comes next, where that is, and how many wait in all; no conversation when everything was looked at."""

    talk: Conversation | None
    place: Place
    left: int


class WorkingThrough:
    """Reads. Each press moves on: what was skipped is behind, what is new comes at the end."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._listing = Listing(desk.store)

    async def left(self, brand: str, who: Standing) -> int:
        """How many of mine and of nobody's wait, in one brand or in all of mine."""
        counts = await self._desk.inbox_list.counts(await self._brands(brand, who), who)
        return counts[View.MINE] + counts[View.UNOWNED]

    async def needs_me(self, id_: str, who: Standing) -> bool:
        """Whether a conversation still needs something of somebody who works through: it doesn't once its newest words
        are hidden, or asked to be."""
        page = await self._desk.inbox.page(id_)
        asked = page.moderating.of(Facet.HIDE)
        hidden = asked.wanted if asked is not None and asked.asked else page.conversation.latest.hidden
        return not hidden and rules.needs(page.conversation, who.id)

    async def following(self, brand: str, place: Place, who: Standing) -> Working:
        """The next conversation after a place; raises NotAllowed for somebody who moderates nowhere, or not there."""
        brands = await self._brands(brand, who)
        left = await self.left(brand, who)
        lists = (View.MINE, View.UNOWNED) if place.view is View.MINE else (View.UNOWNED,)
        for view in lists:
            start = place if view is place.view else Place(view=view)
            found = [first for each in brands if (first := await self._first(each, start, who)) is not None]
            if found:
                at, id_ = min(found)
                talk = await self._desk.store.find(Conversation, id_)
                return Working(talk=talk, place=Place(view=view, at=at, last=id_), left=left)
        return Working(talk=None, place=place, left=left)

    async def _brands(self, brand: str, who: Standing) -> list[Brand]:
        mine = list(await self._desk.inbox.brands_of(who))
        if not brand:
            return [each for each in mine if not each.practice] or mine
        found = [each for each in mine if each.id == brand]
        if not found:
            raise UserError("error.no_such_brand")
        return found

    async def _first(self, brand: Brand, place: Place, who: Standing) -> tuple[float, str] | None:
        """The first after a place: by when it was said, and by id where that is the same moment."""
        index, start = main_index(place.view, brand.id, who.id), 0
        while True:
            listed = await self._listing.since(index, low=place.at, start=start, length=STEP)
            later = [(at, id_) for id_, at in listed if (at, id_) > (place.at, place.last)]
            if later or len(listed) < STEP:
                return min(later, default=None)
            start += STEP
