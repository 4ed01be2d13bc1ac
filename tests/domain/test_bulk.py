"""An act for all of a crowd: whom it means, how it goes on after a crash, and how answers are taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain import bulk as rules
from bot.domain.bulk import Bulk, BulkAct, BulkState
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus, Outsider, Words
from bot.domain.deliveries import UNDO
from bot.errors import AlreadyDone, FieldErrors, UserError

NOW = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
ME, OTHER = "T:CARLA", "T:ANA"
S = ConversationStatus


def bulk(act: BulkAct = BulkAct.CLAIM, **more: Any) -> Bulk:
    given: dict[str, Any] = {"id": "u", "brand": "b", "account": "a", "crowd": "k", "seen": 3, "until": 9.0, "by": ME}
    return Bulk(**{**given, "act": act, "at": NOW, "attention": NOW, **more})


def talk(status: S = S.NEW, owner: str = "", **more: Any) -> Conversation:
    said = Words(ref="r1", kind="comment", text="hola", at=NOW)
    given: dict[str, Any] = {"id": "c", "brand": "b", "account": "a", "network": "x", "heard": (said,)}
    person = Outsider(id="1", handle="lu", name="Lu")
    more = {"changed_at": NOW, "created_at": NOW, **more}
    return Conversation(**{**given, "person": person, "status": status, "owner": owner, **more})


@pytest.mark.parametrize(
    ("act", "status", "owner", "means"),
    [
        (BulkAct.CLAIM, S.NEW, "", True),
        (BulkAct.CLAIM, S.ESCALATED, "", True),
        (BulkAct.CLAIM, S.OWNED, ME, False),
        *((act, S.OWNED, OTHER, False) for act in BulkAct),
        *((act, S.CLOSED, "", False) for act in BulkAct),
        *((act, S.CLOSED, ME, False) for act in BulkAct),
        *((act, S.OWNED, ME, True) for act in (BulkAct.ANSWER, BulkAct.HIDE, BulkAct.CLOSE)),
        *((act, S.NEW, "", True) for act in (BulkAct.ANSWER, BulkAct.HIDE, BulkAct.CLOSE)),
    ],
)
def test_what_a_colleague_has_stays_with_them(act: BulkAct, status: S, owner: str, means: bool) -> None:
    assert rules.wanted(bulk(act), talk(status, owner)) is means


def test_nobody_is_answered_twice_nor_after_they_deleted_it() -> None:
    assert not rules.wanted(bulk(BulkAct.ANSWER), talk(answered_to="r1"))
    gone = Words(ref="r1", kind="comment", text="hola", at=NOW, gone_at=NOW)
    assert not rules.wanted(bulk(BulkAct.ANSWER), talk(heard=(gone,)))
    assert not rules.wanted(bulk(BulkAct.CLOSE, reason=ClosedAs.SPAM), talk(forgotten_at=NOW))


def test_what_was_done_before_a_crash_is_counted() -> None:
    before = NOW - timedelta(minutes=1)
    assert rules.already(bulk(), talk(S.OWNED, ME, owned_at=NOW))
    assert not rules.already(bulk(), talk(S.OWNED, ME, owned_at=before))
    assert not rules.already(bulk(), talk(S.OWNED, OTHER, owned_at=NOW))
    closes = bulk(BulkAct.CLOSE, reason=ClosedAs.SPAM)
    assert rules.already(closes, talk(S.CLOSED, closed_by=ME, closed_as=ClosedAs.SPAM))
    assert not rules.already(closes, talk(S.CLOSED, closed_by=ME, closed_as=ClosedAs.LEGAL))
    assert not rules.already(closes, talk(S.CLOSED, closed_by=OTHER, closed_as=ClosedAs.SPAM))


def test_batch_by_batch_to_the_end() -> None:
    first = rules.batch_done(bulk(), 50, 48, NOW)
    assert (first.place, first.done, first.passed, first.attention) == (50, 48, 2, NOW + rules.PAUSE)
    last = rules.all_done(first, NOW)
    assert (last.state, last.attention, last.over) == (BulkState.DONE, None, True)


def test_answers_are_over_when_the_last_one_left() -> None:
    some = rules.batch_done(bulk(BulkAct.ANSWER, texts=("a", "b")), 10, 10, NOW)
    waits = rules.all_done(some, NOW + rules.PAUSE)
    assert (waits.state, waits.attention) == (BulkState.RUNNING, NOW + UNDO)
    slow = rules.all_done(waits, NOW + UNDO, unsent=True)
    assert (slow.state, slow.attention) == (BulkState.RUNNING, NOW + UNDO + rules.WAITS)
    assert rules.all_done(slow, NOW + UNDO + rules.WAITS).state is BulkState.DONE


@pytest.mark.parametrize(
    ("done", "every", "wait"), [(10, 10.0, 2), (40, 10.0, 2), (50, 10.0, 100), (140, 10.0, 1000), (140, 0.0, 2)]
)
def test_answers_keep_the_networks_pace(done: int, every: float, wait: int) -> None:
    """Fifty leave as they are written; from then on one in ten seconds, ten at a time."""
    before = bulk(BulkAct.ANSWER, texts=("a", "b"), done=done - 10)
    assert rules.batch_done(before, 10, 10, NOW, every=every).attention == NOW + timedelta(seconds=wait)
    assert rules.batch_done(bulk(done=done), 50, 50, NOW, every=every).attention == NOW + rules.PAUSE
    hides = rules.batch_done(bulk(BulkAct.HIDE, done=25), 25, 25, NOW, every=20.0)
    assert hides.attention == NOW + timedelta(seconds=1000)


def test_variations_take_turns_and_answers_are_known_by_their_ids() -> None:
    answers = bulk(BulkAct.ANSWER, texts=("a", "b", "c"))
    assert [answers.text_of(n) for n in range(5)] == ["a", "b", "c", "a", "b"]
    assert rules.for_many(answers.answer_id("c"))
    assert not rules.for_many("d41d8cd98f00")


@pytest.mark.parametrize(
    ("texts", "field", "key"),
    [
        (("Hola", ""), "text2", "error.variations_few"),
        (("", " ", "Hola"), "text", "error.variations_few"),
        (("Hola", "¡HOLA!", "Adiós"), "text2", "error.variations_same"),
        (("Hola", "Adiós", "hóla..."), "text3", "error.variations_same"),
    ],
)
def test_variations_that_are_none(texts: tuple[str, ...], field: str, key: str) -> None:
    named = {"text" if n == 0 else f"text{n + 1}": text for n, text in enumerate(texts)}
    with pytest.raises(FieldErrors) as refused:
        rules.variations(named)
    assert {name: error.key for name, error in refused.value.fields.items()} == {field: key}


def test_taking_back_looks_until_a_whole_round_finds_nothing() -> None:
    begun = rules.undo(bulk(BulkAct.ANSWER, texts=("a", "b"), place=30), OTHER, NOW)
    assert (begun.state, begun.place, begun.undone_by, begun.by) == (BulkState.UNDOING, 0, OTHER, ME)
    some = rules.taken_back(begun, 10, 8, NOW)
    again = rules.taken_back(some, 0, 0, NOW)
    assert (again.state, again.place, again.undone) == (BulkState.UNDOING, 0, 8)
    over = rules.taken_back(rules.taken_back(again, 10, 0, NOW), 0, 0, NOW)
    assert (over.state, over.attention) == (BulkState.UNDONE, None)


def test_what_cannot_be_taken_back() -> None:
    with pytest.raises(UserError, match="bulk_over"):
        rules.undo(bulk(BulkAct.ANSWER, state=BulkState.DONE), ME, NOW)
    with pytest.raises(AlreadyDone, match="bulk_undone"):
        rules.undo(bulk(BulkAct.ANSWER, state=BulkState.UNDOING, undone_by=OTHER), ME, NOW)


@pytest.mark.parametrize("act", [BulkAct.CLAIM, BulkAct.HIDE, BulkAct.CLOSE])
def test_anything_else_goes_no_further(act: BulkAct) -> None:
    halted = rules.undo(bulk(act, done=7), OTHER, NOW)
    assert (halted.state, halted.done, halted.undone_by, halted.attention) == (BulkState.STOPPED, 7, OTHER, None)


def test_what_stops_is_over() -> None:
    stopped = rules.stop(bulk(), "error.no_role")
    assert (stopped.over, stopped.attention, stopped.problem) == (True, None, "error.no_role")
    assert "bulks" not in stopped.indexes()
    assert "bulks" in bulk().indexes()
