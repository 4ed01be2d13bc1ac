"""Threads: how they are typed, what an approval signs, and what a segment that is out does in every state."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import threads
from bot.domain.brands import Brand, Channels
from bot.domain.checks.basics import segments
from bot.domain.checks.subject import Subject
from bot.domain.deliveries import BEFORE_WIRE, GIVE_UP, LIFE, Delivery, Reply, State, Step, Trouble
from bot.domain.posts import Revision
from bot.errors import UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(minutes=2)
LEASE = timedelta(seconds=30)


def delivery(state: State = State.WIRE, **more: object) -> Delivery:
    given = {"id": "d1", "brand": "agora", "account": "x-1", "network": "x", "generation": 1, "due": AT}
    return Delivery.model_validate(
        {**given, "created_at": AT, "state": state, "fence": 4, "segments": 3, "attention": AT, "wire_at": AT, **more}
    )


def out(one: Delivery, ref: str = "r1", *, fence: int = 4) -> Delivery:
    return threads.segment_out(one, ref, f"https://x.com/{ref}", NOW, fence=fence, lease=LEASE)


def revision(*thread: str) -> Revision:
    return Revision(number=1, text="hola", thread=thread, accounts=("x-2", "x-1"), by="T:ANA", at=AT)


@pytest.mark.parametrize(
    ("typed", "segments"),
    [
        ("", ()),
        (" \n ", ()),
        ("dos", ("dos",)),
        ("dos\n---\ntres", ("dos", "tres")),
        ("dos \n\n---\n  tres\n", ("dos \n", "  tres\n")),
        ("dos\n --- \ntres", ("dos", "tres")),
        ("dos\n—-\ntres", ("dos", "tres")),
        ("dos\n---", ("dos", "")),
        ("dos\n---\n", ("dos", "")),
        ("---\ndos", ("", "dos")),
        ("dos --- tres\n----\n--", ("dos --- tres\n----\n--",)),
    ],
)
def test_a_line_of_three_hyphens_stands_between_segments(typed: str, segments: tuple[str, ...]) -> None:
    assert threads.split(typed) == segments


@given(st.lists(st.text("ab -—\n", max_size=12)).map(tuple))
def test_what_was_split_is_joined_and_split_again_the_same(segments: tuple[str, ...]) -> None:
    once = threads.split(threads.joined(segments))
    assert threads.split(threads.joined(once)) == once


def test_what_is_typed_comes_back_as_typed() -> None:
    for typed in ("dos\n---\ntres", "dos\n\n---\n  &amp; <b>\n\n", "dos\n---\n", "uno\n---\n\n---\ntres"):
        assert threads.joined(threads.split(typed)) == typed


def test_an_approval_signs_the_thread_and_older_approvals_still_hold() -> None:
    signed_before_there_were_threads = "971f69f3bfeb065ae18b0b79280cb2e861736d4408be153eb94648059296f87d"
    assert revision().hash == signed_before_there_were_threads
    assert len({revision().hash, revision("dos").hash, revision("dos", "tres").hash, revision("tres", "dos").hash}) == 4
    assert revision("dos").segments == ("hola", "dos")


def looked_at(made: Revision) -> Subject:
    brand = Brand(id="agora", name="Café Ágora", channels=Channels(review="C1"))
    return Subject(texts=made.segments, brand=brand, now=AT, revision=made)


def test_a_thread_has_an_end() -> None:
    assert not list(segments(looked_at(revision(*["más"] * 24))))
    (found,) = segments(looked_at(revision(*["más"] * 25)))
    assert (found.key, found.blocks) == ("check.thread_many", True)


def test_whoever_holds_the_claim_goes_on_under_a_new_lease() -> None:
    before = delivery(attempts=2, finds=1, refusals=3, prepared={"floor": "1"}, trouble=Trouble(kind="outage"))
    after = out(before)
    assert (after.state, after.fence, after.attention) == (State.CLAIMED, 4, NOW + LEASE)
    assert (after.refs, after.ref, after.url) == (("r1",), "r1", "https://x.com/r1")
    assert (after.attempts, after.finds, after.refusals, after.prepared) == (0, 0, 0, {})
    assert (after.wire_at, after.trouble, after.segment_at) == (None, None, NOW)
    second = out(after.model_copy(update={"state": State.WIRE}), "r2")
    assert (second.refs, second.ref, second.url) == (("r1", "r2"), "r1", "https://x.com/r1")


@pytest.mark.parametrize(
    ("state", "after", "attention"),
    [
        (State.WIRE, State.CLAIMED, NOW),
        (State.CLAIMED, State.CLAIMED, AT),
        (State.PLANNED, State.PLANNED, AT),
        (State.UNKNOWN, State.PLANNED, NOW),
        (State.REFUSED, State.PLANNED, NOW),
        (State.MISSED, State.PLANNED, NOW),
        (State.HELD, State.HELD, None),
        (State.LEFT, State.LEFT, None),
        (State.WITHDRAWN, State.WITHDRAWN, None),
    ],
)
def test_the_fact_from_an_older_fence(state: State, after: State, attention: datetime | None) -> None:
    """It is true whoever says it; who works on it now, and what people decided, stays."""
    waiting = state in {State.WIRE, State.CLAIMED, State.PLANNED}
    trouble = Trouble(kind="stopped")
    before = delivery(state, attention=AT if waiting else None, asked=1, trouble=trouble)
    told = out(before, fence=2)
    assert (told.state, told.attention, told.refs, told.fence) == (after, attention, ("r1",), 4)
    assert told.asked == 1
    assert (told.trouble == trouble) == (after in {State.HELD, State.LEFT, State.WITHDRAWN})


def test_both_facts_are_taken_from_the_same_states() -> None:
    facts = {fact: {state for state, step in LIFE if step is fact} for fact in (Step.SEGMENT, Step.LIVE)}
    assert facts[Step.SEGMENT] == facts[Step.LIVE] - {
        State.BY_HAND
    }  # whoever publishes by hand tells all of it at once
    with pytest.raises(UserError):
        out(delivery(State.LIVE))


def test_a_thread_that_began_is_never_missed_and_may_be_public_wherever_it_stands() -> None:
    for state in BEFORE_WIRE | {State.WITHDRAWN}:
        assert not delivery(state).may_be_public
        assert delivery(state, refs=("r1",)).may_be_public
    for state in (State.PLANNED, State.CLAIMED, State.HELD):
        assert delivery(state).move(Step.MISS).state is State.MISSED
        with pytest.raises(UserError):
            delivery(state, refs=("r1",)).move(Step.MISS)
    later = AT + timedelta(hours=3)
    assert delivery().late(later)
    assert not delivery(refs=("r1",)).late(later)


def test_what_can_t_be_missed_is_given_up_after_half_an_hour_without_progress() -> None:
    reply = Reply(conversation="c1", text="sí", answers="r0", by="T:ANA")
    late = AT + GIVE_UP + timedelta(seconds=1)
    assert not delivery().given_up(late)
    assert delivery(reply=reply).given_up(late)
    assert delivery(refs=("r1",), segment_at=AT).given_up(late)
    assert not delivery(refs=("r1",), segment_at=NOW).given_up(late)
    assert not delivery(refs=("r1",), segment_at=AT, due=NOW).given_up(late)


def test_each_segment_has_its_key_and_its_place() -> None:
    assert [(one.key, one.part) for one in (delivery(), delivery(refs=("r1",)), delivery(refs=("r1", "r2")))] == [
        ("d1", "1/3"),
        ("d1.1", "2/3"),
        ("d1.2", "3/3"),
    ]
    assert (delivery(segments=1).part, delivery(State.LIVE, refs=("a", "b", "c")).part) == ("", "3/3")
    assert (delivery(State.LIVE, refs=("a",)).begun, delivery(refs=("a",)).begun, delivery().begun) == (
        False,
        True,
        False,
    )
