"""Correcting what is live: the same approval, done once where the network lets us, and told where it doesn't."""

from bot.domain.brands import Brand
from bot.domain.corrections import CorrectionState
from bot.domain.deliveries import Delivery, State
from bot.domain.posts import PostStatus
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, view_of

COMPOSE, FORM = "compose.form", "corrections.form"
REVIEW = "#agora-review"
X, NOW_LABEL = "x-1500000000000000001", "Aprobar y publicar"


async def live(town: Town, text: str = "Abrimos a las 9", network: str = "facebook") -> Delivery:
    """A post by Ana that Bruno approved and that is out."""
    account = next(each for each in await town.desk.accounts.of("agora") if each.network == network)
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    await town.submit("ana", view, COMPOSE, accounts=[account.id])
    await town.press("bruno", REVIEW, NOW_LABEL)
    await town.publish()
    (found,) = await town.desk.store.listed(Delivery, f"live:{account.id}")
    assert found.state is State.LIVE
    return found


async def engine(town: Town) -> None:
    """The engine does what is asked."""
    await Errands(town.desk, Failpoints()).tick()
    await town.settle()


async def asked(town: Town, text: str = "Abrimos a las 10") -> None:
    """Ana asks for other words."""
    view = await town.form("ana", REVIEW, "Corregir")
    await town.submit("ana", view, FORM, text=text)


async def test_the_author_asks_an_approver_approves_and_it_says_so_in_public(town: Town) -> None:
    delivery = await live(town)
    view = await town.form("ana", REVIEW, "Corregir")
    assert "Abrimos a las 9" in str(view)
    assert "15/" in str(view)
    typed = await town.act("input", user="ana", view_id=view["id"], values={f"{FORM}.text": "Abrimos"})
    assert "7/" in str(view_of(typed))
    await town.submit("ana", view, FORM, text="Abrimos a las 10")
    assert await town.public("facebook:cafe.agora") == ["Abrimos a las 9"]
    text = await town.text(REVIEW)
    assert "pide corregir lo que dice Facebook" in text
    old = await town.button(REVIEW, "Dejarlo así")
    refused = await town.press("ana", REVIEW, NOW_LABEL)
    assert refused["ephemeral"]
    (waits,) = await town.desk.corrections.of(delivery.post)
    assert waits.state is CorrectionState.WAITING
    await town.press("bruno", REVIEW, NOW_LABEL)
    await engine(town)
    await engine(town)
    assert await town.public("facebook:cafe.agora") == ["Abrimos a las 10"]
    text = await town.text(REVIEW)
    assert "con la aprobación de Bruno" in text
    assert "Abrimos a las 10" in text
    late = await town.press("bruno", REVIEW, "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "Ya la aprobó" in str(late["ephemeral"])
    (kept,) = await town.desk.corrections.of(delivery.post)
    assert kept.state is CorrectionState.DONE
    page = await town.desk.sensitive.to_unpublish(delivery.id, town.standing("bruno"))
    assert page.text == "Abrimos a las 10"  # the copy that is kept is what stands there
    page_of = await town.desk.audit.history(delivery.post, town.standing("bruno"))
    acts = [entry.act for entry in page_of.entries]
    assert {"post.correct", "post.correct.approve", "post.correct.done"} <= set(acts)


async def test_the_same_form_twice_is_one_and_a_second_waits_for_the_first(town: Town) -> None:
    delivery = await live(town)
    view = await town.form("ana", REVIEW, "Corregir")
    press = await town.button(REVIEW, "Corregir")
    await town.submit("ana", view, FORM, text="Abrimos a las 10")
    again = await town.act("click", user="bruno", channel=REVIEW, **press)
    assert "Antes hay que decidir" in str(again["ephemeral"])
    assert len(await town.desk.corrections.of(delivery.post)) == 1
    await town.press("bruno", REVIEW, "Dejarlo así")
    await engine(town)
    assert await town.public("facebook:cafe.agora") == ["Abrimos a las 9"]
    assert "left it as it is" in await town.text("@ana") or "lo dejó como está" in await town.text("@ana")
    await asked(town, "Abrimos a las 11")  # and now there may be another one
    assert len(await town.desk.corrections.of(delivery.post)) == 2


async def test_what_cannot_be_said_there_is_said_on_its_field(town: Town) -> None:
    await live(town)
    view = await town.form("ana", REVIEW, "Corregir")
    for text, told in (("Abrimos a las 9", "already"), ("  ", "Write")):
        refused = await town.submit("ana", view, FORM, text=text)
        errors = str(refused["response"])
        assert "errors" in errors, (text, told, errors)


async def test_an_approvers_own_correction_goes_out_where_nobody_else_has_to_look(town: Town) -> None:
    await live(town)
    brand = await town.desk.store.get(Brand, "agora")
    change = town.desk.store.begin()
    loose = brand.policies.model_copy(update={"four_eyes": False})
    change.put(brand.model_copy(update={"policies": loose}), brand)
    await change.commit()
    view = await town.form("bruno", REVIEW, "Corregir")
    assert view["submit"]["text"] in {"Fix and approve", "Retocar y aprobar"}
    await town.submit("bruno", view, FORM, text="Abrimos a las 10")
    await engine(town)
    assert await town.public("facebook:cafe.agora") == ["Abrimos a las 10"]


async def test_a_network_that_refuses_is_told_to_whoever_wrote_it(town: Town) -> None:
    delivery = await live(town)
    await asked(town)
    await town.press("bruno", REVIEW, NOW_LABEL)
    await town.fault(
        target="facebook", route="POST /*", status=400, times=1, when="before",
        body={"error": {"message": "no", "type": "OAuthException", "code": 100}},
    )  # fmt: skip
    await engine(town)
    (kept,) = await town.desk.corrections.of(delivery.post)
    assert kept.state is CorrectionState.REFUSED
    assert "no se hizo" in await town.text(REVIEW)
    assert "was not made" in await town.text("@ana") or "no se hizo" in await town.text("@ana")
    assert await town.public("facebook:cafe.agora") == ["Abrimos a las 9"]
    assert "Corregir" in await town.text(REVIEW)


async def test_where_nobody_can_edit_it_is_said_before_and_a_correction_is_begun(town: Town) -> None:
    delivery = await live(town, network="x")
    view = await town.form("ana", REVIEW, "Corregir")
    assert "input" not in [block["type"] for block in view["blocks"]]
    press = next(each for each in elements_in(view["blocks"]) if "corrections.write" in each["action_id"])
    for _ in range(2):
        press_again = await town.form("ana", REVIEW, "Corregir")
        pressed = {"action_id": press["action_id"], "value": press["value"]}
        await town.act("click", user="ana", view_id=press_again["id"], **pressed)
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert "«Abrimos a las 9»" in draft.current.text
    assert draft.current.accounts == (delivery.account,)
    opened = await town.top("ana")
    assert opened is not None
    await town.submit("ana", opened, COMPOSE, text=f"{draft.current.text} a las 10")
    assert (await town.desk.posts.get(draft.id)).status is PostStatus.IN_REVIEW
