"""Leaning on facts, by hand: chosen in the form, only a confirmed one carries a post, and one that falls holds it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.deliveries import Delivery, State
from bot.domain.facts import Fact, FactState, TypedSource
from bot.domain.posts import Post, PostStatus
from bot.errors import UserError
from tests.handlers.demo import Town, said_in, view_of
from tests.handlers.test_compose import FORM, REVIEW, compose, errors, fields
from tests.handlers.test_facts import SAID, SOURCES, asked, decide
from tests.handlers.test_variants import type_in

TEXT = "Esta semana abrimos hasta tarde"
ALERTS = "#agora-alerts"


async def confirmed(town: Town, **values: Any) -> Fact:
    """A fact that Ana asked about and Bruno confirmed."""
    await asked(town)
    await decide(town, "bruno", "Verificar", verdict="true", **SOURCES, **values)
    (fact,) = await town.desk.store.listed(Fact, "facts:agora")
    return fact


async def leaning(town: Town, fact: Fact, text: str = TEXT) -> dict[str, Any]:
    """Ana's form, after she said what the post leans on."""
    view = await compose(town, text=text)
    await town.act("click", user="ana", view_id=view["id"], action_id="compose.more")
    view = await town.form_with("ana", f"{FORM}.leans")
    return await type_in(town, view, "leans", [fact.id])


async def planned(town: Town, fact: Fact, text: str = TEXT, *, leans: bool = True) -> list[Delivery]:
    """A post that is approved and goes out tomorrow; answers its deliveries."""
    view = await leaning(town, fact, text) if leans else await compose(town, text=text)
    at = round((town.desk.now() + timedelta(days=1)).timestamp())
    assert not errors(await town.submit("ana", view, FORM, when="at", at=at))
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    await town.desk.posts.approve(post.id, town.standing("bruno"), revision=1)
    await town.settle()
    return await town.desk.posts.deliveries(post.id)


async def states(town: Town, deliveries: list[Delivery]) -> set[State]:
    return {(await town.desk.deliveries.get(each.id)).state for each in deliveries}


async def test_only_a_confirmed_fact_carries_a_post_and_the_card_shows_how_it_stands(town: Town) -> None:
    fact = await asked(town)
    view = await leaning(town, fact)
    options = fields(view)["leans"]["options"]
    assert [each["text"]["text"] for each in options] == [f"🔎 {SAID} · Por verificar"]
    refused = errors(await town.submit("ana", view, FORM))
    assert "por verificar" in refused["leans"]
    await decide(town, "bruno", "Verificar", verdict="true", **SOURCES)
    assert not errors(await town.submit("ana", view, FORM))
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    assert post.current.leans == (fact.id,)
    assert f"✅ Se apoya en «{SAID}» · *Confirmado*" in await town.text(REVIEW)

    await decide(town, "bruno", "Nuevo veredicto", verdict="false", **SOURCES)
    shown = await town.text(REVIEW)
    assert f"⛔ Se apoya en «{SAID}» · *Falso*" in shown
    assert "Se apoya en algo que resultó falso" in shown
    with pytest.raises(UserError, match="blocked"):
        await town.desk.posts.approve(post.id, town.standing("bruno"), revision=1)


async def test_an_edit_shows_the_choice_and_the_card_what_changed(town: Town) -> None:
    fact = await confirmed(town)
    await town.submit("ana", await leaning(town, fact), FORM)
    again = view_of(await town.press("ana", REVIEW, "Editar"))
    assert [each["value"] for each in fields(again)["leans"]["initial_options"]] == [fact.id]
    await town.submit("ana", again, FORM, leans=[])
    assert "Se apoya en: 1 → 0" in await town.text(REVIEW)


async def test_another_brands_fact_carries_nothing(town: Town) -> None:
    await town.desk.facts.ask("f-north", "northwind", SAID, False, (), "-", "", town.standing("diego"))
    fact = await confirmed(town)
    view = await leaning(town, fact)
    assert [each["value"] for each in fields(view)["leans"]["options"]] == [fact.id]
    await town.submit("ana", view, FORM)
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    forged = post.current.model_copy(update={"leans": ("f-north",)})
    found = await town.desk.posts.findings(
        post.model_copy(update={"revisions": (forged,)}), await town.desk.brand("agora")
    )
    assert [each.key for each in found if each.blocks] == ["check.leans_gone"]


@pytest.mark.parametrize("leans", [True, False])
async def test_a_fact_that_falls_holds_what_is_planned_until_a_person_decides(town: Town, leans: bool) -> None:
    fact = await confirmed(town)
    deliveries = await planned(town, fact, TEXT if leans else f"¡Ojo! {SAID}, venid el jueves", leans=leans)
    assert await states(town, deliveries) == {State.PLANNED}
    await decide(town, "bruno", "Nuevo veredicto", verdict="false", **SOURCES)
    assert await states(town, deliveries) == {State.HELD}
    for where in ("@ana", "@bruno", "@carla", ALERTS):
        told = await town.text(where)
        assert SAID in told, where
        assert "ha resultado falso" in told or "turned out false" in told, where
    assert "ha resultado falso" in await town.text(REVIEW)

    ana, bruno = town.standing("ana"), town.standing("bruno")
    with pytest.raises(UserError, match="fact_fell"):
        await town.desk.deliveries.send_again(deliveries[0].id, bruno)
    answer = await town.press("bruno", REVIEW, "Mantener")
    assert SAID in str(answer["ephemeral"])
    await town.desk.deliveries.withdraw(deliveries[1].id, ana)
    await decide(town, "bruno", "Nuevo veredicto", verdict="true", **SOURCES)
    assert await states(town, deliveries) == {State.HELD, State.WITHDRAWN}, "what was held stays a question"
    await town.press("bruno", REVIEW, "Mantener")
    assert await states(town, deliveries) == {State.PLANNED, State.WITHDRAWN}
    await town.publish(days=1, minutes=1)
    assert await states(town, deliveries) == {State.LIVE, State.WITHDRAWN}


async def test_a_verdict_that_is_over_holds_it_too(town: Town) -> None:
    fact = await confirmed(town, expires=town.desk.now().date().isoformat())
    at = town.desk.now() + timedelta(days=3)
    view = await leaning(town, fact)
    assert not errors(await town.submit("ana", view, FORM, when="at", at=round(at.timestamp())))
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    await town.desk.posts.approve(post.id, town.standing("bruno"), revision=1)
    deliveries = await town.desk.posts.deliveries(post.id)
    town.clock.skip(days=2)
    assert await town.desk.facts.reopen_due() == 1
    await town.settle()
    assert await states(town, deliveries) == {State.HELD}
    assert "hay que verificarlo otra vez" in await town.text(REVIEW)


async def test_another_brand_and_a_mere_question_hold_nothing(town: Town) -> None:
    fact = await confirmed(town)
    deliveries = await planned(town, fact)
    await town.desk.facts.ask("f2", "agora", TEXT, False, (), "-", "", town.standing("carla"))
    await town.settle()
    assert await states(town, deliveries) == {State.PLANNED}
    assert await town.desk.facts.recall("f2") == 0
    await town.publish(days=1, minutes=1)
    assert await states(town, deliveries) == {State.LIVE}


async def test_a_brand_that_switched_the_check_off_holds_nothing(town: Town) -> None:
    fact = await confirmed(town)
    deliveries = await planned(town, fact)
    rules = (await town.desk.brand("agora")).rules.model_copy(update={"off": frozenset({"facts"})})
    await town.desk.brands.change("agora", town.standing("admin"), rules=rules)
    await decide(town, "bruno", "Nuevo veredicto", verdict="false", **SOURCES)
    assert await states(town, deliveries) == {State.PLANNED}
    await town.publish(days=1, minutes=1)
    assert await states(town, deliveries) == {State.LIVE}


async def test_what_the_event_did_not_reach_the_wire_holds(town: Town) -> None:
    """The worker was away while the fact fell, and the post came due before it heard."""
    fact = await confirmed(town)
    deliveries = await planned(town, fact)
    typed = {"owner": "Ayuntamiento", "url": "https://madrid.es/plaza", "on": "2026-01-02"}
    other = {"owner": "El Diario", "url": "https://diario.es/plaza", "on": "2026-01-03"}
    sources = [TypedSource(**typed), TypedSource(**other)]
    await town.desk.facts.verify(fact.id, 1, "false", sources, "-", "", town.standing("bruno"))
    town.clock.skip(days=1, minutes=1)
    store = town.desk.store
    for each in deliveries:
        await store.client.zadd(store.key("index", "due"), {each.id: 0})
    await town.publisher.tick()
    await town.publisher.drain()
    assert await states(town, deliveries) == {State.HELD}
    await town.settle()
    assert await states(town, deliveries) == {State.HELD}
    assert not await town.public("x:cafe_agora")
    assert (await town.desk.facts.get(fact.id)).state is FactState.FALSE
    assert "ha resultado falso" in said_in((await town.messages(ALERTS))[-1])
