"""Alarms and duty as drawn: for every kind in both languages, however much there is, and whatever somebody typed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desk.alarm_pages import AlarmPage
from bot.desk.duty_pages import HandoverPage, OpenWork
from bot.desk.hooks import CallState, HookCall
from bot.domain.alarms import Alarm, AlarmKind, AlarmState, Rung, Step, Thing, Told
from bot.domain.handovers import Handover, HandoverState
from bot.domain.watch import How, Watch
from bot.text.words import words_for
from handlers.views.digest import digest_message
from handlers.views.duty import HandOverForm, handover_message, line_message, offer_view, watch_line
from handlers.views.home import home_view
from handlers.views.ringing import alarm_message, reminder_message, turn_message
from tests.views.pages import ANA, BRUNO, CARLA, NAMES, NOW, TITLES, account, brand
from tests.views.shown import buttons, formatted, said
from tests.views.talks import NASTY, busy, conversation, home_page

MADRID = ZoneInfo("Europe/Madrid")
LATER = NOW + timedelta(minutes=5)


def alarm(kind: AlarmKind = AlarmKind.SERIOUS, things: int = 1, **more: Any) -> Alarm:
    detail = {"account": NASTY, "name": NASTY, "what": NASTY, "url": "https://x.example/1", "channel": "C1"}
    given = {"id": "a1", "kind": kind, "brand": "agora", "raised_at": NOW}
    given["things"] = tuple(Thing(subject=f"s{n}", detail=detail) for n in range(things))
    return Alarm.model_validate({**given, **more})


def alarm_page(shown: Alarm, **more: Any) -> AlarmPage:
    watch = Watch(how=How.SHIFT, members=(ANA,), skipped=(CARLA,))
    given: dict[str, Any] = {
        "brand": brand(name=f"Café {NASTY}"), "watch": watch, "asked": (), "count": len(shown.things),
        "open": len(shown.open), "account": None, "waiting": 0, "titles": TITLES, "next": None, "next_at": None,
        "next_members": (), "call": None, "mends": True, "now": NOW,
    }  # fmt: skip
    return AlarmPage(alarm=shown, **given | more)


@pytest.mark.parametrize("reader", ["en", "es"])
@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_is_said_with_nothing_from_outside_in_force(kind: AlarmKind, reader: str) -> None:
    told = tuple(Told(rung=rung, who="" if rung is Rung.WEBHOOK else ANA, at=NOW) for rung in Rung) * 8
    for things in (1, 200):
        shown = alarm(kind, things, told=told, refused=(BRUNO,), attention=LATER)
        call = HookCall(id="c", alarm="a1", created_at=NOW, problem=NASTY, attention=LATER)
        drawn = alarm_message(alarm_page(shown, call=call), "", MADRID, words_for(reader), NAMES)
        assert said(drawn)
        assert "<!channel>" not in formatted(drawn)
        assert "<https://evil.example" not in formatted(drawn)


@pytest.mark.parametrize(
    ("state", "more", "to", "holder", "labels"),
    [
        (AlarmState.RINGING, {}, "", "Nadie se encarga; ya se ha avisado a todo", {"Me encargo"}),
        (AlarmState.RINGING, {"next": Step(rung=Rung.DEPUTY, place=1, members=(BRUNO,)), "next_at": LATER,
         "next_members": (BRUNO,)}, "", "todavía; después se avisa a Bruno, 16:05 (Madrid)", {"Me encargo"}),
        (AlarmState.RINGING, {"next": Step(rung=Rung.WEBHOOK, place=4), "next_at": LATER}, ANA,
         "después va al webhook, 16:05 (Madrid)", {"Me encargo", "No puedo"}),
        (AlarmState.TAKEN, {}, ANA, "Se encarga Bruno desde las 16:00 (Madrid)", set()),
        (AlarmState.TAKEN, {}, BRUNO, "Se encarga Bruno", {"No puedo"}),
        (AlarmState.TAKEN, {}, "", "Se encarga Bruno", set()),  # in a channel nobody lets go what another has
        (AlarmState.OVER, {}, BRUNO, "Resuelto desde las 16:00 (Madrid)", set()),
    ],
)  # fmt: skip
def test_who_has_it_and_what_can_be_pressed(
    state: AlarmState, more: dict[str, Any], to: str, holder: str, labels: set[str]
) -> None:
    taken = {"taken_by": BRUNO, "taken_at": NOW} if state is AlarmState.TAKEN else {}
    over = {"over_at": NOW} if state is AlarmState.OVER else {}
    extra: dict[str, Any] = {**taken, **over}
    shown = alarm(state=state, told=(Told(rung=Rung.DUTY, who=ANA, at=NOW),), **extra)
    drawn = alarm_message(alarm_page(shown, **more), to, MADRID, words_for("es"), NAMES)
    assert holder in said(drawn)
    assert set(buttons(drawn)) == labels
    assert "Ana, 16:00 (Madrid)" in said(drawn)


def test_a_turn_says_what_it_is_follows_and_a_reminder_can_be_let_go() -> None:
    ringing = alarm_page(alarm(told=(Told(rung=Rung.DEPUTY, who=BRUNO, at=NOW),)))
    turn = turn_message(ringing, BRUNO, MADRID, words_for("es"), NAMES)
    assert "te toca a ti: Café" in turn.text
    assert "alguien ha escrito una palabra grave" in turn.text  # a phone shows this line and nothing else
    assert set(buttons(turn)) == {"Me encargo", "No puedo"}
    taken = alarm_page(alarm(state=AlarmState.TAKEN, taken_by=BRUNO, taken_at=NOW))
    followed = turn_message(taken, CARLA, MADRID, words_for("es"), NAMES)
    assert "Se encarga Bruno" in said(followed)
    assert not buttons(followed)
    assert set(buttons(reminder_message(taken, BRUNO, words_for("en")))) == {"I can't"}


@pytest.mark.parametrize(("reader", "line"), [("es", "no hay a quién avisar"), ("en", "there is nobody to ring")])
def test_where_nobody_could_be_rung_it_does_not_say_that_everybody_was(reader: str, line: str) -> None:
    assert line in said(alarm_message(alarm_page(alarm()), "", MADRID, words_for(reader), NAMES))


@pytest.mark.parametrize(("reader", "line"), [("es", "ya no está aquí: Bruno"), ("en", "no longer here: Bruno")])
def test_who_had_it_and_left_is_named(reader: str, line: str) -> None:
    assert line in said(alarm_message(alarm_page(alarm(lost=(BRUNO,))), "", MADRID, words_for(reader), NAMES))


def test_a_webhook_that_failed_for_good_is_said() -> None:
    call = HookCall(id="c", alarm="a1", created_at=NOW, problem="HTTP 500", state=CallState.FAILED)
    drawn = alarm_message(alarm_page(alarm(), call=call), "", MADRID, words_for("en"), NAMES)
    assert "did not take it for an hour (HTTP 500)" in said(drawn)


@pytest.mark.parametrize("reader", ["en", "es"])
@pytest.mark.parametrize("channel", [True, False])
def test_the_longest_day_with_alarms_and_duty_fits(reader: str, *, channel: bool) -> None:
    words, many = words_for(reader), [brand(id=f"b{n}", name=NASTY) for n in range(30)]
    watch = Watch(how=How.SHIFT, members=(ANA,), deputies=(BRUNO,), until=LATER, skipped=(CARLA,))
    alarms = [(many[n], alarm(taken_by=ANA if n % 2 else "")) for n in range(30)]
    alarms = [(where, one.model_copy(update={"id": f"a{n}"})) for n, (where, one) in enumerate(alarms)]
    day = replace(
        busy(60, text="ñ & <b> " * 400, quote="q" * 900, channel=channel),
        alarms=alarms,
        watches=[(each, watch) for each in many],
    )
    assert said(digest_message(day, words, NAMES))
    if not channel:
        drawn = home_view(home_page(day, *many, admin=True, welcomed=True, practice=False), words, NAMES, NOW)
        assert said(drawn)


@pytest.mark.parametrize("how", How)
@pytest.mark.parametrize("until", [None, LATER])
@pytest.mark.parametrize("members", [(), (ANA, BRUNO)])
def test_who_is_on_duty_is_always_a_sentence(how: How, until: Any, members: tuple[str, ...]) -> None:
    watch = Watch(how=how, members=members, deputies=(CARLA,), until=until)
    for reader in ("en", "es"):
        line = watch_line(brand(), watch, words_for(reader), NAMES, NOW)
        assert line
        assert "{" not in line


@pytest.mark.parametrize("state", HandoverState)
@pytest.mark.parametrize("reader", ["en", "es"])
def test_a_hand_over_in_every_state_and_with_all_work(state: HandoverState, reader: str) -> None:
    words = words_for(reader)
    where = [brand(id=f"b{n}", name=NASTY) for n in range(25)]
    works = [OpenWork(each, [conversation()] * 100, (), (), [NASTY] * 9, {"x-1": account()}, TITLES) for each in where]
    handover = Handover(
        id="h", giver=ANA, taker=BRUNO, brands=tuple(each.id for each in where), note=NASTY, state=state,
        offered_at=NOW, answered_at=NOW, covered=("b0", "b1"), until={"b0": LATER},
    )  # fmt: skip
    page = HandoverPage(handover, works, NOW, {"b0": LATER, "b1": None})
    for to in (ANA, BRUNO):
        drawn = handover_message(page, to, words, NAMES)
        assert said(drawn)
        assert "<!channel>" not in formatted(drawn)
        assert bool(buttons(drawn)) is (to == BRUNO and state is HandoverState.OFFERED)
    for each in where[:3]:
        assert said(line_message(page, each, words, NAMES))
    assert said(offer_view(HandOverForm(handover="h"), works, words))


def test_a_spike_leads_to_what_is_said_and_to_the_stop_until_it_is_over() -> None:
    ringing = alarm_message(alarm_page(alarm(AlarmKind.SPIKE)), ANA, MADRID, words_for("es"), NAMES)
    assert {"Ver la lista", "Parar"} <= set(buttons(ringing))
    assert "comentarios en — minutos; lo habitual son unos — por hora" in said(ringing)
    over = alarm(AlarmKind.SPIKE, state=AlarmState.OVER, over_at=LATER)
    assert not buttons(alarm_message(alarm_page(over), ANA, MADRID, words_for("es"), NAMES))
