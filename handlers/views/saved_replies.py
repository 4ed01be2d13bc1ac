"""Saved replies: a brand's list, the form that writes one, and the choice in the forms that answer."""

from collections.abc import Sequence

from pydantic import Field

from bot.domain.brands import Brand
from bot.domain.saved_replies import MOST, TEXT, TITLE, VARIABLES, SavedReply
from bot.slack.blocks import Block, Element, View, actions, confirm, context, option, plain, section, select
from bot.slack.blocks import text_input as typed_in
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, menu
from bot.text.language import SPOKEN
from bot.text.relaying import relay, relay_plain
from bot.text.words import Words
from handlers.views.faces import brand_face
from handlers.views.mood import language_name

EXCERPT = 280
ANY = "-"
"""The option for every language."""


class ManageSaved(Button, id="saved.manage"):
    """Opens a brand's saved replies."""

    brand: str


class WriteSaved(Button, id="saved.write"):
    """Opens the form of a saved reply; of a new one without `saved`."""

    brand: str
    saved: str = ""


class RemoveSaved(Button, id="saved.remove"):
    """Forgets one."""

    brand: str
    saved: str


class SavedForm(Form, id="saved.form"):
    """A saved reply; `saved` is its id, made with the form."""

    brand: str
    saved: str
    title: Typed[str] = ""
    language: Typed[str] = Field(default=ANY, max_length=8)
    text: Typed[str] = ""


def saved_view(brand: Brand, replies: Sequence[SavedReply], words: Words, *, writes: bool) -> View:
    """All of them; what changes them only for those who may."""
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*", accessory=_new(brand, words) if writes else None),
        *(block for reply in replies for block in _listed(reply, words, writes=writes)),
        *([] if replies else [section(words("saved.none"))]),
        context(words("saved.count", count=len(replies), most=MOST)),
    ]
    return {
        "type": "modal",
        "title": plain(words("saved.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks[:100],
    }


def _new(brand: Brand, words: Words) -> Element:
    return WriteSaved(brand=brand.id).draw(words("saved.new"), style="primary")


def _listed(reply: SavedReply, words: Words, *, writes: bool) -> list[Block]:
    """Its title and its text; a brand has room for sixty of them in a view."""
    named = f"*{relay(reply.title, TITLE + 20)}* · {_language(reply, words)}\n{relay(reply.text, EXCERPT)}"
    if not writes:
        return [section(named)]
    choices: list[tuple[str, Button]] = [
        (words("button.edit"), WriteSaved(brand=reply.brand, saved=reply.id)),
        (words("saved.remove"), RemoveSaved(brand=reply.brand, saved=reply.id)),
    ]
    return [section(named, accessory=menu(choices, suffix=reply.id))]


def _language(reply: SavedReply, words: Words) -> str:
    return language_name(reply.language, words) if reply.language else words("saved.any_language")


def saved_form_view(form: SavedForm, brand: Brand, words: Words, *, kept: bool) -> View:
    """Title, language, text; and which variables there are. kept: it is there already."""
    languages = [option(words("saved.any_language"), ANY)]
    languages += [option(language_name(code, words), code) for code in SPOKEN]
    pick = select(languages, form.language or ANY)
    index = ("en", "es").index(words.lang)
    known = " ".join(f"{{{spellings[index]}}}" for spellings in VARIABLES.values())
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        SavedForm.input("title", words("saved.field.name"), typed_in(form.title, most=TITLE, focus=not kept)),
        SavedForm.input("language", words("saved.field.language"), pick),
        SavedForm.input("text", words("reply.text"), typed_in(form.text, lines=True, most=TEXT)),
        context(words("saved.variables", variables=known)),
    ]
    if kept:
        sure = confirm(
            words("saved.remove.ask"),
            relay_plain(form.title, 200) or "—",
            words("saved.remove"),
            words("confirm.no"),
            danger=True,
        )
        off = RemoveSaved(brand=form.brand, saved=form.saved)
        blocks.append(actions(off.draw(words("saved.remove"), style="danger", confirm=sure)))
    return form.open(
        title=words("saved.form.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def saved_choice(replies: Sequence[SavedReply], chosen: str, words: Words) -> Element:
    """A brand's saved replies to choose from, as they are ordered; the language stands before the title."""
    options = [option(_label(each), each.id) for each in replies[:100]]
    return select(options, chosen or None, placeholder=words("saved.choose"))


def _label(reply: SavedReply) -> str:
    title = relay_plain(reply.title, TITLE) or "—"
    return f"{reply.language.upper()} · {title}" if reply.language else title
