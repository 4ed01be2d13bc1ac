"""Duplicating by hand: from the queue, with pictures' places and all texts, once however often it is pressed."""

from bot.domain.posts import Post, PostStatus
from tests.handlers.demo import Town
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose


async def test_a_post_of_the_queue_becomes_a_draft_of_mine_once(town: Town) -> None:
    await town.submit("ana", await compose(town, text="cada mes"), FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    listed = (await town.command("ana", "queue", REVIEW))["ephemeral"][-1]
    press = {"user": "ana", "channel": REVIEW, "ts": listed["ts"], "action_id": f"post.duplicate:{post.id}"}
    await town.act("click", **press)
    await town.act("click", **press)
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.text == "cada mes"
    assert draft.current.accounts == post.current.accounts
    assert draft.due is None
    assert (await town.desk.posts.get(post.id)).status is PostStatus.IN_REVIEW
    opened = await town.top("ana")
    assert "cada mes" in str(opened)
    assert opened is not None
    await town.submit("ana", opened, FORM)
    assert (await town.desk.posts.get(draft.id)).status is PostStatus.IN_REVIEW
    await town.act("click", **press)
    (second,) = await town.desk.posts.drafts(town.standing("ana"))
    assert second.id != draft.id


async def test_who_doesnt_write_gets_none(town: Town) -> None:
    await town.submit("ana", await compose(town, text="de Ana"), FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    listed = (await town.command("bruno", "queue", REVIEW))["ephemeral"][-1]
    await town.act("click", user="bruno", channel=REVIEW, ts=listed["ts"], action_id=f"post.duplicate:{post.id}")
    assert await town.desk.posts.drafts(town.standing("bruno")) == []
