"""Review: an approval signs one revision, four eyes look, and any change voids it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import posts
from bot.domain.brands import Brand, Channels, Policies, Role, Standing
from bot.domain.posts import Act, Picture, Post, PostStatus, Revision
from bot.errors import AlreadyDone, NotAllowed, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ANA, BRUNO, CARLA, EVA = (Standing(id=f"T:{name}") for name in ("ANA", "BRUNO", "CARLA", "EVA"))
ADMIN = Standing(id="T:ADMIN", admin=True)


def brand(**policies: bool) -> Brand:
    roles = {
        ANA.id: frozenset({Role.AUTHOR}),
        BRUNO.id: frozenset({Role.APPROVER}),
        CARLA.id: frozenset({Role.MODERATOR}),
    }
    return Brand(
        id="agora", name="Café Ágora", channels=Channels(review="C1"), roles=roles, policies=Policies(**policies)
    )


def revision(text: str = "hola", by: str = ANA.id, **more: object) -> Revision:
    return Revision.model_validate({"number": 1, "text": text, "accounts": ("x-1",), "by": by, "at": AT, **more})


def in_review(first: Revision | None = None) -> Post:
    first = first or revision()
    draft = Post(id="p1", brand="agora", author=ANA.id, revisions=(first,), created_at=AT, changed_at=AT)
    return posts.write(draft, first, Act.SUBMIT, due=None)


def approved() -> Post:
    return posts.approve(in_review(), BRUNO, brand(), 1, AT, blocked=False)


def test_an_approval_is_the_hash_of_one_revision() -> None:
    post = approved()
    assert post.status is PostStatus.APPROVED
    assert post.approved == post.current.hash == revision().hash


@pytest.mark.parametrize(
    "changed",
    [
        revision("hola!"),
        revision(accounts=("x-2",)),
        revision(pictures=(Picture(file="F1", name="a.png", type="image/png", size=3, blob="b"),)),
    ],
)
def test_any_change_of_content_voids_it(changed: Revision) -> None:
    post = posts.write(approved(), changed, Act.SUBMIT, due=None)
    assert (post.status, post.approved, post.current.number) == (PostStatus.IN_REVIEW, "", 2)
    assert post.previous == approved().current


def test_alt_text_is_content_too() -> None:
    picture = Picture(file="F1", name="a.png", type="image/png", size=3, blob="b", alt="Una taza")
    other = picture.model_copy(update={"alt": "Dos tazas"})
    assert revision(pictures=(picture,)).hash != revision(pictures=(other,)).hash


def test_a_moved_time_asks_again_but_is_no_new_revision() -> None:
    post = posts.write(approved(), revision(), Act.SUBMIT, due=AT + timedelta(days=2))
    assert (post.status, post.approved, len(post.revisions)) == (PostStatus.IN_REVIEW, "", 1)


def test_the_same_form_twice_is_one_revision() -> None:
    once = in_review()
    assert posts.write(once, revision(), Act.SUBMIT, due=None) is once
    done = approved()
    assert posts.write(done, revision(), Act.SUBMIT, due=None).approved == ""


def test_a_draft_is_saved_in_place() -> None:
    draft = Post(id="p1", brand="agora", author=ANA.id, revisions=(revision("h"),), created_at=AT, changed_at=AT)
    for text in ("ho", "hol", "hola"):
        draft = posts.write(draft, revision(text), Act.SAVE, due=None)
    assert [r.text for r in draft.revisions] == ["hola"]
    assert draft.current.number == 1


@pytest.mark.parametrize("who", [ANA, CARLA, EVA])
def test_only_an_approver_of_the_brand_decides(who: Standing) -> None:
    with pytest.raises(NotAllowed):
        posts.approve(in_review(), who, brand(), 1, AT, blocked=False)
    for decide in (posts.reject, posts.request_changes):
        with pytest.raises(NotAllowed):
            decide(in_review(), who, brand(), 1, AT, "no")


def test_nobody_approves_their_own_post_not_even_an_admin() -> None:
    own = in_review(revision(by=ADMIN.id))
    with pytest.raises(NotAllowed) as refusal:
        posts.approve(own.model_copy(update={"author": ADMIN.id}), ADMIN, brand(), 1, AT, blocked=False)
    assert refusal.value.key == "error.own_post"


def test_who_edited_the_revision_does_not_approve_it_either() -> None:
    edited = posts.write(in_review(), revision("mejor", by=BRUNO.id), Act.SUBMIT, due=None)
    with pytest.raises(NotAllowed):
        posts.approve(edited, BRUNO, brand(), 2, AT, blocked=False)


def test_four_eyes_is_a_policy() -> None:
    own = in_review(revision(by=ADMIN.id)).model_copy(update={"author": ADMIN.id})
    assert posts.approve(own, ADMIN, brand(four_eyes=False), 1, AT, blocked=False).approved


def test_an_older_revision_is_not_approved() -> None:
    edited = posts.write(in_review(), revision("otra cosa"), Act.SUBMIT, due=None)
    with pytest.raises(UserError) as refusal:
        posts.approve(edited, BRUNO, brand(), 1, AT, blocked=False)
    assert refusal.value.key == "error.newer_revision"


def test_a_blocker_and_a_picture_on_its_way_prevent_approval() -> None:
    with pytest.raises(UserError, match="blocked"):
        posts.approve(in_review(), BRUNO, brand(), 1, AT, blocked=True)
    waiting = in_review(revision(pictures=(Picture(file="F1", name="a.png", type="image/png", size=3),)))
    with pytest.raises(UserError, match="pictures_not_ready"):
        posts.approve(waiting, BRUNO, brand(), 1, AT, blocked=False)


def test_an_old_button_says_who_decided_and_when() -> None:
    with pytest.raises(AlreadyDone) as answer:
        posts.approve(approved(), BRUNO, brand(), 1, AT, blocked=False)
    assert answer.value.args_ == {"who": BRUNO.id, "at": AT}


def test_the_author_or_an_approver_withdraws_and_nobody_else() -> None:
    for who in (ANA, BRUNO, ADMIN):
        assert posts.withdraw(approved(), who, brand(), AT).status is PostStatus.WITHDRAWN
    for who in (CARLA, EVA):
        with pytest.raises(NotAllowed):
            posts.withdraw(approved(), who, brand(), AT)


def test_an_author_who_lost_the_role_edits_no_more() -> None:
    with pytest.raises(NotAllowed):
        posts.may_edit(in_review(), ANA, brand().model_copy(update={"roles": {}}))


def test_measuring_a_picture_is_no_edit() -> None:
    picture = Picture(file="F1", name="a.png", type="image/png", size=3)
    post = in_review(revision(pictures=(picture,)))
    ready = posts.measured(post, 1, (picture.model_copy(update={"blob": "b"}),))
    assert (ready.status, ready.current.ready, len(ready.revisions)) == (PostStatus.IN_REVIEW, True, 1)
    assert posts.measured(post, 7, ()) is post
