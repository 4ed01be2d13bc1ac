"""The form of a post: brand, accounts, text, picture, when; and what says that it is kept or on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.posts import Content
from bot.domain import threads
from bot.domain.brands import Account, Brand
from bot.domain.facts import Fact
from bot.domain.people import Relationship
from bot.domain.posts import Kind, Picture, Post
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    checkboxes,
    context,
    files,
    multi_select,
    option,
    section,
    select,
    text_input,
)
from bot.slack.forms import Typed
from bot.slack.wire import Button, Command, SharedFile, Shortcut
from bot.text.relaying import relay, relay_plain
from bot.text.times import zone_name
from bot.text.words import Words
from handlers.views import disclosure, leaning, variants, when
from handlers.views.faces import account_label, brand_face, practice_mark
from handlers.views.preview import SeeIt
from handlers.views.variants import PART, VariantsForm
from handlers.views.when import WhenForm

PARTS = ("text", "text2", "text3", "text4", "text5")
"""A text longer than one of Slack's fields continues in the next."""
MOST_PICTURES = 10
"""What Slack's field and its checkboxes hold; each network has a limit of its own."""
TYPES = ("png", "jpg", "jpeg", "gif", "webp", "heic", "heif")


class NewPost(Command, id="post"):
    """`/vocero post [text]`."""


class NewPostShortcut(Shortcut, id="new_post"):
    """The global shortcut."""


class ComposeNow(Button, id="compose.new"):
    """Opens an empty form: for menus and Home."""


class MoreFields(Button, id="compose.more"):
    """Shows the fields that most posts don't need."""


class WhenIs(Button, id="compose.when_is"):
    """Answers what a typed time left open; `at` in seconds."""

    at: int


class ComposeForm(WhenForm, VariantsForm, id="compose.form"):
    """`draft` is the post's id, made when the form opened; `drawn` the brand whose accounts it shows.

    revision: the one that is being changed, 0 for a draft. more: all fields are shown. kept: the pictures (Slack file
    ids) that it opened with.
    """

    draft: str
    channel: str = ""
    drawn: str = ""
    revision: int = 0
    more: bool = False
    kept: tuple[str, ...] = ()
    brand: Typed[str] = ""
    accounts: Typed[tuple[str, ...]] = ()
    text: Typed[str] = ""
    text2: Typed[str] = ""
    text3: Typed[str] = ""
    text4: Typed[str] = ""
    text5: Typed[str] = ""
    thread: Typed[str] = ""
    picture: Typed[tuple[SharedFile, ...]] = ()
    remove: Typed[tuple[str, ...]] = ()
    alt: Typed[str] = ""
    kind: Typed[str] = ""
    disclosure: Typed[str] = ""
    leans: Typed[tuple[str, ...]] = ()

    @property
    def tells(self) -> Relationship:
        """The relationship that the post comes of."""
        return Relationship(self.disclosure) if self.disclosure in set(Relationship) else Relationship.NONE

    @property
    def chosen(self) -> str:
        """The brand's id: as chosen, or the only one there was."""
        return self.brand or self.drawn

    @property
    def whole(self) -> str:
        """The text, put together."""
        return "".join(getattr(self, part) for part in PARTS)

    @property
    def segments(self) -> threads.Texts:
        """The text and what follows it."""
        return (self.whole, *threads.split(self.thread))

    def content(self, kept: Sequence[Picture]) -> Content:
        """What the form holds, exactly as typed; `kept` are the pictures that it began with."""
        new = [
            Picture(
                file=file.id,
                name=file.name,
                type=file.mimetype,
                size=file.size,
                width=file.original_w,
                height=file.original_h,
            )
            for file in self.picture
        ]
        every = [*kept, *new]
        told = zip(every, alts(self.alt, len(every)), strict=True)
        pictures = [one.model_copy(update={"alt": alt}) for one, alt in told if one.file not in self.remove]
        return Content(
            brand=self.chosen,
            text=self.whole,
            thread=threads.split(self.thread),
            own=dict(self.owns) if self.chosen == self.drawn else {},
            comment=self.comment,
            accounts=self.accounts if self.chosen == self.drawn else (),
            pictures=tuple(pictures),
            kind=Kind(self.kind) if self.kind in set(Kind) else None,
            disclosure=self.tells,
            leans=self.leans if self.chosen == self.drawn else (),
            due=self.due,
            queued=self.queued,
            channel=self.channel,
        )


@dataclass(frozen=True)
class Setting:
    """What stands around the form's contents: the brands to choose from, the channel's brand, the drawn brand with its
    accounts, the pictures that are there already, the reader's zone, the time, the next free slot; split: the text is
    too long where it could be a thread; commenting: the networks that take a first comment; telling: the words that
    tell the relationship, "" where there is none; facts: those that it can lean on."""

    brands: Sequence[Brand]
    here: Brand | None
    brand: Brand | None
    accounts: Sequence[Account]
    titles: Mapping[str, str]
    kept: Sequence[Picture]
    zone: ZoneInfo
    now: datetime
    slot: datetime | None = None
    split: bool = False
    commenting: str = ""
    telling: str = ""
    facts: Sequence[Fact] = ()


def filled(form: ComposeForm, post: Post) -> ComposeForm:
    """The form with what a post holds."""
    revision = post.current
    alt = "\n".join(" ".join(picture.alt.split("\n")) for picture in revision.pictures)
    due = round(post.due.timestamp()) if post.due else None
    return form.model_copy(
        update=parts_of(revision.text)
        | variants.of_revision(revision)
        | {
            "brand": post.brand,
            "accounts": revision.accounts,
            "alt": alt,
            "when": "at" if post.due else "slot" if post.queued else "now",
            "at": due,
            "began": due,
            "kept": tuple(picture.file for picture in revision.pictures),
            "thread": threads.joined(revision.thread),
            "kind": revision.kind.value if revision.kind else "",
            "disclosure": disclosure.chosen(revision),
            "leans": revision.leans,
            "more": bool(revision.kind or revision.thread or revision.own or revision.comment or revision.leans)
            or revision.disclosure is not Relationship.NONE,
        }
    )


def parts_of(text: str) -> dict[str, str]:
    """A text over Slack's fields, whole: joined again it is the same."""
    return {part: text[number * PART : (number + 1) * PART] for number, part in enumerate(PARTS)}


def alts(typed: str, pictures: int) -> Sequence[str]:
    """The alt texts of so many pictures, a line each in their order; of a single one it is all that was typed."""
    if pictures == 1:
        return [typed.strip("\n")]
    lines = typed.split("\n") + [""] * pictures
    return [line.strip() for line in lines[:pictures]]


def compose_view(form: ComposeForm, setting: Setting, words: Words) -> View:
    """The form as it is filled, in the reader's language."""
    title = words("compose.edit_title") if form.revision else words("compose.title")
    blocks = [
        *_face(form, setting, words),
        *_brand(form, setting, words),
        *_accounts(form, setting, words),
        *_texts(form, words),
        *variants.gauge_blocks(form, setting.split, words),
        *_picture(form, setting, words),
        *_when(form, setting, words),
        *_more(form, setting, words),
    ]
    submit = words("button.submit")
    return form.open(title=title, submit=submit, close=words("button.close"), blocks=blocks)


def _face(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    """The brand on top: a modal's title has no room for it. And whether this channel is another brand's."""
    brand, here = setting.brand, setting.here
    if brand is None:
        return [section(words("compose.which_brand"))]
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 150)}*")]
    if brand.practice:
        blocks.append(context(*practice_mark(brand, words)))
    if here is not None and here.id != brand.id:
        names = {"brand": relay(brand.name, 80), "channel_brand": relay(here.name, 80)}
        blocks.append(section(f"⚠️ {words('check.brand_mismatch', **names)}"))
    return blocks


def _brand(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    if form.revision or (len(setting.brands) == 1 and setting.brand is not None):
        return []
    options = [option(brand_face(brand), brand.id) for brand in setting.brands[:100]]
    chosen = select(options, form.chosen or None, placeholder=words("form.choose"))
    return [ComposeForm.input("brand", words("compose.brand"), chosen, live=True)]


def _accounts(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    """Redrawn with the brand: another brand's accounts are never left ticked."""
    if setting.brand is None:
        return []
    if not setting.accounts:
        return [section(f"⚠️ {words('error.no_accounts', brand=relay(setting.brand.name, 80))}")]
    options = [option(account_label(each, setting.titles), each.id) for each in setting.accounts[:100]]
    ids = [account.id for account in setting.accounts]
    chosen = [id_ for id_ in form.accounts if id_ in ids]
    placeholder = words("compose.accounts.placeholder")
    element = (
        checkboxes(options, chosen) if len(options) <= 10 else multi_select(options, chosen, placeholder=placeholder)
    )
    label = words("compose.accounts")
    return [ComposeForm.input("accounts", label, element, optional=True, live=True, fresh=setting.brand.id)]


def _texts(form: ComposeForm, words: Words) -> list[Block]:
    """One field; as many more as a long text needs."""
    blocks: list[Block] = []
    for number, part in enumerate(PARTS):
        text = getattr(form, part)
        if number and not text:
            break
        label = words("compose.text") if not number else words("compose.text_more", number=number + 1)
        field = text_input(text, lines=True, most=PART, placeholder=words("compose.text.placeholder"))
        fresh = str(form.recut or "")
        blocks.append(ComposeForm.input(part, label, field, optional=True, typing=True, fresh=fresh))
    return blocks


def _picture(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    hint, room = words("compose.picture.hint"), MOST_PICTURES - len(setting.kept)
    blocks: list[Block] = []
    if setting.kept:
        named = [(each.file, relay_plain(each.name, 60)) for each in setting.kept]
        options = [option(words("compose.picture.remove", name=name), file) for file, name in named]
        kept = words("compose.picture.kept")
        blocks.append(ComposeForm.input("remove", kept, checkboxes(options, form.remove), optional=True, live=True))
    if room > 0:
        chosen = files(*TYPES, most=room)
        blocks.append(ComposeForm.input("picture", words("compose.picture"), chosen, hint=hint, optional=True))
    alt = text_input(form.alt, lines=True, most=PART, placeholder=words("compose.alt.placeholder"))
    hint = words("compose.alt.hint")
    return [*blocks, ComposeForm.input("alt", words("compose.alt"), alt, hint=hint, optional=True, typing=True)]


def _when(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    slot = ("slot",) if setting.slot is not None or form.when == "slot" else ()
    names = (*slot, "now", "at") if form.revision else (*slot, "now", "at", "draft")
    clock = when.Clock(setting.brand, setting.zone, setting.now, setting.slot)
    return when.when_blocks(form, names, _answer, clock, _zones(setting, words), words)


def _answer(at: int, label: str, number: int) -> Element:
    return WhenIs(at=at).draw(label, suffix=number)


def _zones(setting: Setting, words: Words) -> str:
    """Slack's picker speaks the reader's time; where the brand lives in another, the form says so."""
    mine = zone_name(setting.zone, words)
    if setting.brand is None or zone_name(setting.brand.clock, words) == mine:
        return words("compose.at.hint", zone=mine)
    return words(
        "compose.at.hint_brand",
        zone=mine,
        brand=relay_plain(setting.brand.name, 80),
        theirs=zone_name(setting.brand.clock, words),
    )


def _more(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    """What most posts don't need, once it is asked for: the thread, what differs where, the kind, what it tells."""
    see = SeeIt().draw(words("button.see_it")) if setting.brand is not None else None
    if not form.more:
        return [actions(see, MoreFields().draw(words("button.more")))]
    field = text_input(form.thread, lines=True, most=PART, placeholder=words("compose.thread.placeholder"))
    hint, fresh = words("compose.thread.hint"), str(form.recut or "")
    options = [option(words(f"compose.kind.{kind}"), kind.value) for kind in Kind]
    chosen = select(options, form.kind or None, placeholder=words("form.choose"))
    return [
        ComposeForm.input("thread", words("compose.thread"), field, hint=hint, optional=True, typing=True, fresh=fresh),
        *variants.variant_blocks(form, ComposeForm, setting.accounts, setting.titles, words),
        *variants.comment_blocks(form, ComposeForm, setting.commenting, words),
        ComposeForm.input("kind", words("compose.kind"), chosen, optional=True, live=True),
        *disclosure.choice_blocks(form.disclosure, ComposeForm, setting.telling, words),
        *leaning.leans_blocks(form.leans, ComposeForm, setting.facts, setting.now, words, brand=form.drawn),
        *([actions(see)] if see else []),
    ]
