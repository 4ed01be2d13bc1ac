"""Brands, roles and policies: what admins change from Home, and what members keep about themselves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot.domain.brands import CHANNEL_ID, Brand, Channels, Member, Policies, Role, Standing, Workspace
from bot.domain.courtesy import Courtesies
from bot.domain.events import BrandChanged
from bot.domain.hours import Hours
from bot.domain.house_rules import HouseRules
from bot.domain.proposals import Act, gives_power, sensitive
from bot.domain.records import MemberId
from bot.domain.signing import Signature, own_name
from bot.domain.slots import Slot
from bot.errors import Conflict, FieldErrors, NotAllowed, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk


OPERATOR = "operator"
"""Who acts where a configuration file is imported: the one who runs the program."""


def zone_named(text: str) -> str:
    """The zone that somebody typed, in its own spelling; raises FieldErrors for one that doesn't exist."""
    typed = text.strip().replace(" ", "_").casefold()
    found = next((zone for zone in available_timezones() if zone.casefold() == typed), None)
    if found is None:
        raise FieldErrors({"zone": UserError("settings.zone_unknown")})
    return found


def left_as_it_was(brand: Brand, old: Brand) -> Mapping[str, object]:
    """What an imported brand keeps: a file that says nothing of rota, hours or topics leaves them, and nobody's shift
    ends."""
    duty = brand.duty.model_copy(update={"cover": old.duty.cover}) if brand.duty.rota else old.duty
    hours = old.hours if brand.hours == Hours() else brand.hours
    return {"duty": duty, "hours": hours, "topics": brand.topics or old.topics}


def _told(setting: str, brand: Brand) -> str:
    """A setting for the record; of the rules, what they are now."""
    if setting != "rules":
        return setting
    rules = brand.rules
    words = ", ".join(f"{word.text} ({word.level})" for word in rules.words)
    return f"rules: off {', '.join(sorted(rules.off)) or 'none'}; words {words or 'none'}; days {len(rules.days)}"


class Brands:
    """The verbs of settings."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def all(self) -> list[Brand]:
        """Every brand of the workspace, by name."""
        return sorted(await self._store.listed(Brand, "brands"), key=lambda brand: brand.name.casefold())

    async def mine(self, who: Standing, *any_of: Role) -> list[Brand]:
        """The brands where somebody holds one of these roles (any role when none is named)."""
        brands = await self.all()
        return [b for b in brands if (b.roles_of(who) & set(any_of) if any_of else b.roles_of(who))]

    async def of_channel(self, channel: str) -> Brand | None:
        """The brand that a channel belongs to, whatever the channel is for."""
        for brand in await self.all():
            if channel and channel in set(brand.channels.model_dump().values()):
                return brand
        return None

    async def refuse_channel(self, brand: Brand, channel: str) -> None:
        """Raises FieldErrors for what is no channel, and for another brand's: no client sees what is another's."""
        if not CHANNEL_ID.fullmatch(channel):
            raise FieldErrors({"place": UserError("error.field")})
        other = await self.of_channel(channel)
        if other is not None and other.id != brand.id:
            raise FieldErrors({"place": UserError("error.channel_taken", brand=other.name)})

    async def name_of_channel(self, channel: str) -> str | None:
        """The name of the brand that a channel belongs to."""
        brand = await self.of_channel(channel)
        return brand.name if brand else None

    async def create(self, brand: Brand, who: Standing) -> Brand:
        """A new brand; only an admin of the workspace. Raises FieldErrors when the name or a channel is taken."""
        if not who.admin:
            raise NotAllowed("error.admins_only")
        await self._refuse_taken_name(brand)
        await self._refuse_shared_channels(brand)
        return await self._put(brand, None, who, "brand.create")

    async def replace(self, brand: Brand, who: Standing) -> Brand:
        """Make a brand exactly so, as the operator's file says; members that the file doesn't name keep their roles.
        Nobody in Slack may: there policies and roles take two people."""
        if who.id != OPERATOR:
            raise NotAllowed("error.two_people")

        async def attempt() -> Brand:
            old = await self._desk.brand(brand.id)
            who.require(old, Role.ADMIN)
            kept = {"version": old.version, "roles": {**old.roles, **brand.roles}, **left_as_it_was(brand, old)}
            new = brand.model_copy(update=kept)
            await self._refuse_shared_channels(new)
            return await self._put(new, old, who, "brand.import")

        return await self._desk.again(attempt)

    async def change(
        self,
        id_: str,
        who: Standing,
        *,
        name: str | None = None,
        channels: Channels | None = None,
        language: str | None = None,
        zone: str | None = None,
        face: str | None = None,
        policies: Policies | None = None,
        digest_hour: int | None = None,
        topics: tuple[str, ...] | None = None,
        hours: Hours | None = None,
        rules: HouseRules | None = None,
        slots: tuple[Slot, ...] | None = None,
        courtesies: Courtesies | None = None,
        signature: Signature | None = None,
    ) -> Brand:
        """Change a brand's settings; its admins may. None leaves a setting as it is.

        Policies that need two people go by `desk.proposing`; here they are refused.
        """
        wanted = {
            "name": name,
            "channels": channels,
            "language": language,
            "zone": zone,
            "face": face,
            "policies": policies,
            "digest_hour": digest_hour,
            "topics": topics,
            "hours": hours,
            "rules": rules,
            "slots": slots,
            "courtesies": courtesies,
            "signature": signature,
        }

        async def attempt() -> Brand:
            old = await self._desk.brand(id_)
            who.require(old, Role.ADMIN)
            new = old.model_copy(update={setting: value for setting, value in wanted.items() if value is not None})
            if sensitive(old.policies, new.policies):
                raise UserError("error.two_people")
            await self._refuse_taken_name(new)
            await self._refuse_shared_channels(new)
            detail = ", ".join(_told(name, new) for name in wanted if getattr(new, name) != getattr(old, name))
            return await self._put(new, old, who, "brand.change", detail)

        return await self._desk.again(attempt)

    async def set_roles(self, id_: str, member: MemberId, roles: frozenset[Role], who: Standing) -> Brand:
        """Give a member exactly these roles in a brand; none takes the member off.

        Approver and admin are given and taken by two people, by `desk.proposing`; here they are refused, unless there
        is nobody yet who could be the second.
        """

        async def attempt() -> Brand:
            old = await self._desk.brand(id_)
            who.require(old, Role.ADMIN)
            before = old.roles.get(member, frozenset())
            if gives_power(before, roles) and not (before <= roles and await self._nobody_else(old, who)):
                raise UserError("error.two_people")
            held = {m: r for m, r in old.roles.items() if m != member} | ({member: roles} if roles else {})
            detail = f"{member}: {', '.join(sorted(roles)) or 'none'}"
            return await self._put(old.model_copy(update={"roles": held}), old, who, "brand.roles", detail)

        return await self._desk.again(attempt)

    async def _nobody_else(self, brand: Brand, who: Standing) -> bool:
        return not brand.practice and not await self._desk.sensitive.asked(Act.ROLES, brand, who)

    async def _refuse_taken_name(self, brand: Brand) -> None:
        if not brand.name.strip():
            raise FieldErrors({"name": UserError("error.field_required")})
        for other in await self.all():
            if other.id != brand.id and other.name.casefold() == brand.name.casefold():
                raise FieldErrors({"name": UserError("error.name_taken", name=brand.name)})

    async def _refuse_shared_channels(self, brand: Brand) -> None:
        if not brand.channels.review:
            raise FieldErrors({"review": UserError("error.field_required")})
        mine = {c for c in brand.channels.model_dump().values() if c}
        for other in await self.all():
            if other.id != brand.id and mine & set(other.channels.model_dump().values()):
                raise FieldErrors({"review": UserError("error.channel_taken", brand=other.name)})

    async def _put(self, new: Brand, old: Brand | None, who: Standing, act: str, detail: str = "") -> Brand:
        change = self._store.begin()
        change.put(new, old)
        change.emit(BrandChanged(brand=new.id, by=who.id, correlation=correlation.get()))
        change.audit(self._desk.entry(who.id, act, brand=new.id, subject=new.id, detail=detail))
        await change.commit()
        return new

    # --- the workspace and its members

    async def make_admins(self, members: frozenset[MemberId], *, seeded: str = "") -> Workspace:
        """Make members admins of the workspace: named by the operator, or the owner who opened Home first."""

        async def attempt() -> Workspace:
            old = await self._store.find(Workspace, "workspace")
            base = old or Workspace(id="workspace")
            new = base.model_copy(update={"admins": base.admins | members, "seeded": seeded or base.seeded})
            if new != base or old is None:
                change = self._store.begin()
                change.put(new, old)
                detail = ", ".join(sorted(members))
                change.audit(self._desk.entry("engine", "workspace.admins", subject="workspace", detail=detail))
                await change.commit()
            return new

        return await self._desk.again(attempt)

    async def first_admin(self, member: Member) -> bool:
        """The workspace's owner becomes its admin where nobody is yet; answers whether that happened."""
        if not member.owner or member.within != frozenset(Role) or (await self._desk.workspace()).admins:
            return False
        return member.id in (await self.make_admins(frozenset({member.id}))).admins

    async def remember(self, member: Member) -> Member:
        """Keep what Slack says of a member, without touching what the member chose."""
        old = await self._store.find(Member, member.id)
        kept = ("digest_hour", "digest_on", "signature")
        chosen = {name: getattr(old, name) for name in kept} if old else {}
        new = member.model_copy(update={"version": old.version if old else 0, **chosen})
        change = self._store.begin()
        change.put(new, old)
        try:
            await change.commit()
        except Conflict:
            return await self._desk.member(member.id)  # somebody else just kept the same facts
        return new

    async def set_digest(self, who: MemberId, *, hour: int, on: bool) -> Member:
        """When my digest comes, in my own zone; 0 to 23."""
        return await self._set(who, digest_hour=hour, digest_on=on)

    async def set_signature(self, who: MemberId, typed: str) -> Member:
        """What my answers are signed with where a brand signs; "" for my first name. Raises FieldErrors for what isn't
        a name."""
        try:
            return await self._set(who, signature=own_name(typed))
        except UserError as error:
            raise FieldErrors({"name": error}) from error

    async def _set(self, who: MemberId, **chosen: object) -> Member:
        async def attempt() -> Member:
            old = await self._store.find(Member, who)
            base = old or Member(id=who)
            new = base.model_copy(update=chosen)
            change = self._store.begin()
            change.put(new, old)
            await change.commit()
            return new

        return await self._desk.again(attempt)
