"""When far more is said than usual: what usual is, who still gets a card, when a storm begins and is over; and crowds,
the many who say nearly the same.

Everything is measured against the account's own usual, which is learned: comments an hour, over a week that fades.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import Record, score

START: Mapping[str, float] = {"x": 6.0, "facebook": 6.0}
"""Comments an hour that an account of which nothing is known is taken to have, by network."""
ANYWHERE = 4.0
"""The same for every other network."""
FADES = timedelta(days=7)
"""What was said so long ago counts for a third of what is said now."""
WINDOW = timedelta(minutes=10)
"""A storm is seen in what is said within so long …"""
TIMES = 6.0
"""… where that is so many times the usual …"""
LEAST = 30
"""… and no fewer than these, which a team reads without any help."""
LATE = timedelta(hours=1)
"""What was said earlier than this is old news, however much of it arrives at once: no alarm, but no flood of cards."""
CALM = timedelta(minutes=15)
"""A storm is over when so long less than half of what makes one was said, and everybody got a card."""
CARDS = 20
"""Cards of their own that conversations of an account get at once …"""
EVERY = timedelta(seconds=4)
"""… and then one in so long. A channel takes a message a second, for all of a brand's accounts and everything else."""

PEOPLE = 4
"""So many different people who say nearly the same are a crowd: one card."""
TOGETHER = timedelta(minutes=10)
"""A crowd that nobody joined for so long takes nobody in any more; who says the same later begins another."""
REMEMBERED = timedelta(minutes=30)
"""How long a text can be joined; whoever joins makes it longer."""
KEPT = timedelta(days=30)
"""How long storms, crowds and what was asked for a crowd can be drawn again."""


class Tide(Record):
    """How much is said to an account; `id` is the account's.

    usual: comments an hour; heed: how many more may be learned now, so that a storm isn't taken for the usual; room:
    how many cards are left; all three as of `at`. minutes: how much was said in each of the last, by minutes since the
    epoch. storm: the one that is on.
    """

    KIND: ClassVar[str] = "tide"

    usual: float
    heed: float
    room: float = CARDS
    at: AwareDatetime
    minutes: tuple[tuple[int, int], ...] = ()
    storm: str = ""


class Storm(Record):
    """A time in which more was said to an account than cards could be made of.

    spike: it is far more than usual, not just a lot at once, as after a time without reading. count: what was said
    since `began_at`; gathered: of that, conversations without a card of their own; usual: an hour, before it; peak: the
    most within `WINDOW`. surge_at: when it was last a storm. told: what the card says by now.
    """

    KIND: ClassVar[str] = "storm"

    brand: str
    account: str
    network: str
    spike: bool = False
    usual: float
    peak: int = 0
    count: int = 0
    gathered: int = 0
    began_at: AwareDatetime
    heard_at: AwareDatetime
    surge_at: AwareDatetime
    over_at: AwareDatetime | None = None
    told: int = 0
    rung: bool = False

    def indexes(self) -> Mapping[str, float]:
        """What is on; what is over, to be forgotten."""
        return {"storms": score(self.surge_at)} if self.over_at is None else {"storms:over": score(self.over_at)}


class Crowd(Record):
    """Comments on one account that say nearly the same; before `PEOPLE` different people did, a candidate.

    marks: the sketch of the first one's words, by `keys` it is found. first: their conversation. who: the first few
    people, by the ids of their records. busy: the act for all of them that is under way. keyed_at: when it was last
    made findable. told: how many the card shows, since `drawn_at`.
    """

    KIND: ClassVar[str] = "crowd"

    brand: str
    account: str
    network: str
    keys: tuple[str, ...]
    marks: tuple[int, ...] = ()
    first: str
    who: tuple[str, ...] = ()
    count: int = 0
    began_at: AwareDatetime
    joined_at: AwareDatetime
    keyed_at: AwareDatetime
    formed_at: AwareDatetime | None = None
    told: int = 0
    drawn_at: AwareDatetime | None = None
    busy: str = ""

    def indexes(self) -> Mapping[str, float]:
        """Those whose cards are behind, or will be; all that are crowds, by when somebody joined last."""
        if self.formed_at is None:
            return {}
        behind = bool(self.busy) or self.told != self.count
        grown = {"crowds:grown": score(self.drawn_at or self.began_at)} if behind else {}
        return {"crowds": score(self.joined_at), **grown}


# --- how much is said


def tide(account: str, network: str, now: datetime) -> Tide:
    """Of an account of which nothing is known yet."""
    usual = START.get(network, ANYWHERE)
    return Tide(id=account, usual=usual, heed=usual * TIMES, at=now)


def threshold(usual: float) -> float:
    """From how many within `WINDOW` on it is a storm, where so many an hour are usual."""
    return max(LEAST, TIMES * usual * (WINDOW / timedelta(hours=1)))


def rise(old: Tide, said: Iterable[datetime], now: datetime) -> Tide:
    """So much more was said, and when; what a storm says is learned no faster than six times the usual."""
    passed = max(now - old.at, timedelta(0))
    moments = [min(at, now) for at in said]
    most = old.usual * TIMES
    heed = min(old.heed + most * (passed / timedelta(hours=1)), most)
    learned = min(float(len(moments)), heed)
    usual = old.usual * math.exp(-passed / FADES) + learned / (FADES / timedelta(hours=1))
    counted = dict(old.minutes)
    for at in moments:
        counted[_minute(at)] = counted.get(_minute(at), 0) + 1
    oldest = _minute(now - LATE)
    return old.model_copy(
        update={
            "usual": usual,
            "heed": heed - learned,
            "room": min(old.room + passed / EVERY, float(CARDS)),
            "at": max(now, old.at),
            "minutes": tuple(sorted((at, many) for at, many in counted.items() if at >= oldest)),
        }
    )


def surge(tide_: Tide, said: Iterable[datetime], now: datetime) -> int:
    """The most within `WINDOW`, up to one of these moments; those that are old news don't count."""
    span = round(WINDOW / timedelta(minutes=1))
    ends = {_minute(min(at, now)) for at in said if now - at <= LATE}
    return max((sum(n for at, n in tide_.minutes if end - span < at <= end) for end in ends), default=0)


def lately(tide_: Tide, now: datetime) -> int:
    """What was said within the last `WINDOW`."""
    return sum(n for at, n in tide_.minutes if _minute(now - WINDOW) < at <= _minute(now))


def rages(tide_: Tide, now: datetime, usual: float) -> bool:
    """Whether it goes on: half of what makes a storm is enough for that."""
    return lately(tide_, now) * 2 >= threshold(usual)


def over(storm: Storm, tide_: Tide, now: datetime) -> bool:
    """Whether people can be told that it is."""
    return now - storm.surge_at >= CALM and not rages(tide_, now, storm.usual)


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


# --- crowds


def open_to(crowd: Crowd, now: datetime) -> bool:
    """Whether somebody who says the same now joins it."""
    return now - crowd.joined_at <= TOGETHER


def join(crowd: Crowd, who: str, now: datetime) -> Crowd:
    """One more says the same; with the fourth different person it is a crowd."""
    people = crowd.who if who in crowd.who or len(crowd.who) >= PEOPLE else (*crowd.who, who)
    formed = crowd.formed_at or (now if len(people) >= PEOPLE else None)
    update = {"who": people, "count": crowd.count + 1, "joined_at": max(now, crowd.joined_at), "formed_at": formed}
    return crowd.model_copy(update=update)
