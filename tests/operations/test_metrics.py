"""`/metrics`: what is counted in this process, each thing once, and what the store knows."""

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.domain.deliveries import State
from bot.engine.probing import Prober
from bot.sandbox.app import bound, serving
from bot.web.health import Health
from bot.web.metrics import build_metrics
from tests.engine.bench import Bench
from tests.publishing import approve

NAMES = {  # what an operator's dashboards and alerts stand on: renaming one breaks them
    "vocero_events_total": {"type", "result"},
    "vocero_ack_seconds_bucket": {"le"},
    "vocero_publish_attempts_total": {"network", "result"},
    "vocero_publish_lag_seconds_bucket": {"network", "le"},
    "vocero_queue_depth": {"queue"},
    "vocero_oldest_job_age_seconds": {"queue"},
    "vocero_duplicates_suppressed_total": {"where"},
    "vocero_outcome_unknown_total": {"network"},
    "vocero_token_expires_in_seconds": {"network", "brand"},
    "vocero_rate_limit_remaining": {"network"},
    "vocero_store_up": set(),
    "vocero_processes": {"role"},
    "vocero_deliveries_asking": {"brand"},
    "vocero_accounts_dead": {"network", "brand"},
}
Samples = Mapping[str, Mapping[frozenset[tuple[str, str]], float]]


def parsed(text: str) -> Samples:
    """By name and labels, as Prometheus' own parser reads it."""
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def value(samples: Samples, name: str, **labels: str) -> float:
    """One of them."""
    return samples[name][frozenset(labels.items())]


async def scraped(bench: Bench) -> Samples:
    """What Prometheus gets."""
    listener = bound(0)
    app = build_metrics(bench.desk, Health(bench.desk.store))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/metrics"
    async with serving(app, listener), ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        return parsed(await answer.text())


async def test_every_series_is_there_before_anything_happens(benches: dict[str, Bench]) -> None:
    ends = benches["facebook"].clock() + timedelta(days=20)
    await benches["facebook"].outside.post("/audience/expire", account=benches["facebook"].where, at=ends.timestamp())
    await Prober(benches["x"].desk).tick()
    samples = await scraped(benches["x"])
    for name, labels in NAMES.items():
        assert {label for each in samples[name] for label, _ in each} == labels, name
    for network in ("x", "facebook", "practice"):
        for result in ("live", "duplicate", "unknown", "auth", "rate_limited", "not_sent", "refused"):
            assert value(samples, "vocero_publish_attempts_total", network=network, result=result) >= 0
    brand = benches["facebook"].account.brand
    left = value(samples, "vocero_token_expires_in_seconds", network="facebook", brand=brand)
    assert abs(left - timedelta(days=20).total_seconds()) < 60
    assert 0 < value(samples, "vocero_rate_limit_remaining", network="x") <= 1


async def test_a_post_is_counted_and_timed_once(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    before = await scraped(bench)
    assert (await bench.work(await approve(bench.desk, bench.account, "Contado"))).state is State.LIVE
    after = await scraped(bench)
    for name, labels in (
        ("vocero_publish_attempts_total", {"network": "x", "result": "live"}),
        ("vocero_publish_lag_seconds_count", {"network": "x"}),
    ):
        assert value(after, name, **labels) - value(before, name, **labels) == 1


async def test_what_nobody_knows_is_counted_once_and_asks(benches: dict[str, Bench]) -> None:
    bench = benches["x"]
    before = await scraped(bench)
    await bench.break_write(when="before", status=502, body="<html>Bad gateway</html>")
    assert (await bench.work(await approve(bench.desk, bench.account, "¿Salió?"))).state is State.UNKNOWN
    after = await scraped(bench)
    assert value(after, "vocero_outcome_unknown_total", network="x") == 1 + value(
        before, "vocero_outcome_unknown_total", network="x"
    )
    unknown = {"network": "x", "result": "unknown"}
    assert value(after, "vocero_publish_attempts_total", **unknown) == 1 + value(
        before, "vocero_publish_attempts_total", **unknown
    )
    assert value(after, "vocero_deliveries_asking", brand=bench.account.brand) == 1


async def test_what_waits_is_counted_by_the_stores_clock(benches: dict[str, Bench]) -> None:
    bench = benches["practice"]
    await approve(bench.desk, bench.account, "Espera")
    samples = await scraped(bench)
    assert value(samples, "vocero_queue_depth", queue="due") == 1
    assert 0 <= value(samples, "vocero_oldest_job_age_seconds", queue="due") < 30
    assert value(samples, "vocero_queue_depth", queue="events") > 0
    await bench.publisher.tick()
    await bench.publisher.drain()
    samples = await scraped(bench)
    assert value(samples, "vocero_queue_depth", queue="due") == 0
