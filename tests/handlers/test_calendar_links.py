"""Calendar links by hand: from the calendar, shown once, revoked; and what is said where there is no address."""

from bot.slack.wire import elements_in
from tests.handlers.demo import Town, view_of
from tests.handlers.test_compose import REVIEW


async def test_an_approver_makes_a_link_sees_it_once_and_revokes_it(town: Town) -> None:
    shown = (await town.command("bruno", "semana", REVIEW))["ephemeral"][-1]
    press = {"user": "bruno", "channel": REVIEW, "ts": shown["ts"], "action_id": "calendar_links.show"}
    closed = view_of(await town.act("click", **press))
    assert "VOCERO_PUBLIC_URL" in str(closed)
    assert "calendar_links.make" not in str(closed)
    town.desk.calendar_links.address = "https://vocero.example"
    view = view_of(await town.act("click", **press))
    make = next(e for e in elements_in(view["blocks"]) if e["action_id"] == "calendar_links.make:agora")
    about = {"user": "bruno", "view_id": view["id"], "action_id": make["action_id"], "value": make["value"]}
    await town.act("click", **about)
    assert await town.shows("bruno", "https://vocero.example/ical/")
    view = view_of(await town.act("click", **press))
    assert "https://vocero.example/ical/" not in str(view)
    end = next(e for e in elements_in(view["blocks"]) if e["action_id"] == "calendar_links.revoke:agora")
    await town.act(
        "click", user="bruno", view_id=view["id"], action_id="calendar_links.revoke:agora", value=end["value"]
    )
    assert await town.shows("bruno", "Sin enlace")


async def test_who_doesnt_approve_for_a_brand_is_offered_none_of_it(town: Town) -> None:
    town.desk.calendar_links.address = "https://vocero.example"
    shown = (await town.command("carla", "semana", REVIEW))["ephemeral"][-1]
    press = {"user": "carla", "channel": REVIEW, "ts": shown["ts"], "action_id": "calendar_links.show"}
    view = view_of(await town.act("click", **press))
    makes = [e["action_id"] for e in elements_in(view["blocks"])]
    assert makes == ["calendar_links.make:ensayo"]  # only practice, where everybody may do everything
