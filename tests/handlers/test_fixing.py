"""Fix and approve, by hand: the words, what differs, one press; and the author hears of it."""

from datetime import timedelta
from typing import Any

from bot.domain.brands import Role, Stage
from bot.domain.posts import Post, PostStatus
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_review import REVIEW, card, sent

FIX = "review.fix_form"
LABEL = "Retocar y aprobar"


async def looked(town: Town, text: str, user: str = "bruno") -> dict[str, Any]:
    """The form after the first press: it shows what differs."""
    view = await town.form(user, REVIEW, LABEL)
    await town.submit(user, view, FIX, text=text)
    assert await town.shows(user, "Texto antes")
    return await town.form_called(user, FIX)


async def current(town: Town, post: Post) -> Post:
    return await town.desk.posts.get(post.id)


async def test_the_difference_is_shown_first_and_one_press_signs_it(town: Town) -> None:
    at = round((town.clock() + timedelta(hours=5)).timestamp())
    post = await sent(town, "Abrimos a las 9 en punta", at=at)
    view = await looked(town, "Abrimos a las 9 en punto")
    assert (await current(town, post)).current.number == 1
    changed = [each for each in _styled(view) if each.get("style")]
    assert [(each["text"], each["style"]) for each in changed] == [
        ("punta", {"strike": True}),
        ("punto", {"bold": True}),
    ]
    await town.submit("bruno", view, FIX)
    now = await current(town, post)
    assert (now.status, now.current.text, now.current.by, now.author) == (
        PostStatus.APPROVED,
        "Abrimos a las 9 en punto",
        NAMES["bruno"],
        NAMES["ana"],
    )
    assert "Retocada y aprobada por Bruno" in await card(town)
    told = await town.text("@ana")
    assert "retocó tu publicación de" in told
    assert "Abrimos a las 9 en punta" in told.replace("\n", "")
    assert await town.desk.posts.deliveries(post.id)


def _styled(value: object) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") == "text" else []
        return [*own, *(each for child in value.values() for each in _styled(child))]
    return [each for child in value for each in _styled(child)] if isinstance(value, list) else []


async def test_what_was_changed_once_more_is_shown_once_more(town: Town) -> None:
    post = await sent(town, at=round((town.clock() + timedelta(hours=5)).timestamp()))
    view = await looked(town, "Abrimos a las 10")
    await town.submit("bruno", view, FIX, text="Abrimos a las 11")
    assert await town.shows("bruno", "11")
    assert (await current(town, post)).status is PostStatus.IN_REVIEW
    await town.submit("bruno", await town.form_called("bruno", FIX), FIX)
    assert (await current(town, post)).current.text == "Abrimos a las 11"


async def test_nothing_changed_or_a_blocker_is_said_beside_the_field(town: Town) -> None:
    post = await sent(town)
    view = await town.form("bruno", REVIEW, LABEL)
    assert "Todavía no ha cambiado nada" in str((await town.submit("bruno", view, FIX))["response"])
    answer = await town.submit("bruno", view, FIX, text="a" * 400)
    assert "demasiado largo" in str(answer["response"])
    assert (await current(town, post)).current.number == 1


async def test_what_goes_public_at_once_says_so(town: Town) -> None:
    await sent(town)
    view = await looked(town, "Abrimos a las 10")
    assert view["submit"]["text"] == "Aprobar y publicar"
    assert "X @cafe_agora" in said_in(view)
    await town.submit("bruno", view, FIX)
    await town.publish()
    assert await town.public("x:cafe_agora") == ["Abrimos a las 10"]


async def test_somebody_who_was_faster_wins(town: Town) -> None:
    post = await sent(town)
    view = await looked(town, "Abrimos a las 10")
    await town.submit("ana", view_of(await town.press("ana", REVIEW, "Editar")), "compose.form", text="De Ana")
    answer = await town.submit("bruno", view, FIX)
    assert "Hay una versión más nueva" in str(answer)
    assert (await current(town, post)).current.text == "De Ana"


async def test_the_author_does_not_fix_and_others_may_not(town: Town) -> None:
    post = await sent(town)
    found = await town.button(REVIEW, LABEL)
    for user in ("ana", "carla", "eva"):
        answer = await town.press(user, REVIEW, "", ts=found["ts"], action=found["action_id"])
        assert answer["ephemeral"], user
    assert (await current(town, post)).current.number == 1


async def test_in_stages_whoever_signed_before_is_asked_anew(town: Town) -> None:
    brand = await town.desk.brand("agora")
    stages = (Stage(people=(NAMES["bruno"],)), Stage(people=(NAMES["diego"],)))
    wanted = brand.policies.model_copy(update={"stages": stages})
    change = town.desk.store.begin()
    roles = dict(brand.roles) | {NAMES["diego"]: frozenset({Role.ADMIN})}
    change.put(brand.model_copy(update={"policies": wanted, "roles": roles}), brand)
    await change.commit()
    post = await sent(town, at=round((town.clock() + timedelta(hours=5)).timestamp()))
    await town.press("bruno", REVIEW, "Aprobar")
    assert (await current(town, post)).signatures
    view = await town.form("diego", REVIEW, LABEL)
    await town.submit("diego", view, FIX, text="Abrimos a las 10")
    assert await town.shows("diego", "10")
    await town.submit("diego", await town.form_called("diego", FIX), FIX)
    fixed = await current(town, post)
    assert [each.by for each in fixed.signatures] == [NAMES["diego"]]
    assert fixed.status is PostStatus.IN_REVIEW
    assert "te toca aprobar la publicación de" in await town.text("@bruno")
    await town.press("bruno", REVIEW, "Aprobar")
    assert (await current(town, post)).status is PostStatus.APPROVED
