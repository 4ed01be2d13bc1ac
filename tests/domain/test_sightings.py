"""Polls, webhooks and looks tell of the same comment in any order, again and again: one state comes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversations import Conversation, Outsider, Words
from bot.domain.heard import erase_old, hide, sight
from bot.domain.sightings import KEPT, Sighting, Told, erase, see, see_all

AT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
WORDS = Words(ref="r1", kind="comment", text="Hola", at=AT)


def after(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


def told(seconds: int, text: str | None = None, **more: object) -> Sighting:
    return Sighting(ref="r1", at=after(seconds), text=text, **more)


sightings = st.builds(
    Sighting,
    ref=st.just("r1"),
    at=st.integers(0, 8).map(after),
    text=st.none() | st.sampled_from(["Hola", "Hola!", "Adiós"]),
    told=st.sampled_from(Told),
    hidden=st.none() | st.booleans(),
    gone=st.booleans(),
)


def state(words: Words) -> tuple[object, ...]:
    """What people see of it."""
    return words.text, words.hidden, words.gone_at, {version.text for version in words.history}


@given(st.lists(sightings, max_size=8).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told * 2))))
def test_any_order_and_any_repetition_come_to_the_same(orders: tuple[list[Sighting], list[Sighting]]) -> None:
    once, shuffled = orders
    assert state(see_all(WORDS, shuffled)) == state(see_all(WORDS, once))


@given(st.lists(sightings, max_size=8))
def test_seeing_again_changes_nothing_that_people_see(told: list[Sighting]) -> None:
    words = see_all(WORDS, told)
    assert state(see_all(words, told)) == state(words)


@given(st.lists(sightings, max_size=30))
def test_the_record_of_one_comment_stays_small(told: list[Sighting]) -> None:
    words = see_all(WORDS, told)
    assert len(words.history) <= KEPT
    contents = [version.content for version in words.history]
    assert not any(a == b == c for a, b, c in zip(contents, contents[1:], contents[2:], strict=False))


def test_an_edit_that_overtakes_the_first_wording_is_still_the_newer_one() -> None:
    words = Words(ref="r1", kind="comment", text="Adiós", at=AT)
    words = see(words.model_copy(update={"versions": ()}), told(5, "Adiós", told=Told.EDITED))
    late = see(words, told(0, "Hola", told=Told.SAID))
    assert late.text == "Adiós"
    assert [version.text for version in late.edits][-1] == "Adiós"


def test_within_one_second_what_the_network_calls_an_edit_is_newer_than_what_we_read() -> None:
    for order in ([told(3, "Hola"), told(3, "Adiós", told=Told.EDITED)],):
        assert see_all(WORDS, order).text == see_all(WORDS, reversed(order)).text == "Adiós"


def test_before_and_after_are_told_once_each() -> None:
    words = see_all(WORDS, [told(1, "Hola"), told(2, "Hola"), told(3, "Adiós"), told(4, "Adiós"), told(5, "Hola")])
    assert [(one.text, one.at) for one in words.edits] == [("Hola", AT), ("Adiós", after(3)), ("Hola", after(5))]


def test_hiding_belongs_to_whoever_did_it_until_somebody_else_does_otherwise() -> None:
    words = see(WORDS, told(1, hidden=False))
    talk = Conversation(
        id="c1",
        brand="agora",
        account="a",
        network="facebook",
        person=Outsider(id="p", handle="", name="Rosa"),
        heard=(words,),
        changed_at=AT,
        created_at=AT,
    )
    ours = hide(talk, "r1", True, "T:CARLA", after(10)).latest
    assert (ours.hidden, ours.hidden_by) == (True, "T:CARLA")
    echo = see(ours, told(10, hidden=True))
    assert (echo.hidden, echo.hidden_by) == (True, "T:CARLA")
    elsewhere = see(echo, told(20, hidden=False))
    assert (elsewhere.hidden, elsewhere.hidden_by) == (False, "")
    assert see(elsewhere, told(15, hidden=True)) == elsewhere


def test_what_was_erased_never_comes_back() -> None:
    gone = erase(see(see(WORDS, told(1, "Hola!")), told(2, gone=True)), after(100))
    again = see_all(gone, [told(200, "Hola otra vez"), told(3, "Hola!")])
    assert (again.text, again.versions, again.gone_at) == ("", (), after(2))
    assert "Hola" not in again.model_dump_json()


@pytest.mark.parametrize("one", [{"removed_by": "T:ANA"}, {"erased_at": AT}])
def test_what_we_deleted_or_erased_is_not_kept(one: dict[str, object]) -> None:
    words = WORDS.model_copy(update={"text": "", **one})
    assert not words.kept
    assert see(words, told(9, "Hola")).text == ""


def test_only_what_was_gone_long_enough_is_forgotten() -> None:
    heard = (
        Words(ref="r1", kind="comment", text="uno", at=AT, gone_at=after(10)),
        Words(ref="r2", kind="reply", text="dos", at=AT, gone_at=after(50)),
        Words(ref="r3", kind="reply", text="tres", at=AT),
    )
    talk = Conversation(
        id="c1",
        brand="agora",
        account="a",
        network="x",
        person=Outsider(id="p", handle="", name="Rosa"),
        heard=heard,
        changed_at=AT,
        created_at=AT,
    )
    assert talk.indexes()["gone:agora"] == after(10).timestamp() * 1000
    left = erase_old(talk, after(20), after(60))
    assert [words.text for words in left.heard] == ["", "dos", "tres"]
    assert left.indexes()["gone:agora"] == after(50).timestamp() * 1000
    assert "gone:agora" not in erase_old(left, after(60), after(70)).indexes()
    assert erase_old(left, after(20), after(80)) == left
    assert sight(left, told(1, "uno otra vez"), after(90)).heard[0].text == ""
