"""The stages of a review, cell by cell: who signs, how many, for whom it waits, and what ends a signature."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import posts
from bot.domain.brands import Brand, Channels, Policies, Role, Stage, Standing
from bot.domain.posts import Act, Concern, Post, PostStatus, Revision
from bot.domain.reviewing import ALL, ONE_APPROVER, Via, may_sign, refuse_wrong, stages_of
from bot.domain.watch import Team
from bot.errors import AlreadyDone, NotAllowed, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ANA, BRUNO, CARLA, DAVID, EVA, LUZ = (Standing(id=f"T:{n}") for n in ("ANA", "BRUNO", "CARLA", "DAVID", "EVA", "LUZ"))
ADMIN = Standing(id="T:ADMIN", admin=True)
CLIENT = Stage(roles=(Role.CLIENT,))
LEGAL = Stage(people=(DAVID.id,), deputy=CARLA.id)
ROLES = {
    ANA.id: frozenset({Role.AUTHOR}),
    BRUNO.id: frozenset({Role.APPROVER}),
    CARLA.id: frozenset({Role.APPROVER}),
    DAVID.id: frozenset({Role.VIEWER}),
    EVA.id: frozenset({Role.VIEWER}),
    LUZ.id: frozenset({Role.CLIENT}),
}


def brand(*stages: Stage, own: dict[str, tuple[Stage, ...]] | None = None, **policies: bool) -> Brand:
    rules = Policies.model_validate({"stages": stages, "account_stages": own or {}, **policies})
    return Brand(id="agora", name="Café Ágora", channels=Channels(review="C1"), roles=ROLES, policies=rules)


def in_review(text: str = "hola", by: str = ANA.id, accounts: tuple[str, ...] = ("x-1",)) -> Post:
    first = Revision(number=1, text=text, accounts=accounts, by=by, at=AT)
    draft = Post(id="p1", brand="agora", author=by, revisions=(first,), created_at=AT, changed_at=AT)
    return posts.write(draft, first, Act.SUBMIT, due=None)


def sign(post: Post, who: Standing, where: Brand, *, via: Via = Via.PRESSED, team: Team | None = None) -> Post:
    number = post.current.number
    return posts.approve(post, who, where, number, AT, blocked=False, via=via, team=team or Team())


def test_a_brand_that_says_nothing_needs_one_approver() -> None:
    assert stages_of(brand(), ["x-1"]) == (ONE_APPROVER,)
    review = posts.review_of(in_review(), brand())
    assert (review.asked, review.missing, review.simple) == ((BRUNO.id, CARLA.id), 1, True)
    assert sign(in_review(), BRUNO, brand()).approved


def test_only_the_last_stage_approves_and_each_asks_its_own() -> None:
    where = brand(ONE_APPROVER, LEGAL, CLIENT)
    post = sign(in_review(), BRUNO, where)
    assert (post.status, post.approved) == (PostStatus.IN_REVIEW, "")
    review = posts.review_of(post, where)
    assert (review.done, review.asked, review.missing) == (1, (DAVID.id,), 1)
    post = sign(post, DAVID, where)
    assert posts.review_of(post, where).asked == (LUZ.id,)
    assert post.approved == ""
    post = sign(post, LUZ, where)
    assert (post.status, post.approved) == (PostStatus.APPROVED, post.current.hash)
    assert [decision.by for decision in post.decisions] == [BRUNO.id, DAVID.id, LUZ.id]


@pytest.mark.parametrize(
    ("stage", "yes", "no"),
    [
        (ONE_APPROVER, [BRUNO, CARLA, ADMIN], [ANA, DAVID, LUZ]),
        (CLIENT, [LUZ], [ANA, BRUNO, ADMIN]),
        (LEGAL, [DAVID, CARLA], [BRUNO, ADMIN, LUZ]),
        (Stage(roles=(Role.APPROVER,), people=(DAVID.id,)), [BRUNO, DAVID, ADMIN], [ANA, LUZ]),
    ],
)
def test_who_may_sign(stage: Stage, yes: list[Standing], no: list[Standing]) -> None:
    assert [may_sign(stage, who, brand()) for who in yes] == [True] * len(yes)
    assert [may_sign(stage, who, brand()) for who in no] == [False] * len(no)
    assert not any(
        may_sign(stage, who.model_copy(update={"within": frozenset(), "admin": False}), brand()) for who in yes
    )


def test_a_named_person_without_a_role_any_more_signs_nothing() -> None:
    where = brand(LEGAL).model_copy(update={"roles": {BRUNO.id: frozenset({Role.APPROVER})}})
    assert not may_sign(LEGAL, DAVID, where)


def test_out_of_turn_is_refused_and_nothing_is_signed() -> None:
    where = brand(ONE_APPROVER, CLIENT)
    with pytest.raises(NotAllowed) as refusal:
        sign(in_review(), LUZ, where)
    assert refusal.value.key == "reviewing.other_stage"
    with pytest.raises(NotAllowed):
        sign(sign(in_review(), BRUNO, where), CARLA, where)
    with pytest.raises(NotAllowed) as stranger:
        sign(in_review(), EVA, where)
    assert stranger.value.key == "error.no_role"


def test_nobody_signs_one_stage_twice() -> None:
    where = brand(Stage(roles=(Role.APPROVER,), many=2))
    post = sign(in_review(), BRUNO, where)
    assert posts.review_of(post, where).asked == (CARLA.id,)
    with pytest.raises(AlreadyDone) as again:
        sign(post, BRUNO, where)
    assert again.value.args_ == {"who": BRUNO.id, "at": AT}
    assert sign(post, CARLA, where).approved


def test_all_means_everybody_who_is_there() -> None:
    everybody = brand(Stage(roles=(Role.APPROVER,), many=ALL))
    post = sign(in_review(), BRUNO, everybody)
    assert posts.review_of(post, everybody).missing == 1
    assert sign(post, CARLA, everybody).approved
    assert sign(in_review(), BRUNO, everybody, team=Team(gone=frozenset({CARLA.id}))).approved


def test_of_all_an_admin_is_no_substitute() -> None:
    everybody = brand(Stage(roles=(Role.APPROVER,), many=ALL))
    assert posts.review_of(sign(in_review(), ADMIN, everybody), everybody).missing == 2


def test_a_deputy_is_asked_only_where_somebody_is_missing() -> None:
    where = brand(LEGAL)
    assert posts.review_of(in_review(), where).asked == (DAVID.id,)
    assert posts.review_of(in_review(), where, Team(gone=frozenset({DAVID.id}))).asked == (CARLA.id,)
    assert posts.review_of(in_review(by=DAVID.id), where).asked == (CARLA.id,)
    assert sign(in_review(), CARLA, where).approved


def test_where_nobody_is_left_an_admin_is_asked_but_never_for_the_client() -> None:
    gone = Team(gone=frozenset({BRUNO.id, CARLA.id, LUZ.id}), admins=frozenset({ADMIN.id}))
    assert posts.review_of(in_review(), brand(), gone).asked == (ADMIN.id,)
    assert posts.review_of(in_review(), brand(CLIENT), gone).asked == ()


def test_a_guest_may_be_the_client() -> None:
    guest = Team(gone=frozenset({LUZ.id}), guests=frozenset({LUZ.id}))
    assert posts.review_of(in_review(), brand(CLIENT), guest).asked == (LUZ.id,)


def test_four_eyes_hold_in_every_stage() -> None:
    where = brand(ONE_APPROVER, Stage(roles=(Role.ADMIN,)))
    with pytest.raises(NotAllowed) as refusal:
        sign(in_review(by=BRUNO.id), BRUNO, where)
    assert refusal.value.key == "error.own_post"
    assert sign(in_review(by=BRUNO.id), BRUNO, brand(four_eyes=False)).approved


def test_any_change_of_content_takes_every_signature_away() -> None:
    where = brand(ONE_APPROVER, CLIENT)
    signed = sign(in_review(), BRUNO, where)
    other = signed.current.model_copy(update={"text": "otra"})
    changed = posts.write(signed, other, Act.SUBMIT, due=None)
    assert (changed.signatures, posts.review_of(changed, where).done) == ((), 0)
    back = posts.write(changed, signed.current, Act.SUBMIT, due=None)
    assert posts.review_of(back, where).done == 0


def test_a_signature_counts_only_for_its_hash_and_for_the_stage_as_it_was() -> None:
    where = brand(ONE_APPROVER, CLIENT)
    signed = sign(in_review(), BRUNO, where)
    strange = signed.model_copy(
        update={"revisions": (signed.current.model_copy(update={"text": "colada por otra vía"}),)}
    )
    assert posts.review_of(strange, where).done == 0
    stricter = brand(Stage(roles=(Role.APPROVER,), many=2), CLIENT)
    assert posts.review_of(signed, stricter).done == 0


def test_another_day_is_asked_again_and_an_hour_of_the_same_day_is_not() -> None:
    where, tomorrow = brand(ONE_APPROVER, CLIENT), AT + timedelta(days=1)
    signed = sign(in_review(), BRUNO, where)
    assert posts.move(signed, ANA, where, AT + timedelta(hours=1), AT).signatures
    assert not posts.move(signed, ANA, where, tomorrow, AT).signatures
    approved = sign(signed, LUZ, where)
    moved = posts.move(approved, BRUNO, where, tomorrow, AT)
    assert (moved.status, moved.approved, moved.signatures) == (PostStatus.IN_REVIEW, "", ())


def test_accounts_with_stages_of_their_own_add_them_the_client_last() -> None:
    where = brand(ONE_APPROVER, CLIENT, own={"f-1": (ONE_APPROVER, LEGAL)})
    assert stages_of(where, ["x-1"]) == (ONE_APPROVER, CLIENT)
    assert stages_of(where, ["f-1"]) == (ONE_APPROVER, LEGAL)
    assert stages_of(where, ["x-1", "f-1"]) == (ONE_APPROVER, LEGAL, CLIENT)


@pytest.mark.parametrize("via", [Via.LINK, Via.SHARED_CHANNEL, Via.RECORDED])
def test_what_the_client_said_elsewhere_counts_for_the_client_alone(via: Via) -> None:
    where = brand(ONE_APPROVER, Stage(roles=(Role.CLIENT,), many=ALL))
    outside = CARLA if via is Via.RECORDED else Standing(id="link:1", within=frozenset())
    with pytest.raises(NotAllowed) as early:
        sign(in_review(), outside, where, via=via)
    assert early.value.key == "reviewing.other_stage"
    done = sign(sign(in_review(), BRUNO, where), outside, where, via=via)
    assert done.approved
    assert (done.decisions[-1].via, done.signatures[-1].via) == (via, via)
    with pytest.raises(NotAllowed) as none:
        sign(in_review(), outside, brand(), via=via)
    assert none.value.key == "reviewing.no_client_stage"


def test_an_author_never_records_the_clients_yes_for_their_own_post() -> None:
    where = brand(CLIENT, four_eyes=False)
    with pytest.raises(NotAllowed) as refusal:
        sign(in_review(), ANA, where, via=Via.RECORDED)
    assert refusal.value.key == "error.own_post"
    with pytest.raises(NotAllowed):
        sign(in_review(), EVA, where, via=Via.RECORDED)


def test_the_client_may_send_it_back_and_a_viewer_may_not() -> None:
    where = brand(ONE_APPROVER, CLIENT)
    assert posts.request_changes(in_review(), LUZ, where, 1, AT, "tono").status is PostStatus.CHANGES_REQUESTED
    link = Standing(id="link:1", within=frozenset())
    assert posts.reject(in_review(), link, where, 1, AT, "no", via=Via.LINK).decisions[-1].via is Via.LINK
    with pytest.raises(NotAllowed):
        posts.reject(in_review(), EVA, where, 1, AT, "no")
    with pytest.raises(NotAllowed):
        posts.reject(in_review(), LUZ, brand(), 1, AT, "no")


def test_a_post_waits_for_those_who_can_sign_now_and_did_not() -> None:
    where = brand(Stage(roles=(Role.APPROVER,), many=2), CLIENT)
    post = sign(in_review(), BRUNO, where)
    waiting = [who.id for who in (ANA, BRUNO, CARLA, DAVID, LUZ) if posts.waits_for(post, who, where)]
    assert waiting == [CARLA.id]
    assert not posts.waits_for(in_review(by=CARLA.id), CARLA, where)


def test_when_the_last_one_who_was_missing_left_any_of_them_finishes_it() -> None:
    where = brand(Stage(roles=(Role.APPROVER,), many=ALL))
    post, left = sign(in_review(), BRUNO, where), Team(gone=frozenset({CARLA.id}))
    assert posts.review_of(post, where, left).complete
    assert sign(post, BRUNO, where, team=left).approved


@pytest.mark.parametrize(
    ("stages", "key"),
    [
        ([Stage()], "nobody_named"),
        ([Stage(roles=(Role.CLIENT, Role.APPROVER))], "client_alone"),
        ([CLIENT, ONE_APPROVER], "client_last"),
        ([ONE_APPROVER, ONE_APPROVER], "twice"),
        ([Stage(people=("T:NOBODY",))], "outsider"),
        ([Stage(roles=(Role.APPROVER,), deputy="T:NOBODY")], "outsider"),
        ([Stage(roles=(Role.APPROVER,), many=3)], "too_few"),
        ([Stage(roles=(Role.MODERATOR,), many=ALL)], "too_few"),
        ([Stage(roles=(Role.APPROVER,), many=n) for n in (1, 2, 3, 4, 5, 6)], "too_many"),
    ],
)
def test_stages_that_cannot_work_are_refused(stages: list[Stage], key: str) -> None:
    with pytest.raises(UserError) as refusal:
        refuse_wrong(stages, brand())
    assert refusal.value.key == f"reviewing.{key}"


def test_stages_that_work_are_not() -> None:
    refuse_wrong([ONE_APPROVER, LEGAL, CLIENT], brand())
    with pytest.raises(UserError):
        refuse_wrong([ONE_APPROVER], brand(), Team(gone=frozenset({BRUNO.id, CARLA.id})))
    refuse_wrong([CLIENT], brand(), Team(gone=frozenset({LUZ.id}), guests=frozenset({LUZ.id})))


def test_a_post_from_before_stages_still_loads() -> None:
    stored = in_review().model_dump(exclude={"signatures"})
    assert Post.model_validate(stored) == in_review()


@pytest.mark.parametrize("concern", [None, *Concern])
def test_what_changes_were_asked_about_stays_with_the_decision(concern: Concern | None) -> None:
    back = posts.request_changes(in_review(), BRUNO, brand(), 1, AT, "oscura", concern=concern)
    assert (back.status, back.decisions[-1].concern) == (PostStatus.CHANGES_REQUESTED, concern)
    assert (back.decisions[-1].reason, back.decisions[-1].by) == ("oscura", BRUNO.id)
