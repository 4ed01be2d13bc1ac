"""*See it*, by hand: the post on each account, on top of the form, with nothing sent and nothing lost."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from bot.domain.posts import Post
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose, fields
from tests.handlers.test_variants import more, type_in

LONG = "Hoy abrimos. " + "Frase sobre el café. " * 30


def picture(width: int, height: int) -> str:
    """A picture of this size as the human API takes it."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def see(town: Town, view: dict[str, Any], user: str = "ana") -> dict[str, Any]:
    """What lies on top of the form after *See it*."""
    await town.act("click", user=user, view_id=view["id"], action_id="compose.see_it")
    return await town.form_called(user, "review.detail")


async def test_each_account_is_shown_and_the_form_is_still_there(town: Town) -> None:
    view = await compose(town, text="Abrimos hoy: https://agora.es/hoy")
    shown = await see(town, view)
    seen = said_in(shown)
    assert "X @cafe_agora" in seen
    assert "Facebook Café Ágora" in seen
    assert seen.count("Con una tarjeta de agora.es") == 2
    assert "Ver más" not in seen
    assert not await town.desk.store.listed(Post, IN_REVIEW)
    await town.act("close", user="ana", view_id=shown["id"])
    assert (await town.form_called("ana", FORM))["id"] == view["id"]
    assert not (await town.submit("ana", view, FORM))["view"]
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert post.current.text == "Abrimos hoy: https://agora.es/hoy"


async def test_what_is_too_long_and_what_folds_is_seen(town: Town) -> None:
    seen = said_in(await see(town, await compose(town, text=LONG)))
    assert "demasiado largo" in seen
    assert "… Ver más" in seen
    assert "Solo después de «Ver más»:" in seen


async def test_segments_are_numbered_and_the_first_comment_stands_last(town: Town) -> None:
    view = await more(town, await compose(town, text="Uno"))
    view = await type_in(town, await type_in(town, view, "thread", "Dos"), "comment", "Más en la web")
    seen = said_in(await see(town, view))
    facebook, x = seen[seen.index("Facebook") : seen.index("X @")], seen[seen.index("X @") :]
    assert facebook.index("Uno") < facebook.index("Primer comentario") < facebook.index("Más en la web")
    assert x.index("1/2") < x.index("Uno") < x.index("2/2") < x.index("Dos")
    assert "Más en la web" not in x


async def test_a_tall_picture_loses_its_ends_on_both_networks(town: Town) -> None:
    view = await compose(town, text="Hola")
    uploaded = [{"name": "alta.png", "base64": picture(100, 400)}]
    action = f"{FORM}.picture"
    await town.act("input", user="ana", view_id=view["id"], values={action: uploaded})
    seen = said_in(await see(town, view))
    assert "alta.png" in seen
    assert "cerca de un 67 %" in seen  # X: 1:4 in 3:4
    assert "cerca de un 69 %" in seen  # Facebook: in 4:5


@pytest.mark.parametrize("text", ["<!channel> *ya* :coffee:", "\u202eoteuqes <@U1>"])
async def test_what_was_typed_can_format_nothing(town: Town, text: str) -> None:
    view = await type_in(town, await compose(town, text="x"), "text", text)
    seen = await see(town, view)
    quotes = [e for block in seen["blocks"] if block["type"] == "rich_text" for e in block["elements"]]
    assert text in [e["elements"][0]["text"] for e in quotes]
    assert text not in str([block for block in seen["blocks"] if block["type"] in {"section", "context"}])


async def test_edit_shows_the_stored_picture(town: Town) -> None:
    view = await compose(town, text="Hola")
    await town.act("input", user="ana", view_id=view["id"], values={f"{FORM}.picture": [
        {"name": "ancha.png", "base64": picture(400, 100)}
    ]})  # fmt: skip
    await town.submit("ana", view, FORM)
    await town.press("ana", REVIEW, "Editar")
    again = view_of({"view": await town.top("ana")})
    assert "remove" in fields(again)
    assert "ancha.png" in said_in(await see(town, again))
