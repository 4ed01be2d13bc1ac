"""The whole demo in a real browser: a post is written, approved and public, a comment is answered, the day is read."""

from pathlib import Path

import pytest

from tests.browser import samples
from tests.browser.chromium import Browser
from tests.browser.hands import PATIENCE, become, go, say, tab_to
from tests.walks.people import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_a_day_at_the_cafe_in_spanish(browser: Browser, town: Demo, tmp_path: Path) -> None:
    text = "Este jueves estrenamos rollos de canela <3 & café ☕"
    picture = tmp_path / "taza.png"
    picture.write_bytes(samples.picture())
    async with browser.page(f"{town.url}/?user=ana") as page:
        await page.until("document.body.dataset.ready")
        assert await page.run("document.documentElement.lang") == "es"

        await go(page, "agora-review")
        await say(page, "/vocero crear")
        await page.find(role="dialog", name="Nueva publicación")
        await tab_to(page, "Texto")
        await page.type(text)
        await page.upload([picture], ".modal input[type=file]")
        await page.find(".modal .file-row", text="taza.png")
        await tab_to(page, "Texto alternativo")
        await page.type("Una taza blanca sobre la mesa")
        await tab_to(page, "Enviar a revisión")
        await page.press("Enter")
        await page.until("!document.querySelector('.modal')")
        await page.find(".message.from-bot .b-header", text="En revisión")
        await page.find(".message.from-bot .b-image img")

        await become(page, "Bruno Vidal")
        await page.find(".mention-me", text="Bruno")
        await page.click(role="button", name="Aprobar y publicar")
        asked = await page.text("dialog.confirm")
        assert "Café Ágora" in asked
        assert "@cafe_agora" in asked
        await page.press("Enter")
        await page.find(".post-text", text=text, within=PATIENCE)
        await page.until("document.querySelector('.media img')?.alt === 'Una taza blanca sobre la mesa'")
        await page.find(".message.from-bot .b-header", text="Publicada", within=PATIENCE)

        await page.click(".post .outside textarea")
        await page.fill("Lucía Prado", ".outside.open .outside-name")
        await page.fill("¿Habrá también sin gluten?", ".outside.open textarea")
        await page.press("Enter")
        await page.find(".reply", text="¿Habrá también sin gluten?")

        await become(page, "Carla Moreno")
        await go(page, "agora-inbox")
        await page.find(".message.from-bot", text="¿Habrá también sin gluten?", within=PATIENCE)
        await page.click(role="button", name="Responder en público")
        await page.find(role="dialog", name="Reply in public")
        await page.type("Sí, los de avena. ¡Te guardamos uno!")
        await page.click(".modal-submit")
        await page.find(role="button", name="Deshacer")
        await page.find(".reply.by-brand", text="Sí, los de avena. ¡Te guardamos uno!", within=PATIENCE)
        await page.find(".message.from-bot", text="Respondida", within=PATIENCE)

        await become(page, "Ana Ruiz")
        await go(page, "agora-review")
        await say(page, "/vocero hoy")
        await page.find(".message.only", text="Sale hoy")
        await page.find(".message.only", text=text)
        await page.click("[data-place=home]")
        await page.find(".home-blocks", text="Mi día")
        assert page.errors == []


async def test_the_guided_tour_leads_through_everything_in_english(browser: Browser, town: Demo) -> None:
    async with browser.page(f"{town.url}/?user=diego") as page:
        await page.until("document.body.dataset.ready")
        await page.click(role="button", name="Guided tour")
        await page.click('[data-step="1"]')
        await page.find(".tour-hint", text="Press Enter")
        await page.press("Enter")
        await page.find(role="dialog", name="New post")
        text = await page.run("document.querySelector('.modal textarea').value")
        await page.click(role="button", name="Submit for review")
        await page.click(".tour-next", text="Approve it", within=PATIENCE)
        await page.find(".who.on", text="Admin")
        await page.click(role="button", name="Approve and publish")
        await page.find("dialog.confirm", text="@northwindbooks")
        await page.press("Enter")
        await page.click(".tour-next", text="See it live", within=PATIENCE)
        await page.find(".post-text", text=text)
        await page.click(".tour-next", text="Comment")
        await page.find(".tour-hint", text="Press Enter")
        await page.press("Enter")
        await page.click(".tour-next", text="Reply in public", within=PATIENCE)
        await page.find(".who.on", text="Carla")
        await page.click(role="button", name="Reply in public", exact=True)
        await page.find(".modal textarea")
        await page.type("Of course: there's a corner with picture books.")
        await page.click(".modal-submit")
        await page.click(".tour-next", text="Your day", within=PATIENCE)
        await page.find(".reply.by-brand", text="corner with picture books")
        await page.find(".tour-hint", text="Press Enter")
        await page.press("Enter")
        await page.find(".message.only", text="Out today")
        await page.find(".tour-hint", text="/vocero stop")
        await page.until("document.querySelectorAll('.step.done').length === 6")
        assert page.errors == []


async def test_a_permalink_opens_the_message(browser: Browser, town: Demo) -> None:
    card = await town.post("/human/message", user="carla", channel="#general", text="Who takes the afternoon?")
    assert card["ok"], card
    message = (await town.messages("#general"))[-1]
    channel = next(each["id"] for each in (await town.get("/human/state"))["channels"] if each["name"] == "general")
    async with browser.page(f"{town.url}/archives/{channel}/p{message['ts'].replace('.', '')}") as page:
        await page.find(".message.pointed", text="Who takes the afternoon?")
        await page.until("location.pathname + location.search === '/'")
        assert page.errors == []
