"""An alarm's ladder, cell by cell: who is next, who has it, when it is over, and what becomes one alarm."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import alarms as rules
from bot.domain.alarms import LADDER, MOST, PATIENCE, REMIND, Alarm, AlarmKind, AlarmState, Rung, Thing
from bot.errors import AlreadyDone, NotAllowed

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
ANA, BEA, CARLA, ALMA = "T:ANA", "T:BEA", "T:CARLA", "T:ALMA"
EVERYBODY: Mapping[Rung, Sequence[str]] = {
    Rung.DUTY: (ANA,),
    Rung.DEPUTY: (BEA,),
    Rung.ADMINS: (CARLA,),
    Rung.WORKSPACE: (ALMA,),
}


def alarm(kind: AlarmKind = AlarmKind.REFUSED, **more: object) -> Alarm:
    things = (Thing(subject="d1#1"),)
    given = {"id": "a", "kind": kind, "brand": "b", "things": things, "raised_at": NOW}
    return Alarm.model_validate({**given, "attention": NOW, **more})


def climb(
    found: Alarm, ladder: Mapping[Rung, Sequence[str]], *, hook: bool = True
) -> tuple[Alarm, list[tuple[Rung, tuple[str, ...]]]]:
    """Ring until nobody is left."""
    rung, now = [], NOW
    while (step := rules.next_step(found, ladder, hook=hook)) is not None:
        rung.append((step.rung, step.members))
        found = rules.ring(found, step, now)
        assert found.attention == now + PATIENCE
        now += PATIENCE
    return rules.ring(found, None, now), rung


def test_one_after_the_other_to_the_webhook() -> None:
    done, rung = climb(alarm(), EVERYBODY)
    expected = [(Rung.DUTY, (ANA,)), (Rung.DEPUTY, (BEA,)), (Rung.ADMINS, (CARLA,)), (Rung.WORKSPACE, (ALMA,))]
    assert rung == [*expected, (Rung.WEBHOOK, ())]
    assert [each.who for each in done.told] == [ANA, BEA, CARLA, ALMA, ""]
    assert (done.attention, done.rung) == (None, len(LADDER))
    assert "alarms:due" not in done.indexes()
    assert "alarms" in done.indexes()


@pytest.mark.parametrize("empty", [{Rung.DUTY}, {Rung.DUTY, Rung.DEPUTY}, {Rung.DEPUTY, Rung.ADMINS}, set(Rung)])
def test_an_empty_rung_is_skipped_at_once(empty: set[Rung]) -> None:
    ladder = {rung: who for rung, who in EVERYBODY.items() if rung not in empty}
    _, rung = climb(alarm(), ladder, hook=False)
    assert [each for each, _ in rung] == [each for each in LADDER if each in ladder]


def test_nobody_is_rung_twice_on_the_way_up() -> None:
    ladder = {Rung.DUTY: (ANA, BEA), Rung.DEPUTY: (BEA,), Rung.ADMINS: (ANA, CARLA), Rung.WORKSPACE: (CARLA,)}
    _, rung = climb(alarm(), ladder, hook=False)
    assert rung == [(Rung.DUTY, (ANA, BEA)), (Rung.ADMINS, (CARLA,))]


@pytest.mark.parametrize("state", AlarmState)
def test_take_release_and_over_in_each_state(state: AlarmState) -> None:
    taken = state is AlarmState.TAKEN
    more = {"taken_by": ANA, "taken_at": NOW} if taken else {"over_at": NOW} if state is AlarmState.OVER else {}
    found = alarm(state=state, **more)
    if state is AlarmState.RINGING:
        mine = rules.take(found, BEA, NOW)
        assert (mine.state, mine.taken_by, mine.attention) == (AlarmState.TAKEN, BEA, NOW + REMIND)
        assert rules.release(found, BEA, NOW).refused == (BEA,)
        with pytest.raises(AlreadyDone, match="alarm_refused"):
            rules.release(rules.release(found, BEA, NOW), BEA, NOW)
    elif taken:
        for who in (ANA, BEA):
            with pytest.raises(AlreadyDone, match="alarm_taken"):
                rules.take(found, who, NOW)
        with pytest.raises(NotAllowed):
            rules.release(found, BEA, NOW)
    else:
        for act in (rules.take, rules.release):
            with pytest.raises(AlreadyDone, match="alarm_over"):
                act(found, ANA, NOW)
    over = rules.settle(found, "d1#1", NOW)
    assert over.state is AlarmState.OVER
    assert over.attention is None or state is AlarmState.OVER


def test_i_cant_rings_on_at_once_and_never_the_same_person() -> None:
    found = rules.ring(alarm(), rules.next_step(alarm(), EVERYBODY, hook=False), NOW)
    soon = NOW + timedelta(minutes=1)
    mine = rules.take(found, ANA, soon)
    let_go = rules.release(mine, ANA, soon)
    assert (let_go.state, let_go.taken_by, let_go.attention) == (AlarmState.RINGING, "", soon)
    step = rules.next_step(let_go, {**EVERYBODY, Rung.ADMINS: (ANA,)}, hook=False)
    assert step is not None
    assert step.members == (BEA,)
    two = alarm(told=[{"rung": "duty", "who": ANA, "at": NOW}, {"rung": "duty", "who": BEA, "at": NOW}])
    assert rules.release(two, ANA, soon).attention == NOW  # Bea was rung as well, and has her time
    assert rules.release(rules.release(two, ANA, soon), BEA, soon).attention == soon


def test_after_everybody_was_rung_i_cant_climbs_anew_without_them() -> None:
    done, _ = climb(alarm(), EVERYBODY, hook=False)
    later = NOW + timedelta(hours=1)
    again = rules.release(rules.take(done, BEA, later), BEA, later)
    assert again.rung == 0
    _, rung = climb(again, EVERYBODY, hook=False)
    assert [who for _, who in rung] == [(ANA,), (CARLA,), (ALMA,)]


def test_whoever_has_it_is_reminded_once() -> None:
    mine = rules.take(alarm(), ANA, NOW)
    assert mine.indexes()["alarms:due"] == (NOW + REMIND).timestamp() * 1000
    told = rules.remind(mine, NOW + REMIND)
    assert (told.attention, told.reminded_at) == (None, NOW + REMIND)
    assert told.indexes()["alarms_of:T:ANA"]


def test_an_outage_is_one_alarm_and_over_with_its_last_thing() -> None:
    found = alarm()
    assert rules.takes_in(found, NOW + timedelta(seconds=59))
    assert not rules.takes_in(found, NOW + timedelta(seconds=60))
    assert not rules.takes_in(rules.take(found, ANA, NOW), NOW)
    assert not rules.takes_in(alarm(AlarmKind.REMOVED), NOW)
    for number in range(2, MOST + 1):
        found = rules.join(found, f"d{number}#1", {})
    assert not rules.takes_in(found, NOW)
    for number in range(1, MOST):
        found = rules.settle(found, f"d{number}#1", NOW)
    assert (found.state, len(found.open)) == (AlarmState.RINGING, 1)
    assert rules.settle(found, "d1#1", NOW) is found
    assert rules.settle(found, f"d{MOST}#1", NOW).state is AlarmState.OVER


def test_whoever_caused_it_is_never_rung() -> None:
    thing = Thing(subject="p1", detail={"by": ANA})
    found = alarm(AlarmKind.REMOVED).model_copy(update={"things": (thing,)})
    _, rung = climb(found, EVERYBODY, hook=False)
    assert ANA not in {who for _, members in rung for who in members}
    assert rung[0][1] == (BEA,)
    assert rules.next_step(alarm().model_copy(update={"things": (thing,)}), EVERYBODY, hook=False).members == (ANA,)  # type: ignore[union-attr]


def test_waiting_for_a_shift_is_no_rung() -> None:
    monday = NOW + timedelta(hours=6)
    waiting = rules.wait(alarm(), monday)
    assert (waiting.rung, waiting.attention, waiting.waits) == (0, monday, monday)
    step = rules.next_step(waiting, EVERYBODY, hook=False)
    assert rules.ring(waiting, step, monday).waits is None


def test_a_question_names_its_delivery_and_its_number() -> None:
    assert rules.asked_in(rules.question("x-1#odd", 12)) == ("x-1#odd", 12)


def test_whoever_came_to_a_lower_rung_since_is_rung_first() -> None:
    found = rules.ring(alarm(), rules.next_step(alarm(), EVERYBODY, hook=True), NOW)
    step = rules.next_step(found, {**EVERYBODY, Rung.DUTY: ("T:DORA",)}, hook=True)
    assert step is not None
    assert (step.rung, step.members) == (Rung.DUTY, ("T:DORA",))
    followed = rules.ring(found, step, NOW)
    assert followed.rung == found.rung  # the deputy's turn is not lost
    after = rules.next_step(followed, EVERYBODY, hook=True)
    assert after is not None
    assert after.members == (BEA,)


def test_the_webhook_is_called_once_a_round_though_a_shift_begins_after_it() -> None:
    done, _ = climb(alarm(), EVERYBODY)
    assert rules.next_step(done, EVERYBODY, hook=True) is None
    later = NOW + timedelta(hours=1)
    ladder = {**EVERYBODY, Rung.DUTY: ("T:DORA",)}
    step = rules.next_step(rules.wake(done, later), ladder, hook=True)
    assert step is not None
    assert step.members == ("T:DORA",)
    rung = rules.ring(rules.wake(done, later), step, later)
    assert rules.next_step(rung, ladder, hook=True) is None


def test_a_holder_who_left_is_named_and_everybody_is_rung_again() -> None:
    later = NOW + timedelta(hours=1)
    held = rules.take(climb(alarm(), EVERYBODY)[0], BEA, NOW)
    free = rules.lapse(held, later)
    assert (free.state, free.lost, free.taken_by, free.attention) == (AlarmState.RINGING, (BEA,), "", later)
    step = rules.next_step(free, EVERYBODY, hook=True)
    assert step is not None
    assert step.members == (ANA,)
