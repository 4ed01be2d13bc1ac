"""The form opens filled in, asks for little, keeps exactly what was typed, and says which brand speaks."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.brands import Account, Brand
from bot.domain.facts import Fact, FactState
from bot.domain.people import Relationship
from bot.domain.posts import PostStatus
from bot.slack.wire import SharedFile
from bot.text.words import words_for
from handlers.views.compose import (
    PARTS,
    ComposeForm,
    Setting,
    alts,
    compose_view,
    filled,
    parts_of,
)
from handlers.views.drafts import saved_message, submitted_message
from handlers.views.when import Clock, heard, settled_at, understood, written
from tests.views.pages import ANA, NOW, TOMORROW, account, brand, picture, post, revision
from tests.views.shown import buttons, formatted, inputs, said

ES, EN = words_for("es"), words_for("en")
NORTH = brand(id="north", name="Northwind Books", face="📚", zone="America/New_York")
PLAY = brand(id="play", name="Ensayo", face="🧪", practice=True)
MADRID = Clock(brand(), ZoneInfo("Europe/Madrid"), NOW)
SECONDS = round(TOMORROW.timestamp())


def setting(*brands: Brand, chosen: Brand | None = None, accounts: tuple[Account, ...] = (), **more: Any) -> Setting:
    given: dict[str, Any] = {
        "brands": brands or (brand(),),
        "here": None,
        "brand": chosen or brand(),
        "accounts": accounts or (account("x"), account("facebook")),
        "titles": {"x": "X", "facebook": "Facebook"},
        "kept": (),
        "zone": ZoneInfo("Europe/Madrid"),
        "now": NOW,
        "commenting": "Facebook",
    }
    return Setting(**given | more)


def form(**more: Any) -> ComposeForm:
    return ComposeForm(**{"draft": "p1", "drawn": "agora", "accounts": ("x-1", "facebook-1")} | more)


def test_four_fields_and_everything_prefilled() -> None:
    view = compose_view(form(text="Hola"), setting(), ES)
    assert list(inputs(view)) == ["accounts", "text", "picture", "alt", "when", "phrase", "at"]
    assert view["title"]["text"] == "Nueva publicación"
    assert view["submit"]["text"] == "Enviar a revisión"
    assert said(view).startswith("*☕ Café Ágora*")
    drawn = inputs(view)
    assert [o["value"] for o in drawn["accounts"]["initial_options"]] == ["x-1", "facebook-1"]
    assert drawn["text"]["initial_value"] == "Hola"
    assert drawn["text"]["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}
    assert drawn["when"]["initial_option"]["value"] == "now"
    assert "X @cafe_agora — Café Ágora" in said(view)


def test_with_several_brands_none_is_chosen_silently() -> None:
    view = compose_view(form(drawn="", accounts=()), setting(brand(), NORTH, chosen=None, brand=None), ES)
    assert "initial_option" not in inputs(view)["brand"]
    assert "accounts" not in inputs(view)
    assert "¿Para qué marca es?" in said(view)
    assert not next(block for block in view["blocks"] if block.get("block_id") == "brand")["optional"]


def test_another_brand_s_accounts_are_never_left_ticked() -> None:
    view = compose_view(form(accounts=("x-9",)), setting(), ES)
    assert "initial_options" not in inputs(view)["accounts"]
    blocks = {block.get("block_id") for block in view["blocks"]}
    assert "accounts:agora" in blocks


def test_another_brand_s_channel_and_practice_are_said() -> None:
    assert "este canal es de Northwind Books" in said(compose_view(form(), setting(here=NORTH), ES))
    assert "Ensayo: nada de esto es público." in said(compose_view(form(), setting(chosen=PLAY), ES))


def test_the_reader_s_zone_is_said_and_the_brand_s_where_it_is_another() -> None:
    assert "Hora de Madrid." in said(compose_view(form(), setting(), ES))
    view = compose_view(form(), setting(chosen=NORTH), EN)
    assert "In your time (Madrid). Northwind Books goes by New York time." in said(view)


def test_more_shows_the_kind() -> None:
    assert list(buttons(compose_view(form(), setting(), EN))) == ["See it", "More"]
    view = compose_view(form(more=True, kind="sell"), setting(), EN)
    assert inputs(view)["kind"]["initial_option"]["text"]["text"] == "Sell"
    assert list(buttons(view)) == ["See it"]


def test_more_shows_the_thread_and_it_comes_back_as_typed() -> None:
    typed = "Dos: *el* agua &amp; <b>\n\n---\nTres"
    view = compose_view(form(more=True, thread=typed), setting(), ES)
    assert list(inputs(view))[-5:] == ["thread", "differ", "comment", "kind", "disclosure"]
    assert inputs(view)["thread"]["initial_value"] == typed
    assert "Una línea con solo ---" in said(view)
    assert form(thread=typed).content([]).thread == ("Dos: *el* agua &amp; <b>\n", "Tres")
    assert "thread" not in inputs(compose_view(form(), setting(), ES))
    again = filled(form(), post(revision(thread=("Dos: *el* agua &amp; <b>\n", "Tres"))))
    assert (again.thread, again.more) == (typed, True)


@pytest.mark.parametrize("length", [0, 1, 2999, 3000, 3001, 12_000, 15_000])
def test_a_long_text_is_whole_over_several_fields(length: int) -> None:
    text = ("añ🧑‍🌾 \n" * 4000)[:length]
    made = form(**parts_of(text))
    said(compose_view(made, setting(), ES))
    assert made.content([]).text == text
    assert len(PARTS) * 3000 == 15_000


def test_what_is_typed_comes_back_raw() -> None:
    raw = "  &amp; <b> *no* :smile: https://x.es <@U1>\n"
    assert form(text=raw).content([]).text == raw


def test_a_chosen_time_counts_and_now_takes_it_away() -> None:
    assert form(when="now", at=SECONDS).due == TOMORROW
    assert form(when="now", at=SECONDS, began=SECONDS).due is None
    assert form(when="at", at=SECONDS, began=SECONDS).due == datetime.fromtimestamp(SECONDS, UTC)
    assert form(when="draft").due is None
    chosen = written(form(when="now", at=SECONDS), "at")
    assert (chosen.when, chosen.redrawn) == ("at", 1)
    now = written(form(when="now", at=SECONDS), "when")
    assert now.at is None
    untouched = form()
    assert written(untouched, "text") is untouched
    assert {"when:1", "at:1"} <= {block.get("block_id") for block in compose_view(now, setting(), ES)["blocks"]}


def test_a_time_that_was_typed_is_shown_in_full_before_anything_is_planned() -> None:
    typed = form(phrase="mañana a las 9")
    taken = understood(typed, heard(typed.phrase, MADRID))
    assert (taken.when, taken.at, taken.said, typed.said) == ("at", SECONDS, True, False)
    view = compose_view(taken, setting(), ES)
    assert "mar 3 de marzo, 09:00 (Madrid)* · en 17 h" in said(view)
    assert inputs(view)["at"]["initial_date_time"] == SECONDS
    north = compose_view(taken, setting(chosen=NORTH), EN)
    assert "Tue, March 3, 3:00 AM (New York)* · in 17 h · for you, Tue, March 3, 9:00 AM (Madrid)" in said(north)
    assert "mar 3 de marzo" not in said(compose_view(typed.model_copy(update={"heard": typed.phrase}), setting(), ES))


def test_what_a_typed_time_leaves_open_is_asked() -> None:
    typed = form(phrase="mañana a las 5")
    taken = understood(typed, heard(typed.phrase, MADRID))
    assert (taken.at, taken.said, taken.when) == (None, False, "now")
    view = compose_view(taken, setting(), ES)
    assert "¿De la mañana o de la tarde?" in said(view)
    assert list(buttons(view))[:2] == ["mar 3 de marzo, 05:00 (Madrid)", "mar 3 de marzo, 17:00 (Madrid)"]
    chosen = settled_at(taken, SECONDS)
    assert (chosen.due, chosen.said) == (TOMORROW, True)
    assert "¿De la mañana" not in said(compose_view(chosen, setting(), ES))


def test_a_typed_time_does_not_outlive_its_phrase_nor_a_time_that_was_chosen_after_it() -> None:
    taken = settled_at(form(phrase="mañana a las 9"), SECONDS)
    half = taken.model_copy(update={"phrase": "mañana a las"})
    assert understood(half, heard(half.phrase, MADRID)).at is None
    picked = written(taken.model_copy(update={"at": SECONDS + 60}), "at")
    assert (picked.phrase, picked.said, picked.at) == ("", True, SECONDS + 60)
    assert {"phrase:1"} <= {block.get("block_id") for block in compose_view(picked, setting(), ES)["blocks"]}
    assert written(taken, "at") is taken
    now = written(taken.model_copy(update={"when": "now"}), "when")
    assert (now.phrase, now.at, now.said) == ("", None, True)
    nonsense = form(phrase="cuando puedas", at=SECONDS, when="at")
    assert not understood(nonsense, heard("cuando puedas", MADRID)).said


def test_a_post_is_edited_with_what_it_holds() -> None:
    shown = post(revision(3, pictures=(picture(),)), due=TOMORROW)
    made = filled(form(revision=3), shown)
    view = compose_view(made, setting(kept=shown.current.pictures), ES)
    assert view["title"]["text"] == "Editar publicación"
    assert "draft" not in str(inputs(view)["when"])
    assert "Quitar taza.png" in said(view)
    assert inputs(view)["alt"]["initial_value"] == "Una taza"
    content = made.content(shown.current.pictures)
    assert (content.pictures, content.due, content.text) == (shown.current.pictures, TOMORROW, shown.current.text)
    gone = made.model_copy(update={"remove": (picture().file,)})
    assert gone.content(shown.current.pictures).pictures == ()
    another = SharedFile(id="F2", name="b.png", mimetype="image/png", size=5)
    both = {"picture": (another,), "alt": "Una taza\nUn plato"}
    old, new = made.model_copy(update=both).content(shown.current.pictures).pictures
    assert (old, new.file, new.alt, new.blob) == (picture(), "F2", "Un plato", "")
    (new,) = gone.model_copy(update=both).content(shown.current.pictures).pictures
    assert (new.file, new.alt) == ("F2", "Un plato")


@pytest.mark.parametrize(
    ("typed", "count", "told"),
    [
        ("", 1, [""]),
        ("Una taza\nazul", 1, ["Una taza\nazul"]),
        ("Una taza\nUn plato", 2, ["Una taza", "Un plato"]),
        ("Una taza", 2, ["Una taza", ""]),
        ("\nUn plato\n", 2, ["", "Un plato"]),
        ("uno\ndos\ntres", 2, ["uno", "dos"]),
    ],
)
def test_alt_texts_are_a_line_each(typed: str, count: int, told: list[str]) -> None:
    assert alts(typed, count) == told


def test_what_is_said_after_it() -> None:
    kept = saved_message(post(status=PostStatus.DRAFT), ES)
    assert list(buttons(kept)) == ["Seguir con el borrador", "Descartar borrador"]
    assert "Abrimos a las 9" in said(kept)
    sent = submitted_message(post(), brand(), ["⚠️ Falta el texto alternativo."], ES)
    assert "Enviada a revisión en <#CREVIEW>." in formatted(sent)
    assert "⚠️ Falta" in said(sent)
    assert list(buttons(sent)) == ["Editar"]
    assert not buttons(submitted_message(post(), brand(), [], ES))


def test_a_hundred_brands_and_accounts_fit() -> None:
    many = [account("x", id=f"x-{n}", handle="h" * 90 + str(n)) for n in range(150)]
    brands = [brand(id=f"b{n}", name="Marca " * 30) for n in range(150)]
    view = compose_view(form(), setting(*brands, accounts=tuple(many)), ES)
    assert inputs(view)["accounts"]["type"] == "multi_static_select"
    said(view)


def test_what_it_has_to_tell_stands_with_the_rule_and_the_press() -> None:
    plain = compose_view(form(more=True), setting(), ES)
    assert "compose.tell_first" not in str(plain)
    assert inputs(plain)["disclosure"]["options"][0]["text"]["text"] == "Nada que decir"
    told = compose_view(form(more=True, disclosure="paid"), setting(telling="Publicidad"), ES)
    assert inputs(told)["disclosure"]["initial_option"]["text"]["text"] == "Colaboración pagada"
    assert "Empezar por «Publicidad»" in buttons(told)
    assert "antes de «Ver más»" in said(told)
    long = compose_view(form(more=True, disclosure="gift"), setting(telling=f"Regalo de {'Café' * 40}"), EN)
    assert all(len(label) <= 75 for label in buttons(long))
    assert form(disclosure="nonsense").tells is Relationship.NONE


def test_the_facts_that_it_can_lean_on_are_shown_with_their_verdicts() -> None:
    assert "leans" not in inputs(compose_view(form(more=True), setting(), ES))
    facts = [
        Fact(id=f"f{n}", brand="agora", statement=f"{n} " + "café " * 50, state=state, by=ANA, at=NOW, changed_at=NOW)
        for n, state in enumerate(FactState)
    ]
    drawn = inputs(compose_view(form(more=True, leans=("f1",)), setting(facts=facts), ES))["leans"]
    labels = [each["text"]["text"] for each in drawn["options"]]
    assert [label[0] for label in labels] == ["🔎", "✅", "⛔", "💬"]
    assert labels[0].endswith("· Por verificar")
    assert all(len(label) <= 75 for label in labels)
    assert [each["value"] for each in drawn["initial_options"]] == ["f1"]


def test_both_come_back_when_it_is_edited() -> None:
    shown = post(revision(disclosure=Relationship.GIFT, leans=("f1",)), status=PostStatus.IN_REVIEW)
    again = filled(ComposeForm(draft="p1", drawn="agora"), shown)
    assert (again.more, again.tells, again.leans) == (True, Relationship.GIFT, ("f1",))
    content = again.content(())
    assert (content.disclosure, content.leans) == (Relationship.GIFT, ("f1",))
    assert again.model_copy(update={"brand": "north"}).content(()).leans == ()
