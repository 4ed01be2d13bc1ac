"""A link in an answer that leads nowhere is said where somebody can still mend it; and so is an answer said twice."""

from bot.engine.links import LinkLook
from tests.handlers.demo import Town
from tests.handlers.test_heat import typed
from tests.handlers.test_inbox import FORM, heard, the_card
from tests.handlers.test_suggestions import in_thread, suggested, trainee
from tests.handlers.voices import INBOX, comment
from tests.hostile.servers import Answer, plain, web

__all__ = ["trainee"]
GONE: dict[str, Answer] = {"/carta": plain(b"", status=b"404 Not Found")}
SAME = "exactly what we answered"


async def test_trouble_stands_on_the_card_while_the_answer_waits_and_then_in_forms(town: Town) -> None:
    talk = await heard(town)
    async with web(GONE) as site:
        text = f"Mira {site.url('/carta')}"
        view = await town.form("carla", INBOX, "Responder en público")
        assert "there is no such page" not in str(await typed(town, view, text))
        await town.submit("carla", view, FORM, text=text)
        assert "la página no existe" not in await the_card(town)
        assert not site.server.asked, "sending it waits for no web site"
        await LinkLook(town.desk, site.fetcher).look_in_answers(talk.id)
        await town.settle()
        assert ": la página no existe." in await the_card(town)
        await town.press("carla", INBOX, "Deshacer")
        assert "la página no existe" not in await the_card(town)
        view = await town.form("carla", INBOX, "Responder en público")
        assert "there is no such page" in str(await typed(town, view, text))


async def test_whoever_approves_a_trainees_answer_sees_it_too(trainee: Town) -> None:
    async with web(GONE) as site:
        mine = await suggested(trainee, f"Mira {site.url('/carta')}")
        await LinkLook(trainee.desk, site.fetcher).look_in_suggestion(mine.id)
        await trainee.settle()
        assert ": la página no existe." in await in_thread(trainee)


async def test_the_same_answer_again_on_x_is_warned_of_and_goes_out_all_the_same(town: Town) -> None:
    first = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    assert SAME not in str(await typed(town, view, "Sí, de 9 a 14"))
    await town.submit("carla", view, FORM, text="Sí, de 9 a 14")
    await town.publish(seconds=25)
    await comment(town, "¿Y el lunes?", author="Pol")
    view = await town.form("carla", INBOX, "Responder en público")
    await typed(town, view, "Sí, de 9 a 14")
    assert await town.shows("carla", SAME)
    await typed(town, view, "Sí, de 9 a 15")
    assert await town.shows("carla", SAME, there=False)
    page = await town.desk.inbox.page(first.id)
    town.clock.skip(hours=7)
    written = await town.desk.answers.written(page, "Sí, de 9 a 14", town.standing("carla"))
    assert "check.same_answer" not in [each.key for each in written.findings], "only for some hours"
