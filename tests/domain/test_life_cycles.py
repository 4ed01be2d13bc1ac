"""Every life cycle, cell by cell: what the tables permit happens, and nothing else does."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain import conversations, deliveries, posts
from bot.domain.conversations import Conversation, ConversationStatus, Outsider, Words
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import Act, Decision, Post, PostStatus, Revision
from bot.errors import AlreadyDone, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def delivery(state: State) -> Delivery:
    return Delivery(
        id="d1",
        brand="agora",
        account="x-1",
        network="x",
        generation=1,
        due=AT,
        created_at=AT,
        state=state,
    )


def conversation(status: ConversationStatus) -> Conversation:
    return Conversation(
        id="c1",
        brand="agora",
        account="x-1",
        network="x",
        person=Outsider(id="9", handle="marta", name="Marta"),
        heard=(Words(ref="r1", kind="comment", text="hola", at=AT),),
        status=status,
        owner="T:U1" if status is ConversationStatus.OWNED else "",
        owned_at=AT,
        closed_by="T:U2",
        changed_at=AT,
        created_at=AT,
    )


@pytest.mark.parametrize(("state", "step"), list(product(State, deliveries.Step)))
def test_deliveries(state: State, step: deliveries.Step) -> None:
    wanted = deliveries.LIFE.get((state, step))
    if wanted is None:
        with pytest.raises(UserError):
            delivery(state).move(step)
    else:
        moved = delivery(state).move(step, attention=AT)
        assert (moved.state, moved.attention) == (wanted, AT)


@pytest.mark.parametrize(("status", "step"), list(product(ConversationStatus, conversations.Step)))
def test_conversations(status: ConversationStatus, step: conversations.Step) -> None:
    wanted = conversations.LIFE.get((status, step))
    if wanted is None:
        with pytest.raises(UserError):
            conversation(status).step(step)
    else:
        assert conversation(status).step(step) is wanted


def test_live_is_a_fact_from_wherever_it_is_learned() -> None:
    for state in State:
        if state not in {State.LIVE, State.UNPUBLISHED}:
            assert delivery(state).move(deliveries.Step.LIVE).state is State.LIVE


def test_nothing_is_sent_without_a_mark_on_the_wire() -> None:
    ways = {before for (before, _), after in deliveries.LIFE.items() if after is State.WIRE}
    assert ways == {State.CLAIMED, State.WIRE}


def test_only_a_person_brings_an_unclear_one_back() -> None:
    ways = {step for (before, step), after in deliveries.LIFE.items() if before in {State.UNKNOWN, State.MISSED}}
    assert ways <= {
        deliveries.Step.LIVE,
        deliveries.Step.SEGMENT,
        deliveries.Step.RESUME,
        deliveries.Step.LEAVE,
        deliveries.Step.WITHDRAW,
    }


def post(status: PostStatus, *decisions: Decision) -> Post:
    revision = Revision(number=1, text="hola", accounts=("x-1",), by="T:ANA", at=AT)
    return Post(
        id="p1",
        brand="agora",
        author="T:ANA",
        status=status,
        revisions=(revision,),
        decisions=decisions,
        created_at=AT,
        changed_at=AT,
    )


@pytest.mark.parametrize(("status", "act"), list(product(PostStatus, Act)))
def test_posts(status: PostStatus, act: Act) -> None:
    wanted = posts.LIFE.get((status, act))
    made = Decision(act=Act.APPROVE, revision=1, hash="h", by="T:BRUNO", at=AT)
    if wanted is None:
        with pytest.raises(AlreadyDone) as refusal:
            posts._step(post(status, made), act)
        assert refusal.value.key == "error.already_approve"
        assert refusal.value.args_ == {"who": "T:BRUNO", "at": AT}
    else:
        assert posts._step(post(status, made), act) is wanted
