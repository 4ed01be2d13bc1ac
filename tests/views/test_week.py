"""The list of what waits for one's approval reads well in both languages, and fits into what Slack takes."""

from datetime import timedelta

import pytest

from bot.desk.pages import PostPage
from bot.desk.week import Outcome, Waiting, WeekPage
from bot.domain.brands import Stop
from bot.domain.checks import Finding
from bot.domain.week import Shown, choice_of
from bot.errors import UserError
from bot.slack.forms import value_of
from bot.slack.wire import elements_in
from bot.text.words import words_for
from handlers.views.week import WeekForm, outcome_lines, sure_view, week_view
from tests.views.pages import ANA, NOW, TOMORROW, page, picture, post, revision
from tests.views.shown import buttons, said

ES, EN = words_for("es"), words_for("en")
BLOCKER = Finding(key="check.too_long", blocks=True, args={"account": "X Café", "count": 300, "limit": 280})
WARNING = Finding(key="check.brand_mismatch", blocks=False, args={"brand": "A", "channel_brand": "B"})


def waiting(shown: PostPage) -> Waiting:
    return Waiting(shown, choice_of(shown.post, shown.findings, stopped=shown.stop is not None))


def ticks(view: dict[str, object]) -> dict[str, bool]:
    found = [each for each in elements_in(view) if str(each["action_id"]).startswith("week.form.ticked")]
    return {str(each["action_id"]).partition(":")[2]: bool(each.get("initial_options")) for each in found}


def test_where_when_what_and_why_not() -> None:
    fine = waiting(page(post(revision(pictures=(picture(),)), id="a", due=TOMORROW)))
    warned = waiting(page(post(id="b", due=TOMORROW), findings=[WARNING]))
    blocked = waiting(page(post(id="c", due=TOMORROW), findings=[BLOCKER]))
    stopped = waiting(page(post(id="d", due=TOMORROW), stop=Stop(id="agora", by=ANA, at=NOW)))
    view = week_view(WeekForm(), WeekPage([fine, warned, blocked, stopped], total=4), ES)
    text = said(view)
    assert "4 publicaciones esperan tu aprobación" in text
    assert "mar 3 de marzo, 09:00 (Madrid), en 17 h" in text
    assert "X @cafe_agora, Facebook @cafe.agora" in text
    assert "1 imagen" in text
    assert "⛔ X Café: es demasiado largo, 300/280" in text
    assert ticks(view) == {"a": True, "b": False, "d": False}
    assert view["submit"]["text"] == "Aprobar"


def test_a_long_text_is_cut_with_a_way_to_see_all_of_it() -> None:
    view = week_view(WeekForm(), WeekPage([waiting(page(post(revision(text="palabra " * 400))))], total=1), EN)
    assert len(said(view)) < 1500
    assert [each["action_id"] for each in buttons(view).values()] == ["digest.see_post:p1"]


@pytest.mark.parametrize("number", [1, 20])
def test_as_many_as_a_form_takes_and_the_way_on(number: int) -> None:
    own = {"x-1": ("Solo en X",), "facebook-1": ("Solo en Facebook",)}
    listed = [
        waiting(
            page(
                post(
                    revision(text=f"texto {n} " * 200, adapted=own, pictures=(picture(),)),
                    id=f"{n:02d}" + "x" * 30,
                    due=TOMORROW + timedelta(hours=n),
                ),
                findings=[WARNING],
            )
        )
        for n in range(number)
    ]
    view = week_view(WeekForm(), WeekPage(listed, total=number + 5), ES)
    said(view)  # checked against Slack's limits
    shown = len(ticks(view))
    form = WeekForm.parse({**view, "state": {"values": {}}})
    assert len(form.shown) == shown
    assert form.more
    assert [Shown.unpacked(each).post for each in form.shown] == [each.page.post.id for each in listed[:shown]]
    assert any(f"{number + 5 - shown}" in label for label in buttons(view))


def test_what_is_ticked_in_several_blocks_is_ticked_together() -> None:
    listed = [waiting(page(post(id=id_, due=TOMORROW))) for id_ in "abc"]
    view = week_view(WeekForm(), WeekPage(listed, total=3), ES)
    chosen = [each for each in elements_in(view) if str(each["action_id"]).startswith("week.form.ticked")]
    values = {
        f"post:{n}": {each["action_id"]: {"type": "checkboxes", "selected_options": each["options"] if n != 1 else []}}
        for n, each in enumerate(chosen)
    }
    assert value_of(values["post:0"][chosen[0]["action_id"]]) == ["0"]
    form = WeekForm.parse({**view, "state": {"values": values}})
    assert [each.post for each in form.chosen] == ["a", "c"]
    with pytest.raises(UserError):
        _ = form.model_copy(update={"ticked": ("7",)}).chosen


def test_the_question_and_the_outcome() -> None:
    now = page(post(id="a"))
    view = sure_view(WeekForm(), [Shown.of(now.post), Shown.of(post(id="b", due=TOMORROW))], [now], EN)
    assert "X @cafe_agora" in said(view)
    assert "2 posts are approved with this press" in said(view)
    assert view["submit"]["text"] == "Approve and publish"
    done = Outcome([now.post], [(page(post(id="b")), UserError("error.newer_revision")), (None, UserError("x"))])
    lines = outcome_lines(done, ["Hay una versión más nueva", "no está"], ES)
    assert lines[0].endswith("Has aprobado 1 publicación.")
    assert lines[1].startswith("2 publicaciones")
    assert "Abrimos a las 9: Hay una versión más nueva" in lines[2]
    assert lines[3] == "• no está"


def test_nothing_waits() -> None:
    view = week_view(WeekForm(), WeekPage([], total=0), EN)
    assert "Nothing waits for your approval" in said(view)
    assert "submit" not in view
    assert ticks(view) == {}
