"""Conversations, digests and Home as the desk would read them, for drawing without any store."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.desk.crowds import CrowdPage
from bot.desk.days import DayPage, HomePage
from bot.desk.inbox import ConversationPage
from bot.desk.inbox_list import InboxPage
from bot.desk.pages import PostPage
from bot.desk.storms import StormPage
from bot.domain.brands import Account, Brand, Member, Role, Standing, Stop
from bot.domain.bulk import Bulk, BulkAct
from bot.domain.conversations import Conversation, ConversationStatus, Outsider, Words
from bot.domain.deliveries import Delivery, Reply, State, Trouble
from bot.domain.digests import BrandDay, Day
from bot.domain.inbox_views import View, Wanted
from bot.domain.posts import Act, Post, PostStatus
from bot.domain.storms import Crowd, Storm
from tests.views.pages import (
    ANA,
    BRUNO,
    CARLA,
    NOW,
    TITLES,
    account,
    brand,
    decision,
    delivery,
    page,
    post,
    revision,
)

NASTY = "<!channel> <@U1> *b* _i_ `c` ~s~ <https://evil.example|bank> :tada: &amp; \u202eleft @here\n> quoted"


def words(text: str = "¿Abrís el domingo?", ref: str = "w1", **more: Any) -> Words:
    """Something that was said twenty minutes ago."""
    given: dict[str, Any] = {"ref": ref, "kind": "comment", "text": text, "at": NOW - timedelta(minutes=20)}
    return Words(**given | more)


def conversation(*heard: Words, **more: Any) -> Conversation:
    """Lucía's."""
    given: dict[str, Any] = {
        "id": "c1",
        "brand": "agora",
        "account": "x-1",
        "network": "x",
        "person": Outsider(id="9", handle="lucia", name="Lucía Pérez", followers=1204),
        "heard": heard or (words(),),
        "changed_at": NOW,
        "created_at": NOW,
        "version": 3,
    }
    return Conversation(**given | more)


def owned(**more: Any) -> Conversation:
    """Carla has it."""
    return conversation(status=ConversationStatus.OWNED, owner=CARLA, owned_at=NOW, **more)


def answer(state: State = State.PLANNED, text: str = "Sí, de 9 a 14", trouble: str = "", **more: Any) -> Delivery:
    """Carla's answer."""
    given: dict[str, Any] = {
        "id": "r1",
        "brand": "agora",
        "account": "x-1",
        "network": "x",
        "generation": 1,
        "reply": Reply(conversation="c1", text=text, answers="w1", by=CARLA),
        "state": state,
        "due": NOW + timedelta(seconds=20),
        "created_at": NOW,
        "approved_by": CARLA,
        "trouble": Trouble(kind=trouble) if trouble else None,
        "version": 1,
    }
    return Delivery(**given | more)


def talk_page(
    talk: Conversation | None = None,
    *answers: Delivery,
    where: Brand | None = None,
    about: Post | None = None,
    stop: Stop | None = None,
) -> ConversationPage:
    """A conversation with everything around it."""
    return ConversationPage(
        conversation=talk or conversation(),
        brand=where or brand(),
        account=account("x"),
        titles=TITLES,
        replies=answers,
        post=about,
        stop=stop,
        now=NOW,
        limit=280,
    )


def crowd_page(*bulks: Bulk, talk: Conversation | None = None, where: Brand | None = None, **more: Any) -> CrowdPage:
    """Forty-two people who say what Lucía says; an act that isn't over keeps them busy."""
    first = talk or conversation()
    busy = next((each.id for each in bulks if not each.over), "")
    about: dict[str, Any] = {"brand": "agora", "account": "x-1", "network": "x", "keys": ("=x",), "count": 57}
    times = {name: NOW - timedelta(minutes=9) for name in ("began_at", "joined_at", "keyed_at", "formed_at")}
    given: dict[str, Any] = {
        "crowd": Crowd(id="k1", first=first.id, busy=busy, **about, **times),
        "brand": where or brand(),
        "account": account("x"),
        "titles": TITLES,
        "first": first,
        "sample": first.latest,
        "people": 42,
        "waiting": 40,
        "taken": 5,
        "bulks": bulks,
        "until": 9,
        "hides": True,
        "limit": 280,
        "stop": None,
        "now": NOW,
    }
    return CrowdPage(**given | more)


def for_all(act: BulkAct = BulkAct.CLAIM, **more: Any) -> Bulk:
    """Carla's, at forty of them."""
    given: dict[str, Any] = {"id": "u1", "brand": "agora", "account": "x-1", "crowd": "k1", "seen": 42, "until": 9.0}
    return Bulk(**{**given, "by": CARLA, "at": NOW, "act": act, "done": 40, "passed": 2, **more})


def storm_page(*, where: Brand | None = None, on: Account | None = None, **more: Any) -> StormPage:
    """340 comments of a storm that is on, of which twelve sound displeased."""
    about = {"brand": where or brand(), "account": on or account("x"), "titles": TITLES, "now": NOW}
    return StormPage(storm=storm(**more), waiting=280, upset=12, **about)  # type: ignore[arg-type]


def storm(**more: Any) -> Storm:
    """The record of it."""
    given: dict[str, Any] = {"id": "s1", "brand": "agora", "account": "x-1", "network": "x", "usual": 6.2, "peak": 120}
    began = NOW - timedelta(minutes=20)
    times = {"began_at": began, "heard_at": NOW, "surge_at": NOW}
    return Storm(**{**given, **times, "count": 340, "gathered": 300, "spike": True, **more})


def list_page(*talks: Conversation, where: Brand | None = None, words: str = "", **more: Any) -> InboxPage:
    """A page of Carla's inbox."""
    given: dict[str, Any] = {
        "wanted": Wanted(words=words),
        "number": 0,
        "talks": talks,
        "total": len(talks),
        "counts": {View.MINE: 2, View.UNOWNED: 41, View.LATE: 3, View.ALL: 99},
        "brands": {"agora": where or brand()},
        "accounts": {"x-1": account("x")},
        "titles": TITLES,
        "now": NOW,
    }
    return InboxPage(**given | more)


def day_page(
    *parts: BrandDay,
    me: str = ANA,
    admin: bool = False,
    drafts: Sequence[Post] = (),
    posts: Sequence[PostPage] = (),
    talks: Sequence[ConversationPage] = (),
    channel: bool = False,
) -> DayPage:
    """A digest with everything around it."""
    return DayPage(
        day=Day(at=NOW, zone="Europe/Madrid", brands=parts, drafts=tuple(drafts)),
        me=None if channel else Standing(id=me, admin=admin),
        accounts={each.id: each for each in (account("x"), account("facebook"))},
        titles=TITLES,
        posts={each.post.id: each for each in posts},
        talks={each.conversation.id: each for each in talks},
    )


def home_page(day: DayPage, *brands: Brand, **more: Any) -> HomePage:
    """Ana's Home."""
    given: dict[str, Any] = {
        "day": day,
        "member": Member(id=ANA, name="Ana", locale="es-ES", zone="Europe/Madrid"),
        "brands": brands,
        "admins": ["T1:UADMIN"],
        "admin": False,
        "practice": True,
        "writes": True,
        "moderates": True,
        "may_stop": True,
    }
    return HomePage(**given | more)


EVERYTHING = frozenset(Role)


def busy(
    many: int = 1, *, text: str = "Abrimos a las 9", quote: str = "¿Tenéis wifi?", channel: bool = False
) -> DayPage:
    """A day of Bruno's with `many` of everything, in a brand that Ana stopped."""
    where = brand(roles={BRUNO: EVERYTHING})
    review = [post(revision(text=text), id=f"p{n}") for n in range(many)]
    sent_back = post(status=PostStatus.CHANGES_REQUESTED, decisions=(decision(Act.REQUEST_CHANGES, reason=quote),))
    unknown = [delivery(State.UNKNOWN, id=f"d{n}", post=f"p{n}") for n in range(many)]
    refused = [answer(State.REFUSED, quote, "policy", id=f"r{n}") for n in range(many)]
    url = "https://x.example/" + "9" * 200
    part = BrandDay(
        brand=where,
        stop=Stop(id="agora", by=ANA, at=NOW, reason=quote),
        to_approve=tuple(review),
        sent_back=(sent_back,) * many,
        trouble=(*unknown, *refused),
        out_today=tuple(delivery(State.LIVE, id=f"l{n}", post=f"p{n}", url=url) for n in range(many)),
        tomorrow=tuple(delivery(id=f"t{n}", post=f"p{n}", due=NOW + timedelta(hours=17)) for n in range(many)),
        waiting=tuple(conversation(words(quote), id=f"c{n}") for n in range(many)),
        posts=tuple(review),
    )
    return day_page(
        part,
        me=BRUNO,
        drafts=[] if channel else [post(status=PostStatus.DRAFT, id=f"f{n}") for n in range(many)],
        posts=[page(each, *unknown, where=where) for each in review],
        talks=[talk_page(owned(), where=where)],
        channel=channel,
    )
