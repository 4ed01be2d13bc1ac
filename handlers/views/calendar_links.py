"""Calendar links: which brands have one, the way to make and to revoke it, and the link itself, once."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.brands import Brand
from bot.domain.calendar_links import CalendarLink
from bot.slack.blocks import Block, Element, View, actions, confirm, context, plain, rich, section
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face

BRANDS = 40
"""Brands that are listed: two blocks each."""


class ShowCalendarLinks(Button, id="calendar_links.show"):
    """Opens the list."""


class MakeCalendarLink(Button, id="calendar_links.make"):
    """A new link in place of the one that was seen."""

    brand: str
    seen: str = ""


class RevokeCalendarLink(Button, id="calendar_links.revoke"):
    """The link that was seen ends."""

    brand: str
    seen: str


def links_view(
    links: Sequence[tuple[Brand, CalendarLink | None]], names: Names, now: datetime, words: Words, *, reached: bool
) -> View:
    """Each brand with its link. reached: we have an address outside; without one nothing can be made."""
    blocks: list[Block] = [section(words("calendar_link.explain"))]
    if not reached:
        blocks.append(section(f"⚠️ {words('error.no_public_url')}"))
    for brand, link in links[:BRANDS]:
        told = words("calendar_link.none")
        if link is not None:
            when = moment(link.at, brand.clock, words, now)
            told = words("calendar_link.there", name=names.get(link.by, "—"), when=when)
        blocks.append(section(f"*{relay(brand_face(brand), 120)}*\n{told}"))
        if buttons := _buttons(brand, link, words, reached=reached):
            blocks.append(actions(*buttons))
    return _modal(blocks, words)


def _buttons(brand: Brand, link: CalendarLink | None, words: Words, *, reached: bool) -> list[Element]:
    found: list[Element] = []
    if reached and link is None:
        found.append(MakeCalendarLink(brand=brand.id).draw(words("calendar_link.make"), suffix=brand.id))
    if link is None:
        return found
    no = words("confirm.no")
    if reached:
        label = words("calendar_link.again")
        sure = confirm(words("calendar_link.again_ask"), words("calendar_link.ends"), label, no)
        again = MakeCalendarLink(brand=brand.id, seen=link.id)
        found.append(again.draw(label, confirm=sure, suffix=brand.id))
    label = words("calendar_link.revoke")
    sure = confirm(words("calendar_link.revoke_ask"), words("calendar_link.ends"), label, no, danger=True)
    end = RevokeCalendarLink(brand=brand.id, seen=link.id)
    return [*found, end.draw(label, style="danger", confirm=sure, suffix=brand.id)]


def made_view(brand: Brand, link: str, words: Words) -> View:
    """The link, shown once."""
    head = section(f"*{relay(brand_face(brand), 120)}*\n{words('calendar_link.made')}")
    return _modal([head, rich(link, code=True), context(words("calendar_link.once"))], words)


def _modal(blocks: list[Block], words: Words) -> View:
    return {
        "type": "modal",
        "title": plain(words("calendar_link.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks,
    }
