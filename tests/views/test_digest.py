"""The digest and Home: every line with its way on, urgent first, within Slack's limits however long the day is."""

from dataclasses import replace

import pytest

from bot.domain.brands import Stop
from bot.domain.digests import BrandDay
from bot.domain.posts import PostStatus
from bot.slack.wire import drawn_in
from bot.text.words import words_for
from handlers.views.compose import ComposeNow
from handlers.views.day import SeePost
from handlers.views.decisions import Approve, EditPost
from handlers.views.digest import digest_message
from handlers.views.drafts import ContinueDraft, DiscardDraft
from handlers.views.home import home_view
from handlers.views.inbox import AnswerInPublic
from handlers.views.publishing import ItsLive, LeaveIt, SendAgain, WithdrawHere
from handlers.views.settings import NewBrand, TryPractice
from handlers.views.stop import OpenStop, ResumeStop
from tests.views.pages import ANA, BRUNO, NAMES, NOW, brand, page, picture, post, revision
from tests.views.shown import buttons, formatted, said
from tests.views.talks import EVERYTHING, NASTY, busy, day_page, home_page

ES, EN = words_for("es"), words_for("en")


def test_a_busy_day_says_the_urgent_first_and_every_line_has_its_way_on() -> None:
    drawn = digest_message(busy(), ES, NAMES)
    text = said(drawn)
    order = [
        "*Paradas* · 1",
        "*Fallidas, sin confirmar, fuera de hora o detenidas* · 2",
        "*Por aprobar* · 1",
        "*Sin respuesta* · 1",
        "*Con cambios pedidos* · 1",
        "*Mis borradores* · 1",
        "*Sale hoy* · 1",
        "*Mañana* · 1",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert {ResumeStop, ItsLive, LeaveIt, Approve, SeePost, AnswerInPublic, EditPost, ContinueDraft, DiscardDraft} <= (
        drawn_in(drawn.blocks)
    )
    assert {SendAgain, WithdrawHere} <= drawn_in(drawn.blocks)
    assert "lunes 2 de marzo: tu día" in text
    assert "hace 20 min" in text
    assert "Por aprobar: 1. Sin respuesta: 1. Sale hoy: 1." in drawn.text


@pytest.mark.parametrize("reader", ["en", "es"])
@pytest.mark.parametrize("channel", [True, False])
@pytest.mark.parametrize("text", ["Abrimos a las 9", "ñ & <b> " * 400])
def test_the_longest_day_fits(reader: str, text: str, *, channel: bool) -> None:
    words = words_for(reader)
    day = busy(60, text=text, quote=text, channel=channel)
    assert words.n("digest.more", 57) in said(digest_message(day, words, NAMES))
    if not channel:
        brands = [brand(id=f"b{n}") for n in range(30)]
        said(home_view(home_page(day, *brands, admin=True, welcomed=True, practice=False), words, NAMES, NOW))


def test_nothing_waits() -> None:
    assert "Nothing is waiting for you." in said(digest_message(day_page(), EN, NAMES))
    assert "No hay nada pendiente." in said(digest_message(day_page(BrandDay(brand=brand()), channel=True), ES, NAMES))


def test_only_a_text_that_is_read_in_full_can_be_approved_in_its_line() -> None:
    for shown in (post(revision(text="a" * 281)), post(revision(pictures=(picture(),)))):
        where = brand(roles={BRUNO: EVERYTHING})
        part = BrandDay(brand=where, to_approve=(shown,))
        drawn = digest_message(day_page(part, me=BRUNO, posts=[page(shown, where=where)]), ES, NAMES)
        assert drawn_in(drawn.blocks) == {SeePost}


def test_buttons_that_are_not_the_readers_are_left_out() -> None:
    where = brand()
    stop = Stop(id="agora", by=BRUNO, at=NOW)
    part = busy().day.brands[0].model_copy(update={"brand": where, "stop": stop, "to_approve": ()})
    drawn = digest_message(day_page(part, me="T1:UEVA", posts=[page(where=where)]), ES, NAMES)
    assert not {ResumeStop, SendAgain, ItsLive} & drawn_in(drawn.blocks)


def test_a_line_shows_what_strangers_wrote_without_life_in_it() -> None:
    shown = formatted(digest_message(busy(quote=NASTY, text=NASTY), ES, NAMES))
    for live in ("<!channel>", "<@U1>", "<https://evil", ":tada:", "*b*", "`c`"):
        assert live not in shown


def test_practice_never_stands_in_one_list_with_the_real_thing() -> None:
    day = busy()
    play = brand(id="ensayo", name="Ensayo", face="🎭", practice=True, roles={BRUNO: EVERYTHING})
    mine = post(status=PostStatus.DRAFT, id="f9", brand="ensayo")
    parts = (day.day.brands[0].model_copy(update={"brand": play, "stop": None}), *day.day.brands)
    whole = day.day.model_copy(update={"brands": parts, "drafts": (mine, *day.day.drafts)})
    text = said(digest_message(replace(day, day=whole), ES, NAMES))
    real, practice = text.split("*🎭 Ensayo*")
    assert "*Por aprobar* · 1" in real
    assert "*Mis borradores* · 1" in real
    assert "🎭" not in real
    assert "*Por aprobar* · 1" in practice
    crowded = replace(busy(60), day=busy(60).day.model_copy(update={"brands": (*busy(60).day.brands, parts[0])}))
    for words in (ES, EN):
        assert "Ensayo" in said(digest_message(crowded, words, NAMES))
        said(home_view(home_page(crowded, *[brand(id=f"b{n}") for n in range(30)], admin=True), words, NAMES, NOW))
    alone = replace(day, day=whole.model_copy(update={"brands": parts[:1], "drafts": (mine,)}))
    assert "*Por aprobar* · 1" in said(digest_message(alone, ES, NAMES))


def test_a_stop_over_all_brands_is_one_line() -> None:
    stop = Stop(id="all", by=ANA, at=NOW)
    parts = [BrandDay(brand=brand(id=f"b{n}", roles={BRUNO: EVERYTHING}), stop=stop) for n in range(3)]
    text = said(digest_message(day_page(*parts, me=BRUNO), ES, NAMES))
    assert "*Paradas* · 1" in text
    assert text.count("🛑") == 1


def test_home_has_new_post_and_stop_in_reach() -> None:
    view = home_view(home_page(busy()), ES, NAMES, NOW)
    assert {ComposeNow, OpenStop} <= drawn_in(view)
    assert "Hola, Ana." in said(view)
    assert "Datos del lun 2 de marzo, 16:00 (Madrid)" in said(view)
    few = home_view(home_page(day_page(BrandDay(brand=brand())), writes=False, may_stop=False), ES, NAMES, NOW)
    assert not {ComposeNow, OpenStop} & drawn_in(few)
    assert "No tienes nada pendiente" in said(few)


def test_home_sends_somebody_without_a_role_to_the_admins() -> None:
    view = home_view(home_page(day_page()), ES, NAMES, NOW)
    assert "Pide uno a <@UADMIN>" in said(view)
    assert "*Ensayo*" in said(view)
    nobody = home_view(home_page(day_page(), admins=[], practice=False), EN, NAMES, NOW)
    assert "no admin yet" in said(nobody)


def test_an_admin_without_brands_is_offered_practice() -> None:
    view = home_view(home_page(day_page(admin=True), admin=True, practice=False, welcomed=True), EN, NAMES, NOW)
    assert {NewBrand, TryPractice} <= drawn_in(view)
    assert "first admin" in said(view)
    assert "Create a brand" in buttons(view)
