"""Signatures and trainees at the desk itself: what a file keeps, what is decided at once, what an old record lacks."""

import asyncio

import pytest

from bot.desk.config import Importer, export_config, parse_config
from bot.desk.desk import Desk
from bot.domain.brands import Brand, Member, Role
from bot.domain.conversations import ClosedAs, Conversation
from bot.domain.deliveries import Delivery, Reply
from bot.domain.signing import Signature
from bot.domain.suggestions import State, Suggestion
from bot.errors import AlreadyDone, FieldErrors, UserError
from tests.desk.conftest import Clock, Team
from tests.desk.test_inbox import everything, hear, item


async def heard(desk: Desk, people: Team, number: int = 1) -> Conversation:
    """Somebody commented."""
    await hear(desk, people, item(number, author=f"marta{number}"), cursor=str(number))
    return (await everything(desk))[-1]


async def test_a_file_keeps_the_signature_and_says_it(desk: Desk, people: Team) -> None:
    await desk.brands.change("agora", people.admin, signature=Signature.INITIALS)
    exported = await export_config(desk)

    class Known:
        async def member(self, name: str) -> str | None:
            return f"{desk.store.team}:{name}"

        async def channel(self, name: str) -> str | None:
            return name

    config = parse_config(exported, "brands.yaml")
    for brand in config.brands:
        brand.accounts.clear()
    assert "brand Agora: as it was" in await Importer(desk, Known(), {}).load(config)
    for brand in config.brands:
        brand.signature = None
    assert "brand Agora: as it was" in await Importer(desk, Known(), {}).load(config)
    assert (await desk.brand("agora")).signature is Signature.INITIALS


async def test_what_was_shown_is_what_is_sent_or_nothing_is(desk: Desk, people: Team) -> None:
    talk = await heard(desk, people)
    await desk.brands.remember(Member(id=people.carla.id, name="Carla Moreno"))
    await desk.brands.change("agora", people.admin, signature=Signature.NAME)
    with pytest.raises(FieldErrors):
        await desk.conversations.reply(talk.id, "a", "Sí", people.carla, shown="")
    with pytest.raises(FieldErrors):
        await desk.conversations.reply(talk.id, "a", "x" * 14, people.carla)  # 14 and ` ^Carla` are 21 of 20
    sent = await desk.conversations.reply(talk.id, "a", "Sí", people.carla, shown="^Carla")
    assert sent.reply is not None
    assert sent.reply.text == "Sí ^Carla"


async def trained(desk: Desk, people: Team, number: int = 1) -> Suggestion:
    """Eva learns, and suggests."""
    await desk.brands.set_roles("agora", people.eva.id, frozenset({Role.TRAINEE}), people.admin)
    talk = await heard(desk, people, number)
    made = await desk.answers.answer(talk.id, f"s{number}", "Sí", people.eva)
    assert isinstance(made, Suggestion)
    return made


async def test_approving_and_sending_back_at_once_is_one_of_both(desk: Desk, people: Team) -> None:
    mine = await trained(desk, people)
    around = (await desk.suggestions.page(mine.id)).around
    found = await asyncio.gather(
        desk.suggestions.approve(mine.id, 1, around, people.carla),
        desk.suggestions.send_back(mine.id, 1, "No", people.bruno),
        desk.suggestions.approve(mine.id, 1, around, people.admin),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Suggestion) for each in found) == 1, found
    assert sum(isinstance(each, AlreadyDone) for each in found) == 2, found
    sent = await desk.conversations.replies(mine.conversation)
    assert len(sent) == ((await desk.suggestions.get(mine.id)).state is State.APPROVED)


async def test_approving_while_the_conversation_is_closed_never_lets_it_out_unseen(desk: Desk, people: Team) -> None:
    for number in range(1, 6):
        mine = await trained(desk, people, number)
        around = (await desk.suggestions.page(mine.id)).around
        approved, closed = await asyncio.gather(
            desk.suggestions.approve(mine.id, 1, around, people.bruno),
            desk.conversations.close(mine.conversation, people.carla, ClosedAs.NO_REPLY),
            return_exceptions=True,
        )
        assert isinstance(closed, Conversation)
        sent = await desk.conversations.replies(mine.conversation)
        assert len(sent) == isinstance(approved, Suggestion)
        if not sent:
            assert isinstance(approved, UserError)
            assert approved.key == "error.suggestion_moved"
            return  # the other order was taken


async def test_the_text_of_a_suggestion_cannot_be_fixed_into_what_may_not_be_said(desk: Desk, people: Team) -> None:
    mine = await trained(desk, people)
    around = (await desk.suggestions.page(mine.id)).around
    for text in ("", "x" * 21, "Hola {name}"):
        with pytest.raises(FieldErrors):
            await desk.suggestions.approve(mine.id, 1, around, people.carla, text=text)
    assert (await desk.suggestions.get(mine.id)).state is State.OPEN


async def test_whoever_let_it_out_has_the_conversation_and_closes_it(desk: Desk, people: Team, clock: Clock) -> None:
    mine = await trained(desk, people)
    around = (await desk.suggestions.page(mine.id)).around
    await desk.suggestions.approve(mine.id, 1, around, people.bruno)
    assert (await desk.conversations.get(mine.conversation)).owner == people.bruno.id
    clock.pass_(seconds=30)


def test_what_was_stored_before_is_read_as_it_was() -> None:
    assert Brand.model_validate({"id": "b", "name": "B", "channels": {"review": "C"}}).signature is Signature.OFF
    assert Member.model_validate({"id": "T:U"}).signature == ""
    assert Reply.model_validate({"conversation": "c", "text": "x", "answers": "r", "by": "T:U"}).signature == ""
    assert Conversation.model_fields["suggested"].default == ()
    assert Delivery.model_fields["reply"].default is None
