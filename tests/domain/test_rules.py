"""Roles, time limits, reconciling and days: the smaller rules."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.brands import Brand, Channels, Role, Standing
from bot.domain.conversations import (
    ClosedAs,
    Conversation,
    ConversationStatus,
    Outsider,
    Words,
)
from bot.domain.conversing import claim, close, hear
from bot.domain.deliveries import Delivery, Reply, State, Step, backoff, next_look
from bot.domain.digests import day_of, next_day, on_day
from bot.domain.heard import remove
from bot.errors import AlreadyDone, NotAllowed

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")


def brand(**roles: set[Role]) -> Brand:
    held = {f"T:{name}": frozenset(given) for name, given in roles.items()}
    return Brand(id="agora", name="Café Ágora", zone="Europe/Madrid", channels=Channels(review="C1"), roles=held)


def test_deny_by_default() -> None:
    for role in Role:
        with pytest.raises(NotAllowed):
            Standing(id="T:EVA").require(brand(), role)


def test_a_role_in_one_brand_is_nothing_in_another_and_a_name_is_no_id() -> None:
    mine = brand(ANA={Role.AUTHOR})
    Standing(id="T:ANA").require(mine, Role.AUTHOR)
    for stranger in ("T2:ANA", "ANA", "T:ana"):
        with pytest.raises(NotAllowed):
            Standing(id=stranger).require(mine, Role.AUTHOR)


def test_admins_hold_every_role() -> None:
    assert brand().roles_of(Standing(id="T:X", admin=True)) == frozenset(Role)
    assert brand(X={Role.ADMIN}).roles_of(Standing(id="T:X")) == frozenset(Role)


def test_channels_fall_back_to_review() -> None:
    assert {brand().channel(p) for p in ("review", "inbox", "alerts", "digest")} == {"C1"}


def delivery(**more: object) -> Delivery:
    base = {
        "id": "d1",
        "brand": "agora",
        "account": "x-1",
        "network": "x",
        "generation": 1,
        "due": AT,
        "created_at": AT,
    }
    return Delivery.model_validate(base | more)


def test_late_is_beyond_the_limit_and_a_reply_never_is() -> None:
    assert not delivery().late(AT + timedelta(minutes=30))
    assert delivery().late(AT + timedelta(minutes=30, seconds=1))
    reply = Reply(conversation="c1", text="hola", answers="r1", by="T:C")
    assert not delivery(reply=reply).late(AT + timedelta(days=1))


def test_looks_come_at_5_20_and_45_seconds_and_then_no_more() -> None:
    looks = [next_look(delivery(wire_at=AT, finds=n, state=State.WIRE), AT) for n in range(4)]
    assert [(look - AT).total_seconds() if look else None for look in looks] == [5, 20, 45, None]


def test_a_look_is_never_in_the_past() -> None:
    late = AT + timedelta(minutes=3)
    assert next_look(delivery(wire_at=AT), late) == late


def test_backoff_grows_and_ends_at_five_minutes() -> None:
    waits = [(backoff(delivery(refusals=n), AT) - AT).total_seconds() for n in range(12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2, 300)


def test_the_due_index_holds_a_delivery_only_while_it_wants_attention() -> None:
    assert "due" in delivery(attention=AT).indexes()
    assert "due" not in delivery(attention=AT).move(Step.WITHDRAW).indexes()


def heard(*texts: str) -> Conversation:
    words = tuple(Words(ref=f"r{n}", kind="comment", text=text, at=AT) for n, text in enumerate(texts))
    return Conversation(
        id="c1",
        brand="agora",
        account="x-1",
        network="x",
        person=Outsider(id="9", handle="marta", name="Marta"),
        heard=words,
        changed_at=AT,
        created_at=AT,
    )


def test_the_second_who_claims_hears_who_has_it() -> None:
    taken = claim(heard("hola"), "T:CARLA", AT)
    with pytest.raises(AlreadyDone) as answer:
        claim(taken, "T:ADMIN", AT)
    assert answer.value.args_ == {"who": "T:CARLA", "at": AT}


def test_a_closed_conversation_is_new_again_when_the_person_writes() -> None:
    closed = close(claim(heard("hola"), "T:CARLA", AT), "T:CARLA", AT, ClosedAs.NO_REPLY)
    again = hear(closed, Words(ref="r9", kind="reply", text="¿hola?", at=AT), AT)
    assert (again.status, again.owner, again.closed_as) == (ConversationStatus.NEW, "", None)
    assert hear(again, again.latest, AT) is again


def test_a_conversation_of_which_nothing_is_left_waits_for_nobody() -> None:
    two = hear(heard("hola"), Words(ref="r9", kind="reply", text="¿hola?", at=AT), AT)
    half = remove(two, ["r9"], "T:CARLA", "p1", AT)
    assert half.status is ConversationStatus.NEW
    done = remove(half, [two.heard[0].ref], "T:CARLA", "p2", AT)
    assert (done.status, done.closed_as, done.closed_by) == (ConversationStatus.CLOSED, ClosedAs.DELETED, "T:CARLA")


def test_a_day_is_the_brands_own() -> None:
    late_evening = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 00:30 on the 3rd in Madrid
    assert (day_of(late_evening, MADRID), next_day(late_evening, MADRID)) == ("2026-03-03", "2026-03-04")
    mine = [delivery(due=late_evening), delivery(id="d2", due=AT + timedelta(days=1))]
    assert [d.id for d in on_day(mine, MADRID, "2026-03-03")] == ["d1"]
    assert next_day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), MADRID) == "2026-03-30"
