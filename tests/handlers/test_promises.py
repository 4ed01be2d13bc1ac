"""Topics, hours and promises set from Home; the card counts in working time and the right people hear of it, once."""

from typing import Any

from bot.domain.hours import Hours
from bot.engine.minding import Minding
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_inbox import heard, the_card

FORM = "inbox_rules.form"


async def rules(town: Town, user: str) -> dict[str, Any]:
    """The form, from Home."""
    home = await town.home(user)
    pressed = [each for each in elements_in(home["blocks"]) if each["action_id"] == "inbox_rules.edit"]
    action = {"action_id": pressed[0]["action_id"], "value": pressed[0]["value"]}
    return view_of(await town.act("click", user=user, view_id=home["id"], **action))


async def test_an_admin_writes_the_rules_and_what_is_unclear_is_said_beside_it(town: Town) -> None:
    view = await rules(town, "admin")
    assert "Working hours (Madrid)" in str(view)
    answer = await town.submit("admin", view, FORM, week="siempre", topics="x" * 41)
    assert "too long" in str(answer["response"]["errors"])
    answer = await town.submit("admin", view, FORM, week="siempre", topics="Horarios\nPrecios", answer="ya")
    errors = answer["response"]["errors"]
    assert any("“siempre”" in each for each in errors.values())
    assert any("40 min" in each for each in errors.values())
    await town.submit(
        "admin", view, FORM,
        week="mon-fri 9:00-14:00 16:00-19:00\nJul 1 - Aug 31: mon-fri 8-15", topics="Horarios\nPrecios",
        holidays="Dec 25", answer="40 min", resolve="8 h",
    )  # fmt: skip
    brand = await town.desk.brand("agora")
    assert (brand.topics, brand.hours.answer, brand.hours.resolve) == (("Horarios", "Precios"), 40, 480)
    again = await rules(town, "admin")
    assert "Jul 1 - Aug 31: mon-fri 08:00-15:00" in str(again)
    assert "Horarios\\nPrecios" in str(again)


async def test_the_card_says_within_what_time_and_who_is_warned_when(town: Town) -> None:
    await town.desk.brands.change("agora", town.standing("admin"), hours=Hours(answer=40))
    talk = await heard(town)
    assert "Responder en 39 min, antes de" in await the_card(town)
    town.clock.skip(minutes=31)
    await Minding(town.desk).tick()
    await town.settle()
    (told,) = await town.messages("@carla")
    assert "1 conversation is due soon" in said_in(told)
    assert "¿Abrís el domingo?" in said_in(told)
    assert ", antes de" in await the_card(town)
    town.clock.skip(minutes=30)
    await Minding(town.desk).tick()
    await town.settle()
    assert "1 conversación espera demasiado" in await town.text("#agora-alerts")
    assert "Debía responderse" in await the_card(town)
    await Minding(town.desk).tick()
    await town.settle()
    assert len(await town.messages("@carla")) == 1
    assert len(await town.messages("#agora-alerts")) == 1
    await town.press("carla", "@carla", "Reply")
    assert (await town.desk.conversations.get(talk.id)).targets.next is not None


async def test_hours_that_change_redraw_the_cards(town: Town) -> None:
    await heard(town)
    assert ", antes de" not in await the_card(town)
    await town.desk.brands.change("agora", town.standing("admin"), hours=Hours(answer=40))
    await Minding(town.desk).count_anew("agora")
    await town.settle()
    assert ", antes de" in await the_card(town)
