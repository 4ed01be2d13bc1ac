"""One text on many accounts, by hand: its length while it is typed, a thread out of it, another text for one."""

from typing import Any

from bot.domain.posts import Post
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose, errors, fields

LONG = " ".join(f"Frase número {n} sobre el café de esta semana." for n in range(1, 9))


async def type_in(town: Town, view: dict[str, Any], field: str, value: str | list[str]) -> dict[str, Any]:
    """What ana's form is after she typed, or chose."""
    action = next(e["action_id"] for e in elements_in(view) if e["action_id"].split(":")[0] == f"{FORM}.{field}")
    await town.act("input", user="ana", view_id=view["id"], values={action: value})
    return view_of({"view": await town.top("ana")})


async def more(town: Town, view: dict[str, Any]) -> dict[str, Any]:
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.more")
    return await town.form_with("ana", f"{FORM}.comment")


async def test_the_length_is_told_while_it_is_typed(town: Town) -> None:
    view = await compose(town)
    assert "/280" not in said_in(view)
    view = await type_in(town, view, "text", "x" * 123)
    assert "X 120+/280" in said_in(view)
    view = await type_in(town, view, "text", "x" * 263)
    assert "X 263/280" in said_in(view)
    view = await type_in(town, view, "text", "x" * 285)
    assert "⛔ *X 285/280*: sobran 5" in said_in(view)
    assert "Dividir en hilo" in said_in(view)
    view = await type_in(town, view, "text", "x" * 280)
    assert "Dividir en hilo" not in said_in(view)


async def test_a_text_that_is_too_long_for_one_account_becomes_a_thread_there_alone(town: Town) -> None:
    view = await type_in(town, await compose(town), "text", LONG)
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.split:numbered")
    view = view_of({"view": await town.top("ana")})
    drawn = fields(view)
    own = next(value for name, value in drawn.items() if name.startswith("own1"))
    assert [part[-4:] for part in own["initial_value"].split("\n---\n")] == [" 1/2", " 2/2"]
    assert drawn["text"]["initial_value"] == LONG
    assert not (await town.submit("ana", view, FORM))["view"]
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    x, facebook = (next(a for a in post.current.accounts if network in a) for network in ("x-", "facebook-"))
    assert (len(post.current.texts(x)), post.current.texts(facebook)) == (2, (LONG,))
    (card,) = [m for m in await town.messages(REVIEW) if "pide tu aprobación" in said_in(m)]
    text = said_in(card)
    assert text.index("*X @cafe_agora*") < text.index("1/2") < text.index("2/2")
    assert "*Facebook Café Ágora*" in text
    assert LONG in text
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    assert LONG in await town.public("facebook:cafe.agora")
    assert (await town.public("x:cafe_agora"))[0].endswith(" 1/2")


async def test_a_text_that_is_too_long_everywhere_becomes_the_thread_of_the_post(town: Town) -> None:
    view = await compose(town)
    accounts = fields(view)["accounts"]
    x = next(option["value"] for option in accounts["options"] if option["value"].startswith("x-"))
    view = await type_in(town, await type_in(town, view, "accounts", [x]), "text", LONG)
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.split:plain")
    drawn = fields(view_of({"view": await town.top("ana")}))
    assert f"{drawn['text']['initial_value']} {drawn['thread']['initial_value']}" == LONG


async def test_another_text_begins_with_the_first_and_is_checked_where_it_stands(town: Town) -> None:
    view = await more(town, await compose(town, text="Hola a todos"))
    options = fields(view)["differ"]["options"]
    facebook = next(option["value"] for option in options if option["value"].startswith("facebook-"))
    view = await type_in(town, view, "differ", [facebook])
    assert fields(view)["own1"]["initial_value"] == "Hola a todos"
    assert "Adaptación para Facebook Café Ágora" in said_in(view)
    answer = await town.submit("ana", view, FORM, own1="Hola\n---\nvecinos")
    assert "no admite hilos" in errors(answer)["own1"]
    assert not (await town.submit("ana", view, FORM, own1="Hola, vecinos", comment="Y el enlace"))["view"]
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert post.current.texts(facebook) == ("Hola, vecinos", "Y el enlace")
    text = await town.text(REVIEW)
    assert "Primer comentario" in text
    await town.press("ana", REVIEW, "Editar")
    again = fields(view_of({"view": await town.top("ana")}))
    assert (again["own1"]["initial_value"], again["comment"]["initial_value"]) == ("Hola, vecinos", "Y el enlace")


async def test_a_variant_in_a_draft_is_kept_while_it_is_typed(town: Town) -> None:
    view = await more(town, await compose(town, text="Hola a todos"))
    x = next(option["value"] for option in fields(view)["differ"]["options"] if option["value"].startswith("x-"))
    view = await type_in(town, view, "differ", [x])
    await type_in(town, view, "own1", "Hola, X")
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.own == {x: ("Hola, X",)}
