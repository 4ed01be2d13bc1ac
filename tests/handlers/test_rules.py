"""A brand's own rules, from Home to the card: words, days, distances; for posts and for answers."""

from datetime import timedelta
from typing import Any

from bot.domain.brands import Standing
from bot.domain.conversations import Conversation
from bot.domain.house_rules import HouseRules, Level, SpecialDay, UnwantedWord
from bot.domain.posts import Post, PostStatus
from handlers.views.rules import EditRules
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_compose import FORM, IN_REVIEW, REVIEW, compose, errors
from tests.handlers.voices import comment, hear

RULES = "rules.form"
AGORA = EditRules(brand="agora").packed()


async def rules(town: Town, **given: Any) -> None:
    await town.desk.brands.change("agora", Standing(id=NAMES["admin"], admin=True), rules=HouseRules(**given))
    await town.settle()


async def edit(town: Town) -> dict[str, Any]:
    home = await town.home("admin")
    return view_of(await town.act("click", user="admin", view_id=home["id"], action_id="rules.edit", value=AGORA))


async def test_an_admin_sets_them_from_home_and_the_next_post_meets_them(town: Town) -> None:
    view = await edit(town)
    told = errors(await town.submit("admin", view, RULES, blackout="algún día"))
    assert "algún día" in told["blackout"]
    await town.submit("admin", view, RULES, blackout="24 dic Nochebuena", blockers="barato", notes="chollo")
    brand = await town.desk.brand("agora")
    assert [(word.text, word.level) for word in brand.rules.words] == [
        ("barato", Level.BLOCKER), ("chollo", Level.NOTE)
    ]  # fmt: skip
    assert [day.name for day in brand.rules.days] == ["Nochebuena"]
    assert "barato (blocker)" in str(await town.desk.store.client.xrange(town.desk.store.key("audit")))
    form = await compose(town, text="Todo muy b4rato")
    assert "Café Ágora no usa esa palabra" in errors(await town.submit("ana", form, FORM))["text"]
    await town.submit("ana", form, FORM, text="Todo un chollo")
    assert "💬 «chollo»" in await town.text(REVIEW)


async def test_three_warnings_are_shown_and_the_rest_is_one_press_away(town: Town) -> None:
    slips = "Vienes a la fiesta?  También estan las «amigas de de Ana y el dia es bueno"
    await town.submit("ana", await compose(town, text=slips), FORM)
    (card,) = [m for m in await town.messages(REVIEW) if "pide tu aprobación" in said_in(m)]
    text = said_in(card)
    assert text.count("⚠️") == 3
    assert "Más" in text
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    page = await town.desk.pages.post(post.id)
    assert len(page.findings) > 3


async def test_the_same_words_and_the_same_minute_are_warned_of(town: Town) -> None:
    at = round((town.clock() + timedelta(hours=30)).timestamp())
    await town.submit("ana", await compose(town, text="Mañana abrimos el patio con música"), FORM, at=at)
    again = await compose(town, text="Mañana abrimos el patio con música!")
    answer = await town.submit("ana", again, FORM, at=at + 600)
    assert "el mismo texto que el" in str(answer["ephemeral"])
    assert "muy cerca de otra publicación" in str(answer["ephemeral"])


async def test_nothing_goes_out_on_a_day_without_publishing_even_if_it_was_written_before(town: Town) -> None:
    await town.submit("ana", await compose(town, text="hola"), FORM)
    (post,) = await town.desk.store.listed(Post, IN_REVIEW)
    now = town.clock().astimezone((await town.desk.brand("agora")).clock)
    await rules(town, days=(SpecialDay(name="Luto", month=now.month, day=now.day),))
    assert "Luto: ese día Café Ágora no publica" in await town.text(REVIEW)
    assert "Aprobar y publicar" not in await town.text(REVIEW)
    assert (await town.desk.posts.get(post.id)).status is PostStatus.IN_REVIEW


async def test_an_answer_meets_the_same_words(town: Town) -> None:
    await rules(town, words=(UnwantedWord(text="barato"), UnwantedWord(text="chollo", level=Level.WARNING)))
    await hear(town)
    await comment(town, "¿Cuánto cuesta?")
    (talk,) = await town.desk.store.listed(Conversation, "open:agora")
    await town.press("carla", "#agora-inbox", "Responder en público")
    view = await town.top("carla")
    assert view is not None
    about = {"user": "carla", "view_id": view["id"], "action_id": "inbox.reply.text"}
    shown = await town.act("click", **about, value="Es un chollo  barato")
    assert "⛔ “barato”" in str(shown["view"])
    assert "⚠️ “chollo”" in str(shown["view"])
    told = errors(await town.submit("carla", view, "inbox.reply", text="Es barato"))
    assert "doesn't use that word" in told["text"]
    assert not await town.desk.conversations.replies(talk.id)
    await town.submit("carla", view, "inbox.reply", text="Cuesta 3 €")
    assert len(await town.desk.conversations.replies(talk.id)) == 1
