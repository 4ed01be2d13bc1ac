"""The browser page over sample data: it draws every element, sends what people do, and works with the keyboard."""

import json
from pathlib import Path

import pytest

from tests.browser import samples
from tests.browser.chromium import Browser, NotFound, Page
from tests.browser.fixture_server import Fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

FORM_COMMAND = "/vocero crear hola"


async def open_form(page: Page) -> None:
    await page.fill(FORM_COMMAND, '[data-composer="main"]')
    await page.press("Enter")
    await page.find(role="dialog", name="Nueva publicación")


async def test_a_card_shows_every_block_and_never_runs_foreign_text(page: Page) -> None:
    await page.click('[data-place="C01GENERAL1"]')
    await page.find(text=samples.HOSTILE)
    kinds = {block["type"] for block in samples.GALLERY}
    drawn = await page.run("[...document.querySelectorAll('.block')].map((node) => node.className.split('block-')[1])")
    assert kinds <= set(drawn)
    assert (
        await page.run("document.querySelectorAll('.unsupported, .messages script, .messages img[src=x]').length") == 0
    )
    assert await page.run("document.title") == "Vocero"
    for selector in (
        "strong",
        "em",
        "s",
        "code",
        "blockquote",
        "pre",
        ".mention",
        "ul.rich-list",
        "ol.rich-list",
        "time",
    ):
        await page.find(f".message-body {selector}")


async def test_a_press_is_confirmed_first_and_sent_once(page: Page, world: Fixture) -> None:
    await page.click(role="button", name="Aprobar")
    await page.find("dialog.confirm", text="¿Aprobar y publicar?")
    await page.press("Escape")
    await page.until("!document.querySelector('dialog')")
    assert [path for path, _ in world.sent] == []
    await page.click(role="button", name="Aprobar")
    await page.find("dialog.confirm")
    await page.press("Enter")
    body = await world.told("/human/click")
    assert body["user"] == "ana"
    assert body["action_id"] == "review.approve"
    assert body["channel"] == samples.REVIEW


async def test_an_overflow_menu_works_with_the_keyboard(page: Page, world: Fixture) -> None:
    await page.click(role="button", name="Opciones")
    await page.find(role="menuitem", name="Editar")
    await page.press("ArrowDown")
    await page.press("Enter")
    assert (await world.told("/human/click"))["value"] == "diff"


async def test_a_form_keeps_what_is_typed_and_sends_it(page: Page, world: Fixture, tmp_path: Path) -> None:
    await open_form(page)
    sent = await world.told("/human/command")
    assert sent == {"user": "ana", "channel": samples.REVIEW, "text": FORM_COMMAND}
    await page.fill("Hola & adiós <b>", ".modal textarea")
    typed = await world.told("/human/input")
    assert typed["values"] == {"text/text": "Hola & adiós <b>"}
    picture = tmp_path / "taza.png"
    picture.write_bytes(samples.picture())
    await page.upload([picture], ".modal input[type=file]")
    await page.find(".modal .file-row", text="taza.png")
    await page.choose("Tipo", "Conversar")
    await page.click(role="button", name="Enviar a revisión")
    values = (await world.told("/human/submit"))["values"]
    assert values["text/text"] == "Hola & adiós <b>"
    assert values["kind/kind"] == "talk"
    files = values.get("files/files") or (await world.told("/human/input"))["values"]["files/files"]
    assert [(file["name"], file["base64"][:6]) for file in files] == [("taza.png", "iVBORw")]


async def test_a_redrawn_form_keeps_focus_and_typed_text(page: Page, world: Fixture) -> None:
    await open_form(page)
    await page.fill("Media frase", ".modal textarea")
    changed = json.loads(json.dumps(samples.FORM))
    changed["blocks"][2]["hint"]["text"] = "11 de 280"
    world.views["ana"] = [changed]
    world.tell("views", samples.ANA)
    await page.find(".b-hint", text="11 de 280")
    assert await page.run("document.activeElement.value") == "Media frase"
    await page.type(" más")
    assert await page.run("document.querySelector('.modal textarea').value") == "Media frase más"


async def test_errors_stand_beside_their_fields(page: Page, world: Fixture) -> None:
    await open_form(page)
    world.answers["/human/submit"] = {"ok": False, "error": "Texto (text): Please complete this required field."}
    await page.click(role="button", name="Enviar a revisión")
    await page.find(".invalid .b-error", text="Hace falta completar este campo.")
    world.views["ana"] = [{**samples.FORM, "errors": {"accounts": "Elige una cuenta"}}]
    world.tell("views", samples.ANA)
    await page.find('.block-input [role="alert"]', text="Elige una cuenta")
    world.answers["/human/submit"] = {"ok": False, "error": "operation_timeout", "ack_ms": None}
    await page.click(role="button", name="Enviar a revisión")
    await page.find(".modal-banner", text="no respondió a tiempo")


async def test_escape_closes_a_list_first_then_the_form(page: Page, world: Fixture) -> None:
    await open_form(page)
    await page.click(role="combobox", name="Tipo: Elegir tipo")
    await page.find(".options")
    await page.press("Escape")
    await page.until("!document.querySelector('.options')")
    await page.find(".modal")
    with pytest.raises(NotFound):
        await page.click("[data-place=home]", within=0.2)
    await page.press("Escape")
    await page.until("!document.querySelector('.modal')")
    assert (await world.told("/human/close"))["view_id"] == "V01"


async def test_slash_suggestions_complete_a_verb(page: Page, world: Fixture) -> None:
    await page.fill("/vocero ho", '[data-composer="main"]')
    await page.find('.suggestion[role="option"]', text="/vocero hoy")
    await page.press("Tab")
    await page.press("Enter")
    assert (await world.told("/human/command"))["text"] == "/vocero hoy"


async def test_acting_as_somebody_else_changes_language_and_what_is_seen(page: Page) -> None:
    await page.find(".message.only", text="Tu borrador de ayer")
    await page.click(role="radio", name="Carla Moreno (en)")
    await page.find("[data-place=home]", text="My day")
    await page.until("!document.querySelector('.message.only')")
    assert await page.run("document.documentElement.lang") == "en"


async def test_a_thread_takes_replies_but_no_commands(page: Page, world: Fixture) -> None:
    await page.click(".thread-link")
    await page.find(".thread", text="Prefiero estrenamos")
    await page.fill("/vocero hoy", '[data-composer="thread"]')
    await page.press("Enter")
    await page.find(".toast", text="no funcionan en hilos")
    await page.fill("Va", '[data-composer="thread"]')
    await page.press("Enter")
    body = await world.told("/human/message")
    assert body["thread_ts"] == next(
        each["ts"] for each in world.messages[samples.REVIEW] if each["blocks"] == samples.CARD
    )


async def test_message_actions_and_reactions(page: Page, world: Fixture) -> None:
    await page.hover(".message.from-bot")
    await page.click('.message.from-bot .tool[aria-label="Más acciones"]')
    await page.click(role="menuitem", name="Responder en público Vocero")
    body = await world.told("/human/shortcut")
    assert body["callback_id"]
    assert body["channel"] == samples.REVIEW
    await page.click(".reaction")
    assert (await world.told("/human/react"))["name"] == "eyes"


async def test_home_is_opened_once_and_its_buttons_work(page: Page, world: Fixture) -> None:
    await page.click("[data-place=home]")
    await page.find(".home-blocks", text="Buenos días, Ana")
    world.tell("home", samples.ANA)
    world.tell("messages", samples.INBOX)
    await page.click(role="button", name="Nueva publicación")
    assert (await world.told("/human/click"))["view_id"] == "VHOME"
    assert world.homes == 1


async def test_an_outsider_comments_and_sees_it(page: Page, world: Fixture) -> None:
    await page.find(".reply.is-hidden", text="Ocultado por la marca")
    await page.find(".alt-badge", text="ALT")
    await page.click(".post .outside textarea")
    await page.fill("Nora", ".outside.open .outside-name")
    await page.fill("¡Qué pinta! <b>", ".outside.open textarea")
    await page.press("Enter")
    body = await world.told("/audience/comment")
    assert body == {"account": "1500000000000000001", "post": "9001", "author": "Nora", "text": "¡Qué pinta! <b>"}
    await page.find(".reply", text="¡Qué pinta! <b>")
    assert await page.run("document.title") == "Vocero"


@pytest.mark.parametrize(("network", "inbox"), [("X", True), ("Facebook", True), ("Ensayo", False)])
async def test_who_has_an_inbox_is_written_to_in_private(page: Page, world: Fixture, network: str, inbox: bool) -> None:
    await page.click(".net-tab", text=network)
    await page.until(f"document.querySelector('.net-tab.on').textContent === '{network}'")
    assert await page.run("!!document.querySelector('[data-focus=\"feed private\"]')") is inbox
    if inbox:
        await page.click('[data-focus="feed private"]')
        await page.find(".feed-empty", text="Nadie ha escrito en privado")
        await page.click(".mention-box textarea")
        await page.fill("Rosa", ".mention-box .outside-name")
        await page.fill("Hola", ".mention-box textarea")
        await page.press("Enter")
        body = await world.told("/audience/message")
        assert (body["author"], body["text"]) == ("Rosa", "Hola")
    assert page.errors == []


async def test_news_on_another_network_leaves_a_mark(page: Page, world: Fixture) -> None:
    world.posts["103000000000001"]["mentions"].append({**world.posts["1500000000000000001"]["mentions"][0], "id": "m2"})
    world.tell("public", "facebook")
    await page.find(".net-tab", text="Facebook")
    await page.until("document.querySelector('.net-tab:nth-child(2) .fresh-dot')")


async def test_the_tour_goes_where_the_story_goes(page: Page) -> None:
    await page.click("[data-step='5']")
    await page.find("h1", text="agora-inbox")
    await page.find(".who.on", text="Carla")
    await page.click("[data-step='1']")
    await page.until("document.querySelector('[data-composer=main]').value.startsWith('/vocero crear')")
    await page.find(".tour-hint", text="Pulsa Intro")
    await page.click("[data-step='4']")
    await page.until("document.activeElement.value === '¿Habrá también sin gluten?'")


async def test_a_phone_shows_one_pane_at_a_time(browser: Browser, world: Fixture) -> None:
    async with browser.page(f"{world.url}/?user=ana", width=390, height=844) as page:
        await page.resize(390, 844, phone=True)
        await page.until("document.body.dataset.ready")
        await page.click(".pane-tab", text="Público")
        await page.find(".post-text", text="rollos de canela")
        assert await page.run("document.querySelector('.workspace').checkVisibility()") is False
        await page.click(".pane-tab", text="Canales")
        await page.click('[data-place="C01AGORINB1"]')
        await page.find(role="button", name="Responder en público")
        assert await page.run("document.documentElement.scrollWidth") <= 390
        assert page.errors == []


async def test_both_languages_have_the_same_words(page: Page) -> None:
    missing = await page.run(
        "import('/page/words.js').then(({languages: {en, es}}) => "
        "[...Object.keys(en).filter((key) => !(key in es)), ...Object.keys(es).filter((key) => !(key in en))])"
    )
    assert missing == []


async def test_gallery_screenshots(browser: Browser, world: Fixture, tmp_path: Path) -> None:
    async with browser.page(f"{world.url}/?user=ana") as page:
        await page.until("document.body.dataset.ready")
        for scheme in ("light", "dark"):
            await page.prefer(scheme)
            await page.screenshot(tmp_path / f"{scheme}.png")
            assert (tmp_path / f"{scheme}.png").stat().st_size > 20_000


async def test_a_message_carries_files_with_their_alt_text(page: Page, world: Fixture, tmp_path: Path) -> None:
    picture = tmp_path / "taza.png"
    picture.write_bytes(samples.picture())
    await page.upload([picture], ".composer input[type=file]")
    await page.fill("Una taza", ".composer .file-about input")
    await page.fill("Mirad", '[data-composer="main"]')
    await page.press("Enter")
    body = await world.told("/human/message")
    assert [(file["name"], file["alt"]) for file in body["files"]] == [("taza.png", "Una taza")]
