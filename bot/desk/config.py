"""Brands, channels, roles and accounts as one YAML file: read in, or written out. Secrets by name, never by value."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Self
from zoneinfo import ZoneInfo, available_timezones

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from bot.desk import config_assisted, config_inbox, config_review, plain_yaml
from bot.desk.assisted import Details
from bot.desk.brands import OPERATOR, left_as_it_was
from bot.desk.config_assisted import ByHandFile
from bot.desk.config_inbox import InboxFile, Strict
from bot.domain.brands import TOPIC, TOPICS, Brand, Channels, Policies, Role, Standing
from bot.domain.checks import SWITCHES
from bot.domain.courtesy import Courtesies
from bot.domain.duty import Duty, OffHours, Shift
from bot.domain.hours import LONGEST, Hours
from bot.domain.house_rules import HouseRules
from bot.domain.records import MemberId
from bot.domain.signing import Signature
from bot.errors import ConfigurationError, FieldErrors, UserError
from bot.network.assisted import ASSISTED
from bot.text.opening import NotHours, read_holidays, read_week, write_holidays, write_week
from bot.text.rota import NotRota, read_rota, write_line
from bot.text.slots import NotSlots, read_slots, write_slots
from bot.text.words import words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_TOLD = 20  # mistakes at a time
SECRET = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


class Directory(Protocol):
    """Who and what Slack knows by name."""

    async def member(self, name: str) -> MemberId | None:
        """`@ana` or `U…` as a member id."""
        ...

    async def channel(self, name: str) -> str | None:
        """`#general` or `C…` as a channel id."""
        ...


class AccountFile(Strict):
    """One account: the network's name, and its form's fields as `${NAME}` of an environment variable; or, of an
    assisted one, how it is published by hand."""

    network: str
    credentials: dict[str, str] = Field(default_factory=dict)
    by_hand: ByHandFile | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.network in ASSISTED) != (self.by_hand is not None):
            raise ValueError("`by_hand` belongs to the networks without a connector, and is all that they take")
        return self


class ChannelsFile(Channels, extra="forbid"):
    """Slack channels by name or id."""


class PoliciesFile(Policies, extra="forbid"):
    """A policy that is misspelt must not be left at its default in silence."""


class RulesFile(HouseRules, extra="forbid"):
    """A check that is misspelt must not be left as it is in silence."""

    @field_validator("off")
    @classmethod
    def _known(cls, off: frozenset[str]) -> frozenset[str]:
        if unknown := sorted(off - set(SWITCHES)):
            raise ValueError(f"no check {', '.join(unknown)}; there are {', '.join(SWITCHES)}")
        return off


class DutyFile(Strict):
    """A duty rota: a line a shift, as in the form (`mon-fri 09:00-18:00 @ana @bea`)."""

    rota: list[str] = Field(default_factory=list)
    off_hours: OffHours = OffHours.ADMINS

    @field_validator("rota")
    @classmethod
    def _understood(cls, lines: list[str]) -> list[str]:
        try:
            read_rota("\n".join(lines))
        except NotRota as error:
            raise ValueError(f"line {error.number} is no shift such as `mon-fri 09:00-18:00 @ana`") from error
        return lines


class HoursFile(Strict):
    """Working hours, as in the form: a line a kind of day, holidays, and targets in minutes of working time."""

    week: list[str] = Field(default_factory=list)
    holidays: list[str] = Field(default_factory=list)
    answer: int | None = Field(default=None, ge=1, le=LONGEST)
    resolve: int | None = Field(default=None, ge=1, le=LONGEST)

    @model_validator(mode="after")
    def _understood(self) -> Self:
        try:
            self.read()
        except NotHours as error:
            raise ValueError(
                f"{error.line!r} is no line such as `mon-fri 09:00-14:00 16:00-19:00`, or no day"
            ) from error
        return self

    def read(self) -> Hours:
        """The hours; raises NotHours."""
        week, seasons = read_week("\n".join(self.week))
        holidays = read_holidays("\n".join(self.holidays))
        return Hours(week=week, seasons=seasons, holidays=holidays, answer=self.answer, resolve=self.resolve)


class BrandFile(Strict):
    """One brand. It keeps what it has of `duty`, `hours`, `topics`, `rules`, `slots`, `courtesies`, `signature`, and
    of `inbox` all that the file doesn't name."""

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    face: str = "📣"
    language: str = Field(default="en", pattern="^(en|es)$")
    zone: str = "UTC"
    practice: bool = False
    channels: ChannelsFile
    policies: PoliciesFile = PoliciesFile()
    digest_hour: int = Field(default=9, ge=0, le=23)
    duty: DutyFile = DutyFile()
    hours: HoursFile = HoursFile()
    topics: list[Annotated[str, Field(min_length=1, max_length=TOPIC)]] = Field(default_factory=list, max_length=TOPICS)
    rules: RulesFile | None = None
    slots: list[str] = Field(default_factory=list)
    courtesies: Courtesies | None = None
    signature: Signature | None = None
    inbox: InboxFile = InboxFile()
    roles: dict[str, list[Role]] = Field(default_factory=dict)
    accounts: list[AccountFile] = Field(default_factory=list)

    @field_validator("slots")
    @classmethod
    def _slots_understood(cls, lines: list[str]) -> list[str]:
        try:
            read_slots("\n".join(lines))
        except NotSlots as error:
            raise ValueError(f"{error.line!r} is no line of slots such as `mon-fri 9:00 13:30`") from error
        return lines

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"no time zone {zone!r}; use an IANA name such as Europe/Madrid")
        return ZoneInfo(zone).key


class ConfigFile(Strict):
    """The whole file."""

    admins: list[str] = Field(default_factory=list)
    brands: list[BrandFile] = Field(default_factory=list)


def parse_config(text: str, name: str) -> ConfigFile:
    """The file's content; raises ConfigurationError with one sentence per mistake, each naming where it is."""
    try:
        return ConfigFile.model_validate(plain_yaml.read(text) or {})
    except plain_yaml.NotPlain as error:
        raise ConfigurationError(f"{name}: not valid YAML: {_printable(str(error))}") from error
    except ValidationError as error:
        where = [(".".join(map(str, e["loc"])) or "the whole file", e["msg"]) for e in error.errors()[:_TOLD]]
        raise ConfigurationError(*(_printable(f"{name}: {loc}: {message}") for loc, message in where)) from error


def _printable(text: str) -> str:
    """Fit for a terminal: one line of what can be seen."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:300]


class Importer:
    """Makes the workspace be as a file says: brands are created or changed, accounts connected, nothing is removed."""

    def __init__(self, desk: "Desk", directory: Directory, environment: Mapping[str, str]) -> None:
        self._desk = desk
        self._directory = directory
        self._environment = environment
        self._wrong: list[str] = []

    async def load(self, config: ConfigFile) -> Sequence[str]:
        """Import everything or nothing of the names; answers one line per thing done. Raises ConfigurationError."""
        admins = [await self._member(name, "admins") for name in config.admins]
        plans = [
            (
                brand,
                await self._brand(brand),
                [await self._by_hand(brand, account) or values for account, values in self._credentials(brand)],
                await self._inbox(brand),
            )
            for brand in config.brands
        ]
        if self._wrong:
            raise ConfigurationError(*self._wrong)
        await self._desk.brands.make_admins(frozenset(filter(None, admins)))
        who = Standing(id=OPERATOR, admin=True)
        done: list[str] = []
        for file, brand, credentials, inbox in plans:
            done.append(await self._save(brand, who))
            for account, values in zip(file.accounts, credentials, strict=True):
                done.append(await self._connect(file, account, values, who))
            try:
                done += await config_inbox.save(self._desk, brand, inbox, who)
            except config_inbox.Wrong as error:
                raise ConfigurationError(*error.sentences) from error
        return done

    async def _inbox(self, file: BrandFile) -> config_inbox.InboxPlan:
        """Of one that can't be kept nothing; what is wrong with it is told with all the rest."""
        slack = self._directory
        try:
            return await config_inbox.plan(self._desk, file.id, file.inbox, member=slack.member, channel=slack.channel)
        except config_inbox.Wrong as error:
            self._wrong += error.sentences
            return config_inbox.InboxPlan([], [], [], None)

    async def _member(self, name: str, where: str) -> MemberId | None:
        found = await self._directory.member(name)
        if found is None:
            self._wrong.append(f"{where}: no Slack user {name!r}")
        return found

    async def _brand(self, file: BrandFile) -> Brand:
        ids = {}
        for purpose, name in file.channels.model_dump().items():
            ids[purpose] = await self._directory.channel(name) if name else ""
            if ids[purpose] is None:
                self._wrong.append(f"{file.id}: channels.{purpose}: no Slack channel {name!r}")
        old = await self._desk.store.find(Brand, file.id)
        rules = HouseRules(**file.rules.model_dump()) if file.rules else old.rules if old else HouseRules()
        held = [(await self._member(name, f"{file.id}: roles"), roles) for name, roles in file.roles.items()]
        brand = Brand(
            id=file.id,
            name=file.name,
            face=file.face,
            language=file.language,
            zone=file.zone,
            practice=file.practice,
            channels=Channels(**{purpose: id_ or "" for purpose, id_ in ids.items()}),
            policies=await self._policies(file, old),
            digest_hour=file.digest_hour,
            topics=tuple(file.topics),
            hours=file.hours.read(),
            rules=rules,
            slots=read_slots("\n".join(file.slots)) if file.slots else old.slots if old else (),
            courtesies=file.courtesies or (old.courtesies if old else Courtesies()),
            signature=file.signature or (old.signature if old else Signature.OFF),
            duty=Duty(rota=await self._rota(file), off_hours=file.duty.off_hours),
            roles={member: frozenset(roles) for member, roles in held if member},
        )
        wrong = config_review.wrong_stages(brand, old, await self._desk.duty.team())
        if wrong is not None:
            self._wrong.append(f"{file.id}: policies: {_said(wrong)}")
        return brand

    async def _policies(self, file: BrandFile, old: Brand | None) -> Policies:
        async def named(name: str) -> MemberId | None:
            return await self._member(name, f"{file.id}: policies")

        return await config_review.read_policies(file.policies, old.policies if old else Policies(), named)

    async def _rota(self, file: BrandFile) -> tuple[Shift, ...]:
        where = f"{file.id}: duty"
        shifts = []
        for line in read_rota("\n".join(file.duty.rota)):
            member = await self._member(line.member, where) or ""
            deputy = await self._member(line.deputy, where) or "" if line.deputy else ""
            shifts.append(Shift(days=line.days, start=line.start, end=line.end, member=member, deputy=deputy))
        return tuple(shifts)

    async def _by_hand(self, file: BrandFile, account: AccountFile) -> Details | None:
        """Of an assisted account what it says, with people for names."""
        if account.by_hand is None:
            return None

        async def named(name: str) -> MemberId | None:
            return await self._member(name, f"{file.id}: {account.network}")

        return await config_assisted.read(account.network, account.by_hand, named)

    def _credentials(self, file: BrandFile) -> list[tuple[AccountFile, dict[str, str]]]:
        unknown = {account.network for account in file.accounts} - self._desk.providers.keys()
        self._wrong += [f"{file.id}: no network {name!r}" for name in sorted(unknown)]
        return [  # "x.access_token: …" would be taken for a secret, and struck out
            (a, {k: self._secret(v, f"{file.id}: {a.network} ({k})") for k, v in a.credentials.items()})
            for a in file.accounts
        ]

    def _secret(self, text: str, where: str) -> str:
        match = SECRET.fullmatch(text.strip())
        if match is None:
            self._wrong.append(
                f"{where}: write the name of an environment variable, ${{NAME}}, never the secret itself"
            )
            return ""
        value = self._environment.get(match[1], "")
        if not value:
            self._wrong.append(f"{where}: the environment has no {match[1]}")
        return value

    async def _save(self, brand: Brand, who: Standing) -> str:
        old = await self._desk.store.find(Brand, brand.id)
        if old is None:
            await self._desk.brands.create(brand, who)
            return f"brand {brand.name}: created"
        if old.model_copy(update={"version": 0}) == brand.model_copy(update=left_as_it_was(brand, old)):
            return f"brand {brand.name}: as it was"
        await self._desk.brands.replace(brand, who)
        return f"brand {brand.name}: changed"

    async def _connect(
        self, file: BrandFile, account: AccountFile, values: dict[str, str] | Details, who: Standing
    ) -> str:
        try:
            if isinstance(values, Details):
                saved = await config_assisted.save(self._desk, file.id, values, who)
                return f"account {account.network} {saved.name}: published by hand"
            identity = await self._desk.accounts.identify(account.network, values)
            await self._desk.accounts.connect(file.id, account.network, values, identity, who)
        except FieldErrors as error:
            fields = error.fields.items()
            sentences = [f"{file.id}: {account.network} ({name}): {_said(why)}" for name, why in fields]
            raise ConfigurationError(*sentences) from error
        except UserError as error:
            raise ConfigurationError(f"{file.id}: {account.network}: {_said(error)}") from error
        return f"account {account.network} {identity.name}: connected"


def _said(error: UserError) -> str:
    """In English, as everything on the command line."""
    return words_for("en")(error.key, **error.args_)


async def export_config(desk: "Desk") -> str:
    """The workspace as such a file, with ids for names and without any secret: each is a name to be filled in."""
    brands: list[dict[str, Any]] = []
    for brand in await desk.brands.all():
        dumped = brand.model_dump(mode="json", exclude={"version", "roles", "duty", "hours"})
        dumped["hours"] = _hours(brand.hours)
        dumped["policies"] = config_review.written_policies(brand.policies)
        dumped["rules"]["off"] = sorted(brand.rules.off)
        dumped["duty"] = {"rota": [_line(shift) for shift in brand.duty.rota], "off_hours": brand.duty.off_hours.value}
        dumped["slots"] = write_slots(brand.slots, "en").splitlines()
        dumped["channels"] = {purpose: id_ for purpose, id_ in dumped["channels"].items() if id_}
        dumped["roles"] = {m.partition(":")[2]: sorted(r.value for r in brand.roles[m]) for m in sorted(brand.roles)}
        dumped["inbox"] = await config_inbox.exported(desk, brand.id)
        dumped["accounts"] = [
            config_assisted.written(account)
            or {
                "network": account.network,
                "credentials": {
                    field.name: f"${{{_variable(brand.id, account.network, field.name)}}}"
                    for field in desk.providers[account.network].fields
                },
            }
            for account in await desk.accounts.of(brand.id)
        ]
        brands.append(dumped)
    workspace = await desk.workspace()
    whole = {"admins": sorted(m.partition(":")[2] for m in workspace.admins), "brands": brands}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def _line(shift: Shift) -> str:
    people = [member.rpartition(":")[2] for member in (shift.member, shift.deputy) if member]
    return write_line(shift.days, shift.start, shift.end, people, "en")


def _hours(hours: Hours) -> dict[str, Any]:
    week, holidays = write_week(hours, "en"), write_holidays(hours.holidays, "en")
    return {
        "week": week.splitlines(),
        "holidays": [day.strip() for day in holidays.split(",") if day.strip()],
        "answer": hours.answer,
        "resolve": hours.resolve,
    }


def _variable(*parts: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", "_".join(parts).upper())
