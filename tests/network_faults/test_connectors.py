"""Every row of the table x every connector x everything that a connector asks: the outcome, and one request at most."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.network import (
    AuthFailed,
    Connector,
    Draft,
    Duplicate,
    Gone,
    Media,
    NetworkError,
    Prepared,
    RateLimited,
    Ref,
    Rejected,
    Transient,
    UnknownOutcome,
)
from bot.network.faults import FAULTS, NEXT, Outcome, Row
from tests.contract.networks import DEAD, NETWORKS, Network
from tests.network_faults.crooked import Crooked, crooked, full_house
from tests.network_faults.rows import NOTHING_LEFT, SLOW, served

ERRORS: dict[Outcome, type[NetworkError]] = {
    Outcome.TRANSIENT: Transient,
    Outcome.UNKNOWN: UnknownOutcome,
    Outcome.LIMITED: RateLimited,
    Outcome.AUTH: AuthFailed,
    Outcome.DUPLICATE: Duplicate,
    Outcome.REJECTED: Rejected,
    Outcome.GONE: Gone,
}
CURSORS = {"x": "1", "facebook": '{"since":1,"seen":[]}', "practice": "@5~1"}
SENT = {"x": "1", "facebook": '{"since":1,"seen":[]}', "practice": "@5"}
NOTES: dict[str, dict[str, object]] = {
    "x": {"media": [], "floor": "1"},
    "facebook": {"photos": [], "under": "", "since": 0, "known": []},
    "practice": {},
}
PICTURE = Media("m", "taza.png", "image/png", "Una taza", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
WRITES = ("publish", "reply", "delete")


def operations(network: str, open_: Callable[[], Connector]) -> dict[str, Callable[[], Awaitable[object]]]:
    """What is asked, each of a connector of its own, and each with one request before anything else."""
    draft, prepared = Draft("k1", "¿Salió?"), Prepared("k1", NOTES[network])
    reply = Draft("k2", "Gracias", reply_to=Ref("77_1" if network == "facebook" else "77"))
    found: dict[str, Callable[[], Awaitable[object]]] = {
        "publish": lambda: open_().publish(draft, prepared),
        "reply": lambda: open_().publish(reply, prepared),
        "find": lambda: open_().find(draft, prepared),
        "fetch": lambda: open_().fetch(CURSORS[network]),
        "sent": lambda: open_().sent(SENT[network]),
        "whoami": lambda: open_().whoami(),
        "delete": lambda: open_().delete(Ref("77_1" if network == "facebook" else "77")),
    }
    if NETWORKS[network].uploading:
        found["upload"] = lambda: open_().prepare(Draft("k3", "Con foto", media=[PICTURE]))
    if network == "facebook":
        found["access"] = lambda: open_().access()
    return found


@asynccontextmanager
async def broken(row: str, network: str) -> AsyncIterator[tuple[str, Crooked | None]]:
    """The address of a network in a row's trouble, and who counts there."""
    if row == "connection refused":
        yield DEAD, None
    elif row == "no such host":
        yield "http://nobody.invalid", None
    elif row == "connect time-out":
        async with full_house() as url:
            yield url, None
    else:
        async with crooked() as there:
            if row not in NOTHING_LEFT:
                there.break_(served(row, network), times=99)
            yield there.url.replace("http://", "https://") if row == "no TLS there" else there.url, there


def expected(row: Row, operation: str) -> Outcome | None:
    """The table's word for an operation."""
    if operation == "delete" and row.delete is not None:
        return row.delete
    if row.write is Outcome.DUPLICATE and operation not in {"publish", "reply"}:
        return None  # nothing but a post is a duplicate
    return row.write if operation in WRITES else row.read


def test_every_outcome_has_a_consequence() -> None:
    decided = {row.write for row in FAULTS.values()} | {row.read for row in FAULTS.values()}
    assert decided | {Outcome.FINE} == NEXT.keys()
    assert all(row.why for row in FAULTS.values())


@pytest.mark.parametrize("network", sorted(NETWORKS))
@pytest.mark.parametrize("name", FAULTS)
async def test_the_outcome_is_as_decided(name: str, network: str) -> None:
    row, known = FAULTS[name], NETWORKS[network]
    opened: list[Connector] = []

    async with broken(name, network) as (url, there):

        def open_() -> Connector:
            opened.append(known.open(url, timeout=1.0 if name in SLOW else 20.0))
            return opened[-1]

        asked = operations(network, open_)
        ends = await asyncio.gather(*(ask() for ask in asked.values()), return_exceptions=True)
        for connector in opened:
            await connector.aclose()
    wrong = [
        f"{operation}: {end!r}, not {outcome}"
        for operation, end in zip(asked, ends, strict=True)
        if (outcome := expected(row, operation)) is not None and not _is(end, outcome, row, known)
    ]
    assert wrong == []
    if there is not None and name not in NOTHING_LEFT:
        assert len(there.requests) == len(asked)


def _is(end: object, outcome: Outcome, row: Row, known: Network) -> bool:
    if outcome is Outcome.FINE:
        return not isinstance(end, BaseException)
    if not isinstance(end, ERRORS[outcome]):
        return False
    if isinstance(end, RateLimited):
        if row.wait is None or end.until is None:
            return row.wait is None and end.until is None
        return abs(end.until.timestamp() - time.time() - row.wait) < 15
    return outcome is not Outcome.REJECTED or not isinstance(end, Rejected) or end.kind.value == row.kind
