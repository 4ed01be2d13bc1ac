"""Where private messages may stand, by when they can be answered, and when somebody begins anew."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.brands import Brand, Channels, Role
from bot.domain.conversations import Conversation, ConversationStatus, Outsider, Words
from bot.domain.conversing import hear
from bot.domain.private import ANEW, Room, answer_until, discreet, goes_on, placed

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
BRAND = Brand(
    id="agora",
    name="Ágora",
    channels=Channels(review="C1"),
    roles={
        "T:CARLA": frozenset({Role.MODERATOR}),
        "T:CLARA": frozenset({Role.CLIENT}),
        "T:BOTH": frozenset({Role.CLIENT, Role.MODERATOR}),
    },
)


def talk(*kinds: str, **more: object) -> Conversation:
    heard = tuple(
        Words(ref=f"m{n}", kind=kind, text="Hola", at=NOON + timedelta(hours=n)) for n, kind in enumerate(kinds)
    )
    values = {
        "id": "c", "brand": "agora", "account": "a", "network": "facebook", "heard": heard, "changed_at": NOON,
        "created_at": NOON, "person": Outsider(id="1", handle="", name="Rosa"),
    }  # fmt: skip
    return Conversation.model_validate({**values, **more})


@pytest.mark.parametrize(
    ("room", "fit"),
    [
        (None, False),  # nothing is known of it
        (Room(shared=False, members=frozenset({"CARLA"})), True),
        (Room(shared=False, members=frozenset({"CARLA", "DIEGO"})), True),  # a colleague of another brand
        (Room(shared=True, members=frozenset({"CARLA"})), False),  # with another organisation
        (Room(shared=False, members=frozenset({"CARLA", "CLARA"})), False),  # the client reads it
        (Room(shared=False, members=frozenset({"BOTH"})), True),  # who moderates may read it, whatever else they are
        (Room(shared=False, members=frozenset({"CARLA", "X"}), strangers=frozenset({"X"})), False),  # a guest
    ],
)
def test_only_where_nobody_but_the_team_reads(room: Room | None, fit: bool) -> None:
    assert discreet(room, BRAND) is fit


def test_only_messages_are_private() -> None:
    assert [talk(kind).private for kind in ("comment", "mention", "reply", "quote", "message")] == [False] * 4 + [True]


def test_the_network_s_time_counts_from_what_was_said_last() -> None:
    assert answer_until(talk("message", "message"), 3600) == NOON + timedelta(hours=2)
    assert answer_until(talk("message"), None) is None
    assert answer_until(talk("comment"), 3600) is None


def test_who_writes_long_after_it_was_closed_begins_anew() -> None:
    closed = talk("message", status=ConversationStatus.CLOSED)
    assert goes_on(talk("message"), NOON + 10 * ANEW)
    assert goes_on(closed, NOON + ANEW)
    assert not goes_on(closed, NOON + ANEW + timedelta(seconds=1))
    assert not goes_on(talk("message", forgotten_at=NOON), NOON)


def test_what_is_told_late_stands_where_it_was_said() -> None:
    first, last = talk("message", "message").heard
    late = Words(ref="m9", kind="message", text="Antes", at=NOON + timedelta(minutes=30))
    heard = hear(talk("message", "message"), late, NOON + timedelta(hours=3)).heard
    assert heard == (first, late, last)
    comment = late.model_copy(update={"kind": "comment"})
    assert hear(talk("comment", "comment"), comment, NOON).heard[-1] == comment


def test_a_card_that_moves_leaves_its_place() -> None:
    first = placed(talk("message"), ["C1"])
    assert (first.places, first.left, first.home("C9")) == (("C1",), (), "C1")
    assert placed(first, ["C1"]) is first
    moved = placed(first, ["@T:CARLA", "@T:CARLA"])
    assert (moved.places, moved.left) == (("@T:CARLA",), ("C1",))
    back = placed(moved, ["C1"])
    assert (back.places, back.left) == (("C1",), ("@T:CARLA",))
    assert talk("comment").home("C9") == "C9"
