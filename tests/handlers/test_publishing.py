"""When it does not go out as it should: who hears of it, and the press that mends it."""

from tests.handlers.demo import Town, view_of

FORM = "compose.form"
REVIEW, ALERTS = "#agora-review", "#agora-alerts"


async def approved(town: Town, text: str = "Abrimos a las 9") -> None:
    """A post for X that is due now."""
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    await town.submit("ana", view, FORM, accounts=["x-1500000000000000001"])
    await town.press("bruno", REVIEW, "Aprobar y publicar")


async def test_a_refusal_is_told_to_author_and_approver_and_retried_here(town: Town) -> None:
    await approved(town)
    await town.fault(target="x", route="POST /2/tweets", status=403, times=1, when="before", body={"detail": "no"})
    await town.publish()
    for place in (REVIEW, ALERTS, "@ana", "@bruno"):
        assert "Reintentar aquí" in await town.text(place), place
    await town.press("bruno", "@bruno", "Reintentar aquí")
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Abrimos a las 9"]
    for place in (ALERTS, "@ana", "@bruno"):
        text = await town.text(place)
        assert "resuelto en X @cafe_agora" in text, place
        assert "Reintentar aquí" not in text, place


async def test_a_missed_post_asks_and_an_old_answer_never_sends_twice(town: Town) -> None:
    await approved(town)
    await town.publish(minutes=31)
    assert "no salió a su hora" in await town.text(REVIEW)
    old = await town.button("@ana", "Enviar ahora")
    await town.press("ana", "@ana", "Enviar ahora")
    await town.publish()
    assert len(await town.public("x:cafe_agora")) == 1
    answer = await town.press("ana", "@ana", "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "ya ha cambiado" in str(answer["ephemeral"]) or "ya lo resolvió" in str(answer["ephemeral"])
    await town.publish()
    assert len(await town.public("x:cafe_agora")) == 1


async def test_an_unknown_outcome_asks_a_person(town: Town) -> None:
    await approved(town)
    await town.fault(target="x", route="POST /2/tweets", status=503, times=1, when="before")
    await town.publish()
    await town.fault(target="x", route="GET /2/users/*/tweets", status=503, times=20, when="before")
    for _ in range(5):
        await town.publish(seconds=60)
    assert "No está claro si salió" in await town.text(REVIEW)
    await town.press("bruno", REVIEW, "Dejarlo así")
    assert "lo dejó así" in await town.text(REVIEW)
    assert "Dejarlo así" not in await town.text("@ana")


async def test_a_dead_token_tells_author_and_admins_once_how_to_reconnect(town: Town) -> None:
    await approved(town)
    await town.fault(
        target="x", route="POST /2/tweets", status=401, times=1, when="before", body={"title": "Unauthorized"}
    )
    await town.publish()
    for place in ("@ana", "@admin", ALERTS):
        assert "Keys and tokens" in await town.text(place), place
    assert "Keys and tokens" not in await town.text("@carla")
    assert "espera a que se reconecte la cuenta" in await town.text(REVIEW)
    assert (await town.text("@ana")).count("Keys and tokens") == 1
