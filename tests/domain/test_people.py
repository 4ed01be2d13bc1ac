"""People outside, as a brand knows them: pure rules, cell by cell."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import people as rules
from bot.domain.conversations import (
    ClosedAs,
    Conversation,
    ConversationStatus,
    Outsider,
    Step,
    Words,
    person_id,
)
from bot.domain.heard import forget_person
from bot.domain.moods import Tone
from bot.domain.people import NOTE, TAG, TAGS, Person, Relationship, Sign
from bot.domain.records import upgraded
from bot.errors import AlreadyDone, UserError

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LUCIA = Outsider(id="9", handle="lucia_ñ", name="Lucía Núñez", followers=120)


def person(**more: object) -> Person:
    return rules.met(LUCIA, "agora", "x", NOW).model_copy(update=more)


def said(*tones: Tone, days: int = 1, text: str = "", since: int = 0) -> Conversation:
    """One thing said every `days` days, the last `since` days ago."""
    last = NOW - timedelta(days=since)
    heard = [
        Words(ref=f"r{n}", kind="comment", text=text or f"cosa {n}", at=last - timedelta(days=days * n), tone=tone)
        for n, tone in enumerate(tones)
    ]
    return Conversation(
        id="c", brand="agora", account="x-1", network="x", person=LUCIA, heard=tuple(reversed(heard)),
        changed_at=NOW, created_at=NOW,
    )  # fmt: skip


def test_one_record_for_each_brand_and_network_without_a_name_in_its_id() -> None:
    ids = {person_id(brand, network, who) for brand in "ab" for network in "xy" for who in "12"}
    assert len(ids) == 8
    assert person().id == person_id("agora", "x", "9") == said(Tone.NEUTRAL).who
    assert "lucia" not in person().id


def test_somebody_is_found_by_the_words_of_name_handle_and_tag_without_accents() -> None:
    names = person(tags=("Prensa Local",), advocate_by="T:U1").indexes()
    for word in ("lucia", "nunez", "luc", "nun"):
        assert f"people:agora:named:{word}" in names
    assert "people:agora:tagged:prensa local" in names
    assert "advocates:agora" in names
    assert "advocates:agora" not in person().indexes()


@pytest.mark.parametrize(
    ("outsider", "later", "changes"),
    [
        (LUCIA, timedelta(hours=2), False),
        (LUCIA.model_copy(update={"followers": 121}), timedelta(hours=2), False),
        (LUCIA.model_copy(update={"name": "Lucía N."}), timedelta(hours=2), True),
        (LUCIA, timedelta(days=2), True),
    ],
)
def test_a_record_is_written_again_only_for_news(outsider: Outsider, later: timedelta, changes: bool) -> None:
    old = person()
    new = rules.met_again(old, outsider, NOW + later)
    assert (new is not old) == changes
    assert not changes or (new.outsider, new.seen_at) == (outsider, NOW + later)


def test_tags_are_clean_each_once_and_few() -> None:
    assert rules.tag(person(), [" #vip ", "vip", "", "de  casa"]).tags == ("vip", "de casa")
    for bad in (["x" * (TAG + 1)], [str(n) for n in range(TAGS + 1)]):
        with pytest.raises(UserError):
            rules.tag(person(), bad)


def test_notes_add_up_and_say_who_and_when() -> None:
    noted = rules.note(rules.note(person(), " viene los martes ", "T:U1", NOW), "celíaca", "T:U2", NOW)
    assert [(each.by, each.text) for each in noted.notes] == [("T:U1", "viene los martes"), ("T:U2", "celíaca")]
    assert rules.note(noted, " celíaca ", "T:U2", NOW) is noted
    assert len(rules.note(noted, "celíaca", "T:U1", NOW).notes) == 3
    for bad in ("", "  ", "x" * (NOTE + 1)):
        with pytest.raises(UserError):
            rules.note(person(), bad, "T:U1", NOW)
    full = person(notes=noted.notes * rules.NOTES)
    with pytest.raises(UserError):
        rules.note(full, "una más", "T:U1", NOW)


def test_an_advocate_is_confirmed_once_and_can_be_taken_back() -> None:
    sure = rules.confirm(person(), "T:U1", NOW)
    with pytest.raises(AlreadyDone):
        rules.confirm(sure, "T:U2", NOW)
    assert rules.unconfirm(sure) == person()
    assert rules.relate(person(), Relationship.GIFT).relationship is Relationship.GIFT


def test_two_profiles_are_one_human_both_ways_and_two_after_all() -> None:
    other = rules.met(LUCIA.model_copy(update={"id": "77"}), "agora", "facebook", NOW)
    mine, theirs = rules.link(person(), other)
    assert (mine.linked, theirs.linked) == ((other.id,), (person().id,))
    assert rules.link(mine, theirs) == (mine, theirs)
    assert rules.unlink(mine, theirs) == (person(), other)
    for not_to in (person(), other.model_copy(update={"brand": "northwind"})):
        with pytest.raises(UserError):
            rules.link(person(), not_to)


P, N, U = Tone.POSITIVE, Tone.NEGATIVE, Tone.NEUTRAL


@pytest.mark.parametrize(
    ("talks", "advocate", "flagged"),
    [
        ([], {}, {}),
        ([said(P, P)], {}, {}),
        ([said(P, P, P)], {Sign.KIND_WORDS: 3, Sign.NEVER_CROSS: 3}, {}),
        ([said(P, P, P, U)], {Sign.KIND_WORDS: 3, Sign.NEVER_CROSS: 4}, {}),
        ([said(P, P, P, days=0)], {}, {}),  # one day only
        ([said(P, P, P, N)], {}, {}),
        ([said(P, P, P, since=200)], {}, {}),  # long ago
        ([said(N, N, N)], {}, {Sign.HOSTILE: 3}),
        ([said(N, N, N, since=40)], {}, {}),
        ([said(U, U, U, text="¡Compra YA!")], {}, {Sign.REPEATS: 3}),
        ([said(U, text="mira http://a.example/1"), said(U, text="http://a.example/2"), said(U, text="www.a.example")],
         {}, {Sign.LINKS: 3}),
    ],
)  # fmt: skip
def test_behaviour_suggests_with_its_numbers(
    talks: list[Conversation], advocate: dict[Sign, int], flagged: dict[Sign, int]
) -> None:
    found = rules.history(talks, NOW)
    assert (dict(found.advocate), dict(found.flagged)) == (advocate, flagged)


def test_a_history_counts_by_tone_and_month() -> None:
    found = rules.history([said(P, N, U, days=20)], NOW)
    assert (found.conversations, found.heard, found.last) == (1, 3, NOW)
    assert [month for month, _ in found.months] == ["2026-01", "2026-02", "2026-03"]
    assert found.months[-1][1][P] == 1
    assert found.tones[N] == 1


def test_what_is_forgotten_says_nothing_and_stays_closed() -> None:
    talk = said(P, N).model_copy(update={"owner": "T:U1", "status": ConversationStatus.OWNED})
    gone = forget_person(talk, "T:U2", NOW)
    told = gone.model_dump_json()
    assert not [secret for secret in ("Lucía", "lucia", "cosa", "120") if secret in told]
    assert (gone.status, gone.closed_as) == (ConversationStatus.CLOSED, ClosedAs.NO_REPLY)
    assert [each.ref for each in gone.heard] == [each.ref for each in talk.heard]
    for step in Step:
        with pytest.raises(UserError, match=r"error\.forgotten"):
            gone.step(step)


def test_who_is_something_to_the_brand_is_found_by_that_also_after_an_upgrade() -> None:
    known = rules.relate(person(), Relationship.GIFT)
    assert f"people:{known.brand}:related" in known.indexes()
    assert f"people:{known.brand}:related" not in person().indexes()
    old = known.model_dump(mode="json")
    assert Person.model_validate(upgraded(Person, old, 1)) == known
