"""The form of a post: brand, accounts, text, picture, when; and what says that it is kept or on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.desk.posts import Content
from bot.domain import threads
from bot.domain.brands import Account, Brand
from bot.domain.posts import Kind, Picture, Post
from bot.slack.blocks import (
    Block,
    View,
    actions,
    checkboxes,
    context,
    files,
    moment,
    multi_select,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command, SharedFile, Shortcut
from bot.text.relaying import relay, relay_plain
from bot.text.times import zone_name
from bot.text.words import Words
from handlers.views.faces import account_label, brand_face, practice_mark

PART = 3000
"""Characters in one of Slack's text fields; a longer text continues in the next."""
PARTS = ("text", "text2", "text3", "text4", "text5")
TYPES = ("png", "jpg", "jpeg", "gif", "webp")


class NewPost(Command, id="post"):
    """`/vocero post [text]`."""


class NewPostShortcut(Shortcut, id="new_post"):
    """The global shortcut."""


class ComposeNow(Button, id="compose.new"):
    """Opens an empty form: for menus and Home."""


class MoreFields(Button, id="compose.more"):
    """Shows the fields that most posts don't need."""


class ComposeForm(Form, id="compose.form"):
    """`draft` is the post's id, made when the form opened; `drawn` the brand whose accounts it shows.

    revision: the one that is being changed, 0 for a draft. more: all fields are shown. began, kept: the time (seconds)
    and the pictures (Slack file ids) that it opened with. redrawn counts how often we, not the person, changed *when*.
    """

    draft: str
    channel: str = ""
    drawn: str = ""
    revision: int = 0
    more: bool = False
    began: int | None = None
    kept: tuple[str, ...] = ()
    redrawn: int = 0
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
    when: Typed[str] = "now"
    at: Typed[int | None] = None
    kind: Typed[str] = ""

    @property
    def chosen(self) -> str:
        """The brand's id: as chosen, or the only one there was."""
        return self.brand or self.drawn

    @property
    def due(self) -> datetime | None:
        """A time that was chosen counts, whatever stands above it; the one that was there before *now* was chosen
        doesn't."""
        if self.at is None or (self.when == "now" and self.at == self.began):
            return None
        return datetime.fromtimestamp(self.at, UTC)

    def content(self, kept: Sequence[Picture]) -> Content:
        """What the form holds, exactly as typed; `kept` are the pictures that it began with."""
        pictures = [] if self.remove else [picture.model_copy(update={"alt": self.alt}) for picture in kept]
        if self.picture:
            pictures = [
                Picture(file=file.id, name=file.name, type=file.mimetype, size=file.size, alt=self.alt)
                for file in self.picture
            ]
        return Content(
            brand=self.chosen,
            text="".join(getattr(self, part) for part in PARTS),
            thread=threads.split(self.thread),
            accounts=self.accounts if self.chosen == self.drawn else (),
            pictures=tuple(pictures),
            kind=Kind(self.kind) if self.kind in set(Kind) else None,
            due=self.due,
            channel=self.channel,
        )


@dataclass(frozen=True)
class Setting:
    """What stands around the form's contents: the brands to choose from, the channel's brand, the drawn brand with its
    accounts, the pictures that are there already, the reader's zone."""

    brands: Sequence[Brand]
    here: Brand | None
    brand: Brand | None
    accounts: Sequence[Account]
    titles: Mapping[str, str]
    kept: Sequence[Picture]
    zone: ZoneInfo


def filled(form: ComposeForm, post: Post) -> ComposeForm:
    """The form with what a post holds."""
    revision = post.current
    alt = revision.pictures[0].alt if revision.pictures else ""
    due = round(post.due.timestamp()) if post.due else None
    return form.model_copy(
        update=parts_of(revision.text)
        | {
            "brand": post.brand,
            "accounts": revision.accounts,
            "alt": alt,
            "when": "at" if post.due else "now",
            "at": due,
            "began": due,
            "kept": tuple(picture.file for picture in revision.pictures),
            "thread": threads.joined(revision.thread),
            "kind": revision.kind.value if revision.kind else "",
            "more": revision.kind is not None or bool(revision.thread),
        }
    )


def written(form: ComposeForm, field: str) -> ComposeForm:
    """The form after a change: choosing a time also says *at a time*, choosing *now* takes the time away."""
    again = {"redrawn": form.redrawn + 1}
    if field == "at" and form.at is not None and form.when == "now":
        return form.model_copy(update={"when": "at", **again})
    if field == "when" and form.when == "now" and form.at is not None:
        return form.model_copy(update={"at": None, **again})
    return form


def parts_of(text: str) -> dict[str, str]:
    """A text over Slack's fields, whole: joined again it is the same."""
    return {part: text[number * PART : (number + 1) * PART] for number, part in enumerate(PARTS)}


def compose_view(form: ComposeForm, setting: Setting, words: Words) -> View:
    """The form as it is filled, in the reader's language."""
    title = words("compose.edit_title") if form.revision else words("compose.title")
    blocks = [
        *_face(form, setting, words),
        *_brand(form, setting, words),
        *_accounts(form, setting, words),
        *_texts(form, words),
        *_picture(form, setting, words),
        *_when(form, setting, words),
        *_more(form, words),
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
        blocks.append(ComposeForm.input(part, label, field, optional=True, typing=True))
    return blocks


def _picture(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    hint = words("compose.picture.hint")
    blocks = [ComposeForm.input("picture", words("compose.picture"), files(*TYPES), hint=hint, optional=True)]
    if setting.kept:
        name = setting.kept[0].name
        tick = checkboxes([option(words("compose.picture.remove"), "yes")], form.remove)
        kept = words("compose.picture.kept", name=relay_plain(name, 120))
        blocks.append(ComposeForm.input("remove", kept, tick, optional=True, live=True))
    alt = text_input(form.alt, most=1500, placeholder=words("compose.alt.placeholder"))
    return [*blocks, ComposeForm.input("alt", words("compose.alt"), alt, optional=True, typing=True)]


def _when(form: ComposeForm, setting: Setting, words: Words) -> list[Block]:
    fresh = str(form.redrawn) if form.redrawn else ""
    names = ("now", "at") if form.revision else ("now", "at", "draft")
    options = [option(words(f"compose.when.{name}"), name) for name in names]
    chosen = moment(datetime.fromtimestamp(form.at, setting.zone) if form.at is not None else None)
    return [
        ComposeForm.input("when", words("compose.when"), radio(options, form.when), live=True, fresh=fresh),
        ComposeForm.input(
            "at", words("compose.at"), chosen, hint=_zones(setting, words), optional=True, live=True, fresh=fresh
        ),
    ]


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


def _more(form: ComposeForm, words: Words) -> list[Block]:
    """The thread and the kind, once they are asked for."""
    if not form.more:
        return [actions(MoreFields().draw(words("button.more")))]
    field = text_input(form.thread, lines=True, most=PART, placeholder=words("compose.thread.placeholder"))
    hint = words("compose.thread.hint")
    options = [option(words(f"compose.kind.{kind}"), kind.value) for kind in Kind]
    chosen = select(options, form.kind or None, placeholder=words("form.choose"))
    return [
        ComposeForm.input("thread", words("compose.thread"), field, hint=hint, optional=True, typing=True),
        ComposeForm.input("kind", words("compose.kind"), chosen, optional=True, live=True),
    ]
