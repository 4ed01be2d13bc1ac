"""The client's page over real HTTP: what somebody with a link sees and decides, and what nobody gets without one."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Role, Stage
from bot.domain.posts import Picture, PostStatus
from bot.domain.reviewing import Via
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.sandbox.app import bound, serving
from bot.store.blobs import Blobs
from bot.web.client import WRONG, ClientPages
from tests.desk.conftest import Clock, Team
from tests.desk.conftest import clock as clock  # noqa: PLC0414 - a fixture
from tests.desk.conftest import desk as desk  # noqa: PLC0414 - a fixture
from tests.desk.conftest import people as people  # noqa: PLC0414 - a fixture

CLIENT_LAST = (Stage(roles=(Role.APPROVER,)), Stage(roles=(Role.CLIENT,)))


@pytest.fixture
async def site(desk: Desk, people: Team) -> AsyncIterator[ClientSession]:
    """The pages on a free port, which is their address outside too, for a brand whose client has the last word."""
    brand = await desk.brand("agora")
    change = desk.store.begin()
    policies = brand.policies.model_copy(update={"stages": CLIENT_LAST})
    change.put(brand.model_copy(update={"policies": policies, "language": "es", "zone": "Europe/Madrid"}), brand)
    await change.commit()
    app, listener = web.Application(), bound(0)
    app.add_routes(ClientPages(desk).routes())
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk.clients.address = url
    async with serving(app, listener), ClientSession(url) as session:
        yield session


async def waiting(desk: Desk, people: Team, text: str, id_: str = "p1", picture: Picture | None = None) -> None:
    """A post that the team has signed and that waits for the client."""
    pictures = (picture,) if picture else ()
    content = Content(brand="agora", text=text, accounts=(people.accounts["agora"].id,), pictures=pictures)
    post = await desk.posts.submit(id_, content, people.ana)
    await desk.posts.approve(id_, people.bruno, revision=post.current.number)


async def link(desk: Desk, people: Team, name: str = "Marta", days: int = 7) -> str:
    """A new link of the brand's client."""
    return await desk.clients.make(desk.new_id(), "agora", name, days, people.bruno)


async def read(site: ClientSession, address: str) -> tuple[int, str]:
    """Status and text."""
    async with site.get(address) as answer:
        return answer.status, await answer.text()


async def send(site: ClientSession, address: str, *fields: tuple[str, str]) -> tuple[int, str]:
    """What one sees in the end after pressing a button."""
    async with site.post(address, data=list(fields)) as answer:
        return answer.status, await answer.text()


def shown(page: str) -> list[tuple[str, str]]:
    """The hidden fields that say what was seen, once each."""
    return [("post", value) for value in dict.fromkeys(re.findall(r'name="post" value="([^"]+)"', page))]


async def test_the_client_sees_the_post_and_their_yes_approves_it(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await waiting(desk, people, "Rollos <3 & café")
    address = await link(desk, people)
    async with site.get(address) as answer:
        page, headers = await answer.text(), answer.headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert '<html lang="es">' in page
    assert "Rollos &lt;3 &amp; café" in page
    assert "Letters @agora" in page
    assert "1 publicación espera tu respuesta." in page
    assert "<script" not in page
    status, page = await send(site, f"{address}/approve", *shown(page))
    assert status == 200
    assert "Gracias, 1 publicación queda aprobada." in page
    post = await desk.posts.get("p1")
    assert post.status is PostStatus.APPROVED
    assert post.decision is not None
    assert post.decision.via is Via.LINK
    assert (await desk.member(post.decision.by)).name == "Marta"
    (delivery,) = await desk.posts.deliveries("p1")
    assert delivery.approved_by == people.bruno.id  # whoever of the team signed last hears what becomes of it


async def test_two_presses_are_one_yes_and_the_second_says_so(desk: Desk, people: Team, site: ClientSession) -> None:
    await waiting(desk, people, "Uno")
    address = await link(desk, people)
    seen = shown((await read(site, address))[1])
    await send(site, f"{address}/approve", *seen)
    _, page = await send(site, f"{address}/approve", *seen)
    assert "Ya habías respondido a esa." in page
    assert len(await desk.posts.deliveries("p1")) == 1
    assert len((await desk.posts.get("p1")).decisions) == 2


async def test_all_are_approved_at_once_and_one_that_changed_since_is_not(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await waiting(desk, people, "Uno", "p1")
    await waiting(desk, people, "Dos", "p2")
    await waiting(desk, people, "Tres", "p3")
    address = await link(desk, people)
    page = (await read(site, address))[1]
    assert "Aprobar las 3" in page
    await waiting(desk, people, "Dos, pero distinto", "p2")
    status, after = await send(site, f"{address}/approve", *shown(page))
    assert status == 200
    assert "2 publicaciones quedan aprobadas" in after
    assert "Esta es la última versión" in after
    assert "Dos, pero distinto" in after
    assert (await desk.posts.get("p2")).status is PostStatus.IN_REVIEW


async def test_a_change_is_asked_for_in_the_clients_words(desk: Desk, people: Team, site: ClientSession) -> None:
    await waiting(desk, people, "Uno")
    address = await link(desk, people)
    seen = shown((await read(site, address))[1])
    status, page = await send(site, f"{address}/changes", *seen, ("reason", "  "))
    assert status == 422
    assert "<details open>" in page
    status, page = await send(site, f"{address}/changes", *seen, ("reason", "x" * 1001))
    assert status == 422
    assert "x" * 1001 in page
    status, page = await send(site, f"{address}/changes", *seen, ("reason", "Sin <la> palabra «gratis»"))
    assert "El equipo ya tiene tus palabras" in page
    post = await desk.posts.get("p1")
    assert post.status is PostStatus.CHANGES_REQUESTED
    assert post.decision is not None
    assert post.decision.reason == "Sin <la> palabra «gratis»"
    status, page = await send(site, f"{address}/changes", *seen, ("reason", "Y otra cosa <b>"))
    assert status == 409
    assert "Y otra cosa &lt;b&gt;" in page  # what was typed is not lost
    assert len((await desk.posts.get("p1")).decisions) == 2


async def test_words_about_an_older_version_stay_beside_the_new_one(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await waiting(desk, people, "Uno")
    address = await link(desk, people)
    seen = shown((await read(site, address))[1])
    await waiting(desk, people, "Uno, mejor")
    status, page = await send(site, f"{address}/changes", *seen, ("reason", "Más corto"))
    assert status == 409
    assert "Uno, mejor" in page
    assert ">\nMás corto</textarea>" in page
    action = re.search(r'action="([^"]+/changes)"', page)
    assert action is not None
    again = re.sub(r"/client/.*", "", address) + "/client/" + action[1].removeprefix("../")
    status, page = await send(site, again, *shown(page), ("reason", "Más corto"))
    assert status == 200
    assert (await desk.posts.get("p1")).status is PostStatus.CHANGES_REQUESTED


async def test_nothing_but_what_waits_for_the_client_is_on_the_page(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await desk.posts.save("d1", Content(brand="agora", text="borrador"), people.ana)
    account = (people.accounts["agora"].id,)
    await desk.posts.submit("p1", Content(brand="agora", text="aún del equipo", accounts=account), people.ana)
    theirs = Content(brand="northwind", text="de otra marca", accounts=(people.accounts["northwind"].id,))
    await desk.posts.submit("p2", theirs, people.diego)
    address = await link(desk, people)
    status, page = await read(site, address)
    assert status == 200
    assert "Nada espera tu respuesta." in page
    for hidden in ("borrador", "aún del equipo", "de otra marca", people.ana.id, people.bruno.id):
        assert hidden not in page
    _, page = await send(site, f"{address}/approve", ("post", f"p2 {'0' * 64}"), ("post", "x"))
    assert "ya no espera tu respuesta" in page
    assert (await desk.posts.get("p2")).decisions == ()


async def test_a_picture_is_had_with_the_link_alone(desk: Desk, people: Team, site: ClientSession) -> None:
    blob = await Blobs(desk.store).put(b"\x89PNG...")
    other = await Blobs(desk.store).put(b"secret")
    picture = Picture(
        file="F1", name="taza.png", type="image/png", size=7, alt='Una "taza"', blob=blob, width=4, height=3
    )
    await waiting(desk, people, "Uno", picture=picture)
    address = await link(desk, people)
    page = (await read(site, address))[1]
    assert 'alt="Una &quot;taza&quot;"' in page
    async with site.get(f"{address}/picture/{blob}") as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", b"\x89PNG...")
    assert (await read(site, f"{address}/picture/{other}"))[0] == 404
    assert (await read(site, f"/client/{'x' * 43}/picture/{blob}"))[0] == 404


async def test_unknown_revoked_and_ended_are_one_answer(
    desk: Desk, people: Team, site: ClientSession, clock: Clock
) -> None:
    short, revoked = await link(desk, people, "Marta", 1), await link(desk, people, "Pau")
    ((_, links), *_) = [each for each in await desk.clients.mine(people.bruno) if each[0].id == "agora"]
    (pau,) = [each for each in links if each.name == "Pau"]
    await desk.clients.revoke("agora", pau.holder, people.bruno)
    with pytest.raises(UserError):
        await desk.clients.revoke("agora", pau.holder, people.bruno)
    assert (await read(site, short))[0] == 200
    clock.pass_(days=1)
    unknown = f"/client/{'x' * 43}"
    answers = {await read(site, each) for each in (short, revoked, unknown, "/client/x", f"/client/{pau.id}")}
    ((status, text),) = answers
    assert status == 404
    assert "ask whoever sent it" in text
    assert "Pide uno nuevo" in text
    assert (await send(site, f"{short}/approve", ("post", f"p1 {'0' * 64}")))[0] == 404
    assert (await send(site, f"{revoked}/changes", ("post", f"p1 {'0' * 64}"), ("reason", "x")))[0] == 404


async def test_whoever_guesses_is_told_to_wait_and_a_right_link_still_opens(
    desk: Desk, people: Team, site: ClientSession, clock: Clock
) -> None:
    right = await link(desk, people)
    for _ in range(WRONG):
        assert (await read(site, f"/client/{'x' * 43}"))[0] == 404
    assert (await read(site, f"/client/{'x' * 43}"))[0] == 429
    assert (await read(site, right))[0] == 200
    clock.pass_(minutes=1)
    assert (await read(site, f"/client/{'x' * 43}"))[0] == 404


async def test_only_who_approves_makes_one_only_the_digest_is_kept_and_the_record_has_no_token(
    desk: Desk, people: Team
) -> None:
    with pytest.raises(UserError, match="no_public_url"):
        await desk.clients.make("l1", "agora", "Marta", 7, people.bruno)
    desk.clients.address = "https://vocero.example/"
    for nobody in (people.ana, people.eva):
        with pytest.raises(NotAllowed):
            await desk.clients.make("l1", "agora", "Marta", 7, nobody)
    with pytest.raises(FieldErrors):
        await desk.clients.make("l1", "agora", "  ", 7, people.bruno)
    address = await desk.clients.make("l1", "agora", " Marta  Ruiz ", 7, people.bruno)
    with pytest.raises(AlreadyDone):
        await desk.clients.make("l1", "agora", "Marta Ruiz", 7, people.bruno)  # the same form again
    token = address.removeprefix("https://vocero.example/client/")
    assert len(token) == 43
    for key in [str(key) async for key in desk.store.client.scan_iter("*client_link*")]:
        assert token not in key
        if await desk.store.client.type(key) == "hash":
            assert token not in str(await desk.store.client.hgetall(key))
    ((_, (made,)), *_) = [each for each in await desk.clients.mine(people.bruno) if each[0].id == "agora"]
    assert (made.name, made.by, made.opened) == ("Marta Ruiz", people.bruno.id, None)
    await desk.clients.open(token)
    ((_, (made,)), *_) = [each for each in await desk.clients.mine(people.bruno) if each[0].id == "agora"]
    assert made.opened == desk.now()
