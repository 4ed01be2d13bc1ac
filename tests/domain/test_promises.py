"""By when a conversation wants its answer and its end, and who is warned when: only in working time, each once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain import conversing as talks
from bot.domain import handling
from bot.domain.conversations import WARN, ClosedAs, Conversation, ConversationStatus, Targets, Words
from bot.domain.hours import Hours, Opening
from bot.domain.promises import Rung, next_rung, warned, with_targets
from bot.domain.records import score
from tests.domain.test_handling import talk

MADRID = ZoneInfo("Europe/Madrid")
WEEK = (
    Opening(days=frozenset(range(5)), start=9 * 60, end=14 * 60),
    Opening(days=frozenset(range(5)), start=16 * 60, end=19 * 60),
)
HOURS = Hours(week=WEEK, answer=40, resolve=480)
S = ConversationStatus


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=MADRID).astimezone(UTC)


def said(when: datetime, ref: str = "r1") -> Words:
    return Words(ref=ref, kind="comment", text="¿Abrís?", at=when)


def waiting(when: datetime, **more: Any) -> Conversation:
    new = talk(heard=(said(when),), created_at=when, **more)
    return with_targets(new, HOURS, MADRID)


def test_the_clock_runs_in_working_time() -> None:
    targets = waiting(at(3, 13, 50)).targets
    assert targets == Targets(answer=at(3, 16, 30), resolve=at(4, 13, 50), warn=at(3, 16, 20))
    assert waiting(at(7, 3)).targets.answer == at(9, 9, 40)


def test_nothing_is_promised_where_no_target_is_set() -> None:
    free = with_targets(talk(), Hours(week=WEEK), MADRID)
    assert free.targets == Targets()
    assert WARN not in free.indexes()
    assert not any(name.startswith("due:") for name in free.indexes())


def test_it_stands_where_the_engine_and_the_late_list_look() -> None:
    names = waiting(at(3, 9)).indexes()
    assert names["due:agora"] == score(at(3, 9, 40))
    assert names[WARN] == score(at(3, 9, 30))


def test_an_answer_stops_the_first_clock_and_what_is_said_next_starts_it_again() -> None:
    answered = with_targets(talks.answered(waiting(at(3, 9)), "r1"), HOURS, MADRID)
    assert (answered.targets.answer, answered.targets.resolve) == (None, at(3, 19))
    again = with_targets(talks.hear(answered, said(at(3, 10), "r2"), at(3, 10)), HOURS, MADRID)
    assert again.targets.answer == at(3, 10, 40)
    both = with_targets(talks.hear(waiting(at(3, 9)), said(at(3, 9, 20), "r2"), at(3, 9, 20)), HOURS, MADRID)
    assert both.targets.answer == at(3, 9, 40), "the first words wait longest"


def test_closing_ends_both_and_reopening_begins_again() -> None:
    closed = with_targets(talks.close(waiting(at(3, 9)), "T:ANA", at(3, 9, 10), ClosedAs.NO_REPLY), HOURS, MADRID)
    assert closed.targets == Targets()
    again = with_targets(talks.reopen(closed, "T:ANA", at(3, 10)), HOURS, MADRID)
    assert (again.targets.answer, again.targets.resolve) == (at(3, 9, 40), at(4, 10))
    heard = with_targets(talks.hear(closed, said(at(3, 11), "r2"), at(3, 11)), HOURS, MADRID)
    assert (heard.targets.answer, heard.targets.resolve) == (at(3, 11, 40), at(4, 11))


def test_what_is_put_off_waits_for_nothing_until_it_is_back() -> None:
    asleep = with_targets(handling.snooze(waiting(at(3, 9)), at(4, 9), "T:ANA", at(3, 9)), HOURS, MADRID)
    assert asleep.targets == Targets()
    back = with_targets(handling.wake(asleep, at(4, 9)), HOURS, MADRID)
    assert back.targets.answer == at(3, 9, 40)


def test_the_owner_then_the_role_then_the_channel_each_at_its_working_time() -> None:
    mine = waiting(at(3, 13, 50), status=S.OWNED, owner="T:ANA")
    steps = []
    while (rung := next_rung(mine)) is not None:
        steps.append((rung, mine.targets.warn))
        mine = warned(mine, HOURS, MADRID)
    assert steps == [(Rung.OWNER, at(3, 16, 20)), (Rung.ROLE, at(3, 16, 30)), (Rung.CHANNEL, at(3, 16, 50))]
    assert mine.targets.warn is None
    assert WARN not in mine.indexes()


def test_what_nobody_has_begins_with_those_who_moderate_as_early() -> None:
    free = waiting(at(3, 9))
    assert (next_rung(free), free.targets.warn) == (Rung.ROLE, at(3, 9, 30))
    told = warned(free, HOURS, MADRID)
    assert (next_rung(told), told.targets.warn) == (Rung.CHANNEL, at(3, 10))


def test_a_warning_is_not_repeated_for_the_same_target_and_a_new_one_begins_again() -> None:
    told = warned(waiting(at(3, 9)), HOURS, MADRID)
    taken = with_targets(talks.claim(told, "T:ANA", at(3, 9, 35)), HOURS, MADRID)
    assert taken.targets.rung == Rung.ROLE
    assert next_rung(taken) is Rung.CHANNEL
    answered = with_targets(talks.answered(taken, "r1"), HOURS, MADRID)
    assert (answered.targets.rung, next_rung(answered)) == (Rung.NOBODY, Rung.OWNER)


@pytest.mark.parametrize("status", S)
def test_looking_again_changes_nothing(status: S) -> None:
    once = waiting(at(3, 9), status=status, owner="" if status is S.NEW else "T:ANA")
    assert with_targets(once, HOURS, MADRID) is once
    assert once.targets.warn is None or once.targets.warn > at(3, 9) - timedelta(minutes=1)
