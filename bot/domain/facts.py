"""Facts: statements that are checked before a post or an answer may lean on them; who may say so, and upon what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from bot.domain.brands import Brand, Role, Standing
from bot.domain.finding import folded
from bot.domain.records import MemberId, Record, Value, score
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError

STATEMENT, OWNER, ADDRESS = 300, 120, 1000
"""Characters of a statement, of a source's owner and of its address."""
ASKERS = (Role.AUTHOR, Role.APPROVER, Role.MODERATOR, Role.TRAINEE, Role.ADMIN)
"""Who may ask, and see what was asked."""
VERIFIERS = (Role.APPROVER, Role.MODERATOR, Role.ADMIN)
"""Who may give the verdict, on a fact that somebody else asked about."""
FARTHEST = timedelta(days=3660)
"""How long a verdict can hold, where it says for how long."""
EXPIRING = "facts_expiring"
"""The index of what was decided and is to be looked at again, by when."""


class FactState(StrEnum):
    """Where a fact stands; the last three are verdicts."""

    OPEN = "open"
    TRUE = "true"
    FALSE = "false"
    RUMOUR = "rumour"


class FactAct(StrEnum):
    """What happens to a fact."""

    CONFIRM = "confirm"
    REFUTE = "refute"
    CALL_RUMOUR = "call_rumour"
    EXPIRE = "expire"


F, A = FactState, FactAct
LIFE: Mapping[tuple[FactState, FactAct], FactState] = {
    (F.OPEN, A.CONFIRM): F.TRUE,
    (F.OPEN, A.REFUTE): F.FALSE,
    (F.OPEN, A.CALL_RUMOUR): F.RUMOUR,
    (F.TRUE, A.REFUTE): F.FALSE,
    (F.TRUE, A.CALL_RUMOUR): F.RUMOUR,
    (F.TRUE, A.EXPIRE): F.OPEN,
    (F.FALSE, A.CONFIRM): F.TRUE,
    (F.FALSE, A.CALL_RUMOUR): F.RUMOUR,
    (F.FALSE, A.EXPIRE): F.OPEN,
    (F.RUMOUR, A.CONFIRM): F.TRUE,
    (F.RUMOUR, A.REFUTE): F.FALSE,
    (F.RUMOUR, A.EXPIRE): F.OPEN,
}
"""Every permitted step; a pair that is not here is refused."""
VERDICTS: Mapping[FactState, FactAct] = {F.TRUE: A.CONFIRM, F.FALSE: A.REFUTE, F.RUMOUR: A.CALL_RUMOUR}
"""The act that leads to each verdict."""


FELL: Mapping[str, FactState] = {f"fact_{state}": state for state in FactState if state is not FactState.TRUE}
"""Why a delivery waits for a fact, as the kind of its trouble: how the fact stands."""


class Official(StrEnum):
    """What speaks for the brand itself."""

    CLIENT = "client"
    SHEET = "sheet"


class Source(Value):
    """Upon what a verdict rests. url may be empty for an official one: a client says things without an address."""

    url: str = ""
    owner: str
    on: date
    official: Official | None = None

    @property
    def host(self) -> str:
        """The part of its address that one owner registers: `news.bbc.co.uk` and `bbc.co.uk` are one."""
        return registrable(urlsplit(self.url).hostname or "")


class Verdict(Value):
    """Who said what, when."""

    state: FactState
    by: MemberId
    at: AwareDatetime


class Fact(Record):
    """A statement of a brand. own: it is about the brand itself. expires: when a verdict has to be given anew, None for
    never."""

    KIND: ClassVar[str] = "fact"

    brand: str
    statement: str
    own: bool = False
    state: FactState = FactState.OPEN
    sources: tuple[Source, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    expires: AwareDatetime | None = None
    by: MemberId
    at: AwareDatetime
    changed_at: AwareDatetime

    @property
    def verdict(self) -> Verdict | None:
        """The last one, which may have expired."""
        return self.verdicts[-1] if self.verdicts else None

    def standing(self, now: datetime) -> FactState:
        """What may be leaned on now: a verdict that expired is none, whether or not anybody wrote that down yet."""
        over = self.expires is not None and self.expires <= now
        return FactState.OPEN if over else self.state

    def indexes(self) -> Mapping[str, float]:
        """Those of a brand, the newest change first, those of them that nothing may lean on, and what expires."""
        names = {f"facts:{self.brand}": -score(self.changed_at)}
        if self.state is not FactState.TRUE:
            names[f"facts_doubted:{self.brand}"] = -score(self.changed_at)
        if self.state is not FactState.OPEN and self.expires is not None:
            names |= {EXPIRING: score(self.expires), f"{EXPIRING}:{self.brand}": score(self.expires)}
        return names


# --- sources

_SECOND = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "nom", "org"})
_SHARED = 3  # in `bbc.co.uk`, what two owners share is `co.uk`


def registrable(host: str) -> str:
    """What one owner registers of a host, as near as its name tells."""
    labels = host.casefold().rstrip(".").split(".")
    shared = len(labels) >= _SHARED and labels[-2] in _SECOND and len(labels[-1]) == 2
    return ".".join(labels[-3:] if shared else labels[-2:])


def lacking(sources: Sequence[Source], own: bool) -> str:
    """What a verdict still needs: "" for nothing, `official` for what is about the brand itself, `two` or `owners` for
    anything else."""
    if own:
        return "" if any(source.official for source in sources) else "official"
    if len(sources) < 2:
        return "two"
    apart = any(_apart(one, other) for n, one in enumerate(sources) for other in sources[n + 1 :])
    return "" if apart else "owners"


def _apart(one: Source, other: Source) -> bool:
    same_host = bool(one.host) and one.host == other.host
    return not same_host and folded(one.owner).strip() != folded(other.owner).strip()


class TypedSource(Value):
    """A source as it was typed; `on` is `YYYY-MM-DD`."""

    url: str = ""
    owner: str = ""
    on: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.url.strip() or self.owner.strip() or self.on)


def read_sources(typed: Iterable[TypedSource], official: str, today: date) -> tuple[Source, ...]:
    """What was typed, row by row; `official` is about the first. Raises FieldErrors, on `url1`, `owner1`, `on1` and so
    on, for what is missing, no address, or dated in the future."""
    found: list[Source] = []
    wrong: dict[str, UserError] = {}
    for number, row in enumerate(typed, start=1):
        speaks = Official(official) if number == 1 and official in set(Official) else None
        if row.empty and speaks is None:
            continue
        url, owner, on = row.url.strip()[:ADDRESS], " ".join(row.owner.split())[:OWNER], _day(row.on)
        if (url or speaks is None) and not _is_address(url):
            wrong[f"url{number}"] = UserError("error.fact_address")
        if not owner:
            wrong[f"owner{number}"] = UserError("error.fact_owner")
        if on is None:
            wrong[f"on{number}"] = UserError("error.fact_date")
        elif on > today:
            wrong[f"on{number}"] = UserError("error.fact_future")
        if not wrong and on is not None:
            found.append(Source(url=url, owner=owner, on=on, official=speaks))
    if wrong:
        raise FieldErrors(wrong)
    return tuple(found)


def read_expiry(typed: str, clock: ZoneInfo, today: date) -> datetime | None:
    """The end of a day in the brand's zone, None for nothing typed. Raises FieldErrors for a day that is over, or
    too far off."""
    day = _day(typed)
    if day is None:
        return None
    if not today <= day <= today + FARTHEST:
        raise FieldErrors({"expires": UserError("error.fact_expiry")})
    return datetime.combine(day + timedelta(days=1), time(), clock)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    odd = any(each.isspace() or each in '<>|"' for each in url)
    return parts.scheme in {"http", "https"} and "." in host and not parts.username and not odd


# --- what people do


def may_verify(fact: Fact, who: Standing, brand: Brand) -> None:
    """Raise NotAllowed for somebody who doesn't verify there, and for whoever asked."""
    who.require(brand, *VERIFIERS)
    if fact.by == who.id:
        raise NotAllowed("error.own_fact")


def verified(
    fact: Fact,
    verdict: FactState,
    who: Standing,
    brand: Brand,
    at: datetime,
    *,
    seen: int,
    sources: tuple[Source, ...],
    expires: datetime | None,
) -> Fact:
    """With a verdict. seen: how many verdicts the verifier knew of: one given since then comes first, and is told.
    Raises FieldErrors for what the sources lack: a rumour is what nobody can prove, so it needs none."""
    may_verify(fact, who, brand)
    last = fact.verdict
    if last is not None and len(fact.verdicts) != seen:
        raise AlreadyDone("error.fact_decided", who=last.by, at=last.at, status=f"fact_status.{last.state}")
    step = (fact.standing(at), VERDICTS.get(verdict, FactAct.EXPIRE))
    if verdict not in VERDICTS or step not in LIFE:
        raise FieldErrors({"verdict": UserError("error.fact_same")})
    if verdict is not FactState.RUMOUR and (lacks := lacking(sources, fact.own)):
        raise FieldErrors({"verdict": UserError(f"error.fact_lacks_{lacks}")})
    given = Verdict(state=LIFE[step], by=who.id, at=at)
    return fact.model_copy(
        update={
            "state": given.state,
            "verdicts": (*fact.verdicts, given),
            "sources": sources,
            "expires": expires,
            "changed_at": at,
        }
    )


def expired(fact: Fact, now: datetime) -> Fact:
    """Open again, once its time is over; the same fact before."""
    if fact.expires is None or fact.expires > now or (fact.state, FactAct.EXPIRE) not in LIFE:
        return fact
    return fact.model_copy(update={"state": LIFE[fact.state, FactAct.EXPIRE], "expires": None, "changed_at": now})
