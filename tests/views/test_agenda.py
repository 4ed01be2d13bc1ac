"""The queue and the calendar: what is on when, with its zone; free slots, empty days, the brand's own days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.agenda import Entry, Queue, Week, WeekDay
from bot.domain.brands import Account, Brand
from bot.domain.house_rules import SpecialDay
from bot.domain.posts import PostStatus
from bot.domain.slots import Slot
from bot.slack.blocks import Message
from bot.text.words import words_for
from handlers.views import when
from handlers.views.calendar import calendar_message, week_blocks
from handlers.views.compose import compose_view
from handlers.views.queue import MoveForm, move_view, moved_message, queue_message
from handlers.views.slots import WHOLE, SlotsForm, shown_slots, slots_view
from tests.views.pages import NOW, TITLES, TOMORROW, account, brand, post
from tests.views.shown import buttons, inputs, said
from tests.views.test_compose import form, setting

ES, EN = words_for("es"), words_for("en")
MONDAY = date(2026, 3, 2)


def accounts() -> dict[str, Account]:
    return {each.id: each for each in (account("x"), account("facebook"))}


def entry(status: PostStatus = PostStatus.IN_REVIEW, at: datetime | None = TOMORROW, id_: str = "p1") -> Entry:
    return Entry(post(id=id_, due=at, status=status), at)


def queue(*entries: Entry, may: tuple[str, ...] = ("p1",)) -> Queue:
    return Queue(brand(), accounts(), entries, True, frozenset(may))


def test_the_queue_says_when_where_and_what_and_offers_only_what_one_may() -> None:
    message = queue_message([queue(entry(), entry(at=None, id_="p2"))], TITLES, NOW, ES)
    text = said(message)
    assert "mar 3 de marzo, 09:00 (Madrid)" in text
    assert "En revisión" in text
    assert "X @cafe_agora" in text
    assert "2 publicaciones" in text
    assert [each for each in buttons(message) if each == "Mover"] == ["Mover"]
    assert "No hay nada por publicar." in said(queue_message([queue()], TITLES, NOW, ES))


def test_a_long_queue_is_counted() -> None:
    many = [entry(id_=f"p{number}") for number in range(100)]
    message = queue_message([queue(*many), queue(*many)], TITLES, NOW, EN)
    assert len(message.blocks) <= 50
    assert "more" in said(message)


def test_the_move_form_begins_with_the_free_slot() -> None:
    clock = when.Clock(brand(), ZoneInfo("Europe/Madrid"), NOW, TOMORROW)
    view = move_view(MoveForm(post="p1", when="slot"), "Abrimos", clock, ES)
    assert inputs(view)["when"]["initial_option"]["value"] == "slot"
    assert "mar 3 de marzo, 09:00 (Madrid)* · en 17 h" in said(view)
    bare = move_view(MoveForm(post="p1", when="at"), "Abrimos", when.Clock(brand(), clock.zone, NOW), ES)
    assert [each["value"] for each in inputs(bare)["when"]["options"]] == ["at"]
    assert "se pide aprobación otra vez" in moved_message(brand(), TOMORROW, NOW, ES, asks=True)
    assert moved_message(brand(), TOMORROW, NOW, EN, asks=False).startswith("Moved: Tue, March 3")


def test_the_compose_form_offers_the_next_free_slot_first() -> None:
    view = compose_view(form(when="slot"), setting(slot=TOMORROW), ES)
    assert inputs(view)["when"]["initial_option"]["text"]["text"] == "Próximo horario libre"
    assert "mar 3 de marzo, 09:00 (Madrid)* · en 17 h" in said(view)
    assert form(when="slot").content([]).queued
    assert not form(when="slot", at=1, began=None).content([]).queued
    taken = when.written(form(when="slot", at=round(TOMORROW.timestamp())), "at")
    assert taken.when == "at"
    back = when.written(taken.model_copy(update={"when": "slot"}), "when")
    assert (back.at, back.queued) == (None, True)
    assert "no tienen horarios libres" in said(compose_view(form(when="slot"), setting(), ES))
    assert "slot" not in str(inputs(compose_view(form(), setting(), ES))["when"])


def week(where: Brand, *days: WeekDay, today: date = MONDAY) -> Week:
    given = {each.on: each for each in days}
    every = [MONDAY + timedelta(days=number) for number in range(7)]
    return Week(where, accounts(), today, [given.get(on, WeekDay(on)) for on in every])


def test_a_week_day_by_day() -> None:
    tuesday = WeekDay(
        date(2026, 3, 3),
        [entry()],
        [(TOMORROW + timedelta(hours=number), ["x-1"]) for number in range(1, 6)],
        [SpecialDay(name="8M", month=3, day=3, blackout=False)],
    )
    closed = WeekDay(date(2026, 3, 4), special=[SpecialDay(name="Luto", month=3, day=4)])
    message = calendar_message([week(brand(), tuesday, closed)], TITLES, ES)
    text = said(message)
    for part in (
        "Semana del lunes 2 de marzo", "hoy", "martes 3 de marzo", "09:00 (Madrid)", "X @cafe_agora", "En revisión",
        "Fecha sensible: 8M", "Día sin publicar: Luto", "10:00 (Madrid) libre", "2 horarios libres más",
    ):  # fmt: skip
        assert part.casefold() in text.casefold(), part
    assert text.count("Sin publicaciones") == 5  # neither on Tuesday nor where nothing may go out
    assert {"Semana anterior", "Semana siguiente", "Ver la cola"} <= set(buttons(message))


def test_days_that_are_over_are_not_called_empty() -> None:
    text = said(calendar_message([week(brand(), today=date(2026, 3, 8))], TITLES, EN))
    assert text.count("No posts") == 1


def test_many_brands_and_posts_fit() -> None:
    full = [WeekDay(MONDAY + timedelta(days=n), [entry(id_=f"p{n}")] * 40) for n in range(7)]
    message = calendar_message([week(brand(name="M" * 80), *full)] * 9, TITLES, EN)
    assert len(message.blocks) <= 50
    said(message)


def test_home_counts_the_week() -> None:
    one = WeekDay(date(2026, 3, 3), [entry()])
    closed = WeekDay(date(2026, 3, 4), special=[SpecialDay(month=3, day=4)])
    blocks = week_blocks([week(brand(), one, closed), week(brand(practice=True))], ES)
    text = said(Message("x", blocks))
    assert "[○] 1 🚫 ○ ○ ○ ○" in text
    assert text.count("☕") == 1
    assert not week_blocks([], ES)


def test_the_slots_form_shows_whose_they_are() -> None:
    nine = Slot(day=0, minute=540)
    mine = brand(slots=(nine,))
    own = account("x").model_copy(update={"slots": (Slot(day=5, minute=600),)})
    drawn = shown_slots(SlotsForm(brand="agora"), mine, [own], "es")
    assert (drawn.slots, drawn.drawn) == ("lun 9:00", WHOLE)
    other = shown_slots(SlotsForm(brand="agora", whose=own.id), mine, [own], "en")
    view = slots_view(other, mine, [own], TITLES, ES)
    assert inputs(view)["slots"]["initial_value"] == "sat 10:00"
    assert f"slots:{own.id}" in {block.get("block_id") for block in view["blocks"]}
