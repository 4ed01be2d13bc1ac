"""Writing a post, by hand: what opens, what is kept, what is refused and where it says so."""

import base64
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.domain.posts import Post, PostStatus
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of

FORM = "compose.form"
REVIEW, NORTH = "#agora-review", "#northwind-review"
IN_REVIEW = f"posts:agora:{PostStatus.IN_REVIEW}"


def png() -> str:
    """A small picture as the human API takes it."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "orange").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def fields(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A form's elements by their field."""
    shown = (each for each in elements_in(view) if each["type"] != "button")
    return {each["action_id"].removeprefix(f"{FORM}."): dict(each) for each in shown}


async def compose(town: Town, user: str = "ana", text: str = "", channel: str = REVIEW) -> dict[str, Any]:
    return view_of(await town.command(user, f"post {text}".strip(), channel))


def errors(answer: dict[str, Any]) -> dict[str, str]:
    """The sentences beside the fields, by field."""
    found = (answer["response"] or {}).get("errors", {})
    return {block.partition(":")[0]: text for block, text in found.items()}


async def test_a_command_opens_the_filled_form_and_one_press_sends_it_to_review(town: Town) -> None:
    view = await compose(town, text="Abrimos &lt;hoy&gt; &amp; <https://agora.es|agora.es> :coffee:")
    drawn = fields(view)
    assert view["title"]["text"] == "Nueva publicación"
    assert "brand" not in drawn or drawn["brand"]["initial_option"]["value"] == "agora"
    assert len(drawn["accounts"]["initial_options"]) == 2
    answer = await town.submit("ana", view, FORM)
    assert "Enviada a revisión en <#C01AGORREV1>" in str(answer["ephemeral"])
    (card,) = [m for m in await town.messages(REVIEW) if "pide tu aprobación" in said_in(m)]
    assert f"<@{NAMES['bruno'].partition(':')[2]}>" in said_in(card)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert post.current.text == drawn["text"]["initial_value"]


async def test_the_shortcut_opens_it_for_my_only_real_brand(town: Town) -> None:
    view = view_of(await town.act("shortcut", user="ana", callback_id="new_post"))
    assert fields(view)["brand"]["initial_option"]["text"]["text"] == "☕ Café Ágora"
    assert len(fields(view)["accounts"]["options"]) == 2


async def test_with_several_brands_none_is_chosen_and_choosing_brings_its_accounts(town: Town) -> None:
    view = view_of(await town.act("shortcut", user="admin", callback_id="new_post"))
    assert "initial_option" not in fields(view)["brand"]
    assert "accounts" not in fields(view)
    answer = await town.act(
        "click", user="admin", view_id=view["id"], action_id=f"{FORM}.brand", value="northwind"
    )  # fmt: skip
    drawn = fields(answer["view"])
    labels = [option["text"]["text"] for option in drawn["accounts"]["initial_options"]]
    assert len(labels) == 2
    assert all("Northwind Books" in label for label in labels)


async def test_what_is_typed_is_kept_and_can_be_continued(town: Town) -> None:
    view = await compose(town)
    assert not await town.desk.posts.drafts(town.standing("ana"))
    text = "a medias &amp; <b>"
    await town.act("click", user="ana", view_id=view["id"], action_id=f"{FORM}.text", value=text)
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert (draft.current.text, draft.brand, len(draft.current.accounts)) == (text, "agora", 2)


async def test_a_draft_is_kept_and_its_button_opens_it_again(town: Town) -> None:
    view = await compose(town, text="luego sigo")
    answer = await town.submit("ana", view, FORM, when="draft")
    assert "Borrador guardado" in str(answer["ephemeral"])
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    (said,) = answer["ephemeral"]
    again = await town.act(
        "click", user="ana", channel=REVIEW, ts=said["ts"], action_id=f"compose.continue:{draft.id}"
    )  # fmt: skip
    assert fields(view_of(again))["text"]["initial_value"] == "luego sigo"
    await town.submit("ana", view_of(again), FORM, when="now")
    assert not await town.desk.posts.drafts(town.standing("ana"))
    assert "luego sigo" in await town.text(REVIEW)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"text": "x" * 281}, "text", "X @cafe_agora"),
        ({"text": ""}, "text", "Falta el texto"),
        ({"accounts": []}, "accounts", "Elige al menos una cuenta"),
        ({"when": "at"}, "at", "Elige día y hora"),
        ({"at": 1_700_000_000}, "at", "Esa hora ya ha pasado"),
    ],
)
async def test_a_mistake_stands_beside_its_field(
    town: Town, given: dict[str, Any], field: str, sentence: str
) -> None:  # fmt: skip
    view = await compose(town, text="hola")
    answer = await town.submit("ana", view, FORM, **given)
    if sentence == "X @cafe_agora":
        sentence = "demasiado largo, 281/280"
    assert sentence in errors(answer)[field]
    assert not [m for m in await town.messages(REVIEW) if "pide tu aprobación" in said_in(m)]


async def test_a_time_counts_though_now_is_still_selected(town: Town) -> None:
    at = round((town.clock() + timedelta(hours=17)).timestamp())
    await town.submit("ana", await compose(town, text="mañana"), FORM, at=at)
    assert "en 16 h" in await town.text(REVIEW)
    assert "Aprobar" in await town.text(REVIEW)


async def test_a_typed_time_is_shown_as_it_is_typed_and_then_counts(town: Town) -> None:
    view = await compose(town, text="mañana")
    about = {"user": "ana", "view_id": view["id"], "action_id": f"{FORM}.phrase"}
    answer = await town.act("click", **about, value="en 3 ho")
    assert "initial_date_time" not in fields(answer["view"] or view)["at"]
    answer = await town.act("click", **about, value="en 3 horas")
    assert "en 3 h" in str(answer["view"]) or "en 2 h" in str(answer["view"])
    drawn = fields(answer["view"])
    assert drawn["when"]["initial_option"]["value"] == "at"
    await town.submit("ana", answer["view"], FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert round(post.due.timestamp()) == drawn["at"]["initial_date_time"] if post.due else False


async def test_a_time_that_was_never_shown_is_shown_first(town: Town) -> None:
    view = await compose(town, text="hola")
    answer = await town.submit("ana", view, FORM, phrase="pasado mañana a las 9")
    assert "pide tu aprobación" not in await town.text(REVIEW)
    shown = answer["response"]["view"] if answer["response"] else answer["view"]
    assert "09:00 (Madrid)" in str(shown)
    await town.submit("ana", view, FORM)
    assert "09:00 (Madrid)" in await town.text(REVIEW)


async def test_what_is_not_understood_is_told_under_its_field(town: Town) -> None:
    view = await compose(town, text="hola")
    told = errors(await town.submit("ana", view, FORM, phrase="mañana no publiques nada"))["phrase"]
    assert "No se entiende «no publiques nada»" in told
    assert "mañana a las 9" in told
    assert "pide tu aprobación" not in await town.text(REVIEW)


async def test_a_question_about_a_time_is_answered_with_one_press(town: Town) -> None:
    view = await compose(town, text="hola")
    await town.submit("ana", view, FORM, phrase="mañana a las 5")
    assert "Elige" in errors(await town.submit("ana", view, FORM))["phrase"]
    answer = await town.act("click", user="ana", view_id=view["id"], action_id="compose.when_is:1")
    assert "17:00 (Madrid)" in str(answer["view"])
    await town.submit("ana", view, FORM)
    assert "17:00 (Madrid)" in await town.text(REVIEW)


async def test_a_picture_travels_with_its_words(town: Town) -> None:
    file = {"name": "taza.png", "base64": png(), "alt": ""}
    view = await compose(town, text="con foto")
    await town.submit("ana", view, FORM, picture=[file], alt="Una taza")
    card = (await town.messages(REVIEW))[-1]
    assert "Texto alternativo: Una taza" in said_in(card)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert (post.current.pictures[0].alt, post.current.ready) == ("Una taza", True)
    assert [b["type"] for b in card["blocks"]].count("image") == 1


async def test_several_pictures_go_out_in_order_each_with_its_alt_text(town: Town) -> None:
    given = [{"name": f"{n}.png", "base64": png()} for n in range(3)]
    view = await compose(town, text="con fotos")
    await town.submit("ana", view, FORM, picture=given, alt="Una\nDos\nTres")
    await town.press("ana", REVIEW, "Editar")
    view = view_of({"view": await town.top("ana")})
    assert fields(view)["alt"]["initial_value"] == "Una\nDos\nTres"
    second = fields(view)["remove"]["options"][1]
    assert second["text"]["text"] == "Quitar 1.png"
    more = [{"name": "3.png", "base64": png()}]
    await town.submit("ana", view, FORM, remove=[second["value"]], picture=more, alt="Una\nDos\nTres\nCuatro")
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    for account in ("x:cafe_agora", "facebook:cafe.agora"):
        async with town.session.get(f"{town.url}/audience/posts", params={"account": account}) as answer:
            (post, *_) = (await answer.json())["posts"]
        assert [each["alt"] for each in post["media"]] == ["Una", "Tres", "Cuatro"]


async def test_an_iphone_s_picture_goes_out_as_a_jpeg(town: Town) -> None:
    heic = base64.b64encode((Path(__file__).parents[1] / "engine" / "data" / "phone.heic").read_bytes()).decode()
    file = {"name": "IMG_1.HEIC", "base64": heic}
    await town.submit("ana", await compose(town, text="con foto"), FORM, picture=[file], alt="Una")
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    (picture,) = post.current.pictures
    assert (picture.name, picture.type, picture.width, picture.problem) == ("IMG_1.jpg", "image/jpeg", 120, "")
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    for account in ("x:cafe_agora", "facebook:cafe.agora"):
        async with town.session.get(f"{town.url}/audience/posts", params={"account": account}) as answer:
            (shown, *_) = (await answer.json())["posts"]
        assert [each["type"] for each in shown["media"]] == ["image/jpeg"]


async def test_a_missing_alt_text_is_told_at_once_and_on_the_card(town: Town) -> None:
    file = {"name": "taza.png", "base64": png()}
    answer = await town.submit("ana", await compose(town, text="con foto"), FORM, picture=[file])
    assert "Falta el texto alternativo" in str(answer["ephemeral"])
    assert "⚠️ Falta el texto alternativo" in await town.text(REVIEW)


async def test_another_brand_s_channel_is_warned_in_the_form_and_on_the_card(town: Town) -> None:
    view = await compose(town, "ana", "hola", NORTH)
    assert "este canal es de Northwind Books" in str(view)
    await town.submit("ana", view, FORM)
    assert "este canal es de Northwind Books" in await town.text(REVIEW)
    assert "hola" not in await town.text(NORTH)


async def test_who_writes_nowhere_is_told_privately(town: Town) -> None:
    answer = await town.command("eva", "post hola", REVIEW)
    assert answer["view"] is None
    assert "Todavía no tienes rol en ninguna marca" in str(answer["ephemeral"])


async def test_the_same_form_twice_is_one_post(town: Town) -> None:
    view = await compose(town, text="una vez")
    await town.submit("ana", view, FORM)
    assert (await town.text(REVIEW)).count("pide tu aprobación") == 1


async def test_more_shows_the_kind(town: Town) -> None:
    view = await compose(town, text="hola")
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.more")
    drawn = fields(await town.form_with("ana", f"{FORM}.kind"))
    assert drawn["text"]["initial_value"] == "hola"
