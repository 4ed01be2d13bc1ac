"""Publishing by hand: who is asked, until when, what an address may be, and what becomes of an ask."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.assisted import Ask, ByHand, link_of, next_to_ask
from bot.domain.brands import Account, Brand, Channels, Role, Stop
from bot.domain.checks import Subject, basics
from bot.domain.deliveries import LIFE, Delivery, State, Step, held_by
from bot.domain.duty import Duty, OffHours, Shift
from bot.domain.posts import Revision
from bot.domain.vigil import stuck
from bot.domain.watch import Team, publishers
from bot.errors import AlreadyDone, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
INSTAGRAM = ("instagram.com", "instagr.am")


def delivery(state: State = State.CLAIMED, **more: object) -> Delivery:
    values: dict[str, object] = {"id": "d1", "brand": "agora", "account": "a1", "network": "instagram-assisted"}
    values |= {"generation": 1, "post": "p1", "due": AT, "created_at": AT, "state": state, "attention": AT}
    return Delivery.model_validate(values | more)


def account(**by_hand: str) -> Account:
    return Account(
        id="a1",
        brand="agora",
        network="instagram-assisted",
        remote_id="a1",
        handle="cafe_agora",
        name="Café Ágora",
        sealed="",
        connected_at=AT,
        by_hand=ByHand(**by_hand),
    )


def brand(**more: object) -> Brand:
    roles = {
        "T:ANA": frozenset({Role.AUTHOR}),
        "T:BRUNO": frozenset({Role.APPROVER}),
        "T:CARLA": frozenset({Role.MODERATOR}),
        "T:EVA": frozenset({Role.CLIENT}),
        "T:LEO": frozenset({Role.TRAINEE}),
    }
    return Brand.model_validate(
        {"id": "agora", "name": "Café Ágora", "channels": Channels(review="C1"), "roles": roles} | more
    )


# --- the life of an ask


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (Step.CLAIM, State.BY_HAND),  # its time is over, and the engine looks
        (Step.ASK, State.BY_HAND),  # somebody else
        (Step.LIVE, State.LIVE),
        (Step.RELEASE, State.PLANNED),  # moved
        (Step.REFUSE, State.REFUSED),  # nobody can
        (Step.MISS, State.MISSED),
        (Step.HOLD, State.HELD),  # stopped
        (Step.WITHDRAW, State.WITHDRAWN),
    ],
)
def test_what_can_become_of_an_ask(step: Step, after: State) -> None:
    assert delivery(State.BY_HAND).move(step).state is after


@pytest.mark.parametrize("step", [Step.GRANT, Step.SEGMENT, Step.LOSE, Step.RESUME, Step.LEAVE, Step.UNPUBLISH])
def test_no_network_answers_for_an_ask_and_nobody_lets_it_be(step: Step) -> None:
    with pytest.raises(UserError):
        delivery(State.BY_HAND).move(step)


def test_only_what_was_claimed_is_asked_for_and_only_an_ask_is_passed_on() -> None:
    assert {before for before, step in product(State, Step) if step is Step.ASK and (before, step) in LIFE} == {
        State.CLAIMED,
        State.BY_HAND,
    }


def test_an_ask_lasts_until_it_counts_as_missed() -> None:
    asked = delivery(late_minutes=45).ask("T:ANA", AT + timedelta(minutes=2), pictures=True)
    ask = Ask(to="T:ANA", at=AT + timedelta(minutes=2), due=AT, until=AT + timedelta(minutes=45), handed=False)
    assert (asked.state, asked.asks, asked.asked_of) == (State.BY_HAND, (ask,), ask)
    assert asked.attention is not None
    assert asked.late(asked.attention)
    assert not asked.late(ask.until)
    assert set(asked.indexes()) == {"deliveries:p1", "due", "planned:agora", "handing"}
    assert "handing" not in asked.asking(handed=True).indexes()


def test_a_second_press_is_told_who_was_first() -> None:
    live = delivery(State.BY_HAND).move(Step.LIVE, settled_by="T:ANA", settled_at=AT)
    for step in (Step.LIVE, Step.MISS, Step.WITHDRAW, Step.HOLD):
        with pytest.raises(AlreadyDone) as told:
            live.move(step)
        assert told.value.args_ == {"who": "T:ANA", "at": AT}


@pytest.mark.parametrize("state", [s for s in State if s not in {State.LIVE, State.UNPUBLISHED}])
def test_that_it_is_out_is_true_whatever_became_of_it(state: State) -> None:
    assert delivery(state).move(Step.LIVE).state is State.LIVE


def test_what_a_person_published_is_no_secret_to_look_for_on_the_account() -> None:
    live = delivery().ask("T:ANA", AT).move(Step.LIVE, settled_at=AT, url="https://www.instagram.com/p/1")
    assert set(live.indexes()) == {"deliveries:p1", "live:a1"}
    assert live.public_refs == ()  # nothing of it can be taken down by us
    assert live.may_be_public


def test_while_somebody_has_it_its_words_can_still_change() -> None:
    assert not delivery(State.BY_HAND).may_be_public


@pytest.mark.parametrize(
    ("late", "why"), [(timedelta(minutes=29), ""), (timedelta(minutes=31), ""), (timedelta(minutes=33), "unclaimed")]
)
def test_one_whose_time_is_over_and_whom_nobody_looked_at_is_stuck(late: timedelta, why: str) -> None:
    assert stuck(delivery().ask("T:ANA", AT), AT + late) == why
    assert stuck(delivery().ask("T:ANA", AT).model_copy(update={"attention": None}), AT + late) == "unclaimed"


def test_a_stop_holds_it_as_anything_planned() -> None:
    stop = Stop(id="agora", by="T:BRUNO", at=AT)
    assert held_by(delivery(), [stop]) is stop
    assert held_by(delivery(despite=(stop.note,)), [stop]) is None


# --- who is asked


def test_whoever_was_chosen_their_deputy_and_whoever_is_on_duty() -> None:
    rota = (Shift(days=frozenset(range(7)), start=0, end=1440, member="T:CARLA", deputy="T:BRUNO"),)
    duty = {"duty": Duty(rota=rota)}
    here = brand(**duty)
    assert publishers(account(publisher="T:ANA", deputy="T:BRUNO"), here, AT) == ("T:ANA", "T:BRUNO", "T:CARLA")
    assert publishers(account(publisher="T:ANA"), here, AT) == ("T:ANA", "T:CARLA", "T:BRUNO")
    assert publishers(account(), here, AT) == ("T:CARLA", "T:BRUNO")


@pytest.mark.parametrize("who", ["T:EVA", "T:LEO", "T:NOBODY", ""])
def test_whoever_has_no_role_that_writes_is_not_asked(who: str) -> None:
    assert who not in publishers(account(publisher=who), brand(), AT)


def test_whoever_left_is_passed_over() -> None:
    team = Team(gone=frozenset({"T:ANA"}))
    assert publishers(account(publisher="T:ANA", deputy="T:BRUNO"), brand(), AT, team)[0] == "T:BRUNO"


def test_at_last_the_admins_and_then_nobody() -> None:
    rota = (Shift(days=frozenset({4}), start=0, end=60, member="T:ANA"),)  # it is Tuesday
    off = {"duty": Duty(rota=rota, off_hours=OffHours.WAIT)}
    assert publishers(account(), brand(**off), AT) == ()
    assert publishers(account(), brand(**off), AT, Team(admins=frozenset({"T:ADMIN"}))) == ("T:ADMIN",)


def test_whoever_cannot_is_not_asked_again_until_it_has_another_time() -> None:
    can_not = delivery().ask("T:ANA", AT).asking(reason="sin móvil")
    assert next_to_ask(("T:ANA", "T:BRUNO"), can_not.asks, AT) == "T:BRUNO"
    both = can_not.ask("T:BRUNO", AT).asking(reason="tampoco")
    assert next_to_ask(("T:ANA", "T:BRUNO"), both.asks, AT) == ""
    assert next_to_ask(("T:ANA", "T:BRUNO"), both.asks, AT + timedelta(hours=1)) == "T:ANA"


def test_whoever_was_asked_and_said_nothing_is_asked_again() -> None:
    assert next_to_ask(("T:ANA", "T:BRUNO"), delivery().ask("T:ANA", AT).asks, AT) == "T:ANA"


# --- addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("https://www.instagram.com/p/C1x/?igsh=abc", "https://www.instagram.com/p/C1x/?igsh=abc"),
        ("instagram.com/p/C1x", "https://instagram.com/p/C1x"),
        (" http://instagr.am/p/C1x ", "http://instagr.am/p/C1x"),
        ("https://INSTAGRAM.com:443/p/1", "https://INSTAGRAM.com:443/p/1"),
    ],
)
def test_an_address_is_kept_as_it_was_given(typed: str, kept: str) -> None:
    assert link_of(typed, INSTAGRAM) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ya está",
        "javascript:alert(1)",
        "javascript://instagram.com/%0aalert(1)",
        "ftp://instagram.com/p/1",
        "file:///etc/passwd",
        "https://",
        "https://instagram.com:22/p/1",
        "https://instagram.com:x/p/1",
        "https://ana:clave@instagram.com/p/1",
        "https://127.0.0.1/p/1",
        "https://[::1]/p/1",
        "https://localhost/p/1",
        "https://2130706433/p/1",
        "https://instagram.c0m1/<script>",
        "https://instagram.com/p/1|otra",
        "https://instagram.com/p/1 y más",
        "https://instagram.com/\u202egpj.1",
        "https://-.com/",
        "https://a..com/",
        "https://" + "a" * 64 + ".com/",
        "https://instagram.com/" + "a" * 2000,
        "https://instagram.com\\@evil.example/",
        "[" * 50,
        "https://[",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        link_of(typed, INSTAGRAM)


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.com/p/1",
        "https://instagram.com.evil.example/p/1",
        "https://notinstagram.com/p/1",
        "https://instagrаm.com/p/1",
    ],
)
def test_an_address_elsewhere_is_refused_where_the_network_has_its_own(typed: str) -> None:
    with pytest.raises(UserError) as told:
        link_of(typed, INSTAGRAM)
    assert (told.value.key, told.value.args_) == ("error.other_host", {"host": "instagram.com"})
    assert link_of("https://boletin.example/42") == "https://boletin.example/42"


# --- company and personal


@pytest.mark.parametrize(
    ("marks", "found"), [((), 0), ((False,), 0), ((True,), 0), ((True, True), 0), ((False, True), 1)]
)
def test_company_and_personal_accounts_never_share_a_post(marks: tuple[bool, ...], found: int) -> None:
    accounts = [account().model_copy(update={"id": f"a{n}", "personal": mark}) for n, mark in enumerate(marks)]
    revision = Revision(number=1, text="hola", accounts=tuple(each.id for each in accounts), by="T:ANA", at=AT)
    subject = Subject(texts=("hola",), brand=brand(), now=AT, accounts=accounts, revision=revision)
    problems = list(basics.mixed_accounts(subject))
    assert [problem.blocks for problem in problems] == [True] * found
