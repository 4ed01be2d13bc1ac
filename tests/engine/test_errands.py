"""What moderators asked for is done on every network of the sandbox, once, or the card says why not."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import AccountState
from bot.domain.conversations import Conversation
from bot.domain.errands import Errand, ErrandState, Facet, digest
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from bot.network import Ref
from tests.engine.bench import NETWORKS, Bench, Stumble
from tests.engine.test_polling import Ear
from tests.publishing import CARLA


class Desktop:
    """A comment under one of our posts, on one network, and a moderator."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.desk, self.ear = bench, bench.desk, Ear(bench)

    async def begin(self) -> Conversation:
        """The comment is a conversation."""
        where, outside = self.bench.where, self.bench.outside
        post = (await outside.post("/audience/publish", account=where, text="Hoy, torrijas"))["id"]
        await outside.post("/audience/comment", account=where, post=post, author="Rosa", text="Compra aquí")
        await self.ear.poll()
        (talk,) = await self.desk.store.listed(Conversation, f"open:{self.bench.account.brand}")
        return talk

    async def work(self, failpoints: Failpoints | None = None) -> None:
        """One round of the engine."""
        await Errands(self.desk, failpoints or Failpoints(), lease=timedelta(seconds=20)).tick()

    async def comment(self) -> dict[str, Any]:
        """The comment as everybody sees it."""
        (post,) = await self.bench.outside.public(self.bench.where)
        (found,) = post["replies"]
        return dict(found)

    async def errand(self, errand: Errand) -> Errand:
        """As it is now."""
        return await self.desk.store.get(Errand, errand.id)


@pytest.fixture(params=NETWORKS)
def there(benches: dict[str, Bench], request: pytest.FixtureRequest) -> Desktop:
    return Desktop(benches[request.param])


@pytest.fixture
def facebook(benches: dict[str, Bench]) -> Desktop:
    return Desktop(benches["facebook"])


async def test_hidden_shown_again_and_seen_by_whom(there: Desktop) -> None:
    talk = await there.begin()
    for hidden in (True, False):
        await there.desk.moderation.hide(talk.id, talk.latest.ref, hidden, CARLA)
        await there.work()
        assert (await there.comment())["hidden"] is hidden
        words = (await there.desk.conversations.get(talk.id)).latest
        assert (words.hidden, words.hidden_by) == (hidden, CARLA.id)
    await there.ear.poll()
    assert (await there.desk.conversations.get(talk.id)).latest.hidden is False


async def test_liked_where_the_network_lets_us_and_honest_where_not(there: Desktop) -> None:
    talk = await there.begin()
    errand = await there.desk.moderation.like(talk.id, talk.latest.ref, True, CARLA)
    await there.work()
    now = await there.errand(errand)
    if there.bench.account.network == "x":
        assert (now.state, now.problem) == (ErrandState.REFUSED, "refused")
        account = await there.desk.accounts.get(there.bench.account.id)
        assert account.state is AccountState.ACTIVE  # its keys are good for everything else
        await there.bench.outside.post("/audience/enrol", likes=True)
        errand = await there.desk.moderation.like(talk.id, talk.latest.ref, True, CARLA)
        await there.work()
        now = await there.errand(errand)
    assert now.state is ErrandState.DONE
    assert (await there.comment())["liked"] is True


@pytest.mark.parametrize("at", ["errand.before_write", "errand.after_write"])
async def test_a_worker_that_stumbles_is_followed_by_another(there: Desktop, at: str) -> None:
    talk = await there.begin()
    errand = await there.desk.moderation.hide(talk.id, talk.latest.ref, True, CARLA)
    with pytest.raises(RuntimeError, match="stumbled"):
        await there.work(Stumble(at))
    await there.work()
    assert (await there.errand(errand)).state is ErrandState.ASKED  # the lease isn't over yet
    there.bench.clock.by += timedelta(seconds=30)
    await there.work()
    assert (await there.errand(errand)).state is ErrandState.DONE
    assert (await there.comment())["hidden"] is True


async def test_a_network_that_is_away_is_asked_again_and_at_last_people_are_told(there: Desktop) -> None:
    talk = await there.begin()
    errand = await there.desk.moderation.hide(talk.id, talk.latest.ref, True, CARLA)
    await there.bench.outside.fault(target=there.bench.account.network, status=503, body={}, times=50)
    for _ in range(11):
        await there.work()
        there.bench.clock.by += timedelta(minutes=5)
    now = await there.errand(errand)
    assert (now.state, now.problem) == (ErrandState.FAILED, "outage")
    assert now.attempts == 10


async def test_a_private_reply_is_sent_once_though_its_answer_was_lost(facebook: Desktop) -> None:
    talk = await facebook.begin()
    route = f"POST /v26.0/{facebook.bench.account.remote_id}/messages"
    await facebook.bench.outside.fault(target="facebook", route=route, when="after", status=500, body={}, times=1)
    errand = await facebook.desk.moderation.reply_privately(talk.id, talk.latest.ref, "¿Tu correo?", CARLA)
    await facebook.work()
    assert (await facebook.errand(errand)).state is ErrandState.ASKED
    facebook.bench.clock.by += timedelta(minutes=1)
    await facebook.work()
    assert (await facebook.errand(errand)).state is ErrandState.DONE
    told = await facebook.bench.outside.get("/audience/private", account=facebook.bench.where)
    assert [one["text"] for one in told["messages"]] == ["¿Tu correo?"]


async def test_one_that_somebody_else_answered_privately_says_so(facebook: Desktop) -> None:
    talk = await facebook.begin()
    connector = facebook.desk.accounts.open(facebook.bench.account)
    await connector.reply_privately(Ref(talk.latest.ref), "Desde otro sitio")
    await connector.aclose()
    errand = await facebook.desk.moderation.reply_privately(talk.id, talk.latest.ref, "¿Tu correo?", CARLA)
    await facebook.work()
    now = await facebook.errand(errand)
    assert (now.state, now.problem) == (ErrandState.FAILED, "already")


async def test_our_answer_is_edited_where_it_stands(there: Desktop) -> None:
    talk = await there.begin()
    desk: Desk = there.desk
    delivery = await desk.conversations.reply(talk.id, "reply1", "Abrimos a las nueve", CARLA)
    there.bench.clock.by += timedelta(minutes=1)
    await there.bench.work(delivery)
    page = await desk.inbox.page(talk.id)
    if there.bench.account.network == "x":
        assert page.moderating.editable == frozenset()
        return
    assert page.moderating.editable == {"reply1"}
    await desk.moderation.edit("reply1", digest("Abrimos a las nueve"), "Abrimos a las diez", CARLA)
    await there.work()
    (reply,) = (await there.comment())["replies"]
    assert reply["text"] == "Abrimos a las diez"
    edits = (await desk.inbox.page(talk.id)).moderating.edits
    assert edits is not None
    assert edits["reply1"].facet is Facet.EDIT
