"""Corrections: the life cycle cell by cell, who may let one out, and what a post says since."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain import corrections as rules
from bot.domain.brands import Brand, Channels, Policies, Role, Stage, Standing
from bot.domain.corrections import Correction, CorrectionState, Step
from bot.domain.deliveries import Delivery, State
from bot.domain.errands import ErrandState
from bot.domain.posts import Post, Revision
from bot.errors import AlreadyDone, NotAllowed, UserError

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
ANA, BRUNO, CARLA = "T:UANA", "T:UBRUNO", "T:UCARLA"
ROLES = {ANA: frozenset({Role.AUTHOR}), BRUNO: frozenset({Role.APPROVER}), CARLA: frozenset({Role.VIEWER})}
BRAND = Brand(id="agora", name="Ágora", channels=Channels(review="C1"), roles=ROLES)
LOOSE = BRAND.model_copy(update={"policies": Policies(four_eyes=False)})
REVISION = Revision(number=1, text="Abrimos a las 9", accounts=("f-1",), comment="ven", by=ANA, at=AT)
SAID = REVISION.model_copy(update={"adapted": {"f-1": ("Abrimos a las 9", "ven")}})
POST = Post(id="p1", brand="agora", author=ANA, revisions=(SAID,), created_at=AT, changed_at=AT)
DELIVERY = Delivery(
    id="d1", brand="agora", account="f-1", network="facebook", generation=1, post="p1", revision=1, due=AT,
    created_at=AT, state=State.LIVE,
)  # fmt: skip


def correction(state: CorrectionState = CorrectionState.WAITING, by: str = ANA) -> Correction:
    return Correction(
        id="k1", brand="agora", account="f-1", network="facebook", post="p1", delivery="d1", before="Abrimos a las 9",
        text="Abrimos a las 10", state=state, by=by, at=AT, settled_by=BRUNO, settled_at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(("state", "step"), list(product(CorrectionState, Step)))
def test_every_step_and_no_other(state: CorrectionState, step: Step) -> None:
    wanted = rules.LIFE.get((state, step))
    if wanted is None:
        with pytest.raises(AlreadyDone) as done:
            correction(state).step(step)
        assert done.value.key in {"error.correction_approve", "error.correction_drop"}
    else:
        assert correction(state).step(step) is wanted
    assert correction(state).open == (state in {CorrectionState.WAITING, CorrectionState.ASKED})


def signed(by: str, who: str, brand: Brand = BRAND, post: Post = POST) -> Correction:
    return rules.sign(correction(by=by), post, Standing(id=who), brand, AT)


def test_nobody_lets_out_their_own_words_while_somebody_else_has_to_look() -> None:
    assert signed(ANA, BRUNO).state is CorrectionState.ASKED
    for by, who in ((BRUNO, BRUNO), (ANA, ANA), (ANA, CARLA)):
        with pytest.raises(NotAllowed):
            signed(by, who)
    own = POST.model_copy(update={"author": BRUNO})
    with pytest.raises(NotAllowed):  # the post's author neither, whoever wrote the correction
        signed(ANA, BRUNO, post=own)
    assert signed(BRUNO, BRUNO, LOOSE, own).state is CorrectionState.ASKED
    assert not rules.signs_itself(Standing(id=BRUNO), "f-1", BRAND)
    assert rules.signs_itself(Standing(id=BRUNO), "f-1", LOOSE)
    assert not rules.signs_itself(Standing(id=ANA), "f-1", LOOSE)


def test_it_takes_every_signature_that_a_post_there_takes() -> None:
    stages = (Stage(roles=(Role.APPROVER,)), Stage(roles=(Role.CLIENT,)))
    roles = {**ROLES, CARLA: frozenset({Role.CLIENT})}
    brand = LOOSE.model_copy(
        update={"roles": roles, "policies": Policies(four_eyes=False, account_stages={"f-1": stages})}
    )
    assert not rules.signs_itself(Standing(id=BRUNO), "f-1", brand)
    with pytest.raises(NotAllowed):  # the client is last
        signed(ANA, CARLA, brand)
    first = signed(ANA, BRUNO, brand)
    assert first.state is CorrectionState.WAITING
    assert rules.review_of(first, POST, brand).asked == (CARLA,)
    with pytest.raises(NotAllowed):
        rules.sign(first, POST, Standing(id="T:UADMIN", admin=True), brand, AT)  # nobody speaks for the client
    last = rules.sign(first, POST, Standing(id=CARLA), brand, AT)
    assert (last.state, last.settled_by) == (CorrectionState.ASKED, CARLA)
    with pytest.raises(AlreadyDone):
        rules.sign(last, POST, Standing(id=CARLA), brand, AT)


def test_who_wrote_it_and_approvers_may_drop_it() -> None:
    rules.may_drop(correction(), Standing(id=ANA), BRAND)
    rules.may_drop(correction(), Standing(id=BRUNO), BRAND)
    for who, by in ((CARLA, ANA), (CARLA, CARLA), (ANA, BRUNO)):
        with pytest.raises(NotAllowed):
            rules.may_drop(correction(by=by), Standing(id=who), BRAND)


def test_what_the_errand_came_to_and_what_the_post_says_since() -> None:
    asked = correction(CorrectionState.ASKED)
    assert rules.ended(asked, ErrandState.DONE, "", AT).state is CorrectionState.DONE
    refused = rules.ended(asked, ErrandState.REFUSED, "refused", AT)
    assert (refused.state, refused.problem, refused.ended_at) == (CorrectionState.REFUSED, "refused", AT)
    assert rules.ended(asked, ErrandState.FAILED, "outage", AT).state is CorrectionState.FAILED
    with pytest.raises(UserError):
        rules.ended(asked, ErrandState.ASKED, "", AT)
    assert rules.whole(DELIVERY, POST) == ("Abrimos a las 9", "ven")
    corrected = DELIVERY.model_copy(update={"corrected": "Abrimos a las 10"})
    assert rules.said_by(corrected, POST) == "Abrimos a las 10"
    assert rules.whole(corrected, POST) == ("Abrimos a las 10", "ven")
