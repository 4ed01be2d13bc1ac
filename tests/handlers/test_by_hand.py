"""Publishing by hand: one message at the hour with all that is needed, and what becomes of it on every screen."""

from datetime import timedelta
from typing import Any

import pytest

from bot.desk.assisted import Details
from bot.desk.posts import Content
from bot.domain.brands import Account
from bot.domain.deliveries import Delivery, State
from tests.engine.bench import Stumble
from tests.handlers.demo import NAMES, Town, hands, said_in, view_of
from tests.handlers.test_compose import compose, png
from tests.handlers.test_home import home, press
from tests.handlers.test_preview import see
from tests.handlers.test_variants import type_in

FORM, REVIEW, ALERTS = "compose.form", "#agora-review", "#agora-alerts"
TEXT = "Hoy, tarta <b>& café</b> :smile: *con* @marta\nhttps://cafe.example/carta"
LINK = "https://www.instagram.com/p/C1x/?igsh=a&b=c"


@pytest.fixture
async def account(town: Town) -> Account:
    """An Instagram of Café Ágora's; Ana publishes there, Bruno is her deputy."""
    ana, bruno = NAMES["ana"], NAMES["bruno"]
    details = Details("instagram-assisted", "Café Ágora", handle="cafe_agora", publisher=ana, deputy=bruno)
    saved = await town.desk.assisted.save("hand-instagram", "agora", details, town.standing("admin"))
    await town.settle()
    return saved


async def approved(town: Town, account: Account, text: str = TEXT, **fields: Any) -> Delivery:
    """A post for it that is due now."""
    view = view_of(await town.command("ana", "post", REVIEW))
    await town.submit("ana", view, FORM, text=text, accounts=[account.id], **fields)
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    (delivery,) = [each for each in await _planned(town) if each.account == account.id]
    return delivery


async def _planned(town: Town) -> list[Delivery]:
    return await town.desk.store.listed(Delivery, "planned:agora")


async def asks(town: Town, user: str = "ana") -> list[dict[str, Any]]:
    """The messages that ask somebody, oldest first."""
    found = [each for each in await town.messages(f"@{user}") if "thread_ts" not in each]
    return [each for each in found if "by_hand.ask:" in str(each.get("metadata"))]


async def say(town: Town, user: str, label: str, form: str, **values: Any) -> dict[str, Any]:
    opened = await town.form(user, f"@{user}", label)
    return await town.submit(user, opened, form, **values)


def copied(message: dict[str, Any]) -> list[str]:
    """What stands in blocks to copy, exactly."""
    found = []
    for block in message.get("blocks") or []:
        for part in block.get("elements") or [] if block["type"] == "rich_text" else []:
            if part["type"] == "rich_text_preformatted":
                found += ["".join(each["text"] for each in part["elements"])]
    return found


async def test_one_message_with_all_that_is_needed(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    (ask,) = await asks(town)
    said = said_in(ask)
    assert "Publica esto a mano en Instagram @cafe_agora" in said
    assert "Café Ágora" in said
    assert "Madrid" in said
    assert copied(ask) == [TEXT]
    for label in ("Ya está publicada", "No puedo"):
        await town.button("@ana", label)
    assert "la publica Ana Ruiz a mano" in await town.text(REVIEW)
    await town.publish(minutes=5)
    assert len(await asks(town)) == 1
    assert await asks(town, "bruno") == []
    assert (await town.desk.deliveries.get(delivery.id)).state is State.BY_HAND


async def test_pictures_come_as_files_under_it_each_once(town: Town, account: Account) -> None:
    given = [{"name": f"{n}.png", "base64": png()} for n in ("una", "dos")]
    delivery = await approved(town, account, picture=given, alt="Una taza\nDos tazas")
    await town.publish()
    (ask,) = await asks(town)
    assert copied(ask) == [TEXT, "Una taza", "Dos tazas"]
    assert [block["alt_text"] for block in ask["blocks"] if block["type"] == "image"] == ["Una taza", "Dos tazas"]
    shared = [each for each in await town.messages("@ana") if each.get("thread_ts") == ask["ts"] and each.get("files")]
    assert [each["files"][0]["name"] for each in shared] == ["una.png", "dos.png"]
    assert [each["files"][0]["alt_txt"] for each in shared] == ["Una taza", "Dos tazas"]
    assert (await town.desk.deliveries.get(delivery.id)).asks[0].handed


@pytest.mark.parametrize("point", ["by_hand.after_place", "by_hand.before_share", "by_hand.after_share"])
async def test_a_picture_comes_once_whoever_loses_the_thread(town: Town, account: Account, point: str) -> None:
    given = [{"name": f"{n}.png", "base64": png()} for n in ("una", "dos")]
    delivery = await approved(town, account, picture=given, alt="Una taza\nDos tazas")
    town.handing = hands(town.desk, town.api, town.deck, Stumble(point))
    await town.publish()
    for _ in range(5):  # Slack may be too busy for a turn; once more never shows one twice
        await town.publish()
    assert (await town.desk.deliveries.get(delivery.id)).asks[0].handed
    files = [file["name"] for each in await town.messages("@ana") for file in each.get("files") or []]
    assert files == ["una.png", "dos.png"]


async def test_the_first_comment_is_a_block_of_its_own(town: Town, account: Account) -> None:
    view = view_of(await town.command("ana", "post", REVIEW))
    more = view_of(await town.act("click", user="ana", view_id=view["id"], action_id="compose.more", value="{}"))
    await town.submit("ana", more, FORM, text="Hoy, tarta", accounts=[account.id], comment="#tarta #café")
    await town.press("bruno", REVIEW, "Aprobar y publicar")
    await town.publish()
    (ask,) = await asks(town)
    assert copied(ask) == ["Hoy, tarta", "#tarta #café"]
    assert "Primer comentario" in said_in(ask)


async def test_its_published_makes_it_live_with_its_link(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    old = await town.button("@ana", "Ya está publicada")
    wrong = await town.form("ana", "@ana", "Ya está publicada")
    answer = await town.submit("ana", wrong, "by_hand.published_form", link="https://example.com/p/1")
    assert "instagram.com" in str(answer["response"])
    await town.submit("ana", wrong, "by_hand.published_form", link=LINK)
    now = await town.desk.deliveries.get(delivery.id)
    assert (now.state, now.url, now.settled_by) == (State.LIVE, LINK, NAMES["ana"])
    card = await town.text(REVIEW)
    assert "la publicó Ana Ruiz a mano" in card
    assert "<https://www.instagram.com/p/C1x/?igsh=a&amp;b=c|" in card
    assert "Despublicar" not in card
    assert "Corregir" not in card
    (ask,) = await asks(town)
    assert copied(ask) == []
    assert "Ya está publicada en Instagram" in said_in(ask)
    again = await town.press("ana", "@ana", "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "ya lo resolvió" in str(again["ephemeral"])


async def test_my_day_says_what_is_mine_to_publish(town: Town, account: Account) -> None:
    await approved(town, account)
    await town.publish()
    await say(town, "ana", "No puedo", "by_hand.cant_form", reason="Sin móvil")
    await say(town, "bruno", "No puedo", "by_hand.cant_form", reason="De viaje")
    page = await home(town, "carla")  # neither its author nor somebody who approves
    assert "has to publish it by hand" in said_in({"blocks": page["blocks"]})
    opened = view_of(await press(town, "carla", page, "It's published"))
    await town.submit("carla", opened, "by_hand.published_form", link=LINK)
    assert "la publicó Carla Moreno a mano" in await town.text(REVIEW)
    assert "has to publish it by hand" not in said_in({"blocks": (await home(town, "carla"))["blocks"]})
    assert "a mano" not in said_in({"blocks": (await home(town, "eva"))["blocks"]})


async def test_no_press_makes_it_missed_and_a_late_one_is_still_true(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    await town.publish(minutes=31)
    assert (await town.desk.deliveries.get(delivery.id)).state is State.MISSED
    assert "Nadie dijo antes del" in await town.text(REVIEW)
    for place in (ALERTS, "@ana", "@bruno"):
        assert "no salió a su hora" in await town.text(place), place
    (ask,) = await asks(town)
    assert "Se acabó el tiempo" in said_in(ask)
    assert copied(ask) == []
    await say(town, "ana", "Ya está publicada", "by_hand.published_form", link=LINK)
    assert (await town.desk.deliveries.get(delivery.id)).state is State.LIVE
    assert "resuelto en Instagram @cafe_agora" in await town.text(ALERTS)


async def test_a_missed_one_is_asked_for_again(town: Town, account: Account) -> None:
    await approved(town, account)
    await town.publish()
    await town.publish(minutes=31)
    await town.press("bruno", REVIEW, "Volver a pedir")
    await town.publish()
    first, second = await asks(town)
    assert copied(second) == [TEXT]
    assert copied(first) == []
    assert not [each for each in await town.messages("@ana") if each.get("thread_ts") == first["ts"]]


async def test_whoever_cannot_passes_it_on(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    await say(town, "ana", "No puedo", "by_hand.cant_form", reason="Sin *móvil* <!here>")
    (mine,), (theirs,) = await asks(town), await asks(town, "bruno")
    assert "Se pidió a otra persona" in said_in(mine)
    assert copied(mine) == []
    assert copied(theirs) == [TEXT]
    assert "Ana Ruiz no puede: " in said_in(theirs)
    assert "<!here>" not in str(theirs["blocks"])
    await say(town, "bruno", "No puedo", "by_hand.cant_form", reason="De viaje")
    (duty,) = await asks(town, "carla")
    await say(town, "carla", "I can't", "by_hand.cant_form", reason="Tampoco")
    assert (await town.desk.deliveries.get(delivery.id)).state is State.REFUSED
    card = await town.text(REVIEW)
    assert "nadie puede publicarla a mano" in card
    assert "Sin publicar" in card
    assert duty["ts"]


async def test_a_stop_reaches_whoever_was_asked(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    await town.submit("carla", view_of(await town.command("carla", "stop", REVIEW)), "stop.form")
    assert (await town.desk.deliveries.get(delivery.id)).state is State.HELD
    (ask,) = await asks(town)
    assert "No publiques esto en Instagram" in said_in(ask)
    assert copied(ask) == []
    told = [each for each in await town.messages("@ana") if each.get("thread_ts") == ask["ts"]]
    assert len(told) == 1  # an edit rings nobody, this does
    assert "<@U01ANA00001>" in said_in(told[0])
    await town.publish(minutes=2)
    assert len(await asks(town)) == 1


async def test_nobody_is_asked_while_the_brand_is_stopped(town: Town, account: Account) -> None:
    await approved(town, account)
    await town.submit("carla", view_of(await town.command("carla", "stop", REVIEW)), "stop.form")
    await town.publish()
    assert await asks(town) == []


async def test_what_is_withdrawn_or_moved_is_said_there(town: Town, account: Account) -> None:
    delivery = await approved(town, account)
    await town.publish()
    await town.desk.moving.move(delivery.post, town.clock() + timedelta(hours=5), town.standing("bruno"))
    await town.settle()
    (ask,) = await asks(town)
    assert "No publiques esto en Instagram @cafe_agora ahora: tiene otra hora" in said_in(ask)
    await town.publish(hours=5, seconds=1)
    first, second = await asks(town)
    assert copied(second) == [TEXT]
    await town.press("ana", REVIEW, "Anular")
    first, second = await asks(town)
    assert "se anuló" in said_in(second)
    assert copied(first) == copied(second) == []


async def test_a_person_s_hold_reaches_whoever_was_asked(town: Town, account: Account) -> None:
    await approved(town, account)
    await town.publish()
    await town.press("bruno", REVIEW, "Pausar")
    (ask,) = await asks(town)
    assert "No publiques esto en Instagram" in said_in(ask)
    assert copied(ask) == []


async def test_long_words_go_on_in_the_thread_whole(town: Town) -> None:
    details = Details("threads-assisted", "Café Ágora", handle="cafe_agora", publisher=NAMES["ana"])
    account = await town.desk.assisted.save("hand-threads", "agora", details, town.standing("admin"))
    texts = [f"{number:02d} " + "x" * 490 for number in range(25)]
    content = Content(brand="agora", text=texts[0], thread=tuple(texts[1:]), accounts=(account.id,))
    await town.desk.posts.submit("p1", content, town.standing("ana"))
    await town.desk.posts.approve("p1", town.standing("bruno"), revision=1)
    await town.publish()
    (ask,) = await asks(town)
    rest = [each for each in await town.messages("@ana") if each.get("thread_ts") == ask["ts"]]
    assert [text for message in [ask, *rest] for text in copied(message)] == texts
    assert rest


async def test_the_form_counts_previews_and_warns_as_its_network_would(town: Town, account: Account) -> None:
    view = await compose(town)
    await town.act("input", user="ana", view_id=view["id"], values={"compose.form.accounts": [account.id]})
    view = await type_in(town, view, "text", "Hoy, tarta. " * 182)
    assert "Instagram 2184/2200" in said_in(view)
    seen = said_in(await see(town, view))
    assert "Instagram @cafe_agora" in seen
    assert "… Ver más" in seen  # after 125 characters
    assert "no admite nada sin imagen o vídeo" in seen
    long = view_of(await town.command("ana", "post", REVIEW))
    answer = await town.submit("ana", long, FORM, text="x" * 2201, accounts=[account.id])
    assert "2201" in str(answer["response"])


async def test_queue_and_calendar_show_it(town: Town, account: Account) -> None:
    view = view_of(await town.command("ana", "post", REVIEW))
    await town.submit("ana", view, FORM, text=TEXT, accounts=[account.id], at=round(town.clock().timestamp()) + 7200)
    await town.press("bruno", REVIEW, "Aprobar")
    for command in ("cola", "calendario"):
        seen = said_in((await town.command("ana", command, REVIEW))["ephemeral"][-1])
        assert "Instagram @cafe_agora" in seen, command
        assert "Programada" in seen, command
    await town.publish(hours=2, seconds=1)
    for command in ("cola", "calendario"):
        seen = said_in((await town.command("ana", command, REVIEW))["ephemeral"][-1])
        assert "Por publicar a mano" in seen, command


async def test_the_missed_way_in_english_on_the_demos_own_account(town: Town) -> None:
    (account,) = [each for each in await town.desk.accounts.of("northwind") if each.by_hand]
    content = Content(brand="northwind", text="By hand: first novels", accounts=(account.id,))
    await town.desk.posts.submit("p9", content, town.standing("diego"))
    await town.desk.posts.approve("p9", town.standing("admin"), revision=1)
    await town.publish()
    (ask,) = await asks(town, "diego")
    assert "Publish this by hand on Instagram @northwindbooks" in said_in(ask)
    assert "<https://www.instagram.com/northwindbooks|Open the profile>" in said_in(ask)
    await town.publish(minutes=31)
    (ask,) = await asks(town, "diego")
    assert "The time for Instagram @northwindbooks is over" in said_in(ask)
    assert "Nobody said by" in await town.text("#northwind-review")
    for place in ("#northwind-alerts", "@diego", "@admin"):
        assert "Ask again" in await town.text(place), place
    await town.press("diego", "@diego", "Ask again")
    await town.publish()
    assert len(await asks(town, "diego")) == 2


async def test_an_admin_adds_one_from_home(town: Town) -> None:
    page = await home(town, "admin")
    accounts = view_of(await press(town, "admin", page, "Accounts", about="northwind"))
    assert "<@U01DIEGO001> publishes by hand" in said_in(accounts)
    opened = view_of(await press(town, "admin", accounts, "Add an assisted one"))
    answer = await town.submit(
        "admin", opened, "assisted.form", network="tiktok-assisted", name="Northwind", handle="@northwind",
        publisher="U01DIEGO001",
    )  # fmt: skip
    assert answer["ok"], answer
    found = [each for each in await town.desk.accounts.of("northwind") if each.network == "tiktok-assisted"]
    assert [(each.handle, each.by_hand and each.by_hand.publisher) for each in found] == [("northwind", NAMES["diego"])]
    assert "TikTok @northwind" in await town.text("@admin")


async def test_another_network_has_a_name_of_its_own(town: Town) -> None:
    page = await home(town, "admin")
    accounts = view_of(await press(town, "admin", page, "Accounts", about="northwind"))
    opened = view_of(await press(town, "admin", accounts, "Add an assisted one"))
    chosen = {"assisted.form.network": "other-assisted"}
    await town.act("input", user="admin", view_id=opened["id"], values=chosen)
    opened = await town.form_with("admin", "assisted.form.title")
    await town.submit("admin", opened, "assisted.form", title="Mastodon of a friend", name="Northwind")
    found = [each for each in await town.desk.accounts.of("northwind") if each.network == "other-assisted"]
    assert [each.title("Web") for each in found] == ["Mastodon of a friend"]
