"""Client links: who has one for which brand, the form that makes one, and the link itself, once."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from bot.domain.brands import Brand
from bot.domain.client_links import DAYS, NAME, ClientLink, has_client_stage
from bot.slack.blocks import (
    Block,
    Element,
    View,
    confirm,
    context,
    option,
    plain,
    radio,
    rich,
    section,
    text_input,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face

BRANDS = 8
"""Brands that are listed: with ten links each there is room for them."""


class ShowClientLinks(Button, id="client_links.show"):
    """Opens the list."""


class NewClientLink(Button, id="client_links.new"):
    """Opens the form of a new one."""

    brand: str


class RevokeClientLink(Button, id="client_links.revoke"):
    """One ends."""

    brand: str
    holder: str


class ClientLinkForm(Form, id="client_links.form"):
    """A new link; `link` is made with the form, so that sent twice it is one."""

    brand: str
    link: str
    name: Typed[str] = ""
    days: Typed[int] = Field(default=DAYS[1], ge=1, le=max(DAYS))


def links_view(
    found: Sequence[tuple[Brand, Sequence[ClientLink]]], names: Names, now: datetime, words: Words, *, reached: bool
) -> View:
    """Each brand with its links. reached: we have an address outside; without one nothing can be made."""
    blocks: list[Block] = [section(words("client_link.explain"))]
    if not reached:
        blocks.append(section(f"⚠️ {words('error.no_public_url')}"))
    for brand, links in found[:BRANDS]:
        told = [] if links else [words("client_link.none")]
        if not has_client_stage(brand):
            told.append(f"⚠️ {words('client_link.no_stage')}")
        new = NewClientLink(brand=brand.id).draw(words("client_link.new"), suffix=brand.id) if reached else None
        blocks.append(section("\n".join([f"*{relay(brand_face(brand), 120)}*", *told]), accessory=new))
        blocks += [_link(brand, link, names, now, words) for link in links]
    if len(found) > BRANDS:
        blocks.append(context(words.n("calendar.more_brands", len(found) - BRANDS)))
    return _modal(blocks, words)


def _link(brand: Brand, link: ClientLink, names: Names, now: datetime, words: Words) -> Block:
    until = moment(link.until, brand.clock, words, now)
    opened = words("client_link.unopened")
    if link.opened is not None:
        opened = words("client_link.opened", when=moment(link.opened, brand.clock, words, now))
    made = words("client_link.there", name=names.get(link.by, "—"), until=until)
    return section(f"*{relay(link.name, NAME + 20)}*\n{made}\n{opened}", accessory=_revoke(brand, link, words))


def _revoke(brand: Brand, link: ClientLink, words: Words) -> Element:
    label = words("client_link.revoke")
    ask = words("client_link.revoke_ask", name=relay_plain(link.name, NAME))
    sure = confirm(ask, words("client_link.ends"), label, words("confirm.no"), danger=True)
    press = RevokeClientLink(brand=brand.id, holder=link.holder)
    return press.draw(label, style="danger", confirm=sure, suffix=link.holder)


def new_view(form: ClientLinkForm, brand: Brand, words: Words) -> View:
    """For whom, and for how long."""
    spans = [option(words.n("client_link.days", days), str(days)) for days in DAYS]
    return form.open(
        title=words("client_link.new_title"),
        submit=words("client_link.make"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(brand), 120)}*"),
            ClientLinkForm.input(
                "name",
                words("client_link.field.name"),
                text_input(form.name, most=NAME, focus=True),
                hint=words("client_link.field.name_hint"),
            ),
            ClientLinkForm.input("days", words("client_link.field.days"), radio(spans, str(form.days))),
        ],
    )


def made_view(brand: Brand, name: str, link: str, words: Words) -> View:
    """The link, shown once."""
    told = words("client_link.made", name=relay(name, NAME + 20))
    head = section(f"*{relay(brand_face(brand), 120)}*\n{told}")
    return _modal([head, rich(link, code=True), context(words("client_link.once"))], words)


def _modal(blocks: list[Block], words: Words) -> View:
    return {
        "type": "modal",
        "title": plain(words("client_link.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks,
    }
