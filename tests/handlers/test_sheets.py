"""A file of posts by hand: shown row by row, made once, and what was exported can be read in again."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.people import Relationship
from bot.domain.posts import Post
from bot.domain.sheets import read
from bot.text.words import words_for
from tests.handlers.demo import Town, view_of
from tests.handlers.test_compose import IN_REVIEW, REVIEW, errors

DAY = (datetime.now(UTC) + timedelta(days=9)).date()
GOOD = f"fecha;hora;cuentas;texto;tipo\n{DAY};9:00;X;Uno;vender\n{DAY};10:30;;Dos;\n"


async def given(town: Town, text: str, way: str = "review", who: str = "ana") -> dict[str, Any]:
    """What comes of a file that is put into the form."""
    shown = (await town.command(who, "semana", REVIEW))["ephemeral"][-1]
    press = {"user": who, "channel": REVIEW, "ts": shown["ts"], "action_id": "sheets.import"}
    view = view_of(await town.act("click", **press))
    file = {"name": "mes.csv", "base64": base64.b64encode(text.encode()).decode()}
    return await town.submit(who, view, "sheets.import_form", brand="agora", file=[file], way=way)


async def test_a_file_is_shown_and_then_made_once(town: Town) -> None:
    await given(town, GOOD)
    shown = await town.top("ana")
    assert shown is not None
    assert "2 publicaciones irían a revisión" in str(shown)
    assert "09:00 (Madrid)" in str(shown)
    assert await town.desk.store.listed(Post, IN_REVIEW) == []
    first = await town.submit("ana", shown, "sheets.confirm_form")
    assert "2 publicaciones creadas" in str(first["ephemeral"])
    posts = await town.desk.store.listed(Post, IN_REVIEW)
    assert sorted(post.current.text for post in posts) == ["Dos", "Uno"]
    assert {len(post.current.accounts) for post in posts} == {1, 2}
    agora = await town.desk.brand("agora")
    assert {f"{post.due.astimezone(agora.clock):%H:%M}" for post in posts if post.due} == {"09:00", "10:30"}
    desk, who = town.desk.sheets, town.standing("ana")
    form = json.loads(shown["private_metadata"])
    asked = datetime.fromtimestamp(form["asked"], UTC)
    again = await desk.make("agora", form["file"], who, asked=asked, language="es", review=True)
    assert (again.made, again.before) == (0, 2)
    assert len(await town.desk.store.listed(Post, IN_REVIEW)) == 2


async def test_a_row_that_is_wrong_is_told_and_nothing_is_made(town: Town) -> None:
    rows = [
        f"{DAY};9:00;X;Uno;", f"{DAY};9:00;X;Otra vez;", "ayer;9:00;X;Tarde;", f"{DAY};9:00;TikTok;Dos;",
        f"{DAY};9:00;X;;", f"{DAY};11:00;X;Tres;poema", f"{DAY};cuando sea;X;Cuatro;", f"{DAY};12:00;X;{'x' * 400};",
    ]  # fmt: skip
    await given(town, "fecha;hora;cuentas;texto;tipo\n" + "\n".join(rows) + "\n")
    shown = str(await town.top("ana"))
    assert "Hay que corregir 7 filas" in shown
    for said in ("Fila 3", "misma hora", "Fila 4", "TikTok", "No hay texto", "poema", "no se entiende", "Fila 9"):
        assert said in shown, said
    assert "Fila 2*" not in shown
    assert "'submit': None" in shown
    assert await town.desk.store.listed(Post, IN_REVIEW) == []


async def test_they_can_stay_drafts(town: Town) -> None:
    await given(town, GOOD, way="draft")
    shown = await town.top("ana")
    assert shown is not None
    await town.submit("ana", shown, "sheets.confirm_form")
    assert len(await town.desk.posts.drafts(town.standing("ana"))) == 2
    assert await town.desk.store.listed(Post, IN_REVIEW) == []


async def test_a_file_that_is_no_table_is_told_at_its_field(town: Town) -> None:
    told = errors(await given(town, "esto no es una tabla"))
    assert "una de ellas es texto" in str(told)


async def test_what_is_exported_can_be_read_in_again(town: Town) -> None:
    await given(town, GOOD.replace("Uno", "=1+1"))
    shown = await town.top("ana")
    assert shown is not None
    await town.submit("ana", shown, "sheets.confirm_form")
    exported = await town.desk.sheets.export(town.standing("bruno"), words_for("es"))
    assert exported is not None
    table = read(exported)
    rows = {row.get("text"): row for row in table.rows}
    assert set(rows) == {"=1+1", "Dos"}
    assert (rows["=1+1"].get("date"), rows["=1+1"].get("time")) == (f"{DAY}", "09:00")
    assert "@" not in rows["Dos"].get("accounts")
    listed = (await town.command("ana", "semana", REVIEW))["ephemeral"][-1]
    answer = await town.act("click", user="ana", channel=REVIEW, ts=listed["ts"], action_id="sheets.export")
    assert answer["ok"]


async def test_what_a_post_has_to_tell_has_a_column_in_and_out(town: Town) -> None:
    head = "fecha;hora;cuentas;texto;transparencia\n"
    await given(town, f"{head}{DAY};9:00;X;Uno;colaboración pagada\n{DAY};9:30;X;Dos;amistad\n")
    shown = str(await town.top("ana"))
    assert "Empieza por «Publicidad»" in shown
    assert "«amistad» no es ninguna opción de Transparencia" in shown
    await given(town, f"{head}{DAY};9:00;X;Publicidad: Uno;colaboración pagada\n{DAY};9:30;X;Dos;\n")
    form = await town.top("ana")
    assert form is not None
    await town.submit("ana", form, "sheets.confirm_form")
    posts = {post.current.text: post for post in await town.desk.store.listed(Post, IN_REVIEW)}
    assert [posts[text].current.disclosure for text in ("Publicidad: Uno", "Dos")] == [
        Relationship.PAID, Relationship.NONE
    ]  # fmt: skip
    exported = await town.desk.sheets.export(town.standing("ana"), words_for("es"))
    assert exported is not None
    told = [row.get("disclosure") for row in read(exported).rows]
    assert sorted(told) == ["", "Colaboración pagada"]
