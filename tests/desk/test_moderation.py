"""Hide, like, private replies and edits through the real store: who may, once, honestly."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.domain.conversations import Conversation
from bot.domain.errands import PRIVATE_DAYS, Errand, ErrandState, Facet, digest
from bot.domain.house_rules import Level, UnwantedWord
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.network import Change, Page, Ref
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import AT, everything, hear, item

LEASE = timedelta(minutes=1)


@pytest.fixture
async def talk(desk: Desk, people: Team, clock: Clock) -> Conversation:
    clock.at = AT + timedelta(hours=1)
    await hear(desk, people, item(1))
    (found,) = await everything(desk)
    return found


async def done(desk: Desk, errand: Errand) -> None:
    """As the engine does it."""
    taken = await desk.errands.take(errand.id, LEASE)
    assert taken is not None
    await desk.errands.done(taken)


async def acts(desk: Desk) -> list[str]:
    lines: Any = await desk.store.client.xrange(desk.store.key("audit"))
    return [fields["entry"].split('"act":"')[1].split('"')[0] for _, fields in lines]


async def test_hiding_is_asked_once_done_and_taken_back(desk: Desk, people: Team, talk: Conversation) -> None:
    errand = await desk.moderation.hide(talk.id, "r1", True, people.carla)
    with pytest.raises(AlreadyDone) as again:
        await desk.moderation.hide(talk.id, "r1", True, people.carla)
    assert again.value.key == "error.already_asked"
    assert [one.id for one in await desk.errands.due()] == [errand.id]
    await done(desk, errand)
    words = (await desk.conversations.get(talk.id)).latest
    assert (words.hidden, words.hidden_by) == (True, people.carla.id)
    with pytest.raises(AlreadyDone) as again:
        await desk.moderation.hide(talk.id, "r1", True, people.carla)
    assert (again.value.key, again.value.args_["who"]) == ("error.already_hidden", people.carla.id)
    await done(desk, await desk.moderation.hide(talk.id, "r1", False, people.carla))
    assert not (await desk.conversations.get(talk.id)).latest.hidden
    assert [act for act in await acts(desk) if "hide" in act] == [
        "conversation.hide",
        "conversation.hide.done",
        "conversation.unhide",
        "conversation.unhide.done",
    ]


async def test_a_wish_that_was_taken_back_meanwhile_is_not_carried_out_late(
    desk: Desk, people: Team, talk: Conversation, clock: Clock
) -> None:
    first = await desk.moderation.hide(talk.id, "r1", True, people.carla)
    taken = await desk.errands.take(first.id, LEASE)
    assert taken is not None
    clock.pass_(seconds=1)
    await desk.moderation.hide(talk.id, "r1", False, people.carla)
    await desk.errands.done(taken)
    assert not (await desk.conversations.get(talk.id)).latest.hidden
    (now,) = await desk.store.find_many(Errand, [first.id])
    assert (now.state, now.wanted) == (ErrandState.ASKED, False)


async def test_a_like_is_not_given_twice(desk: Desk, people: Team, talk: Conversation) -> None:
    with pytest.raises(UserError):
        await desk.moderation.like(talk.id, "r1", False, people.carla)
    await done(desk, await desk.moderation.like(talk.id, "r1", True, people.carla))
    with pytest.raises(AlreadyDone) as again:
        await desk.moderation.like(talk.id, "r1", True, people.carla)
    assert again.value.key == "error.already_liked"
    page = await desk.moderation.page(talk, [])
    liked = page.of(Facet.LIKE)
    assert liked is not None
    assert (liked.state, liked.by) == (ErrandState.DONE, people.carla.id)
    await done(desk, await desk.moderation.like(talk.id, "r1", False, people.carla))
    await desk.moderation.like(talk.id, "r1", True, people.carla)


async def test_what_the_network_refused_can_be_asked_again(desk: Desk, people: Team, talk: Conversation) -> None:
    errand = await desk.moderation.hide(talk.id, "r1", True, people.carla)
    taken = await desk.errands.take(errand.id, LEASE)
    assert taken is not None
    await desk.errands.not_done(taken, "refused", "403", None)
    (now,) = await desk.store.find_many(Errand, [errand.id])
    assert (now.state, now.problem, now.attention) == (ErrandState.REFUSED, "refused", None)
    assert not (await desk.conversations.get(talk.id)).latest.hidden
    assert "conversation.hide.refused" in await acts(desk)
    await desk.moderation.hide(talk.id, "r1", True, people.carla)


async def test_only_moderators_and_only_what_is_there(desk: Desk, people: Team, talk: Conversation) -> None:
    for nobody in (people.ana, people.bruno, people.diego):
        with pytest.raises(NotAllowed):
            await desk.moderation.hide(talk.id, "r1", True, nobody)
        with pytest.raises(NotAllowed):
            await desk.moderation.reply_privately(talk.id, "r1", "Hola", nobody)
    gone = Change(Ref("r1"), AT + timedelta(minutes=5), gone=True)
    await desk.receiving.receive(people.accounts["agora"], Page([], "", changes=[gone]), None)
    for act in (desk.moderation.hide, desk.moderation.like):
        with pytest.raises(UserError) as refused:
            await act(talk.id, "r1", True, people.carla)
        assert refused.value.key == "error.comment_gone"


async def test_a_private_reply_is_sent_once_and_in_its_time(
    desk: Desk, people: Team, talk: Conversation, clock: Clock
) -> None:
    for text, key in (("  ", "error.field_required"), ("x" * 2001, "error.private_too_long")):
        with pytest.raises(FieldErrors) as wrong:
            await desk.moderation.reply_privately(talk.id, "r1", text, people.carla)
        assert wrong.value.fields["text"].key == key
    errand = await desk.moderation.reply_privately(talk.id, "r1", "¿Nos das tu correo?", people.carla)
    await done(desk, errand)
    with pytest.raises(AlreadyDone) as again:
        await desk.moderation.to_reply_privately(talk.id, "r1", people.carla)
    assert again.value.key == "error.already_private"
    await hear(desk, people, item(2), cursor="2")
    other = next(one for one in await everything(desk) if one.id != talk.id)
    clock.at = AT + timedelta(days=PRIVATE_DAYS, minutes=1)
    with pytest.raises(UserError) as late:
        await desk.moderation.reply_privately(other.id, "r2", "Hola", people.carla)
    assert late.value.key == "error.private_too_late"


async def test_our_answer_is_changed_where_it_stands_and_never_over_somebody_elses_change(
    desk: Desk, people: Team, talk: Conversation
) -> None:
    await desk.conversations.reply(talk.id, "reply1", "Abrimos", people.carla)
    with pytest.raises(UserError) as early:
        await desk.moderation.to_edit("reply1", people.carla)
    assert early.value.key == "error.not_public_now"
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    with pytest.raises(FieldErrors):
        await desk.moderation.edit("reply1", digest("otra cosa"), "Cerramos", people.carla)
    for text in ("Abrimos", "", "x" * 21):
        with pytest.raises(FieldErrors):
            await desk.moderation.edit("reply1", digest("Abrimos"), text, people.carla)
    errand = await desk.moderation.edit("reply1", digest("Abrimos"), "Cerramos", people.carla)
    delivery = await desk.deliveries.get("reply1")
    assert delivery.reply is not None
    assert delivery.reply.text == "Abrimos"
    await done(desk, errand)
    delivery = await desk.deliveries.get("reply1")
    assert delivery.reply is not None
    assert delivery.reply.text == "Cerramos"
    lines: Any = await desk.store.client.xrange(desk.store.key("audit"))
    (asked,) = [fields["entry"] for _, fields in lines if '"conversation.edit_reply"' in fields["entry"]]
    assert "Abrimos" in asked
    assert "Cerramos" in asked


async def test_a_word_that_the_brand_refuses_gets_neither_into_a_changed_nor_into_a_private_answer(
    desk: Desk, people: Team, talk: Conversation
) -> None:
    await desk.conversations.reply(talk.id, "reply1", "Abrimos", people.carla)
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    brand = await desk.brand("agora")
    change = desk.store.begin()
    rules = brand.rules.model_copy(update={"words": (UnwantedWord(text="barato", level=Level.BLOCKER),)})
    change.put(brand.model_copy(update={"rules": rules}), brand)
    await change.commit()
    for attempt in (
        desk.moderation.edit("reply1", digest("Abrimos"), "B4rato", people.carla),
        desk.moderation.reply_privately(talk.id, "r1", "Muy BARATO", people.carla),
    ):
        with pytest.raises(FieldErrors) as refused:
            await attempt
        assert refused.value.fields["text"].key.startswith("check.")
    assert await desk.errands.due() == []


async def test_nothing_public_changes_while_the_brand_is_silent(desk: Desk, people: Team, talk: Conversation) -> None:
    await desk.conversations.reply(talk.id, "reply1", "Abrimos", people.carla)
    await desk.deliveries.live("reply1", "r99", "http://x/r99")
    await desk.stops.stop("agora", people.ana, silence=True)
    for attempt in (
        desk.moderation.edit("reply1", digest("Abrimos"), "Cerramos", people.carla),
        desk.moderation.reply_privately(talk.id, "r1", "Hola", people.carla),
    ):
        with pytest.raises(UserError, match="brand_silenced"):
            await attempt
    await desk.moderation.hide(talk.id, "r1", True, people.carla)  # hiding is what silence is for
