"""From a card to its person's page and back; found by name; forgotten with every card."""

import json

from bot.domain.conversations import ClosedAs
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, said_in
from tests.handlers.test_inbox import the_card
from tests.handlers.test_proposals import opened
from tests.handlers.voices import INBOX, comment, hear, the_conversation


async def _page(town: Town, user: str = "carla") -> dict[str, object]:
    """Opens the person's page from the card's ⋯."""
    card = next(m for m in await town.messages(INBOX) if m.get("metadata"))
    menu = next(e for e in elements_in(card["blocks"]) if e.get("action_id") == "menu:card")
    value = next(o["value"] for o in menu["options"] if "people.see" in o["value"])
    return await town.press(user, INBOX, "", ts=card["ts"], action="menu:card", value=value)


def _button(view: dict[str, object], action: str) -> dict[str, str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    found = next(e for e in elements_in(blocks) if str(e.get("action_id", "")).startswith(action))
    return {"action_id": found["action_id"], "value": found["value"]}


async def test_a_regular_has_a_history_on_the_card_and_a_page_behind_it(town: Town) -> None:
    await hear(town)
    await comment(town, "Me encanta vuestro café ❤️")
    first = await the_conversation(town)
    await town.desk.conversations.close(first.id, town.standing("carla"), ClosedAs.NO_REPLY)
    await comment(town, "¿Abrís el domingo?")
    assert "1 conversación anterior" in await town.text(INBOX)
    view = await opened(town, "carla", await _page(town))
    text = str(view)
    assert "2 conversations" in text
    assert "Me encanta vuestro café" in text
    pressed = await town.act("click", user="carla", view_id=view["id"], **_button(view, "people.edit"))
    form = await opened(town, "carla", pressed)
    shown = await opened(
        town, "carla", await town.submit("carla", form, "people.form", tags="vecina, café", note="viene los martes")
    )
    assert "viene los martes" in str(shown)
    await town.settle()
    assert "vecina, café · 1 nota" in await town.text(INBOX)
    found = await town.command("carla", "people vecina")
    assert "Lucía" in str(found["ephemeral"])
    nobody = await town.command("carla", "personas zzz")
    assert "Nobody is known as “zzz”" in str(nobody["ephemeral"])


async def test_somebody_else_sees_no_page(town: Town) -> None:
    await hear(town)
    await comment(town, "hola")
    assert (await _page(town, "ana"))["ephemeral"]
    denied = str((await town.command("ana", "personas"))["ephemeral"])
    assert denied
    assert "Lucía" not in denied


async def test_forgetting_empties_the_card_and_its_thread(town: Town) -> None:
    await hear(town)
    said = await comment(town, "mi teléfono es 600 000 000")
    await comment(town, "llamadme", post=said["id"])
    view = await opened(town, "admin", await _page(town, "admin"))
    assert "llamadme" in str(view)
    assert "600 000 000" in await town.text(INBOX)
    answer = await town.act("click", user="admin", view_id=view["id"], **_button(view, "people.forget"))
    await town.settle()
    assert "Forgotten, with" in str(answer["view"] or await town.top("admin"))
    shown = await town.text(INBOX)
    assert "600 000 000" not in shown
    assert "llamadme" not in shown
    assert "Lucía" not in shown
    assert "Se olvidó a esta persona" in await the_card(town)
    assert all("600 000 000" not in said_in(message) for message in await town.messages(INBOX))


async def test_an_export_is_one_file_for_whoever_asked(town: Town) -> None:
    await hear(town)
    await comment(town, "mi teléfono es 600 000 000")
    view = await opened(town, "admin", await _page(town, "admin"))
    await town.act("click", user="admin", view_id=view["id"], **_button(view, "people.export"))
    await town.settle()
    (told,) = [message for message in await town.messages("@admin") if message.get("files")]
    (file,) = told["files"]
    assert "personal data" in told["text"]
    assert "Luc" not in file["name"]
    text = (await town.api.download(file["id"], most=100_000)).decode()
    assert "mi teléfono es 600 000 000" in json.loads(text)["conversations"][0]["they_said"][0]["text"]
    assert "on its way" in str(await town.top("admin"))


async def test_where_slack_takes_no_file_it_is_said(town: Town) -> None:
    await hear(town)
    await comment(town, "hola")
    view = await opened(town, "admin", await _page(town, "admin"))
    await town.fault(
        target="slack", route="files.getUploadURLExternal", status=200, times=9, when="before",
        body={"ok": False, "error": "missing_scope"},
    )  # fmt: skip
    await town.act("click", user="admin", view_id=view["id"], **_button(view, "people.export"))
    await town.settle()
    told = [*await town.messages("@admin"), await town.top("admin")]
    assert "Slack did not take the file" in str(told)


async def test_kept_for_legal_it_is_not_forgotten(town: Town) -> None:
    await hear(town)
    await comment(town, "os denunciaré")
    card = next(m for m in await town.messages(INBOX) if m.get("metadata"))
    menu = next(e for e in elements_in(card["blocks"]) if e.get("action_id") == "menu:card")
    value = next(o["value"] for o in menu["options"] if "legal.keep" in o["value"])
    refused = await town.press("carla", INBOX, "", ts=card["ts"], action="menu:card", value=value)
    assert not refused["view"]
    form = await opened(
        town, "admin", await town.press("admin", INBOX, "", ts=card["ts"], action="menu:card", value=value)
    )
    await town.submit("admin", form, "legal.form", reason="Juicio en marzo")
    assert "Guardada por motivos legales" in await town.text(INBOX)
    assert "Juicio" not in await town.text(INBOX)
    view = await opened(town, "admin", await _page(town, "admin"))
    await town.act("click", user="admin", view_id=view["id"], **_button(view, "people.forget"))
    await town.settle()
    assert "os denunciaré" in await town.text(INBOX)
