"""Saved replies: admins write them, whoever answers chooses one, and a variable never goes out raw."""

from typing import Any

from bot.slack.wire import elements_in
from tests.handlers.demo import Town, view_of
from tests.handlers.test_inbox import FORM, heard
from tests.handlers.voices import INBOX


async def write(town: Town, title: str, text: str, language: str = "") -> str:
    """An admin keeps one."""
    id_ = town.desk.new_id()
    await town.desk.saved_replies.save(id_, "agora", title, text, language, town.standing("admin"))
    return id_


async def choose(town: Town, view: dict[str, Any], saved: str, form: str = FORM, **typed: str) -> dict[str, Any]:
    """Chooses one in the open form, above what is typed."""
    values = {f"{form}.{name}": text for name, text in typed.items()} | {f"{form}.saved": saved}
    return view_of(await town.act("input", user="carla", view_id=view["id"], values=values))


def text_of(view: dict[str, Any]) -> str:
    """What stands in the form's field."""
    found = [each for each in elements_in(view["blocks"]) if str(each["action_id"]).endswith(".text")]
    return str(found[0].get("initial_value", ""))


async def test_an_admin_writes_changes_and_removes_them_in_one_list(town: Town) -> None:
    await town.command("admin", "settings", INBOX)
    told = (await town.told("admin", INBOX))[-1]
    press = next(e for e in elements_in(told["blocks"]) if e["action_id"] == "saved.manage" and "agora" in e["value"])
    answer = await town.act(
        "click", user="admin", channel=INBOX, ts=told["ts"], action_id="saved.manage", value=press["value"]
    )
    view = view_of(answer if answer["view"] else {"view": await town.top("admin")})
    assert "No saved replies yet" in str(view)
    form = view_of(await town.act("click", user="admin", view_id=view["id"], action_id="saved.write"))
    assert "{name} {handle} {brand} {agent} {link}" in str(form)
    refused = await town.submit("admin", form, "saved.form", title="Horario", text="Hola {nombrre}")
    assert "{nombrre} isn’t one of the variables" in str(refused["response"]["errors"])
    await town.submit("admin", form, "saved.form", title="Horario", text="Hola {nombre}", language="es")
    (kept,) = await town.desk.saved_replies.of("agora")
    assert (kept.title, kept.text, kept.language) == ("Horario", "Hola {nombre}", "es")
    listed = await town.top("admin")
    assert listed is not None
    assert "*Horario* · Spanish" in str(listed)
    value = f'{{"!":"saved.remove","brand":"agora","saved":"{kept.id}"}}'
    gone = await town.act("click", user="admin", view_id=listed["id"], action_id=f"menu:{kept.id}", value=value)
    assert gone["ok"]
    assert await town.desk.saved_replies.of("agora") == []


async def test_choosing_one_fills_the_text_which_can_still_be_changed(town: Town) -> None:
    spanish = await write(town, "Horario", "Hola, {nombre}: abrimos a las 9. {agente}, {marca}", "es")
    await write(town, "Hours", "Hi {name}", "en")
    talk = await heard(town, "Hola, ¿a qué hora abrís mañana? Gracias")
    view = await town.form("carla", INBOX, "Responder en público")
    options = next(e for e in elements_in(view["blocks"]) if str(e["action_id"]).endswith(".saved"))["options"]
    assert [each["text"]["text"] for each in options] == ["ES · Horario", "EN · Hours"]
    shown = await choose(town, view, spanish)
    assert text_of(shown) == "Hola, Lucía: abrimos a las 9. Carla, Café Ágora"
    assert "/280 characters" in str(shown)
    await town.submit("carla", shown, FORM, text="Hola, Lucía: a las 9")
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.reply is not None
    assert reply.reply.text == "Hola, Lucía: a las 9"


async def test_another_one_takes_its_place_and_what_was_typed_stays(town: Town) -> None:
    first, second = await write(town, "a", "Uno"), await write(town, "b", "Dos")
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    shown = await choose(town, view, first)
    assert text_of(shown) == "Uno"
    shown = await choose(town, shown, second)
    assert text_of(shown) == "Dos"
    shown = await choose(town, shown, first, text="Dos y algo mío")
    assert text_of(shown) == "Dos y algo mío\nUno"


async def test_a_variable_that_nobody_filled_in_is_asked_for_and_never_sent(town: Town) -> None:
    link = await write(town, "Enlace", "{nombre}, mira {enlace}")
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    shown = await choose(town, view, link)
    assert text_of(shown) == "Lucía, mira {enlace}"
    assert "Fill in before you send it: {enlace}" in str(shown)
    refused = await town.submit("carla", shown, FORM)
    assert "Fill in {enlace} first" in str(refused["response"]["errors"])
    assert await town.desk.conversations.replies(talk.id) == []
    await town.submit("carla", shown, FORM, text="Lucía, mira agora.example")
    assert len(await town.desk.conversations.replies(talk.id)) == 1


async def test_it_is_there_while_working_through(town: Town) -> None:
    saved = await write(town, "Horario", "A las 9, {nombre}")
    talk = await heard(town)
    await town.command("carla", "inbox")
    listed = await town.top("carla")
    assert listed is not None
    answer = await town.act("click", user="carla", view_id=listed["id"], action_id="work.begin")
    work = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    shown = await choose(town, work, saved, "work.form")
    assert text_of(shown) == "A las 9, Lucía"
    await town.submit("carla", shown, "work.form")
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.reply is not None
    assert reply.reply.text == "A las 9, Lucía"


async def test_another_brands_is_not_offered_and_not_given(town: Town) -> None:
    id_ = town.desk.new_id()
    await town.desk.saved_replies.save(id_, "northwind", "Secret", "secret", "", town.standing("admin"))
    await write(town, "Uno", "Uno")
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    assert "Secret" not in str(view)
