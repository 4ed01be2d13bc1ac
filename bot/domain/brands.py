"""Brands, their accounts and who may do what in them: deny by default."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from bot.domain.assisted import ByHand
from bot.domain.courtesy import Courtesies
from bot.domain.duty import Duty
from bot.domain.hours import Hours
from bot.domain.house_rules import HouseRules
from bot.domain.records import MemberId, Record, Value, score
from bot.domain.signing import Signature
from bot.domain.slots import Slot
from bot.errors import NotAllowed


class Role(StrEnum):
    """What a member may do in one brand; ADMIN includes all of them."""

    VIEWER = "viewer"
    AUTHOR = "author"
    APPROVER = "approver"
    MODERATOR = "moderator"
    TRAINEE = "trainee"
    CLIENT = "client"
    ADMIN = "admin"


WRITING = frozenset({Role.AUTHOR, Role.APPROVER, Role.MODERATOR, Role.ADMIN})
"""Roles whose holders may stop publishing alone."""


GUEST = frozenset({Role.VIEWER, Role.CLIENT, Role.TRAINEE})
"""All that one of Slack's guests can hold, whatever they were given: nothing that others wait for."""


TOPICS, TOPIC = 40, 40
"""How many topics a brand's list holds, and characters of one: it rides in a menu."""


CHANNEL_ID = re.compile(r"[CG][A-Za-z0-9_-]{1,63}")
"""What Slack calls a channel; anything else that comes as one was made up."""


class Channels(Value):
    """Slack channel ids; one is enough, so the others fall back to `review`."""

    review: str
    inbox: str = ""
    alerts: str = ""
    digest: str = ""


class Stage(Value):
    """One step of a review: who signs, and how many of them.

    roles and people: whoever holds one of these roles, or is named, may sign. many: so many of them, 0 for all.
    deputy may sign too, and is asked where somebody is missing. A signature is for a stage exactly as it was.
    """

    roles: tuple[Role, ...] = ()
    people: tuple[MemberId, ...] = ()
    many: int = Field(default=1, ge=0, le=20)
    deputy: MemberId = ""

    @property
    def client(self) -> bool:
        """Whether it is the client who signs."""
        return Role.CLIENT in self.roles


class Policies(Value):
    """What an admin may change for a brand.

    stages: of a review, in order; none: one approver. account_stages: by account id, instead of those.
    """

    four_eyes: bool = True  # nobody approves their own post
    late_minutes: int = 30  # later than this a post is missed, never sent by itself
    close_on_answer: bool = True
    digest_channel: bool = False
    deleted_days: int = Field(default=30, ge=0, le=3650)  # so long we keep what people said and then deleted
    review_hours: int = Field(default=8, ge=0, le=24 * 14)  # of working time, until a reminder; 0: none
    urgent_alone: bool = False  # an author may send what is urgent when nobody answers in ten minutes
    outside_posts: bool = False  # others post on the accounts too: a line in the digest, no alarm
    stages: tuple[Stage, ...] = ()
    account_stages: Mapping[str, tuple[Stage, ...]] = Field(default_factory=dict)


class Brand(Record):
    """A client or company. `roles` maps a member id to the roles held here; `face` is an emoji shown on every card."""

    KIND: ClassVar[str] = "brand"
    READ_OFTEN: ClassVar[bool] = True

    name: str
    face: str = "📣"
    language: str = "en"
    zone: str = "UTC"
    channels: Channels
    roles: Mapping[MemberId, frozenset[Role]] = Field(default_factory=dict)
    policies: Policies = Policies()
    practice: bool = False
    digest_hour: int = 9
    duty: Duty = Duty()
    hours: Hours = Hours()
    topics: tuple[str, ...] = ()  # what conversations can be about, chosen while closing
    rules: HouseRules = HouseRules()
    courtesies: Courtesies = Courtesies()
    slots: tuple[Slot, ...] = ()
    signature: Signature = Signature.OFF

    def indexes(self) -> Mapping[str, float]:
        """All brands of the workspace stand in one index."""
        return {"brands": 0.0}

    @property
    def clock(self) -> ZoneInfo:
        """The brand's zone."""
        return ZoneInfo(self.zone)

    def channel(self, purpose: str) -> str:
        """The channel for `review`, `inbox`, `alerts` or `digest`; `review` where it isn't split."""
        return str(getattr(self.channels, purpose)) or self.channels.review

    def roles_of(self, who: "Standing") -> frozenset[Role]:
        """Every role that the member holds here."""
        held = frozenset(self.roles.get(who.id, ())) & who.within
        return frozenset(Role) if who.admin or Role.ADMIN in held else held

    def holders(self, role: Role) -> tuple[MemberId, ...]:
        """Members who were given this very role (or brand admin), in a stable order."""
        return tuple(sorted(m for m in self.roles if role in self.roles[m]))


class Standing(Value):
    """Who is acting, as checked on the server at this moment: the member, and whether they administer the workspace.

    within: the roles that they can hold at all; none for somebody who is not, or no longer, one of the team.
    """

    id: MemberId
    admin: bool = False
    within: frozenset[Role] = frozenset(Role)

    def require(self, brand: Brand, *any_of: Role) -> None:
        """Raise NotAllowed, which names the roles that would do, unless the member holds one of these in the brand."""
        if not brand.roles_of(self) & set(any_of):
            enough = [role.value for role in Role if role in any_of and role is not Role.ADMIN]
            raise NotAllowed("error.no_role", brand=brand.name, role=",".join(enough) or Role.ADMIN.value)


class AccountState(StrEnum):
    """Whether an account can publish now."""

    ACTIVE = "active"
    DEAD = "dead"
    DISCONNECTED = "disconnected"  # by two people: its credentials are gone


class Account(Record):
    """One profile on one network. `sealed` holds the encrypted credentials, bound to this id.

    generation grows whenever the credentials or the profile behind them change: a delivery planned for another
    generation is not granted the wire. by_hand: it is assisted, and has no credentials. personal: a person's own
    profile, which never shares a post with a company's.
    """

    KIND: ClassVar[str] = "account"
    READ_OFTEN: ClassVar[bool] = True
    FIELDS: ClassVar[tuple[str, ...]] = ("state", "generation")

    brand: str
    network: str
    remote_id: str
    handle: str
    name: str
    picture: str | None = None
    sealed: str = Field(repr=False)
    state: AccountState = AccountState.ACTIVE
    generation: int = 1
    connected_by: MemberId = ""
    connected_at: AwareDatetime
    since: AwareDatetime | None = None  # connected for the first time: what was said from then on is ours to hear
    budget: float | None = None  # dollars that reading it may cost a month; None: no limit
    messages_since: AwareDatetime | None = None  # where reading private messages costs: switched on then; None: off
    dead_since: AwareDatetime | None = None
    dead_reason: str = ""
    slots: tuple[Slot, ...] = ()  # none: the brand's
    by_hand: ByHand | None = None
    personal: bool = False

    def title(self, known: str) -> str:
        """Its network's name for people: what an admin wrote, else the one that is `known`."""
        return (self.by_hand.network if self.by_hand else "") or known

    def indexes(self) -> Mapping[str, float]:
        """All accounts, and the accounts of each brand."""
        return {"accounts": 0.0, f"accounts:{self.brand}": 0.0}


class Workspace(Record):
    """What belongs to no brand: the admins, and the version of what is stored. Its id is always `workspace`."""

    KIND: ClassVar[str] = "workspace"
    READ_OFTEN: ClassVar[bool] = True

    admins: frozenset[MemberId] = frozenset()
    seeded: str = ""


class Member(Record):
    """What we keep of a Slack user: language, zone, when the digest comes, what they sign with. `id` is a member id."""

    KIND: ClassVar[str] = "member"
    READ_OFTEN: ClassVar[bool] = True

    name: str = ""
    handle: str = ""  # the @name
    gone: bool = False  # deactivated: rung by nobody
    guest: bool = False  # of the Slack workspace, in one channel or several
    outside: bool = False  # of another workspace, or a bot
    locale: str = "en-US"
    zone: str = "UTC"
    digest_hour: int = 9
    digest_on: bool = True
    signature: str = ""  # chosen by themselves; none: their first name
    owner: bool = False  # of the Slack workspace
    seen_at: AwareDatetime | None = None

    def indexes(self) -> Mapping[str, float]:
        """All members we have met, and those of them whom nobody may wait for."""
        return {"members": 0.0} | ({"members:gone": 0.0} if self.within != frozenset(Role) else {})

    @property
    def within(self) -> frozenset[Role]:
        """The roles that they can hold at all."""
        if self.gone or self.outside:
            return frozenset()
        return GUEST if self.guest else frozenset(Role)


class Stop(Record):
    """A stop in force: `id` is a brand id, or `all`. Lifted by a second person, which removes the record."""

    KIND: ClassVar[str] = "stop"
    READ_OFTEN: ClassVar[bool] = True
    FIELDS: ClassVar[tuple[str, ...]] = ("reach",)

    reach: str = "planned"  # `planned` holds what is planned or automatic, `silence` people's replies too
    by: MemberId
    at: AwareDatetime
    reason: str = ""

    def indexes(self) -> Mapping[str, float]:
        """All stops in force."""
        return {"stops": 0.0}

    @property
    def note(self) -> str:
        """The id under which this very stop is remembered."""
        return f"{self.id}-{round(self.at.timestamp() * 1000)}"


def stronger(stops: Iterable[Stop]) -> Stop | None:
    """The one of some stops that holds most, None of none."""
    return max(stops, key=lambda stop: stop.reach == "silence", default=None)


class StopNote(Record):
    """A stop as it is remembered after it was lifted: its card, and old buttons, still say who and when."""

    KIND: ClassVar[str] = "stop_note"

    scope: str
    reach: str = "planned"
    by: MemberId
    at: AwareDatetime
    reason: str = ""
    lifted_by: MemberId = ""
    lifted_at: AwareDatetime | None = None

    def indexes(self) -> Mapping[str, float]:
        """The stops of a scope, oldest first."""
        return {f"stop_notes:{self.scope}": score(self.at)}
