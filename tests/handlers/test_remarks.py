"""The talk in a post's thread, by hand: kept with its revision, shown to the team alone, and forgotten in time."""

from datetime import timedelta

from bot.domain.brands import Role
from bot.domain.posts import Post
from bot.domain.remarks import Remark
from bot.text.words import words_for
from handlers.views.audit import history_view
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_review import FORM, REVIEW, sent
from tests.views.shown import said

ES = words_for("es")


async def write(town: Town, user: str, text: str) -> None:
    """In the thread of the review card."""
    card = next(m for m in await town.messages(REVIEW) if "Café Ágora ·" in said_in(m))
    await town.act("message", user=user, channel=REVIEW, text=text, thread_ts=card["ts"])
    await town.settle()


async def kept(town: Town, post: Post) -> list[tuple[int, str, str]]:
    found = await town.desk.store.listed(Remark, f"remarks:{post.id}")
    return [(each.revision, each.by, each.text) for each in found]


async def test_it_is_kept_with_the_revision_that_it_was_about(town: Town) -> None:
    post = await sent(town)
    await write(town, "bruno", "¿No era a las & 10?")
    await town.submit("ana", view_of(await town.press("ana", REVIEW, "Editar")), FORM, text="Abrimos a las 10")
    await write(town, "ana", "Cierto, ya está")
    assert await kept(town, post) == [
        (1, NAMES["bruno"], "¿No era a las & 10?"),
        (2, NAMES["ana"], "Cierto, ya está"),
    ]
    shown = said_in(await town.form("bruno", REVIEW, "Ver cambios"))
    assert "Lo que se dijo de la versión 1" in shown
    assert "Lo que se dijo de la versión 2" in shown
    history = await town.desk.audit.history(post.id, town.standing("ana"))
    record = said(history_view(history, ES, {NAMES["bruno"]: "Bruno"}))
    assert "Bruno" in record
    assert "¿No era a las &amp; 10?" in record


async def test_whoever_has_no_role_may_talk_and_nothing_of_it_is_kept(town: Town) -> None:
    post = await sent(town)
    await write(town, "eva", "hola")
    assert await kept(town, post) == []
    assert await town.told("eva", REVIEW) == []


async def test_a_client_never_reads_the_teams_talk(town: Town) -> None:
    post = await sent(town)
    await write(town, "bruno", "el cliente no sabe lo que quiere")
    await town.desk.brands.set_roles("agora", NAMES["diego"], frozenset({Role.CLIENT}), town.standing("admin"))
    current = await town.desk.posts.get(post.id)
    assert await town.desk.remarks.of(current, town.standing("diego")) == ()
    assert (await town.desk.audit.history(post.id, town.standing("diego"))).remarks == ()
    assert len(await town.desk.remarks.of(current, town.standing("ana"))) == 1


async def test_it_goes_when_the_brand_forgets_what_people_said(town: Town) -> None:
    post = await sent(town)
    await write(town, "bruno", "vale")
    await town.desk.retention.set_days("agora", 90, town.standing("admin"))
    town.clock.skip(days=80)
    await town.desk.retention.forget_due()
    assert len(await kept(town, post)) == 1
    town.clock.skip(days=20)
    await town.desk.retention.forget_due()
    assert await kept(town, post) == []


async def test_the_same_message_twice_is_one(town: Town) -> None:
    post = await sent(town)
    who, at = town.standing("bruno"), town.clock() - timedelta(seconds=1)
    for _ in range(2):
        await town.desk.remarks.keep("C1-1.5", post.id, "vale", at, who)
    assert await town.desk.remarks.keep("C1-1.6", post.id, "  ", at, who) is None
    assert await kept(town, post) == [(1, NAMES["bruno"], "vale")]
