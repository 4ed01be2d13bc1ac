"""Brands, roles and policies: what admins change from Home, and what members keep about themselves."""

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot.domain.brands import Brand, Channels, Member, Policies, Role, Standing, Workspace
from bot.domain.duty import Duty
from bot.domain.events import BrandChanged
from bot.domain.proposals import Act, gives_power, sensitive
from bot.domain.records import MemberId
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


def duty_of(brand: Brand, old: Brand) -> Duty:
    """The rota that an imported brand has then: a file that says nothing of it leaves it, and nobody's shift ends."""
    return brand.duty.model_copy(update={"cover": old.duty.cover}) if brand.duty.rota else old.duty


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
            kept = {"version": old.version, "roles": {**old.roles, **brand.roles}, "duty": duty_of(brand, old)}
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
        }

        async def attempt() -> Brand:
            old = await self._desk.brand(id_)
            who.require(old, Role.ADMIN)
            new = old.model_copy(update={setting: value for setting, value in wanted.items() if value is not None})
            if sensitive(old.policies, new.policies):
                raise UserError("error.two_people")
            await self._refuse_taken_name(new)
            await self._refuse_shared_channels(new)
            detail = ", ".join(name for name in wanted if getattr(new, name) != getattr(old, name))
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
        chosen = {"digest_hour": old.digest_hour, "digest_on": old.digest_on} if old else {}
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

        async def attempt() -> Member:
            old = await self._store.find(Member, who)
            base = old or Member(id=who)
            new = base.model_copy(update={"digest_hour": hour, "digest_on": on})
            change = self._store.begin()
            change.put(new, old)
            await change.commit()
            return new

        return await self._desk.again(attempt)
