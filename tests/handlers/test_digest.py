"""My day: across my brands and only mine, privately, by the morning's DM once a day, and in the brand's channel."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.posts import Post, PostStatus
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.voices import INBOX, comment, hear

FORM = "compose.form"
REVIEW = "#agora-review"


def private(answer: dict[str, object]) -> str:
    found = answer["ephemeral"]
    assert isinstance(found, list)
    return "\n".join(said_in(message) for message in found)


async def submitted(town: Town, text: str = "Abrimos a las 9", hours: float = 2, **more: object) -> None:
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    await town.submit("ana", view, FORM, at=round(town.clock().timestamp() + hours * 3600), **more)


async def test_nothing_waits_is_said_in_the_readers_language(town: Town) -> None:
    assert "No tienes nada pendiente" in private(await town.command("bruno", "hoy"))
    assert "Nothing is waiting for you" in private(await town.command("diego", "today"))


async def test_each_sees_what_waits_for_them_with_its_button(town: Town) -> None:
    await hear(town)
    await submitted(town)
    await comment(town, "¿Tenéis wifi?")
    bruno = private(await town.command("bruno", "today"))
    assert "*Por aprobar* · 1" in bruno
    assert "Abrimos a las 9" in bruno
    assert "Aprobar" in bruno
    assert "wifi" not in bruno
    carla = private(await town.command("carla", "today"))
    assert "*Waiting for an answer* · 1" in carla
    assert "¿Tenéis wifi?" in carla
    assert "Reply" in carla
    assert "Abrimos" not in carla
    diego = private(await town.command("diego", "today"))
    assert "Abrimos" not in diego
    assert "wifi" not in diego


async def test_a_press_in_the_digest_counts(town: Town) -> None:
    await submitted(town)
    answer = await town.command("bruno", "hoy", REVIEW)
    message = answer["ephemeral"][0]
    button = next(e for e in elements_in(message["blocks"]) if e["action_id"] == "review.approve")
    await town.press("bruno", REVIEW, "", ts=message["ts"], action="review.approve", value=button["value"])
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.APPROVED}")
    assert post.decision is not None
    shown = private(await town.command("ana", "hoy"))
    assert "*Sale hoy*" in shown or "*Mañana*" in shown
    assert "(Madrid)" in shown


async def test_a_post_opens_whole_and_its_card_follows_the_press(town: Town) -> None:
    await submitted(town, "a" * 400, accounts=["facebook-103000000000001"])
    answer = await town.command("bruno", "hoy", REVIEW)
    assert "Aprobar" not in private(answer).replace("Por aprobar", "")
    message = answer["ephemeral"][0]
    see = next(e for e in elements_in(message["blocks"]) if e["action_id"].startswith("digest.see_post"))
    opened = await town.act(
        "click", user="bruno", channel=REVIEW, ts=message["ts"], action_id=see["action_id"], value=see["value"]
    )
    view = view_of(opened)
    assert view["title"]["text"] == "La publicación"
    assert "Aprobar" in str(view)
    await town.act("click", user="bruno", view_id=view["id"], action_id="review.approve")
    await town.settle()
    async with town.session.get(f"{town.url}/human/views", params={"user": "bruno"}) as found:
        (after,) = (await found.json())["views"]
    assert "Aprobada por" in str(after)


async def test_the_morning_digest_comes_once_a_day_to_each_and_to_the_channel(town: Town) -> None:
    await submitted(town, hours=48)
    zone = ZoneInfo("Europe/Madrid")
    for user in NAMES:
        await town.act("command", user=user, channel="general", text="/vocero")
    local = town.clock().astimezone(zone)
    nine = datetime(local.year, local.month, local.day, 9, 5, tzinfo=zone) + timedelta(days=1)
    town.clock.skip(seconds=(nine - local).total_seconds())
    for _ in range(2):
        await town.desk.digests.due_members()
        await town.desk.digests.due_brands()
        await town.settle()
    said = [said_in(m) for m in await town.messages("@bruno") if "tu día" in said_in(m)]
    assert len(said) == 1
    assert "Por aprobar" in said[0]
    channel = [said_in(m) for m in await town.messages("#agora-digest")]
    assert len(channel) == 1
    assert "Café Ágora" in channel[0]
    assert not await town.messages("#ensayo")
    assert not [m for m in await town.messages("@eva") if "tu día" in said_in(m)]


async def test_an_answer_from_the_digest_is_told_where_it_was_pressed(town: Town) -> None:
    await hear(town)
    await comment(town, "¿Tenéis wifi?")
    message = (await town.command("carla", "today", "general"))["ephemeral"][0]
    reply = next(b["accessory"] for b in message["blocks"] if b.get("accessory"))
    opened = await town.act(
        "click", user="carla", channel="general", ts=message["ts"], action_id=reply["action_id"], value=reply["value"]
    )
    answer = await town.submit("carla", view_of(opened), "inbox.reply", text="Sí")
    assert "Your reply goes out in 20 s" in private(answer)
    assert "responde en público" in await town.text(INBOX)
