"""What came of a run: decided by what the networks show and by the cards in Slack, not by what a worker says."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.desk.desk import Desk
from bot.discovery import find_router
from bot.domain.deliveries import Delivery, State
from bot.domain.events import DeliveryChanged, parse_event
from bot.engine.failpoints import Failpoints
from bot.engine.relaying import Relay
from bot.sandbox import world
from bot.sandbox.public import Item
from bot.slack.client import SlackApi
from bot.slack.deck import Deck
from bot.slack.people import People
from bot.slack.wire import elements_in
from bot.store.records import Store
from tests.faults.cells import IDEMPOTENT, Cell, Content
from tests.faults.contents import CHANNELS, Order
from tests.faults.stage import Stage
from tests.faults.telling import telling
from tests.publishing import open_desk

BUTTONS = {"publishing.its_live", "publishing.send_again", "publishing.leave_it"}
ROUNDS = 200


async def judged(cell: Cell, ordered: Order, who: world.Account, desk: Desk, stage: Stage) -> tuple[str, Sequence[str]]:
    """`live 1`, `asks 0` and the like, and what is wrong beyond that."""
    delivery = await desk.deliveries.get(ordered.delivery.id)
    public = [stage.said(who, text) for text in ordered.texts]
    out = sum(map(len, public))
    wrong = [
        *_doubled(cell, ordered, public, stage),
        *_in_order(public),
        *_as_ordered(cell, delivery, public, stage),
        *([] if delivery.attention is None else ["the engine would still look at it"]),
        *(
            []
            if (delivery.id, delivery.state) in await told(desk.store)
            else [f"no event says that it is {delivery.state}"]
        ),
    ]
    if delivery.state is State.LIVE:
        return f"live {out}", [*wrong, *_known(delivery, public, stage)]
    if delivery.state is State.UNKNOWN:
        return f"asks {out}", [*wrong, *await _asked(delivery, desk.store, stage)]
    return f"{delivery.state} {out}", wrong


def _doubled(cell: Cell, ordered: Order, public: Sequence[Sequence[Item]], stage: Stage) -> Iterator[str]:
    """A network that refuses repetitions hides a second attempt from the public, not from us."""
    for text, items in zip(ordered.texts, public, strict=True):
        if len(items) > 1:
            yield f"public {len(items)} times: {text}"
        if (sent := stage.traffic.writes[text]) > 1 and cell.network not in IDEMPOTENT:
            yield f"sent {sent} times: {text}"


def _in_order(public: Sequence[Sequence[Item]]) -> Iterator[str]:
    """A thread goes out from its beginning, each segment under the one before."""
    items = [found[0] if found else None for found in public]
    for before, item in pairwise(items):
        if item is not None and (before is None or item.parent != before.id):
            yield f"out of order: {item.text}"


def _as_ordered(cell: Cell, delivery: Delivery, public: Sequence[Sequence[Item]], stage: Stage) -> Iterator[str]:
    """The picture is there; an answer stands under what it answers."""
    for item in public[0]:
        if len(item.media) != (1 if cell.content is Content.PICTURE else 0):
            yield f"{len(item.media)} pictures"
        if delivery.reply is not None:
            answered = stage.known(cell.network, delivery.reply.answers)
            if answered is None or item.parent != answered.id:
                yield "it does not stand under what it answers"


def _known(delivery: Delivery, public: Sequence[Sequence[Item]], stage: Stage) -> Iterator[str]:
    """What we believe to be live is what the public sees."""
    refs = getattr(delivery, "refs", ()) or (delivery.ref,)
    seen = [stage.known(delivery.network, ref) for ref in refs]
    if [item.id if item else "" for item in seen] != [items[0].id for items in public if items]:
        yield f"we know it as {', '.join(refs)}"


async def told(store: Store) -> set[tuple[str, str]]:
    """What the stream that cards are drawn from says of deliveries: (id, state)."""
    entries: Any = await store.client.xrange(store.key("events"))
    events = [parse_event(fields["event"]) for _, fields in entries]
    return {(event.delivery, event.state) for event in events if isinstance(event, DeliveryChanged)}


class _Clock:
    """Cards wait for their channel's pace; the judge doesn't."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def _asked(delivery: Delivery, store: Store, stage: Stage) -> Sequence[str]:
    """Draws all cards, and says what is wrong with those that ask."""
    clock = _Clock()
    api = SlackApi.opened(world.BOT_TOKEN, base_url=f"{stage.url}/api/")
    try:
        desk = open_desk(store, stage.url, now=clock)
        people = People(store, api, clock)
        deck = Deck(find_router(), desk=desk, api=api, people=people, me="judge")
        relay = Relay(store, telling(desk, deck, people), "judge", Failpoints())
        await relay.prepare()
        for _ in range(ROUNDS):
            if not await relay.step() and not await deck.serve() and not await deck.marks.waiting():
                break
            clock.ahead += timedelta(seconds=1)
    finally:
        await api.close()
    places = asking(stage, delivery)
    wrong = [f"{times} messages ask in {place}" for place, times in places.items() if times > 1]
    if CHANNELS.alerts not in places:
        wrong.append("the alerts channel does not hear of it")
    if not any(place.startswith("D") for place in places):
        wrong.append("no person is asked")
    return wrong


def asking(stage: Stage, delivery: Delivery) -> Counter[str]:
    """How many messages ask what became of a delivery, by channel; a direct message's begins with D."""
    cards = [card for card in stage.shown(delivery.id) if _offered(card) >= BUTTONS]
    return Counter(str(card["channel"]) for card in cards)


def _offered(card: Mapping[str, Any]) -> set[str]:
    """What a card lets people press."""
    return {str(element["action_id"]).partition(":")[0] for element in elements_in(card["blocks"])}
