"""Three hundred posts on three networks, workers killed at random, answers lost: no post twice, and none lost."""

import asyncio
import hashlib
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Account
from bot.domain.deliveries import State
from bot.sandbox import world
from bot.store.records import Store
from tests.faults import lives
from tests.faults.cells import IDEMPOTENT
from tests.faults.contents import member, move_in
from tests.faults.judging import told
from tests.faults.playing import KILLED, PATIENCE, Ground, ground
from tests.faults.processes import Life
from tests.faults.stage import Stage, accounts_for
from tests.publishing import open_desk

TEAM = "CHAOS"
SEED = 20261101
POSTS = 300
WORKERS = 3
EVERY = timedelta(seconds=0.08)
"""Between the times of two posts, so that few are under way at any moment and most can be told apart from lost ones."""
SOON = timedelta(seconds=6)
LOST = 0.05
KILLS = (15, 45)
"""A worker is killed after so many moments of the networks' traffic: at least, at most."""
DEADLINE = 500.0
"""Seconds on a busy machine; a minute or two in earnest."""


@dataclass
class Chaos:
    """What was done, and what came of it; `wrong` are sentences."""

    posts: int
    killed: int
    unanswered: int
    live: int
    asks: int
    doubled: int
    lost: int
    wrong: list[str]
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.posts} posts, {WORKERS} workers, {self.killed} kills, {self.unanswered} answers lost: "
            f"{self.live} live, {self.asks} ask, {self.doubled} doubled, {self.lost} lost"
        )


class Trouble:
    """Kills whoever it likes and loses answers, the same ones in every run with a seed."""

    def __init__(self, stage: Stage) -> None:
        self.workers: list[Life] = []
        self.unanswered = 0
        self._dice = random.Random(SEED)
        self._writes = stage.traffic.writes
        self._left = self._dice.randint(*KILLS)
        stage.traffic.moment, stage.traffic.lost = self.moment, self.lost

    def moment(self) -> None:
        """A request came, or something became public and its answer has not left."""
        self._left -= 1
        if self._left <= 0:
            self._left = self._dice.randint(*KILLS)
            self._dice.choice(self.workers).signal(signal.SIGKILL)

    def lost(self, text: str) -> bool:
        """By the text and not by the order of arrival, which is never the same."""
        if self._writes[text] > 1 or hashlib.sha256(f"{SEED} {text}".encode()).digest()[0] >= LOST * 256:
            return False
        self.unanswered += 1
        return True


async def chaos() -> Chaos:
    """One run, told even where it comes to no end."""
    profiles = accounts_for([f"{TEAM}{number}" for number in range(2)])
    began = time.monotonic()
    async with ground(list(profiles.values()), [TEAM]) as here:
        try:
            async with asyncio.timeout(DEADLINE):
                return await _run(here, list(profiles.values()), began)
        except TimeoutError:
            wrong = f"the chaos run had no end within {DEADLINE:.0f} s"
        except Exception as error:  # noqa: BLE001 - the table of the other runs is printed all the same
            wrong = f"the chaos run: {type(error).__name__}: {error}"
    return Chaos(POSTS, 0, 0, 0, 0, 0, 0, [wrong], time.monotonic() - began)


async def _run(here: Ground, profiles: Sequence[world.Account], began: float) -> Chaos:
    desk = open_desk(Store(here.client, TEAM), here.stage.url, timeout=PATIENCE)
    accounts = [(await move_in(desk, profile), profile) for profile in profiles]
    planned = await _plan(desk, accounts)
    trouble = Trouble(here.stage)
    killed = await _work(here, trouble)
    said = await told(desk.store)
    found = [await _judged(desk, here.stage, said, *one) for one in planned]
    return Chaos(
        posts=len(found),
        killed=killed,
        unanswered=trouble.unanswered,
        live=sum(one.state is State.LIVE for one in found),
        asks=sum(one.state is State.UNKNOWN for one in found),
        doubled=sum(one.doubled for one in found),
        lost=sum(one.lost for one in found),
        wrong=[sentence for one in found for sentence in one.wrong],
        seconds=time.monotonic() - began,
    )


async def _plan(desk: Desk, accounts: Sequence[tuple[Account, world.Account]]) -> list[tuple[str, str, world.Account]]:
    """(delivery, text, whose) of so many approved posts, one after the other, the accounts taking turns."""
    planned = []
    for number, (account, profile) in zip(range(POSTS), cycle(accounts), strict=False):
        text, id_ = f"El café número {number}", f"chaos{number}"
        due = desk.now() + SOON + number * EVERY
        content = Content(brand=account.brand, text=text, accounts=(account.id,), due=due)
        await desk.posts.submit(id_, content, member(desk, "ana"))
        await desk.posts.approve(id_, member(desk, "bruno"), revision=1)
        (delivery,) = await desk.posts.deliveries(id_)
        planned.append((delivery.id, text, profile))
    return planned


async def _work(here: Ground, trouble: Trouble) -> int:
    """Workers until nothing is due, each replaced at once when it is killed; answers how many were."""
    place = lives.Place(here.url, TEAM, here.stage.url, here.folder / "chaos.log")
    trouble.workers = [Life(lives.publish, place) for _ in range(WORKERS)]

    async def replaced(slot: int) -> int:
        killed = 0
        while await trouble.workers[slot].ended() == KILLED:
            killed += 1
            trouble.workers[slot] = Life(lives.publish, place)
        return killed

    try:
        return sum(await asyncio.gather(*(replaced(slot) for slot in range(WORKERS))))
    finally:
        for life in trouble.workers:
            life.signal(signal.SIGKILL)


@dataclass(frozen=True)
class Found:
    """One post's end."""

    state: State
    doubled: bool
    lost: bool
    wrong: tuple[str, ...]


async def _judged(
    desk: Desk, stage: Stage, said: set[tuple[str, str]], id_: str, text: str, who: world.Account
) -> Found:
    delivery = await desk.deliveries.get(id_)
    public = stage.said(who, text)
    sent = stage.traffic.writes[text]
    doubled = len(public) > 1 or (sent > 1 and who.network not in IDEMPOTENT)
    known = stage.known(who.network, delivery.ref)
    settled = {
        State.LIVE: len(public) == 1 and known is not None and known.id == public[0].id,
        State.UNKNOWN: not public,
    }
    quiet = delivery.attention is not None or (delivery.id, delivery.state) not in said
    lost = quiet or not settled.get(delivery.state, False)
    wrong = f"{text} on {who.network}: {delivery.state}, public {len(public)} times, sent {sent} times"
    return Found(delivery.state, doubled, lost, (wrong,) if doubled or lost else ())
