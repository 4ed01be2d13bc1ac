"""Reviews that nobody answers, by hand and by the clock, in Spanish and in English: reminded, told above, over."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.desk.config import export_config
from bot.desk.posts import Content
from bot.domain.brands import Policies
from bot.domain.posts import Post, PostStatus
from bot.engine.minding import Minding
from handlers.views.settings import brand_form
from tests.handlers.demo import NAMES, Town

HOURS = 8


@dataclass(frozen=True)
class Place:
    """Who works in a brand, and in which words."""

    brand: str
    author: str
    approver: str
    asked: str
    above: str
    expired: str
    move: str
    again: str
    told_again: str
    status: str
    approve: str


ES = Place(
    "agora", "ana", "bruno", "espera tu aprobación desde", "waited since", "nadie aprobó tu publicación", "Mover",
    "Volver a enviar", "vuelve a pedir tu aprobación", "No se revisó a tiempo", "Aprobar y publicar",
)  # fmt: skip
EN = Place(
    "northwind", "admin", "diego", "has waited for your approval since", "", "nobody approved your post", "Move",
    "Send to review again", "asks for your approval again", "Missed its review", "Approve and publish",
)  # fmt: skip
BOTH = pytest.mark.parametrize("place", [ES, EN], ids=["es", "en"])


async def waiting(town: Town, place: Place, text: str = "Abrimos", hours: float | None = 100) -> Post:
    """A post that waits for its approver."""
    accounts = [each for each in await town.desk.accounts.of(place.brand) if each.network == "x"]
    due = town.clock() + timedelta(hours=hours) if hours is not None else None
    wanted = Content(brand=place.brand, text=text, accounts=(accounts[0].id,), due=due)
    post = await town.desk.posts.submit(town.desk.new_id(), wanted, town.standing(place.author))
    await town.settle()
    return post


async def later(town: Town, **span: float) -> int:
    """Time passes, and the worker looks."""
    town.clock.skip(**span)
    done = await town.desk.reminding.tick()
    await town.settle()
    return done


async def heard(town: Town, user: str, words: str) -> int:
    """How often somebody was told."""
    return (await town.text(f"@{user}")).count(words)


@BOTH
async def test_whoever_is_asked_hears_once_then_somebody_above_then_nobody(town: Town, place: Place) -> None:
    await waiting(town, place)
    assert await later(town, hours=HOURS - 1) == 0
    assert await later(town, hours=1.1) == 1
    assert await heard(town, place.approver, place.asked) == 1
    assert await later(town, hours=HOURS + 0.1) == 1
    if place.above:
        assert await heard(town, "admin", place.above) == 1
    assert await later(town, hours=3 * HOURS) == 0
    assert await heard(town, place.approver, place.asked) == 1


@BOTH
async def test_one_press_in_the_reminder_approves(town: Town, place: Place) -> None:
    post = await waiting(town, place)
    await later(town, hours=HOURS + 1)
    await town.press(place.approver, f"@{place.approver}", place.approve.split(" y ")[0].split(" and ")[0])
    assert (await town.desk.posts.get(post.id)).status is PostStatus.APPROVED
    assert await later(town, hours=2 * HOURS) == 0


@BOTH
async def test_what_nobody_approved_in_time_is_its_authors_again(town: Town, place: Place) -> None:
    post = await waiting(town, place, hours=2)
    assert await later(town, hours=2.4) == 0
    assert await later(town, hours=0.2) == 1
    assert (await town.desk.posts.get(post.id)).status is PostStatus.EXPIRED
    assert await heard(town, place.author, place.expired) == 1
    assert place.status in await town.text(f"#{place.brand}-review")
    assert place.status in str((await town.home(place.author))["blocks"])
    await town.press(place.author, f"@{place.author}", place.again)
    now = await town.desk.posts.get(post.id)
    assert (now.status, now.due) == (PostStatus.IN_REVIEW, None)
    assert await heard(town, place.approver, place.told_again) == 1
    await town.press(place.approver, f"@{place.approver}", place.approve)
    await town.publish()
    handle = "cafe_agora" if place.brand == "agora" else "northwindbooks"
    assert "Abrimos" in await town.public(f"x:{handle}")


@BOTH
async def test_moved_it_waits_for_approval_at_its_new_time(town: Town, place: Place) -> None:
    post = await waiting(town, place, hours=2)
    await later(town, hours=3)
    form = await town.form(place.author, f"@{place.author}", place.move)
    at = round((town.clock() + timedelta(hours=5)).timestamp())
    await town.submit(place.author, form, "queue.move_form", when="at", at=at)
    now = await town.desk.posts.get(post.id)
    assert (now.status, round(now.due.timestamp()) if now.due else None) == (PostStatus.IN_REVIEW, at)
    assert await heard(town, place.approver, place.told_again) == 1


async def test_what_missed_its_review_is_told_to_old_buttons(town: Town) -> None:
    post = await waiting(town, ES, hours=2)
    found = await town.button("#agora-review", "Aprobar")
    await later(town, hours=3)
    answer = await town.press(
        "bruno", "#agora-review", "", ts=found["ts"], action=found["action_id"], value=found["value"]
    )
    assert "No se revisó a tiempo" in str(answer["ephemeral"]) or "Missed its review" in str(answer["ephemeral"])
    assert await town.desk.posts.deliveries(post.id) == []


async def test_two_workers_remind_once_and_a_lost_drawing_is_drawn_again_once(town: Town) -> None:
    post = await waiting(town, ES)
    town.clock.skip(hours=HOURS + 1)
    one, other = Minding(town.desk), Minding(town.desk)
    await one.tick()
    await other.tick()
    assert (await town.desk.posts.get(post.id)).reminded is not None
    entries = (await town.desk.audit.history(post.id, town.standing("bruno"))).entries
    assert [each.act for each in entries if each.who == "engine"] == ["post.remind"]
    await town.settle()
    await town.settle()
    assert await heard(town, "bruno", ES.asked) == 1


async def test_a_slot_is_given_back_by_what_missed_its_review(town: Town) -> None:
    post = await waiting(town, ES, hours=2)
    await later(town, hours=3)
    plan = await town.desk.store.client.zrange(town.desk.store.key("index", f"plan:{post.current.accounts[0]}"), 0, -1)
    assert plan == []


async def test_an_admin_sets_the_hours_alone_and_the_file_carries_them(town: Town) -> None:
    home = await town.home("admin")
    brand = await town.desk.brand("agora")
    assert brand.policies.review_hours == Policies().review_hours == HOURS
    button = next(
        each
        for each in _elements(home["blocks"])
        if each["action_id"] == "settings.edit_brand" and "agora" in each["value"]
    )
    await town.act("click", user="admin", view_id=home["id"], action_id="settings.edit_brand", value=button["value"])
    view = await town.form_called("admin", "settings.brand")
    await town.submit("admin", view, "settings.brand", reviews="2")
    changed = await town.desk.brand("agora")
    assert changed.policies.review_hours == 2
    assert brand_form(changed, "").reviews == 2
    assert "review_hours: 2" in await export_config(town.desk)
    history = await town.desk.audit.history("agora", town.standing("admin"))
    assert NAMES["admin"] in [each.who for each in history.entries]


def _elements(blocks: object) -> list[dict[str, str]]:
    if isinstance(blocks, dict):
        own = [blocks] if "action_id" in blocks and "value" in blocks else []
        return [*own, *(each for child in blocks.values() for each in _elements(child))]
    return [each for child in blocks for each in _elements(child)] if isinstance(blocks, list) else []
