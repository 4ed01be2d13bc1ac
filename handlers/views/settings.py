"""What admins set in Slack: brands, channels, policies and roles; and everybody their own digest's hour."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.brands import Brand, Channels, Member, Policies
from bot.domain.signing import Signature
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    channel,
    checkboxes,
    context,
    divider,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command, menu
from bot.text.relaying import relay
from bot.text.times import clock, zone_name
from bot.text.words import LANGUAGES, Words
from handlers.views.accounts import ManageAccounts
from handlers.views.courtesies import EditCourtesies
from handlers.views.faces import brand_face, practice_mark
from handlers.views.hooks import hook_button
from handlers.views.inbox_rules import EditInboxRules
from handlers.views.proposing import two_people
from handlers.views.roles import EditRoles
from handlers.views.rota import EditDuty
from handlers.views.rulebook import EditRulebook
from handlers.views.rules import EditRules
from handlers.views.saved_replies import ManageSaved
from handlers.views.signing import my_signature, signature_choice
from handlers.views.slots import EditSlots

PURPOSES = ("review", "inbox", "alerts", "digest")
BRANDS = 8
"""Brands that one screen lists."""
FACE = "📣"
KEPT_DAYS = (1, 7, 30, 90, 365)
REVIEW_HOURS = (0, 1, 2, 4, 8, 16, 24, 48)
TICKS = {  # by policy
    "four_eyes": "four_eyes",
    "digest_channel": "digest",
    "outside_posts": "outside",
    "urgent_alone": "urgent",
}
_CHANNEL = "^([CG][A-Z0-9]{6,40})?$"


class SettingsCommand(Command, id="settings"):
    """`/vocero settings`."""


class ShowSettings(Button, id="settings.show"):
    """The same from a menu."""


class NewBrand(Button, id="settings.new_brand"):
    """Opens an empty brand form."""


class EditBrand(Button, id="settings.edit_brand"):
    """Opens a brand's form."""

    brand: str


class TryPractice(Button, id="settings.practice"):
    """Opens the one question that practice asks: in which channel."""


class SetMyDigest(Button, id="settings.my_digest"):
    """When my digest comes, in my own zone."""

    hour: int = Field(ge=0, le=23)
    on: bool = True


class BrandForm(Form, id="settings.brand"):
    """A brand; `brand` is empty for a new one. `ticks`: `four_eyes`, `digest`, `outside`, `urgent`. `channel`: where it
    was opened. `days`: how long what people deleted is kept; `reviews`: working hours until who approves is reminded, 0
    for never. `proposal` is the id of what its change of a policy would be, `reason` why."""

    brand: str = ""
    channel: str = ""
    name: Typed[str] = Field(default="", max_length=80)
    face: Typed[str] = Field(default=FACE, max_length=40)
    language: Typed[str] = Field(default="en", pattern="^(en|es)$")
    zone: Typed[str] = Field(default="UTC", max_length=60)
    review: Typed[str] = Field(default="", pattern=_CHANNEL)
    inbox: Typed[str] = Field(default="", pattern=_CHANNEL)
    alerts: Typed[str] = Field(default="", pattern=_CHANNEL)
    digest: Typed[str] = Field(default="", pattern=_CHANNEL)
    proposal: str = ""
    ticks: Typed[tuple[str, ...]] = ("four_eyes",)
    reason: Typed[str] = ""
    hour: Typed[int] = Field(default=9, ge=0, le=23)
    days: Typed[int] = Field(default=30, ge=0, le=3650)
    reviews: Typed[int] = Field(default=8, ge=0, le=24 * 14)
    signature: Typed[Signature] = Signature.OFF

    @property
    def channels(self) -> Channels:
        """The channels as chosen."""
        return Channels(review=self.review, inbox=self.inbox, alerts=self.alerts, digest=self.digest)

    def policies(self, before: Policies) -> Policies:
        """The policies as ticked; those that the form doesn't show stay."""
        ticked = {name: tick in self.ticks for name, tick in TICKS.items()}
        return before.model_copy(update={**ticked, "deleted_days": self.days, "review_hours": self.reviews})


class PracticeForm(Form, id="settings.practice_form"):
    """In which channel practice lives."""

    channel: str = ""
    review: Typed[str] = ""


def settings_blocks(
    brands: Sequence[Brand], member: Member, words: Words, *, admin: bool, practice: bool, now: datetime
) -> list[Block]:
    """The settings within the reader's reach: for Home and for the command."""
    blocks: list[Block] = [section(f"*{words('home.settings')}*")]
    for brand in brands[:BRANDS]:
        blocks += _brand(brand, words)
    if len(brands) > BRANDS:
        blocks.append(context(words.n("digest.more", len(brands) - BRANDS)))
    if admin:
        first = None if brands else "primary"
        new = NewBrand().draw(words("button.create_brand"), style="primary" if first else None)
        blocks.append(actions(new, None if practice else try_practice(words), hook_button(words)))
    hour = section(words("settings.my_hour"), accessory=_my_hour(member, words, now))
    return [*blocks, hour, my_signature(member, words)]


def try_practice(words: Words) -> Element:
    """The button that leads to practice."""
    return TryPractice().draw(words("button.try_practice"))


def _brand(brand: Brand, words: Words) -> list[Block]:
    parts = [words(f"language.{brand.language}"), zone_name(brand.clock, words), f"<#{brand.channels.review}>"]
    line = f"*{relay(brand_face(brand), 120)}* · {' · '.join(parts)}"
    marks = practice_mark(brand, words)
    return [
        section("\n".join([line, *marks])),
        actions(
            EditBrand(brand=brand.id).draw(words("button.edit")),
            ManageAccounts(brand=brand.id).draw(words("settings.accounts")),
            EditRoles(brand=brand.id).draw(words("settings.roles")),
            EditDuty(brand=brand.id).draw(words("duty.button.rota")),
            EditInboxRules(brand=brand.id).draw(words("menu.inbox")),
            EditRules(brand=brand.id).draw(words("check.heading")),
            EditRulebook(brand=brand.id).draw(words("ruling.title")),
            EditSlots(brand=brand.id).draw(words("slots.button")),
            EditCourtesies(brand=brand.id).draw(words("courtesy.button")),
            ManageSaved(brand=brand.id).draw(words("saved.title")),
        ),
    ]


def _my_hour(member: Member, words: Words, now: datetime) -> Element:
    try:
        zone = ZoneInfo(member.zone)
    except (KeyError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    day = now.astimezone(zone)
    hours = [
        (clock(day.replace(hour=hour, minute=0, second=0, fold=0), zone, words), SetMyDigest(hour=hour))
        for hour in range(24)
    ]
    off = SetMyDigest(hour=member.digest_hour, on=False)
    chosen = SetMyDigest(hour=member.digest_hour) if member.digest_on else off
    return menu([*hours, (words("settings.no_digest"), off)], placeholder=words("form.choose"), chosen=chosen)


def settings_message(blocks: Sequence[Block], words: Words) -> Message:
    """The settings as a private message."""
    return Message(words("settings.title"), blocks)


def brand_view(form: BrandForm, words: Words) -> View:
    """A brand's form, new or as it is."""
    title = words("settings.brand.title") if form.brand else words("settings.brand.new_title")
    languages = [option(words(f"language.{language}"), language) for language in LANGUAGES]
    ticks = [
        option(words("settings.brand.four_eyes"), "four_eyes"),
        option(words("settings.digest_channel"), "digest"),
        option(words("settings.brand.outside_posts"), "outside"),
        option(words("settings.brand.urgent_alone"), "urgent", words("settings.brand.urgent_alone.hint")),
    ]
    hours = [option(f"{hour:02d}:00", str(hour)) for hour in range(24)]
    days = [option(words.n("settings.deleted_days.days", n), str(n)) for n in sorted({*KEPT_DAYS, form.days})]
    kept_hint = words("settings.deleted_days.hint")
    reviews = [option(_reminded_after(n, words), str(n)) for n in sorted({*REVIEW_HOURS, form.reviews})]
    reviews_hint = words("reminding.setting.hint")
    zone = text_input(form.zone, most=60)
    return form.open(
        title=title,
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            BrandForm.input("name", words("settings.brand.name"), text_input(form.name, most=80, focus=not form.brand)),
            BrandForm.input("face", words("settings.brand.face"), text_input(form.face, most=40), optional=True),
            BrandForm.input("language", words("settings.brand.language"), radio(languages, form.language)),
            BrandForm.input("zone", words("settings.brand.zone"), zone, hint=words("settings.brand.zone.hint")),
            divider(),
            context(words("settings.channels_hint")),
            *(_channel(purpose, form, words) for purpose in PURPOSES),
            divider(),
            BrandForm.input("signature", words("signing.brand"), signature_choice(form.signature, words)),
            BrandForm.input("ticks", words("settings.rules"), checkboxes(ticks, form.ticks), optional=True),
            *(two_people(BrandForm, form.reason, words("proposal.policies_hint"), words) if form.brand else []),
            BrandForm.input(
                "reviews", words("reminding.setting"), select(reviews, str(form.reviews)), hint=reviews_hint
            ),
            BrandForm.input("hour", words("settings.digest_hour"), select(hours, str(form.hour))),
            BrandForm.input("days", words("settings.deleted_days"), select(days, str(form.days)), hint=kept_hint),
        ],
    )


def _reminded_after(hours: int, words: Words) -> str:
    return words.n("time.hours", hours) if hours else words("reminding.setting.never")


def _channel(purpose: str, form: BrandForm, words: Words) -> Block:
    chosen = channel(getattr(form, purpose) or None)
    label = words(f"settings.channel.{purpose}")
    return BrandForm.input(purpose, label, chosen, optional=purpose != "review")


def brand_form(brand: Brand, opened_in: str) -> BrandForm:
    """The form as the brand is."""
    return BrandForm(
        brand=brand.id,
        channel=opened_in,
        name=brand.name,
        face=brand.face,
        language=brand.language,
        zone=brand.zone,
        **brand.channels.model_dump(),
        ticks=tuple(tick for name, tick in TICKS.items() if getattr(brand.policies, name)),
        hour=brand.digest_hour,
        days=brand.policies.deleted_days,
        reviews=brand.policies.review_hours,
        signature=brand.signature,
    )


def practice_view(form: PracticeForm, words: Words) -> View:
    """Where to practise."""
    pick = channel(form.review or None)
    return form.open(
        title=words("settings.practice.title"),
        submit=words("settings.practice.start"),
        close=words("button.cancel"),
        blocks=[
            section(words("welcome.practice")),
            PracticeForm.input("review", words("settings.practice.channel"), pick),
            context(words("settings.practice.hint")),
        ],
    )


def saved(brand: Brand, words: Words, *, new: bool) -> str:
    """Said to whoever saved a brand."""
    named = relay(brand_face(brand), 120)
    return words("settings.brand.created", brand=named) if new else words("settings.brand.saved", brand=named)


def practice_ready(brand: Brand, words: Words) -> str:
    """Said to whoever began to practise."""
    return words("settings.practice.ready", brand=relay(brand_face(brand), 120))
