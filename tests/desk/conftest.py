"""A desk over the real store, with a clock that tests move and a network that only counts letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import Account, Brand, Channels, Policies, Role, Standing
from bot.network import (
    Capability,
    Connector,
    CredentialField,
    Credentials,
    Endpoint,
    Hook,
    Limits,
    MediaFacts,
    Problem,
    ProblemKind,
)
from bot.store.records import Store
from bot.store.vault import Vault


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        self.at += timedelta(**time)


class Letters:
    """A network of which the desk only asks what it counts: the contract suite tests the real ones."""

    name = "letters"
    title = "Letters"
    capabilities = (
        Capability.PUBLISH
        | Capability.REPLY
        | Capability.MEDIA
        | Capability.HIDE
        | Capability.LIKE
        | Capability.EDIT
        | Capability.PRIVATE_REPLY
    )
    limits = Limits(date(2026, 1, 1), 20, 1, frozenset({"image/png"}), 1000, True, 100)
    fields: Sequence[CredentialField] = (CredentialField("token"),)
    app_fields: Sequence[str] = ()
    hook: Hook | None = None

    def length(self, text: str) -> int:
        return len(text)

    def check(self, text: str, media: Sequence[MediaFacts], *, is_reply: bool = False) -> Sequence[Problem]:
        if len(text) > self.limits.max_length:
            return [Problem(ProblemKind.TOO_LONG, True, {"count": len(text), "limit": self.limits.max_length})]
        return [] if text else [Problem(ProblemKind.EMPTY, True)]

    def open(self, endpoint: Endpoint, credentials: Credentials, account: str) -> Connector:
        raise AssertionError("the desk opens no connector here")


@dataclass
class Team:
    """The people of the desk's tests."""

    ana: Standing
    bruno: Standing
    carla: Standing
    diego: Standing
    eva: Standing
    admin: Standing
    accounts: Mapping[str, Account] = field(default_factory=dict)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    ids = count(1)
    return Desk(
        store,
        providers={"letters": Letters()},
        endpoints={"letters": Endpoint("http://127.0.0.1:9")},
        vault=Vault([b"k" * 32]),
        now=clock,
        new_id=lambda: f"id{next(ids)}",
    )


@pytest.fixture
async def people(desk: Desk, team: str) -> Team:
    """Two brands that never mix, an account each, and everybody of the demo."""
    who = {
        name: Standing(id=f"{team}:U{name.upper()}", admin=name == "admin")
        for name in ("ana", "bruno", "carla", "diego", "eva", "admin")
    }
    await desk.brands.make_admins(frozenset({who["admin"].id}))
    held = {
        "agora": {"ana": Role.AUTHOR, "bruno": Role.APPROVER, "carla": Role.MODERATOR},
        "northwind": {"diego": Role.AUTHOR, "carla": Role.MODERATOR},
    }
    accounts = {}
    for brand, roles in held.items():
        channels = Channels(review=f"C-{brand}-review", inbox=f"C-{brand}-inbox")
        given = {who[name].id: frozenset({role}) for name, role in roles.items()}
        await desk.brands.create(
            Brand(id=brand, name=brand.title(), channels=channels, roles=given, policies=Policies()), who["admin"]
        )
        account = Account(
            id=f"letters-{brand}",
            brand=brand,
            network="letters",
            remote_id=brand,
            handle=brand,
            name=brand.title(),
            sealed="-",
            connected_at=desk.now(),
        )
        change = desk.store.begin()
        change.put(account)
        await change.commit()
        accounts[brand] = account
    return Team(**who, accounts=accounts)
