"""Repeating by hand, from the ⋯ of a post's card."""

from datetime import timedelta

from bot.domain.posts import Post
from tests.handlers.demo import Town, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose


async def test_a_post_is_repeated_from_its_card(town: Town) -> None:
    await town.submit("ana", await compose(town, text="cada semana"), FORM, when="at", at=_ahead(town))
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    assert post.due is not None
    card = next(each for each in reversed(await town.messages(REVIEW)) if "cada semana" in str(each))
    value = f'{{"!":"post.repeat","post":"{post.id}"}}'
    press = {"user": "ana", "channel": REVIEW, "ts": card["ts"], "action_id": "menu:card", "value": value}
    view = view_of(await town.act("click", **press))
    assert "Cada semana" in str(view)
    answer = await town.submit("ana", view, "post.repeat_form", every="week", times="2")
    assert "2 publicaciones enviadas a revisión" in str(answer["ephemeral"])
    posts = await town.desk.store.listed(Post, IN_REVIEW)
    assert {each.current.text for each in posts} == {"cada semana"}
    zone = (await town.desk.brand("agora")).clock
    days = sorted(each.due.astimezone(zone).replace(tzinfo=None) for each in posts if each.due)
    assert [day - days[0] for day in days] == [timedelta(0), timedelta(weeks=1), timedelta(weeks=2)]


def _ahead(town: Town) -> int:
    """The day after tomorrow, on the hour."""
    at = town.desk.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    return round(at.timestamp())
