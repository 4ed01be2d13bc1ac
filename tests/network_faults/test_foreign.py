"""Posts that others made on an account: found by the next poll, and told from ours."""

import pytest

from bot.domain.alarms import AlarmKind
from bot.domain.brands import Brand, Standing
from bot.domain.conversations import Conversation
from bot.domain.deliveries import State
from bot.domain.foreign import ForeignState
from bot.errors import AlreadyDone, NotAllowed
from tests.network_faults.there import There
from tests.publishing import ANA, BRUNO, CARLA, approve


async def test_a_post_by_another_hand_alarms_with_the_next_poll(there: There) -> None:
    before = await there.by_hand("Lo de ayer, antes de conectar")
    await there.poll()
    ref = await there.by_hand("Compra <ya> & vende")
    await there.poll()
    (subject,) = await there.rung(AlarmKind.FOREIGN_POST)
    assert subject == f"{there.bench.account.id}-{ref}"
    assert before not in subject
    post = await there.desk.foreign.get(subject)
    assert (post.state, post.words) == (ForeignState.OPEN, "Compra <ya> & vende")
    assert post.url.startswith("http")
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == [subject]


async def test_somebody_says_that_it_was_one_of_us(there: There) -> None:
    await there.poll()
    await there.by_hand("Hoy, cola en la puerta")
    await there.poll()
    (subject,) = await there.rung(AlarmKind.FOREIGN_POST)
    with pytest.raises(NotAllowed):
        await there.desk.foreign.explain(subject, Standing(id="T:NOBODY"))
    explained = await there.desk.foreign.explain(subject, ANA)
    assert (explained.state, explained.explained_by) == (ForeignState.EXPLAINED, ANA.id)
    with pytest.raises(AlreadyDone):
        await there.desk.foreign.explain(subject, BRUNO)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []


async def test_where_such_posts_are_normal_they_are_a_line_in_the_digest(there: There) -> None:
    old = await there.desk.brand(there.bench.account.brand)
    change = there.desk.store.begin()
    change.put(old.model_copy(update={"policies": old.policies.model_copy(update={"outside_posts": True})}), old)
    await change.commit()
    await there.poll()
    await there.by_hand("Publicado desde el móvil")
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    brand: Brand = await there.desk.brand(old.id)
    (line,) = (await there.desk.digests.brand_today(brand)).brands[0].outside
    assert line.words == "Publicado desde el móvil"


async def test_what_we_sent_is_ours(there: There) -> None:
    """A post; and one whose answer got lost."""
    await there.poll()
    await there.bench.work(await approve(there.desk, there.bench.account, "Buenos días"))
    await there.poll()
    await there.outside.fault(
        target=there.bench.account.network, route=there.bench.writes, when="after", drop=True, times=1
    )
    lost = await approve(there.desk, there.bench.account, "¿Salió?", id_="p2")
    await there.bench.work(lost, State.WIRE)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert (await there.bench.work(lost)).state is State.LIVE
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert await there.desk.store.listed(type(lost), f"unsure:{there.bench.account.id}") == []


async def test_threads_and_answers_are_ours(there: There) -> None:
    await there.poll()
    texts = ["Uno", "Dos", "Tres"] if there.bench.account.network != "facebook" else ["Uno"]
    live = await there.bench.work(await approve(there.desk, there.bench.account, *texts))
    await there.outside.post("/audience/comment", account=there.where, post=live.ref, author="Rosa", text="¿Y el pan?")
    await there.poll()
    (talk,) = await there.desk.store.listed(Conversation, f"open:{there.bench.account.brand}")
    reply = await there.desk.conversations.reply(talk.id, "r1", "Recién hecho", CARLA)
    await there.desk.store.client.zadd(there.desk.store.key("index", "due"), {reply.id: 0})
    await there.bench.work(reply, State.LIVE)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    other = await there.by_hand("Esto no lo ha escrito nadie de aquí", post=live.ref)
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == [f"{there.bench.account.id}-{other}"]


@pytest.mark.parametrize("there", ["x"], indirect=True)
async def test_our_post_stays_ours_after_it_was_edited(there: There) -> None:
    """X gives what is edited a new id above those that were seen."""
    await there.poll()
    live = await there.bench.work(await approve(there.desk, there.bench.account, "Abrimos a las nueve"))
    await there.poll()
    body = {"text": "Abrimos a las diez", "edit_options": {"previous_post_id": live.ref}}
    bearer = {"Authorization": f"Bearer oauth2-{there.bench.account.handle}"}
    async with there.outside.session.post(f"{there.outside.url}/2/tweets", json=body, headers=bearer) as answer:
        assert (await answer.json())["data"]["id"] != live.ref
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []


async def test_what_was_left_unknown_and_turns_up_is_live_and_no_alarm(there: There) -> None:
    """The timeline did not show it while we looked."""
    if there.bench.account.network == "practice":
        pytest.skip("the same key again settles it")
    await there.poll()
    network, reads = there.bench.account.network, {"x": "GET /2/users/*/tweets", "facebook": "GET /v*/published_posts"}
    lost = await approve(there.desk, there.bench.account, "¿Y esta?")
    await there.outside.fault(target=network, route=there.bench.writes, when="after", drop=True, times=1)
    sent = await there.bench.work(lost, State.WIRE)
    await there.outside.fault(target=network, route=reads[network], status=503, body={}, times=99)
    assert (await there.bench.work(sent)).state is State.UNKNOWN
    await there.outside.calm()

    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    assert (await there.desk.deliveries.get(lost.id)).state is State.LIVE


async def test_an_account_that_is_connected_anew_starts_from_now(there: There) -> None:
    await there.poll()
    account = await there.desk.accounts.get(there.bench.account.id)
    await there.by_hand("Mientras estaba desconectada")
    change = there.desk.store.begin()
    change.put(account.model_copy(update={"generation": account.generation + 1}), account)
    await change.commit()
    await there.poll()
    assert await there.rung(AlarmKind.FOREIGN_POST) == []
    await there.by_hand("Ahora sí")
    await there.poll()
    assert len(await there.rung(AlarmKind.FOREIGN_POST)) == 1


@pytest.mark.parametrize("there", ["x", "facebook"], indirect=True)
async def test_a_post_by_another_hand_alarms_though_comments_cannot_be_read(there: There) -> None:
    await there.poll()
    network = there.bench.account.network
    comments = {"x": "GET /2/users/*/mentions", "facebook": "GET /v*/tagged"}[network]
    ref = await there.by_hand("Nadie de aquí")
    for status in (503, 429):
        await there.outside.fault(target=network, route=comments, status=status, body={}, times=1)
        await there.poll()
        assert await there.rung(AlarmKind.FOREIGN_POST) == [f"{there.bench.account.id}-{ref}"]
        ref = await there.by_hand(f"Y otra después de {status}")
        await there.desk.alarms.over(AlarmKind.FOREIGN_POST, (await there.rung(AlarmKind.FOREIGN_POST))[0])
