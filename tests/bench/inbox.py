"""A team's inbox of many open conversations: every act and every look must take no longer than with a few."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.desk.desk import Desk
from bot.desk.working import Place
from bot.domain.brands import Account, Member, Role, Standing
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus, Outsider, Words
from bot.domain.handling import Later
from bot.domain.hours import Hours, Opening
from bot.domain.inbox_views import View, Wanted
from bot.domain.promises import with_targets
from bot.network import Author, Item, ItemKind, Page, Ref
from bot.sandbox.storm import voices
from bot.store.launcher import connect, store_status
from tests.bench.instant import Instant, open_desk, put, settle_in
from tests.bench.processes import folder_with_store
from tests.bench.scale import Scale
from tests.bench.scheduled import timed
from tests.bench.table import Line, Wrong, median, ms, quantile

BRANDS, EACH = 3, 2
TIMES = 25
ME = "T01BENCH001:UCARLA"
ACT, HOME = 0.1, 0.3
WEEK = tuple(Opening(days=frozenset(range(5)), start=start * 60, end=end * 60) for start, end in ((9, 14), (16, 19)))
HOURS = Hours(week=WEEK, answer=40, resolve=480)


def conversations(desk: Desk, accounts: list[Account], count: int, hours: Hours) -> list[Conversation]:
    """So many that are open: most nobody's, some mine and others', over weeks, in one brand nine of ten."""
    now, made = desk.now(), []
    first = accounts[0].brand
    big = [account for account in accounts if account.brand == first]
    small = [account for account in accounts if account.brand != first]
    for n, (author, text) in enumerate(voices(count)):
        account = small[n % len(small)] if n % 10 == 0 else big[n % len(big)]
        owner = ME if n % 50 == 1 else "T01BENCH001:UOTHER" if n % 5 == 2 else ""
        at = now - timedelta(minutes=5 + n)
        talk = Conversation(
            id=f"c{n:06d}",
            brand=account.brand,
            account=account.id,
            network=account.network,
            person=Outsider(id=f"u{n}", handle=f"user{n}", name=author),
            heard=(Words(ref=f"r{n}", kind="comment", text=f"{text} ({n})", at=at),),
            status=ConversationStatus.OWNED if owner else ConversationStatus.NEW,
            owner=owner,
            owned_at=at if owner else None,
            changed_at=at,
            created_at=at,
        )
        made.append(with_targets(talk, hours, ZoneInfo("UTC")))
    return made


def line(name: str, what: str, took: list[float], most: float) -> Line:
    """Holds when nineteen of twenty were quick enough."""
    slow = quantile(took, 0.95)
    told = f"p50 {ms(median(took))}, p95 {ms(slow)}, max {ms(max(took))}"
    return Line(name, what, f"< {most * 1000:.0f} ms", told, held=slow < most, value=slow, unit="s")


async def run(scale: Scale) -> list[Line]:
    """A store full of conversations."""
    async with folder_with_store() as (data, url):
        client = connect(url)
        try:
            desk = open_desk(client, Instant())
            brands, accounts = await settle_in(desk, brands=BRANDS, accounts=EACH)
            for brand in brands:
                kept = await desk.brand(brand.id)
                roles = {ME: frozenset({Role.MODERATOR, Role.APPROVER, Role.AUTHOR, Role.ADMIN})}
                change = desk.store.begin()
                change.put(kept.model_copy(update={"roles": roles, "hours": HOURS, "topics": ("Horarios",)}), kept)
                await change.commit()
            await put(desk, [Member(id=ME, name="Carla")])
            await put(desk, conversations(desk, accounts, scale.conversations, HOURS))
            memory = store_status(data).memory or 0
            lines = [*await _acts(desk, accounts[0], scale.conversations), *await _looks(desk, scale.conversations)]
            told = f"{memory / 1_000_000:.0f} MB"
            return [
                *lines,
                Line("store_memory_inbox", "the store's memory with them", "", told, value=memory / 1e6, unit="MB"),
            ]
        finally:
            await client.aclose()


async def _acts(desk: Desk, account: Account, count: int) -> list[Line]:
    me = await desk.standing(ME)
    found = await desk.inbox_list.page(Wanted(view=View.UNOWNED, brand=account.brand), 0, me)
    if found.counts[View.ALL] < count // 2:
        raise Wrong(f"{found.counts[View.ALL]} conversations are open in a brand of {count}")
    ids = itertools.cycle([talk.id for talk in found.talks])
    fresh = itertools.count(10**7)
    here = {"id": next(ids)}

    async def received() -> None:
        number = next(fresh)
        said = Item(
            ref=Ref(f"new{number}"), kind=ItemKind.COMMENT, author=Author(f"n{number}", "nueva", "Nueva"),
            text="¿Hacéis envíos a Canarias?", at=desk.now(), root=Ref("post"),
        )  # fmt: skip
        await desk.receiving.receive(account, Page([said], str(number)), await desk.receiving.cursor(account.id))

    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "claim": lambda: desk.conversations.claim(here["id"], me),
        "snooze": lambda: desk.handling.snooze(here["id"], Later.HOUR, me),
        "wake": lambda: desk.handling.wake(here["id"], me),
        "escalate": lambda: desk.handling.escalate(here["id"], "role", "approver", "x", me),
        "close": lambda: desk.conversations.close(here["id"], me, ClosedAs.NO_REPLY),
        "topics": lambda: desk.handling.switch_topic(here["id"], "Horarios", me),
        "reopen": lambda: desk.conversations.reopen(here["id"], me),
        "release": lambda: desk.conversations.release(here["id"], me),
    }
    took = []
    for _ in range(TIMES):
        here["id"] = next(ids)
        for act in acts.values():
            took += await timed(act, 1)
    arrived = await timed(received, TIMES)
    return [
        line("inbox_act_p95", f"{count:,} open conversations: {', '.join(acts)}", took, ACT),
        line("inbox_receive_p95", "one more arrives", arrived, ACT),
    ]


async def _looks(desk: Desk, count: int) -> list[Line]:
    who: Standing = await desk.standing(ME)
    member = await desk.member(ME)
    mine = (await desk.inbox.brands_of(who))[0]
    account = (await desk.accounts.of(mine.id))[0].id
    lists = [Wanted(view=view, brand=brand) for view in View for brand in ("", mine.id)]
    lists += [
        Wanted(view=View.ALL, brand=mine.id, account=account),
        Wanted(view=View.ALL, brand=mine.id, words="pedido"),
        Wanted(view=View.ALL, brand=mine.id, words="nobody says this"),
        Wanted(view=View.LATE, brand=mine.id, account=account, words="gracias"),
        Wanted(view=View.MINE, brand=mine.id, account=account),
        Wanted(view=View.UNOWNED, brand=mine.id, account=account),
    ]
    pages, deep = list[float](), list[float]()
    for wanted in lists:
        pages += await timed(partial(desk.inbox_list.page, wanted, 0, who), 5)
        deep += await timed(partial(desk.inbox_list.page, wanted, 100, who), 2)
    return [
        line("inbox_list_p95", f"{count:,}: a page of each list, by brand, account and words", pages, ACT),
        line("inbox_list_deep_p95", "the same, the hundredth page", deep, ACT),
        line(
            "inbox_next_p95",
            "working through: the next one",
            await timed(lambda: desk.working.following("", Place(), who), TIMES),
            ACT,
        ),
        line(
            "home_p95",
            "Home with all of it, as read from the store",
            await timed(lambda: desk.days.home(who, member, zone="UTC"), TIMES),
            HOME,
        ),
    ]
