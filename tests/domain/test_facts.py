"""Facts: every cell of the life cycle, what the sources lack, and what is read from a form."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.domain.brands import Brand, Channels, Role, Standing
from bot.domain.facts import (
    EXPIRING,
    LIFE,
    VERDICTS,
    Fact,
    FactAct,
    FactState,
    Official,
    Source,
    TypedSource,
    Verdict,
    expired,
    lacking,
    read_expiry,
    read_sources,
    registrable,
    verified,
)
from bot.errors import AlreadyDone, FieldErrors, NotAllowed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
MADRID = ZoneInfo("Europe/Madrid")
ANA, BRUNO = Standing(id="T1:ANA"), Standing(id="T1:BRUNO")
BRAND = Brand(
    id="agora",
    name="Ágora",
    channels=Channels(review="C1"),
    roles={ANA.id: frozenset({Role.AUTHOR, Role.APPROVER}), BRUNO.id: frozenset({Role.APPROVER})},
)
S = FactState


def source(owner: str = "Diario", url: str = "https://diario.es/1", official: Official | None = None) -> Source:
    return Source(owner=owner, url=url, on=TODAY, official=official)


BOTH = (source(), source("Ayuntamiento", "https://madrid.es/2"))


def fact(state: FactState = S.OPEN, **more: object) -> Fact:
    given = () if state is S.OPEN else (Verdict(state=state, by="T1:EVA", at=NOW),)
    known = {"brand": "agora", "statement": "x", "by": ANA.id, "at": NOW, "changed_at": NOW, "verdicts": given}
    return Fact.model_validate({"id": "f1", "state": state, **known, **more})


def decide(old: Fact, verdict: FactState, who: Standing = BRUNO, **more: object) -> Fact:
    seen = int(str(more.pop("seen", len(old.verdicts))))
    sources = more.pop("sources", BOTH)
    assert not more
    return verified(old, verdict, who, BRAND, NOW, seen=seen, sources=sources, expires=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "verdict"), list(product(FactState, FactState)))
def test_every_verdict_on_every_state(state: FactState, verdict: FactState) -> None:
    old = fact(state)
    if verdict is S.OPEN or verdict is state:
        with pytest.raises(FieldErrors) as error:
            decide(old, verdict)
        assert error.value.fields["verdict"].key == "error.fact_same"
        return
    new = decide(old, verdict)
    assert (new.state, new.verdicts[-1].by, new.sources) == (verdict, BRUNO.id, BOTH)
    assert LIFE[state, VERDICTS[verdict]] is verdict


@pytest.mark.parametrize("state", FactState)
def test_time_opens_every_verdict_again(state: FactState) -> None:
    due = fact(state, expires=NOW)
    assert due.standing(NOW) is S.OPEN
    assert due.standing(NOW - timedelta(seconds=1)) is state
    assert expired(due, NOW - timedelta(seconds=1)) is due
    new = expired(due, NOW)
    if state is S.OPEN:
        assert new is due
        assert (state, FactAct.EXPIRE) not in LIFE
    else:
        assert (new.state, new.expires, new.verdicts) == (S.OPEN, None, due.verdicts)


def test_the_table_has_nothing_else() -> None:
    assert len(LIFE) == 12
    assert all(before is not after for (before, _), after in LIFE.items())


def test_a_verdict_that_expired_can_be_given_again() -> None:
    assert decide(fact(S.TRUE, expires=NOW), S.TRUE).state is S.TRUE


def test_whoever_asked_does_not_decide() -> None:
    with pytest.raises(NotAllowed) as error:
        decide(fact(), S.TRUE, ANA)
    assert error.value.key == "error.own_fact"
    with pytest.raises(NotAllowed):
        decide(fact(), S.TRUE, Standing(id="T1:NOBODY"))


def test_who_was_faster_is_told() -> None:
    with pytest.raises(AlreadyDone) as error:
        decide(fact(S.FALSE), S.TRUE, seen=0)
    assert error.value.args_ == {"who": "T1:EVA", "at": NOW, "status": "fact_status.false"}


@pytest.mark.parametrize(
    ("sources", "own", "lacks"),
    [
        ((), True, "official"),
        (BOTH, True, "official"),
        ((source(official=Official.CLIENT),), True, ""),
        ((source(url="", official=Official.SHEET),), True, ""),
        ((), False, "two"),
        ((source(),), False, "two"),
        ((source(official=Official.CLIENT),), False, "two"),
        (BOTH, False, ""),
        ((source(), source("Otro", "https://www.diario.es/2")), False, "owners"),
        ((source(), source("DIARIO ", "https://other.es/2")), False, "owners"),
        ((source("BBC"), source("The Guardian", "https://a.co.uk")), False, ""),
    ],
)
def test_what_the_sources_lack(sources: tuple[Source, ...], own: bool, lacks: str) -> None:
    assert lacking(sources, own) == lacks
    for verdict in (S.TRUE, S.FALSE):
        if lacks:
            with pytest.raises(FieldErrors) as error:
                decide(fact(own=own), verdict, sources=sources)
            assert error.value.fields["verdict"].key == f"error.fact_lacks_{lacks}"
        else:
            assert decide(fact(own=own), verdict, sources=sources).state is verdict
    assert decide(fact(own=own), S.RUMOUR, sources=sources).state is S.RUMOUR


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"),
        ("www.Diario.es", "diario.es"),
        ("a.b.clarin.com.ar", "clarin.com.ar"),
        ("com.es", "com.es"),
        ("", ""),
    ],
)
def test_what_one_owner_registers(host: str, name: str) -> None:
    assert registrable(host) == name


ROW = TypedSource(url="https://diario.es", owner=" El  Diario ", on="2026-03-01")


def test_sources_as_typed() -> None:
    (read,) = read_sources([ROW, TypedSource()], "-", TODAY)
    assert read == Source(url="https://diario.es", owner="El Diario", on=date(2026, 3, 1))
    (said,) = read_sources([TypedSource(owner="Lucía", on="2026-03-02")], "client", TODAY)
    assert (said.official, said.url) == (Official.CLIENT, "")


@pytest.mark.parametrize(
    ("row", "official", "wrong"),
    [
        (TypedSource(owner="x", on="2026-03-01"), "-", {"url1": "error.fact_address"}),
        (ROW.model_copy(update={"url": "javascript:alert(1)"}), "-", {"url1": "error.fact_address"}),
        (ROW.model_copy(update={"url": "https://a:b@x.es"}), "client", {"url1": "error.fact_address"}),
        (ROW.model_copy(update={"url": "https://[x.es"}), "-", {"url1": "error.fact_address"}),
        (ROW.model_copy(update={"url": "https://x.es/|<!here>"}), "-", {"url1": "error.fact_address"}),
        (ROW.model_copy(update={"owner": " "}), "-", {"owner1": "error.fact_owner"}),
        (ROW.model_copy(update={"on": ""}), "-", {"on1": "error.fact_date"}),
        (ROW.model_copy(update={"on": "soon"}), "-", {"on1": "error.fact_date"}),
        (ROW.model_copy(update={"on": "2026-03-03"}), "-", {"on1": "error.fact_future"}),
        (TypedSource(), "sheet", {"owner1": "error.fact_owner", "on1": "error.fact_date"}),
    ],
)
def test_what_is_no_source(row: TypedSource, official: str, wrong: dict[str, str]) -> None:
    with pytest.raises(FieldErrors) as error:
        read_sources([row], official, TODAY)
    assert {field: each.key for field, each in error.value.fields.items()} == wrong


def test_it_holds_until_the_days_end_in_the_brands_zone() -> None:
    assert read_expiry("", MADRID, TODAY) is None
    assert read_expiry("2026-03-02", MADRID, TODAY) == datetime(2026, 3, 3, tzinfo=MADRID)
    for day in ("2026-03-01", "9999-12-31"):
        with pytest.raises(FieldErrors):
            read_expiry(day, MADRID, TODAY)


def test_where_it_is_found() -> None:
    assert set(fact().indexes()) == {"facts:agora", "facts_doubted:agora"}
    assert set(fact(S.TRUE).indexes()) == {"facts:agora"}
    ends = {EXPIRING, f"{EXPIRING}:agora"}
    assert set(fact(S.TRUE, expires=NOW).indexes()) == {"facts:agora", *ends}
    assert set(fact(S.RUMOUR, expires=NOW).indexes()) == {"facts:agora", "facts_doubted:agora", *ends}
