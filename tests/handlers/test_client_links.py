"""Client links by hand: from the calendar, made for a person, shown once, revoked."""

from bot.slack.wire import elements_in
from tests.handlers.demo import Town, view_of
from tests.handlers.test_compose import REVIEW


async def test_an_approver_makes_a_link_for_a_person_sees_it_once_and_revokes_it(town: Town) -> None:
    shown = (await town.command("bruno", "semana", REVIEW))["ephemeral"][-1]
    press = {"user": "bruno", "channel": REVIEW, "ts": shown["ts"], "action_id": "client_links.show"}
    closed = view_of(await town.act("click", **press))
    assert "VOCERO_PUBLIC_URL" in str(closed)
    assert "client_links.new" not in str(closed)
    town.desk.clients.address = "https://vocero.example"
    view = view_of(await town.act("click", **press))
    new = next(e for e in elements_in(view["blocks"]) if e["action_id"] == "client_links.new:agora")
    await town.act("click", user="bruno", view_id=view["id"], action_id="client_links.new:agora", value=new["value"])
    form = await town.form_called("bruno", "client_links.form")
    await town.submit("bruno", form, "client_links.form", name="Marta <b>")
    assert await town.shows("bruno", "https://vocero.example/client/")
    view = view_of(await town.act("click", **press))
    assert "Marta" in str(view)
    assert "Todavía no se ha abierto" in str(view)
    assert "https://vocero.example/client/" not in str(view)
    end = next(e for e in elements_in(view["blocks"]) if e["action_id"].startswith("client_links.revoke"))
    await town.act("click", user="bruno", view_id=view["id"], action_id=end["action_id"], value=end["value"])
    assert await town.shows("bruno", "Marta", there=False)


async def test_who_doesnt_approve_for_a_brand_is_offered_none_of_it(town: Town) -> None:
    town.desk.clients.address = "https://vocero.example"
    shown = (await town.command("carla", "semana", REVIEW))["ephemeral"][-1]
    press = {"user": "carla", "channel": REVIEW, "ts": shown["ts"], "action_id": "client_links.show"}
    view = view_of(await town.act("click", **press))
    assert [e["action_id"] for e in elements_in(view["blocks"])] == ["client_links.new:ensayo"]
