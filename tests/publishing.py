"""A desk over the real store and the sandbox's networks, and a post that waits to be published."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.discovery import find_networks
from bot.domain.brands import Account, Brand, Channels, Policies, Role, Standing
from bot.domain.deliveries import Delivery
from bot.engine.failpoints import Failpoints
from bot.engine.publishing import Publisher
from bot.sandbox import world
from bot.store.blobs import Blobs
from bot.store.records import Store
from bot.store.vault import Vault
from tests.outside import credentials, endpoints

KEY = b"k" * 32
ANA, BRUNO, CARLA = (Standing(id=f"T:{name}") for name in ("ANA", "BRUNO", "CARLA"))
LEASE = timedelta(seconds=2)
WAITS = (timedelta(seconds=0.5), timedelta(seconds=1), timedelta(seconds=1.5))
"""The protocol's own waits are 5, 20 and 45 s; the order of things is the same in a tenth of the time."""


def open_desk(store: Store, url: str, *, timeout: float = 1, now: Callable[[], datetime] | None = None) -> Desk:
    """A desk whose networks are the sandbox's."""
    ids = iter(range(10**9))
    return Desk(
        store,
        providers=find_networks(),
        endpoints=endpoints(url, timeout),
        vault=Vault([KEY]),
        now=now or (lambda: datetime.now(UTC)),
        new_id=lambda: f"{store.team}n{next(ids)}",
    )


def open_publisher(desk: Desk, failpoints: Failpoints | None = None) -> Publisher:
    """A publisher in a hurry."""
    return Publisher(desk, Blobs(desk.store), failpoints or Failpoints(), lease=LEASE, waits=WAITS)


async def settle_in(desk: Desk, account: world.Account) -> Account:
    """A brand with one account of the sandbox's, and the people who publish there."""
    roles = {
        ANA.id: frozenset({Role.AUTHOR}),
        BRUNO.id: frozenset({Role.APPROVER}),
        CARLA.id: frozenset({Role.MODERATOR}),
    }
    brand = Brand(
        id=f"b{account.id}", name=account.brand, channels=Channels(review="C1"), roles=roles, policies=Policies()
    )
    id_ = f"{account.network}-{account.id}"
    record = Account(
        id=id_,
        brand=brand.id,
        network=account.network,
        remote_id=account.id,
        handle=account.handle,
        name=account.name,
        sealed=desk.vault.seal(json.dumps(dict(credentials(account))), id_),
        connected_at=desk.now(),
    )
    change = desk.store.begin()
    change.put(brand)
    change.put(record)
    await change.commit()
    return record


async def approve(
    desk: Desk, account: Account, text: str, *thread: str, id_: str = "p1", due: datetime | None = None
) -> Delivery:
    """A post, or with more texts a thread, that is due then, or now."""
    content = Content(brand=account.brand, text=text, thread=thread, accounts=(account.id,), due=due)
    await desk.posts.submit(id_, content, ANA)
    await desk.posts.approve(id_, BRUNO, revision=1)
    (delivery,) = await desk.posts.deliveries(id_)
    return delivery
