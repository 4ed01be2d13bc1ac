"""More of the inbox in a real browser: handing on, many at once, in private, asking to use it, routes and days kept."""

import pytest

from tests.browser.chromium import Browser
from tests.browser.hands import PATIENCE, become, comment, enter, go, pick, say, send, settings, tab_to
from tests.walks.people import Demo, Json

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def mentions(town: Demo, account: str) -> list[Json]:
    """What people said to an account, newest first, with what was answered."""
    found: list[Json] = (await town.get("/audience/posts", account=account))["mentions"]
    return found


async def test_by_keyboard_it_is_handed_on_put_off_escalated_and_the_company_answers(
    browser: Browser, town: Demo
) -> None:
    async with browser.page(f"{town.url}/?user=carla") as page:
        await page.until("document.body.dataset.ready")
        await go(page, "northwind-inbox")
        await comment(town, "x:northwindbooks", "Ivy Stone", "@northwindbooks where is my order? Ivy Stone")
        await page.find(".message.from-bot", text="where is my order?", within=PATIENCE)
        await page.fill("", '[data-composer="main"]')
        await pick(page, "More", "Assign…", back=True)
        await page.find(role="dialog", name="Assign")
        await pick(page, "To whom", "Alma Reyes")
        await send(page, "Assign")
        await page.find(".message.from-bot", text="Owned by Alma Reyes")

        await page.fill("", '[data-composer="main"]')
        await pick(page, "More", "Snooze for 1 h", back=True)
        await page.find(".message.from-bot", text="Comes back on")
        await page.fill("", '[data-composer="main"]')
        await enter(page, "Bring it back", back=True)
        await page.find(".message.from-bot", text="Owned by Alma Reyes")
        assert "Comes back on" not in await page.text(".message.from-bot", text="where is my order?")

        await page.fill("", '[data-composer="main"]')
        await pick(page, "More", "Escalate…", back=True)
        await page.find(role="dialog", name="Escalate")
        await pick(page, "To everybody with a role", "Approver")
        await tab_to(page, "What they should know")
        await page.type("She wants her money back")
        await send(page, "Escalate")
        await page.find(".message.from-bot", text="She wants her money back")

        await page.fill("", '[data-composer="main"]')
        await pick(page, "More", "Pass to the company…", back=True)
        await page.find(role="dialog", name="Pass to the company")
        await pick(page, "To a person", "Eva Sanz")
        await tab_to(page, "Question")
        await page.type("When does it leave?")
        await send(page, "Send")
        await page.until("!document.querySelector('.modal')")

        await become(page, "Eva Sanz")
        await go(page, "Vocero")
        asked = await page.text(".message.from-bot", text="When does it leave?", within=PATIENCE)
        assert "where is my order? […]" in asked
        assert "Ivy" not in asked
        await page.fill("", '[data-composer="main"]')
        await enter(page, "Contestar", back=True)
        await page.find(role="dialog", name="Contestar")
        await page.type("It leaves tomorrow")
        await send(page, "Enviar")
        await page.find(".message.from-bot", text="It leaves tomorrow")

        await become(page, "Carla Moreno")
        await go(page, "northwind-inbox")
        await page.click(".message.from-bot .thread-link")
        await page.find(".thread", text="Eva Sanz answers for the company")
        await page.find(".thread", text="It leaves tomorrow")
        assert page.errors == []


async def test_many_are_answered_at_once_and_a_colleague_takes_it_all_back_in_spanish(
    browser: Browser, town: Demo
) -> None:
    async with browser.page(f"{town.url}/?user=ana") as page:
        await page.until("document.body.dataset.ready")
        await go(page, "ensayo")
        for author in ("Nuria Gil", "Pau Roca", "Sara León", "Teo Vidal", "Unai Sanz"):
            await comment(town, "practice:ensayo", author, "Queremos que vuelva la tarta de zanahoria de siempre")
        await page.find(".message.from-bot", text="5 personas dicen casi lo mismo", within=PATIENCE)
        await page.click(role="button", name="Responder a cada una…")
        await page.find(role="dialog", name="Responder a cada una")
        await page.find(".modal", text="Para 5 conversaciones")
        await page.fill("Vuelve el lunes.", role="textbox", name="Variante 1")
        await page.fill("¡El lunes la tienes!", role="textbox", name="Variante 2")
        await page.click(".modal-submit", text="Responder a todas")
        await page.find(".message.from-bot", text="Ana Ruiz responde a cada una (vistas: 5)", within=PATIENCE)
        await become(page, "Bruno Vidal")
        await page.click(role="button", name="Deshacer respuestas")
        await page.find(".message.from-bot", text="Bruno Vidal ha deshecho", within=PATIENCE)
        assert page.errors == []
    assert [said["replies"] for said in await mentions(town, "practice:ensayo")] == [[]] * 5


async def test_by_keyboard_a_private_message_is_answered_to_the_person_alone(browser: Browser, town: Demo) -> None:
    async with browser.page(f"{town.url}/?user=carla") as page:
        await page.until("document.body.dataset.ready")
        wrote = {"account": "facebook:cafe.agora", "author": "Rosa Vera", "text": "Mi pedido 1234 no ha llegado"}
        assert (await town.post("/audience/message", **wrote))["ok"]
        await go(page, "agora-inbox")
        card = await page.text(".message.from-bot", text="Mi pedido 1234", within=PATIENCE)
        assert "Privado" in card
        assert "Responder en público" not in card
        await page.fill("", '[data-composer="main"]')
        await enter(page, "Responder por privado", back=True)
        await page.find(role="dialog", name="Reply privately")
        await page.find(".modal", text="Private: only Rosa Vera sees it")
        await page.type("Lo miramos ahora mismo, Rosa")
        await send(page, "Reply privately")
        await page.find(".message.from-bot", text="Carla Moreno responde en privado")
        await page.find(".message.from-bot", text="Respondida", within=PATIENCE)
        assert page.errors == []
    (talk,) = (await town.get("/audience/private", account="facebook:cafe.agora"))["conversations"]
    assert [said["text"] for said in talk["messages"]] == [wrote["text"], "Lo miramos ahora mismo, Rosa"]
    posts = await town.get("/audience/posts", account="facebook:cafe.agora")
    assert "1234" not in str(posts)
    assert "Lo miramos" not in str(posts)


async def test_somebody_is_asked_says_yes_and_it_becomes_a_draft_with_credit(browser: Browser, town: Demo) -> None:
    async with browser.page(f"{town.url}/?user=carla") as page:
        await page.until("document.body.dataset.ready")
        await go(page, "northwind-inbox")
        await comment(town, "x:northwindbooks", "Lena Moss", "@northwindbooks my window seat with your new atlas")
        await page.find(".message.from-bot", text="my window seat", within=PATIENCE)
        await page.fill("", '[data-composer="main"]')
        await pick(page, "More", "Ask to use it", back=True)
        await page.find(role="dialog", name="Reply in public")
        await page.find(".modal", text="Their answer comes back to this card")
        await page.click(".modal-submit")
        await page.find(".message.from-bot", text="Carla Moreno replied", within=PATIENCE)
        said = next(one for one in await mentions(town, "x:northwindbooks") if "window seat" in one["text"])
        yes = {"account": "x:northwindbooks", "author": "Lena Moss", "text": "Yes, of course!"}
        assert (await town.post("/audience/comment", post=said["replies"][0]["id"], **yes))["ok"]
        await page.click(role="button", name="They said yes", within=PATIENCE)
        await page.find(".message.from-bot", text="Lena Moss said yes")

        await become(page, "Diego Park")
        await page.click(role="button", name="Make this a post")
        await page.find(role="dialog", name="New post")
        text = await page.run("document.querySelector('.modal textarea').value")
        assert "my window seat with your new atlas" in text
        assert "📷 @lenamoss" in text
        assert page.errors == []


async def test_by_keyboard_days_are_kept_and_a_route_leads_to_its_channel_in_spanish(
    browser: Browser, town: Demo
) -> None:
    async with browser.page(f"{town.url}/?user=ana") as page:
        await page.until("document.body.dataset.ready")
        await go(page, "ensayo")
        await say(page, "/vocero ajustes")
        await settings(page, "Ensayo", "Reglas automáticas")
        await page.find(role="dialog", name="Reglas automáticas")
        await enter(page, "Editar")
        await page.find(role="dialog", name="Cuánto se guarda")
        await pick(page, "Guardarlo", "90 días desde lo último")
        await send(page, "Ver qué haría")
        await page.find(".modal", text="Se olvidarían hasta 0 conversaciones y 0 personas")
        await send(page, "Guardar")
        await page.until("!document.querySelector('.modal')")

        await settings(page, "Ensayo", "Reglas automáticas")
        await page.find(".modal", text="90 días desde lo último")
        await enter(page, "Nueva ruta")
        await page.find(role="dialog", name="Ruta")
        await tab_to(page, "Nombre")
        await page.type("Empleo")
        await tab_to(page, "Solo con alguna de estas palabras")
        await page.type("currículum")
        await pick(page, "Su canal", "#general")
        await send(page, "Ver qué haría")
        await page.find(".modal", text="En los últimos 7 días se habría llevado 0 conversaciones")
        await send(page, "Guardar")
        await page.until("!document.querySelector('.modal')")

        await go(page, "general")
        await comment(town, "practice:ensayo", "Gael Ríos", "¿Dónde dejo mi currículum?")
        await page.find(".message.from-bot", text="¿Dónde dejo mi currículum?", within=PATIENCE)
        assert page.errors == []
