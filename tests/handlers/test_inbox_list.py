"""The inbox as a list and one by one: filtered, paged, worked from; each press goes on to the next."""

from typing import Any

from bot.desk.inbox_list import PAGE
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_inbox import heard
from tests.handlers.voices import comment

S = ConversationStatus
WORK = "work.form"


async def opened(town: Town, user: str, text: str) -> dict[str, Any]:
    return view_of(await town.command(user, text))


async def click(town: Town, user: str, view: dict[str, Any], label: str) -> dict[str, Any]:
    """Presses a button of a form by its label, or chooses an option."""
    for element in elements_in(view["blocks"]):
        if element.get("text", {}).get("text") == label:
            await town.act(
                "click", user=user, view_id=view["id"], action_id=element["action_id"], value=element["value"]
            )
            break
        options = [each for each in element.get("options", []) if each["text"]["text"] == label]
        if options:
            await town.act(
                "click", user=user, view_id=view["id"], action_id=element["action_id"], value=options[0]["value"]
            )
            break
    else:
        raise AssertionError(f"no {label!r}")
    await town.settle()
    return await top(town, user)


async def fill(town: Town, user: str, view: dict[str, Any], form: str, **values: Any) -> dict[str, Any]:
    """Changes live fields of a form."""
    named = {f"{form}.{name}": value for name, value in values.items()}
    await town.act("input", user=user, view_id=view["id"], values=named)
    await town.settle()
    return await top(town, user)


async def top(town: Town, user: str) -> dict[str, Any]:
    return await town.top(user) or {}


async def test_my_inbox_lists_mine_and_the_other_lists_are_a_choice_away(town: Town) -> None:
    await heard(town)
    await comment(town, "¿Tenéis wifi?", author="Marta")
    talks = await town.desk.store.listed(Conversation, "open:agora")
    first = next(talk for talk in talks if "Abrís" in talk.latest.text)
    await town.desk.conversations.claim(first.id, town.standing("carla"))
    view = await opened(town, "carla", "bandeja")
    assert "Mine *1* · Nobody has these *1* · Late *0* · All open *2*" in str(view)
    assert "¿Abrís el domingo?" in str(view)
    assert "wifi" not in str(view)
    view = await fill(town, "carla", view, "inbox.list", shown="unowned")
    assert "wifi" in str(view)
    assert "Abrís" not in str(view)
    view = await click(town, "carla", view, "Claim")
    assert "Mine *2* · Nobody has these *0*" in str(view)
    assert "Nothing here. Other lists have open conversations." in str(view)
    assert "No hay conversaciones abiertas" not in str(view)


async def test_who_moderates_nowhere_hears_why(town: Town) -> None:
    assert "Moderación" in str((await town.command("ana", "inbox"))["ephemeral"]) or await opened(town, "ana", "inbox")
    assert "Todavía no tienes rol" in str((await town.command("eva", "bandeja"))["ephemeral"])


async def test_words_accounts_and_states_narrow_the_list(town: Town) -> None:
    await heard(town)
    await comment(town, "Quiero un REEMBOLSO ya", author="Marta Gil")
    view = await opened(town, "carla", "inbox reembolsó")
    assert "Quiero un REEMBOLSO ya" in str(view)
    assert "Abrís" not in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", words="marta gil"))
    assert "REEMBOLSO" in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", words="nada de esto"))
    assert "Nothing here" in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", words="", shown="upset"))
    assert "Abrís" not in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", words="", shown="escalated"))
    assert "Nothing here" in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", shown="all", brand="northwind"))
    assert "Nothing here" in str(view) or "No open conversations" in str(view)
    facebook = next(each for each in await town.desk.accounts.of("agora") if each.network == "facebook")
    view = view_of(await town.submit("carla", view, "inbox.list", brand="agora"))
    assert "REEMBOLSO" in str(view)
    view = view_of(await town.submit("carla", view, "inbox.list", account=facebook.id))
    assert "REEMBOLSO" not in str(view)


async def test_pages_turn_and_a_press_stays_on_its_page(town: Town) -> None:
    await heard(town)
    for n in range(PAGE + 2):
        await comment(town, f"Pregunta {n}", author=f"Persona{n}")
    view = await opened(town, "carla", "inbox")
    view = await fill(town, "carla", view, "inbox.list", shown="unowned")
    assert f"Page 1 of 2 · {PAGE + 3} conversations" in str(view)
    second = await click(town, "carla", view, "Next")
    assert "Page 2 of 2" in str(second)
    assert f"Pregunta {PAGE + 1}" in str(second)
    pressed = await click(town, "carla", second, "No reply needed")
    assert "Page 2 of 2" in str(pressed)
    assert f"{PAGE + 2} conversations" in str(pressed)
    assert "Page 1 of 2" in str(await click(town, "carla", pressed, "Back"))


async def test_home_counts_and_opens_each_list(town: Town) -> None:
    talk = await heard(town)
    await comment(town, "¿Tenéis wifi?", author="Marta")
    await town.desk.conversations.claim(talk.id, town.standing("carla"))
    home = await town.home("carla")
    labels = [each.get("text", {}).get("text") for each in elements_in(home["blocks"])]
    assert {"Work through", "Mine · 1", "Nobody has these · 1"} <= set(labels)
    assert "Inbox" not in [each for each in await labels_of(town, "ana") if each]
    button = next(
        each for each in elements_in(home["blocks"]) if each.get("text", {}).get("text", "").startswith("Nob")
    )
    await town.act("click", user="carla", view_id=home["id"], action_id=button["action_id"], value=button["value"])
    assert "wifi" in str(await top(town, "carla"))


async def labels_of(town: Town, user: str) -> list[str]:
    return [str(each.get("text", {}).get("text")) for each in elements_in((await town.home(user))["blocks"])]


async def test_one_by_one_each_press_shows_the_next(town: Town) -> None:
    mine = await heard(town)
    for text, author in (("¿Tenéis wifi?", "Marta"), ("¿Hay terraza?", "Luis"), ("¡Qué rico!", "Eva")):
        await comment(town, text, author=author)
    await town.desk.conversations.claim(mine.id, town.standing("carla"))
    view = await click(town, "carla", await opened(town, "carla", "inbox"), "Work through")
    assert "4 waiting" in str(view)
    assert "¿Abrís el domingo?" in str(view), "mine comes first"
    view = view_of(await town.submit("carla", view, WORK, text="Sí, de 9 a 14"))
    assert "¿Tenéis wifi?" in str(view)
    assert "Sí, de 9" not in str(view)
    view = await click(town, "carla", view, "Skip")
    assert "¿Hay terraza?" in str(view)
    view = await click(town, "carla", view, "No reply needed")
    assert "¡Qué rico!" in str(view)
    view = await fill(town, "carla", view, WORK, person=NAMES["admin"].partition(":")[2])
    assert "That was all. 2 conversations are still waiting" in str(view)
    view = await click(town, "carla", view, "From the beginning")
    assert "¿Abrís el domingo?" in str(view), "an answer waits for its Undo"
    found = {talk.latest.text: talk for talk in await every(town)}
    assert found[
        "@cafe_agora ¿Hay terraza?" if "@cafe_agora ¿Hay terraza?" in found else "¿Hay terraza?"
    ].closed_as is (ClosedAs.NO_REPLY)
    (told,) = await town.messages("@admin")
    assert "Carla Moreno" in said_in(told)


async def every(town: Town) -> list[Conversation]:
    ids = {str(key).rpartition(":")[2] async for key in town.desk.store.client.scan_iter("*:conversation:*")}
    return await town.desk.store.find_many(Conversation, ids)


async def test_what_somebody_else_settled_is_passed_over(town: Town) -> None:
    first = await heard(town)
    await comment(town, "¿Tenéis wifi?", author="Marta")
    view = await click(town, "carla", await opened(town, "carla", "inbox"), "Work through")
    assert "Abrís" in str(view)
    await town.desk.conversations.close(first.id, town.standing("admin"), ClosedAs.SPAM)
    view = await click(town, "carla", view, "Skip")
    assert "wifi" in str(view)
    await choose_later(town, "carla", view)
    assert "That was all" in str(await top(town, "carla")) or "Nothing is waiting" in str(await top(town, "carla"))
    (later,) = await town.desk.store.listed(Conversation, "snoozed")
    assert "wifi" in later.latest.text


async def choose_later(town: Town, user: str, view: dict[str, Any]) -> None:
    """Puts off what is shown."""
    await click(town, user, view, "Snooze for 1 h")


async def test_a_second_answer_needs_a_second_press_here_too(town: Town) -> None:
    talk = await heard(town)
    view = await click(town, "carla", await opened(town, "carla", "inbox"), "Work through")
    await town.desk.conversations.reply(talk.id, "other", "Sí", town.standing("admin"))
    asked = view_of(await town.submit("carla", view, WORK, text="De 9 a 14"))
    assert "It would be a second answer" in str(asked)
    assert len(await town.desk.conversations.replies(talk.id)) == 1
    over = view_of(await town.submit("carla", asked, WORK))
    assert len(await town.desk.conversations.replies(talk.id)) == 2
    assert "That was all" in str(over) or "Nothing is waiting" in str(over)
