"""Fix and approve, cell by cell: who may, what it signs, whom it asks anew, and what it never does."""

from datetime import timedelta

import pytest

from bot.domain import posts
from bot.domain.brands import Brand, Role, Stage, Standing
from bot.domain.posts import Act, Picture, Post, PostStatus, Revision
from bot.domain.reviewing import ALL, ONE_APPROVER
from bot.errors import NotAllowed, UserError
from tests.domain.test_reviewing import (
    ADMIN,
    ANA,
    AT,
    BRUNO,
    CARLA,
    CLIENT,
    DAVID,
    EVA,
    LEGAL,
    LUZ,
    brand,
    in_review,
    sign,
)

LATER = AT + timedelta(hours=1)


def fix(post: Post, who: Standing, where: Brand, text: str = "hola!", *, blocked: bool = False) -> Post:
    new = post.current.model_copy(update={"text": text, "by": who.id, "at": LATER})
    return posts.fix(post, new, who, where, blocked=blocked)


def test_one_act_makes_a_revision_and_signs_it() -> None:
    fixed = fix(in_review(), BRUNO, brand())
    assert (fixed.status, fixed.approved) == (PostStatus.APPROVED, fixed.current.hash)
    assert (fixed.current.number, fixed.current.text, fixed.current.by, fixed.author) == (2, "hola!", BRUNO.id, ANA.id)
    assert fixed.revision(1) == in_review().current
    decision = fixed.decisions[-1]
    assert (decision.act, decision.revision, decision.by, decision.fixed) == (Act.APPROVE, 2, BRUNO.id, True)
    assert fixed.changed_at == LATER


@pytest.mark.parametrize("who", [ANA, DAVID, EVA, LUZ])
def test_nobody_fixes_who_may_not_approve(who: Standing) -> None:
    with pytest.raises(NotAllowed):
        fix(in_review(), who, brand())


def test_the_author_is_the_other_pair_of_eyes() -> None:
    own = in_review(by=BRUNO.id)
    with pytest.raises(NotAllowed) as refusal:
        fix(own, BRUNO, brand())
    assert refusal.value.key == "error.own_post"
    assert fix(own, CARLA, brand()).approved
    assert fix(own, BRUNO, brand(four_eyes=False)).approved


def test_what_somebody_edited_they_do_not_fix_and_sign_either() -> None:
    edited = posts.write(
        in_review(), Revision(number=1, text="otra", accounts=("x-1",), by=BRUNO.id, at=AT), Act.SUBMIT, due=None
    )
    with pytest.raises(NotAllowed):
        fix(edited, BRUNO, brand())
    assert fix(edited, CARLA, brand()).approved


def test_in_stages_it_signs_its_own_and_everybody_before_is_asked_anew() -> None:
    where = brand(ONE_APPROVER, LEGAL.model_copy(update={"people": (ADMIN.id, DAVID.id)}))
    where = where.model_copy(update={"roles": {**where.roles, DAVID.id: frozenset({Role.ADMIN})}})
    signed = sign(in_review(), BRUNO, where)
    fixed = fix(signed, DAVID, where)
    assert (fixed.status, fixed.approved) == (PostStatus.IN_REVIEW, "")
    assert [each.by for each in fixed.signatures] == [DAVID.id]
    review = posts.review_of(fixed, where)
    assert (review.done, review.missing) == (0, 1)
    assert set(review.asked) == {BRUNO.id, CARLA.id}
    with pytest.raises(NotAllowed):
        sign(fixed, DAVID, where)
    done = sign(fixed, BRUNO, where)
    assert done.approved == fixed.current.hash


def test_of_a_stage_of_two_it_is_one_signature() -> None:
    where = brand(Stage(roles=(Role.APPROVER,), many=2))
    fixed = fix(sign(in_review(), BRUNO, where), CARLA, where)
    assert (fixed.approved, [each.by for each in fixed.signatures]) == ("", [CARLA.id])
    assert sign(fixed, BRUNO, where).approved


def test_of_all_whoever_fixed_it_has_signed() -> None:
    where = brand(Stage(roles=(Role.APPROVER,), many=ALL))
    fixed = fix(in_review(), BRUNO, where)
    assert posts.review_of(fixed, where).missing == 1
    assert sign(fixed, CARLA, where).approved


def test_the_client_comes_afterwards_all_the_same() -> None:
    where = brand(ONE_APPROVER, CLIENT)
    fixed = fix(in_review(), BRUNO, where)
    assert posts.review_of(fixed, where).asked == (LUZ.id,)
    assert fixed.approved == ""


def test_out_of_turn_nobody_fixes() -> None:
    where = brand(LEGAL.model_copy(update={"deputy": ""}), ONE_APPROVER)
    with pytest.raises(NotAllowed) as refusal:
        fix(in_review(), BRUNO, where)
    assert refusal.value.key == "reviewing.other_stage"


def test_what_is_not_changed_blocked_or_not_here_is_not_fixed() -> None:
    with pytest.raises(UserError) as same:
        fix(in_review(), BRUNO, brand(), "hola")
    assert same.value.key == "fixing.unchanged"
    with pytest.raises(UserError) as blocked:
        fix(in_review(), BRUNO, brand(), blocked=True)
    assert blocked.value.key == "error.blocked"
    waiting = in_review()
    coming = Picture(file="F1", name="a.png", type="image/png", size=1)
    waiting = waiting.model_copy(update={"revisions": (waiting.current.model_copy(update={"pictures": (coming,)}),)})
    with pytest.raises(UserError) as pictures:
        fix(waiting, BRUNO, brand())
    assert pictures.value.key == "error.pictures_not_ready"


@pytest.mark.parametrize("status", sorted(set(PostStatus) - {PostStatus.IN_REVIEW, PostStatus.DRAFT}))
def test_only_what_is_in_review_is_fixed(status: PostStatus) -> None:
    with pytest.raises(UserError):
        fix(in_review().model_copy(update={"status": status}), BRUNO, brand())


def test_an_older_revision_is_not_fixed() -> None:
    with pytest.raises(UserError) as newer:
        posts.may_fix(in_review(), BRUNO, brand(), 2)
    assert newer.value.key == "error.newer_revision"
