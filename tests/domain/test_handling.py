"""Working on conversations, rule by rule: who has it, until when it is put off, who is at it, what it is about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import conversing as talks
from bot.domain import handling as rules
from bot.domain.conversations import (
    ANSWERING,
    SNOOZED,
    Answering,
    ClosedAs,
    Conversation,
    ConversationStatus,
    Escalation,
    Outsider,
    Words,
)
from bot.domain.deliveries import Delivery, Reply, State
from bot.domain.finding import MOST, folded, topic_index, words_in
from bot.domain.handling import LAPSES, SIGN, Later
from bot.domain.records import score
from bot.errors import AlreadyDone, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
S = ConversationStatus


def talk(status: S = S.NEW, owner: str = "", **more: object) -> Conversation:
    given: dict[str, object] = {
        "id": "c1",
        "brand": "agora",
        "account": "x-1",
        "network": "x",
        "person": Outsider(id="9", handle="marta_gil", name="Marta Gil"),
        "heard": (Words(ref="r1", kind="comment", text="¿Abrís el domingo?", at=AT),),
        "status": status,
        "owner": owner,
        "owned_at": AT if owner else None,
        "changed_at": AT,
        "created_at": AT,
    }
    return Conversation.model_validate(given | more)


def answer(state: State = State.PLANNED, to: str = "r1", id_: str = "d1") -> Delivery:
    return Delivery(
        id=id_, brand="agora", account="x-1", network="x", generation=1, due=AT, created_at=AT, state=state,
        reply=Reply(conversation="c1", text="Sí", answers=to, by="T:ANA"),
    )  # fmt: skip


# --- whose it is


@pytest.mark.parametrize("status", [S.NEW, S.OWNED, S.SNOOZED, S.ESCALATED])
def test_whoever_is_given_it_has_it_and_nothing_else_is_left_of_what_it_was(status: S) -> None:
    asked = Escalation(to="T:BRUNO", kind="person", by="T:ANA", at=AT)
    old = talk(status, "T:ANA", snoozed_until=AT, escalation=asked)
    new = rules.assign(old, "T:BEA", AT)
    assert (new.status, new.owner, new.owned_at) == (S.OWNED, "T:BEA", AT)
    assert (new.snoozed_until, new.escalation) == (None, None)


def test_giving_it_to_whoever_has_it_says_so() -> None:
    with pytest.raises(AlreadyDone):
        rules.assign(talk(S.OWNED, "T:ANA"), "T:ANA", AT)
    assert rules.assign(talk(S.ESCALATED, "T:ANA"), "T:ANA", AT).status is S.OWNED


def test_a_closed_one_is_given_to_nobody() -> None:
    with pytest.raises(AlreadyDone):
        rules.assign(talk(S.CLOSED), "T:ANA", AT)


# --- put off


@pytest.mark.parametrize(
    ("choice", "now", "then"),
    [
        (Later.HOUR, datetime(2026, 3, 3, 9, 30, tzinfo=MADRID), datetime(2026, 3, 3, 10, 30, tzinfo=MADRID)),
        (Later.HOUR, datetime(2026, 3, 29, 1, 30, tzinfo=MADRID), datetime(2026, 3, 29, 3, 30, tzinfo=MADRID)),
        (Later.NEXT, datetime(2026, 3, 3, 0, 0, tzinfo=MADRID), datetime(2026, 3, 3, 16, 0, tzinfo=MADRID)),
        (Later.NEXT, datetime(2026, 3, 3, 14, 59, tzinfo=MADRID), datetime(2026, 3, 3, 16, 0, tzinfo=MADRID)),
        (Later.NEXT, datetime(2026, 3, 3, 15, 0, tzinfo=MADRID), datetime(2026, 3, 4, 9, 0, tzinfo=MADRID)),
        (Later.NEXT, datetime(2026, 12, 31, 23, 0, tzinfo=MADRID), datetime(2027, 1, 1, 9, 0, tzinfo=MADRID)),
        (Later.TOMORROW, datetime(2026, 3, 3, 8, 0, tzinfo=MADRID), datetime(2026, 3, 4, 9, 0, tzinfo=MADRID)),
        (Later.TOMORROW, datetime(2026, 3, 28, 12, 0, tzinfo=MADRID), datetime(2026, 3, 29, 9, 0, tzinfo=MADRID)),
    ],
)
def test_the_choices_mean_the_brands_wall(choice: Later, now: datetime, then: datetime) -> None:
    found = rules.later(choice, now.astimezone(UTC), MADRID)
    assert found == then.astimezone(UTC)
    assert found.tzinfo is UTC


def test_putting_off_takes_what_nobody_has_and_leaves_what_somebody_has() -> None:
    until = AT + timedelta(hours=1)
    mine = rules.snooze(talk(), until, "T:ANA", AT)
    assert (mine.status, mine.owner, mine.snoozed_until) == (S.SNOOZED, "T:ANA", until)
    assert rules.snooze(talk(S.OWNED, "T:BEA"), until, "T:ANA", AT).owner == "T:BEA"
    again = rules.snooze(mine, until + timedelta(hours=1), "T:BEA", AT)
    assert (again.owner, again.snoozed_until) == ("T:ANA", until + timedelta(hours=1))


@pytest.mark.parametrize("until", [AT, AT - timedelta(seconds=1), AT + timedelta(days=366)])
def test_only_a_moment_to_come_within_a_year(until: datetime) -> None:
    with pytest.raises(UserError):
        rules.snooze(talk(), until, "T:ANA", AT)


def test_it_comes_back_to_whoever_had_it_also_when_the_person_writes() -> None:
    asleep = rules.snooze(talk(), AT + timedelta(hours=1), "T:ANA", AT)
    woken = rules.wake(asleep, AT)
    assert (woken.status, woken.owner, woken.snoozed_until) == (S.OWNED, "T:ANA", None)
    heard = talks.hear(asleep, Words(ref="r2", kind="comment", text="¿Hola?", at=AT), AT)
    assert (heard.status, heard.owner, heard.snoozed_until) == (S.OWNED, "T:ANA", None)
    with pytest.raises(UserError):
        rules.wake(woken, AT)


def test_nobody_claims_what_somebody_put_off() -> None:
    with pytest.raises(AlreadyDone):
        talks.claim(rules.snooze(talk(), AT + timedelta(hours=1), "T:ANA", AT), "T:BEA", AT)


# --- escalated


def test_whoever_has_it_keeps_it_until_somebody_takes_it() -> None:
    asked = Escalation(to="moderator", kind="role", by="T:ANA", at=AT, note="legal")
    waiting = rules.escalate(talk(S.OWNED, "T:ANA"), asked)
    assert (waiting.status, waiting.owner, waiting.escalation) == (S.ESCALATED, "T:ANA", asked)
    heard = talks.hear(waiting, Words(ref="r2", kind="comment", text="¿Hola?", at=AT), AT)
    assert (heard.status, heard.escalation) == (S.ESCALATED, asked)
    taken = talks.claim(heard, "T:BEA", AT)
    assert (taken.status, taken.owner, taken.escalation) == (S.OWNED, "T:BEA", None)
    assert talks.close(heard, "T:ANA", AT, ClosedAs.LEGAL).escalation is None


# --- topics


def test_topics_are_the_brands_in_its_order_and_old_ones_stay() -> None:
    known = ("Horarios", "Precios", "Pedidos")
    both = rules.talk_about(talk(), ["pedidos", "Horarios", "unknown"], known, AT)
    assert both.topics == ("Horarios", "Pedidos")
    assert rules.talk_about(both, ["Pedidos", "Horarios"], known, AT) is both
    shorter = rules.talk_about(both, ["Horarios", "Pedidos"], ("Horarios",), AT)
    assert shorter.topics == ("Horarios", "Pedidos"), "a topic that was taken off the list stays where it was said"
    assert rules.talk_about(both, [], known, AT).topics == ()


# --- who is answering


def test_an_open_form_is_seen_lapses_and_is_given_up() -> None:
    began = rules.answering(talk(), "T:ANA", AT)
    assert [each.who for each in began.answering] == ["T:ANA"]
    assert rules.answering(began, "T:ANA", AT + SIGN - timedelta(seconds=1)) is began
    later = rules.answering(began, "T:ANA", AT + SIGN)
    assert (later.answering[0].since, later.answering[0].seen) == (AT, AT + SIGN)
    assert rules.lapsed(later, AT + SIGN + LAPSES - timedelta(seconds=1)) is later
    assert rules.lapsed(later, AT + SIGN + LAPSES).answering == ()
    assert rules.not_answering(later, "T:ANA").answering == ()
    assert rules.not_answering(later, "T:BEA") is later


def test_who_comes_back_after_five_minutes_begins_anew_and_a_clock_put_back_holds_nobody() -> None:
    began = rules.answering(talk(), "T:ANA", AT)
    again = rules.answering(began, "T:ANA", AT + LAPSES)
    assert again.answering == (Answering(who="T:ANA", since=AT + LAPSES, seen=AT + LAPSES, drawn=AT + LAPSES),)
    assert rules.lapsed(began, AT - timedelta(minutes=1)).answering == ()


def test_two_at_once_are_both_seen_and_the_card_is_redrawn_every_minute() -> None:
    both = rules.answering(rules.answering(talk(), "T:ANA", AT), "T:BEA", AT + timedelta(seconds=30))
    assert [each.who for each in both.answering] == ["T:ANA", "T:BEA"]
    assert both.indexes()[ANSWERING] == score(AT)
    aged = rules.aged(both, AT + SIGN)
    assert [each.since for each in aged.answering] == [each.since for each in both.answering]
    assert aged.indexes()[ANSWERING] == score(AT + SIGN)


def test_a_collision_is_somebody_else_or_an_answer_to_the_same_words() -> None:
    alone = rules.collision(rules.answering(talk(), "T:ANA", AT), [], "T:ANA", AT)
    assert not alone.marks
    other = rules.collision(rules.answering(talk(), "T:BEA", AT), [answer()], "T:ANA", AT)
    assert other.marks == {"T:BEA", "d1"}
    assert not rules.collision(rules.answering(talk(), "T:BEA", AT), [], "T:ANA", AT + LAPSES).marks


@pytest.mark.parametrize("state", State)
def test_an_answer_counts_unless_it_never_stood_there(state: State) -> None:
    found = rules.collision(talk(), [answer(state), answer(State.LIVE, to="r0", id_="d0")], "T:ANA", AT)
    assert found.answers == (() if state in {State.WITHDRAWN, State.UNPUBLISHED} else ("d1",))


# --- found again


@pytest.mark.parametrize("status", S)
def test_every_state_stands_where_it_is_looked_for_and_nowhere_else(status: S) -> None:
    owner = "" if status in {S.NEW, S.CLOSED} else "T:ANA"
    until = AT + timedelta(hours=1) if status is S.SNOOZED else None
    names = dict(talk(status, owner, snoozed_until=until, topics=("Café",)).indexes())
    assert names.pop(topic_index("agora", "cafe")) == score(AT)
    assert names.pop(f"said:{talk().who}") == score(AT)
    assert names.pop("heard:agora") == score(AT)
    if status is S.CLOSED:
        assert names == {"aged:agora": score(AT)}
        return
    assert names.pop(SNOOZED, None) == (score(until) if until else None)
    found = {name for name in names if not name.startswith("word:")}
    mine = {f"owned:{owner}"} if owner else {"unowned:agora"}
    mine |= {f"mine:agora:{owner}"} if owner and status is not S.SNOOZED else set()
    assert found == {"open:agora", "open_at:x-1", f"state:agora:{status}"} | mine
    assert set(names.values()) == {score(AT)}


def test_words_are_found_without_accents_and_the_persons_name_too() -> None:
    assert {"word:agora:domingo", "word:agora:abris", "word:agora:marta", "word:agora:gil"} <= talk().indexes().keys()
    assert words_in("El Ñandú, CAFÉ… a b cd 😀 " + "x" * 100) == {"nandu", "cafe", "x" * 24}
    assert len(words_in(" ".join(f"palabra{n}" for n in range(500)))) == MOST
    assert folded("ÁRBOL ﬁn") == "arbol fin"
    gone = talk(heard=(Words(ref="r", kind="comment", text="domingo", at=AT, removed_by="T:ANA"),))
    assert "word:agora:domingo" not in gone.indexes()
