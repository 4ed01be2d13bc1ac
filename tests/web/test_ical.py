"""A brand's calendar over real HTTP, read back by a calendar library: hours, words, escapes, and who gets nothing."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from icalendar import Calendar

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.errors import AlreadyDone, NotAllowed, UserError
from bot.sandbox.app import bound, serving
from bot.web.ical import Calendars
from tests.desk.conftest import Clock, Team
from tests.desk.conftest import clock as clock  # noqa: PLC0414 - a fixture
from tests.desk.conftest import desk as desk  # noqa: PLC0414 - a fixture
from tests.desk.conftest import people as people  # noqa: PLC0414 - a fixture

DUE = datetime(2026, 3, 29, 7, 0, tzinfo=UTC)  # nine in Madrid, on the day on which the clocks change


@pytest.fixture
async def site(desk: Desk) -> AsyncIterator[ClientSession]:
    """The calendars on a free port, which is their address outside too."""
    app, listener = web.Application(), bound(0)
    app.add_routes(Calendars(desk).routes())
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk.calendar_links.address = url
    async with serving(app, listener), ClientSession(url) as session:
        yield session


async def planned(desk: Desk, people: Team, text: str, id_: str = "p1") -> None:
    """A post in review, with a time."""
    content = Content(brand="agora", text=text, accounts=(people.accounts["agora"].id,), due=DUE)
    await desk.posts.submit(id_, content, people.ana)


def events(body: str) -> list[Any]:
    """The entries as a calendar program would have them."""
    return list(Calendar.from_ical(body).walk("VEVENT"))


async def read(site: ClientSession, link: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, text, headers."""
    async with site.get(link, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_a_calendar_program_reads_the_hour_the_words_and_the_state(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    text = "Té, 2 €; \\o/\n¡ya! "
    await planned(desk, people, text)
    status, body, headers = await read(site, await desk.calendar_links.make("agora", "", people.bruno))
    assert status == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"].startswith("private")
    (event,) = events(body)
    assert event.decoded("dtstart") == DUE
    assert "DTSTART:20260329T070000Z" in body
    assert str(event["uid"]) == "p1@vocero"
    state, account, words = str(event["description"]).split("\n\n")
    assert words == text
    assert "Letters" in account
    assert state == "In review"
    assert str(event["summary"]).startswith(f"{state} · Té, 2 €; \\o/ ¡ya!")
    assert str(event["status"]) == "TENTATIVE"
    assert max(len(line.encode()) for line in body.split("\r\n")) <= 75


async def test_an_approved_post_is_certain_and_a_moved_one_keeps_its_name(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await planned(desk, people, "Uno")
    link = await desk.calendar_links.make("agora", "", people.bruno)
    (first,) = events((await read(site, link))[1])
    await desk.posts.approve("p1", people.bruno, revision=1)
    await desk.moving.move("p1", DUE + timedelta(hours=1), people.ana)
    (second,) = events((await read(site, link))[1])
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstart") == DUE + timedelta(hours=1)
    assert str(second["status"]) == "CONFIRMED"
    await desk.posts.withdraw("p1", people.ana)
    assert events((await read(site, link))[1]) == []


async def test_text_from_anybody_adds_no_line_of_its_own(desk: Desk, people: Team, site: ClientSession) -> None:
    await planned(desk, people, "a\nEND:VEVENT\x00\nX:1")
    _, body, _ = await read(site, await desk.calendar_links.make("agora", "", people.bruno))
    assert body.count("END:VEVENT\r\n") == 1
    assert "\r\nX:1" not in body
    assert "\x00" not in body


async def test_drafts_other_brands_and_the_teams_talk_are_not_in_it(
    desk: Desk, people: Team, site: ClientSession
) -> None:
    await planned(desk, people, "Uno")
    await desk.posts.request_changes("p1", people.bruno, revision=1, reason="el jefe no quiere")
    await desk.posts.save("d1", Content(brand="agora", text="borrador", due=DUE), people.ana)
    _, body, _ = await read(site, await desk.calendar_links.make("agora", "", people.bruno))
    (event,) = events(body)
    assert "Uno" in str(event["summary"])
    assert "jefe" not in body
    assert "borrador" not in body
    assert people.ana.id.partition(":")[2] not in body


async def test_whoever_has_it_already_gets_nothing_twice(desk: Desk, people: Team, site: ClientSession) -> None:
    await planned(desk, people, "Uno")
    link = await desk.calendar_links.make("agora", "", people.bruno)
    _, body, headers = await read(site, link)
    status, nothing, _ = await read(site, link, **{"If-None-Match": headers["ETag"]})
    assert (status, nothing) == (304, "")
    await planned(desk, people, "Dos")
    status, changed, _ = await read(site, link, **{"If-None-Match": headers["ETag"]})
    assert status == 200
    assert changed != body


async def test_a_link_that_ended_is_answered_as_one_that_never_was(
    desk: Desk, people: Team, site: ClientSession, clock: Clock
) -> None:
    first = await desk.calendar_links.make("agora", "", people.bruno)
    (seen,) = [link.id for brand, link in await desk.calendar_links.mine(people.bruno) if link and brand.id == "agora"]
    second = await desk.calendar_links.make("agora", seen, people.bruno)
    with pytest.raises(AlreadyDone):
        await desk.calendar_links.make("agora", seen, people.bruno)  # the same press again
    assert (await read(site, second))[0] == 200
    (seen,) = [link.id for brand, link in await desk.calendar_links.mine(people.bruno) if link and brand.id == "agora"]
    await desk.calendar_links.revoke("agora", seen, people.bruno)
    with pytest.raises(UserError):
        await desk.calendar_links.revoke("agora", seen, people.bruno)
    unknown = f"/ical/{'x' * 43}.ics"
    answers = [await read(site, link) for link in (first, second, unknown, "/ical/x.ics", f"/ical/{seen}.ics")]
    assert {(status, text) for status, text, _ in answers} == {(404, "Not found.\n")}
    assert len({tuple(sorted(set(headers) - {"Date"})) for _, _, headers in answers}) == 1


async def test_only_who_approves_makes_one_and_only_the_digest_is_kept(desk: Desk, people: Team) -> None:
    with pytest.raises(UserError):
        await desk.calendar_links.make("agora", "", people.bruno)  # no address outside
    desk.calendar_links.address = "https://vocero.example/"
    for nobody in (people.ana, people.eva):
        with pytest.raises(NotAllowed):
            await desk.calendar_links.make("agora", "", nobody)
    link = await desk.calendar_links.make("agora", "", people.bruno)
    token = link.removeprefix("https://vocero.example/ical/").removesuffix(".ics")
    assert len(token) == 43
    kept = [row async for row in desk.store.client.scan_iter(f"*{token}*")]
    assert kept == []
