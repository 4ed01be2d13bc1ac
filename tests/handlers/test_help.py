"""Help: the menu, the page in the reader's language, the nearest verb, what isn't here yet, and a mention."""

from bot.slack.wire import Command, elements_in, known
from bot.text.verbs import Verb
from handlers.views.help import SERVED
from tests.handlers.demo import Town, said_in, view_of


def private(answer: dict[str, object]) -> str:
    found = answer["ephemeral"]
    assert isinstance(found, list)
    return "\n".join(said_in(message) for message in found)


def test_what_is_served_is_routed() -> None:
    assert all(known(Command, verb.value) for verb in SERVED)
    assert not [verb for verb in Verb if verb not in SERVED and known(Command, verb.value)]


async def test_alone_it_is_a_menu_whose_buttons_work(town: Town) -> None:
    answer = await town.command("ana", "", "#agora-review")
    assert "¿Qué quieres hacer?" in private(answer)
    message = answer["ephemeral"][0]
    for element in elements_in(message["blocks"]):
        pressed = await town.act(
            "click", user="ana", channel="#agora-review", ts=message["ts"], action_id=element["action_id"]
        )
        assert pressed["view"] or pressed["ephemeral"], element


async def test_the_page_is_in_the_readers_language(town: Town) -> None:
    assert "`/vocero crear [texto]`" in private(await town.command("ana", "ayuda"))
    assert "`/vocero post [text]`" in private(await town.command("diego", "help"))
    assert "`detener`" in private(await town.command("ana", "ayuda parar"))


async def test_an_unknown_verb_names_the_nearest_with_its_button(town: Town) -> None:
    said = private(await town.command("ana", "bandja"))
    assert "«bandja»" in said
    assert "`/vocero bandeja`" in said
    assert "Bandeja" in said
    assert "xyzzy" in private(await town.command("diego", "xyzzy"))
    assert "<!here>" not in private(await town.command("diego", "<!here>")).replace("&lt;!here&gt;", "")


async def test_what_is_not_here_yet_is_said(town: Town) -> None:
    assert "`/vocero informe` todavía no está" in private(await town.command("ana", "informe"))
    assert "`/vocero report` isn't here yet" in private(await town.command("diego", "help report"))


async def test_a_mention_answers_whoever_asked(town: Town) -> None:
    await town.act("message", user="diego", channel="general", text="hey @vocero what now?")
    await town.settle()
    assert "*My day* is in my Home" in await town.text("general")


async def test_settings_are_within_reach_of_each(town: Town) -> None:
    assert "Mi resumen llega a las" in private(await town.command("eva", "ajustes"))
    shown = private(await town.command("admin", "settings"))
    assert "Create a brand" in shown
    view_of(await town.command("ana", "crear", "#agora-review"))
