"""Links are opened through the guarded fetcher, and what came of it stands on the card; nothing private is opened."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.desk import Desk
from bot.desk.links import waiting
from bot.domain.bulk import Bulk, BulkAct, BulkState
from bot.domain.conversations import PRIVATE
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import Errand, digest
from bot.domain.events import ConversationChanged, CrowdChanged, DeliveryChanged, Event
from bot.domain.storms import Crowd
from bot.engine.links import LinkLook, answered, sent_to_many, trouble_of
from bot.network.fetching import Fetched, Fetcher
from tests.desk.conftest import Clock, Team
from tests.desk.test_answers import heard, trained
from tests.desk.test_posts import content
from tests.hostile.servers import Answer, moved, plain, web
from tests.views.talks import answer, conversation, words


@pytest.mark.parametrize(
    ("link", "url", "status", "trouble"),
    [
        ("https://a.es/x", "https://a.es/x", 200, ""),
        ("https://a.es/x", "https://www.a.es/y", 200, ""),
        ("https://a.es/x", "https://a.es/x", 404, "gone"),
        ("https://a.es/x", "https://a.es/x", 410, "gone"),
        ("https://a.es/x", "https://a.es/x", 500, "failing"),
        ("https://a.es/x", "https://a.es/x", 400, "failing"),
        ("https://a.es/x", "https://a.es/x", 403, ""),
        ("https://a.es/x", "https://a.es/x", 429, ""),
        ("https://a.es/x", "https://parked.com/", 200, "elsewhere"),
        ("http://a.es/x", "http://a.es/x", 200, "insecure"),
        ("http://a.es/x", "https://a.es/x", 200, ""),
    ],
)
def test_what_is_wrong_for_whoever_follows_it(link: str, url: str, status: int, trouble: str) -> None:
    assert trouble_of(link, Fetched(url=url, status=status)) == trouble


async def test_each_link_is_looked_at_once_and_told(desk: Desk, people: Team) -> None:
    answers: dict[str, Answer] = {
        "/fine": plain(b""),
        "/gone": plain(b"", status=b"404 Not Found"),
        "/pdf": plain(b"", kind=b"application/pdf"),
        "/moved": moved("/gone"),
    }
    async with web(answers) as site:
        look = LinkLook(desk, site.fetcher)
        text = " ".join(site.url(path) for path in answers)
        await desk.posts.submit("p1", content(text="x"), people.ana)
        await says(desk, text)
        await look.look("p1")
        known = await desk.links.known([text])
        assert {path: known[site.url(path)] for path in answers} == {
            "/fine": "insecure", "/gone": "gone", "/pdf": "insecure", "/moved": "gone"
        }  # fmt: skip
        asked = len(site.server.asked)
        await look.look("p1")
        assert len(site.server.asked) == asked
    events = str(await desk.store.client.xrange(desk.store.key("events")))
    assert events.count('\\"act\\":\\"links\\"') + events.count('"act":"links"') == 1
    found = await desk.posts.findings(await desk.posts.get("p1"), await desk.brand("agora"))
    assert [each.key for each in found if "link" in each.key].count("check.link_gone") == 2


async def test_what_is_private_is_never_opened_and_said_so(desk: Desk) -> None:
    look = LinkLook(desk, Fetcher())
    assert await look._one("http://127.0.0.1:1/") == "refused"
    assert await look._one("http://169.254.169.254/latest") == "refused"


async def test_what_goes_out_within_minutes_is_looked_at_again(desk: Desk, people: Team, clock: Clock) -> None:
    async with web({"/": plain(b"", status=b"500 Oops")}) as site:
        due = clock.at + timedelta(minutes=30)
        await desk.posts.submit("p1", content(text="x", due=due), people.ana)
        await desk.posts.approve("p1", people.bruno, revision=1)
        await says(desk, site.url("/"))
        look = LinkLook(desk, site.fetcher)
        await look.tick()
        assert not site.server.asked
        clock.pass_(minutes=20)
        await look.tick()
        assert site.server.asked
        asked = len(site.server.asked)
        await look.tick()
        assert len(site.server.asked) == asked
    post, brand = await desk.posts.get("p1"), await desk.brand("agora")
    assert [each.key for each in await desk.links.findings(post, brand)] == ["check.link_failing"]
    off = brand.model_copy(update={"rules": brand.rules.model_copy(update={"off": frozenset({"links"})})})
    assert not await desk.links.findings(post, off)


async def test_an_answers_links_are_looked_at_while_it_waits(desk: Desk, people: Team) -> None:
    async with web({"/a": plain(b"", status=b"404 Not Found")}) as site:
        talk = await heard(desk, people)
        look = LinkLook(desk, site.fetcher)
        await look.look_in_answers(talk.id)
        sent = await desk.conversations.reply(talk.id, "a", "Sí", people.carla)
        assert sent.reply is not None
        link = site.url("/a")
        await put(desk, sent, link)
        await look.look_in_answers(talk.id)
        page = await desk.inbox.page(talk.id)
        assert [each.key for each in page.links["a"]] == ["check.link_gone"]
        assert (await told(desk)).count("links") == 1
        asked = len(site.server.asked)
        await look.look_in_answers(talk.id)
        assert len(site.server.asked) == asked
        assert (await told(desk)).count("links") == 1, "it is said once"
        off = {"rules": page.brand.rules.model_copy(update={"off": frozenset({"links"})})}
        assert not await desk.links.in_answers(page.brand.model_copy(update=off), {"a": link})
        await desk.deliveries.withdraw("a", people.carla)
        assert not (await desk.inbox.page(talk.id)).links, "nobody will read it"


async def test_a_trainees_links_are_looked_at_before_somebody_approves_them(desk: Desk, people: Team) -> None:
    async with web({"/": plain(b"", status=b"500 Oops")}) as site:
        mine = await desk.suggestions.get((await trained(desk, people)).id)
        version = mine.versions[-1].model_copy(update={"text": site.url("/")})
        change = desk.store.begin()
        change.put(mine.model_copy(update={"versions": (*mine.versions[:-1], version)}), mine)
        await change.commit()
        await LinkLook(desk, site.fetcher).look_in_suggestion(mine.id)
        assert [each.key for each in (await desk.inbox.page(mine.conversation)).links[mine.id]] == [
            "check.link_failing"
        ]


async def test_an_answer_to_many_is_looked_at_once_for_all_of_them(desk: Desk, people: Team) -> None:
    async with web({"/a": plain(b"", status=b"404 Not Found")}) as site:
        text = f"Mirad {site.url('/a')}"
        when = {name: desk.now() for name in ("began_at", "joined_at", "keyed_at", "formed_at")}
        about: dict[str, Any] = {"brand": "agora", "account": "letters-agora"}
        crowd = Crowd(id="k1", network="letters", keys=(), count=9, first="c", **about, **when)
        bulk = Bulk(
            id="u1", crowd="k1", act=BulkAct.ANSWER, texts=("Sí", text), seen=9, until=1.0, by=people.carla.id,
            at=desk.now(), **about,
        )  # fmt: skip
        change = desk.store.begin()
        change.put(crowd)
        change.put(bulk)
        await change.commit()
        look = LinkLook(desk, site.fetcher)
        await look.look_in_crowd("k1")
        page = await desk.crowds.page("k1")
        assert [each.key for each in page.links["u1"]] == ["check.link_gone"]
        events = str(await desk.store.client.xrange(desk.store.key("events")))
        assert events.count("crowd_changed") == 1
        asked = len(site.server.asked)
        await look.look_in_crowd("k1")
        assert len(site.server.asked) == asked
        stored = await desk.store.get(Bulk, "u1")
        change = desk.store.begin()
        change.put(stored.model_copy(update={"state": BulkState.DONE, "attention": None}), stored)
        await change.commit()
        assert not (await desk.crowds.page("k1")).links, "it is out"


async def test_other_words_for_an_answer_are_looked_at_too(desk: Desk, people: Team) -> None:
    async with web({"/": plain(b"", status=b"500 Oops")}) as site:
        talk = await heard(desk, people)
        await desk.conversations.reply(talk.id, "a", "Abrimos", people.carla)
        await desk.deliveries.live("a", "r99", "http://x/r99")
        errand = await desk.moderation.edit("a", digest("Abrimos"), "Cerramos", people.carla)
        rows: Any = await desk.store.client.xrange(desk.store.key("events"))
        told_of = [json.loads(fields["event"]) for _, fields in rows]
        assert [each["act"] for each in told_of if each.get("edits")] == ["moderated"]
        stored = await desk.store.get(Errand, errand.id)
        change = desk.store.begin()
        change.put(stored.model_copy(update={"text": site.url("/")}), stored)
        await change.commit()
        await LinkLook(desk, site.fetcher).look_in_answers(talk.id)
        page = await desk.inbox.page(talk.id)
        assert [each.key for each in page.links["a"]] == ["check.link_failing"]


def test_what_is_private_or_out_already_is_not_looked_at() -> None:
    texts = waiting(conversation(), [answer(id="a"), answer(State.LIVE, id="b"), answer(State.HELD, id="c")], [])
    assert list(texts) == ["a", "c"]
    assert not waiting(conversation(words(kind=PRIVATE)), [answer()], [])
    reply = answer().reply
    assert reply is not None
    assert not waiting(conversation(), [answer(reply=reply.model_copy(update={"to": "9"}))], [])


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (ConversationChanged(conversation="c", act="answer"), "c"),
        (ConversationChanged(conversation="c", act="ask_use"), "c"),
        (ConversationChanged(conversation="c", act="links"), None),
        (ConversationChanged(conversation="c", act="moderated"), None),
        (ConversationChanged(conversation="c", act="moderated", edits=True), "c"),
        (DeliveryChanged(delivery="d", state="planned", conversation="c"), "c"),
        (DeliveryChanged(delivery="d", state="live", conversation="c"), None),
        (DeliveryChanged(delivery="d", state="planned", post="p"), None),
    ],
)
def test_when_an_answer_begins_to_wait(event: Event, where: str | None) -> None:
    assert answered(event) == where


def test_when_an_answer_begins_to_go_out_to_many() -> None:
    assert sent_to_many(CrowdChanged(crowd="k", act="asked")) == "k"
    assert sent_to_many(CrowdChanged(crowd="k", act="links")) is None
    assert sent_to_many(ConversationChanged(conversation="c", act="asked")) is None


async def told(desk: Desk) -> list[str]:
    """What happened to conversations."""
    rows: Any = await desk.store.client.xrange(desk.store.key("events"))
    return [json.loads(fields["event"]).get("act", "") for _, fields in rows if "conversation_changed" in str(fields)]


async def put(desk: Desk, sent: Delivery, text: str) -> None:
    """The answer says something that is longer than the tests' network takes."""
    assert sent.reply is not None
    known = await desk.deliveries.get(sent.id)
    change = desk.store.begin()
    change.put(known.model_copy(update={"reply": sent.reply.model_copy(update={"text": text})}), known)
    await change.commit()


async def says(desk: Desk, text: str) -> None:
    """The post says something that is longer than the tests' network takes."""
    post = await desk.posts.get("p1")
    revision = post.current.model_copy(update={"text": text})
    change = desk.store.begin()
    change.put(post.model_copy(update={"revisions": (revision,)}), post)
    await change.commit()


async def test_where_there_is_no_web_nothing_is_looked_at(desk: Desk) -> None:
    assert not LinkLook(desk, Fetcher(), only=())._may("https://a.es/")
    assert LinkLook(desk, Fetcher(), only=("127.0.0.1:8400",))._may("http://127.0.0.1:8400/x")
    assert LinkLook(desk, Fetcher())._may("https://a.es/")
