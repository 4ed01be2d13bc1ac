"""Trainees' answers, cell by cell: what can happen when, who may, and what an approval is bound to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain import suggestions as rules
from bot.domain.brands import Brand, Channels, Role, Standing
from bot.domain.conversations import Conversation, ConversationStatus, Outsider, Words
from bot.domain.deliveries import Delivery, Reply
from bot.domain.deliveries import State as Sent
from bot.domain.suggestions import LIFE, State, Step, Suggestion, Version, Way
from bot.errors import AlreadyDone, NotAllowed, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
EVA, CARLA, BRUNO = "T:EVA", "T:CARLA", "T:BRUNO"
FIRST = Words(ref="r1", kind="comment", text="¿Abrís?", at=AT)
S = State


def brand(**roles: frozenset[Role]) -> Brand:
    return Brand(
        id="agora", name="Ágora", channels=Channels(review="C1"), roles={f"T:{n}": r for n, r in roles.items()}
    )


TEAM = brand(
    EVA=frozenset({Role.TRAINEE}), CARLA=frozenset({Role.MODERATOR}), BRUNO=frozenset({Role.APPROVER}),
    BOTH=frozenset({Role.TRAINEE, Role.MODERATOR}), ANA=frozenset({Role.AUTHOR}), JEFE=frozenset({Role.ADMIN}),
)  # fmt: skip


def talk(*heard: Words, **more: Any) -> Conversation:
    given: dict[str, Any] = {
        "id": "c1", "brand": "agora", "account": "x-1", "network": "x", "heard": heard or (FIRST,), "changed_at": AT,
        "person": Outsider(id="9", handle="marta", name="Marta"), "created_at": AT,
    }  # fmt: skip
    return Conversation(**given | more)


def suggestion(state: State = S.OPEN, **more: Any) -> Suggestion:
    decided = {} if state is S.OPEN else {"decided_by": CARLA, "decided_at": LATER}
    given: dict[str, Any] = {
        "id": "s1", "brand": "agora", "conversation": "c1", "way": Way.PUBLIC, "ref": "r1", "last": "r1",
        "heard": FIRST.digest, "versions": (Version(text="Sí", by=EVA, at=AT),), "by": EVA, "at": AT, "state": state,
    }  # fmt: skip
    return Suggestion(**given | decided | more)


def answer(at: datetime = LATER, state: Sent = Sent.LIVE, id_: str = "d1") -> Delivery:
    return Delivery(
        id=id_, brand="agora", account="x-1", network="x", generation=1, due=at, created_at=at, state=state,
        reply=Reply(conversation="c1", text="Ya", answers="r1", by=CARLA), approved_by=CARLA,
    )  # fmt: skip


ACTS: dict[Step, Callable[[Suggestion], Suggestion]] = {
    Step.REVISE: lambda s: rules.revise(s, "No", EVA, LATER, signature="", talk=talk()),
    Step.APPROVE: lambda s: rules.approve(s, CARLA, LATER, text="Sí", outcome="d"),
    Step.RETURN: lambda s: rules.send_back(s, CARLA, LATER, "x"),
    Step.WITHDRAW: lambda s: rules.end(s, Step.WITHDRAW, EVA, LATER),
    Step.LAPSE: lambda s: rules.end(s, Step.LAPSE, "engine", LATER),
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_every_cell_of_the_table(state: State, step: Step) -> None:
    expected = LIFE.get((state, step))
    if expected is not None:
        assert ACTS[step](suggestion(state)).state is expected
    elif state is S.OPEN:
        pytest.fail("everything can happen to one that waits")
    else:
        with pytest.raises(AlreadyDone) as error:
            ACTS[step](suggestion(state))
        assert error.value.key == f"error.suggestion_{state}"


@pytest.mark.parametrize(
    ("name", "waits"), [("EVA", True), ("CARLA", False), ("BOTH", False), ("BRUNO", False), ("JEFE", False)]
)
def test_only_who_learns_waits(name: str, waits: bool) -> None:
    assert rules.needs_approval(TEAM, Standing(id=f"T:{name}")) is waits


@pytest.mark.parametrize(
    ("name", "may"), [("CARLA", True), ("BRUNO", True), ("JEFE", True), ("EVA", False), ("ANA", False)]
)
def test_who_lets_it_out(name: str, may: bool) -> None:
    who = Standing(id=f"T:{name}")
    if may:
        rules.may_decide(suggestion(), TEAM, who)
    else:
        with pytest.raises(NotAllowed):
            rules.may_decide(suggestion(), TEAM, who)


def test_its_writer_never_lets_it_out_whatever_they_are_besides() -> None:
    with pytest.raises(NotAllowed):
        rules.may_decide(suggestion(by="T:BOTH"), TEAM, Standing(id="T:BOTH"))
    with pytest.raises(NotAllowed):
        rules.may_decide(suggestion(), TEAM, Standing(id=EVA, admin=True))


def test_only_its_writer_changes_it() -> None:
    rules.may_change(suggestion(), TEAM, Standing(id=EVA))
    for who in (CARLA, "T:JEFE"):
        with pytest.raises(NotAllowed):
            rules.may_change(suggestion(), TEAM, Standing(id=who))
    with pytest.raises(NotAllowed):
        rules.may_change(suggestion(by="T:ANA"), TEAM, Standing(id="T:ANA"))


@pytest.mark.parametrize(
    ("then", "sent"),
    [
        (talk(FIRST, FIRST.model_copy(update={"ref": "r2"})), []),
        (talk(FIRST.model_copy(update={"text": "¿Abrís hoy?"})), []),
        (talk(FIRST.model_copy(update={"gone_at": LATER})), []),
        (talk(FIRST.model_copy(update={"removed_by": CARLA, "removed_at": LATER})), []),
        (talk(status=ConversationStatus.CLOSED, closed_by=CARLA), []),
        (talk(), [answer()]),
        (talk(), [answer(state=Sent.PLANNED)]),
    ],
)
def test_whatever_happens_around_it_is_another_thing_to_have_seen(then: Conversation, sent: list[Delivery]) -> None:
    assert rules.around(then, sent) != rules.around(talk(), [])


def test_what_an_approver_need_not_see_again() -> None:
    same = rules.around(talk(), [])
    assert rules.around(talk(), [answer(state=Sent.WITHDRAWN)]) == same
    assert rules.around(talk(topics=("Pedidos",), owner=CARLA, status=ConversationStatus.OWNED), []) == same
    live, planned = rules.around(talk(), [answer()]), rules.around(talk(), [answer(state=Sent.PLANNED)])
    assert live == planned, "that an answer goes out changes nothing"


def test_since_says_exactly_what_its_writer_could_not_know() -> None:
    mine, again = suggestion(), FIRST.model_copy(update={"ref": "r2", "text": "¿Hola?"})
    assert not rules.since(mine, talk(), [answer(AT - timedelta(hours=1))]).anything
    assert rules.since(mine, talk(FIRST, again), []).said == (again,)
    assert rules.since(mine, talk(FIRST.model_copy(update={"text": "x"})), []).changed
    assert rules.since(mine, talk(), [answer()]).answers == (answer(),)
    assert not rules.since(mine, talk(), [answer(state=Sent.WITHDRAWN)]).answers
    assert rules.since(mine, talk(status=ConversationStatus.CLOSED), []).closed
    gone = rules.since(mine, talk(FIRST.model_copy(update={"gone_at": LATER})), [])
    assert gone.gone
    assert not gone.changed
    edit = suggestion(way=Way.EDIT, ref="ours", delivery="d1")
    assert not rules.since(edit, talk(FIRST.model_copy(update={"gone_at": LATER})), []).gone


def test_written_anew_it_knows_what_was_said_until_then() -> None:
    again = FIRST.model_copy(update={"ref": "r2"})
    new = rules.revise(suggestion(), "No", EVA, LATER, signature="^Eva", talk=talk(FIRST, again))
    assert (new.revision, new.exact, new.at) == (2, "No ^Eva", LATER)
    assert not rules.since(new, talk(FIRST, again), []).said


def test_it_cannot_be_written_anew_for_ever() -> None:
    many = tuple(Version(text=str(n), by=EVA, at=AT) for n in range(rules.VERSIONS))
    with pytest.raises(UserError, match=r"error\.suggestion_full"):
        rules.revise(suggestion(versions=many), "No", EVA, LATER, signature="", talk=talk())


def test_other_words_keep_those_that_were_asked_for() -> None:
    fixed = rules.approve(suggestion(signature="^Eva"), CARLA, LATER, text="Claro", outcome="d")
    assert (fixed.asked, fixed.exact) == ("Sí ^Eva", "Claro ^Eva")
    same = rules.approve(suggestion(), CARLA, LATER, text="Sí", outcome="d")
    assert same.revision == 1
