"""Listening to every network of the sandbox through the real store: nothing is skipped, whoever stumbles where."""

from datetime import timedelta

import pytest

from bot.domain.conversations import Conversation
from bot.engine.failpoints import Failpoints
from bot.engine.polling import Poller
from tests.engine.bench import NETWORKS, Bench, Stumble


class Ear:
    """One account being listened to."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.desk = bench.desk

    async def poll(self, failpoints: Failpoints | None = None) -> None:
        """One look, now."""
        for account in await self.desk.accounts.all():
            await self.desk.store.client.delete(self.desk.store.key("turn", "poll", account.id))
        await Poller(self.desk, failpoints or Failpoints(), every=timedelta(seconds=1)).tick()

    async def comment(self, text: str, *, author: str = "Rosa") -> str:
        """Somebody mentions the account."""
        body = {"account": self.bench.where, "author": author, "text": text}
        return str((await self.bench.outside.post("/audience/comment", **body))["id"])

    async def heard(self) -> list[str]:
        """The ids of what was said last in every open conversation."""
        talks = await self.desk.store.listed(Conversation, f"open:{self.bench.account.brand}", limit=10_000)
        return sorted(talk.latest.ref for talk in talks)


@pytest.fixture(params=NETWORKS)
def ear(benches: dict[str, Bench], request: pytest.FixtureRequest) -> Ear:
    return Ear(benches[request.param])


async def test_what_was_said_between_connecting_and_the_first_look_arrives(ear: Ear) -> None:
    said = [await ear.comment(f"Hola {n}", author=f"Rosa {n}") for n in range(3)]
    await ear.poll()
    assert await ear.heard() == sorted(said)


async def test_what_was_said_before_connecting_does_not(ear: Ear) -> None:
    account = ear.bench.account
    change = ear.desk.store.begin()
    change.put(account.model_copy(update={"version": 1, "since": ear.desk.now() + timedelta(hours=1)}), account)
    await change.commit()
    await ear.comment("De antes")
    await ear.poll()
    assert await ear.heard() == []


@pytest.mark.parametrize("place", ["poll.after_fetch", "poll.after_items"])
async def test_a_look_that_stumbles_is_repeated_and_nothing_comes_twice(ear: Ear, place: str) -> None:
    said = [await ear.comment("Uno", author="Rosa")]
    await ear.poll(Stumble(place))
    said.append(await ear.comment("Dos", author="Luis"))
    await ear.poll()
    await ear.poll()
    assert await ear.heard() == sorted(said)
