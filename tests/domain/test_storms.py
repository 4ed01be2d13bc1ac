"""What is usual, when a storm begins and is over, who gets a card, and when some are a crowd."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import storms as rules
from bot.domain.storms import Crowd, Storm, Tide

NOW = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def rising(tide: Tide, count: int, at: datetime, span: timedelta = MINUTE) -> Tide:
    """So many comments, spread evenly over a time."""
    return rules.rise(tide, [at + span * n / count for n in range(count)], at + span)


def a_week(tide: Tide, an_hour: int, days: int = 7) -> tuple[Tide, datetime]:
    """Days of the same."""
    at = NOW
    for _ in range(days * 24):
        tide = rising(tide, an_hour, at, HOUR)
        at += HOUR
    return tide, at


@pytest.mark.parametrize(("network", "usual"), [("x", 6.0), ("facebook", 6.0), ("practice", rules.ANYWHERE)])
def test_where_nothing_is_known_the_table_says_what_is_usual(network: str, usual: float) -> None:
    assert rules.tide("a", network, NOW).usual == usual


@pytest.mark.parametrize("an_hour", [0, 1, 20, 200])
def test_the_usual_is_learned(an_hour: int) -> None:
    """From what is said, over a few weeks; a busy account's storm is another one than a quiet one's."""
    tide, _ = a_week(rules.tide("a", "x", NOW), an_hour, 35)
    assert tide.usual == pytest.approx(an_hour, rel=0.1, abs=0.3)
    assert rules.threshold(tide.usual) == pytest.approx(max(30, an_hour), rel=0.1)


def test_a_storm_is_not_taken_for_the_usual() -> None:
    before, at = a_week(rules.tide("a", "x", NOW), 6, 14)
    after = before
    for minute in range(180):
        after = rising(after, 100, at + minute * MINUTE)
    assert after.usual < before.usual * 1.2
    assert rules.rages(after, at + 180 * MINUTE, before.usual)


@pytest.mark.parametrize(("count", "storm"), [(1, False), (29, False), (30, True), (500, True)])
def test_many_within_ten_minutes_are_a_storm(count: int, storm: bool) -> None:
    said = [NOW - timedelta(minutes=9) + timedelta(minutes=9) * n / count for n in range(count)]
    tide = rules.rise(rules.tide("a", "x", NOW), said, NOW)
    assert (rules.surge(tide, said, NOW) >= rules.threshold(6.0)) is storm


def test_as_many_over_an_hour_are_none_and_neither_is_old_news() -> None:
    said = [NOW - HOUR + MINUTE * n for n in range(60)]
    tide = rules.rise(rules.tide("a", "x", NOW), said, NOW)
    assert rules.surge(tide, said, NOW) < 30
    old = [NOW - 3 * HOUR] * 500
    tide = rules.rise(rules.tide("a", "x", NOW), old, NOW)
    assert rules.surge(tide, old, NOW) == 0


def test_a_clock_that_is_ahead_counts_as_now() -> None:
    said = [NOW + HOUR] * 40
    tide = rules.rise(rules.tide("a", "x", NOW), said, NOW)
    assert rules.surge(tide, said, NOW) == 40
    assert rules.rise(tide, [NOW - HOUR], NOW - HOUR).at == NOW


def test_cards_come_back_one_in_four_seconds() -> None:
    tide = rules.tide("a", "x", NOW).model_copy(update={"room": 0.0})
    assert rules.rise(tide, [NOW], NOW + timedelta(seconds=8)).room == 2
    assert rules.rise(tide, [NOW], NOW + HOUR).room == rules.CARDS


def test_a_storm_is_over_when_it_is_calm() -> None:
    said = [NOW] * 100
    tide = rules.rise(rules.tide("a", "x", NOW), said, NOW)
    storm = Storm(
        id="s", brand="b", account="a", network="x", usual=6.0, began_at=NOW, heard_at=NOW, surge_at=NOW, count=100
    )
    assert not rules.over(storm, tide, NOW + 14 * MINUTE)
    assert rules.over(storm, tide, NOW + 15 * MINUTE)
    going_on = rules.rise(tide, [NOW + 14 * MINUTE] * 15, NOW + 14 * MINUTE)
    assert not rules.over(storm, going_on, NOW + 15 * MINUTE)


def crowd(**more: object) -> Crowd:
    given = {"id": "k", "brand": "b", "account": "a", "network": "x", "keys": ("=x",), "first": "c1"}
    return Crowd.model_validate({**given, "began_at": NOW, "joined_at": NOW, "keyed_at": NOW, **more})


def test_four_different_people_are_a_crowd_and_one_who_repeats_is_none() -> None:
    found = crowd()
    for who in ("ana", "ana", "luis", "ana", "eva", "eva"):
        found = rules.join(found, who, NOW)
        assert found.formed_at is None
    assert found.indexes() == {}
    found = rules.join(found, "pepe", NOW + MINUTE)
    assert (found.count, found.formed_at) == (7, NOW + MINUTE)
    assert set(found.indexes()) == {"crowds", "crowds:grown"}
    for n in range(100):
        found = rules.join(found, f"p{n}", NOW + MINUTE)
    assert (found.count, len(found.who)) == (107, rules.PEOPLE)
    assert set(found.model_copy(update={"told": 107}).indexes()) == {"crowds"}


def test_a_crowd_that_nobody_joins_takes_nobody_in_any_more() -> None:
    assert rules.open_to(crowd(), NOW + 10 * MINUTE)
    assert not rules.open_to(crowd(), NOW + 11 * MINUTE)
