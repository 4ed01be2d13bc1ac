"""The demo's town, and an account there that is connected again."""

from bot.sandbox import world
from tests.handlers.demo import Town
from tests.outside import credentials

REVIEW, ALERTS = "#agora-review", "#agora-alerts"
X = "x-1500000000000000001"


async def reconnected(town: Town, admin: str) -> None:
    """The same keys once more, by an admin."""
    account = await town.desk.accounts.get(X)
    (known,) = [each for each in world.ACCOUNTS if each.id == account.remote_id]
    values = credentials(known)
    identity = await town.desk.accounts.identify("x", values)
    await town.desk.accounts.connect(account.brand, "x", values, identity, await town.desk.standing(admin))
    await town.settle()
