"""A brand's rulebook, from Home to what it does to a comment, and the one press back."""

from typing import Any

from bot.desk.desk import Desk
from bot.domain.brands import Standing
from bot.domain.conversations import Conversation
from bot.domain.ruled import Strength
from bot.domain.ruling import ModerationRule
from bot.engine.errands import Errands
from bot.engine.failpoints import Failpoints
from handlers.views.keeping import EditKeeping
from handlers.views.rulebook import EditRulebook, NewRule
from tests.handlers.demo import NAMES, Town, view_of
from tests.handlers.test_compose import FORM as COMPOSE
from tests.handlers.test_compose import REVIEW, compose, errors
from tests.handlers.voices import INBOX, comment, hear

FORM = "rulebook.rule_form"
FACEBOOK = "facebook:cafe.agora"
ADMIN = Standing(id=NAMES["admin"], admin=True)


async def rulebook(town: Town) -> dict[str, Any]:
    """An admin opens it from Home."""
    home, press = await town.home("admin"), EditRulebook(brand="agora").packed()
    return view_of(await town.act("click", user="admin", view_id=home["id"], action_id="rulebook.edit", value=press))


async def new_rule(town: Town) -> dict[str, Any]:
    book, press = await rulebook(town), NewRule(brand="agora").packed()
    answer = await town.act("click", user="admin", view_id=book["id"], action_id="rulebook.new_rule", value=press)
    return view_of(answer)


async def the_post(town: Town) -> Any:
    """The page's newest post."""
    async with town.session.get(f"{town.url}/audience/posts", params={"account": FACEBOOK}) as answer:
        return (await answer.json())["posts"][0]


async def public(town: Town, text: str) -> Any:
    """How a comment stands on the page now."""
    for reply in (await the_post(town))["replies"]:
        if reply["text"] == text:
            return reply
    raise AssertionError(f"no comment {text!r}")


async def say(town: Town, text: str, author: str = "Lucía") -> None:
    await comment(town, text, account=FACEBOOK, author=author, post=(await the_post(town))["id"])


async def open_to_all(town: Town) -> None:
    """A post on the page, under which people speak."""
    await town.submit("ana", await compose(town, text="¿Qué os sirvo?"), COMPOSE, accounts=["facebook-103000000000001"])
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    await hear(town)


async def done(town: Town) -> None:
    """Errands are done on the network, and the cards follow."""
    await Errands(town.desk, Failpoints()).tick()
    await town.settle()


async def save(desk: Desk, strength: Strength) -> None:
    rule = ModerationRule(id="insultos", name="insultos", strength=strength, words=("tonto",), on=True)
    await desk.rulebooks.save_rule("agora", rule, ADMIN)


async def test_a_rule_is_rehearsed_then_saved_then_hides_and_is_undone(town: Town) -> None:
    await open_to_all(town)
    await say(town, "Eres tonto", author="Nuria")
    view = await new_rule(town)
    told = errors(await town.submit("admin", view, FORM, name="insultos", strength="hide", terms="", tags="", ticks=[]))
    assert "condition" in told["terms"]
    filled = {"name": "insultos", "strength": "hide", "terms": "tonto, bob*", "tags": "", "ticks": ["on"]}
    await town.submit("admin", view, FORM, **filled)
    shown = str(await town.top("admin"))
    assert "it would have hidden 1" in shown
    assert "Eres tonto" in shown
    assert not (await town.desk.rulebooks.of("agora")).moderation
    top = await town.top("admin")
    assert top is not None
    await town.submit("admin", top, FORM, **filled)
    (rule,) = (await town.desk.rulebooks.of("agora")).moderation
    assert (rule.strength, rule.words, rule.on) == (Strength.HIDE, ("tonto", "bob*"), True)

    await say(town, "Menudo b0bada", author="Pol")
    await done(town)
    assert (await public(town, "Menudo b0bada"))["hidden"]
    assert not (await public(town, "Eres tonto"))["hidden"]
    card = await town.text(INBOX)
    assert "Oculta por la regla *insultos*, palabra “bob" in card
    await town.press("carla", INBOX, "Mostrar y no aplicarla a esta persona")
    await done(town)
    assert not (await public(town, "Menudo b0bada"))["hidden"]
    assert "no acertó aquí, dice Carla" in await town.text(INBOX)
    await say(town, "bobo tú", author="Pol")
    await done(town)
    assert not (await public(town, "bobo tú"))["hidden"]


async def test_where_nothing_can_be_hidden_it_says_so_before_anything_is_saved(town: Town) -> None:
    await hear(town)
    await comment(town, "Sois tonto", author="Nuria")
    view = await new_rule(town)
    filled = {"name": "insultos", "strength": "hide", "terms": "tonto", "tags": "", "ticks": ["on"]}
    await town.submit("admin", view, FORM, **filled)
    shown = str(await town.top("admin"))
    assert "it would have flagged 1" in shown
    assert "would have hidden" not in shown
    assert "1 on X @cafe_agora can't be hidden there" in shown or "1 on X Café Ágora can't be hidden there" in shown


async def test_a_proposal_is_one_press_and_a_flag_can_be_left(town: Town) -> None:
    await save(town.desk, Strength.PROPOSE)
    await open_to_all(town)
    await say(town, "tonto")
    assert "propone ocultarla" in await town.text(INBOX)
    await town.press("carla", INBOX, "Ocultar")
    await done(town)
    assert (await public(town, "tonto"))["hidden"]
    await save(town.desk, Strength.FLAG)
    await say(town, "qué tonto", author="Pol")
    assert "Señalada por la regla *insultos*" in await town.text(INBOX)
    await town.press("carla", INBOX, "Dejarlo así")
    talks = await town.desk.store.listed(Conversation, "open:agora")
    assert not any(talk.flagged for talk in talks)
    assert "By itself, in a day: 1 flagged, 1 proposed to hide" in str(await town.home("carla"))


async def test_a_rule_that_stops_itself_is_told_in_alerts_and_switched_on_again(town: Town) -> None:
    await save(town.desk, Strength.HIDE)
    await open_to_all(town)
    post = (await the_post(town))["id"]
    for n in range(8):
        async with town.session.post(
            f"{town.url}/audience/comment",
            json={"account": FACEBOOK, "author": f"P{n}", "text": f"tonto {n}", "post": post},
        ) as answer:
            assert answer.status in {200, 201}
    await hear(town)
    await town.ring(seconds=1)
    alerts = (await town.desk.brand("agora")).channel("alerts")
    assert "la regla «insultos» se paró sola" in await town.text(alerts)
    assert (await town.press("admin", alerts, "Reglas automáticas"))["ok"]
    assert "se paró sola" in str(await rulebook(town)) or "stopped itself" in str(await rulebook(town))
    await town.act(
        "click", user="admin", view_id=(await rulebook(town))["id"], action_id="rulebook.switch:insultos",
        value='{"brand":"agora","rule":"insultos","on":true}',
    )  # fmt: skip
    await town.settle()
    assert (await town.desk.rulebooks.of("agora")).moderation[0].acts


async def test_how_long_it_is_kept_shows_what_would_go_first(town: Town) -> None:
    await hear(town)
    book, press = await rulebook(town), EditKeeping(brand="agora").packed()
    view = view_of(
        await town.act("click", user="admin", view_id=book["id"], action_id="keeping.edit:keeping", value=press)
    )
    await town.submit("admin", view, "keeping.form", days="90")
    top = await town.top("admin")
    assert top is not None
    assert "would be forgotten" in str(top)
    assert not (await town.desk.rulebooks.of("agora")).keep_days
    await town.submit("admin", top, "keeping.form", days="90")
    assert (await town.desk.rulebooks.of("agora")).keep_days == 90
    assert "For 90 days after the last word" in str(await rulebook(town))
