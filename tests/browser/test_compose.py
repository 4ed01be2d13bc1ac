"""A post in the making, by the keyboard: how it will look is seen before it is sent, and nothing is lost."""

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.browser.chromium import Browser
from tests.browser.hands import enter, go, say, send, tab_to
from tests.walks.people import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LONG = "Este sábado abrimos la terraza nueva. " + "Habrá música, pan recién hecho y café de la casa. " * 9
"""More than X takes at once, and more than Facebook shows before *See more*."""


@pytest.fixture
def tall(tmp_path: Path) -> Path:
    """A picture of which a feed cuts the ends."""
    out = io.BytesIO()
    Image.new("RGB", (300, 1200), "#c2552d").save(out, "PNG")
    path = tmp_path / "cartel.png"
    path.write_bytes(out.getvalue())
    return path


async def test_by_keyboard_a_post_is_seen_as_it_will_look_and_sent_in_spanish(
    browser: Browser, town: Demo, tall: Path
) -> None:
    async with browser.page(f"{town.url}/?user=ana") as page:
        await page.until("document.body.dataset.ready")
        await go(page, "agora-review")
        await say(page, "/vocero crear")
        await page.find(role="dialog", name="Nueva publicación")
        await tab_to(page, "Texto")
        await page.type(LONG)
        await page.upload([tall], ".modal input[type=file]")
        await page.find(".modal .file-row", text="cartel.png")
        await tab_to(page, "Texto alternativo")
        await page.type("El cartel de la terraza")
        await enter(page, "Ver cómo queda")
        await page.find(role="dialog", name="Cómo queda")
        seen = await page.text(".modal")
        assert seen.index("Café Ágora") < seen.index("Ver más") < seen.index("Solo después de «Ver más»")
        assert "la imagen pierde la parte de arriba y la de abajo" in seen
        assert "demasiado largo" in seen
        await page.press("Escape")
        await page.find(role="dialog", name="Nueva publicación")
        await page.find(".modal textarea")
        assert await page.run("document.querySelector('.modal textarea').value") == LONG
        await enter(page, "Dividir en hilo")
        await page.find(".modal .b-label", text="Hilo")
        await enter(page, "Ver cómo queda")
        await page.find(role="dialog", name="Cómo queda")
        await page.find(".modal", text="1/2")
        assert "demasiado largo" not in await page.text(".modal")
        await page.press("Escape")
        await page.until("!document.querySelector('.modal')?.innerText.includes('1/2')")
        await send(page, "Enviar a revisión")
        await page.until("!document.querySelector('.modal')")
        await page.find(".message.from-bot .b-header", text="En revisión")
        assert page.errors == []
