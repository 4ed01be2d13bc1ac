"""Assisted accounts at the desk: who adds one, who may say what of an ask, and what each word does once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.assisted import Details
from bot.desk.desk import Desk
from bot.desk.posts import Content
from bot.domain.brands import Account, AccountState, Standing
from bot.domain.deliveries import Delivery, State
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.network.assisted import ASSISTED
from tests.desk.conftest import Clock, Team

INSTAGRAM = "instagram-assisted"
POST = "https://www.instagram.com/p/C1x/"


@pytest.fixture(autouse=True)
def networks(desk: Desk) -> None:
    desk.providers = {**desk.providers, **ASSISTED}


@pytest.fixture
async def account(desk: Desk, people: Team) -> Account:
    return await desk.assisted.save("hand-a1", "agora", details(people), people.admin)


def details(people: Team) -> Details:
    who = {"publisher": people.ana.id, "deputy": people.bruno.id}
    return Details(INSTAGRAM, "Café Ágora", handle="@cafe_agora", publisher=who["publisher"], deputy=who["deputy"])


Asked = Callable[..., Awaitable[Delivery]]


@pytest.fixture
def asked(desk: Desk, people: Team, account: Account) -> Asked:
    """A post that Ana was asked to publish by hand, by what the engine does."""

    async def one(id_: str = "p1", *, due: timedelta = timedelta(hours=1), state: State = State.BY_HAND) -> Delivery:
        content = Content(brand="agora", text="Hoy, tarta", accounts=(account.id,), due=desk.now() + due)
        await desk.posts.submit(id_, content, people.ana)
        await desk.posts.approve(id_, people.bruno, revision=1)
        (planned,) = await desk.posts.deliveries(id_)
        if state is State.PLANNED:
            return planned
        claimed = planned.model_copy(update={"state": State.CLAIMED, "fence": 1})
        change = desk.store.begin()
        change.put(claimed.ask(people.ana.id, desk.now()), planned)
        await change.commit()
        return await desk.deliveries.get(planned.id)

    return one


# --- accounts


async def test_an_admin_adds_one_without_keys(desk: Desk, people: Team, account: Account) -> None:
    assert (account.handle, account.sealed, account.personal, account.state) == (
        "cafe_agora", "", False, AccountState.ACTIVE,
    )  # fmt: skip
    assert account.by_hand is not None
    assert (account.by_hand.publisher, account.by_hand.deputy) == (people.ana.id, people.bruno.id)
    assert [each.id for each in await desk.accounts.of("agora") if each.by_hand] == ["hand-a1"]
    again = await desk.assisted.save("hand-a1", "agora", details(people), people.admin)
    assert again.version == (await desk.accounts.get("hand-a1")).version  # the same form twice is one account


async def test_nobody_else_does(desk: Desk, people: Team) -> None:
    for who in (people.ana, people.bruno, people.carla, people.eva):
        with pytest.raises(NotAllowed):
            await desk.assisted.save("hand-a1", "agora", details(people), who)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"network": "letters"}, "network"),
        ({"name": "  "}, "name"),
        ({"network": "other-assisted"}, "title"),
        ({"handle": "https://example.com/cafe"}, "handle"),
        ({"link": "javascript:alert(1)"}, "handle"),
    ],
)
async def test_what_is_missing_or_wrong_stands_on_its_field(
    desk: Desk, people: Team, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldErrors) as told:
        await desk.assisted.save("hand-a9", "agora", replace(details(people), **change), people.admin)
    assert set(told.value.fields) == {field}


async def test_who_publishes_writes_in_that_brand(desk: Desk, people: Team) -> None:
    for wrong in (
        replace(details(people), publisher=people.diego.id),
        replace(details(people), deputy=people.diego.id),
        replace(details(people), deputy=people.ana.id),
    ):
        with pytest.raises(FieldErrors):
            await desk.assisted.save("hand-a9", "agora", wrong, people.admin)


async def test_a_link_typed_as_the_handle_is_the_link(desk: Desk, people: Team) -> None:
    typed = replace(details(people), handle="instagram.com/cafe_agora")
    saved = await desk.assisted.save("hand-a1", "agora", typed, people.admin)
    assert saved.by_hand is not None
    assert (saved.handle, saved.by_hand.link) == ("", "https://instagram.com/cafe_agora")


async def test_the_same_profile_is_there_once(desk: Desk, people: Team, account: Account) -> None:
    with pytest.raises(FieldErrors):
        await desk.assisted.save("hand-a2", "northwind", Details(INSTAGRAM, "Otra", handle="CAFE_agora"), people.admin)
    await desk.assisted.save(
        "hand-a2", "northwind", Details("tiktok-assisted", "Otra", handle="cafe_agora"), people.admin
    )


async def test_another_brands_account_is_none_of_theirs(desk: Desk, people: Team, account: Account) -> None:
    with pytest.raises(NotAllowed):
        await desk.assisted.save("hand-a1", "northwind", Details(INSTAGRAM, "Otra"), people.admin)


async def test_a_profile_that_is_another_voids_what_was_approved_for_it(
    desk: Desk, people: Team, account: Account
) -> None:
    renamed = await desk.assisted.save("hand-a1", "agora", replace(details(people), name="Ágora"), people.admin)
    assert renamed.generation == account.generation
    other = await desk.assisted.save("hand-a1", "agora", replace(details(people), handle="otra"), people.admin)
    assert other.generation == account.generation + 1


async def test_it_is_no_usual_account_of_a_new_post(desk: Desk, people: Team, account: Account) -> None:
    assert account.id not in {each.id for each in await desk.accounts.usual("agora")}


async def test_two_people_disconnect_it_and_an_admin_brings_it_back(
    desk: Desk, people: Team, account: Account, asked: Asked
) -> None:
    delivery = await asked()
    await desk.brands.set_roles("agora", people.carla.id, frozenset(), people.admin)
    made = await desk.proposing.disconnect("o1", account.id, "ya no", people.admin)
    await desk.proposals.confirm(made.id, people.bruno)
    assert (await desk.accounts.get(account.id)).state is AccountState.DISCONNECTED
    assert (await desk.deliveries.get(delivery.id)).state is State.HELD
    back = await desk.assisted.save("hand-a1", "agora", details(people), people.admin)
    assert back.state is AccountState.ACTIVE


# --- what they say


async def test_it_is_published(desk: Desk, people: Team, asked: Asked, clock: Clock) -> None:
    delivery = await asked()
    clock.pass_(minutes=5)
    live = await desk.by_hand.published(delivery.id, POST, people.ana)
    assert (live.state, live.url, live.ref, live.settled_by, live.settled_at) == (
        State.LIVE, POST, "", people.ana.id, clock(),
    )  # fmt: skip
    assert not desk.proposing.removable(live)
    for again in (POST, "https://www.instagram.com/p/otra/"):
        with pytest.raises(AlreadyDone):
            await desk.by_hand.published(delivery.id, again, people.bruno)
    assert (await desk.deliveries.get(delivery.id)).url == POST


@pytest.mark.parametrize("link", ["", "ya está", "https://example.com/p/1", "javascript:alert(1)"])
async def test_where_it_is_has_to_be_an_address_of_that_network(
    desk: Desk, people: Team, asked: Asked, link: str
) -> None:
    delivery = await asked()
    with pytest.raises(FieldErrors) as told:
        await desk.by_hand.published(delivery.id, link, people.ana)
    assert set(told.value.fields) == {"link"}
    assert (await desk.deliveries.get(delivery.id)).state is State.BY_HAND


async def test_whoever_was_asked_the_author_and_approvers_may_say_it(desk: Desk, people: Team, asked: Asked) -> None:
    for number, who in enumerate((people.ana, people.bruno, people.admin)):
        delivery = await asked(f"p{number}", due=timedelta(hours=number + 1))
        assert (await desk.by_hand.published(delivery.id, POST, who)).settled_by == who.id


async def test_nobody_else_may(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    for who in (people.carla, people.diego, people.eva, Standing(id="T9:X")):
        with pytest.raises(NotAllowed):
            await desk.by_hand.published(delivery.id, POST, who)
        with pytest.raises(NotAllowed):
            await desk.by_hand.cant(delivery.id, 0, "no", who)


async def test_whoever_was_asked_and_has_no_role_any_more_may_not(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    await desk.brands.set_roles("agora", people.ana.id, frozenset(), people.admin)
    with pytest.raises(NotAllowed):
        await desk.by_hand.published(delivery.id, POST, people.ana)


async def test_the_next_one_is_asked_until_nobody_is_left(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    now = await desk.by_hand.cant(delivery.id, 0, " sin móvil ", people.ana)
    assert [(ask.to, ask.reason) for ask in now.asks] == [(people.ana.id, "sin móvil"), (people.bruno.id, "")]
    assert (now.state, now.asks[1].until) == (State.BY_HAND, now.asks[0].until)
    with pytest.raises(UserError):  # a second press is no second act
        await desk.by_hand.cant(delivery.id, 0, "sin móvil", people.ana)
    with pytest.raises(NotAllowed):
        await desk.by_hand.cant(delivery.id, 1, "yo tampoco", people.ana)
    now = await desk.by_hand.cant(delivery.id, 1, "de viaje", people.bruno)
    assert now.asks[-1].to == people.carla.id  # who is on duty
    now = await desk.by_hand.cant(delivery.id, 2, "tampoco", people.carla)
    assert (now.state, now.trouble and (now.trouble.kind, now.trouble.detail)) == (
        State.REFUSED, ("by_hand", "tampoco"),
    )  # fmt: skip
    assert now.asked == 1  # a question to its people, which rings


async def test_why_is_asked(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    with pytest.raises(FieldErrors):
        await desk.by_hand.cant(delivery.id, 0, "  ", people.ana)


async def test_nobody_is_asked_while_the_brand_is_stopped(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    await desk.stops.stop("agora", people.carla)
    with pytest.raises(UserError):
        await desk.by_hand.cant(delivery.id, 0, "no", people.ana)
    now = await desk.deliveries.get(delivery.id)
    assert (now.state, len(now.asks)) == (State.HELD, 1)


async def test_it_was_out_before_the_stop_and_that_is_a_fact(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    await desk.stops.stop("agora", people.carla)
    live = await desk.by_hand.published(delivery.id, POST, people.ana)
    assert (live.state, live.trouble) == (State.LIVE, None)


async def test_what_moves_is_asked_for_at_its_new_time(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    later = desk.now() + timedelta(hours=5)
    await desk.moving.move("p1", later, people.ana)
    now = await desk.deliveries.get(delivery.id)
    assert (now.state, now.due, now.attention, len(now.asks)) == (State.PLANNED, later, later, 1)


async def test_what_is_withdrawn_or_rewritten_is_not_to_be_published(desk: Desk, people: Team, asked: Asked) -> None:
    first, second = await asked("p1"), await asked("p2", due=timedelta(hours=2))
    await desk.posts.withdraw("p1", people.ana)
    content = Content(brand="agora", text="Mañana, tarta", accounts=("hand-a1",), due=desk.now() + timedelta(hours=2))
    await desk.posts.submit("p2", content, people.ana)
    for delivery in (first, second):
        assert (await desk.deliveries.get(delivery.id)).state is State.WITHDRAWN
    live = await desk.by_hand.published(first.id, POST, people.ana)  # it was out by then, and people have to know
    assert live.state is State.LIVE


async def test_each_word_is_on_record(desk: Desk, people: Team, asked: Asked) -> None:
    delivery = await asked()
    await desk.by_hand.cant(delivery.id, 0, "sin móvil", people.ana)
    await desk.by_hand.published(delivery.id, POST, people.bruno)
    history = await desk.audit.history("p1", people.bruno)
    told = {entry.act: (entry.who, entry.detail) for entry in history.entries}
    assert told["delivery.cant_by_hand"] == (people.ana.id, "sin móvil")
    assert told["delivery.published_by_hand"] == (people.bruno.id, POST)
    accounts = await desk.audit.history("hand-a1", people.admin)
    assert [entry.act for entry in accounts.entries] == ["account.connect"]
