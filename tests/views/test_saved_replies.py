"""Saved replies as they are drawn: who sees what, and that as many as a brand may have fit."""

from bot.desk.answers import Written
from bot.domain.saved_replies import MOST, TEXT, TITLE, SavedReply
from bot.text.words import words_for
from handlers.views.answers import ReplyForm, reply_view
from handlers.views.saved_replies import SavedForm, saved_form_view, saved_view
from tests.views.pages import ANA, NAMES, NOW, brand
from tests.views.shown import buttons, formatted, inputs, said
from tests.views.talks import NASTY, talk_page

ES = words_for("es")


def saved(number: int, title: str = "Horario", text: str = "Abrimos a las 9", language: str = "es") -> SavedReply:
    return SavedReply(
        id=f"s{number}", brand="agora", title=title, text=text, language=language, by=ANA, at=NOW, version=1
    )


def test_as_many_and_as_long_as_can_be_fit_in_the_list_and_in_the_form_of_an_answer() -> None:
    many = [saved(n, "ñ" * TITLE, "é" * TEXT) for n in range(MOST)]
    for lang in ("en", "es"):
        said(saved_view(brand(), many, words_for(lang), writes=True))
        form = SavedForm(brand="agora", saved="s", title="ñ" * TITLE, text="é" * TEXT, language="es")
        said(saved_form_view(form, brand(), words_for(lang), kept=True))
        written = Written(exact="é" * 3000, count=9, sign="^Ana", saved=many, left=("{link}",) * 9)
        view = reply_view(
            ReplyForm(conversation="c1", reply="r1", text="é" * 3000), talk_page(), written, words_for(lang), NAMES
        )
        said(view)
        assert len(inputs(view)["saved"]["options"]) == MOST


def test_whoever_may_not_write_them_sees_no_way_to() -> None:
    drawn = saved_view(brand(), [saved(1)], ES, writes=False)
    assert not buttons(drawn)
    assert "menu" not in str(drawn["blocks"])
    assert "*Horario* · español" in said(drawn)
    assert "Añadir" in buttons(saved_view(brand(), [], ES, writes=True))


def test_nothing_in_them_comes_alive() -> None:
    view = saved_view(brand(), [saved(1, NASTY[:TITLE], NASTY, "")], ES, writes=True)
    for live in ("<!channel>", "<@U1>", "<https://evil", ":tada:", "*b*"):
        assert live not in formatted(view)


def test_the_form_without_saved_replies_has_no_choice_and_says_what_is_left() -> None:
    view = reply_view(ReplyForm(conversation="c1", reply="r1"), talk_page(), Written(), ES, NAMES)
    assert "saved" not in inputs(view)
    written = Written(exact="Mira {enlace}", count=13, left=("{enlace}",))
    view = reply_view(ReplyForm(conversation="c1", reply="r1", text="Mira {enlace}"), talk_page(), written, ES, NAMES)
    assert "Complétalo antes de enviarla: {enlace}" in said(view)
