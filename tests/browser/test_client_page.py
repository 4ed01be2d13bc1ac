"""The client's page in a real browser, as somebody reads it on a phone, in both languages and by keyboard alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from bot.desk.clients import ForClient
from bot.domain.brands import Account, Brand, Channels
from bot.domain.client_links import ClientLink
from bot.domain.posts import Picture, Post, PostStatus, Revision
from bot.sandbox.app import bound, serving
from bot.web.client_page import STYLE_HASH, page
from tests.browser import samples
from tests.browser.chromium import PATIENCE, Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TEXT = {
    "es": "Este jueves estrenamos rollos de canela ☕\n\nRecién hechos, desde las ocho.",
    "en": "Cinnamon rolls from Thursday on ☕\n\nFresh from the oven, from eight.",
}


def account(id_: str, network: str) -> Account:
    """One of two accounts."""
    return Account(
        id=id_, brand="agora", network=network, remote_id="1", handle="cafe_agora", name="Café Ágora", sealed="-",
        connected_at=NOW,
    )  # fmt: skip


def post(id_: str, text: str, *pictures: Picture) -> Post:
    """One that waits."""
    revision = Revision(number=1, text=text, accounts=("x1", "f1"), pictures=pictures, by="T:U", at=NOW)
    return Post(
        id=id_, brand="agora", author="T:U", status=PostStatus.IN_REVIEW, revisions=(revision,), created_at=NOW,
        changed_at=NOW, due=datetime(2026, 3, 5, 7, 0, tzinfo=UTC),
    )  # fmt: skip


def what_waits(language: str) -> ForClient:
    """Two posts, one of them with a picture."""
    brand = Brand(
        id="agora", name="Café Ágora", face="☕", language=language, zone="Europe/Madrid",
        channels=Channels(review="C1"),
    )  # fmt: skip
    link = ClientLink(
        id="a" * 64, brand="agora", holder="link:1", name="Marta Ruiz", by="T:U", at=NOW,
        until=datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    cup = Picture(
        file="F1", name="taza.png", type="image/png", size=9, alt="Una taza blanca sobre la mesa", blob="b" * 64
    )
    posts = [post("p1", TEXT[language], cup), post("p2", "https://cafe-agora.example/" + "rollos-" * 12)]
    accounts = {each.id: each for each in (account("x1", "x"), account("f1", "facebook"))}
    return ForClient(link, brand, accounts, {"x": "X", "facebook": "Facebook"}, posts)


@pytest_asyncio.fixture(loop_scope="session")
async def address() -> AsyncIterator[str]:
    """A site that shows the page with the rules that it is served with, and says what was sent."""
    policy = f"default-src 'none'; style-src '{STYLE_HASH}'; img-src 'self'; form-action 'self'"

    async def show(request: web.Request) -> web.Response:
        found = what_waits(request.match_info["token"])
        text = page(found, request.match_info["token"], NOW, said={})
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def picture(_: web.Request) -> web.Response:
        return web.Response(body=samples.picture(), content_type="image/png")

    async def sent(request: web.Request) -> web.Response:
        form = await request.post()
        told = f"<p id=sent>{len(form.getall('post'))} {form.get('reason', 'yes')}</p>"
        return web.Response(text=told, content_type="text/html")

    async def icon(_: web.Request) -> web.Response:
        return web.Response(status=204)

    app, listener = web.Application(), bound(0)
    app.router.add_get("/favicon.ico", icon)
    app.router.add_get("/client/{token}", show)
    app.router.add_get("/client/{token}/picture/{blob}", picture)
    app.router.add_post("/client/{token}/{act}", sent)
    async with serving(app, listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/client"


@pytest.mark.parametrize(
    ("language", "all_", "ask", "send"),
    [("es", "Aprobar las 2", "Pedir cambios", "Enviar"), ("en", "Approve all 2", "Ask for changes", "Send")],
)
async def test_on_a_phone_everything_is_reached_and_nothing_runs_over(
    browser: Browser, address: str, tmp_path: Path, language: str, all_: str, ask: str, send: str
) -> None:
    async with browser.page() as at:
        await at.resize(390, 844, phone=True)
        await at.goto(f"{address}/{language}")
        await at.find("h1", text="Café Ágora")
        await at.screenshot(tmp_path / f"client-{language}.png")
        assert await at.run("document.documentElement.scrollWidth") <= 390
        assert await at.run("document.images[0].complete && document.images[0].naturalWidth > 0")
        assert await at.run(
            "[...document.querySelectorAll('button, summary')].every(e => !e.checkVisibility() || "
            "e.getBoundingClientRect().height >= 44)"
        )
        await at.find(role="button", name=all_)
        for _ in range(3):  # approve all, approve this one, ask for changes
            await at.press("Tab")
        assert await at.run("document.activeElement.innerText") == ask
        await at.press("Enter")
        await at.press("Tab")
        await at.type("Más corto, por favor")
        await at.screenshot(tmp_path / f"client-{language}-asking.png")
        await at.press("Tab")
        assert await at.run("document.activeElement.innerText") == send
        at.loaded.clear()
        await at.press("Enter")
        await asyncio.wait_for(at.loaded.wait(), PATIENCE)
        assert "1 Más corto, por favor" in await at.text("#sent")
        await at.goto(f"{address}/{language}")
        at.loaded.clear()
        await at.click(role="button", name=all_)
        await asyncio.wait_for(at.loaded.wait(), PATIENCE)
        assert "2 yes" in await at.text("#sent")
        assert at.errors == []
