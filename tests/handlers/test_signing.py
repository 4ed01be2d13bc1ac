"""A brand signs its answers: what is shown is what is sent, once, and counted."""

import json

from bot.domain.brands import Brand
from bot.domain.deliveries import Delivery
from bot.domain.signing import Signature
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, view_of
from tests.handlers.test_inbox import FORM, heard
from tests.handlers.voices import INBOX


async def sign(town: Town, how: Signature = Signature.NAME) -> Brand:
    """Café Ágora signs its answers."""
    return await town.desk.brands.change("agora", town.standing("admin"), signature=how)


async def replies(town: Town, conversation: str) -> list[Delivery]:
    return await town.desk.conversations.replies(conversation)


async def test_the_form_shows_all_that_will_be_read_counts_it_and_it_goes_out_once(town: Town) -> None:
    await sign(town)
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    assert "It will be signed ^Carla" in str(view)
    typed = view_of(await town.act("input", user="carla", view_id=view["id"], values={f"{FORM}.text": "Sí, a las 9"}))
    assert "Sí, a las 9 ^Carla" in str(typed)
    assert "18/280 characters" in str(typed)
    await town.submit("carla", view, FORM, text="Sí, a las 9")
    (reply,) = await replies(town, talk.id)
    assert reply.reply is not None
    assert (reply.reply.text, reply.reply.signature) == ("Sí, a las 9 ^Carla", "^Carla")
    assert "Sí, a las 9 ^Carla" in await town.text(INBOX)
    await sign(town, Signature.OFF)
    await town.publish(seconds=25)
    async with town.session.get(f"{town.url}/audience/posts", params={"account": "x:cafe_agora"}) as answer:
        public = (await answer.json())["mentions"][0]["replies"]
    assert [each["text"] for each in public] == ["Sí, a las 9 ^Carla"]


async def test_the_limit_counts_it(town: Town) -> None:
    await sign(town)
    await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    answer = await town.submit("carla", view, FORM, text="a" * 275)
    (error,) = answer["response"]["errors"].values()
    assert "282" in error


async def test_a_signature_that_changed_meanwhile_is_shown_before_it_is_sent(town: Town) -> None:
    await sign(town)
    talk = await heard(town)
    view = await town.form("carla", INBOX, "Responder en público")
    await sign(town, Signature.INITIALS)
    again = view_of(await town.submit("carla", view, FORM, text="Sí"))
    assert "Sí ^CM" in str(again)
    assert not await replies(town, talk.id)
    await town.submit("carla", again, FORM)
    (reply,) = await replies(town, talk.id)
    assert reply.reply is not None
    assert reply.reply.text == "Sí ^CM"


async def test_everybody_chooses_their_own_name_and_what_is_no_name_is_refused(town: Town) -> None:
    await sign(town)
    await town.command("carla", "settings", INBOX)
    told = (await town.told("carla", INBOX))[-1]
    assert "I sign as ^Carla" in str(told)
    answer = await town.act("click", user="carla", channel=INBOX, ts=told["ts"], action_id="signing.edit")
    view = view_of(answer if answer["view"] else {"view": await town.top("carla")})
    refused = await town.submit("carla", view, "signing.form", name="@todos")
    assert "everyone will read it" in str(refused["response"]["errors"])
    await town.submit("carla", view, "signing.form", name="Carlota")
    assert (await town.desk.member(NAMES["carla"])).signature == "Carlota"
    assert "You sign as ^Carlota" in str(await town.whispers("carla", INBOX))
    await heard(town)
    form = await town.form("carla", INBOX, "Responder en público")
    assert "It will be signed ^Carlota" in str(form)


async def test_an_admin_sets_it_in_the_brands_form(town: Town) -> None:
    home = await town.home("admin")
    press = next(each for each in elements_in(home["blocks"]) if each["action_id"] == "settings.edit_brand")
    answer = await town.act(
        "click", user="admin", view_id=home["id"], action_id=press["action_id"], value=press["value"]
    )
    view = view_of(answer if answer["view"] else {"view": await town.top("admin")})
    brand = json.loads(press["value"])["brand"]
    await town.submit("admin", view, "settings.brand", signature="initials")
    assert (await town.desk.brand(brand)).signature is Signature.INITIALS
