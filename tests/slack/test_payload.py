"""What Slack sends is read without trusting it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.payload import Kind, from_a_bot, key_of, kind_of, person_of, place_of, small_talk, teams_of

COMMAND = {
    "command": "/vocero",
    "text": "post",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1",
}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "5.0", "channel_id": "C1"},
    "message": {"ts": "5.0", "thread_ts": "4.0"},
    "trigger_id": "2",
    "response_url": "https://hooks.slack.com/x",
    "actions": [{"action_id": "a.b", "action_ts": "6.0"}],
}
EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T9",
    "authorizations": [{"team_id": "T1"}],
    "event_id": "Ev1",
    "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "7.0", "text": "hi"},
}


def test_kinds() -> None:
    assert [kind_of(body) for body in (COMMAND, PRESS, EVENT, {}, {"type": "x"})] == [
        Kind.COMMAND, Kind.ACTION, Kind.EVENT, Kind.OTHER, Kind.OTHER,
    ]  # fmt: skip


def test_people_and_their_teams() -> None:
    assert person_of(COMMAND) == person_of(PRESS) == "T1:U1"
    assert person_of(PRESS | {"user": {"id": "U1", "team_id": "T2"}}) == "T2:U1"
    assert person_of(EVENT | {"event": {"user": "U1", "user_team": "T2"}}) == "T2:U1"
    assert person_of({"type": "event_callback", "team_id": "T1", "event": {}}) is None
    assert teams_of(EVENT) == {"T1"}
    assert teams_of(PRESS) == {"T1"}


def test_places() -> None:
    place = place_of(PRESS)
    assert (place.channel, place.message_ts, place.thread_ts, place.trigger) == ("C1", "5.0", "4.0", "2")
    assert (place_of(EVENT).channel, place_of(EVENT).message_ts) == ("C1", "7.0")
    assert place_of(COMMAND).channel == "C1"


def test_the_same_delivery_has_the_same_key_and_a_second_press_another() -> None:
    assert key_of(PRESS) == key_of(dict(PRESS))
    assert key_of(PRESS) != key_of(PRESS | {"trigger_id": "3"})
    assert key_of(EVENT) == key_of(EVENT | {"event_time": 5})
    assert key_of({"type": "view_closed", "view": {"id": "V"}}) != key_of({"type": "view_closed", "view": {"id": "W"}})


@pytest.mark.parametrize(
    "event", [{"bot_id": "B1"}, {"bot_profile": {"id": "B"}}, {"subtype": "bot_message"}, {"user": "UBOT"}]
)
def test_bots_are_not_answered(event: dict[str, Any]) -> None:
    assert from_a_bot({"type": "event_callback", "event": event}, "UBOT")
    assert not from_a_bot(EVENT, "UBOT")


NAMES = st.sampled_from(
    ["type", "command", "event", "user", "id", "team", "team_id", "view", "actions", "channel", "container", "message",
     "authorizations", "trigger_id", "event_id", "ts", "action_id"]
)  # fmt: skip
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
KINDS = st.sampled_from([each.value for each in Kind])


@given(st.dictionaries(NAMES, NONSENSE, max_size=8), KINDS)
def test_nonsense_breaks_nothing(body: dict[str, Any], kind: str) -> None:
    for given_body in (body, body | {"type": kind}):
        kind_of(given_body)
        person_of(given_body)
        teams_of(given_body)
        place_of(given_body)
        from_a_bot(given_body, "U")
        assert key_of(given_body)


@pytest.mark.parametrize(
    ("event", "talk"),
    [
        ({"type": "message", "user": "U1", "ts": "2.0", "thread_ts": "1.0"}, False),
        ({"type": "message", "user": "U1", "ts": "2.0", "thread_ts": "1.0", "subtype": "file_share"}, False),
        ({"type": "message", "user": "U1", "ts": "2.0"}, True),
        ({"type": "message", "user": "U1", "ts": "1.0", "thread_ts": "1.0"}, True),
        ({"type": "message", "ts": "2.0", "thread_ts": "1.0"}, True),
        ({"type": "message", "user": "U1", "ts": "2.0", "thread_ts": "1.0", "subtype": "message_changed"}, True),
        ({"type": "app_mention", "user": "U1", "ts": "2.0"}, False),
    ],
)
def test_peoples_talk_is_none_of_our_business(event: dict[str, str], talk: bool) -> None:
    assert small_talk({"type": "event_callback", "event": event}) is talk
