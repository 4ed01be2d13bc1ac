"""To the company and back: what is read there names nobody, and the answer stands in the conversation's thread."""

from tests.handlers.demo import NAMES, Town, said_in
from tests.handlers.test_handling import chosen
from tests.handlers.test_inbox import heard
from tests.handlers.voices import INBOX

FORM, ANSWER = "passing.form", "passing.answer_form"


async def test_it_goes_without_the_person_and_the_answer_comes_back_to_the_thread(town: Town) -> None:
    await town.desk.brands.change("agora", town.standing("admin"), topics=("Pedidos",))
    await heard(town, "Soy Lucía (@lucia), ¿dónde está mi pedido? 612 345 678")
    view = await chosen(town, "carla", "Pasar a la empresa…")
    assert "Soy […]" in str(view)
    for trace in ("Lucía", "@lucia", "612"):
        assert trace not in str(view["blocks"])
    answer = await town.submit("carla", view, FORM, note="¿Cuándo sale?")
    assert "Choose a person or a channel" in str(answer["response"]["errors"])
    user = NAMES["eva"].partition(":")[2]
    await town.submit("carla", view, FORM, note="¿Cuándo sale?", person=user, topic="Pedidos", text="Lucía pregunta")
    (asked,) = await town.messages("@eva")
    text = said_in(asked)
    assert "[…] pregunta" in text
    assert "Lucía" not in str(asked)
    assert "1 conversación sobre «Pedidos» en 30 días" in text
    assert "¿Cuándo sale?" in text
    form = await town.form("eva", "@eva", "Contestar")
    await town.submit("eva", form, ANSWER, text="Sale mañana, <!here> *seguro*")
    threaded = [m for m in await town.messages(INBOX) if m.get("thread_ts") and m["thread_ts"] != m["ts"]]
    (back,) = threaded
    assert "contesta por la empresa" in said_in(back)
    assert "Sale mañana, <!here> *seguro*" in said_in(back)
    assert "<!here>" not in back["text"]
    (asked,) = await town.messages("@eva")
    assert "Sale mañana" in said_in(asked)
    assert await town.public("x:cafe_agora") == []


async def test_in_a_channel_whoever_of_the_team_knows_it_answers(town: Town) -> None:
    talk = await heard(town)
    view = await chosen(town, "carla", "Pasar a la empresa…")
    await town.submit("carla", view, FORM, place="C01GENERAL1")
    assert "¿Abrís el domingo?" in await town.text("#general")
    form = await town.form("diego", "#general", "Contestar")
    await town.submit("diego", form, ANSWER, text="De 9 a 14")
    assert "De 9 a 14" in await town.text(INBOX)
    assert (await town.desk.conversations.get(talk.id)).topics == ()


async def test_what_is_written_under_the_card_comes_back_and_other_talk_does_not(town: Town) -> None:
    await heard(town)
    view = await chosen(town, "carla", "Pasar a la empresa…")
    await town.submit("carla", view, FORM, place="C01GENERAL1")
    card = next(m for m in await town.messages("#general") if "¿Abrís el domingo?" in said_in(m))
    await town.act("message", user="diego", channel="#general", text="De 9 a 14 &amp; *siempre*", thread_ts=card["ts"])
    await town.act("message", user="diego", channel="#general", text="otra cosa")
    first = (await town.messages(INBOX))[0]
    await town.act("message", user="carla", channel=INBOX, text="yo lo miro", thread_ts=first["ts"])
    await town.settle()
    back = [m for m in await town.messages(INBOX) if "contesta por la empresa" in said_in(m)]
    assert len(back) == 1
    assert "De 9 a 14" in said_in(back[0])
    assert back[0]["thread_ts"] == first["ts"]
    assert "De 9 a 14" in await town.text("#general")
    store = town.desk.store
    assert "otra cosa" not in str([await store.client.xrange(store.key("inbox"))])
