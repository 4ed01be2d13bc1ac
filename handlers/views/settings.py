"""What admins set in Slack: brands, channels, policies and roles; and everybody their own digest's hour."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.brands import Brand, Channels, Member, Policies, Role
from bot.domain.records import MemberId
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
    user,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command, menu
from bot.text.relaying import relay
from bot.text.times import clock, zone_name
from bot.text.words import LANGUAGES, Words
from handlers.views.accounts import ManageAccounts
from handlers.views.faces import Names, brand_face, mention, practice_mark

PURPOSES = ("review", "inbox", "alerts", "digest")
BRANDS = 8
"""Brands that one screen lists."""
FACE = "📣"


class SettingsCommand(Command, id="settings"):
    """`/vocero settings`."""


class ShowSettings(Button, id="settings.show"):
    """The same from a menu."""


class NewBrand(Button, id="settings.new_brand"):
    """Opens an empty brand form."""


class EditBrand(Button, id="settings.edit_brand"):
    """Opens a brand's form."""

    brand: str


class EditRoles(Button, id="settings.edit_roles"):
    """Opens a brand's roles."""

    brand: str


class TryPractice(Button, id="settings.practice"):
    """Opens the one question that practice asks: in which channel."""


class SetMyDigest(Button, id="settings.my_digest"):
    """When my digest comes, in my own zone."""

    hour: int
    on: bool = True


class BrandForm(Form, id="settings.brand"):
    """A brand; `brand` is empty for a new one. `ticks`: `four_eyes`, `digest`. `channel`: where it was opened."""

    brand: str = ""
    channel: str = ""
    name: Typed[str] = ""
    face: Typed[str] = FACE
    language: Typed[str] = "en"
    zone: Typed[str] = "UTC"
    review: Typed[str] = ""
    inbox: Typed[str] = ""
    alerts: Typed[str] = ""
    digest: Typed[str] = ""
    ticks: Typed[tuple[str, ...]] = ("four_eyes",)
    hour: Typed[int] = Field(default=9, ge=0, le=23)

    @property
    def channels(self) -> Channels:
        """The channels as chosen."""
        return Channels(review=self.review, inbox=self.inbox, alerts=self.alerts, digest=self.digest)

    def policies(self, before: Policies) -> Policies:
        """The policies as ticked; those that the form doesn't show stay."""
        ticked = {"four_eyes": "four_eyes" in self.ticks, "digest_channel": "digest" in self.ticks}
        return before.model_copy(update=ticked)


class RolesForm(Form, id="settings.roles"):
    """One member's roles in a brand; `drawn` is the user whose roles are ticked."""

    brand: str
    channel: str = ""
    drawn: str = ""
    person: Typed[str] = ""
    roles: Typed[tuple[str, ...]] = ()


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
        blocks.append(actions(new, None if practice else try_practice(words)))
    return [*blocks, section(words("settings.my_hour"), accessory=_my_hour(member, words, now))]


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
    ]
    hours = [option(f"{hour:02d}:00", str(hour)) for hour in range(24)]
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
            BrandForm.input("ticks", words("settings.rules"), checkboxes(ticks, form.ticks), optional=True),
            BrandForm.input("hour", words("settings.digest_hour"), select(hours, str(form.hour))),
        ],
    )


def _channel(purpose: str, form: BrandForm, words: Words) -> Block:
    chosen = channel(getattr(form, purpose) or None)
    label = words(f"settings.channel.{purpose}")
    return BrandForm.input(purpose, label, chosen, optional=purpose != "review")


def brand_form(brand: Brand, opened_in: str) -> BrandForm:
    """The form as the brand is."""
    ticks = [("four_eyes", brand.policies.four_eyes), ("digest", brand.policies.digest_channel)]
    return BrandForm(
        brand=brand.id,
        channel=opened_in,
        name=brand.name,
        face=brand.face,
        language=brand.language,
        zone=brand.zone,
        **brand.channels.model_dump(),
        ticks=tuple(name for name, on in ticks if on),
        hour=brand.digest_hour,
    )


def roles_view(form: RolesForm, brand: Brand, words: Words) -> View:
    """Who holds what in a brand, and one member's roles to be ticked; they are filled in when the member is chosen."""
    person = user(form.person or None, placeholder=words("settings.roles.person"))
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        context(roles_line(brand.roles, words)),
        RolesForm.input("person", words("settings.roles.person"), person, live=True),
    ]
    if form.drawn:
        options = [option(words(f"role.{role}"), role.value, words(f"role_hint.{role}")) for role in Role]
        ticks = checkboxes(options, form.roles)
        blocks.append(RolesForm.input("roles", words("settings.roles"), ticks, optional=True, fresh=form.drawn))
    return form.open(
        title=words("settings.roles.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def roles_line(roles: Mapping[MemberId, frozenset[Role]], words: Words) -> str:
    """`@Ana: Author, Approver`, a line a member."""
    lines = [f"{mention(member)}: {role_names(roles[member], words)}" for member in sorted(roles)][:30]
    return "\n".join(lines) or words("settings.roles.none")


def role_names(roles: frozenset[Role], words: Words) -> str:
    """`Author, Approver`; an admin holds every role."""
    shown = [Role.ADMIN] if Role.ADMIN in roles else [role for role in Role if role in roles]
    return ", ".join(words(f"role.{role}") for role in shown)


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


def roles_saved(member: MemberId, roles: frozenset[Role], brand: Brand, words: Words, names: Names) -> str:
    """Said to whoever changed somebody's roles."""
    name = names.get(member, mention(member))
    if not roles:
        return words("settings.roles.removed", name=name, brand=relay(brand.name, 80))
    return words("settings.roles.saved", name=name, roles=role_names(roles, words), brand=relay(brand.name, 80))


def practice_ready(brand: Brand, words: Words) -> str:
    """Said to whoever began to practise."""
    return words("settings.practice.ready", brand=relay(brand_face(brand), 120))
